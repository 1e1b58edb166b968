"""The ROC curve as a value: the points that scikit-learn gives, and all that follows from the tie groups."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError, undefined_metric, warn
from workings.language import Message, message
from workings.once import cached_property
from workings.subjects.confusion.interval import two_sided_quantile
from workings.subjects.confusion.layout import counted
from workings.subjects.roc import area
from workings.subjects.roc.band import CurveBand
from workings.subjects.roc.decisions import Decisions
from workings.subjects.roc.groups import TieGroups
from workings.subjects.roc.points import curve_points
from workings.working import Explainable

__all__ = ["RocCurve"]


@dataclass(frozen=True, eq=False, repr=False)
class RocCurve(Decisions, Explainable):
    """The ROC curve of scores: at each threshold, the share of negatives and of positives at or above it.

    It unpacks as scikit-learn's three arrays, ``fpr, tpr, thresholds``; nothing else depends on those, and they are
    made when they are first read. A quantity that is undefined (an AUC with one class) is NaN, and reading it warns
    with the cause.

    Parameters
    ----------
    groups
        Every different score with its cumulative counts.
    labels
        The negative and the positive class; the negative is None where several classes count as negative.
    drop_intermediate
        Whether ``fpr``, ``tpr`` and ``thresholds`` leave out points on a straight line between their neighbours.

    Examples
    --------
    >>> import workings as wk
    >>> curve = wk.roc_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> curve.auc
    0.75
    >>> fpr, tpr, thresholds = curve
    >>> thresholds
    array([ inf, 0.8 , 0.4 , 0.35, 0.1 ])
    """

    groups: TieGroups
    labels: tuple[Any, Any] = (0, 1)
    drop_intermediate: bool = True

    # The curve.

    @property
    def fpr(self) -> NDArray[np.float64]:
        """(m,) false positive rates, rising from 0 to 1; NaN where there is no negative."""
        return self._points[0]

    @property
    def tpr(self) -> NDArray[np.float64]:
        """(m,) true positive rates, rising from 0 to 1; NaN where there is no positive."""
        return self._points[1]

    @property
    def thresholds(self) -> NDArray[np.float64]:
        """(m,) falling thresholds: infinity, at which no row is positive, then observed scores."""
        return self._points[2]

    def __iter__(self) -> Iterator[NDArray[np.float64]]:
        return iter(self._points)

    def __len__(self) -> int:
        return 3

    @overload
    def __getitem__(self, place: int) -> NDArray[np.float64]: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[NDArray[np.float64], ...]: ...
    def __getitem__(self, place: int | slice) -> NDArray[np.float64] | tuple[NDArray[np.float64], ...]:
        return tuple(self)[place]

    # The area.

    @property
    def auc(self) -> float:
        r"""The area under the curve: the share of (positive, negative) pairs in the right order, ties counted half.

        Rounded once: it is a ratio of two whole numbers.
        """
        missing = self._missing_class()
        if missing is not None:
            _warn(
                message(
                    "Only one class is present in y_true. ROC AUC score is not defined in that case: {cause}, so there "
                    "is no pair to order, and it is given as NaN",
                    cause=missing,
                )
            )
            return math.nan
        return self._twice_area / (2 * self.positives * self.negatives)

    @property
    def auc_variance(self) -> float:
        """DeLong's variance of the AUC; NaN with fewer than two rows of a class.

        Raises
        ------
        InputError
            If rows are weighted: DeLong's estimate is one of independent rows that count alike, and for weights there
            is no sound formula.
        """
        self._refuse_weights("auc_variance")
        short = self._short_class()
        if short is not None:
            _warn(
                message(
                    "The variance of the AUC is undefined and given as NaN: {cause}, and the spread of a class needs "
                    "two rows",
                    cause=short,
                )
            )
            return math.nan
        return self._variance

    def auc_interval(self, level: float = 0.95) -> tuple[float, float]:
        r"""Return DeLong's confidence interval, :math:`A \pm z \sqrt{Var(A)}`, cut off at 0 and 1.

        Parameters
        ----------
        level
            The confidence level, between 0 and 1.

        Returns
        -------
        tuple
            The lower and the upper end. NaN, with a warning, with fewer than two rows of a class. Where the estimated
            variance is 0, as for an AUC of exactly 1, the interval has no width and a warning says that this is not
            certainty.

        Raises
        ------
        InputError
            If rows are weighted, or ``level`` is not between 0 and 1.

        Source
        ------
        DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44; on the AUC's own scale as in the R package pROC.
        """
        z = two_sided_quantile(level, function="auc_interval")
        self._refuse_weights("auc_interval")
        variance = self.auc_variance
        if math.isnan(variance):
            return math.nan, math.nan
        if variance == 0:
            _warn(
                message(
                    "The interval of the AUC has no width: no two rows of a class rank differently against the other "
                    "class (AUC {auc}), so that their spread says nothing; this is not certainty, more rows are needed",
                    auc=f"{self.auc:.6g}",
                )
            )
        half = z * math.sqrt(variance)
        return max(0.0, self.auc - half), min(1.0, self.auc + half)

    def partial_auc(self, max_fpr: float, corrected: bool = True) -> float:
        r"""Return the area for false positive rates from 0 to ``max_fpr`` only.

        Parameters
        ----------
        max_fpr
            Above 0, at most 1.
        corrected
            With McClish's correction, :math:`\frac12 (1 + (A_p - m) / (M - m))` where :math:`m = \text{max_fpr}^2/2`
            is the diagonal's area and :math:`M = \text{max_fpr}` the largest: 0.5 for chance, 1 for a perfect curve.
            It is what scikit-learn's ``max_fpr`` gives. Without it, the area itself.

        Raises
        ------
        InputError
            If ``max_fpr`` is not above 0 and at most 1.

        Source
        ------
        McClish (1989), "Analyzing a portion of the ROC curve", Medical Decision Making 9, 190.
        """
        if not 0 < max_fpr <= 1:
            raise InputError(
                message(
                    "Expected max_fpr in range (0, 1], got: {max_fpr}. partial_auc: max_fpr must be above 0 and at "
                    "most 1; try 0.1",
                    max_fpr=repr(max_fpr),
                )
            )
        if self._missing_class() is not None:
            return self.auc
        part = area.partial_area(self.groups, max_fpr)
        if not corrected:
            return part
        least, most = max_fpr**2 / 2, max_fpr
        return 0.5 * (1 + (part - least) / (most - least))

    @property
    def average_precision(self) -> float:
        r"""Average precision :math:`\sum_k (R_k - R_{k-1}) P_k`; NaN without a positive row."""
        if not self.positives:
            _warn(
                message(
                    "No positive class found in y_true, so that recall is 0/0 and average precision undefined: "
                    "it is given as NaN"
                )
            )
            return math.nan
        return area.average_precision(self.groups)

    def band(self, level: float = 0.95) -> CurveBand:
        r"""Return how far the curve is known at each point: Wilson's interval of each rate, and the band they make.

        It is pointwise: at one threshold, or at one false positive rate, chosen without looking at the data.

        Parameters
        ----------
        level
            The confidence level at a point, between 0 and 1.

        Raises
        ------
        InputError
            If rows are weighted, a class has no rows, or ``level`` is not between 0 and 1.
        """
        two_sided_quantile(level, function="band")
        if self.weighted:
            raise InputError(
                message(
                    "band: rows must not be weighted; of how many independent rows the weights tell is not known; "
                    "compute the curve without sample_weight"
                )
            )
        self._need_both("band")
        return CurveBand(self.groups, level, *self._points)

    def __repr__(self) -> str:
        size = ", ".join(
            counted(count, of)
            for count, of in (
                (self.positives, "positive"),
                (self.negatives, "negative"),
                (len(self.groups), "different score"),
            )
        )
        if self._missing_class() is not None:
            return f"<RocCurve: {size}>"
        return f"<RocCurve: AUC {self.auc:.4f}, {size}>"

    # What several of the above use.

    @cached_property
    def _twice_area(self) -> int | float:
        return area.twice_area(self.groups)

    @cached_property
    def _variance(self) -> float:
        return area.delong_variance(self.groups, int(self._twice_area))

    @cached_property
    def _points(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        return curve_points(self.groups, drop_intermediate=self.drop_intermediate)

    def _short_class(self) -> Message | None:
        for count, none, one in (
            (self.positives, message("there is no positive row"), message("there is only one positive row")),
            (self.negatives, message("there is no negative row"), message("there is only one negative row")),
        ):
            if count < 2:
                return one if count else none
        return None

    def _refuse_weights(self, function: str) -> None:
        if self.weighted:
            raise InputError(
                message(
                    "{function}: rows must not be weighted; DeLong's variance is one of independent rows that count "
                    "alike, and weights do not say how many those are; compute the curve without sample_weight",
                    function=function,
                )
            )


def _warn(text: Message) -> None:
    warn(undefined_metric(text))
