"""What the grammar's rules build: a node, and beside it where it stood, how deep and how large it is."""

from __future__ import annotations

from typing import Any, NamedTuple

from lark import Token, Transformer, v_args

from workings.expression.nodes import Apply, Node, Number, Symbol
from workings.expression.numerals import read_numeral
from workings.expression.operations import OPERATIONS
from workings.expression.reading.faults import Fault
from workings.expression.reading.limits import MAX_DEPTH, MAX_NODES
from workings.expression.reading.refusals import too_deep, too_large
from workings.language import message

__all__ = ["Builder", "Definition", "Piece", "condition_for_value"]

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
_CONDITIONS = {*_COMPARISONS.values(), "both", "either", "negation"}
_TAKES_CONDITION = {"both", "either", "negation", "where", "iverson"}
_LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_LARGEST = 2**1024 - 2**970  # the integers from here on round to infinity in float64


class Piece(NamedTuple):
    """A part of a formula as it was read."""

    node: Node
    at: int
    depth: int = 1
    size: int = 1

    @property
    def condition(self) -> bool:
        """Whether it holds or not, rather than having a value."""
        return isinstance(self.node, Apply) and self.node.operation.name in _CONDITIONS


class Definition(NamedTuple):
    """A name and what it stands for."""

    name: Token
    body: Piece


@v_args(inline=True)
class Builder(Transformer[Token, object]):
    """One method a rule of the grammar, called as the rule is found; none calls another rule's.

    Raises
    ------
    Fault
        Where a number is too large, a function has another number of arguments, a condition stands in place of a value
        or a value in place of a condition, or a limit is passed.
    """

    def start(self, *statements: Piece | Definition | Token) -> list[Piece | Definition]:
        """Return the statements of the text."""
        return [statement for statement in statements if not isinstance(statement, Token)]

    def definition(self, name: Token, sign: Token, body: Piece) -> Definition:
        """Return ``name = body``."""
        return Definition(name, body)

    def number(self, word: Token) -> Piece:
        """Return a number with the digits that were typed."""
        return Piece(_number(word), _at(word))

    def name(self, word: Token) -> Piece:
        """Return a name."""
        return Piece(Symbol(str(word)), _at(word))

    def constant(self, word: Token) -> Piece:
        """Return π or e."""
        return Piece(Apply(str(word), ()), _at(word))

    def add(self, left: Piece, right: Piece) -> Piece:
        """Return a + b."""
        return _chained("add", left, right)

    def subtract(self, left: Piece, right: Piece) -> Piece:
        """Return a - b."""
        return _chained("subtract", left, right)

    def multiply(self, left: Piece, right: Piece) -> Piece:
        """Return a·b."""
        return _chained("multiply", left, right)

    def divide(self, left: Piece, right: Piece) -> Piece:
        """Return a / b."""
        return _chained("divide", left, right)

    def negate(self, inner: Piece) -> Piece:
        """Return -a."""
        return _applied("negate", inner.at, inner)

    def raised(self, base: Piece, exponent: Piece) -> Piece:
        """Return a^b."""
        return _applied("power", base.at, base, exponent)

    def superscript(self, base: Piece, word: Token) -> Piece:
        """Return a²."""
        digits = word.translate(_LOWERED)
        exponent = Piece(_whole(digits.lstrip("+-"), word), _at(word))
        return _applied("power", base.at, base, self.negate(exponent) if digits[0] == "-" else exponent)

    def root(self, sign: Token, inner: Piece) -> Piece:
        """Return √a or ∛a."""
        return _applied("cbrt" if sign == "∛" else "sqrt", _at(sign), inner)

    def call(self, word: Token, *args: Piece) -> Piece:
        """Return a function's value."""
        row = OPERATIONS[word]
        if len(args) != row.arity:
            raise Fault(
                message(
                    "formula: {name} at column {column} must have {arity} arguments; got {got}",
                    name=row.ascii if row.layout == "call" else row.name,
                    column=_at(word) + 1,
                    arity=row.arity,
                    got=len(args),
                ),
                _at(word),
            )
        return _applied(row.name, _at(word), *args)

    def group(self, inner: Piece) -> Piece:
        """Return (a): the same node, one level deeper."""
        return _deepened(inner)

    def absolute(self, bar: Token, inner: Piece) -> Piece:
        """Return |a|."""
        return _applied("absolute", _at(bar), inner)

    def iverson(self, bracket: Token, inner: Piece) -> Piece:
        """Return [a], 1 where the condition holds and 0 elsewhere."""
        return _applied("iverson", _at(bracket), inner)

    def conditional(self, value: Piece, condition: Piece, otherwise: Piece) -> Piece:
        """Return (a if c else b), as Python writes where(c, a, b)."""
        return _applied("where", value.at, condition, value, otherwise)

    def comparison(self, left: Piece, sign: Token, right: Piece) -> Piece:
        """Return a < b."""
        return _applied(_COMPARISONS[sign], _at(sign), left, right)

    def negation(self, inner: Piece) -> Piece:
        """Return not a."""
        return _applied("negation", inner.at, inner)

    def both(self, left: Piece, right: Piece) -> Piece:
        """Return a and b."""
        return _applied("both", left.at, left, right)

    def either(self, left: Piece, right: Piece) -> Piece:
        """Return a or b."""
        return _applied("either", left.at, left, right)


