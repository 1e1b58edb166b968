"""The words of formula text, made ready for the grammar: what a name is, which bar closes, where a definition ends."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise
from typing import NamedTuple

from workings.expression.names import normal_name
from workings.expression.reading import refusals
from workings.expression.reading.limits import MAX_DEPTH, MAX_NAMES
from workings.expression.reading.spelling import constant_of, function_of, is_function_word, name_of
from workings.expression.reading.table import Table

__all__ = ["Word", "prepared", "split"]

_CLOSING = {"_OPEN": "_CLOSE", "SQUARE": "_CLOSE_SQUARE", "BAR": "_CLOSE_BAR"}
_ENDS_VALUE = {"NUMBER", "NAME", "QUOTED", "SUPERSCRIPT", "_CLOSE", "_CLOSE_SQUARE", "_CLOSE_BAR"}
_BEGINS_VALUE = {"NUMBER", "NAME", "QUOTED", "FUNCTION", "ROOT", "_OPEN", "SQUARE", "BAR", "_NOT"}
_NAMES = {"NAME", "QUOTED"}
_TIGHT = {"_TIMES", "_DIVIDE", "_RAISED", "ROOT"}


class Word(NamedTuple):
    """A word of the grammar.

    Parameters
    ----------
    kind
        Its name in the grammar.
    text
        As it was typed.
    at
        Where it begins, counted from 0.
    meaning
        The name that it is, or the row of the table of operations that it calls.
    """

    kind: str
    text: str
    at: int
    meaning: str = ""


def split(text: str, table: Table) -> list[Word]:
    """Return the words of text.

    Raises
    ------
    Fault
        At a character that begins no word.
    """
    words: list[Word] = []
    at = 0
    for found in table.words.finditer(text):
        if found.start() != at:
            break
        at = found.end()
        kind = str(found.lastgroup)
        if kind not in table.ignored:
            words.append(Word(kind, found.group(), found.start()))
    if at != len(text):
        raise refusals.stray(text, at)
    return words


def prepared(words: list[Word], names: Collection[str]) -> tuple[list[Word], tuple[str, ...]]:
    """Return the words with their meanings, and the names that the text does not define in order of first appearance.

    Parameters
    ----------
    words
        As :func:`split` gives them.
    names
        Names that are names even if they are spelt like a constant or a function.

    Raises
    ------
    Fault
        At a bracket without its partner, a function that is not known or has no parentheses, or a name too many.
    """
    laid_out = list(_laid_out(words))
    known = frozenset(names)
    defined = {_name(word, known) for word, after in pairwise(laid_out) if after.kind == "_IS" and word.kind in _NAMES}
    meant = [_meant(laid_out, place, known | defined) for place in range(len(laid_out))]
    found: dict[str, None] = {}
    for word in meant:
        if word.kind == "NAME":
            found[word.meaning] = None
            if len(found) > MAX_NAMES:
                raise refusals.too_many_names(word)
    return meant, tuple(name for name in found if name not in defined)


def _name(word: Word, known: Collection[str]) -> str:
    if word.kind == "QUOTED":
        return word.text[1:-1].replace("``", "`")
    return name_of(word.text, known) or normal_name(word.text)


def _meant(words: list[Word], place: int, known: Collection[str]) -> Word:
    """Return a word with its meaning: a constant is one unless it is known to be a name."""
    word, after = words[place], words[place + 1] if place + 1 < len(words) else None
    if word.kind == "FUNCTION":
        row = function_of(word.text)
        if row is None:
            raise refusals.unknown_function(word, words[place + 1 :], known)
        return word._replace(meaning=row.name)
    if word.kind not in _NAMES:
        return word
    name = _name(word, known)
    if word.kind == "QUOTED":
        if after is not None and after.kind == "_OPEN":
            raise refusals.unknown_function(word, words[place + 1 :], known)
    elif name not in known:
        constant = constant_of(word.text)
        if constant is not None:
            return word._replace(kind="CONSTANT", meaning=constant)
        if is_function_word(word.text):
            raise refusals.not_called(word, words[place + 1 :])
    return word._replace(kind="NAME", meaning=name)


def _laid_out(words: list[Word]) -> Iterator[Word]:
    """Yield the words with their brackets matched and only those ends of lines that part two definitions."""
    opened: list[Word] = []
    last: Word | None = None
    parting: Word | None = None
    for place, found in enumerate(words):
        word, after = found, words[place + 1] if place + 1 < len(words) else None
        if word.kind == "_NEXT":
            if opened and word.text == ";":
                raise refusals.unclosed(opened[-1])
            parting = word if parting is None or word.text == ";" else parting
            continue
        if parting is not None and not opened and last is not None and _parts(last, parting, word):
            yield parting
            last = parting
        parting = None
        if word.kind == "BAR" and opened and opened[-1].kind == "BAR" and last is not None and last.kind in _ENDS_VALUE:
            opened.pop()
            word = word._replace(kind="_CLOSE_BAR")
        elif word.kind in _CLOSING:
            opened.append(word)
            if len(opened) > MAX_DEPTH + 1:  # the innermost may hold a number such as 2·10³, which is not deep
                raise refusals.too_deep(word.at)
        elif word.kind in ("_CLOSE", "_CLOSE_SQUARE"):
            if not opened:
                raise refusals.unopened(word)
            if _CLOSING[opened[-1].kind] != word.kind:
                raise refusals.crossed(opened[-1], word)
            opened.pop()
        elif word.kind == "_IS" and opened:
            word = word._replace(kind="COMPARE")
        elif word.kind == "NUMBER" and _is_product(word, last, after):
            yield from _factors(word)
            last = word
            continue
        yield word
        last = word
    if opened:
        raise refusals.unclosed(opened[-1])


def _parts(last: Word, parting: Word, following: Word) -> bool:
    """Whether two definitions meet here: always at ; but at a line's end only where no sign continues."""
    return parting.text == ";" or (last.kind in _ENDS_VALUE and following.kind in _BEGINS_VALUE)


def _is_product(number: Word, last: Word | None, after: Word | None) -> bool:
    """Whether 2·10³ is no number of its own: in x·2·10³ and 2·10³^x the signs take its parts one by one."""
    if "·" not in number.text and "×" not in number.text:
        return False
    return (last is not None and last.kind in _TIGHT) or (after is not None and after.kind == "_RAISED")


def _factors(number: Word) -> Iterator[Word]:
    sign = max(number.text.find("·"), number.text.find("×"))
    for kind, start, end in (("NUMBER", 0, sign), ("_TIMES", sign, sign + 1), ("NUMBER", sign + 1, sign + 3)):
        yield Word(kind, number.text[start:end], number.at + start)
    yield Word("SUPERSCRIPT", number.text[sign + 3 :], number.at + sign + 3)
