"""The words of formula text, made ready for the grammar: what a name is, which bar closes, where a definition ends."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import pairwise

from lark import Lark, Token, UnexpectedCharacters

from workings.expression.names import normal_name
from workings.expression.reading.limits import MAX_DEPTH, MAX_NAMES
from workings.expression.reading.refusals import (
    crossed,
    multiplied,
    not_called,
    stray,
    too_deep,
    too_many_names,
    unclosed,
    unknown_function,
    unopened,
)
from workings.expression.reading.spelling import constant_of, function_of, is_function_word, name_of

__all__ = ["Words", "split"]

_CLOSING = {"_OPEN": "_CLOSE", "OPEN_SQUARE": "_CLOSE_SQUARE", "BAR": "_CLOSE_BAR"}
_ENDS_VALUE = {"NUMBER", "NAME", "QUOTED", "SUPERSCRIPT", "_CLOSE", "_CLOSE_SQUARE", "_CLOSE_BAR"}
_BEGINS_VALUE = {"NUMBER", "NAME", "QUOTED", "FUNCTION", "ROOT", "_OPEN", "OPEN_SQUARE", "BAR", "_NOT"}
_TIGHT = {"_TIMES", "_DIVIDE", "_RAISED", "ROOT"}


def split(parser: Lark, text: str) -> list[Token]:
    """Return the words of text.

    Raises
    ------
    Fault
        At a character that begins no word.
    """
    reader = parser.parse_interactive(text)
    try:
        return list(reader.lexer_thread.lex(reader.parser_state))
    except UnexpectedCharacters as error:
        raise stray(text, error.pos_in_stream) from None


class Words:
    """The words of a text and the names in them.

    Parameters
    ----------
    words
        As :func:`split` gives them.
    names
        Names that are names even if they are spelt like a constant or a function.

    Attributes
    ----------
    words
        What the grammar is fed with.
    variables
        The names that are not defined in the text, in the order in which they first appear.

    Raises
    ------
    Fault
        At a parenthesis without its partner, a function that is not known or has no parentheses, or too many names.
    """

    def __init__(self, words: list[Token], names: Collection[str]) -> None:
        laid_out = list(_laid_out(words))
        defined = [word for word, after in pairwise(laid_out) if after.type == "IS"]
        self._known = frozenset(names)
        self._known |= {self._name(word) for word in defined if word.type in ("NAME", "QUOTED")}
        self._names: dict[str, None] = {}
        self.words = [self._named(place, laid_out) for place in range(len(laid_out))]
        defined_names = {
            str(word) for word, after in zip(self.words, self.words[1:], strict=False) if after.type == "IS"
        }
        self.variables = tuple(name for name in self._names if name not in defined_names)

    def _name(self, word: Token) -> str:
        if word.type == "QUOTED":
            return word[1:-1].replace("``", "`")
        return name_of(str(word), self._known) or normal_name(str(word))

    def _named(self, place: int, words: list[Token]) -> Token:
        word = words[place]
        if word.type == "FUNCTION":
            row = function_of(word)
            if row is None:
                raise unknown_function(word, words[place + 1 :], self._known)
            return Token.new_borrow_pos("FUNCTION", row.name, word)
        if word.type not in ("NAME", "QUOTED"):
            return word
        after = words[place + 1] if place + 1 < len(words) else None
        name = self._name(word)
        if word.type == "NAME" and name not in self._known:
            constant = constant_of(word)
            if constant is not None:
                return Token.new_borrow_pos("CONSTANT", constant, word)
            if is_function_word(word):
                raise not_called(word, after)
        if word.type == "QUOTED" and after is not None and after.type == "_OPEN":
            raise multiplied(word)
        self._names[name] = None
        if len(self._names) > MAX_NAMES:
            raise too_many_names(word)
        return Token.new_borrow_pos("NAME", name, word)


def _laid_out(words: list[Token]) -> Iterator[Token]:
    """Yield the words with their brackets matched and only those line ends that separate definitions."""
    opened: list[Token] = []
    last: Token | None = None
    for place, word in enumerate(words):
        after = words[place + 1] if place + 1 < len(words) else None
        if word.type == "NEXT":
            if not _separates(word, last, words[place + 1 :], opened):
                continue
        elif word.type == "BAR" and opened and opened[-1].type == "BAR" and last is not None and _ends(last):
            opened.pop()
            word = Token.new_borrow_pos("_CLOSE_BAR", "|", word)  # noqa: PLW2901 -- the same bar, its side now known
        elif word.type in _CLOSING:
            opened.append(word)
            if len(opened) > MAX_DEPTH:
                raise too_deep(word.start_pos or 0)
        elif word.type in ("_CLOSE", "_CLOSE_SQUARE"):
            if not opened:
                raise unopened(word)
            if _CLOSING[opened[-1].type] != word.type:
                raise crossed(opened[-1], word)
            opened.pop()
        elif word.type == "IS" and opened:
            word = Token.new_borrow_pos("COMPARE", word, word)  # noqa: PLW2901 -- a condition's, not a definition's
        elif word.type == "NUMBER" and "10" in word and _parts_of_product(word, last, after):
            yield from _three(word)
            last = word
            continue
        yield word
        last = word
    if opened:
        raise unclosed(opened[-1])


def _ends(word: Token) -> bool:
    return word.type in _ENDS_VALUE


def _separates(word: Token, last: Token | None, rest: list[Token], opened: list[Token]) -> bool:
    """Whether ; or a line's end parts two definitions: it does not at either end of the text, nor twice in a row."""
    after = next((other for other in rest if other.type != "NEXT"), None)
    if last is None or last.type == "NEXT" or after is None:
        return False
    if opened:
        if word == ";":
            raise unclosed(opened[-1])
        return False
    return word == ";" or (_ends(last) and after.type in _BEGINS_VALUE)


def _parts_of_product(number: Token, last: Token | None, after: Token | None) -> bool:
    """Whether 2·10³ is no number of its own: in x·2·10³ and 2·10³^x the signs take its parts one by one."""
    if not any(sign in number for sign in "·×"):
        return False
    return (last is not None and last.type in _TIGHT) or (after is not None and after.type == "_RAISED")


def _three(number: Token) -> Iterator[Token]:
    at = number.start_pos or 0
    sign = next(place for place, character in enumerate(number) if character in "·×")
    parts = (
        ("NUMBER", 0, sign),
        ("_TIMES", sign, sign + 1),
        ("NUMBER", sign + 1, sign + 3),
        ("SUPERSCRIPT", sign + 3, None),
    )
    for kind, start, end in parts:
        yield Token(kind, number[start:end], start_pos=at + start)
