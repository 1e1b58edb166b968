"""The derivative held against what needs no rule: the slope between two near points."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import Any

from workings.expression import Node, Number, Symbol, absolute, at_most, equation, number, substitute, symbol
from workings.language import Message, message
from workings.subjects.chain_rule.explain_point import Point, as_float
from workings.subjects.chain_rule.explain_structure import free_letter
from workings.working import Derivation, Table, shown

__all__ = ["against_a_difference", "from_both_sides", "quotient_of"]

# Steps of 10⁻¹ down to 10⁻²⁴: there two values still share no more than half of 50 digits.
_SMALLEST = 24
_SHOWN = 3
# Of a smooth function a tenth of the step leaves a hundredth of the error; a twentieth is taken as on its way there.
_SHRINKS = 20
# What is left of 50 digits after the subtraction of two such values; and what floats are trusted with.
_NOISE, _FLOOR = 1e-25, 1e-12
_MOST_DIGITS = 12


def against_a_difference(
    w: Derivation,
    whole: Node,
    derivative: Node,
    variables: Sequence[Symbol],
    point: Point,
    *,
    taken: Collection[str],
    key: str = "",
    index: str = "",
) -> None:
    """Write a table of central differences for ever smaller steps, and the claim that the derivative agrees with them.

    The bound of the claim is how far the last step moved the difference itself: it knows nothing of the derivative.

    Parameters
    ----------
    w
        Where the lines go.
    whole
        The function, in its variables alone.
    derivative
        The name of its derivative, which is known.
    variables
        By what it is differentiated, once by each.
    point
        Where.
    taken
        The names that are in use.
    key
        What the keys of the lines begin with.
    index
        What stands below the letter of the difference, where there are several.
    """
    h, letter = symbol(free_letter("hεδη", taken)), free_letter("DSMQ", taken)
    slope = symbol(f"{letter}_{index}" if index else letter)
    quotient = quotient_of(whole, variables, h)
    found = _settled(quotient, h, point, _SMALLEST // len(variables))
    if found is None:
        w.note(message("No central difference settles at this point, so the derivative was not held against one."))
        return
    *_, before, (step, value) = found
    size = abs(as_float(value)) or 1.0
    moved = abs(as_float(before[1] - value))
    constant = moved <= _FLOOR * size
    off = slope - derivative
    columns = (h, equation(slope, quotient), equation(off, quotient - derivative))
    rows = tuple(_row(s, v, v - point[derivative], size) for s, v in found)
    note = _what_it_is(slope, h, variables, constant=constant)
    title = message("Beside the central difference")
    w.table(f"{key}differences", Table(columns, rows, note=note), title=title, absolute=_NOISE * size)
    last = equation(slope, substitute(quotient, {h: _number(step)}))
    w.line(f"{key}difference", last, as_float(value), place="sentence", absolute=_NOISE * size)
    bound = _rounded_up(max(moved, _FLOOR * size))
    digits = _digits(value, value - point[derivative])
    said = {"bound": bound, "slope": slope, "step": equation(h, _number(step))}
    w.claim(
        f"{key}agrees",
        at_most(absolute(off), bound),
        title=message("Near enough"),
        digits=digits,
        note=None
        if constant
        else message("{bound} is what the last step, to {step}, has moved {slope} itself.", **said),
    )


def from_both_sides(
    w: Derivation, whole: Node, variable: Symbol, point: Point, *, taken: Collection[str], key: str = ""
) -> bool:
    """Write the slopes to the left and to the right of a kink; return False, and write nothing, if there is none."""
    h = symbol(free_letter("hεδη", taken))
    left = (whole - substitute(whole, {variable: variable - h})) / h
    right = (substitute(whole, {variable: variable + h}) - whole) / h
    steps = [Fraction(1, 10**power) for power in (1, 2, 3)]
    rows: list[tuple[Number, float, float]] = []
    for step in steps:
        rows.append((_number(step), as_float(_at(left, h, step, point)), as_float(_at(right, h, step, point))))
    near = Fraction(1, 10**12)
    a, b = (as_float(_at(side, h, near, point)) for side in (left, right))
    if abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b)):
        return False
    names = (symbol("left", style="upright"), symbol("right", style="upright"))
    w.table(
        f"{key}sides",
        Table(
            (h, equation(names[0], left), equation(names[1], right)),
            tuple(rows),
            note=message(
                "The slope between {variable} - {h} and {variable}, and that between {variable} and {variable} + {h}.",
                variable=variable,
                h=h,
            ),
        ),
        title=message("The slopes on both sides"),
    )
    return True


def quotient_of(whole: Node, variables: Sequence[Symbol], h: Node) -> Node:
    """Return the central difference over 2h, taken once by each variable: (f(x + h) - f(x - h)) / (2h)."""
    for variable in variables:
        above, below = (substitute(whole, {variable: moved}) for moved in (variable + h, variable - h))
        whole = (above - below) / (2 * h)
    return whole


def _settled(quotient: Node, h: Symbol, point: Point, smallest: int) -> list[tuple[Fraction, Any]] | None:
    """Return three steps, a tenth each of the one before, at which the slope has settled; None if it never does."""
    found: list[tuple[Fraction, Any]] = []
    for power in range(1, smallest + 1):
        step = Fraction(1, 10**power)
        found = [*found[-_SHOWN + 1 :], (step, _at(quotient, h, step, point))]
        values = [value for _, value in found]
        if len(found) < _SHOWN or not all(math.isfinite(as_float(value)) for value in values):
            continue
        before, after = abs(values[0] - values[1]), abs(values[1] - values[2])
        size = abs(as_float(values[2])) or 1.0
        if after * _SHRINKS <= before or before <= _NOISE * size:
            return found
    return None


def _at(quotient: Node, h: Symbol, step: Fraction, point: Point) -> Any:
    return point[substitute(quotient, {h: _number(step)})]


def _row(step: Fraction, slope: Any, off: Any, size: float) -> tuple[Number, Number, float]:
    """Return a step, its slope to as many digits as tell it from the derivative, and the difference."""
    clean = 0.0 if abs(off) < _NOISE * size else as_float(off)
    value = as_float(slope)
    return _number(step), shown(value, _digits(slope, clean)), clean


def _digits(value: Any, off: Any) -> int:
    """Return how many significant digits show that ``value`` is off by ``off``, twelve at most."""
    size, difference = abs(as_float(value)), abs(as_float(off))
    if not size or difference < size * 10.0**-_MOST_DIGITS:
        return 5
    return min(_MOST_DIGITS, max(5, math.ceil(math.log10(size / difference)) + 2))


def _what_it_is(slope: Symbol, h: Symbol, variables: Sequence[Symbol], *, constant: bool) -> Message:
    if len(variables) > 1:
        return message(
            "{slope} is the central difference over 2{h}, taken once for each derivative, worked out at 50 digits.",
            slope=slope,
            h=h,
        )
    places = {"slope": slope, "variable": variables[0], "h": h}
    if constant:
        return message(
            "{slope} is the slope between {variable} - {h} and {variable} + {h}, worked out at 50 digits; here it is "
            "the same for every {h}.",
            **places,
        )
    return message(
        "{slope} is the slope between {variable} - {h} and {variable} + {h}, worked out at 50 digits. A tenth of {h} "
        "leaves about a hundredth of the difference: it is {slope} that is off.",
        **places,
    )


def _number(step: Fraction) -> Number:
    """Return a power of ten, exact and as it is written: 0.001, 1·10⁻⁷."""
    return Number(step, shown(step).text)


def _rounded_up(value: float) -> Number:
    """Return a bound with one digit that is not below the value."""
    exact = Decimal(repr(value))
    one = exact.quantize(Decimal((0, (1,), exact.adjusted())), rounding=ROUND_CEILING)
    return number(float(one), shown(float(one)).text)
