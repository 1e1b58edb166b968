"""How far a curve is known at each of its points: a rectangle of the two rates, and a band along the curve."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_vector
from workings.errors import InputError
from workings.language import message
from workings.subjects.confusion.interval import two_sided_quantile, wilson_intervals
from workings.subjects.confusion.layout import counted
from workings.subjects.roc.groups import TieGroups
from workings.working import Explainable

__all__ = ["CurveBand"]

Rates = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class CurveBand(Explainable):
    r"""Wilson's intervals of both rates at each threshold, and the pointwise band that they make.

    The two rates at a threshold come from different rows and so are independent. With the interval of each at the level
    :math:`\sqrt{\text{level}}`, the rectangle of the two holds the true point with the probability ``level`` (as far as
    Wilson's approximation goes): at one threshold chosen without looking at the data, not at all of them at once.

    Parameters
    ----------
    groups
        Every different score with its cumulative counts, rows of both classes among them.
    level
        The confidence level of a rectangle, and of the band at one false positive rate.
    fpr, tpr, thresholds
        (m,) the points of the curve.

    Source
    ------
    Pepe (2003), "The Statistical Evaluation of Medical Tests for Classification and Prediction", section 2.2.2 (the
    rectangle); Wilson (1927), JASA 22, 209 (the intervals).

    Examples
    --------
    >>> import workings as wk
    >>> y, score = [0] * 50 + [1] * 50, [*range(50), *range(20, 70)]
    >>> band = wk.roc_curve(y, score).band(0.9)
    >>> low, high = band.at([0.2])
    >>> low.round(2), high.round(2)
    (array([0.36]), array([0.82]))
    """

    groups: TieGroups
    level: float
    fpr: Rates
    tpr: Rates
    thresholds: Rates

    @property
    def fpr_interval(self) -> tuple[Rates, Rates]:
        """(m,) the lower and the upper ends of the false positive rate at each threshold."""
        return self.interval_of(np.rint(self.fpr * self.groups.total_negatives), self.groups.total_negatives)

    @property
    def tpr_interval(self) -> tuple[Rates, Rates]:
        """(m,) the lower and the upper ends of the true positive rate at each threshold."""
        return self.interval_of(np.rint(self.tpr * self.groups.total_positives), self.groups.total_positives)

    def at(self, fpr: ArrayLike) -> tuple[Rates, Rates]:
        """Return the lower and the upper end of the true positive rate at some false positive rates.

        The upper end runs through the upper left corners of the rectangles and the lower end through the lower right
        ones, by straight lines as the curve itself. Of whichever threshold truly has this rate, where its rectangle
        holds the true point the band does too, for both rates rise along the curve.

        Parameters
        ----------
        fpr
            (n,) false positive rates from 0 to 1.

        Raises
        ------
        InputError
            If they are not numbers from 0 to 1 in one dimension.
        """
        asked = as_vector(np.atleast_1d(fpr), function="at", argument="fpr").astype(np.float64)
        if ((asked < 0) | (asked > 1)).any():
            raise InputError(
                message("at: fpr must be from 0 to 1; got {low} to {high}", low=asked.min(), high=asked.max())
            )
        # How many groups are called positive at the corners on either side.
        left = self._count(lambda low, _: low <= asked, len(asked)) - 1
        right = self._count(lambda _, high: high < asked, len(asked))
        return self._between(asked, right - 1, right, 0), self._between(asked, left, left + 1, 1)

    def _between(self, asked: Rates, left: NDArray[np.int64], right: NDArray[np.int64], end: int) -> Rates:
        """Return the height, at the rates asked for, of the line from corner to corner of one end's rectangles."""
        # Beyond the first and the last corner the end is level.
        left, right = np.maximum(left, 0), np.minimum(right, len(self.groups))
        positives, negatives = self.groups.total_positives, self.groups.total_negatives
        corners = [
            (
                self.interval_of(_at(self.groups.fp, k), negatives)[1 - end],
                self.interval_of(_at(self.groups.tp, k), positives)[end],
            )
            for k in (left, right)
        ]
        (x, low), (wide, high) = corners
        width = wide - x
        return low + (high - low) * np.divide(asked - x, width, out=np.ones(len(asked)), where=width > 0)

    def _count(self, holds: Callable[[Rates, Rates], NDArray[np.bool_]], asked: int) -> NDArray[np.int64]:
        """Return for each rate asked for at how many thresholds, which are the first, their interval ``holds``."""
        negatives, size = self.groups.total_negatives, len(self.groups)
        low, high = np.zeros(asked, np.int64), np.full(asked, size + 1, np.int64)
        while (low < high).any():
            middle = (low + high) // 2
            inside = holds(*self.interval_of(_at(self.groups.fp, np.minimum(middle, size)), negatives)) & (low < high)
            low, high = np.where(inside, middle + 1, low), np.where(inside | (low >= high), high, middle)
        return low

    def interval_of(self, part: Rates, whole: float) -> tuple[Rates, Rates]:
        """Return the lower and the upper ends of the interval of shares: so many rows of all of a class."""
        return wilson_intervals(part, whole, two_sided_quantile(math.sqrt(self.level), function="band"))

    def __len__(self) -> int:
        return len(self.thresholds)

    def __repr__(self) -> str:
        return f"<CurveBand of {counted(len(self), 'threshold')} at the level {self.level:g}>"


def _at(cumulative: NDArray[np.integer], groups: NDArray[np.int64]) -> Rates:
    """Return how many rows the first so many groups hold, 0 for none."""
    return np.where(groups > 0, cumulative[np.maximum(groups, 1) - 1], 0).astype(np.float64)
