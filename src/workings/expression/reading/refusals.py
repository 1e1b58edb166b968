"""What is said where formula text goes against the grammar: what must stand there, what does, and what to try."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lark import Token

from workings.expression.reading.faults import Fault
from workings.expression.reading.limits import MAX_DEPTH, MAX_NAMES, MAX_NODES
from workings.expression.reading.spelling import name_of, nearest_function
from workings.language import Message, message

__all__ = [
    "crossed",
    "multiplied",
    "not_called",
    "stray",
    "too_deep",
    "too_large",
    "too_many_names",
    "unclosed",
    "unexpected",
    "unknown_function",
    "unopened",
]

_CLOSING = {"_OPEN": ")", "OPEN_SQUARE": "]", "BAR": "|"}
_INSTEAD = {
    "&": "and",
    "~": "not",
    "!": "not",
    "%": "/100",
    "{": "(",
    "}": ")",
    ":": "=",
    '"': "`",
    "'": "`",
    "\\": "/",
}


def _column(word: Token) -> int:
    return (word.start_pos or 0) + 1


def stray(text: str, at: int) -> Fault:
    """Return what is said of a character that begins no word."""
    got, column = text[at], at + 1
    if got == "`":
        return Fault(
            message("formula: the back-tick at column {column} must be closed by another; got none", column=column), at
        )
    if got in _INSTEAD:
        sentence = message(
            "formula: {got} at column {column} has no meaning in a formula; try {suggestion}",
            got=got,
            column=column,
            suggestion=_INSTEAD[got],
        )
    else:
        sentence = message(
            "formula: {got} at column {column} has no meaning in a formula; try a name in back-ticks",
            got=got,
            column=column,
        )
    return Fault(sentence, at)


def too_deep(at: int) -> Fault:
    """Return what is said of text that nests too deep."""
    return Fault(
        message(
            "formula: text must nest at most {limit} deep (parentheses, calls, signs, powers); got more at column "
            "{column}; try a definition: u = ...; y = ...",
            limit=MAX_DEPTH,
            column=at + 1,
        ),
        at,
    )


def too_large(at: int) -> Fault:
    """Return what is said of text with too many numbers, names and operations."""
    return Fault(
        message(
            "formula: text must hold at most {limit} numbers, names and operations; got more, from column {column}; "
            "try a Python function",
            limit=f"{MAX_NODES:,}",
            column=at + 1,
        ),
        at,
    )


def too_many_names(word: Token) -> Fault:
    """Return what is said of the first name too many."""
    return Fault(
        message(
            "formula: text must hold at most {limit} names; got another, {got}, at column {column}; "
            "try a Python function",
            limit=MAX_NAMES,
            got=str(word),
            column=_column(word),
        ),
        word.start_pos or 0,
    )


def unopened(word: Token) -> Fault:
    """Return what is said of a closing bracket that closes none."""
    return Fault(
        message(
            "formula: {got} at column {column} closes nothing; try without it", got=str(word), column=_column(word)
        ),
        word.start_pos or 0,
    )


def crossed(opened: Token, word: Token) -> Fault:
    """Return what is said of a closing bracket of another kind than was opened."""
    return Fault(
        message(
            "formula: {opened} from column {start} must be closed by {closing}; got {got} at column {column}",
            opened=str(opened),
            start=_column(opened),
            closing=_CLOSING[opened.type],
            got=str(word),
            column=_column(word),
        ),
        word.start_pos or 0,
    )


def unclosed(opened: Token) -> Fault:
    """Return what is said of an opening bracket that nothing closes."""
    return Fault(
        message(
            "formula: {opened} at column {column} must be closed by {closing}; got none",
            opened=str(opened),
            column=_column(opened),
            closing=_CLOSING[opened.type],
        ),
        opened.start_pos or 0,
    )


def unknown_function(word: Token, rest: Sequence[Token], names: Collection[str]) -> Fault:
    """Return what is said of a name before a parenthesis that is no function's."""
    name, near = str(word), nearest_function(word)
    product = f"{name}*({rest[1]}...)" if len(rest) > 1 and rest[1].type in ("NAME", "NUMBER") else f"{name}*(...)"
    if near is not None and name_of(name, names) is None:
        sentence = message(
            "formula: {name} at column {column} is not a function; did you mean {near}? A product is written {product}",
            name=name,
            column=_column(word),
            near=near,
            product=product,
        )
    else:
        sentence = message(
            "formula: {name} at column {column} is not a function; did you mean {product}?",
            name=name,
            column=_column(word),
            product=product,
        )
    return Fault(sentence, word.start_pos or 0)


