"""Genz and Malik's pair of rules over boxes, and the coordinates in which infinite sides are finite."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays.blas import product
from workings.subjects.integration.points import Points
from workings.subjects.integration.result import Boxes
from workings.subjects.integration.rule import ROUNDING

__all__ = ["Measured", "Space", "genz_malik", "measured", "values_at"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Measured:
    """Boxes in the coordinates of :class:`Space`, one a row, and what the rules made of each.

    Parameters
    ----------
    centre, half
        (n, d) the middle of each box and half its sides.
    value, error, absolute
        (n,) the integral, the estimate of its error and ∫|f|; the error is infinite where f is undefined at a node.
    axis
        (n,) along which axis f bends most.
    depth
        (n,) from how many halvings it came.
    undefined
        (n,) whether f is undefined at most of its nodes.
    raised
        (n,) whether the estimate was raised by what halving had shown.
    """

    centre: Array
    half: Array
    value: Array
    error: Array
    absolute: Array
    axis: NDArray[np.int64]
    depth: NDArray[np.int64]
    undefined: NDArray[np.bool_]
    raised: NDArray[np.bool_]

    def take(self, rows: Any) -> Measured:
        """Return some of the rows."""
        return Measured(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def joined(self, other: Measured) -> Measured:
        """Return the rows of both."""
        pairs = ((getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__)
        return Measured(*(np.concatenate(pair) for pair in pairs))


class Space:
    """The box; its infinite sides have the coordinate u of a path, or t with x = t/(1 - t²) between two infinities."""

    def __init__(self, low: Array, high: Array) -> None:
        self.kind = 2 * np.isinf(low) + np.isinf(high)
        self.origin = np.where(self.kind == 1, low, np.where(self.kind == 2, high, 0.0))
        self.low = np.where(self.kind == 0, low, np.where(self.kind == 3, -1.0, 0.0))
        self.high = np.where(self.kind == 0, high, 1.0)

    def mapped(self, u: Array) -> tuple[Array, Array]:
        """Return points x and |dx/du|, for u (n, d)."""
        if not self.kind.any():
            return u, np.ones(len(u))
        x, weight = u.copy(), np.ones(len(u))
        for axis in np.flatnonzero(self.kind):
            t = u[:, axis]
            if self.kind[axis] == 3:
                rest = (1.0 - t) * (1.0 + t)
                x[:, axis], weight = t / rest, weight * (1.0 + t * t) / (rest * rest)
            else:
                side = 1.0 if self.kind[axis] == 1 else -1.0
                x[:, axis], weight = self.origin[axis] + side * ((1.0 - t) / t), weight / (t * t)
        return x, weight

    def boxes(self, found: Measured, sign: float) -> Boxes:
        """Return where boxes of u lie among the points x, and what was found over each."""
        with np.errstate(all="ignore"):
            one, other = (self.mapped(edge)[0] for edge in (found.centre - found.half, found.centre + found.half))
        # At t = ±1 and u = 0, where x is infinite, the maps divide by 0.
        one = np.where(np.isnan(one), -np.inf, one)
        other = np.where(np.isnan(other), np.inf, other)
        return Boxes(
            np.minimum(one, other),
            np.maximum(one, other),
            sign * found.value,
            found.error,
            found.centre,
            found.half,
            found.raised,
        )


@lru_cache(maxsize=8)
def genz_malik(dimensions: int) -> tuple[Array, Array, Array]:
    """Return the nodes in (-1, 1)^d, the weights of degree 7 and those of degree 5, each adding up to 1.

    Genz & Malik 1980, table 1: the centre; ±λ₂ and ±λ₃ on each axis; (±λ₃, ±λ₃) on each pair of axes; all corners ±λ₅.
    """
    d = dimensions
    axes = np.eye(d)
    pairs = list(itertools.combinations(range(d), 2))
    two, three, five = math.sqrt(9 / 70), math.sqrt(9 / 10), math.sqrt(9 / 19)
    inner = [sign * two * axis for axis in axes for sign in (1, -1)]
    outer = [sign * three * axis for axis in axes for sign in (1, -1)]
    mixed = [three * (s * axes[i] + t * axes[j]) for i, j in pairs for s in (1, -1) for t in (1, -1)]
    corners = [five * np.array(signs) for signs in itertools.product((1.0, -1.0), repeat=d)]
    nodes = np.array([np.zeros(d), *inner, *outer, *mixed, *corners])
    counts = (1, len(inner), len(outer), len(mixed), len(corners))
    seven = (
        (12824 - 9120 * d + 400 * d * d) / 19683,
        980 / 6561,
        (1820 - 400 * d) / 19683,
        200 / 19683,
        6859 / 19683 / 2**d,
    )
    lower = ((729 - 950 * d + 50 * d * d) / 729, 245 / 486, (265 - 100 * d) / 1458, 25 / 729, 0.0)
    return nodes, np.repeat(seven, counts), np.repeat(lower, counts)


def values_at(points: Points, space: Space, centre: Array, half: Array) -> Array:
    """Return f·|dx/du| at the rule's nodes on boxes, (n, nodes)."""
    d = centre.shape[1]
    x, weight = space.mapped((centre[:, None, :] + half[:, None, :] * genz_malik(d)[0]).reshape(-1, d))
    raw = points(x)
    return np.where(raw == 0.0, 0.0, raw * weight).reshape(len(centre), -1)


def measured(points: Points, space: Space, centre: Array, half: Array, depth: NDArray[np.int64]) -> Measured:
    """Return what the rules make of boxes; the parameters are those of :class:`Measured`."""
    d = centre.shape[1]
    _, seven, five = genz_malik(d)
    values = values_at(points, space, centre, half)
    bad = ~np.isfinite(values)
    values = np.where(bad, 0.0, values)
    volume = np.prod(2.0 * half, axis=1)
    value, absolute = product(values, seven) * volume, product(np.abs(values), np.abs(seven)) * volume
    error = np.maximum(np.abs(value - product(values, five) * volume), ROUNDING * absolute)
    # The fourth difference along each axis: f(±λ₂) - 2f(0) less λ₂²/λ₃² = 1/7 of f(±λ₃) - 2f(0).
    middle = values[:, :1]
    inner = values[:, 1 : 1 + 2 * d].reshape(-1, d, 2).sum(axis=2) - 2.0 * middle
    outer = values[:, 1 + 2 * d : 1 + 4 * d].reshape(-1, d, 2).sum(axis=2) - 2.0 * middle
    bend = np.abs(inner - outer / 7.0)
    # Where no axis bends more than rounding, the longest side.
    flat = bend.max(axis=1) <= 1e-14 * np.abs(values).max(axis=1)
    longest = half / (space.high - space.low)
    axis = np.where(flat, longest.argmax(axis=1), bend.argmax(axis=1))
    error = np.where(bad.any(axis=1), np.inf, error)
    return Measured(
        centre, half, value, error, absolute, axis, depth, bad.mean(axis=1) > 0.5, np.zeros(len(centre), bool)
    )
