"""What is explained of a normalisation: its columns, from the rows themselves or from what was merged of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import Symbol, equation, indexed, symbol
from workings.language import Message, message
from workings.working import Derivation, shown

__all__ = ["MOST_COLUMNS", "MOST_ROWS", "Columns", "Results", "letter", "unnamed"]

Array = NDArray[np.float64]

# So many rows of a column, and so many columns beside it, are told.
MOST_ROWS, MOST_COLUMNS = 20, 30
# Every value of a column that is told is counted again; beyond so many of them fewer columns are.
_MOST_TOLD = 30_000_000
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LATEX = {"x̄": r"\bar{x}", "s²": "s^2"}


def letter(name: str, column: int | None) -> Symbol:
    """Return a letter of the column that is told (None), or of another one: x⁽³⁾."""
    latex = _LATEX.get(name, name)
    if column is None:
        return Symbol(name, style="italic", latex=latex)
    return Symbol(f"{name}⁽{str(column + 1).translate(_RAISED)}⁾", style="italic", latex=f"{latex}^{{({column + 1})}}")


def unnamed(columns: int) -> list[str]:
    """Return what columns are called that have no names: x is one alone, of more each has its number."""
    return ["x"] if columns == 1 else [str(j + 1) for j in range(columns)]


@dataclass(frozen=True, eq=False)
class Results:
    """What was computed of the rows.

    Parameters
    ----------
    of
        Returns the results of some rows of the table, all columns of them.
    precision
        What they are rounded to, relative to their size: 2⁻⁵² of float64.
    """

    of: Callable[[NDArray[np.intp]], Array]
    precision: float = 2.0**-52


@dataclass(frozen=True, eq=False)
class Columns:
    """The columns that were normalised.

    Parameters
    ----------
    names
        Their names.
    rows
        The rows, shape (rows, columns), NaN where a value is missing; None where only a merged state is left.
    state
        Of each column the merged figures by name ("weight", "sum", "squares" for a z-score), and whether a value of it
        was seen ("seen").
    results
        What was computed of the rows that are told; None where only a merged state is left.
    others
        The rows that are told, where they are not those that was learned from.
    named
        Whether the names were given, and are not the columns' numbers.
    """

    names: Sequence[str]
    rows: Array | None
    state: Mapping[str, NDArray[Any]]
    results: Results | None = None
    others: Array | None = None
    named: bool = True
    # The values of a column that were asked for before: to look for what is missing among 10 million takes a while.
    _seen: dict[int, Array] = field(default_factory=dict[int, Array], init=False, repr=False)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def table(self) -> Array:
        """The rows that are told, or none where they are not at hand."""
        rows = self.rows if self.others is None else self.others
        return np.zeros((0, len(self.names))) if rows is None else rows

    @property
    def x(self) -> Symbol:
        """The letter of the values that are told: x, or u where x are those that was learned from."""
        return symbol("x" if self.others is None else "u")

    @property
    def stretched(self) -> Symbol:
        """The letter of what becomes of them in a range."""
        return symbol(f"{self.x.name}'", style="italic")

    def values(self, column: int) -> Array | None:
        """Return the values of a column that was learned from, in the order of the rows."""
        if self.rows is None:
            return None
        if column not in self._seen:
            self._seen[column] = _present(self.rows[:, column])
        return self._seen[column]

    def told_values(self, column: int) -> Array | None:
        """Return the values of a column that are told, in the order of the rows."""
        return self.values(column) if self.others is None else _present(self.others[:, column])

    def give_told(self, w: Derivation, column: int) -> None:
        """Hand the values that are told to a working, where they are not those that was learned from."""
        if self.others is not None:
            values = _present(self.others[:, column])
            w.given("m", len(values), message("how many new values there are"))
            w.given(self.x.name, values, message("the new values of {column}", column=self.titled(column)))

    def first_results(self, column: int, count: int) -> Array:
        """Return what was computed of the first so many values of a column that are told."""
        return self._results(np.flatnonzero(~np.isnan(self.table[:, column]))[:count])[:, column]

    def result(self, row: int, column: int) -> float:
        """Return what was computed of a row's value."""
        return float(self._results(np.array([row]))[0, column])

    @property
    def precision(self) -> float:
        """What the results are rounded to, relative to their size."""
        return 0.0 if self.results is None else self.results.precision

    def _results(self, rows: NDArray[np.intp]) -> Array:
        return np.zeros((0, len(self))) if self.results is None else self.results.of(rows)

    def unseen(self, column: int) -> bool:
        """Return whether no value of a column was seen, so that there is nothing to tell of it."""
        values = self.values(column)
        if values is not None:
            return len(values) == 0
        return not self.state["seen"][column]

    def told(self) -> list[int]:
        """Return the columns, of very many or very long ones the first, of which a value was seen."""
        long = max(1, _MOST_TOLD // max(1, len(self.table)))
        return [k for k in range(min(len(self), MOST_COLUMNS, long)) if not self.unseen(k)]

    def missing(self, column: int) -> int:
        """Return how many values of a column are missing among the rows that are told."""
        values = self.told_values(column)
        return 0 if values is None else len(self.table) - len(values)

    def note_missing(self, w: Derivation, column: int) -> None:
        """Say how many values of a column are missing."""
        if missing := self.missing(column):
            w.note(message("Missing values: {count}. They do not count, and stay missing.", count=missing))

    def titled(self, column: int) -> Message:
        """Return how a column is spoken of."""
        if not self.named:
            return message("column {number}", number=column + 1)
        return message("the column {name}", name=self.names[column])

    def name(self, column: int) -> Message | str:
        """Return what stands for a column where only columns are spoken of, as in a table or a picture."""
        return self.names[column] if self.named else self.titled(column)

    def place(self, column: Any) -> int:
        """Return the place of a column that is named, or counted from 0.

        Raises
        ------
        InputError
            If there is no such column.
        """
        if isinstance(column, str) and self.named and column in self.names:
            return list(self.names).index(column)
        if isinstance(column, int | np.integer) and not isinstance(column, bool) and 0 <= column < len(self.names):
            return int(column)
        raise InputError(
            message(
                "at: column must be a name, or a number from 0 to {last}; got {got}",
                last=len(self.names) - 1,
                got=repr(column),
            )
        )

    def asked_of(self, row: int, column: int, digits: int = 5) -> Message:
        """Return the question about one value, shown with so many digits.

        ``row`` counts from 0, the sentence from 1 as the subscripts do.
        """
        place = self.position(row, column)
        value = float(self.table[row, column])
        return message(
            "Counted from 1, row {row} of {column} is {x}: what does it become?",
            row=row + 1,
            column=self.titled(column),
            x=equation(indexed(self.x, place), shown(value, digits)),
        )

    def asked_of_others(self, column: int) -> Message:
        """Return the question about rows that were not learned from."""
        return message(
            "What becomes of {column} in new rows, by what was learned from other rows?", column=self.titled(column)
        )

    def note_others(self, w: Derivation) -> None:
        """Say that rows that were not learned from change nothing of what was learned."""
        w.note(message("The new rows change nothing of what was learned."))

    def count_apart(self, w: Derivation, row: int, column: int) -> None:
        """Say why a value's subscript is not the number of its row, where values above it are missing."""
        place = self.position(row, column)
        if place != row + 1:
            w.note(
                message(
                    "The subscript {place} counts the values that are not missing; the row is number {row}.",
                    place=place,
                    row=row + 1,
                )
            )

    def position(self, row: Any, column: int) -> int:
        """Return at which place among a column's values, counted from 1, a row's value stands.

        Raises
        ------
        InputError
            If there is no such row, or its value is missing.
        """
        table = self.table
        if self.rows is None and self.others is None:
            raise InputError(
                message("at: the rows are not at hand, only what was merged of them; pass the rows to explain")
            )
        if isinstance(row, bool) or not isinstance(row, int | np.integer) or not 0 <= row < len(table):
            raise InputError(
                message("at: row must be a number from 0 to {last}; got {got}", last=len(table) - 1, got=repr(row))
            )
        if np.isnan(table[int(row), column]):
            raise InputError(message("at: the value in row {row} is missing, and stays missing", row=int(row)))
        return int((~np.isnan(table[: int(row) + 1, column])).sum())


def _present(values: Array) -> Array:
    """Return the values that are not missing."""
    missing = np.isnan(values)
    return values[~missing] if missing.any() else values
