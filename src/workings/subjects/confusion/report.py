"""Each class on a line: some rates of every class, how many rows it has, and the averages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.language import Message, message
from workings.subjects.confusion.layout import columns_of_text, number_text, short_text
from workings.working import Explainable

__all__ = ["ClassReport"]


@dataclass(frozen=True, eq=False, repr=False)
class ClassReport(Explainable):
    """Rates of every class held against the others, and their averages; ``str`` writes it in columns.

    Parameters
    ----------
    labels
        The k classes.
    rates
        The names of the r rates.
    titles
        What stands above each.
    values
        (k, r) each class's rates: NaN where one is undefined.
    rows
        (k,) how many rows (or how much weight) each class actually has.
    averages
        By "macro", "weighted" and "micro", (r,) the average of each rate: NaN where a class has none that counts.
    counts
        (k, k) rows counted by their actual and their predicted class.
    weighted
        Whether rows counted by weight, whole numbers or not.

    Examples
    --------
    >>> import workings as wk
    >>> wk.confusion_matrix(["a", "b", "b", "c"], ["a", "b", "c", "c"]).report(("precision", "recall", "f1"))
    class     precision  recall      f1  rows
    a                 1       1       1     1
    b                 1     0.5  0.6667     2
    c               0.5       1  0.6667     1
    macro        0.8333  0.8333  0.7778     4
    weighted      0.875    0.75    0.75     4
    micro          0.75    0.75    0.75     4
    """

    labels: tuple[Any, ...]
    rates: tuple[str, ...]
    titles: tuple[Message, ...]
    values: NDArray[np.float64]
    rows: NDArray[Any]
    averages: Mapping[str, NDArray[np.float64]]
    counts: NDArray[Any]
    weighted: bool = False

    def __getitem__(self, place: tuple[Any, str]) -> float:
        """Return a rate of a class or an average: ``report["cat", "recall"]``, ``report["macro", "f1"]``."""
        line, rate = place
        values = self.values[self.labels.index(line)] if line in self.labels else self.averages[line]
        return float(values[self.rates.index(rate)])

    def to_text(self) -> str:
        """Return the report in columns aligned by display width."""
        heads = [str(message("class")), *self.rates, str(message("rows"))]
        lines = [heads]
        for label, values, rows in zip(self.labels, self.values.tolist(), self.rows.tolist(), strict=True):
            lines.append([short_text(label), *map(_rate, values), number_text(rows)])
        for name, values in self.averages.items():
            lines.append([name, *map(_rate, values.tolist()), number_text(self.rows.sum().item())])
        return columns_of_text(lines)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return self.to_text()


def _rate(value: float) -> str:
    return f"{value:.4g}"
