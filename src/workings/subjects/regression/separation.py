r"""Whether a logistic cost without a penalty has no minimum, because some direction parts a class from the rest.

A direction d separates if no row lies on the wrong side of its plane, and some row beside it:
:math:`x_i \cdot d \ge 0` for every yes and :math:`\le 0` for every no, not all 0. Along it the cost falls for ever,
and only where there is one has it no minimum (Albert and Anderson 1984, *Biometrika* 71, 1-10). Where rows lie on the
plane itself (quasi-complete separation) no iterate puts every row on its right side, and a method takes the flat far
end of the cost for its minimum. So the direction in which an iteration was still going at its end is tried: it is freed
of what moves the rows that lie on its plane, and then every row is asked on which side it lies.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from workings.language import message
from workings.subjects.regression.iteration import Outcome, Status
from workings.subjects.regression.rows import Fold, Rows

__all__ = ["Sides", "told_if_separated"]

Array = NDArray[np.float64]

# Of the way that the farthest row goes, what a row on the plane goes at most: the iteration still settles a little.
_ON_THE_PLANE = 0.01
# Parts of a row's own size, the sum of |x_j d_j|, and of the farthest row's way: what a side may miss by rounding, and
# what is surely beside the plane. Data that overlap by less have their minimum at coefficients of 10^9 and more.
_ROUNDING, _BESIDE = 1e-10, 1e-6


class Sides:
    """How the rows lie to a plane through the origin, for one or several yes/no questions about each.

    Parameters
    ----------
    directions
        Shape (outputs, columns), or (outputs, columns + 1) with the intercept last.
    columns
        The number of columns of X.
    near
        How far from its plane a row counts as lying on it, shape (outputs,); their products are added up.

    Notes
    -----
    A batch is as for :class:`LogLoss`. Rows without weight are not asked.
    """

    def __init__(self, directions: Array, columns: int, near: Array | None = None) -> None:
        outputs, width = directions.shape
        self.directions = directions
        self.columns = columns
        self.near = np.zeros(outputs) if near is None else near
        self.farthest: Array = np.zeros(outputs)
        self.wrong: NDArray[np.bool_] = np.zeros(outputs, np.bool_)
        self.beside: NDArray[np.bool_] = np.zeros(outputs, np.bool_)
        self.products: Array = np.zeros((outputs, width, width))

    def update(self, batch: Rows, /) -> None:
        """Take in a batch of rows."""
        outputs, width = self.directions.shape
        counted = slice(None) if batch.weight is None else batch.weight > 0.0
        rows, y = np.ones((len(batch.X[counted]), width)), batch.y[counted]
        rows[:, : self.columns] = batch.X[counted]
        yes = y[:, None] == (np.arange(outputs) if outputs > 1 else 1)
        way = rows @ self.directions.T
        right, size = np.where(yes, way, -way), np.abs(rows) @ np.abs(self.directions).T
        self.farthest = np.maximum(self.farthest, np.abs(way).max(axis=0, initial=0.0))
        self.wrong |= (right < -self.near - _ROUNDING * size).any(axis=0)
        self.beside |= (right > self.near + _BESIDE * size).any(axis=0)
        for k, on_the_plane in enumerate((np.abs(way) <= self.near).T):
            self.products[k] += rows[on_the_plane].T @ rows[on_the_plane]

    def merge(self, other: Self, /) -> None:
        """Take in what another state, of the same directions, has seen."""
        self.farthest = np.maximum(self.farthest, other.farthest)
        self.wrong |= other.wrong
        self.beside |= other.beside
        self.products += other.products

    @property
    def separated(self) -> bool:
        """Whether one of the directions parts its rows."""
        return bool((~self.wrong & self.beside).any())


def told_if_separated(descent: Outcome, fold: Fold, columns: int) -> Outcome:
    """Return the descent of a cost without penalty, with the status "separated" where that cost has no minimum.

    Never said where there is one, to rounding; it takes three passes over the data.

    Parameters
    ----------
    descent
        How the iteration ended.
    fold
        One pass over the data, y as for :class:`LogLoss`.
    columns
        The number of columns of X.
    """
    path = descent.path.parameters
    if descent.status.name in ("separated", "not_finite") or len(path) < 2:
        return descent
    towards = path[-1] - path[-2]
    farthest = fold(lambda: Sides(towards, columns)).farthest
    on_the_plane = fold(lambda: Sides(towards, columns, _ON_THE_PLANE * farthest)).products
    freed = np.stack([_freed(d, G) for d, G in zip(towards, on_the_plane, strict=True)])
    if not fold(lambda: Sides(freed, columns, _ROUNDING * farthest)).separated:
        return descent
    status = Status(
        "separated",
        message(
            "stopped at iteration {iteration}: the columns part a class from the rest but for rows on the border "
            "itself, so without a penalty some coefficients would grow for ever; give C a finite value",
            iteration=descent.iterations,
        ),
    )
    return replace(descent, status=status)


def _freed(direction: Array, products: Array) -> Array:
    """Return the direction less what moves the rows of these products: its projection on their null space."""
    # Scaled to a unit diagonal, so that columns in different units are alike.
    size = np.sqrt(np.diagonal(products))
    size = np.where(size > 0.0, size, 1.0)
    values, vectors = linalg.eigh(products / np.outer(size, size), check_finite=False)
    null = vectors[:, values <= 16 * np.finfo(float).eps * len(size) * max(values[-1], 1.0)]
    return null @ (null.T @ (direction * size)) / size
