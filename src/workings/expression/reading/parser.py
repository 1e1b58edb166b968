"""The parser that Lark makes of grammar.lark: an LALR table, so that time and memory grow with the text alone."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib.resources import files

from lark import Lark, Token, UnexpectedToken

from workings.expression.nodes import Node
from workings.expression.reading.characters import plain_characters
from workings.expression.reading.definitions import put_together
from workings.expression.reading.pieces import Builder
from workings.expression.reading.refusals import unexpected
from workings.expression.reading.words import Words, split

__all__ = ["read"]


@cache
def _parser() -> Lark:
    grammar = files("workings.expression.reading").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", transformer=Builder(), maybe_placeholders=False)


def read(text: str, names: Collection[str]) -> tuple[str | None, Node, dict[str, Node], tuple[str, ...]]:
    """Return what a text defines, as :class:`System` has it.

    Raises
    ------
    Fault
        If the text is not a formula.
    """
    parser = _parser()
    words = Words(split(parser, plain_characters(text)), names)
    reader = parser.parse_interactive("")
    before: Token | None = None
    try:
        for word in words.words:
            reader.feed_token(word)
            before = word
        return *put_together(reader.feed_eof()), words.variables
    except UnexpectedToken as error:
        word = None if error.token.type == "$END" else error.token
        raise unexpected(word, before, error.expected, len(text)) from None
