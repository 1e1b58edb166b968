"""The derivative held against what needs no rule: the slope between two near points."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any

from workings.expression import Node, Number, Symbol, absolute, at_most, equation, number, substitute, symbol
from workings.language import Message, message
from workings.subjects.chain_rule.explain_point import Point, as_float
from workings.subjects.chain_rule.explain_structure import free_letter
from workings.working import Derivation, Derived, Table, shown

__all__ = [
    "NOISE", "against_a_difference", "against_differences", "against_one_direction", "compare_each",
    "settled_difference", "step_letter", "step_number",
]  # fmt: skip

# Steps of 10⁻¹ down to 10⁻²⁴: there two values still share no more than half of 50 digits.
_SMALLEST = 24
_SHOWN = 3
# Of a smooth function a tenth of the step leaves a hundredth of the error; a twentieth is taken as on its way there.
_SHRINKS = 20
# And a difference that the last step still moves by more than this part of it tells too little.
_NEAR = 1e-3
# What is left of 50 digits after the subtraction of two such values; and what floats are trusted with.
NOISE, _FLOOR = 1e-25, 1e-12
_MOST_DIGITS = 12
# Sums over many rows are worked out in floats, of which a difference over 2h = 0.002 loses three digits or a few more.
_FLOAT_NOISE = 1e-8


def against_a_difference(
    w: Derivation,
    whole: Node,
    derivative: Node,
    variables: Sequence[Symbol],
    point: Point,
    *,
    taken: Collection[str],
    what: Message | None = None,
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
    what
        What the table shows, where that is more than a slope by the variables.
    """
    h, slope = step_letter(taken), symbol(free_letter("DSMQ", taken))
    found = _settled(_quotient(whole, variables, h), h, point, _SMALLEST // len(variables))
    if found is None:
        _say_that_none_settles(w)
        return
    what = what or _what_it_is(slope, h, variables, constant=_constant(found))
    _compare(w, _quotient(whole, variables, h), derivative, found, point, names=(h, slope), what=what)


def against_differences(
    w: Derivation, whole: Node, derivatives: Mapping[Symbol, Node], point: Point, *, taken: Collection[str]
) -> None:
    """Write one table with a central difference for each variable, and claim that every derivative agrees with its own.

    Parameters
    ----------
    w, whole, point, taken
        As in :func:`against_a_difference`.
    derivatives
        The name of the derivative by each variable; the names are known.
    """
    compare_each(w, [(whole, [variable], name) for variable, name in derivatives.items()], point, taken=taken)


def compare_each(
    w: Derivation, derivatives: Sequence[tuple[Node, Sequence[Symbol], Node]], point: Point, *, taken: Collection[str]
) -> None:
    """Write one table of central differences, and claim that every derivative agrees with its own.

    Parameters
    ----------
    w, point, taken
        As in :func:`against_a_difference`.
    derivatives
        Each function, the variables by which it is differentiated one after the other, and its derivative's name.
    """
    h = step_letter(taken)
    rows: list[tuple[Node | Derived | None, ...]] = []
    claims: list[tuple[Node, Number]] = []
    noise = 0.0
    for whole, variables, name in derivatives:
        found = _settled(_quotient(whole, variables, h), h, point, _SMALLEST // len(variables))
        if found is None:
            rows.append((name, None, None, None))
            continue
        step, value = found[-1]
        noise = max(noise, _noise(point) * _size(value))
        slope = symbol(f"{free_letter('DSMQ', taken)}_{len(rows) + 1}")
        last = substitute(_quotient(whole, variables, h), {h: step_number(step)})
        off = Derived(_clean(value - point[name], value), last - name)
        rows.append((name, step_number(step), Derived(as_float(value), equation(slope, last)), off))
        claims.append((slope - name, _bound(found, point)))
    heads = (message("derivative"), h, message("central difference"), message("off by"))
    w.table(
        "differences",
        Table(heads, tuple(rows), note=_what_they_are(h, point)),
        title=message("Beside central differences"),
        absolute=noise,
    )
    for place, (off_by, bound) in enumerate(claims, 1):
        w.claim(f"agrees_{place}", at_most(absolute(off_by), bound), place="sentence")


def _what_they_are(h: Symbol, point: Point) -> Message:
    if point.is_large:
        return message(
            "Worked out in floats, of whose digits a difference loses some. What they are off by is an error of the "
            "differences."
        )
    return message(
        "Worked out at 50 digits. What they are off by is an error of the differences, of the order of {h}².", h=h
    )


def against_one_direction(
    w: Derivation, whole: Node, derivatives: Mapping[Symbol, Node], point: Point, *, taken: Collection[str]
) -> None:
    """Write central differences along one direction in which every variable moves, each at a pace of its own.

    The first moves by h, the second by 2h, the third by 3h: two values of the formula test every derivative at once,
    and errors of the same size do not cancel.
    """
    h, letter = step_letter(taken), free_letter("DSMQ", taken)
    slope, along = symbol(letter), symbol(free_letter("DSMQ", [*taken, letter]))
    paces = dict(enumerate(derivatives.items(), 1))
    above = substitute(whole, {variable: variable + pace * h for pace, (variable, _) in paces.items()})
    below = substitute(whole, {variable: variable - pace * h for pace, (variable, _) in paces.items()})
    quotient = (above - below) / (2 * h)
    found = _settled(quotient, h, point, _SMALLEST)
    if found is None:
        _say_that_none_settles(w)
        return
    total = reduce(add, [pace * name for pace, (_, name) in paces.items()])
    value = point[total]
    w.line("along", equation(along, total), as_float(value), place="sentence", absolute=_FLOOR * _size(value))
    point.learn(along, value)
    first, second, third = [*derivatives][:3]
    what = message(
        "{slope} is the central difference as {first} moves by {h}, {second} by 2{h}, {third} by 3{h} and so on, "
        "worked out at 50 digits; {along} is what the partial derivatives give for that, each times its pace.",
        slope=slope,
        along=along,
        h=h,
        first=first,
        second=second,
        third=third,
    )
    _compare(w, quotient, along, found, point, names=(h, slope), what=what)


def settled_difference(
    whole: Node, variables: Sequence[Symbol], point: Point, taken: Collection[str]
) -> tuple[Number, Node, Any, Number] | None:
    """Return a central difference at a point: its step, its formula with all numbers in, its value, and a bound.

    The bound is how far the last step moved it. None if no difference settles.
    """
    h = step_letter(taken)
    quotient = _quotient(whole, variables, h)
    found = _settled(quotient, h, point, _SMALLEST // len(variables))
    if found is None:
        return None
    step, value = found[-1]
    numbers: dict[Node, Node] = {Symbol(name): shown(number) for name, number in point.values.items()}
    return step_number(step), substitute(quotient, {h: step_number(step), **numbers}), value, _bound(found, point)


def step_letter(taken: Collection[str]) -> Symbol:
    """Return the letter for a small step, one that no name uses."""
    return symbol(free_letter("hεδη", taken))


def step_number(step: Fraction) -> Number:
    """Return a power of ten, exact and as it is written: 0.001, 1·10⁻⁷."""
    return Number(step, shown(step).text)


def _compare(
    w: Derivation,
    quotient: Node,
    derivative: Node,
    found: Sequence[tuple[Fraction, Any]],
    point: Point,
    *,
    names: tuple[Symbol, Symbol],
    what: Message,
) -> None:
    h, slope = names
    true = point[derivative]
    step, value = found[-1]
    noise = _noise(point) * _size(value)
    off = slope - derivative
    if not point.is_large:
        digits = [_digits(v, v - true) for _, v in found]
        rows = [
            (step_number(s), shown(as_float(v), k), _clean(v - true, v))
            for k, (s, v) in zip(digits, found, strict=True)
        ]
        w.table(
            "differences",
            Table((h, equation(slope, quotient), equation(off, quotient - derivative)), tuple(rows), note=what),
            title=message("Beside the central difference"),
            absolute=noise,
        )
    last = equation(slope, substitute(quotient, {h: step_number(step)}))
    w.line("difference", last, as_float(value), place="sentence", absolute=noise)
    bound = _bound(found, point)
    moved = message(
        "{bound} is what the last step, to {step}, has moved {slope} itself.",
        bound=bound,
        slope=slope,
        step=equation(h, step_number(step)),
    )
    w.claim(
        "agrees",
        at_most(absolute(off), bound),
        title=message("Near enough"),
        digits=_digits(value, value - true),
        note=None if _constant(found) else moved,
    )


def _what_it_is(slope: Symbol, h: Symbol, variables: Sequence[Symbol], *, constant: bool) -> Message:
    places = {"slope": slope, "h": h, "variable": variables[0]}
    if len(variables) > 1:
        return message(
            "{slope} is the central difference over 2{h}, taken once for each derivative, worked out at 50 digits.",
            **places,
        )
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


def _quotient(whole: Node, variables: Sequence[Symbol], h: Node) -> Node:
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
        found = [*found[-_SHOWN + 1 :], (step, point[substitute(quotient, {h: step_number(step)})])]
        values = [value for _, value in found]
        if len(found) < _SHOWN or not all(math.isfinite(as_float(value)) for value in values):
            continue
        before, after = abs(values[0] - values[1]), abs(values[1] - values[2])
        near = after <= _NEAR * (abs(values[2]) or 1)
        if (near and after * _SHRINKS <= before) or before <= _noise(point) * _size(values[2]):
            return found
    return None


def _say_that_none_settles(w: Derivation) -> None:
    w.note(message("No central difference settles at this point, so the derivative was not held against one."))


def _constant(found: Sequence[tuple[Fraction, Any]]) -> bool:
    """Whether the difference is the same for every step, as of a parabola."""
    return _moved(found) <= _FLOOR * _size(found[-1][1])


def _moved(found: Sequence[tuple[Fraction, Any]]) -> float:
    return abs(as_float(found[-2][1] - found[-1][1]))


def _noise(point: Point) -> float:
    """Return what part of a difference is no more than rounding."""
    return _FLOAT_NOISE if point.is_large else NOISE


def _bound(found: Sequence[tuple[Fraction, Any]], point: Point) -> Number:
    """Return how far the last step moved the difference, rounded up to one digit; no less than floats can tell."""
    floor = _FLOAT_NOISE if point.is_large else _FLOOR
    exact = Decimal(repr(max(_moved(found), floor * _size(found[-1][1]))))
    one = float(exact.quantize(Decimal((0, (1,), exact.adjusted())), rounding=ROUND_CEILING))
    return number(one, shown(one).text)


def _clean(off: Any, value: Any) -> float:
    """Return a difference, 0 where it is no more than the last of 50 digits."""
    return 0.0 if abs(off) < NOISE * _size(value) else as_float(off)


def _size(value: Any) -> float:
    return abs(as_float(value)) or 1.0


def _digits(value: Any, off: Any) -> int:
    """Return how many significant digits show that ``value`` is off by ``off``, twelve at most."""
    size, difference = abs(as_float(value)), abs(as_float(off))
    if not size or difference < size * 10.0**-_MOST_DIGITS:
        return 5
    return min(_MOST_DIGITS, max(5, math.ceil(math.log10(size / difference)) + 2))
