"""Columns of a file for a question: read whole, without gaps, numbers or labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.cli.terminal import note
from workings.errors import DataError, InputError
from workings.language import message

__all__ = ["labels_of", "numbers_of", "read_columns", "read_pair"]


def read_columns(
    file: str,
    names: Sequence[str] | None,
    *,
    table: str | None = None,
    query: str | None = None,
    where: str | None = None,
) -> dict[str, Any]:
    """Return columns by name, each an Arrow array without missing values; all of them where none are named.

    Raises
    ------
    DataError
        If the file cannot be read, lacks a column, has no rows, or a column has missing values.
    """
    from workings.data import open_table

    with open_table(file, table=table, query=query, columns=names, where=where) as rows:
        found = rows.to_arrow()
    for name in found.column_names:
        if gaps := found[name].null_count:
            raise DataError(
                message(
                    'column "{column}": must have a value in every row; got {count} missing; '
                    "leave those rows out with --where",
                    column=name,
                    count=gaps,
                )
            )
    return {name: found[name].combine_chunks() for name in found.column_names}


def read_pair(
    file: str, truth: str | None, other: str | None, besides: Sequence[str | None] = (), **source: str | None
) -> tuple[str, str, dict[str, Any]]:
    """Return the names of the truth and of what is held against it, and the columns.

    Parameters
    ----------
    file
        Where they are; read once, since standard input can be read but once.
    truth, other
        The names, or both None: the file then has these two columns and no others.
    besides
        Columns to read besides, where they are named.
    **source
        ``table``, ``query`` and ``where``, as for :func:`read_columns`.

    Raises
    ------
    InputError
        If one of the two is named, and not the other.
    DataError
        If none is named and there are not two columns; or as for :func:`read_columns`.
    """
    if truth is not None and other is not None:
        names = [truth, other, *(name for name in besides if name is not None)]
        return truth, other, read_columns(file, names, **source)
    if truth is not None or other is not None:
        raise InputError(
            message("name both columns: the truth by --label, what is held against it by --predicted or --score")
        )
    found = read_columns(file, None, **source)
    if len(found) != 2:
        raise DataError(
            message(
                "{file}: has {count} columns, so they must be named (--label and what is held against it); "
                "there are {columns}",
                file=file,
                count=len(found),
                columns=", ".join(list(found)[:10]),
            )
        )
    truth, other = found
    note(
        message(
            'the first column, "{truth}", is taken as the truth, "{other}" is held against it', truth=truth, other=other
        )
    )
    return truth, other, found


def numbers_of(column: Any, name: str) -> NDArray[Any]:
    """Return a column's numbers.

    Raises
    ------
    DataError
        If it holds anything else.
    """
    import pyarrow as pa

    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type)):
        raise DataError(message('column "{column}": must hold numbers; got {kind}', column=name, kind=str(column.type)))
    if pa.types.is_decimal(column.type):
        column = column.cast(pa.float64())
    return column.to_numpy(zero_copy_only=False)


def labels_of(column: Any) -> NDArray[Any]:
    """Return a column's labels: numbers and booleans as they are, anything else as text."""
    import pyarrow as pa

    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_boolean(column.type):
        return column.to_numpy(zero_copy_only=False)
    return np.asarray(column.cast(pa.string()).to_pylist(), dtype=str)
