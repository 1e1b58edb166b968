"""Putting the numbers in: from a statement in symbols to the same statement with the digits that a reader sees.

Enough digits are shown that recomputing from them gives the result that is shown; where five are not enough, more are
taken, one at a time.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from workings.expression import (
    Apply,
    Elided,
    Equation,
    Indexed,
    Node,
    Number,
    Reduction,
    Symbol,
    elided,
    evaluate,
    free_symbols,
    operation_count,
    postorder,
    substitute,
)
from workings.working.digits import MOST_DIGITS, half_unit, read, rounding, shown, significant_digits, with_zeros
from workings.working.precision import precise

__all__ = ["Known", "condition_with_numbers", "line_with_numbers", "with_shown_digits"]

# Sums of up to four terms are written out; longer ones as two, an ellipsis and the last.
_WRITTEN_OUT, _FIRST_TERMS = 4, 2
# A result of at most so many digits more than asked for is worth its =: 1 + 0.11114 = 1.11114.
_MORE_FOR_EQUALITY = 2
_SAME = 1e-12
# What is rounded as coarsely as single and half precision are is not what its terms add up to, however short it is.
_COARSE = 1e-9
_EXACT = 1e-40
# A term of a sum that is smaller than this part of another leaves nothing in 50 digits; looked for in short lines.
_UNSEEN, _LOOKED_INTO = 1e-45, 100
# The sums of so many operations are counted again from the digits shown.
MOST_RECOUNTED = 10_000
_JOINS = {"sum": "add", "product": "multiply", "minimum": "minimum", "maximum": "maximum"}


class Known:
    """What has a value so far, and the digits in which the reader has seen it."""

    def __init__(self) -> None:
        self.values: dict[str | Node, Any] = {}
        self._texts: dict[str | Node, Number] = {}
        self._undefined: dict[str | Node, Any] | None = None

    def learn(self, node: Node | str, value: Any, number: Number | None = None) -> None:
        """Remember the value of a symbol, an element or an expression, and how it was shown."""
        key = _key(node)
        self.values[key] = value
        self._texts.pop(key, None)
        self._undefined = None
        if number is not None:
            self._texts[key] = number

    def number(self, node: Node, significant: int) -> Number | None:
        """Return the number to show for ``node``; None if it has no value, or none that can be written."""
        key = _key(node)
        if key not in self.values:
            return self._element(node, significant) if isinstance(node, Indexed) else None
        value = self.values[key]
        if np.ndim(value) or math.isnan(value):
            return None
        seen = self._texts.get(key)
        if not math.isfinite(value):
            return seen or shown(value, significant)  # ∞ has no digits to count
        if seen is not None and (significant <= significant_digits(Decimal(seen.text)) or _says_all(seen)):
            return seen
        return shown(value, significant)

    def undefined(self) -> dict[str | Node, Any]:
        """Return what has no value because it is mathematically undefined, and the arrays that hold such elements."""
        if self._undefined is None:
            self._undefined = {key: value for key, value in self.values.items() if _has_nan(value)}
        return self._undefined

    def _element(self, node: Indexed, significant: int) -> Number | None:
        array = self.values.get(_key(node.base))
        if array is None or any(part.symbolic for part in node.indices):
            return None
        places = tuple(int(evaluate(index, {})) - 1 for index in node.indices)
        if min(places) < 0:
            return None
        value = np.asarray(array)[places]
        return None if math.isnan(value) else shown(value, significant)


def _has_nan(value: Any) -> bool:
    array = np.asarray(value)
    return array.dtype.kind == "f" and bool(np.isnan(array).any())


def line_with_numbers(
    right: Node, value: Any, known: Known, significant: int, *, off: float = 0.0
) -> tuple[Node, Number | None, bool]:
    """Return the right side with numbers in, the result to show (None if undefined), and whether it is exactly that.

    ``off`` is how far rounding may have moved the value: a long sum is then not worth the value that was computed.
    """
    recount = Recount(right, known, None if off > _COARSE * abs(value) else value)
    substitution = put_in(right, known, significant)
    if not math.isfinite(value):
        return substitution, None if math.isnan(value) else Number(value), not math.isnan(value)
    result = shown(value, significant)
    for digits in range(significant, MOST_DIGITS + 1):
        substitution = put_in(right, known, digits)
        worth = with_shown_digits(substitution, recount.at(digits))
        again = precise(evaluate(worth, known.undefined(), arithmetic="mpmath"))
        if not math.isfinite(again):  # a difference that few digits make 0 may stand below a fraction
            continue
        equal = _equal_to(again, value, significant, rough=recount.needed)
        if equal is not None and not _swallows(worth):
            return substitution, equal, True
        if abs(again - precise(read(result.text))) <= precise(rounding(result)):
            return substitution, result, False
        if digits == MOST_DIGITS:
            # All digits that floats have are shown, and cancel: what the kernel has left, 1e-17 say, is rounding.
            text = shown(float(again), significant).text
            return substitution, Number(_plain(value), text), precise(read(text)) == again
    return substitution, result, False


def condition_with_numbers(condition: Node, known: Known, significant: int) -> Node:
    """Return the condition with as few digits as still make it true for who reads the digits."""
    recount = Recount(condition, known, None)
    substitution = put_in(condition, known, significant)
    for digits in range(significant, MOST_DIGITS + 1):
        substitution = put_in(condition, known, digits)
        worth = with_shown_digits(substitution, recount.at(digits))
        if evaluate(_as_condition(worth), known.undefined(), arithmetic="mpmath"):
            break
    return substitution


def put_in(node: Node, known: Known, significant: int) -> Node:
    """Return ``node`` with a number wherever something known stands, the largest known parts first."""
    numbers: dict[Node, Node] = {}
    for part in postorder(node):
        number = known.number(part, significant)
        if number is not None:
            numbers[part] = number
        elif isinstance(part, Reduction):
            written = _written_out(part, known, significant)
            if written is not None:
                numbers[part] = written
    return substitute(node, numbers)


def with_shown_digits(node: Node, recount: Mapping[Node, Node]) -> Node:
    """Return ``node`` with every number worth exactly the digits shown for it, and long sums worth their recount."""
    worth: dict[Node, Node] = {}
    for part in postorder(node):
        if isinstance(part, Elided) and part.reduction in recount:
            worth[part] = recount[part.reduction]
        elif isinstance(part, Number) and math.isfinite(part.value):
            worth[part] = Number(read(part.text))
    return substitute(node, worth)


def _written_out(reduction: Reduction, known: Known, significant: int) -> Node | None:
    bounds = _bounds(reduction, known)
    if bounds is None:
        return None
    lower, upper = bounds

    def term(k: int) -> Node:
        return put_in(substitute(reduction.body, {reduction.index: Number(k)}), known, significant)

    count = upper - lower + 1
    if count < 1:
        return Number(_plain(evaluate(reduction, known.values)))
    if reduction.kind in ("minimum", "maximum") and _FIRST_TERMS < count <= _WRITTEN_OUT:
        # min(min(a, b), c) would be nested where min(a, b, c) is one call.
        return elided(reduction, tuple(term(k) for k in range(lower, upper + 1)), ())
    if count > _WRITTEN_OUT:
        first = tuple(term(lower + k) for k in range(_FIRST_TERMS))
        return elided(reduction, first, (term(upper),))
    written = term(lower)
    for k in range(lower + 1, upper + 1):
        written = Apply(_JOINS[reduction.kind], (written, term(k)))
    return written


def _bounds(reduction: Reduction, known: Known) -> tuple[int, int] | None:
    low, high = (put_in(bound, known, MOST_DIGITS) for bound in (reduction.lower, reduction.upper))
    if low.symbolic or high.symbolic:
        return None
    return int(evaluate(low, {})), int(evaluate(high, {}))


class Recount:
    """The values of the sums that are shown with an ellipsis, which the terms shown do not give.

    Who counts again has the data, and for all else, m and b say, the digits that are shown. Of a line that is such a
    sum and no more, the value with all digits is the line's own, which is there.
    """

    def __init__(self, node: Node, known: Known, value: Any) -> None:
        self._known = known
        parts = postorder(put_in(node, known, 1))
        self._sums = [part.reduction for part in parts if isinstance(part, Elided)]
        self._whole: dict[Node, Node] = {} if value is None else {node: Number(_plain(value))}

    @property
    def needed(self) -> bool:
        """Whether there is such a sum."""
        return bool(self._sums)

    def at(self, significant: int) -> dict[Node, Node]:
        """Return the value of each with so many significant digits of what is the same in all of its terms."""
        return {one: self._value(one, significant) for one in self._sums}

    def _value(self, one: Reduction, significant: int) -> Node:
        numbers: dict[Node, Node] = {}
        for part in outside_parts(one):
            number = self._known.number(part, significant)
            if number is not None and math.isfinite(number.value) and not _says_all(number):
                numbers[part] = Number(float(read(number.text)))
        # Nobody counts a long sum again by hand: its digits stay those of one pass.
        if numbers and operation_count(one, self._known.values) <= MOST_RECOUNTED:
            return Number(_plain(evaluate(substitute(one, numbers), self._known.values)))
        if one not in self._whole:
            self._whole[one] = Number(_plain(evaluate(one, self._known.values)))
        return self._whole[one]


def outside_parts(one: Reduction) -> list[Node]:
    """Return the largest parts of a sum's terms that are the same in all of them, sums among the terms left out."""
    found: list[Node] = []
    waiting = [one.body]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Number | Reduction):
            continue
        if one.index not in free_symbols(part):
            found += [each for each in postorder(part) if not isinstance(each, Number)]
        else:
            waiting.extend(part.children)
    return found


