"""The stretching of a column to a range, told: minimum, maximum, range, and each value before and after."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.expression import (
    Node,
    Symbol,
    at_most,
    equation,
    indexed,
    iverson,
    largest,
    maximum,
    minimum,
    smallest,
    symbol,
    symbols,
    total,
)
from workings.language import Message, message
from workings.subjects.normalization.columns import MOST_ROWS, Columns, letter
from workings.subjects.normalization.explain_outlier import note_squeezed
from workings.working import Derivation, Derived, Rule, Table, Working, shown

__all__ = ["MinMaxTeller"]

Array = NDArray[np.float64]


class MinMaxTeller:
    """Tells the columns that were stretched to a range.

    Parameters
    ----------
    columns
        The columns.
    least, greatest
        The minimum and the maximum of each, as they were found.
    divisor
        What each is divided by: its range, or 1 for a column that does not vary.
    feature_range
        What they become.
    clip
        Whether what lies beyond is cut to it.
    """

    def __init__(
        self,
        columns: Columns,
        least: Array,
        greatest: Array,
        divisor: Array,
        feature_range: tuple[float, float],
        *,
        clip: bool = False,
    ) -> None:
        self._columns = columns
        self._least = least
        self._greatest = greatest
        self._divisor = divisor
        self._clip = clip
        self._low, self._high = float(feature_range[0]), float(feature_range[1])

    def column(self, j: int) -> Working:
        """Return the working of a column."""
        columns = self._columns
        ends = {"low": shown(self._low), "high": shown(self._high)}
        asked = message(
            "How is {column} stretched to the range from {low} to {high}?", column=columns.titled(j), **ends
        )
        w = Derivation("normalization", asked if columns.others is None else columns.asked_of_others(j))
        self._definition(w)
        if not columns.unseen(j):
            self._figures(w, j, None)
            w.conclude(self._answer(j))
        if columns.others is not None and not columns.unseen(j):
            self._rows(w, j)
            columns.note_others(w)
            self._note_outside(w, j)
        elif self._varies(j):
            self._rows(w, j)
            values = columns.values(j)
            if values is not None:
                note_squeezed(w, values, float(self._least[j]), float(self._greatest[j]))
        elif not columns.unseen(j):
            w.note(
                message(
                    "The column does not vary, so there is no range to divide by: every value becomes {low}.",
                    low=ends["low"],
                )
            )
        columns.note_missing(w, j)
        self._others(w, j)

        def more(row: int | None = None, column: int | str = j) -> Working:
            place = columns.place(column)
            return self.column(place) if row is None else self.element(row, place)

        return w.build(more=more)

    def _answer(self, j: int) -> Message:
        name, least, low = self._columns.titled(j), shown(float(self._least[j])), shown(self._low)
        if self._columns.others is not None and not self._varies(j):
            return message(
                "Every value of {column} that was learned is {least}: there is no range to divide by, and it is "
                "divided by 1.",
                column=name,
                least=least,
            )
        if self._columns.others is not None:
            return message(
                "The learned ends of {column}, {least} and {greatest}, become {low} and {high}, and each new value is "
                "placed by them.",
                column=name,
                least=least,
                greatest=shown(float(self._greatest[j])),
                low=low,
                high=shown(self._high),
            )
        if not self._varies(j):
            return message("Every value of {column} is {least}, and becomes {low}.", column=name, least=least, low=low)
        return message(
            "The values of {column} go from {least} to {greatest}; these become {low} and {high}, and what lies "
            "between them stays between.",
            column=name,
            least=least,
            greatest=shown(float(self._greatest[j])),
            low=low,
            high=shown(self._high),
        )

    def element(self, row: int, j: int) -> Working:
        """Return the working of one value."""
        k = self._columns.position(row, j)
        value = float(self._columns.table[row, j])
        w = Derivation("normalization", self._columns.asked_of(row, j))
        self._definition(w)
        self._figures(w, j, None)
        self._columns.give_told(w, j)
        x = indexed(self._columns.x, k)
        w.line("above", x - symbol("min"), value - float(self._least[j]), title=message("How far above the minimum"))
        new = equation(indexed(self._columns.stretched, k), self._changed(x, varies=self._varies(j)))
        step = w.line(
            "stretched",
            new,
            self._columns.result(row, j),
            title=message("As a part of the range"),
            rule=Rule.RATIO,
            tolerance=self._tolerance,
            absolute=self._absolute,
        )
        self._columns.count_apart(w, row, j)
        w.conclude(message("{x} becomes {new}.", x=shown(value), new=step.shown))
        return w.build()

    def _note_outside(self, w: Derivation, j: int) -> None:
        """Say how many new values lie outside what was learned, and so outside the range."""
        values = self._columns.told_values(j)
        least, greatest = float(self._least[j]), float(self._greatest[j])
        outside = 0 if values is None else int(((values < least) | (values > greatest)).sum())
        if values is None or outside == 0 or not self._varies(j):
            return
        i, m, low, high = symbols("i m min max")
        u = indexed(self._columns.x, i)
        within = total(iverson(at_most(low, u)) * iverson(at_most(u, high)), i, 1, m)
        w.line("outside", m - within, outside, place="sentence")
        places = {
            "count": outside,
            "all": len(values),
            "least": shown(least),
            "greatest": shown(greatest),
            "low": shown(self._low),
            "high": shown(self._high),
        }
        if self._clip:
            text = message(
                "{count} of {all} new values {count:lies|lie} outside what was learned, {least} to {greatest}, and "
                "{count:is|are} cut to {low} or {high}.",
                **places,
            )
        else:
            text = message(
                "{count} of {all} new values {count:lies|lie} outside what was learned, {least} to {greatest}, and so "
                "outside {low} to {high} afterwards.",
                **places,
            )
        w.note(text)

    def _definition(self, w: Derivation) -> None:
        i, x, new = symbol("i"), self._columns.x, self._columns.stretched
        w.define("definition", equation(indexed(new, i), self._changed(indexed(x, i))))

    def _stretched(self, x: Node, *, varies: bool = True) -> Node:
        """Return the rule; the usual range from 0 to 1 needs no further factor."""
        part = (x - symbol("min")) / (symbol("r") if varies else 1)
        if (self._low, self._high) == (0.0, 1.0):
            return part
        return self._whole(self._low) + part * (self._whole(self._high) - self._whole(self._low))

    def _changed(self, x: Node, *, varies: bool = True) -> Node:
        """Return what becomes of a value that is told; a new one may lie beyond what was learned and be cut off."""
        after = self._stretched(x, varies=varies)
        if not self._clip or self._columns.others is None:
            return after
        return minimum(maximum(after, self._whole(self._low)), self._whole(self._high))

    def _figures(self, w: Derivation, j: int, mark: int | None) -> None:
        values, i = self._columns.values(j), symbol("i")
        low, high, spread = _letters(mark)
        place: Any = "line" if mark is None else "sentence"
        least, greatest = float(self._least[j]), float(self._greatest[j])
        if values is not None:
            n, x = letter("n", mark), letter("x", mark)
            w.given(n.name, len(values), message("how many values there are"))
            w.given(x.name, values, self._columns.titled(j))
            w.line(
                f"min_{j}",
                equation(low, smallest(indexed(x, i), i, 1, n)),
                least,
                title=message("The smallest value"),
                rule=Rule.MINIMUM,
                place=place,
            )
            w.line(
                f"max_{j}",
                equation(high, largest(indexed(x, i), i, 1, n)),
                greatest,
                title=message("The largest value"),
                rule=Rule.MAXIMUM,
                place=place,
            )
        else:
            w.given(low.name, least, message("the smallest value"), source="state")
            w.given(high.name, greatest, message("the largest value"), source="state")
        w.line(
            f"range_{j}",
            equation(spread, high - low),
            greatest - least,
            title=message("The range"),
            rule=Rule.DIFFERENCE,
            absolute=_left(least, greatest),
            place=place,
        )

    def _rows(self, w: Derivation, j: int) -> None:
        values = self._columns.told_values(j)
        if values is None or len(values) == 0:
            return
        self._columns.give_told(w, j)
        i, x, new = symbol("i"), self._columns.x, self._columns.stretched
        varies = self._varies(j)
        kept = range(len(values)) if len(values) <= MOST_ROWS else range(MOST_ROWS // 2)
        after = self._columns.first_results(j, len(kept))
        rows = tuple(
            (
                k + 1,
                Derived(float(values[k]), indexed(x, k + 1)),
                Derived(
                    float(after[k]), equation(indexed(new, k + 1), self._changed(indexed(x, k + 1), varies=varies))
                ),
            )
            for k in kept
        )
        count = len(values) if len(kept) < len(values) else None
        title = (
            message("Each value, before and after")
            if self._columns.others is None
            else message("Each new value, before and after")
        )
        w.table(
            "rows",
            Table((i, x, new), rows, total=count),
            title=title,
            tolerance=self._tolerance,
            absolute=self._absolute,
        )

    def _others(self, w: Derivation, j: int) -> None:
        columns = self._columns
        if len(columns) == 1:
            return
        told = columns.told()
        for k in told:
            if k != j:
                self._figures(w, k, k)
        rows = tuple((columns.names[k], *self._cells(k, None if k == j else k)) for k in told)
        heads = (message("column"), *symbols("min max r"))
        count = len(columns) if len(told) < len(columns) else None
        w.table("columns", Table(heads, rows, total=count), title=message("All columns"))

    def _cells(self, j: int, mark: int | None) -> tuple[Derived, ...]:
        """Return a column's minimum, maximum and range, each of which was derived from its values."""
        least, greatest = float(self._least[j]), float(self._greatest[j])
        figures = (least, 0.0), (greatest, 0.0), (greatest - least, _left(least, greatest))
        return tuple(
            Derived(value, letter, left) for (value, left), letter in zip(figures, _letters(mark), strict=True)
        )

    @property
    def _tolerance(self) -> float:
        """How far a result may lie from its true value, relative to it: half units of its dtype, a few times."""
        return max(1e-9, 4 * self._columns.precision)

    @property
    def _absolute(self) -> float:
        """The same where the range does not begin at 0, and the results may be small beside its ends."""
        return 4 * self._columns.precision * (abs(self._low) + abs(self._high)) if self._low else 0.0

    def _varies(self, j: int) -> bool:
        spread = self._greatest[j] - self._least[j]
        # A range of exactly 1 is divided by, as is one that is rounded to the values' own dtype.
        return bool(spread > 0 and abs(self._divisor[j] - spread) <= 1e-6 * spread)

    def _whole(self, value: float) -> int | float:
        return int(value) if value == int(value) else value


def _letters(mark: int | None) -> tuple[Symbol, ...]:
    """Return what minimum, maximum and range of a column are called; the one that is told has no mark."""
    return symbols("min max r") if mark is None else tuple(letter(name, mark) for name in ("min", "max", "r"))


def _left(least: float, greatest: float) -> float:
    """Return what rounding may have left of a range."""
    return 1e-15 * (abs(least) + abs(greatest))
