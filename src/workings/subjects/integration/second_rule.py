r"""A second rule on the subintervals that the adaptive one ended with, by which an explanation checks their areas.

The double-exponential rule of Takahasi and Mori (1974): with :math:`x(t) = l + (r - l)/(1 + e^{-\pi \sinh t})` the
trapezoids in t converge as fast as rules of high order do, whether f is smooth at the ends or not. It shares no node
and no code with the rules of ``integrate``.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.subjects.integration.result import Subintervals

__all__ = ["SecondRule", "second_rule"]

Array = NDArray[np.float64]

# Steps of t. Every second node alone makes a coarser rule, which tells how exact the finer is; the smaller step is
# taken where the larger leaves more than this part of the whole.
_STEPS, _ENOUGH = (1 / 16, 1 / 32), 1e-9
# The weights beyond are below 1e-150 of the interval's length.
_FARTHEST = 5.4
# So many subintervals are looked at, at up to 345 nodes each.
_MOST = 400


@dataclass(frozen=True, eq=False)
class SecondRule:
    """Nodes, weights and values of the integrand: row i belongs to subinterval i.

    Parameters
    ----------
    places, weights, values
        (m, n) each. Nodes at which the integrand is 0 or has no finite value have weight 0.
    areas, absolute
        (m,) the sums over the rows, and those of their terms' sizes.
    within
        (m,) how far each may be off: what the coarser rule differs by, and rounding.
    """

    places: Array
    weights: Array
    values: Array
    areas: Array
    absolute: Array
    within: Array

    @property
    def settled(self) -> bool:
        """Whether the rule is exact enough to check by."""
        whole = math.fsum(self.absolute.tolist())
        return bool(math.isfinite(whole) and float(self.within.sum()) <= 1e-3 * whole)


def second_rule(cut: Subintervals, f: Callable[[Array], Any], *, sign: float = 1.0) -> SecondRule | None:
    """Return the rule on these subintervals, None where they are too many.

    Parameters
    ----------
    cut
        The subintervals.
    f
        Takes an array of places, shape (n,).
    sign
        -1 where the limits fall.
    """
    if len(cut) > _MOST:
        return None
    first = _applied(cut, f, sign, _STEPS[0])
    if float(first.within.sum()) <= _ENOUGH * math.fsum(first.absolute.tolist()):
        return first
    second = _applied(cut, f, sign, _STEPS[1])
    return second if float(second.within.sum()) <= float(first.within.sum()) else first


def _applied(cut: Subintervals, f: Callable[[Array], Any], sign: float, step: float) -> SecondRule:
    places, weights = _nodes(cut, step)
    with np.errstate(all="ignore"):
        values = np.asarray(f(places.reshape(-1)), np.float64).reshape(places.shape)
        # Where f is 0, a formula of it may be undefined: 0 · ∞ where a density counts for nothing.
        lost = ~np.isfinite(weights * values) | (weights == 0.0) | (values == 0.0)
    weights = sign * np.where(lost, 0.0, weights)
    # Such a node lies in the middle of its row, or where f is highest: a formula of f has a value there.
    spare = np.ravel_multi_index((np.arange(len(places)), places.shape[1] // 2), places.shape)
    spare = np.where(lost.flat[spare], np.where(lost, 0.0, np.abs(values)).argmax(), spare)[:, None]
    places, values = np.where(lost, places.flat[spare], places), np.where(lost, values.flat[spare], values)
    terms = weights * values
    areas = terms.sum(axis=1)
    coarse = 2.0 * terms[:, ::2].sum(axis=1)
    absolute = np.abs(terms).sum(axis=1)
    rounding = 64 * np.finfo(np.float64).eps * absolute
    within = np.abs(areas - coarse) + rounding + _beyond(cut, places, np.where(lost, 0.0, values), ~lost)
    return SecondRule(places, weights, values, areas, absolute, within)


def _beyond(cut: Subintervals, places: Array, values: Array, kept: NDArray[np.bool_]) -> Array:
    """Return about what lies beyond the outermost nodes.

    Towards a finite end, of |x - end|^-p, 1/(1 - p) rectangles of that height; towards infinity, of x^-p, 1/(p - 1)
    rectangles from 0 to the node. For either the factor is 16: p is at most 0.94, or at least 1.06.
    """
    rows = np.arange(len(places))
    lost = np.zeros(len(places))
    first, last = kept.argmax(axis=1), kept.shape[1] - 1 - kept[:, ::-1].argmax(axis=1)
    # Nodes run from an only finite end to infinity.
    falling = np.isinf(cut.low) & np.isfinite(cut.high)
    for end, node in ((np.where(falling, cut.high, cut.low), first), (np.where(falling, cut.low, cut.high), last)):
        place = places[rows, node]
        reach = np.where(np.isfinite(end), np.abs(place - np.where(np.isfinite(end), end, 0.0)), np.abs(place))
        lost += 16.0 * reach * np.abs(values[rows, node])
    return lost


def _nodes(cut: Subintervals, step: float) -> tuple[Array, Array]:
    """Return nodes and weights, at whole steps of t around 0."""
    count = int(_FARTHEST / step)
    t = np.arange(-count, count + 1, dtype=np.float64) * step
    rows = [_between(float(low), float(high), t, step) for low, high in zip(cut.low, cut.high, strict=True)]
    return np.stack([places for places, _ in rows]), np.stack([weights for _, weights in rows])


def _between(low: float, high: float, t: Array, step: float) -> tuple[Array, Array]:
    if math.isinf(low) and math.isinf(high):
        inner = 0.5 * math.pi * np.sinh(t)
        return np.sinh(inner), step * 0.5 * math.pi * np.cosh(t) * np.cosh(inner)
    if math.isinf(low) or math.isinf(high):
        # From an end on: the distance exp(π/2 sinh t).
        away = np.exp(0.5 * math.pi * np.sinh(t))
        places = low + away if math.isinf(high) else high - away
        return places, step * 0.5 * math.pi * np.cosh(t) * away
    # Each share is computed from the nearer end, where it may be far smaller than the spacing of floats near 1.
    share = 1.0 / (1.0 + np.exp(math.pi * np.sinh(np.abs(t))))
    places = np.where(t < 0, low + (high - low) * share, high - (high - low) * share)
    weights = step * (high - low) * math.pi * np.cosh(t) * share * (1.0 - share)
    # A node that rounds to an end is none: f may be infinite there.
    return places, np.where((places == low) | (places == high), 0.0, weights)
