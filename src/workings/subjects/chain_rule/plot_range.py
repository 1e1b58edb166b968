"""Where a curve shows what it does: a range around its zeros, turns and bends and the ends of its domain."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from workings.subjects.chain_rule.plot_sample import connected

__all__ = ["revealing_range"]

Values = Callable[[NDArray[np.float64]], NDArray[np.float64]]

# First one looks as far as one would on paper; further or nearer only where nothing is found there.
_SCALES = (10.0, 100.0, 1e4, 1e7, 1.0, 1e-2, 1e-5)
# A wave goes on: so many of its places of interest, those nearest to 0, show it.
_MOST = 9
# How far one looks past the outermost place of interest, in widths of what lies between: until the curve has levelled
# off there, or else by the first of these.
_FURTHER = (0.3, 0.5, 1.0, 2.0, 4.0)
_LEVEL = 0.02
_AROUND = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0)


def revealing_range(curve: Values, slopes: Sequence[Values] = (), *, points: int = 2_001) -> tuple[float, float] | None:
    """Return from where to where to draw a function, or None if it is defined nowhere.

    Parameters
    ----------
    curve
        The function, of arrays; NaN where it is undefined.
    slopes
        Its first and second derivative, for extrema and inflections.
    points
        At how many places to look.

    Examples
    --------
    >>> from workings.subjects.chain_rule.plot_range import revealing_range
    >>> revealing_range(lambda x: x * x - 1, [lambda x: 2 * x, lambda x: 2 + 0 * x])
    (-1.6, 1.6)
    """
    defined: tuple[float, float] | None = None
    for scale in _SCALES:
        places = np.linspace(-scale, scale, points)
        found, edges = _of_interest(curve, slopes, places)
        if found:
            return _around(curve, slopes, places, (found, edges))
        values = curve(places)
        if defined is None and np.isfinite(values).any():
            defined = _single(curve, _defined_at(places, values), scale, edges)
    return defined


def _of_interest(
    curve: Values, slopes: Sequence[Values], places: NDArray[np.float64]
) -> tuple[list[float], list[float]]:
    """Return the places of interest, those nearest to the middle first, and which of them are ends of the domain."""
    values = connected(curve(places))
    edges = _edges(places, values)
    turns = [_turns(places, values), *(_turns(places, slope(places)) for slope in slopes)]
    middle = float(places[0] + places[-1]) / 2
    return sorted({*edges}.union(*turns), key=lambda place: abs(place - middle)), edges


def _around(
    curve: Values,
    slopes: Sequence[Values],
    places: NDArray[np.float64],
    interest: tuple[list[float], list[float]],
    *,
    looks: int = 4,
) -> tuple[float, float]:
    found, edges = interest
    many = len(found) > _MOST
    found = found[:_MOST]
    low, high = min(found), max(found)
    width = high - low
    if width == 0 and edges and looks:  # what is next to the end of the domain is lost between two steps
        step = float(places[1] - places[0])
        nearer = np.linspace(low - 5 * step, low + 5 * step, len(places))
        again = _of_interest(curve, slopes, nearer)
        if len(again[0]) > 1:
            return _around(curve, slopes, nearer, again, looks=looks - 1)
    if width == 0:
        return _single(curve, low, float(places[-1] - places[0]) / 2, edges)
    if width < 0.05 * float(places[-1] - places[0]) and looks:  # too near to each other for these steps: once more
        nearer = np.linspace(low - 2 * width, high + 2 * width, len(places))
        again = _of_interest(curve, slopes, nearer)
        if again[0]:
            return _around(curve, slopes, nearer, again, looks=looks - 1)
    if many:
        return _rounded(low - 0.1 * width, high + 0.1 * width, edges)
    left = low - (0.05 if low in edges else _further(curve, low, -1, width)) * width
    right = high + (0.05 if high in edges else _further(curve, high, 1, width)) * width
    # Of a domain that ends on one side, more is seen on the other.
    if low in edges and high not in edges:
        right = max(right, high + 3 * width)
    elif high in edges and low not in edges:
        left = min(left, low - 3 * width)
    return _rounded(left, right, edges)


def _defined_at(places: NDArray[np.float64], values: NDArray[np.float64]) -> float:
    defined = places[np.isfinite(values)]
    return float(defined[np.argmin(np.abs(defined))])


def _single(curve: Values, center: float, scale: float, edges: Sequence[float]) -> tuple[float, float]:
    """Return the range about one place: as wide as the curve needs to level off, if it does."""
    unit = max(1.0, abs(center)) if scale >= 1 else scale / 5
    offsets = np.array(_AROUND) * unit
    sides = curve(np.concatenate([center - offsets, center + offsets, [center]]))
    moved = np.nan_to_num(np.abs(sides[:-1] - sides[-1]).reshape(2, -1).max(axis=0), nan=np.inf, posinf=np.inf)
    reach = offsets[-1]
    if np.isfinite(moved).all() and moved[-1] > 0:
        levelled = int(np.argmax(moved >= (1 - _LEVEL) * moved.max()))
        # What is level at once is a jump: it is seen best with some of both levels.
        reach = offsets[levelled or -1]
    return _rounded(center - (0.05 if _ends(curve, center, -1, unit) else 1) * reach,
                    center + (0.05 if _ends(curve, center, 1, unit) else 1) * reach, edges)  # fmt: skip


def _ends(curve: Values, place: float, side: int, unit: float) -> bool:
    """Return whether the function has no values on this side."""
    return not np.isfinite(curve(place + side * unit * np.linspace(1e-6, 5, 101))).any()


def _further(curve: Values, place: float, side: int, width: float) -> float:
    """Return how many widths to look past ``place``: until the curve has levelled off, or a little."""
    inside = curve(np.linspace(place, place - side * width, 201))
    extent = np.ptp(inside[np.isfinite(inside)]) if np.isfinite(inside).any() else math.inf
    shares = np.array([*_FURTHER, 10.0])
    values = curve(place + side * shares * width)
    settled = np.abs(values - values[-1]) <= _LEVEL * extent
    for share, level in zip(_FURTHER, settled[:-1], strict=True):
        if level:
            return share
    return _FURTHER[0]


def _edges(places: NDArray[np.float64], values: NDArray[np.float64]) -> list[float]:
    """Return where stretches without a value begin and end; a single missing point is no stretch."""
    missing = np.isnan(values)
    changes = np.flatnonzero(missing[1:] != missing[:-1])
    found: list[float] = []
    for k in changes:
        # Two points without a value beside two with one: else it is a hole, or a single point.
        if k >= 1 and k + 2 < len(places) and missing[k - 1] == missing[k] and missing[k + 2] == missing[k + 1]:
            found.append(float(places[k + 1] if missing[k] else places[k]))
    return found


def _turns(places: NDArray[np.float64], values: NDArray[np.float64]) -> list[float]:
    """Return where the sign changes, through zero or through a pole."""
    # What rounding leaves of a zero has no sign.
    size = np.abs(values[np.isfinite(values)])
    noise = 1e-12 * float(np.median(size)) if size.size else 0.0
    sign = np.where(np.isfinite(values) & (np.abs(values) > noise), np.sign(values), 0.0)
    seen = np.flatnonzero(sign)
    change = np.flatnonzero(sign[seen[1:]] != sign[seen[:-1]])
    found: list[float] = []
    for before, after in zip(seen[change], seen[change + 1], strict=True):
        if after == before + 1:
            a, b = float(values[before]), float(values[after])
            share = a / (a - b)
            found.append(float(places[before] + share * (places[after] - places[before])))
        else:
            found.append(float(places[before] + places[after]) / 2)
    return [0.0 if abs(place) < 1e-9 * float(np.abs(places).max()) else place for place in found]


def _rounded(low: float, high: float, edges: Sequence[float]) -> tuple[float, float]:
    """Return a range outward to round numbers, except where the domain ends."""
    size = 10.0 ** math.floor(math.log10(high - low))
    step = next(size / cut for cut in (1, 2, 5, 10, 20) if (high - low) * cut / size >= (16 if edges else 8))
    return float(np.floor(low / step + 1e-9) * step), float(np.ceil(high / step - 1e-9) * step)
