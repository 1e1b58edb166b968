"""What each rule of the grammar builds when it is complete; none of these calls another rule's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from workings.expression.nodes import Apply, Symbol
from workings.expression.operations import OPERATIONS
from workings.expression.reading.faults import Fault
from workings.expression.reading.numbers import exponent_of, number_of
from workings.expression.reading.pieces import Definition, Piece, applied
from workings.expression.reading.words import Word
from workings.language import message

__all__ = ["RULES"]

_COMPARISONS = {
    "<": "less",
    "<=": "at_most",
    "≤": "at_most",
    ">": "greater",
    ">=": "at_least",
    "≥": "at_least",
    "=": "equal",
    "==": "equal",
    "!=": "different",
    "≠": "different",
}


def _first(part: Any) -> list[Any]:
    return [part]


def _further(parts: list[Any], part: Any) -> list[Any]:
    parts.append(part)
    return parts


def _definition(name: Word, body: Piece) -> Definition:
    return Definition(name.meaning, name.at, body)


def _number(word: Word) -> Piece:
    return Piece(number_of(word.text, word.at), word.at)


def _name(word: Word) -> Piece:
    return Piece(Symbol(word.meaning), word.at)


def _constant(word: Word) -> Piece:
    return Piece(Apply(word.meaning, ()), word.at)


def _negate(inner: Piece) -> Piece:
    return applied("negate", inner.at, inner)


def _superscript(base: Piece, word: Word) -> Piece:
    number, negative = exponent_of(word.text, word.at)
    exponent = Piece(number, word.at)
    return _joined("power", base, _negate(exponent) if negative else exponent)


def _root(sign: Word, inner: Piece) -> Piece:
    return applied("cbrt" if sign.text == "∛" else "sqrt", sign.at, inner)


def _call(word: Word, args: list[Piece]) -> Piece:
    row = OPERATIONS[word.meaning]
    if len(args) == row.arity:
        return applied(row.name, word.at, *args)
    raise Fault(
        message(
            "formula: {name} at column {column} must be written {example}; arguments given: {got}",
            name=word.text,
            example=f"{word.text}({', '.join('abc'[: row.arity])})",
            got=len(args),
        ),
        word.at,
    )


def _fenced(operation: str, opening: Word, inner: Piece) -> Piece:
    return applied(operation, opening.at, inner)


def _conditional(value: Piece, condition: Piece, otherwise: Piece) -> Piece:
    return applied("where", value.at, condition, value, otherwise)


def _comparison(left: Piece, sign: Word, right: Piece) -> Piece:
    return applied(_COMPARISONS[sign.text], left.at, left, right)


def _negation(inner: Piece) -> Piece:
    return applied("negation", inner.at, inner)


def _joined(operation: str, left: Piece, right: Piece) -> Piece:
    return applied(operation, left.at, left, right)


RULES: dict[str, Callable[..., Any]] = {
    "start": _first,
    "another": _further,
    "definition": _definition,
    "arguments": _first,
    "further": _further,
    "number": _number,
    "name": _name,
    "constant": _constant,
    "add": partial(_joined, "add"),
    "subtract": partial(_joined, "subtract"),
    "multiply": partial(_joined, "multiply"),
    "divide": partial(_joined, "divide"),
    "negate": _negate,
    "raised": partial(_joined, "power"),
    "superscript": _superscript,
    "root": _root,
    "call": _call,
    "absolute": partial(_fenced, "absolute"),
    "iverson": partial(_fenced, "iverson"),
    "conditional": _conditional,
    "comparison": _comparison,
    "negation": _negation,
    "both": partial(_joined, "both"),
    "either": partial(_joined, "either"),
}
