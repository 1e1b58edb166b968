"""Column names and types: names are unique and survive exactly; types are brought to a few plain ones."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute

from workings.errors import DataError, InputError
from workings.language import Message, message

__all__ = ["as_plain", "batch_rows", "check_names", "chosen_names", "common_type", "nearest", "plain_type", "slices"]

pc: Any = pyarrow.compute  # its functions are made when it is imported, where no type checker sees them

# A batch holds at most this many values (32 MiB of doubles), whatever the number of columns, and this many rows.
_VALUES_IN_BATCH, _ROWS_IN_BATCH, _FEWEST_ROWS = 1 << 22, 1 << 16, 64

# Of the letters of both names so many stand in both in the same order: of b and bb two in three, and no fewer.
_NEAR = 0.66


def batch_rows(width: int) -> int:
    """Return how many rows a batch of ``width`` columns has: 65,536, or fewer where the table is wide.

    Examples
    --------
    >>> batch_rows(2), batch_rows(10_000)
    (65536, 419)
    """
    return max(_FEWEST_ROWS, min(_ROWS_IN_BATCH, _VALUES_IN_BATCH // max(width, 1)))


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the name in ``known`` that ``name`` most likely meant, if any comes near.

    Examples
    --------
    >>> nearest("labl", ["label", "score"]), nearest("SCORE", ["label", "score"]), nearest("income", ["outcome"])
    ('label', 'score', None)
    """
    by_fold = {each.casefold(): each for each in known}
    found = difflib.get_close_matches(name.casefold(), by_fold, n=1, cutoff=_NEAR)
    return by_fold[found[0]] if found else None


def check_names(names: Sequence[str], *, source: str) -> tuple[str, ...]:
    """Return the column names, after refusing those that are there twice.

    Raises
    ------
    DataError
        If a name stands for more than one column, or there is no column.
    """
    if not names:
        raise DataError(message("{source}: there are no columns; give a table with named columns", source=source))
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise DataError(
            message(
                '{source}: column names must be unique; "{name}" is there {count} times; rename or drop the others',
                source=source,
                name=twice[0],
                count=names.count(twice[0]),
            )
        )
    return tuple(names)


def chosen_names(columns: Iterable[str] | None, known: Sequence[str], *, source: str) -> tuple[str, ...]:
    """Return the columns asked for, each once, in the order asked; all of them for None.

    Raises
    ------
    DataError
        If a column is not there; the message gives the nearest name.
    InputError
        If a name is no text.
    """
    if columns is None:
        return tuple(known)
    chosen, there = tuple(dict.fromkeys(columns)), set(known)
    for name in chosen:
        if not isinstance(cast("Any", name), str):
            raise InputError(
                message(
                    '{source}: a column name must be text; got {name}; pandas columns named by numbers are "0", "1", … '
                    "here",
                    source=source,
                    name=repr(name),
                )
            )
        if name not in there:
            raise DataError(_no_such_column(name, known, source))
    if not chosen:
        raise DataError(message("{source}: no column was asked for; name at least one", source=source))
    return chosen


def _no_such_column(name: str, known: Sequence[str], source: str) -> Message:
    near = nearest(name, known)
    if near is not None:
        return message(
            '{source}: there is no column "{name}"; did you mean "{near}"?', source=source, name=name, near=near
        )
    shown = ", ".join(f'"{each}"' for each in known[:10])
    if len(known) > 10:
        return message(
            '{source}: there is no column "{name}"; the first of its {count} columns are {shown}',
            source=source,
            name=name,
            count=len(known),
            shown=shown,
        )
    return message(
        '{source}: there is no column "{name}"; its columns are {shown}', source=source, name=name, shown=shown
    )


def plain_type(kind: pa.DataType) -> pa.DataType:
    """Return the type that a column is given in: what computes the same is one type.

    Dictionaries and run-length codes give their values, large and view strings plain ones, decimals double (rounded to
    the nearest), half precision single, an extension type what it is stored as. All others stay.
    """
    if isinstance(kind, pa.BaseExtensionType):
        return plain_type(kind.storage_type)
    if isinstance(kind, (pa.DictionaryType, pa.RunEndEncodedType)):
        return plain_type(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind):
        return pa.binary()
    if pa.types.is_decimal(kind):
        return pa.float64()
    if pa.types.is_float16(kind):
        return pa.float32()
    return kind


def common_type(first: pa.DataType, second: pa.DataType) -> pa.DataType | None:
    """Return the type that holds the values of both, or None if only text would.

    Examples
    --------
    >>> import pyarrow as pa
    >>> common_type(pa.int64(), pa.float64()), common_type(pa.int64(), pa.string())
    (DataType(double), None)
    """
    if first == second or pa.types.is_null(second):
        return first
    if pa.types.is_null(first):
        return second
    if pa.types.is_integer(first) and pa.types.is_integer(second):
        return pa.int64()
    if all(pa.types.is_integer(each) or pa.types.is_floating(each) for each in (first, second)):
        return pa.float64()
    if all(pa.types.is_date(each) or (pa.types.is_timestamp(each) and each.tz is None) for each in (first, second)):
        return pa.timestamp("us")
    return None


def as_plain(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return the batch's columns that ``schema`` names, in its order and types."""
    arrays: list[pa.Array] = []
    for field in schema:
        array: Any = batch.column(field.name)
        if isinstance(array, pa.ExtensionArray):
            array = array.storage
        if isinstance(array, pa.RunEndEncodedArray):
            array = pc.run_end_decode(array)
        if array.type != field.type:
            # What becomes double becomes the nearest one; every other change of type here is exact or an error.
            array = pc.cast(array, field.type, safe=not pa.types.is_float64(field.type))
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def slices(batch: pa.RecordBatch, rows: int) -> Iterable[pa.RecordBatch]:
    """Cut a batch into views of at most ``rows`` rows."""
    if batch.num_rows <= rows:
        return (batch,)
    return (batch.slice(start, rows) for start in range(0, batch.num_rows, rows))
