"""Which type each column of a text file has, found from every value rather than from a sample.

A sample is not enough: a column whose first 20,000 values are whole numbers would be read as whole numbers, and DuckDB
then rounds a later 1.5 to 2 without a word.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute

from workings.data.columns import common_type

__all__ = ["ColumnType"]

pc: Any = pyarrow.compute  # its functions are made when it is imported, where no type checker sees them

_NUMBERS = (pa.int64(), pa.float64())
_TIMES = (pa.date32(), pa.timestamp("us"))


class ColumnType:
    """The narrowest type that holds all values of a column seen so far.

    In this order: whole numbers (int64), numbers (double), true and false in any case (bool), dates ``2026-01-31``
    (date32), times ``2026-01-31 12:00:00`` (timestamp), text. Empty cells are missing and of every type; a column with
    nothing else is text.

    Examples
    --------
    >>> import pyarrow as pa
    >>> column = ColumnType()
    >>> column.update(pa.array(["1", "2", None]))
    >>> column.type
    DataType(int64)
    >>> column.update(pa.array(["2.5"]))
    >>> column.type
    DataType(double)
    """

    def __init__(self) -> None:
        self._found: pa.DataType | None = None

    @property
    def type(self) -> pa.DataType:
        """The type, text until a value was seen."""
        return pa.string() if self._found is None else self._found

    @property
    def settled(self) -> bool:
        """Whether no further value can change the type."""
        return self._found == pa.string()

    def update(self, values: Any) -> None:
        """Take in more values, as an Arrow array of strings."""
        if self.settled or values.null_count == len(values):
            return
        if self._found is not None and _fits(values, self._found):
            return
        found = next((kind for kind in (*_NUMBERS, pa.bool_(), *_TIMES) if _fits(values, kind)), pa.string())
        joined = found if self._found is None else common_type(self._found, found)
        self._found = pa.string() if joined is None else joined


def _fits(values: Any, kind: pa.DataType) -> bool:
    """Return whether every value that is not missing is written as this type, with spaces around it or not."""
    if kind == pa.bool_():
        words = pc.utf8_lower(pc.utf8_trim_whitespace(values.drop_null()))
        return bool(pc.all(pc.is_in(words, pa.array(["true", "false"]))).as_py())
    for trimmed in (False, True):
        text = pc.utf8_trim_whitespace(values) if trimmed else values
        try:
            pc.cast(text, kind)
        except pa.ArrowInvalid:
            continue
        # Arrow takes 0x1F for a whole number; a reader of the file would not.
        return kind != pa.int64() or not pc.any(pc.match_substring(text, "x", ignore_case=True)).as_py()
    return False
