"""A curve as points that show its jumps as gaps, its poles cut off, and the ends of its domain where they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Sampled", "connected", "sampled"]

Values = Callable[[NDArray[np.float64]], NDArray[np.float64]]

_POINTS = 601
_MOST_BREAKS = 200
# Halved so often, an interval between two points of the picture is as narrow as float64 has numbers.
_HALVINGS = 44


@dataclass(frozen=True, eq=False)
class Sampled:
    """Points of a curve.

    Parameters
    ----------
    places, values
        The points in order; a value is NaN where the line breaks.
    floor, ceiling
        What of the curve is shown: all of it, or where it runs off to infinity, the bulk.
    breaks
        Where it jumps or runs off to infinity.
    undefined
        The share of the range in which it has no value.
    """

    places: NDArray[np.float64]
    values: NDArray[np.float64]
    floor: float
    ceiling: float
    breaks: tuple[float, ...]
    undefined: float


def sampled(curve: Values, low: float, high: float) -> Sampled | None:
    """Return points of a function over a range, or None if it has no finite value there."""
    places = np.linspace(low, high, _POINTS)
    # A round range is cut at round places, so that a pole or a hole at one is met exactly.
    places = np.where(np.abs(places) < 1e-12 * max(abs(low), abs(high)), 0.0, places)
    values = curve(places)
    finite = np.isfinite(values)
    if not finite.any():
        return None
    values = connected(np.where(finite, values, np.nan))
    finite = np.isfinite(values)
    undefined = 1 - float(np.mean(finite))
    places, values = _with_edges(curve, places, values)
    places, values, breaks = _with_breaks(curve, places, values)
    floor, ceiling = _shown(values, bool(breaks))
    return Sampled(places, values, floor, ceiling, breaks, undefined)


def connected(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values without single ones between undefined ones, which are no curve: those of x^x at -1, -2, ...

    Where there is nothing else, they stay.
    """
    known = ~np.isnan(values)
    beside = np.zeros(known.shape, bool)
    beside[1:] |= known[:-1]
    beside[:-1] |= known[1:]
    return np.where(beside, values, np.nan) if (known & beside).any() else values


def _with_edges(
    curve: Values, places: NDArray[np.float64], values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Put in the last point of each stretch that has values."""
    missing = np.isnan(values)
    (at,) = np.nonzero(missing[1:] != missing[:-1])
    at = at[:_MOST_BREAKS]
    inside = np.where(missing[at], places[at + 1], places[at])
    outside = np.where(missing[at], places[at], places[at + 1])
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2
        has = np.isfinite(curve(middle)) if middle.size else np.zeros(0, bool)
        inside, outside = np.where(has, middle, inside), np.where(has, outside, middle)
    ends = curve(inside) if inside.size else inside
    return np.insert(places, at + 1, inside), np.insert(values, at + 1, ends)


def _with_breaks(
    curve: Values, places: NDArray[np.float64], values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], tuple[float, ...]]:
    """Break the line where however near two points are, their values stay apart: at jumps and poles."""
    finite = values[np.isfinite(values)]
    extent = float(np.subtract(*np.quantile(finite, [0.95, 0.05]))) or float(np.ptp(finite))
    steps = np.abs(np.diff(values))
    (at,) = np.nonzero(steps > 0.02 * extent)
    at = at[np.argsort(-steps[at])][:_MOST_BREAKS]
    at.sort()
    left, right, at_left, at_right = places[at], places[at + 1], values[at], values[at + 1]
    for _ in range(_HALVINGS):
        middle = (left + right) / 2
        value = curve(middle) if middle.size else middle
        # The half with the larger step is kept; at a pole, where a value is missing or infinite, the middle is it.
        first = ~(np.abs(value - at_left) < np.abs(at_right - value))
        left, at_left = np.where(first, left, middle), np.where(first, at_left, value)
        right, at_right = np.where(first, middle, right), np.where(first, value, at_right)
    apart = ~(np.abs(at_right - at_left) <= 0.01 * extent)
    at, left, right = at[apart], left[apart], right[apart]
    ends = (
        np.where(np.isfinite(at_left), at_left, np.nan)[apart],
        np.where(np.isfinite(at_right), at_right, np.nan)[apart],
    )
    spots = np.repeat(at + 1, 3)
    middle = (left + right) / 2
    between = np.stack([left, middle, right], axis=-1).ravel()
    heights = np.stack([ends[0], np.full(len(at), np.nan), ends[1]], axis=-1).ravel()
    return np.insert(places, spots, between), np.insert(values, spots, heights), _apart(middle, places[-1] - places[0])


def _apart(found: NDArray[np.float64], width: float) -> tuple[float, ...]:
    """Return places without those that the picture cannot tell from the one before."""
    kept: list[float] = []
    for place in found.tolist():
        if not kept or place - kept[-1] > 1e-6 * width:
            kept.append(0.0 if abs(place) < 1e-9 * width else place)
    return tuple(kept)


def _shown(values: NDArray[np.float64], broken: bool) -> tuple[float, float]:
    """Return the lowest and highest value shown, with a margin: all, or beside a pole the bulk."""
    finite = values[np.isfinite(values)]
    low, high = float(finite.min()), float(finite.max())
    first, last = np.quantile(finite, [0.05, 0.95])
    bulk = float(last - first)
    if broken and high - low > 4 * bulk > 0:
        low, high = max(low, float(first) - 0.3 * bulk), min(high, float(last) + 0.3 * bulk)
    margin = 0.06 * (high - low) or max(1.0, abs(high)) / 2
    return low - margin, high + margin
