"""The parse table that Lark makes of ``grammar.lark``, kept beside it so that no one waits for it to be made.

To import Lark and make the table takes some 65 ms, to read it 6. After a change to the grammar, ``python -m
workings.expression.reading.table`` writes it anew; until then it is made when the first formula is read, so that a
table that is out of date does no harm.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from pkgutil import get_data
from typing import Any, NamedTuple
from zlib import crc32

__all__ = ["END", "Rule", "Table", "made_from", "table"]

END = "$END"  # the word after the last


class Rule(NamedTuple):
    """A rule of the grammar: it takes ``size`` parts and hands those at ``kept`` to ``build``, if it has one."""

    origin: str
    size: int
    kept: tuple[int, ...]
    build: str


@dataclass(frozen=True)
class Table:
    """What the parser does in each state.

    Parameters
    ----------
    words
        The words that there are, as one regular expression with a group for each.
    ignored
        The groups that are left out.
    rules
        The rules.
    states
        For each state and word: the next state; or, from -1 downwards, the rule that is then complete. For the origin
        of a complete rule: the next state.
    first, last
        The states before the text, and after all of it.
    """

    words: re.Pattern[str]
    ignored: frozenset[str]
    rules: tuple[Rule, ...]
    states: tuple[dict[str, int], ...]
    first: int
    last: int


@cache
def table() -> Table:
    """Return the table of the grammar."""
    grammar, kept = _text("grammar.lark"), json.loads(_text("table.json"))
    data = kept if kept["grammar"] == _fingerprint(grammar) else made_from(grammar)
    return Table(
        re.compile(data["words"]),
        frozenset(data["ignored"]),
        tuple(Rule(origin, size, tuple(parts), build) for origin, size, parts, build in data["rules"]),
        tuple({word: int(there) for there, words in row.items() for word in words.split()} for row in data["states"]),
        data["first"],
        data["last"],
    )


def _text(name: str) -> str:
    data = get_data("workings.expression.reading", name)
    if data is None:
        raise FileNotFoundError(name)
    return data.decode()


def made_from(grammar: str) -> dict[str, Any]:
    """Return the table of a grammar as plain data, the same from run to run.

    A state is written by what is done: for each action the words on which it is.

    Raises
    ------
    lark.exceptions.GrammarError
        If it is not a grammar of Lark's, or no LALR(1) grammar.
    """
    from lark import Lark
    from lark.parsers.lalr_analysis import Shift

    lark = Lark(grammar, parser="lalr", lexer="basic", maybe_placeholders=False)
    rules = {rule: place for place, rule in enumerate(lark.rules)}
    parser: Any = lark.parser  # Lark hands its table out in no other way than pickled
    parsed = parser.parser._parse_table
    actions: dict[int, dict[str, int]] = {
        state: {word: there if done is Shift else ~rules[there] for word, (done, there) in row.items()}
        for state, row in parsed.states.items()
    }
    (first,), (last,) = parsed.start_states.values(), parsed.end_states.values()
    order = _numbered(actions, first)
    return {
        "about": "made from grammar.lark by python -m workings.expression.reading.table",
        "grammar": _fingerprint(grammar),
        "words": "|".join(f"(?P<{word.name}>{word.pattern.to_regexp()})" for word in parser.lexer.terminals),
        "ignored": list(lark.ignore_tokens),
        "rules": [_rule(rule) for rule in lark.rules],
        "states": [_grouped(actions[state], order) for state in order],
        "first": order[first],
        "last": order[last],
    }


def _fingerprint(grammar: str) -> int:
    return crc32(
        grammar.encode()
    )  # tells a changed grammar; hashlib would take longer to import than the table to read


def _rule(rule: Any) -> list[Any]:
    kept = [place for place, part in enumerate(rule.expansion) if not (part.is_term and part.filter_out)]
    passes = rule.alias is None and rule.options.expand1 and len(kept) == 1
    return [str(rule.origin.name), len(rule.expansion), kept, "" if passes else str(rule.alias or rule.origin.name)]


def _numbered(actions: dict[int, dict[str, int]], first: int) -> dict[int, int]:
    """Return a number for each state, in the order in which they are reached: Lark's own change from run to run."""
    order = {first: 0}
    reached = [first]
    for state in reached:
        for _, there in sorted(actions[state].items()):
            if there >= 0 and there not in order:
                order[there] = len(order)
                reached.append(there)
    return order


def _grouped(actions: dict[str, int], order: dict[int, int]) -> dict[str, str]:
    words: dict[int, list[str]] = {}
    for word, there in sorted(actions.items()):
        words.setdefault(order[there] if there >= 0 else there, []).append(word)
    return {str(there): " ".join(words[there]) for there in sorted(words)}


def _write() -> None:
    room = Path(__file__).parent
    data = made_from((room / "grammar.lark").read_text(encoding="utf-8"))
    lines = json.dumps(data, ensure_ascii=False).replace("], [", "],\n [").replace("}, {", "},\n {")
    (room / "table.json").write_text(lines + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write()
