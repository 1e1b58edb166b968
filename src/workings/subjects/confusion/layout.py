"""The counts laid out as a table whose axes are named."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray

from workings.language import Message, grouped, message
from workings.working import Explainable

__all__ = ["ConfusionTable", "columns_of_text", "counted", "number_text", "short_text"]


@dataclass(frozen=True, eq=False)
class ConfusionTable(Explainable):
    r"""Counts with named axes and totals; ``str`` writes it in columns.

    Parameters
    ----------
    rows
        What stands in the rows: "actual" or "predicted" classes; the other stands in the columns.
    labels
        The classes, of rows and columns alike.
    cells
        (k, k), laid out as ``rows`` says.
    weighted
        Whether rows counted by weight, whole numbers or not.

    Examples
    --------
    >>> import workings as wk
    >>> print(wk.confusion_matrix([1, 1, 1, 0, 0], [1, 1, 0, 0, 0]).table(rows="predicted"))
    predicted \ actual  0  1  total
    0                   2  1      3
    1                   0  2      2
    total               2  3      5
    """

    rows: Literal["actual", "predicted"]
    labels: tuple[Any, ...]
    cells: NDArray[Any]
    weighted: bool = False

    @property
    def corner(self) -> Message:
        """The heading that says what stands where."""
        if self.rows == "actual":
            return message("actual \\ predicted")
        return message("predicted \\ actual")

    @property
    def row_totals(self) -> NDArray[Any]:
        """The sum of each row."""
        return self.cells.sum(axis=1)

    @property
    def column_totals(self) -> NDArray[Any]:
        """The sum of each column."""
        return self.cells.sum(axis=0)

    def to_text(self, *, totals: bool = True) -> str:
        """Return the table in columns aligned by display width."""
        total = str(message("total"))
        lines = [[str(self.corner), *map(short_text, self.labels), *([total] if totals else [])]]
        for label, row, row_sum in zip(self.labels, self.cells.tolist(), self.row_totals.tolist(), strict=True):
            lines.append([short_text(label), *map(number_text, row), *([number_text(row_sum)] if totals else [])])
        if totals:
            lines.append([total, *map(number_text, self.column_totals.tolist()), number_text(self.cells.sum().item())])
        return columns_of_text(lines)

    def __str__(self) -> str:
        return self.to_text()


def columns_of_text(lines: list[list[str]]) -> str:
    """Return lines of cells in columns aligned by display width, the first to the left and the others to the right."""
    widths = [max(_width(line[k]) for line in lines) for k in range(len(lines[0]))]
    return "\n".join(
        "  ".join(_pad(cell, width, left=k == 0) for k, (cell, width) in enumerate(zip(line, widths, strict=True)))
        for line in lines
    )


def number_text(value: float) -> str:
    """Return a count, or a weight to six digits."""
    return grouped(value if isinstance(value, int) else f"{value:.6g}")


def counted(value: float, one: str) -> str:
    """Return a count with what is counted, for a ``repr``: 1 positive, 2 positives."""
    return f"{number_text(value)} {one}{'' if value == 1 else 's'}"


def short_text(label: object, most: int = 24) -> str:
    """Return a label on one line."""
    text = "".join(character if character.isprintable() else " " for character in str(label))
    return text if len(text) <= most else text[: most - 1] + "…"


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def _pad(text: str, width: int, *, left: bool) -> str:
    space = " " * (width - _width(text))
    return text + space if left else space + text