def multiplied(word: Token) -> Fault:
    """Return what is said of a quoted name before a parenthesis."""
    return Fault(
        message(
            "formula: {name} at column {column} is not a function; did you mean {product}?",
            name=str(word),
            column=_column(word),
            product=f"{word}*(...)",
        ),
        word.start_pos or 0,
    )


def not_called(word: Token, after: Token | None) -> Fault:
    """Return what is said of a function without parentheses."""
    power = after is not None and after.type in ("_RAISED", "SUPERSCRIPT")
    argument = str(after) if after is not None and after.type in ("NAME", "NUMBER") else "x"
    exponent = "^2" if power else ""
    return Fault(
        message(
            "formula: {name} at column {column} is a function and must have its argument in parentheses; "
            "try {suggestion}, or `{name}` for a name",
            name=str(word),
            column=_column(word),
            suggestion=f"{word}({argument}){exponent}",
        ),
        word.start_pos or 0,
    )


def unexpected(word: Token | None, before: Token | None, expected: Collection[str], end: int) -> Fault:
    """Return what is said of a word that cannot follow the one before it; None stands for the ends of the text."""
    at = end if word is None else word.start_pos or 0
    if "NUMBER" in expected:
        return Fault(_value_missing(word, before, at + 1), at)
    return Fault(_operator_missing(word, before, at + 1), at)


def _value_missing(word: Token | None, before: Token | None, column: int) -> Message:
    if before is None:
        return message(
            "formula: text must begin with a number, a name, a function or a parenthesis; got {got}", got=str(word)
        )
    if word is None:
        return message(
            "formula: {before} at column {place} must be followed by a number, a name, a function or a parenthesis; "
            "got the end of the text",
            before=str(before),
            place=_column(before),
        )
    return message(
        "formula: {before} must be followed by a number, a name, a function or a parenthesis; got {got} at column "
        "{column}",
        before=str(before),
        got=str(word),
        column=column,
    )


def _operator_missing(word: Token | None, before: Token | None, column: int) -> Message:
    got = "" if word is None else str(word)
    kind = "" if word is None else word.type
    if kind == "NUMBER":
        return message(
            "formula: an operator must stand between {before} and {got} at column {column}; "
            "try {before}*{got} or {before}^{got}",
            before=str(before),
            got=got,
            column=column,
        )
    if kind == "_COMMA":
        return message(
            "formula: a comma must stand between the arguments of a function; got one at column {column}; "
            "try a point in decimals, 1.5",
            column=column,
        )
    if kind == "COMPARE":
        return message(
            "formula: a comparison must have two sides; got a third from column {column}; try a < b and b < c",
            column=column,
        )
    if kind == "IS":
        return message(
            "formula: before = there must be one name, as in y = x^2; got more before column {column}; "
            "try == for a comparison",
            column=column,
        )
    if kind in ("_RAISED", "SUPERSCRIPT"):
        return message(
            "formula: a power of a power or of a root must have parentheses; got {got} at column {column}; "
            "try (x^2)^3, x^(2^3), (√x)^2 or √(x^2)",
            got=got,
            column=column,
        )
    if word is None:
        return message("formula: text must go on after {before}; got its end", before=str(before))
    return message(
        "formula: an operator or the end must follow {before}; got {got} at column {column}",
        before=str(before),
        got=got,
        column=column,
    )
