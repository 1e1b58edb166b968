r"""Where an integral runs: its limits and break points as pieces, each with a coordinate of its own.

A finite piece has the variable itself as coordinate. A piece that ends at infinity has u in (0, 1], with
:math:`x = c ± (1 - u)/u` and :math:`|dx| = du/u^2`: infinity is u = 0, around which floats lie densest (QUADPACK's
choice, 1983; u measured from the other end would end at x = 1e16).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["Path", "path_between"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Path:
    """The pieces of an integral, from left to right.

    Parameters
    ----------
    kind
        0 for a finite piece, 1 for one that ends at infinity, -1 for one that begins at minus infinity.
    origin
        The finite end c of an infinite piece.
    low, high
        The coordinate's range.
    """

    kind: NDArray[np.int64]
    origin: Array
    low: Array
    high: Array

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def infinite(self) -> bool:
        """Whether a piece ends at an infinity."""
        return bool(self.kind.any())

    @property
    def ends(self) -> tuple[float, ...]:
        """The limits, and between them where one piece ends and the next begins."""
        last = float(self.high[-1]) if self.kind[-1] == 0 else math.inf if self.kind[-1] > 0 else float(self.origin[-1])
        return (*(self._left(k) for k in range(len(self))), last)

    def places(self, piece: NDArray[np.int64], u: Array) -> Array:
        """Return x for coordinates u, shapes (n,) and (n,) or (n, k)."""
        if not self.infinite:
            return u
        kind, origin = self.kind[piece], self.origin[piece]
        if u.ndim == 2:
            kind, origin = kind[:, None], origin[:, None]
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            return np.where(kind == 0, u, origin + kind * ((1.0 - u) / u))

    def densities(self, piece: NDArray[np.int64], u: Array, values: Array) -> Array:
        """Return f(x)·|dx/du| for values f(x)."""
        if not self.infinite:
            return values
        kind = self.kind[piece]
        if u.ndim == 2:
            kind = kind[:, None]
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            # Divided twice, for u² is 0 from u = 1e-162 on; and 0 stays 0, where 0·∞ is undefined.
            return np.where(kind == 0, values, np.where(values == 0.0, 0.0, values / u / u))

    def coordinates(self, x: Array) -> tuple[NDArray[np.int64], Array]:
        """Return the piece and the coordinate of places x strictly inside the limits."""
        starts = np.array([self._left(k) for k in range(len(self))])
        piece = np.clip(np.searchsorted(starts, x, side="right") - 1, 0, len(self) - 1)
        kind, origin = self.kind[piece], self.origin[piece]
        return piece, np.where(kind == 0, x, 1.0 / (1.0 + np.abs(x - origin)))

    def _left(self, k: int) -> float:
        kind = self.kind[k]
        return float(self.low[k] if kind == 0 else self.origin[k] if kind > 0 else -math.inf)


def path_between(a: float, b: float, points: Iterable[float] = ()) -> Path:
    """Return the path from a to b > a, cut at those points that lie between.

    Examples
    --------
    >>> path = path_between(0.0, np.inf, [2.0])
    >>> path.kind.tolist(), path.origin.tolist()
    ([0, 1], [0.0, 2.0])
    """
    inner = sorted({float(point) for point in points if a < point < b})
    # Most functions have their scale about 0: an infinite range that holds it is cut there.
    if a < 0.0 < b and math.isinf(b - a) and 0.0 not in inner:
        inner = sorted([*inner, 0.0])
    ends = [a, *inner, b]
    rows = [_piece(left, right) for left, right in pairwise(ends)]
    kind, origin, low, high = (np.array(column) for column in zip(*rows, strict=True))
    return Path(kind.astype(np.int64), origin.astype(np.float64), low.astype(np.float64), high.astype(np.float64))


def _piece(left: float, right: float) -> Sequence[float]:
    if math.isinf(right):
        return (1, left, 0.0, 1.0)
    if math.isinf(left):
        return (-1, right, 0.0, 1.0)
    return (0, 0.0, left, right)
