"""Subintervals that many integrals share, each with a pair of rules of its own, and all their nodes in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workings.subjects.integration.path import Path
from workings.subjects.integration.rule import ORDERS, RULES, interpolation
from workings.subjects.integration.support import END, GOLDEN, NEAR

__all__ = ["Looks", "Mesh", "Nodes"]

Array = NDArray[np.float64]
Places = NDArray[np.int64]
Looks = Literal["none", "few", "many"]
"""Where an integrand is looked at besides the nodes: nowhere, in a tenth as many places, or as one integral is."""


@dataclass(frozen=True, eq=False)
class Nodes:
    """Where the integrands of a mesh are computed, and what is summed of the values.

    Parameters
    ----------
    x
        (rows,) the places: the nodes of one subinterval after the other, then those between the nodes.
    u
        (rows,) their coordinates, 1 in finite pieces; None where all pieces are.
    starts
        (subintervals + 1,) at which row each subinterval's nodes begin.
    kronrod, gauss
        The weights of each node.
    half
        (subintervals,) half their lengths.
    looks
        (subintervals + 1,) at which row of the places between each subinterval's begin, counted from the first of them.
    stretch
        How long a part of the coordinate's range each place between stands for.
    matrix
        What interpolates from a subinterval's nodes to each place between them, one row after the other.
    """

    x: Array
    u: Array | None
    starts: Places
    kronrod: Array
    gauss: Array
    half: Array
    looks: Places
    stretch: Array
    matrix: Array

    def densities(self, values: Array) -> Array:
        """Return f(x)·|dx/du| for values (rows, members)."""
        if self.u is None:
            return values
        u = self.u[:, None]
        with np.errstate(all="ignore"):
            # Divided twice, for u² is 0 from u = 1e-162 on; and 0 stays 0, where 0·∞ is undefined.
            return np.where(values == 0.0, 0.0, values / u / u)


@dataclass(frozen=True, eq=False)
class Mesh:
    """Subintervals of a path.

    Parameters
    ----------
    path
        What they are a part of.
    piece, low, high
        Which piece of it each belongs to, and the coordinate's range.
    order
        How many nodes each has.
    """

    path: Path
    piece: Places
    low: Array
    high: Array
    order: Places

    def __len__(self) -> int:
        return len(self.low)

    def nodes(self, looks: Looks) -> Nodes:
        """Return the nodes and the places between them."""
        orders = tuple(self.order.tolist())
        if looks == "many":
            between = [_with_more(_between(order), *more) for order, more in zip(orders, self._spread(), strict=True)]
            row = _rows_of(orders, between)
        else:
            row = _row_of_orders(orders, between=looks == "few")
        half = 0.5 * (self.high - self.low)
        u, piece = (0.5 * (self.low + self.high))[row.row] + half[row.row] * row.relative, self.piece[row.row]
        return Nodes(
            self.path.places(piece, u),
            np.where(self.path.kind[piece] == 0, 1.0, u) if self.path.infinite else None,
            row.starts,
            row.kronrod,
            row.gauss,
            half,
            row.looks,
            row.stretch * half[row.row[row.starts[-1] :]],
            row.matrix,
        )

    def _spread(self) -> list[tuple[int, Array, Array]]:
        """Return for each subinterval its order, and places of (-1, 1) out of many over the whole path."""
        found: list[tuple[int, Array, Array]] = []
        pieces = {int(k): _many(self.path, int(k)) for k in np.unique(self.piece)}
        for k, low, high, order in zip(
            self.piece.tolist(), self.low.tolist(), self.high.tolist(), self.order.tolist(), strict=True
        ):
            u, width = pieces[k]
            mine = (low < u) & (u < high)
            half = 0.5 * (high - low)
            found.append((order, (u[mine] - 0.5 * (low + high)) / half, np.minimum(width[mine] / half, 2.0)))
        return found

    def halves(self, rows: Places) -> Mesh:
        """Return the halves of some subintervals, all left ones first; two have no fewer nodes than the whole."""
        middle = 0.5 * (self.low[rows] + self.high[rows])
        order = np.array(
            [next(order for order in ORDERS if 2 * order >= whole) for whole in self.order[rows].tolist()], np.int64
        )
        return Mesh(
            self.path,
            np.concatenate([self.piece[rows], self.piece[rows]]),
            np.concatenate([self.low[rows], middle]),
            np.concatenate([middle, self.high[rows]]),
            np.concatenate([order, order]),
        )

    def bisected(self, rows: Places) -> Mesh:
        """Return the mesh with some subintervals halved."""
        return self.rows(np.setdiff1d(np.arange(len(self)), rows)).joined(self.halves(rows))

    def rows(self, rows: Places) -> Mesh:
        """Return some of the subintervals."""
        return Mesh(self.path, self.piece[rows], self.low[rows], self.high[rows], self.order[rows])

    def joined(self, *others: Mesh) -> Mesh:
        """Return these subintervals and those of other meshes of the path."""
        parts = (self, *others)
        return Mesh(
            self.path,
            np.concatenate([part.piece for part in parts]),
            np.concatenate([part.low for part in parts]),
            np.concatenate([part.high for part in parts]),
            np.concatenate([part.order for part in parts]),
        )

    def ordered(self, order: Places) -> Mesh:
        """Return the same subintervals with other numbers of nodes."""
        return Mesh(self.path, self.piece, self.low, self.high, order)


@dataclass(frozen=True, eq=False)
class _Between:
    places: Array
    stretch: Array
    matrix: Array


@lru_cache(maxsize=len(ORDERS))
def _between(order: int) -> _Between:
    """Return places between the nodes of (-1, 1): one at each end, where the nodes leave a gap, and some inside.

    Those inside lie midway between two nodes, where a polynomial through the nodes is farthest off what is not smooth.
    """
    nodes = RULES[order].nodes
    after = (np.modf(np.arange(1, order // 20 + 1) * GOLDEN)[0] * (order - 1)).astype(int)
    inside = 0.5 * (nodes[after] + nodes[after + 1])
    places = np.concatenate([[-END, END], inside])
    stretch = np.concatenate([np.full(2, 1.0 - nodes[-1]), np.full(len(inside), 2.0 / len(inside))])
    return _Between(places, stretch, interpolation(nodes, places))


_NOWHERE = _Between(np.zeros(0), np.zeros(0), np.zeros((0, 0)))


def _with_more(found: _Between, order: int, places: Array, stretch: Array) -> _Between:
    matrix = interpolation(RULES[order].nodes, places)
    return _Between(
        np.concatenate([found.places, places]),
        np.concatenate([found.stretch, stretch]),
        np.concatenate([found.matrix, matrix]),
    )


@dataclass(frozen=True, eq=False)
class _Row:
    """What :class:`Nodes` has of subintervals (-1, 1) of some orders, and to which of them each place belongs."""

    relative: Array
    row: Places
    starts: Places
    kronrod: Array
    gauss: Array
    looks: Places
    stretch: Array
    matrix: Array


def _rows_of(orders: Sequence[int], between: Sequence[_Between]) -> _Row:
    counts = [len(found.places) for found in between]
    rows = np.arange(len(orders))
    return _Row(
        np.concatenate([*(RULES[order].nodes for order in orders), *(found.places for found in between)]),
        np.concatenate([np.repeat(rows, orders), np.repeat(rows, counts)]),
        np.concatenate([[0], np.cumsum(orders)]),
        np.concatenate([RULES[order].kronrod for order in orders]),
        np.concatenate([RULES[order].gauss for order in orders]),
        np.concatenate([[0], np.cumsum(counts)]),
        np.concatenate([found.stretch for found in between]),
        np.concatenate([found.matrix.reshape(-1) for found in between]),
    )


# A call of a family asks for a dozen of them, and the next call often for the same.
@lru_cache(maxsize=64)
def _row_of_orders(orders: tuple[int, ...], *, between: bool) -> _Row:
    return _rows_of(orders, [_between(order) if between else _NOWHERE for order in orders])


def _many(path: Path, piece: int) -> tuple[Array, Array]:
    """Return coordinates all over a piece, and how long a stretch each stands for, as one integral is looked at."""
    even = np.modf((np.arange(1, 144 // len(path) + 1) + 0.5) * GOLDEN)[0]
    if path.kind[piece] == 0:
        low, width = path.low[piece], path.high[piece] - path.low[piece]
        u = low + width * np.concatenate([NEAR, even, 1.0 - NEAR])
    else:
        u = np.concatenate([even, 1.0 / (1.0 + np.geomspace(1e-2, 1e5, 512 // len(path)))])
    u = np.sort(u)
    return u, np.diff(np.concatenate([u[:1], 0.5 * (u[1:] + u[:-1]), u[-1:]]))
