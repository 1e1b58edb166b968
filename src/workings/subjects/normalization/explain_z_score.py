"""The z-score of a column, told: mean, deviations, variance, and each value in deviations from the mean."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.expression import Node, equation, indexed, sqrt, symbol, symbols, total
from workings.language import message
from workings.subjects.normalization.columns import MOST_ROWS, Columns, letter
from workings.subjects.normalization.explain_far_off import tell_from_a_value
from workings.subjects.normalization.explain_outlier import note_far_value
from workings.working import Derivation, Derived, Rule, Table, Working, clear_of_rounding, shown

__all__ = ["ZScoreTeller"]

Array = NDArray[np.float64]

# What a mean may lie from the true one in relation to its own size: all else that rounding does is said beside it.
_EXACT = 2.0**-50
# A mean so many times as large as the deviation is told with as many digits more, so that deviations can be told from
# it; beyond the second bound no float has them, and the values are counted from one of their own.
_LARGE, _TOO_LARGE = 1e2, 1e10
_DIGITS = 5


class ZScoreTeller:
    """Tells the columns that were brought to mean 0 and deviation 1.

    Parameters
    ----------
    columns
        The columns.
    mean, spread
        The mean and the standard deviation of each, as they were computed.
    divisor
        What each is divided by: the deviation, or 1 for a column that does not vary.
    left
        How far rounding may have moved each mean.
    ddof
        0 where the squares are divided by n, 1 by n - 1.
    """

    def __init__(
        self, columns: Columns, mean: Array, spread: Array, divisor: Array, *, left: Array, ddof: int = 0
    ) -> None:
        self._columns = columns
        self._mean = mean
        self._spread = spread
        self._divisor = divisor
        self._left = left
        self._ddof = ddof

    def column(self, j: int) -> Working:
        """Return the working of a column."""
        columns = self._columns
        asked = message("How is {column} brought to mean 0 and deviation 1?", column=columns.titled(j))
        w = Derivation("normalization", asked if columns.others is None else columns.asked_of_others(j))
        self._definition(w)
        if not columns.unseen(j):
            self._tell(w, j)
        columns.note_missing(w, j)
        self._others(w, j)

        def more(row: int | None = None, column: int | str = j) -> Working:
            place = columns.place(column)
            return self.column(place) if row is None else self.element(row, place)

        return w.build(more=more)

    def _tell(self, w: Derivation, j: int) -> None:
        """Derive what a column becomes, and say what is remarkable in it."""
        columns = self._columns
        self._figures(w, j, None)
        self._divide(w, j)
        if columns.others is not None:
            self._rows(w, j)
            columns.note_others(w)
        elif self._varies(j):
            self._rows(w, j)
            self._convention(w, j)
            values = columns.values(j)
            if values is not None:
                mean, spread, left = (float(each[j]) for each in (self._mean, self._spread, self._left))
                note_far_value(w, values, mean, spread, ddof=self._ddof, left=left, digits=self._digits(j))
        places = {
            "column": columns.titled(j),
            "mean": shown(float(self._mean[j]), self._digits(j)),
            "spread": shown(float(self._spread[j])),
        }
        if columns.others is not None:
            w.conclude(
                message(
                    "Each new value of {column} is counted from the mean {mean} that was learned, in deviations of "
                    "{divisor}.",
                    divisor=shown(float(self._divisor[j])),
                    **places,
                )
            )
        elif self._varies(j):
            w.conclude(
                message(
                    "The mean of {column} is {mean} and its deviation {spread}; z counts in deviations from the mean, "
                    "and has mean 0 and deviation 1.",
                    **places,
                )
            )
        elif self._spread[j] == 0.0:
            w.conclude(message("Every value of {column} is {mean}, and becomes 0.", **places))
        else:
            w.conclude(
                message("Every value of {column} is {mean} but for rounding, and becomes 0 but for rounding.", **places)
            )

    def element(self, row: int, j: int) -> Working:
        """Return the working of one value."""
        k = self._columns.position(row, j)
        value = float(self._columns.table[row, j])
        z, s = symbols("z s")
        w = Derivation("normalization", self._columns.asked_of(row, j, self._digits(j)))
        self._definition(w)
        self._figures(w, j, None)
        self._divide(w, j)
        self._columns.give_told(w, j)
        off = self._deviation(j, value)
        deviation = self._off(j, k)
        w.line("deviation", deviation, off, title=message("The deviation from the mean"), absolute=float(self._left[j]))
        result = self._columns.result(row, j)
        step = w.line(
            "z",
            equation(indexed(z, k), deviation / (s if self._varies(j) else 1)),
            result,
            title=message("In deviations"),
            rule=Rule.RATIO,
            tolerance=self._tolerance,
            absolute=self._moved(j, result),
        )
        self._columns.count_apart(w, row, j)
        w.conclude(message("z = {z}: so many deviations the value lies from the mean.", z=step.shown))
        return w.build()

    def _definition(self, w: Derivation) -> None:
        x, (i, z, mean, s) = self._columns.x, symbols("i z x̄ s")
        w.define("definition", equation(indexed(z, i), (indexed(x, i) - mean) / s))

    def _figures(self, w: Derivation, j: int, mark: int | None) -> None:
        """Derive a column's mean, variance and deviation; the column told has no mark, another is only checked."""
        values, i = self._columns.values(j), symbol("i")
        if mark is None and values is not None and self._far_off(j):
            figures = float(self._mean[j]), float(self._spread[j]), float(self._left[j])
            tell_from_a_value(w, values, self._columns.titled(j), figures, key=j, ddof=self._ddof)
            return
        mean, variance, s = letter("x̄", mark), letter("s²", mark), letter("s", mark)
        place: Any = "line" if mark is None else "sentence"
        if values is not None:
            n, x = letter("n", mark), letter("x", mark)
            w.given(n.name, len(values), message("how many values there are"))
            w.given(x.name, values, self._columns.titled(j))
            added: Node = total(indexed(x, i), i, 1, n)
            squares: Node = total((indexed(x, i) - mean) ** 2, i, 1, n)
        else:
            state = self._columns.state
            n, added, squares = letter("S", mark), letter("T", mark), letter("M", mark)
            w.given(n.name, float(state["weight"][j]), message("the weight of the values"), source="state")
            w.given(added.name, float(state["sum"][j]), message("the sum of the values"), source="state")
            w.given(squares.name, float(state["squares"][j]), message("the sum of squared deviations"), source="state")
        average, spread = float(self._mean[j]), float(self._spread[j])
        left = float(self._left[j])
        w.line(
            f"mean_{j}",
            equation(mean, 1 / n * added),
            average,
            title=message("The mean")
            if values is not None
            else message("The mean: the sum T of the values by their number (or weight) S"),
            rule=Rule.MEAN,
            tolerance=_EXACT,
            absolute=left,
            digits=self._digits(j),
            place=place,
        )
        w.line(
            f"variance_{j}",
            equation(variance, 1 / (n - self._ddof if self._ddof else n) * squares),
            spread**2,
            title=message("The variance: the mean squared deviation")
            if values is not None
            else message("The variance: the sum M of the squared deviations by S"),
            rule=Rule.VARIANCE,
            absolute=left * (spread + left),
            place=place,
        )
        w.line(
            f"std_{j}",
            equation(s, sqrt(variance)),
            spread,
            title=message("The standard deviation"),
            rule=Rule.SQUARE_ROOT,
            absolute=left,
            place=place,
        )

    def _far_off(self, j: int) -> bool:
        """Return whether no float near the mean of a column has the digits that tell its deviations."""
        return self._columns.values(j) is not None and self._offset(j) > _TOO_LARGE

    def _off(self, j: int, k: int) -> Node:
        """Return how far the value that is told in place k lies from the mean."""
        x = self._columns.x
        if not self._far_off(j):
            return indexed(x, k) - symbol("x̄")
        counted = indexed("v", k) if self._columns.others is None else indexed(x, k) - symbol("c")
        return counted - symbol("a")

    def _offset(self, j: int) -> float:
        """Return how many deviations the mean of a column lies from 0."""
        spread = float(self._spread[j])
        return abs(float(self._mean[j])) / spread if spread > 0.0 and self._varies(j) else 0.0

    def _digits(self, j: int) -> int:
        """Return with how many digits a column's mean and values are shown, so that they tell its deviations."""
        offset = self._offset(j)
        return min(17, _DIGITS + math.ceil(math.log10(offset))) if offset > _LARGE else _DIGITS

    def _divide(self, w: Derivation, j: int) -> None:
        """Say what is divided by, where it is not the deviation."""
        if not self._varies(j):
            x, (i, z, mean) = self._columns.x, symbols("i z x̄")
            rule = equation(indexed(z, i), (indexed(x, i) - mean) / 1)
            text = message("The column does not vary, so there is no deviation to divide by: it is divided by 1.")
            w.define("divisor", rule, title=message("Divide by 1"), note=text)

    def _rows(self, w: Derivation, j: int) -> None:
        """Tell the values before and after, of few rows all."""
        values = self._columns.told_values(j)
        if values is None or len(values) == 0:
            return
        self._columns.give_told(w, j)
        x, (i, d, z, s) = self._columns.x, symbols("i d z s")
        digits = self._digits(j) if self._offset(j) > _LARGE else None
        kept = range(len(values)) if len(values) <= MOST_ROWS else range(MOST_ROWS // 2)
        left = float(self._left[j])
        z_scores = self._columns.first_results(j, len(kept))
        rows = tuple(
            (
                k + 1,
                Derived(float(values[k]), indexed(x, k + 1), digits=digits),
                Derived(
                    self._deviation(j, float(values[k])),
                    equation(indexed(d, k + 1), self._off(j, k + 1)),
                    left,
                ),
                Derived(
                    float(z_scores[k]),
                    equation(indexed(z, k + 1), self._off(j, k + 1) / (s if self._varies(j) else 1)),
                    self._moved(j, float(z_scores[k])),
                ),
            )
            for k in kept
        )
        count = len(values) if len(kept) < len(values) else None
        title = (
            message("Each value x, its deviation d from the mean, and z")
            if self._columns.others is None
            else message("Each new value u, its deviation d from the mean, and z")
        )
        w.table("rows", Table((i, x, d, z), rows, total=count), title=title, tolerance=self._tolerance)

    def _convention(self, w: Derivation, j: int) -> None:
        """Say what the other divisor, n or n - 1, would give."""
        values = self._columns.values(j)
        if values is None or len(values) < 2:
            return
        i, x, n, mean, v, q = symbols("i x n x̄ v q")
        off = indexed(v, i) - q if self._far_off(j) else indexed(x, i) - mean
        squares = total(off**2, i, 1, n)
        rival = 0 if self._ddof else 1
        value = clear_of_rounding(float(self._spread[j] * np.sqrt((len(values) - self._ddof) / (len(values) - rival))))
        if self._ddof:
            texts = (
                message("the squares are divided by n - 1"),
                message("with n, as in scikit-learn's scaler, s would be {value}"),
            )
        else:
            texts = (
                message("the squares are divided by n, as in scikit-learn"),
                message("with n - 1, as for a sample, s would be {value}"),
            )
        w.convention(
            message("The divisor"),
            *texts,
            rival_value=value,
            statement=sqrt(squares / (n - rival) if rival else squares / n),
        )

    def _others(self, w: Derivation, j: int) -> None:
        """Check the figures of the other columns too, and tell all in a table."""
        columns = self._columns
        if len(columns) == 1:
            return
        told = columns.told()
        for k in told:
            if k != j:
                self._figures(w, k, k)
        rows = tuple((columns.names[k], *self._cells(k, None if k == j else k)) for k in told)
        heads = (message("column"), message("mean"), message("standard deviation"))
        count = len(columns) if len(told) < len(columns) else None
        w.table("columns", Table(heads, rows, total=count), title=message("All columns"))

    def _cells(self, j: int, mark: int | None) -> tuple[Derived, Derived]:
        """Return a column's mean and deviation, each of which was derived from its values."""
        left = float(self._left[j])
        digits = self._digits(j) if self._offset(j) > _LARGE else None
        mean = Derived(float(self._mean[j]), letter("x̄", mark), left, digits)
        return mean, Derived(float(self._spread[j]), letter("s", mark), left)

    def _moved(self, j: int, z: float) -> float:
        """Return how far rounding may have moved a z-score: its value's deviation, and the one it is divided by."""
        return float(self._left[j]) / float(self._divisor[j]) * (1.0 + abs(z))

    @property
    def _tolerance(self) -> float:
        """How far a z-score may lie from its true value, relative to it: half units of its dtype, a few times."""
        return max(1e-9, 4 * self._columns.precision)

    def _deviation(self, j: int, value: float) -> float:
        """Return how far a value lies from the mean, as one would subtract it on paper."""
        mean = float(self._mean[j])
        if self._far_off(j):
            return value - mean  # exact, and all that tells the values apart
        return clear_of_rounding(value - mean, max(abs(value), abs(mean)))

    def _varies(self, j: int) -> bool:
        return bool(self._divisor[j] == self._spread[j])
