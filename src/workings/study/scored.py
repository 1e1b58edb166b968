"""What one pass over rows of (label, score) leaves behind: the sorting state, and beside it a plain count.

The four cells are counted here row by row as the rows come by, with nothing but comparisons. The curve, which sorts,
knows them too; that the two agree is the study's independent recount.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workings.study.features import missing_rows
from workings.study.labels import Label, Orientation
from workings.subjects.roc import PairedScores, RocSummary

__all__ = ["FirstRows", "ScoredColumns", "ScoredRows"]

_NAMED_ROWS = 5
_NAMED_VALUES = 6


@dataclass
class FirstRows:
    """How many rows something is true of, and the numbers of the first few."""

    count: int = 0
    rows: list[int] = field(default_factory=list[int])

    def add(self, mask: NDArray[np.bool_], first_row: int) -> None:
        """Take in the rows of a batch that begins with row ``first_row``, True where it is true of them."""
        count = int(np.count_nonzero(mask))
        if count:
            self.count += count
            if len(self.rows) < _NAMED_ROWS:
                self.rows += [first_row + int(k) for k in np.flatnonzero(mask)[: _NAMED_ROWS - len(self.rows)]]

    def merge(self, other: FirstRows, before: int) -> None:
        """Take in what was found in rows whose numbers begin after ``before``."""
        self.count += other.count
        self.rows = (self.rows + [before + row for row in other.rows])[:_NAMED_ROWS]

    def __str__(self) -> str:
        return ", ".join([*map(str, self.rows), *(["…"] if self.count > len(self.rows) else [])])


@dataclass(frozen=True)
class ScoredColumns:
    """Which columns play which part, and how a label is read."""

    label: str
    score: str
    orientation: Orientation
    threshold: float
    compare: str | None = None
    weight: str | None = None

    @property
    def names(self) -> list[str]:
        """The columns to read, the label first."""
        return [name for name in (self.label, self.score, self.compare, self.weight) if name is not None]


class ScoredRows:
    """A summary of rows of (label, score[, second score][, weight]); rows with a missing value are counted, not kept.

    Attributes
    ----------
    cells
        Rows by (actual, decided), both False and True: ``cells[1, 0]`` are the false negatives. Integers.
    weights
        The same cells with weights: sums kept exact as lists of parts, to be added by ``math.fsum``.
    total_weight
        About what all weights add up to, infinity where that is more than a float can hold.
    """

    def __init__(self, columns: ScoredColumns) -> None:
        self.columns = columns
        self.read = 0
        self.missing = {name: FirstRows() for name in columns.names}
        self.incomplete = FirstRows()
        self.infinite = {name: FirstRows() for name in columns.names}
        self.negative_weights = FirstRows()
        self.other_labels: dict[Label, int] = {}
        self.cells = np.zeros((2, 2), np.int64)
        self.weights: list[list[float]] = [[], [], [], []]
        self.total_weight = 0.0
        self.lowest, self.highest = math.inf, -math.inf
        shown = columns.orientation.shown
        self.roc = RocSummary(shown, weighted=columns.weight is not None)
        self.pairs = PairedScores() if columns.compare is not None else None

    def update(self, rows: Any, /) -> None:
        """Take in an Arrow record batch."""
        first_row = self.read + 1
        self.read += rows.num_rows
        names = self.columns.names
        missing = {name: missing_rows(rows.column(name)) for name in names if _may_miss(rows.column(name))}
        complete: NDArray[np.bool_] | None = None
        if any(mask.any() for mask in missing.values()):
            incomplete = np.logical_or.reduce(list(missing.values()))
            self.incomplete.add(incomplete, first_row)
            for name, mask in missing.items():
                self.missing[name].add(mask, first_row)
            complete = ~incomplete
        numbers = {
            name: self._numbers(name, rows.column(name), first_row) for name in names if name != self.columns.label
        }
        actual = self._actual(rows.column(self.columns.label), complete)
        score = numbers[self.columns.score]
        compare = numbers[self.columns.compare] if self.columns.compare is not None else None
        weight = numbers[self.columns.weight].astype(np.float64) if self.columns.weight is not None else None
        if weight is not None:
            self.negative_weights.add(weight < 0, first_row)
        if complete is not None:
            actual, score = actual[complete], score[complete]
            compare = None if compare is None else compare[complete]
            weight = None if weight is None else weight[complete]
        if weight is not None:
            with np.errstate(over="ignore"):
                self.total_weight += float(weight.sum())
        if len(score) == 0 or self._is_refused():
            return
        self.lowest = min(self.lowest, float(score.min()))
        self.highest = max(self.highest, float(score.max()))
        self._count(actual, score, weight)
        if weight is not None and not weight.any():
            return
        self.roc.update((actual, score, weight))
        if self.pairs is not None and compare is not None:
            self.pairs.update((actual, score, compare))

    def merge(self, other: ScoredRows, /) -> None:
        """Take in what another state saw; its rows come after this one's."""
        for name, found in self.missing.items():
            found.merge(other.missing[name], self.read)
            self.infinite[name].merge(other.infinite[name], self.read)
        self.incomplete.merge(other.incomplete, self.read)
        self.negative_weights.merge(other.negative_weights, self.read)
        self.read += other.read
        for label, count in other.other_labels.items():
            self.other_labels[label] = self.other_labels.get(label, 0) + count
        self.cells += other.cells
        self.total_weight += other.total_weight
        for place, parts in enumerate(other.weights):
            self.weights[place] += parts
        self.lowest, self.highest = min(self.lowest, other.lowest), max(self.highest, other.highest)
        self.roc.merge(other.roc)
        if self.pairs is not None and other.pairs is not None:
            self.pairs.merge(other.pairs)

    @property
    def used(self) -> int:
        """How many rows were complete."""
        return self.read - self.incomplete.count

    @property
    def orientation(self) -> Orientation:
        """The orientation, with the negative value known where there turned out to be but one."""
        given = self.columns.orientation
        if given.negative is None and len(self.other_labels) == 1:
            return replace(given, negative=next(iter(self.other_labels)))
        return given

    def weighted_cells(self) -> NDArray[np.float64]:
        """Return the cells in weights, each rounded once."""
        return np.array([math.fsum(parts) for parts in self.weights]).reshape(2, 2)

    def _numbers(self, name: str, column: Any, first_row: int) -> NDArray[Any]:
        """Return a column's numbers in their own type where NumPy has it, missing ones as NaN."""
        if pa.types.is_boolean(column.type):
            column = column.cast(pa.int8())
        values = column.to_numpy(zero_copy_only=False)
        if values.dtype.kind == "f":
            self.infinite[name].add(np.isinf(values), first_row)
        return values

    def _actual(self, column: Any, complete: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
        """Return which rows are positive, and keep account of labels that are neither of the two."""
        positive = _equals(column, self.columns.orientation.positive)
        negative = self.columns.orientation.negative
        others = ~positive if negative is None else ~(positive | _equals(column, negative))
        if complete is not None:
            others &= complete
        if others.any():
            counts = column.filter(pa.array(others)).value_counts()
            for entry in counts.to_pylist()[: _NAMED_VALUES + 1]:
                label = entry["values"]
                self.other_labels[label] = self.other_labels.get(label, 0) + entry["counts"]
        return positive

    def _count(self, actual: NDArray[np.bool_], score: NDArray[Any], weight: NDArray[np.float64] | None) -> None:
        # The decision is made as NumPy compares: the threshold in the scores' own precision, so that 0.7 meets 0.7.
        decided = score >= self.columns.threshold
        cell = actual.astype(np.int8) * 2 + decided
        self.cells += np.bincount(cell, minlength=4).reshape(2, 2)
        if weight is not None:
            for place, parts in enumerate(self.weights):
                parts.append(math.fsum(weight[cell == place]))

    def _is_refused(self) -> bool:
        """Return whether the rows will be refused, so that the sorting state never meets what it cannot take."""
        if self.negative_weights.count or math.isinf(self.total_weight):
            return True
        return any(found.count for found in self.infinite.values())


def _may_miss(column: Any) -> bool:
    if column.null_count:
        return True
    if not pa.types.is_floating(column.type):
        return False
    # One pass without a mask decides the usual case; a sum that is not finite may also come from infinities.
    with np.errstate(all="ignore"):
        return not np.isfinite(column.to_numpy(zero_copy_only=False).sum())


def _equals(column: Any, label: Label) -> NDArray[np.bool_]:
    if pa.types.is_boolean(column.type) or not isinstance(label, str):
        values = column.cast(pa.int8()) if pa.types.is_boolean(column.type) else column
        array = values.to_numpy(zero_copy_only=False)
        return np.asarray(array == label, np.bool_)
    encoded = column.dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    matches = np.array([*(value == label for value in encoded.dictionary.to_pylist()), False], np.bool_)
    return matches[codes]
