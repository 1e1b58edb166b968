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
        found = _narrowest(values)
        joined = found if self._found is None else common_type(self._found, found)
        self._found = pa.string() if joined is None else joined


def _narrowest(values: Any) -> pa.DataType:
    """Return the narrowest type that every value which is not missing is written as."""
    numbers = _as(values, pa.float64())
    if numbers is not None:
        # Only where all values are whole is it tried whether they are written so: a cast that fails is slow.
        whole = pc.all(pc.equal(numbers, pc.floor(numbers))).as_py() and _fits(values, pa.int64())
        return pa.int64() if whole else pa.float64()
    return next((kind for kind in (pa.bool_(), pa.date32(), pa.timestamp("us")) if _fits(values, kind)), pa.string())


def _fits(values: Any, kind: pa.DataType) -> bool:
    if kind == pa.bool_():
        words = pc.utf8_lower(pc.utf8_trim_whitespace(values.drop_null()))
        return bool(pc.all(pc.is_in(words, pa.array(["true", "false"]))).as_py())
    # Arrow takes 0x1F for a whole number; a reader of the file would not.
    if kind == pa.int64() and pc.any(pc.match_substring(values, "x", ignore_case=True)).as_py():
        return False
    return _as(values, kind) is not None


def _as(values: Any, kind: pa.DataType) -> Any:
    """Return the values as a type, None if one is not written so, with spaces around it or not."""
    try:
        return pc.cast(values, kind)
    except pa.ArrowInvalid:
        trimmed = pc.utf8_trim_whitespace(values)
        if pc.all(pc.equal(trimmed, values)).as_py():
            return None
    try:
        return pc.cast(trimmed, kind)
    except pa.ArrowInvalid:
        return None
