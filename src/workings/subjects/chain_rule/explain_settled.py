"""A central difference whose step is small enough, worked out at 50 digits so that the subtraction loses nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from workings.expression import Node, Number, Symbol, free_symbols, number, postorder, substitute, symbol
from workings.subjects.chain_rule.explain_point import Point, as_float
from workings.subjects.chain_rule.explain_terms import free_letter, terms
from workings.working import shown
from workings.working.check_digits import LEAST_APART
from workings.working.digits import own_digits

__all__ = ["Settled", "central_difference", "settle", "step_letter", "step_number"]

# Steps of 10⁻¹ down to 10⁻²⁴: there two values still share no more than half of 50 digits.
_SMALLEST = 24
_SHOWN = 3
# Of a smooth function a tenth of the step leaves a hundredth of the error; a twentieth is taken as on its way there.
_SHRINKS = 20
# And a difference that the last step still moves by more than this part of it tells too little.
_NEAR = 1e-3
# What is left of 50 digits after the subtraction of two such values; and what floats are trusted with.
_NOISE, _FLOOR = 1e-25, 1e-12
# Coefficients as 0.1 are floats: of what they multiply and add up to, which is folded in one order here and in another
# there, a few last digits differ.
_LAST_DIGITS = 2.0**-50
# By so much of itself a decimal is moved to see what its last digits do, times a share of its own.
_NUDGE, _GOLDEN = Fraction(1, 2**40), Fraction(618, 1000)
# What is left of equal values of size 1.
_LEFT = 1e-47
# Sums over many rows are worked out in floats, of which a difference over 2h = 0.002 loses three digits or a few more.
_FLOAT_NOISE = 1e-8
_MOST_DIGITS = 12
# Each derivative of a sum of more terms is held against a difference of those terms alone that move.
_FEW_TERMS = 8


@dataclass(frozen=True, eq=False)
class Settled:
    """A central difference at a point, for three steps of which each is a tenth of the one before.

    Parameters
    ----------
    quotient
        The difference as a formula of the variables and of the step ``h``.
    h
        The step's letter.
    steps
        The three steps, and what the difference comes to for each, at 50 digits.
    rounding
        What part of the difference is no more than rounding.
    left
        What the last digits of float coefficients come to in it, where its terms cancel too.
    """

    quotient: Node
    h: Symbol
    steps: Sequence[tuple[Fraction, Any]]
    rounding: float
    left: float

    @property
    def step(self) -> Number:
        """The smallest of the steps."""
        return step_number(self.steps[-1][0])

    @property
    def value(self) -> Any:
        """What the difference comes to for the smallest step."""
        return self.steps[-1][1]

    @property
    def noise(self) -> float:
        """What of the difference is no more than rounding."""
        return max(self.rounding * _size(self.value), self.left)

    @property
    def last(self) -> Node:
        """The formula for the smallest step."""
        return substitute(self.quotient, {self.h: self.step})

    @property
    def moved(self) -> float:
        """How far the last step moved the difference."""
        return abs(as_float(self.steps[-2][1] - self.value))

    @property
    def is_constant(self) -> bool:
        """Whether the difference is the same for every step, as of a parabola."""
        return self.moved <= _FLOOR * _size(self.value)

    @property
    def bound(self) -> Number:
        """How far the last step moved the difference, rounded up to one digit; no less than floats can tell."""
        exact = Decimal(repr(max(self.moved, self.noise, _FLOOR * _size(self.value), LEAST_APART)))
        one = float(exact.quantize(Decimal((0, (1,), exact.adjusted())), rounding=ROUND_CEILING))
        return number(one, shown(one).text)

    def off(self, value: Any, true: Any) -> float:
        """Return how far one of its values lies from the derivative, 0 where that is no more than rounding."""
        return 0.0 if abs(value - true) < self.noise else as_float(value - true)

    def digits(self, value: Any, true: Any) -> int:
        """Return how many significant digits tell one of its values from the derivative, twelve at most."""
        size, difference = abs(as_float(value)), abs(as_float(value - true))
        if not size or difference <= size * 10.0**-_MOST_DIGITS:
            return 5
        return min(_MOST_DIGITS, max(5, math.ceil(math.log10(size / difference)) + 2))

    def with_step(self, step: Node) -> Node:
        """Return the formula for a step of another name."""
        return substitute(self.quotient, {self.h: step})


def settle(whole: Node, variables: Sequence[Symbol], point: Point, taken: Collection[str]) -> Settled | None:
    """Return the central difference of a function at a point, the step small enough; None if none settles.

    Parameters
    ----------
    whole
        The function, in its variables alone.
    variables
        By what the difference is taken, once by each.
    point
        Where.
    taken
        The names that are in use.
    """
    h = step_letter(taken)
    quotient = central_difference(_moving(whole, variables), variables, h)
    decimals = [] if point.is_large else _decimals(quotient)
    rounding = _FLOAT_NOISE if point.is_large else _LAST_DIGITS if decimals else _NOISE
    point.learn_parts(whole)
    size = _size(point[whole])
    found: list[tuple[Fraction, Any]] = []
    for power in range(1, _SMALLEST // len(variables) + 1):
        step = Fraction(1, 10**power)
        value = point.with_name(h, step, quotient)
        # Where the values cancel, what rounding leaves of them is no slope: it would be another in another order.
        if abs(as_float(value)) <= _LEFT * size / float(step) ** len(variables):
            value = 0 * value
        found = [*found[-_SHOWN + 1 :], (step, value)]
        values = [value for _, value in found]
        if len(found) < _SHOWN or not all(math.isfinite(as_float(value)) for value in values):
            continue
        before, after = abs(values[0] - values[1]), abs(values[1] - values[2])
        near = after <= _NEAR * (abs(values[2]) or 1)
        if (near and after * _SHRINKS <= before) or before <= rounding * _size(values[2]):
            left = _left_by_decimals(decimals, quotient, value, partial(point.with_name, h, step))
            clear = [(step, 0 * value if abs(as_float(value)) <= left else value) for step, value in found]
            return Settled(quotient, h, clear, rounding, left)
    return None


def _decimals(whole: Node) -> list[Number]:
    """Return the numbers of a formula that are floats which their digits only stand for, as 0.1 is and 0.5 is not."""
    numbers = [part for part in postorder(whole) if isinstance(part, Number)]
    floats = [part for part in numbers if isinstance(part.value, float) and math.isfinite(part.value)]
    return [part for part in floats if own_digits(part.value) != part.value]


def _left_by_decimals(decimals: Sequence[Number], quotient: Node, value: Any, at: Callable[[Node], Any]) -> float:
    """Return how far the last digits of decimals move a difference: of 0.1·3 - 0.3 there is nothing else.

    All are moved at once, each by a share and in a direction of its own, so that they do not cancel.
    """
    if not decimals:
        return 0.0
    moved: dict[Node, Node] = {}
    for place, decimal in enumerate(decimals, 1):
        share = Fraction(1, 2) + place * _GOLDEN % 1
        moved[decimal] = Number(Fraction(decimal.value) * (1 + (-1) ** place * share * _NUDGE))
    off = at(substitute(quotient, moved)) - value
    return len(decimals) * abs(as_float(off)) * _LAST_DIGITS / float(_NUDGE)


def _moving(whole: Node, variables: Sequence[Symbol]) -> Node:
    """Return a long sum without the terms that are the same on both sides of a difference, and cancel."""
    every = terms(whole)
    if len(every) <= _FEW_TERMS:
        return whole
    kept = [(sign, term) for sign, term in every if free_symbols(term).issuperset(variables)]
    left: Node = Number(0)
    for place, (sign, term) in enumerate(kept):
        left = (term if sign > 0 else -term) if not place else left + term if sign > 0 else left - term
    return left


def central_difference(whole: Node, variables: Sequence[Symbol], h: Node) -> Node:
    """Return the central difference over 2h, taken once by each variable: (f(x + h) - f(x - h)) / (2h)."""
    for variable in variables:
        above, below = (substitute(whole, {variable: moved}) for moved in (variable + h, variable - h))
        whole = (above - below) / (2 * h)
    return whole


def step_letter(taken: Collection[str]) -> Symbol:
    """Return the letter for a small step, one that no name uses."""
    return symbol(free_letter("hεδη", taken))


def step_number(step: Fraction) -> Number:
    """Return a power of ten, exact and as it is written: 0.001, 1·10⁻⁷."""
    return Number(step, shown(step).text)


def _size(value: Any) -> float:
    return abs(as_float(value)) or 1.0
