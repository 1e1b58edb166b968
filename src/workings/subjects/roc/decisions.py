"""What a curve knows of its thresholds: the counts and the decisions at each, and which of them is best."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from workings.errors import InputError
from workings.language import Message, message
from workings.once import cached_property
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.subjects.confusion.scores import as_thresholds
from workings.subjects.confusion.thresholds import ThresholdTable
from workings.subjects.roc.best import Method, OperatingPoint, best_point
from workings.subjects.roc.groups import TieGroups
from workings.subjects.roc.histogram import ScoreHistogram, class_histogram
from workings.subjects.roc.thin import CurvePoints, thinned

__all__ = ["Decisions"]


class Decisions:
    """The questions to a curve that are about its thresholds."""

    groups: TieGroups
    labels: tuple[Any, Any]

    @property
    def positives(self) -> int | float:
        """P, the number (or weight) of positive rows."""
        return self.groups.total_positives

    @property
    def negatives(self) -> int | float:
        """N, the number (or weight) of negative rows."""
        return self.groups.total_negatives

    @property
    def weighted(self) -> bool:
        """Whether rows count by weight."""
        return self.groups.weighted

    def best_threshold(
        self, method: Method = "youden", *, cost_fp: float = 1.0, cost_fn: float = 1.0
    ) -> OperatingPoint:
        r"""Return the best threshold; of equally good ones the highest, which calls the fewest rows positive.

        Parameters
        ----------
        method
            "youden": the largest :math:`TPR - FPR`. "corner": the smallest distance to (0, 1). "cost": the smallest
            :math:`c_{FP} FP + c_{FN} FN`.
        cost_fp, cost_fn
            What a false positive and a false negative cost; not negative, not both 0.

        Returns
        -------
        OperatingPoint
            Unpacks as ``threshold, sensitivity, specificity``. The threshold is an observed score (or infinity, if
            calling no row positive is best); ``midpoint`` decides all rows alike.

        Raises
        ------
        InputError
            If ``method`` is another, a cost is negative or infinite or both are 0, or a class has no rows.
        """
        if method not in ("youden", "corner", "cost"):
            raise InputError(
                message(
                    'best_threshold: method must be "youden", "corner" or "cost"; got {method}', method=repr(method)
                )
            )
        if not (0 <= cost_fp < math.inf and 0 <= cost_fn < math.inf and cost_fp + cost_fn > 0):
            raise InputError(
                message(
                    "best_threshold: costs must be 0 or more and not both 0; got cost_fp {cost_fp}, cost_fn {cost_fn}",
                    cost_fp=cost_fp,
                    cost_fn=cost_fn,
                )
            )
        self._need_both("best_threshold")
        asked = (method, cost_fp, cost_fn)
        if asked not in self._best_found:
            found = best_point(self.groups, method, cost_fp, cost_fn)
            self._best_found[asked] = replace(found, labels=self.labels)
        return self._best_found[asked]

    def confusion_at(self, threshold: float) -> ConfusionMatrix:
        """Return the confusion matrix of the decisions ``score >= threshold``.

        The threshold is taken in the scores' own precision, as NumPy's ``score >= threshold`` takes it.

        Raises
        ------
        InputError
            If the threshold is NaN.
        """
        return self.table((threshold,)).confusion(0)

    def table(self, thresholds: Sequence[float] = (0.3, 0.5, 0.7)) -> ThresholdTable:
        """Return the four counts at each of some thresholds.

        Raises
        ------
        InputError
            If there is no threshold, or one is NaN.
        """
        cuts = as_thresholds(thresholds, self.groups.scores.dtype, function="table")
        pairs = [self.groups.counts_at(cut) for cut in cuts.tolist()]
        dtype = np.float64 if self.weighted else np.int64
        tp, fp = (np.array(column, dtype) for column in zip(*pairs, strict=True))
        return ThresholdTable(cuts, tp, fp, self.positives - tp, self.negatives - fp, self.shown_labels)

    def thin(self, most: int, always: Iterable[float] = ()) -> CurvePoints:
        """Return at most ``most`` points of the curve, its ends among them, spread evenly along it.

        Parameters
        ----------
        most
            How many points there may be.
        always
            Thresholds whose points are kept.

        Raises
        ------
        InputError
            If ``most`` leaves no room for the ends and the thresholds to keep, or a class has no rows.
        """
        self._need_both("thin")
        kept = tuple(always)
        if most < 2 + len(kept):
            raise InputError(
                message(
                    "thin: most must leave room for the two ends and {kept} thresholds; got {most}",
                    kept=len(kept),
                    most=most,
                )
            )
        return thinned(self.groups, most, kept)

    def histogram(self, bins: int | Sequence[float] = 40) -> ScoreHistogram:
        """Return how many scores of each class fall in each bin.

        Parameters
        ----------
        bins
            How many, of equal width from the lowest to the highest score, or their edges. A bin holds its left edge
            and not its right one; the last holds both.

        Raises
        ------
        InputError
            If there is no bin, or the edges do not rise.
        """
        return class_histogram(self.groups, bins)

    @property
    def shown_labels(self) -> tuple[Any, Any]:
        """The negative and the positive class; "≠" and the positive one where several count as negative."""
        negative, positive = self.labels
        return (f"≠ {positive}" if negative is None else negative), positive

    @cached_property
    def _best_found(self) -> dict[tuple[Method, float, float], OperatingPoint]:
        """The best points that were asked for: each is a pass over all points."""
        return {}

    def _missing_class(self) -> Message | None:
        if not self.positives:
            return message("there is no positive row")
        return None if self.negatives else message("there is no negative row")

    def _need_both(self, function: str) -> None:
        missing = self._missing_class()
        if missing is not None:
            raise InputError(
                message(
                    "{function}: both classes must have rows; {cause}; look at how the positive class was chosen",
                    function=function,
                    cause=missing,
                )
            )