def _at(word: Token) -> int:
    return word.start_pos or 0


def _deepened(piece: Piece) -> Piece:
    if piece.depth >= MAX_DEPTH:
        raise too_deep(piece.at)
    return piece._replace(depth=piece.depth + 1)


def _chained(name: str, left: Piece, right: Piece) -> Piece:
    """Return a sum or a product, which is no deeper than its terms, however many: they read from left to right."""
    for piece in (left, right):
        if piece.condition:
            raise condition_for_value(piece)
    size = left.size + right.size + 1
    if size > MAX_NODES:
        raise too_large(right.at)
    return Piece(Apply(name, (left.node, right.node)), left.at, max(left.depth, right.depth), size)


def _applied(name: str, at: int, *args: Piece) -> Piece:
    for place, piece in enumerate(args):
        if name in _TAKES_CONDITION and (name != "where" or place == 0):
            if not piece.condition and not isinstance(piece.node, Symbol):
                raise _value_for_condition(piece)
        elif piece.condition:
            raise condition_for_value(piece)
    depth, size = 1 + max(piece.depth for piece in args), 1 + sum(piece.size for piece in args)
    if depth > MAX_DEPTH:
        raise too_deep(at)
    if size > MAX_NODES:
        raise too_large(at)
    return Piece(Apply(name, [piece.node for piece in args]), at, depth, size)


def condition_for_value(piece: Piece) -> Fault:
    """Return what is said of a condition where a value must stand."""
    return Fault(
        message(
            "formula: a value must stand at column {column}; got a condition, {condition}; "
            "try where({condition}, 1, 0)",
            column=piece.at + 1,
            condition=piece.node,
        ),
        piece.at,
    )


def _value_for_condition(piece: Piece) -> Fault:
    return Fault(
        message(
            "formula: a condition must stand at column {column}; got a value, {value}; try {value} ≠ 0",
            column=piece.at + 1,
            value=piece.node,
        ),
        piece.at,
    )


def _number(word: Token) -> Number:
    if word.isdecimal():
        return _whole(word, word)
    text = word.translate(_LOWERED).replace("·10", "e").replace("×10", "e").replace("e+", "e").replace("E", "e")
    value = float(text)
    digits, _, exponent = text.partition("e")
    if value in (0.0, float("inf")) and (value or digits.strip("0.")):
        raise _out_of_range(word)
    digits = f"{digits}0" if digits.endswith(".") else digits
    shown = f"{digits}e{int(exponent)}" if exponent else digits
    return Number(value) if read_numeral(repr(value)) == read_numeral(shown) else Number(value, shown)


def _whole(digits: str, word: Token) -> Number:
    value = int(digits)
    if value >= _LARGEST:
        raise _out_of_range(word)
    return Number(value)


def _out_of_range(word: Token) -> Fault:
    shown: Any = str(word) if len(word) <= 20 else f"{word[:10]}…"
    return Fault(
        message(
            "formula: a number must be 0 or from 5e-324 to 1.8e308; got {got} at column {column}; try a power, 10^400",
            got=shown,
            column=_at(word) + 1,
        ),
        _at(word),
    )
