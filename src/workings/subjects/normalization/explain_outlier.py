"""What one outlier does to the other values of a column, said with the figures that it would have without it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from workings.expression import (
    absolute,
    at_most,
    equation,
    indexed,
    iverson,
    largest,
    smallest,
    sqrt,
    symbol,
    symbols,
    total,
)
from workings.language import message
from workings.subjects.normalization.summary import column_moments
from workings.working import Derivation, shown

__all__ = ["note_far_value", "note_squeezed"]

Array = NDArray[np.float64]

# Values are said to be squeezed where nine in ten lie in one tenth of the range.
_MOST, _PART = 0.9, 0.1
# Beyond so many deviations a value is pointed out: of 1,000 normal values about 3 lie there.
_FAR = 3.0
# So is one without which the deviation would be so many times less: of three values none lies farther than √2.
_WIDENED = 5.0
# Of no more values it is told what would be without one of them: each figure is a sum over all, evaluated again.
_MOST_VALUES = 100_000


def note_squeezed(w: Derivation, values: Array, least: float, greatest: float) -> None:
    """Point out that one end of the range lies far from the values, and what the range would be without it."""
    if len(values) < 3:
        return
    part = (values - least) / (greatest - least)
    low, high = int((part <= _PART).sum()), int((part >= 1.0 - _PART).sum())
    if max(low, high) < min(_MOST * len(values), len(values) - 1) - 1e-9:
        return
    end = greatest if low >= high else least
    _count(w, part if low >= high else 1.0 - part, above=low < high)
    places = {"count": max(low, high), "all": len(values), "end": shown(end)}
    others = _without(values, int(part.argmax() if low >= high else part.argmin()))
    narrower = float(np.ptp(others))
    if len(values) > _MOST_VALUES or narrower > (greatest - least) / 2:
        w.note(
            message(
                "{count} of {all} values {count:is|are} squeezed into a tenth of the range, because one end of it, "
                "{end}, lies far from them. A z-score feels one value among many less.",
                **places,
            )
        )
        return
    i, y, m = symbols("i y m")
    w.given("m", len(others), message("how many values there are without {x}", x=shown(end)))
    w.given("y", others, message("the values without {x}", x=shown(end)))
    without = symbol("r₋", latex="r_{-}")
    rule = equation(without, largest(indexed(y, i), i, 1, m) - smallest(indexed(y, i), i, 1, m))
    w.line("range_without", rule, narrower, place="sentence", absolute=1e-15 * (abs(least) + abs(greatest)))
    w.note(
        message(
            "{count} of {all} values {count:is|are} squeezed into a tenth of the range, because one end of it, "
            "{end}, lies far from them. Without that one value the range would be {narrower} instead of {range}, "
            "and the others would fill it. A z-score feels one value among many less.",
            narrower=shown(narrower),
            range=shown(greatest - least),
            **places,
        )
    )


def _count(w: Derivation, part: Array, *, above: bool) -> None:
    """Derive how many values lie in one tenth of the range."""
    i, n, x, low, high, spread = symbols("i n x min max r")
    off = high - indexed(x, i) if above else indexed(x, i) - low
    # A value that rounding may move over the edge of the tenth may count or not.
    on_the_edge = int((np.abs(part - _PART) <= 1e-12).sum())
    count = total(iverson(at_most(off, spread / 10)), i, 1, n)
    w.line("squeezed", count, int((part <= _PART).sum()), place="sentence", absolute=float(on_the_edge))


def note_far_value(
    w: Derivation, values: Array, mean: float, spread: float, *, ddof: int, left: float, digits: int
) -> None:
    """Point out a value that lies far from the others, and what mean and deviation would be without it.

    ``left`` is how far rounding may have moved the mean, ``digits`` with how many digits it is shown.
    """
    if len(values) < 3 or len(values) - 1 <= ddof:
        return
    k = int(np.abs(values - mean).argmax())
    far = abs(float(values[k]) - mean) / spread
    i, x, y, m, mean_, spread_ = symbols("i x y m x̄ s")
    moved = left / spread
    if len(values) > _MOST_VALUES:
        if far > _FAR:
            distance = absolute(indexed(x, k + 1) - mean_) / spread_
            w.line("far", distance, far, place="sentence", absolute=moved * (1.0 + far))
            w.note(
                message(
                    "The value {x} lies {z} deviations from the mean. It has drawn the mean towards itself and widened "
                    "the deviation, so that the other values lie closer together than without it.",
                    x=shown(float(values[k]), digits),
                    z=shown(far, 3),
                )
            )
        return
    others = _without(values, k)
    moments = column_moments(others.reshape(-1, 1))
    center, narrower = float(moments.mean[0]), math.sqrt(float(moments.variance(ddof)[0]))
    if far <= _FAR and narrower * _WIDENED >= spread:
        return
    w.given("m", len(others), message("how many values there are without {x}", x=shown(float(values[k]))))
    w.given("y", others, message("the values without {x}", x=shown(float(values[k]))))
    average, without = symbol("ȳ", latex=r"\bar{y}"), symbol("s₋", latex="s_{-}")
    rule = equation(average, 1 / m * total(indexed(y, i), i, 1, m))
    w.line("mean_without", rule, center, place="sentence", absolute=left)
    squares = total((indexed(y, i) - average) ** 2, i, 1, m)
    rule = equation(without, sqrt(squares / (m - ddof if ddof else m)))
    w.line("std_without", rule, narrower, place="sentence", absolute=left)
    distance = absolute(indexed(x, k + 1) - mean_) / spread_
    w.line("far", distance, far, place="sentence", absolute=moved * (1.0 + far))
    ends = (others.min() - mean) / spread, (others.max() - mean) / spread
    for key, end, z in zip(("lowest", "highest"), (smallest, largest), ends, strict=True):
        rule = (end(indexed(y, i), i, 1, m) - mean_) / spread_
        w.line(key, rule, float(z), place="sentence", absolute=moved * (1.0 + abs(z)))
    w.note(
        message(
            "The value {x} lies {z} deviations from the mean. Without it the mean would be {center} instead of {mean} "
            "and the deviation {narrower} instead of {spread}; with it, the others lie between z = {low} and "
            "z = {high}.",
            x=shown(float(values[k]), digits),
            z=shown(far, 3),
            center=shown(center, digits),
            mean=shown(mean, digits),
            narrower=shown(narrower),
            spread=shown(spread),
            low=shown(float(ends[0]), 3),
            high=shown(float(ends[1]), 3),
        )
    )


def _without(values: Array, place: int) -> Array:
    return np.delete(values, place)
