"""The rates of each class held against all others, and their averages over the classes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError, held_warnings, undefined_metric, warn
from workings.language import Message, message
from workings.subjects.confusion import overall
from workings.subjects.confusion.rates import Cells, Rate, find_rate, value_of
from workings.subjects.confusion.report import ClassReport

__all__ = ["RatesByClass", "undefined_rate"]

Average = Literal["macro", "weighted", "micro"]
AVERAGES: tuple[Average, ...] = ("macro", "weighted", "micro")


class RatesByClass:
    """The questions to a confusion matrix that are about one class after the other."""

    counts: NDArray[Any]
    labels: tuple[Any, ...]
    weighted: bool

    @property
    def total(self) -> int | float:
        """All rows (their weight, where they are weighted)."""
        return self.counts.sum().item()

    def per_class(self, rate: str) -> dict[Any, float]:
        """Return a rate of each class, held against all others: NaN where it is undefined (without a warning).

        Raises
        ------
        InputError
            If no rate has this name.
        """
        found = find_rate(rate, function="per_class")
        return {label: value_of(found, self._cells_of(k)) for k, label in enumerate(self.labels)}

    def average(self, rate: str, method: Average = "macro", undefined: float | None = None) -> float:
        """Return a rate averaged over the classes.

        Parameters
        ----------
        rate
            The name of the rate.
        method
            "macro": the mean of the classes' rates; "weighted": the same, each class by its actual rows; "micro": the
            rate of the classes' counts added up.
        undefined
            What a class counts where its rate is undefined; None makes the average NaN and warns with the cause.

        Raises
        ------
        InputError
            If no rate or method has this name.
        """
        found = find_rate(rate, function="average")
        if method not in AVERAGES:
            raise InputError(
                message(
                    'average: method must be "macro", "micro" or "weighted"; got {got}',
                    got=repr(method),
                )
            )
        classes = [self._cells_of(k) for k in range(len(self.labels))]
        if method == "micro":
            return self._of(found, Cells(*(sum(column) for column in zip(*classes, strict=True))), undefined)
        shares = [1.0 if method == "macro" else cells.positives for cells in classes]
        # A class that weighs nothing cannot make a weighted average undefined.
        counted = [(self._of(found, c, undefined), share) for c, share in zip(classes, shares, strict=True) if share]
        if not counted:
            return self._or_warn(None, found, overall.CLASS_WITHOUT_ROWS, undefined)
        return math.fsum(value * share for value, share in counted) / math.fsum(share for _, share in counted)

    def report(self, rates: Sequence[str] = ("precision", "recall", "f1")) -> ClassReport:
        """Return rates of every class and their averages as a table: NaN where undefined (without a warning).

        Parameters
        ----------
        rates
            The names of the rates.

        Raises
        ------
        InputError
            If no rate has such a name.
        """
        found = [find_rate(rate, function="report") for rate in rates]
        columns = [list(self.per_class(rate).values()) for rate in rates]
        with held_warnings():
            # What is undefined stands in the table as NaN.
            averages = {
                method: np.array([self.average(rate, method) for rate in rates], np.float64) for method in AVERAGES
            }
        values = np.array(columns, np.float64).reshape(len(found), len(self.labels)).T
        titles = tuple(rate.title for rate in found)
        rows = self.counts.sum(axis=1)
        return ClassReport(self.labels, tuple(rates), titles, values, rows, averages, self.counts, self.weighted)

    def _cells_of(self, k: int) -> Cells:
        tp = self.counts[k, k].item()
        fp = self.counts[:, k].sum().item() - tp
        fn = self.counts[k].sum().item() - tp
        return Cells(tp, fp, fn, self.total - tp - fp - fn)

    def _of(self, rate: Rate, cells: Cells, undefined: float | None) -> float:
        value = value_of(rate, cells)
        return value if not math.isnan(value) else self._or_warn(None, rate, rate.cause(cells), undefined)

    def _or_warn(self, value: float | None, rate: Rate, cause: Message, undefined: float | None) -> float:
        if value is not None:
            return value
        if undefined is None:
            warn(undefined_metric(undefined_rate(rate, cause)))
            return math.nan
        return undefined


def undefined_rate(rate: Rate, cause: Message) -> Message:
    """Return the warning that a rate is undefined, with the cause."""
    return message("{rate} is undefined and given as NaN: {cause}", rate=rate.title, cause=cause)