def _equal_to(again: Any, value: Any, significant: int, *, rough: bool) -> Number | None:
    """Return the recomputed number if it is short enough to be written with =, and is the value to its digits."""
    if isinstance(value, int | np.integer):
        return shown(value) if again == int(value) else None
    digits = Decimal(repr(float(again)))
    if significant_digits(digits) > significant + _MORE_FOR_EQUALITY:
        return None
    if abs(again - precise(Fraction(digits))) > (_SAME if rough else _EXACT) * abs(again):
        return None
    text = shown(float(digits), MOST_DIGITS).text
    if abs(again - float(value)) > _SAME * abs(again):
        if again == 0:
            return None
        # What is only nearly 1.5 is shown as 1.5000, to the digits that are known.
        text = with_zeros(digits, significant)
        if abs(again - float(value)) > precise(half_unit(text)):
            return None
    return Number(_plain(value), text)


def _swallows(worth: Node) -> bool:
    """Return whether a sum has a term too small to be seen in it at 50 digits: 1 + 10⁻⁸⁷ is not 1, and is not equal."""
    parts = list(postorder(worth))
    for part in parts if len(parts) <= _LOOKED_INTO else ():
        if not isinstance(part, Apply) or part.operation.name not in ("add", "subtract") or free_symbols(part):
            continue
        sizes = [abs(precise(evaluate(term, {}, arithmetic="mpmath"))) for term in part.args]
        if 0 < min(sizes) < _UNSEEN * max(sizes):
            return True
    return False


def _says_all(number: Number) -> bool:
    return math.isfinite(number.value) and read(number.text) == Fraction(number.value)


def _as_condition(node: Node) -> Node:
    names = {"=": "equal", "≠": "different", "<": "less", "≤": "at_most", ">": "greater", "≥": "at_least"}
    return Apply(names[node.relation], node.children) if isinstance(node, Equation) else node


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


def _key(node: Node | str) -> str | Node:
    """A symbol is known by its name, however it is styled; anything else by itself."""
    return node.name if isinstance(node, Symbol) else node
