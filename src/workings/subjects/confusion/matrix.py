"""The confusion matrix as a value: an array of counts that knows its labels and every rate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.errors import InputError, undefined_metric, warn
from workings.language import message
from workings.subjects.confusion import overall
from workings.subjects.confusion.array_like import ActsAsArray
from workings.subjects.confusion.binary import BinaryRates
from workings.subjects.confusion.given_counts import checked_counts
from workings.subjects.confusion.interval import two_sided_quantile, wilson_interval
from workings.subjects.confusion.layout import ConfusionTable, counted, number_text
from workings.subjects.confusion.rates import RATES, Cells, f_beta, find_rate, value_of
from workings.subjects.confusion.rates_by_class import RatesByClass, undefined_rate
from workings.subjects.confusion.weighing import WeighedErrors
from workings.working import Explainable

__all__ = ["ConfusionMatrix", "Normalize"]

Normalize = Literal["true", "pred", "all"]


@dataclass(frozen=True, eq=False, repr=False)
class ConfusionMatrix(BinaryRates, RatesByClass, WeighedErrors, ActsAsArray, Explainable):
    r"""How often each class was taken for each: rows are the actual classes, columns the predicted ones.

    It behaves as the array that scikit-learn returns (``cm[0, 1]``, ``cm.ravel()``, ``cm / cm.sum()``). With two
    classes the second label is the positive one, and ``cm.ravel()`` is ``tn, fp, fn, tp``.

    A rate of 0/0 (or of anything over 0) is NaN, and reading it warns with the cause; scikit-learn gives 0 for
    most. ``cm.rate(name, undefined=0.0)`` gives a value of your choice instead, without a warning.

    Parameters
    ----------
    counts
        (k, k) rows counted, ``counts[i, j]`` of class i that were predicted as j: int64, or float64 where weighted.
    labels
        The k classes in the order of rows and columns.
    normalize
        Over what the array (not the counts and not the rates) is divided: "true" (each row), "pred" (each column),
        "all", or None.
    threshold
        The threshold on a score that made the predictions, where it is known.
    weighted
        Whether rows counted by weight, whole numbers or not.

    Examples
    --------
    >>> import workings as wk
    >>> cm = wk.confusion_matrix([1, 1, 1, 0, 0, 0], [1, 1, 0, 0, 0, 1])
    >>> cm
    actual \ predicted  0  1
    0                   2  1
    1                   1  2
    6 rows, accuracy 0.6667
    >>> cm.tp, cm.recall, cm.precision
    (2, 0.6666666666666666, 0.6666666666666666)
    """

    counts: NDArray[Any]
    labels: tuple[Any, ...]
    normalize: Normalize | None = None
    threshold: float | None = None
    weighted: bool = False

    @classmethod
    def from_counts(
        cls, counts: ArrayLike, labels: tuple[Any, ...] | None = None, *, threshold: float | None = None
    ) -> Self:
        """Return the matrix of counts that are already known.

        Parameters
        ----------
        counts
            (k, k), rows actual, columns predicted; whole numbers, or floats for weights.
        labels
            The classes; 0 to k - 1 by default.
        threshold
            The threshold that made the predictions.

        Raises
        ------
        InputError
            If ``counts`` is not square, has a negative or missing count, or whole counts that add up to 2^63; or if
            ``labels`` are not k different ones.

        Examples
        --------
        >>> import workings as wk
        >>> ConfusionMatrix.from_counts([[50, 5], [10, 35]], ("healthy", "ill")).specificity
        0.9090909090909091
        """
        table, names = checked_counts(counts, labels)
        return cls(table, names, threshold=threshold, weighted=table.dtype.kind == "f")

    @classmethod
    def from_table(cls, table: ConfusionTable) -> Self:
        """Return the matrix whose counts a table lays out, whichever way."""
        counts = table.cells if table.rows == "actual" else table.cells.T
        return replace(cls.from_counts(counts, table.labels), weighted=table.weighted)

    # The four counts.

    @property
    def cells(self) -> Cells:
        """TP, FP, FN and TN of two classes, the second of which is the positive one.

        Raises
        ------
        InputError
            If there are not two classes.
        """
        if len(self.labels) != 2:
            raise InputError(
                message(
                    "ConfusionMatrix: the four counts and the rates of one class need two classes; got {count}; "
                    "try one_vs_rest(label), per_class(rate) or average(rate)",
                    count=len(self.labels),
                )
            )
        (tn, fp), (fn, tp) = self.counts.tolist()
        return Cells(tp, fp, fn, tn)

    @property
    def tp(self) -> int | float:
        """True positives: positive rows predicted positive."""
        return self.cells.tp

    @property
    def fp(self) -> int | float:
        """False positives: negative rows predicted positive."""
        return self.cells.fp

    @property
    def fn(self) -> int | float:
        """False negatives: positive rows predicted negative."""
        return self.cells.fn

    @property
    def tn(self) -> int | float:
        """True negatives: negative rows predicted negative."""
        return self.cells.tn

    # Rates.

    def rate(self, name: str, undefined: float | None = None) -> float:
        """Return a rate by name, such as "recall", "sensitivity" or "mcc" (``RATES`` lists them).

        Parameters
        ----------
        name
            The rate, or one of its other names in the field.
        undefined
            What to give where the rate is undefined; None gives NaN and warns with the cause.

        Raises
        ------
        InputError
            If no rate has this name, or it is one of a single class and there are not two.
        """
        rate = find_rate(name, function="rate")
        if len(self.labels) != 2 and rate.name in overall.RATES:
            counts = self.counts.tolist()
            value = overall.overall_rate(rate.name, counts)
            return self._or_warn(value, rate, overall.overall_cause(rate.name, counts), undefined)
        return self._of(rate, self.cells, undefined)

    def f_beta(self, beta: float) -> float:
        r"""Return :math:`F_\beta = (1 + \beta^2) TP / ((1 + \beta^2) TP + \beta^2 FN + FP)`: recall counts β times.

        Raises
        ------
        InputError
            If ``beta`` is negative, NaN or infinite.

        Source
        ------
        van Rijsbergen (1979), "Information Retrieval", 2nd edition, chapter 7.
        """
        if not (beta >= 0 and math.isfinite(beta)):
            raise InputError(message("f_beta: beta must be 0 or more; got {beta}; try 1", beta=beta))
        return self._of(f_beta(beta), self.cells, None)

    @property
    def rates(self) -> Mapping[str, float]:
        """Every rate by name, NaN where undefined (without a warning): of more than two classes, those of all rows."""
        if len(self.labels) == 2:
            return {name: value_of(rate, self.cells) for name, rate in RATES.items()}
        counts = self.counts.tolist()
        found = {name: overall.overall_rate(name, counts) for name in overall.RATES}
        return {name: math.nan if value is None else value for name, value in found.items()}

    def interval(self, rate: str, level: float = 0.95) -> tuple[float, float]:
        """Return Wilson's confidence interval for a rate that is a share of rows (accuracy, recall, precision, ...).

        Parameters
        ----------
        rate
            The name of the rate.
        level
            The confidence level, between 0 and 1.

        Returns
        -------
        tuple
            The lower and the upper end; NaN with a warning where the rate is undefined.

        Raises
        ------
        InputError
            If the rate is not a share of rows (F1, MCC, ...), the rows are weighted (how many independent rows they
            stand for is not known), or the level is not between 0 and 1.

        Source
        ------
        Wilson (1927), JASA 22, 209.
        """
        z = two_sided_quantile(level, function="interval")
        found = find_rate(rate, function="interval")
        if found.proportion is None:
            raise InputError(
                message(
                    "interval: rate must be a share of rows; {rate} is not, and has no Wilson interval; "
                    "try one of {names}",
                    rate=found.name,
                    names=", ".join(name for name, other in RATES.items() if other.proportion),
                )
            )
        if self.weighted:
            raise InputError(
                message(
                    "interval: rows must not be weighted; of how many independent rows the weights tell is not known; "
                    "try without sample_weight"
                )
            )
        if len(self.labels) != 2 and found.name in overall.SHARES:
            part, whole = overall.SHARES[found.name](self.counts.tolist())
        else:
            part, whole = (int(of(self.cells)) for of in found.proportion)
        if whole == 0:
            warn(undefined_metric(undefined_rate(found, found.divisors[0][1])))
        return wilson_interval(part, whole, z)

    # More than two classes.

    def one_vs_rest(self, label: Any) -> ConfusionMatrix:
        """Return the two-class matrix of one class (positive) against all others taken together.

        Raises
        ------
        InputError
            If there is no such class.
        """
        if label not in self.labels:
            raise InputError(
                message(
                    "one_vs_rest: label must be one of the classes; got {got}; try one of {labels}",
                    got=repr(label),
                    labels=", ".join(repr(known) for known in self.labels),
                )
            )
        cells = self._cells_of(self.labels.index(label))
        rest = self.labels[0] if len(self.labels) == 2 and label == self.labels[1] else f"≠ {label}"
        two = ConfusionMatrix.from_counts([[cells.tn, cells.fp], [cells.fn, cells.tp]], (rest, label))
        return replace(two, weighted=self.weighted)

    @property
    def values(self) -> NDArray[Any]:
        """The array that scikit-learn returns: the counts, or their shares as ``normalize`` says (NaN for 0/0)."""
        if self.normalize is None:
            return self.counts
        axis = {"true": 1, "pred": 0, "all": None}[self.normalize]
        with np.errstate(invalid="ignore"):
            return self.counts / self.counts.sum(axis=axis, keepdims=True)

    def table(self, rows: Literal["actual", "predicted"] = "actual") -> ConfusionTable:
        """Return the counts laid out with named axes and totals.

        Parameters
        ----------
        rows
            "actual" (scikit-learn's layout) or "predicted" (that of many textbooks: the table on its other side).

        Raises
        ------
        InputError
            If ``rows`` is neither.
        """
        if rows not in ("actual", "predicted"):
            raise InputError(message('table: rows must be "actual" or "predicted"; got {got}', got=repr(rows)))
        return ConfusionTable(rows, self.labels, self.counts if rows == "actual" else self.counts.T, self.weighted)

    def __repr__(self) -> str:
        if len(self.labels) > 12:
            return f"<ConfusionMatrix of {len(self.labels)} classes, {counted(self.total, 'row')}>"
        accuracy = overall.overall_rate("accuracy", self.counts.tolist())
        count = number_text(self.total)
        if accuracy is None:
            below = message("{count} {count:row|rows}", count=count)
        elif self.total == 1:
            below = message("1 row, accuracy {accuracy}", accuracy=f"{accuracy:.4g}")
        else:
            below = message("{count} {count:row|rows}, accuracy {accuracy}", count=count, accuracy=f"{accuracy:.4g}")
        return f"{self.table().to_text(totals=False)}\n{below}"
