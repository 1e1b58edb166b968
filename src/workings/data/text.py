"""Text files (CSV, TSV, JSON lines), split and parsed by DuckDB as a stream, on connections that reach nothing else."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager

import pyarrow as pa

from workings.data.columns import as_plain, batch_rows, check_names, plain_type
from workings.data.csv_types import ColumnType
from workings.data.files import File
from workings.data.sandbox import quoted_name, quoted_text, sandbox
from workings.data.spool import opened, unpacking
from workings.errors import DataError
from workings.language import Message, message

__all__ = ["CsvSource", "JsonLinesSource"]

_DELIMITERS = (",", "\t", ";", "|")
_SQL_TYPES = {
    pa.int64(): "BIGINT",
    pa.float64(): "DOUBLE",
    pa.bool_(): "BOOLEAN",
    pa.date32(): "DATE",
    pa.timestamp("us"): "TIMESTAMP",
}
_LONGEST_HEADER = 1 << 24


class CsvSource:
    """A CSV or TSV file: the first line names the columns, an empty cell is missing.

    The delimiter is the one of ``, ; |`` and tab that separates most names in the first line; quotes are double quotes
    (doubled inside); quoted cells may hold newlines. Types are found from every row (:class:`ColumnType`), for the
    columns that are asked for.
    """

    untyped = True

    def __init__(self, file: File) -> None:
        self._file = file
        self.name = file.name
        self.rows: int | None = None
        self._delimiter, self._header = _header(file)
        self.columns = check_names(self._header, source=file.name)
        self._place = {name: f"c{place}" for place, name in enumerate(self.columns)}
        self._types: dict[str, pa.DataType] = {}

    def schema(self, columns: tuple[str, ...]) -> pa.Schema:
        """Return the types of these columns, found by reading them once."""
        unknown = [name for name in columns if name not in self._types]
        if unknown:
            found = [ColumnType() for _ in unknown]
            rows = 0
            for batch in self.batches(pa.schema([(name, pa.string()) for name in unknown])):
                rows += batch.num_rows
                for column, values in zip(found, batch.columns, strict=True):
                    column.update(values)
            self.rows = rows
            self._types.update(zip(unknown, (each.type for each in found), strict=True))
        return pa.schema([(name, self._types[name]) for name in columns])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield all rows with these columns, parsed as these types."""
        wanted = {field.name: _SQL_TYPES.get(field.type, "VARCHAR") for field in schema}
        # Neutral names: DuckDB takes "A" and "a" for one name and would rename the second.
        types = ", ".join(f"'{place}': '{wanted.get(name, 'VARCHAR')}'" for name, place in self._place.items())
        options = (
            f"auto_detect = false, header = true, delim = {quoted_text(self._delimiter)}, quote = '\"', escape = '\"', "
            f"nullstr = '', compression = '{self._file.compression or 'none'}', columns = {{{types}}}"
        )
        places = ", ".join(self._place[name] for name in schema.names)
        yield from _streamed(self._file, places, f"read_csv({quoted_text(self._file.path)}, {options})", schema)


class JsonLinesSource:
    """JSON, one object a line (or one array of objects): the keys of all objects name the columns."""

    untyped = False

    def __init__(self, file: File) -> None:
        self._file = file
        self.name = file.name
        self.rows: int | None = None
        # All rows are looked at: a type from a sample would be wrong for what comes later.
        self._reader = (
            f"read_json({quoted_text(file.path)}, sample_size = -1, maximum_depth = 2, "
            f"compression = '{file.compression or 'none'}')"
        )
        with _errors_of(file):
            connection = sandbox([file.path])
            try:
                relation = connection.sql(f"FROM {self._reader}")
                names, kinds = list(relation.columns), [str(kind) for kind in relation.types]
                arrow = relation.limit(0).to_arrow_table().schema
            finally:
                connection.close()
        self.columns = check_names(names, source=file.name)
        types = ", ".join(f"{quoted_text(name)}: {quoted_text(kind)}" for name, kind in zip(names, kinds, strict=True))
        self._reader = self._reader.replace("sample_size = -1", f"columns = {{{types}}}")
        self._types = {name: plain_type(field.type) for name, field in zip(names, arrow, strict=True)}

    def schema(self, columns: tuple[str, ...]) -> pa.Schema:
        """Return the types of these columns."""
        return pa.schema([(name, self._types[name]) for name in columns])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield all rows with these columns; a key that an object lacks is missing."""
        names = ", ".join(quoted_name(name) for name in schema.names)
        yield from _streamed(self._file, names, self._reader, schema)


def _header(file: File) -> tuple[str, list[str]]:
    """Return the delimiter and the names in the first line, exactly as they are written."""
    with (
        unpacking(file.name, file.compression),
        opened(file.path, file.compression) as stream,
        io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text,
    ):
        line = text.readline(_LONGEST_HEADER)
        while line.count('"') % 2 and len(line) < _LONGEST_HEADER and (more := text.readline(_LONGEST_HEADER)):
            line += more  # a quoted name holds a newline
    bare = re.sub(r'"[^"]*"', "", line)
    delimiter = "\t" if file.format == "tsv" else max(_DELIMITERS, key=bare.count)
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_HEADER))
    names = next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), [])
    if not names:
        raise DataError(
            message("{source}: the first line is empty; it must hold the names of the columns", source=file.name)
        )
    return delimiter, [name or f"column{place}" for place, name in enumerate(names)]


@contextmanager
def _errors_of(file: File) -> Generator[None]:
    """Turn what DuckDB raises about a file into a DataError that names the line."""
    import duckdb

    try:
        yield
    except (duckdb.Error, pa.ArrowException, OSError) as error:  # a stream raises Arrow's
        raise DataError(_damage(file, str(error))) from error


def _streamed(file: File, columns: str, reader: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    with _errors_of(file):
        connection = sandbox([file.path])
        sql = f"SELECT {columns} FROM {reader}"  # noqa: S608 - every name in it is ours or quoted
        try:
            for batch in connection.sql(sql).to_arrow_reader(batch_rows(len(schema))):
                yield as_plain(batch.rename_columns(schema.names), schema)
        finally:
            connection.close()


def _damage(file: File, reason: str) -> Message:
    """Return what is wrong with a file, from what DuckDB says about it (which names its options, not ours)."""
    line = re.search(r"Line: (\d+)", reason)
    place = line.group(1) if line else "?"
    counts = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", reason)
    if counts:
        return message(
            "{source}: line {line} has {found} cells where the first line names {expected} columns; "
            "put a cell that holds the delimiter in double quotes",
            source=file.name,
            line=place,
            found=counts.group(2),
            expected=counts.group(1),
        )
    if "unterminated quote" in reason:
        return message(
            "{source}: in line {line} a double quote is opened and never closed; double a quote inside a quoted cell",
            source=file.name,
            line=place,
        )
    if "unicode" in reason.lower() or "utf-8" in reason.lower():
        return message(
            "{source}: text must be UTF-8; line {line} is not; save the file as UTF-8 (in Excel: CSV UTF-8)",
            source=file.name,
            line=place,
        )
    if file.compression is not None and re.search("GZIP|gzip|zstd|ZSTD", reason):
        return message(
            "{source}: the {compression} data is damaged or cut short; copy or download the file again",
            source=file.name,
            compression=file.compression,
        )
    first = reason.strip().splitlines()[0].replace(file.path, file.name)
    return message("{source}: the file cannot be read: {reason}", source=file.name, reason=first)
