"""Writes rows to a file as they come, in the format that its ending names; no half-written file is left."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from os import PathLike, fspath
from typing import Any

import pyarrow as pa
import pyarrow.compute

from workings.data.columns import as_plain, check_names, plain_type
from workings.data.files import Format, named_kind
from workings.data.spool import Compression, packed
from workings.errors import DataError
from workings.language import message
from workings.outputs import replacing

__all__ = ["guarded", "write_table"]

pc: Any = pyarrow.compute  # its functions are made when it is imported, where no type checker sees them

# A spreadsheet runs a cell that begins with one of these as a formula, or passes over the first two and then does.
_STARTS_A_FORMULA = "^[=+\\-@\t\r]"


def write_table(
    path: str | PathLike[str] | None,
    batches: pa.Table | Iterable[pa.RecordBatch],
    *,
    schema: pa.Schema | None = None,
) -> int:
    """Write rows to a file of the kind that its ending names, or as CSV to standard output.

    In CSV and TSV, a text cell or a column name that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return
    gets an apostrophe in front, so that no spreadsheet runs it as a formula; numbers are written as they are. The other
    formats keep every text unchanged. A missing value is an empty cell (an empty text is ``""``), in JSON lines null
    (as are NaN and infinity there, which JSON has no form for).

    Parameters
    ----------
    path
        Ends in ``.csv``, ``.tsv``, ``.jsonl``, ``.parquet`` or ``.arrow`` (or another ending of those formats); text
        with ``.gz``, ``.bz2``, ``.xz`` or ``.zst`` after it is packed. None or ``-`` is CSV on standard output.
    batches
        A table, or batches that all have one schema; they are written as they come.
    schema
        The columns; needed only where ``batches`` may be empty.

    Returns
    -------
    int
        The number of rows written.

    Raises
    ------
    DataError
        If the folder is not there or cannot be written, the path is a folder, the ending is unknown, a column's type
        has no form in text, or two columns have one name. Nothing is left behind, and what was there before stays.

    Examples
    --------
    >>> import pyarrow as pa
    >>> write_table("-", pa.table({"name": ["=1+1", "Ada"], "score": [-0.5, 0.9]}))
    "name","score"
    "'=1+1",-0.5
    "Ada",0.9
    2
    """
    rows, columns = _with_schema(batches, schema)
    if path is None or fspath(path) == "-":
        check_names(columns.names, source=str(message("standard output")))
        return _write_delimited(_standard_output(), rows, columns, ",")
    name = str(fspath(path))
    check_names(columns.names, source=name)
    format, compression = _kind_to_write(name)
    with replacing(name) as draft:
        match format:
            case "csv" | "tsv":
                with packed(str(draft), compression) as file:
                    return _write_delimited(file.write, rows, columns, "," if format == "csv" else "\t")
            case "jsonl":
                with packed(str(draft), compression) as file:
                    return _write_json_lines(file.write, rows)
            case "parquet":
                from pyarrow import parquet

                with parquet.ParquetWriter(draft, columns, compression="zstd") as writer:
                    return _write_batches(writer, rows)
            case "arrow":
                from pyarrow import ipc

                open_writer = ipc.new_stream if name.lower().endswith(".arrows") else ipc.new_file
                with open_writer(str(draft), columns) as writer:
                    return _write_batches(writer, rows)


def guarded(values: Any) -> Any:
    """Return an Arrow array of text with an apostrophe before each value that a spreadsheet would run as a formula.

    Examples
    --------
    >>> import pyarrow as pa
    >>> guarded(pa.array(["=1+1", "1+1=", None])).to_pylist()
    ["'=1+1", '1+1=', None]
    """
    runs = pc.match_substring_regex(values, _STARTS_A_FORMULA)
    return pc.if_else(runs, pc.binary_join_element_wise("'", values, ""), values)


def _with_schema(
    batches: pa.Table | Iterable[pa.RecordBatch], schema: pa.Schema | None
) -> tuple[Iterator[pa.RecordBatch], pa.Schema]:
    if isinstance(batches, pa.Table):
        table: Any = batches
        return iter(table.to_batches()), table.schema
    rows = iter(batches)
    if schema is not None:
        return rows, schema
    first = next(rows, None)
    if first is None:
        raise DataError(message("write_table: batches must not be empty without a schema; give schema"))
    return chain([first], rows), first.schema


def _kind_to_write(name: str) -> tuple[Format, Compression | None]:
    format, compression = named_kind(name)
    if format is None or (compression is not None and format in ("parquet", "arrow")):
        raise DataError(
            message(
                "{path}: the ending must name what to write: .csv, .tsv, .jsonl (these also with .gz, .bz2, .xz or "
                ".zst after it), .parquet or .arrow",
                path=name,
            )
        )
    return format, compression


def _standard_output() -> Callable[[bytes], object]:
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:  # standard output is a text stream of someone's own, such as a notebook's
        return lambda piece: sys.stdout.write(piece.decode())
    sys.stdout.flush()

    def write(piece: bytes) -> None:
        binary.write(piece)
        binary.flush()

    return write


def _write_delimited(
    write: Callable[[bytes], object], rows: Iterator[pa.RecordBatch], schema: pa.Schema, delimiter: str
) -> int:
    from pyarrow import csv

    plain = pa.schema([(field.name, plain_type(field.type)) for field in schema])
    names = guarded(pa.array(plain.names, pa.string())).to_pylist()
    texts = [place for place, field in enumerate(plain) if pa.types.is_string(field.type)]

    def piece(batch: pa.RecordBatch, *, header: bool) -> bytes:
        arrays = list(as_plain(batch, plain).columns)
        for place in texts:
            arrays[place] = guarded(arrays[place])
        out = pa.BufferOutputStream()
        options = csv.WriteOptions(include_header=header, delimiter=delimiter)
        try:
            csv.write_csv(pa.RecordBatch.from_arrays(arrays, names=names), out, options)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            raise DataError(
                message(
                    "write_table: every column must have a form in text; one has none ({reason}); "
                    "write Parquet instead",
                    reason=str(error).splitlines()[0],
                )
            ) from error
        return out.getvalue().to_pybytes()

    empty = pa.RecordBatch.from_arrays([pa.array([], field.type) for field in plain], schema=plain)
    write(piece(empty, header=True))
    count = 0
    for batch in rows:
        write(piece(batch, header=False))
        count += batch.num_rows
    return count


def _write_json_lines(write: Callable[[bytes], object], rows: Iterator[pa.RecordBatch]) -> int:
    count = 0
    for batch in rows:
        lines = (json.dumps(_for_json(row), ensure_ascii=False) + "\n" for row in batch.to_pylist())
        write("".join(lines).encode())
        count += batch.num_rows
    return count


def _for_json(value: Any) -> Any:
    """Return a value as JSON has it: what has no form there is text, NaN and infinity null."""
    if isinstance(value, dict):
        return {str(key): _for_json(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_for_json(each) for each in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)


def _write_batches(writer: Any, rows: Iterator[pa.RecordBatch]) -> int:
    count = 0
    for batch in rows:
        writer.write_batch(batch)
        count += batch.num_rows
    return count
