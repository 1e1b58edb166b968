"""From text to nodes: the words run through the parse table, and each rule builds its node when it is complete."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from workings.expression.nodes import Node
from workings.expression.reading.characters import plain_characters
from workings.expression.reading.definitions import put_together
from workings.expression.reading.refusals import unexpected
from workings.expression.reading.rules import RULES
from workings.expression.reading.table import END, Table, table
from workings.expression.reading.words import Word, prepared, split

__all__ = ["read"]


def read(text: str, names: Collection[str]) -> tuple[str | None, Node, dict[str, Node], tuple[str, ...]]:
    """Return what a text defines: the fields of :class:`System`.

    Raises
    ------
    Fault
        If the text is not a formula.
    """
    known = table()
    words, variables = prepared(split(plain_characters(text), known), names)
    name, root, definitions = put_together(_parsed(words, known, len(text)))
    return name, root, definitions, variables


def _parsed(words: Sequence[Word], known: Table, end: int) -> Any:
    """Return what the grammar's first rule builds.

    This is the LALR(1) parser of every textbook: a stack of states, shift and reduce. It does not recurse, and each
    word is looked at once.

    Source: A. V. Aho, M. S. Lam, R. Sethi and J. D. Ullman, Compilers, 2nd edition, 2007, algorithm 4.44.
    """
    states, parts = [known.first], list[Any]()
    before: Word | None = None
    for word in (*words, Word(END, "", end)):
        while True:
            done = known.states[states[-1]].get(word.kind)
            if done is None:
                if states[-1] == known.last and word.kind == END:
                    break
                raise unexpected(None if word.kind == END else word, before, known.states[states[-1]], end)
            if done >= 0:
                states.append(done)
                parts.append(word)
                before = word
                break
            rule = known.rules[~done]
            if rule.size > 1 or rule.build:
                kept = [parts[place - rule.size] for place in rule.kept]
                parts[-rule.size :] = [RULES[rule.build](*kept) if rule.build else kept[0]]
            del states[-rule.size :]
            states.append(known.states[states[-1]][rule.origin])
    return parts[-1]
