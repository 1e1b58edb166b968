"""The counts laid out as a table whose axes are named."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray

from workings.language import Message, message

__all__ = ["ConfusionTable"]


@dataclass(frozen=True, eq=False)
class ConfusionTable:
    r"""Counts with named axes and totals; ``str`` writes it in columns.

    Parameters
    ----------
    rows
        What stands in the rows: "actual" or "predicted" classes; the other stands in the columns.
    labels
        The classes, of rows and columns alike.
    cells
        (k, k), laid out as ``rows`` says.

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
        lines = [[str(self.corner), *map(_short, self.labels), *([total] if totals else [])]]
        for label, row, row_sum in zip(self.labels, self.cells.tolist(), self.row_totals.tolist(), strict=True):
            lines.append([_short(label), *map(_number, row), *([_number(row_sum)] if totals else [])])
        if totals:
            lines.append([total, *map(_number, self.column_totals.tolist()), _number(self.cells.sum().item())])
        widths = [max(_width(line[k]) for line in lines) for k in range(len(lines[0]))]
        return "\n".join(
            "  ".join(_pad(cell, width, left=k == 0) for k, (cell, width) in enumerate(zip(line, widths, strict=True)))
            for line in lines
        )

    def __str__(self) -> str:
        return self.to_text()


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.6g}"


def _short(label: object, most: int = 24) -> str:
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
