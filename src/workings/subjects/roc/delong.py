"""Two models compared on the same rows: DeLong's paired test."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays.threads import run_together
from workings.errors import InputError, undefined_metric, warn
from workings.language import message
from workings.subjects.confusion.interval import two_sided_quantile
from workings.working import Explainable

__all__ = ["AucComparison", "compare_scores"]

# Of the positive and of the negative rows: how far each row's share of the other class lies from the AUC.
Shares = tuple[NDArray[Any], NDArray[Any]]


@dataclass(frozen=True, eq=False, repr=False)
class AucComparison(Explainable):
    r"""Two AUCs of scores for the same rows, and whether their difference is more than chance.

    .. math:: z = \frac{A_a - A_b}{\sqrt{Var(A_a) + Var(A_b) - 2 Cov(A_a, A_b)}}

    Parameters
    ----------
    auc_a, auc_b
        The two areas.
    variance_a, variance_b, covariance
        DeLong's estimates; NaN with fewer than two rows of a class.
    difference_variance
        The variance of the difference, computed from the rows' differences: where two models are almost the same, the
        sum of the three above would cancel to nothing.
    positives, negatives
        The number of rows of each class.
    scores
        Both scores of the positive rows, then of the negative ones, from which the working starts.

    Source
    ------
    DeLong, DeLong and Clarke-Pearson (1988), Biometrics 44, section 3.
    """

    auc_a: float
    auc_b: float
    variance_a: float
    variance_b: float
    covariance: float
    difference_variance: float
    positives: int
    negatives: int
    scores: tuple[NDArray[Any], ...] = ()

    @property
    def difference(self) -> float:
        """The first AUC less the second."""
        return self.auc_a - self.auc_b

    @property
    def z(self) -> float:
        """The difference in standard errors; NaN, with a warning, where its variance is 0 or undefined."""
        if not self.difference_variance > 0:
            warn(undefined_metric(self._why_undefined()))
            return math.nan
        return self.difference / math.sqrt(self.difference_variance)

    @property
    def p_value(self) -> float:
        r"""The probability :math:`2 \Phi(-|z|)` of so large a difference, either way, if the areas were equal."""
        return math.erfc(abs(self.z) / math.sqrt(2))

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return the confidence interval of the difference.

        NaN, with a warning, where its variance is undefined. Where the variance is 0 the interval has no width, and a
        warning says that this is not certainty.

        Raises
        ------
        InputError
            If ``level`` is not between 0 and 1.
        """
        z = two_sided_quantile(level, function="interval")
        if math.isnan(self.difference_variance):
            warn(undefined_metric(self._why_undefined()))
        elif self.difference_variance == 0:
            warn(
                undefined_metric(
                    message(
                        "The interval of the difference has no width: no row ranks differently by the two scores than "
                        "any other row of its class does; this is not certainty, more rows are needed"
                    )
                ),
            )
        half = z * math.sqrt(self.difference_variance)
        return self.difference - half, self.difference + half

    def _why_undefined(self) -> Any:
        if math.isnan(self.difference_variance):
            return message(
                "The test of two AUCs is undefined and given as NaN: a class has fewer than two rows "
                "({positives} positive, {negatives} negative)",
                positives=self.positives,
                negatives=self.negatives,
            )
        return message(
            "The test of two AUCs is undefined and given as NaN: no row ranks differently by the two scores than any "
            "other row of its class does, so that the difference has the variance 0"
        )

    def __repr__(self) -> str:
        areas = f"AUC {self.auc_a:.4f} and {self.auc_b:.4f}, difference {self.difference:.4f}"
        if not self.difference_variance > 0:
            return f"<AucComparison: {areas}>"
        return f"<AucComparison: {areas}, z {self.z:.3f}, p {self.p_value:.3g}>"


def compare_scores(
    positive: tuple[NDArray[Any], NDArray[Any]], negative: tuple[NDArray[Any], NDArray[Any]], *, function: str
) -> AucComparison:
    """Return DeLong's comparison from the two scores of each positive and of each negative row.

    Raises
    ------
    InputError
        If a class has no rows.
    """
    if not len(positive[0]) or not len(negative[0]):
        raise InputError(
            message(
                "{function}: both classes must have rows; got {positives} positive and {negatives} negative; "
                "look at how the positive class was chosen",
                function=function,
                positives=len(positive[0]),
                negatives=len(negative[0]),
            )
        )
    of_positives = run_together([partial(_twice_below, positive[k], negative[k]) for k in (0, 1)])
    of_negatives = run_together([partial(_twice_below, negative[k], positive[k]) for k in (0, 1)])
    p, n = len(positive[0]), len(negative[0])
    # A negative's share counts the positives above it, which are all but those below it.
    of_negatives = [2 * p - twice for twice in of_negatives]
    twice_pairs = [int(twice.sum()) for twice in of_positives]
    of_p = [_deviations(of_positives[k], twice_pairs[k], p) for k in (0, 1)]
    of_n = [_deviations(of_negatives[k], twice_pairs[k], n) for k in (0, 1)]

    def moment(x: Shares, y: Shares) -> float:
        if min(p, n) < 2:
            return math.nan
        scale = 4.0 * (p * n) ** 2
        return _dot(x[0], y[0]) / (scale * p * (p - 1)) + _dot(x[1], y[1]) / (scale * n * (n - 1))

    a, b = (of_p[0], of_n[0]), (of_p[1], of_n[1])
    difference = (of_p[0] - of_p[1], of_n[0] - of_n[1])
    auc_a, auc_b = (twice / (2 * p * n) for twice in twice_pairs)
    return AucComparison(
        auc_a,
        auc_b,
        variance_a=moment(a, a),
        variance_b=moment(b, b),
        covariance=moment(a, b),
        difference_variance=moment(difference, difference),
        positives=p,
        negatives=n,
        scores=(*positive, *negative),
    )


def _twice_below(scores: NDArray[Any], others: NDArray[Any]) -> NDArray[np.int64]:
    """Return for each score twice the number of ``others`` below it, those tied with it counted half."""
    others = np.sort(others)
    # Looked up in their own order the scores would jump through `others`; in sorted order they walk.
    order = np.argsort(scores)
    ranked = scores[order]
    twice = np.empty(len(scores), np.int64)
    twice[order] = np.searchsorted(others, ranked, side="left") + np.searchsorted(others, ranked, side="right")
    return twice


def _deviations(twice: NDArray[np.int64], twice_pairs: int, rows: int) -> NDArray[Any]:
    """Return the deviations of the rows' shares from the AUC, times 2 P N: whole numbers."""
    if rows * int(twice.max(initial=0)) < 2**62:
        return rows * twice - twice_pairs
    return rows * twice.astype(object) - twice_pairs


def _dot(x: NDArray[Any], y: NDArray[Any]) -> float:
    # Not by BLAS, which adds in an order that depends on how many threads it may take just then.
    return float((x.astype(np.float64) * y.astype(np.float64)).sum())
