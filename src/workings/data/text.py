"""Text files (CSV, TSV, JSON lines), split and parsed by DuckDB as a stream, on connections that reach nothing else."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from workings.data.columns import as_plain, batch_rows, check_names, plain_type
from workings.data.csv_types import ColumnType
from workings.data.files import File
from workings.data.quotes import quoting
from workings.data.sandbox import quoted_name, quoted_text, sandbox
from workings.data.spool import Spool, opened, unpacking
from workings.errors import DataError
from workings.language import Message, message

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

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

    def __init__(self, file: File, spool: Spool) -> None:
        self.name = file.name
        self.rows: int | None = None
        line = _first_line(file)
        self._delimiter, names = _names(line, file)
        self.columns = check_names(names, source=file.name)
        self._file = _with_plain_header(file, line, len(names), self._delimiter, spool)
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
            if self.rows is None:
                self._check_quotes(rows)
            self.rows = rows
            self._types.update(zip(unknown, (each.type for each in found), strict=True))
        return pa.schema([(name, self._types[name]) for name in columns])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield all rows with these columns, parsed as these types."""
        places = ", ".join(self._place[name] for name in schema.names)
        yield from _streamed(self._file, places, self._reader(schema, parallel=False), schema, len(self.columns))

    def _reader(self, schema: pa.Schema, *, parallel: bool) -> str:
        wanted = {field.name: _SQL_TYPES.get(field.type, "VARCHAR") for field in schema}
        # Neutral names: DuckDB takes "A" and "a" for one name and would rename the second.
        types = ", ".join(f"'{place}': '{wanted.get(name, 'VARCHAR')}'" for name, place in self._place.items())
        return (
            f"read_csv({quoted_text(self._file.path)}, auto_detect = false, header = true, nullstr = '', "
            f"delim = {quoted_text(self._delimiter)}, quote = '\"', escape = '\"', parallel = {str(parallel).lower()}, "
            f"compression = '{self._file.compression or 'none'}', columns = {{{types}}})"
        )

    def _check_quotes(self, rows: int) -> None:
        """Refuse a file with a quote that is never closed.

        Neither of DuckDB's readers can be relied on here. The parallel one finds the open quote, but guesses where rows
        begin and is misled by quoted cells full of newlines; the other passes over all that follows the open quote and
        says nothing. So rows come from the other, quotes are counted, and where that cannot tell both must agree.
        """
        with opened(self._file.path, self._file.compression) as stream:
            state = quoting(stream, self._delimiter)
        if state == "stray":
            sql = f"FROM {self._reader(pa.schema([]), parallel=True)} SELECT count(*)"
            with _errors_of(self._file), sandbox([self._file.path]) as connection:
                state = "closed" if connection.execute(sql).fetchall() == [(rows,)] else "open"
        if state == "open":
            raise DataError(
                message(
                    "{source}: a double quote is opened and never closed; put a cell with a quote in it in double "
                    "quotes, and double the quote",
                    source=self.name,
                )
            )


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
        with _errors_of(file), sandbox([file.path]) as connection:
            relation = connection.sql(f"FROM {self._reader}")
            names = [str(name) for name in relation.columns]
            # A column that mixes types would be given as JSON, its text still in quotes.
            kinds = ["VARCHAR" if str(kind) == "JSON" else str(kind) for kind in relation.types]
            if _may_be_renamed(names):
                self._check_keys(connection)
            types = ", ".join(
                f"{quoted_text(name)}: {quoted_text(kind)}" for name, kind in zip(names, kinds, strict=True)
            )
            self._reader = self._reader.replace("sample_size = -1", f"columns = {{{types}}}")
            arrow = connection.sql(f"FROM {self._reader} LIMIT 0").to_arrow_table().schema
        self.columns = check_names(names, source=file.name)
        self._types = {name: plain_type(field.type) for name, field in zip(names, arrow, strict=True)}

    def schema(self, columns: tuple[str, ...]) -> pa.Schema:
        """Return the types of these columns."""
        return pa.schema([(name, self._types[name]) for name in columns])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield all rows with these columns; a key that an object lacks is missing."""
        names = ", ".join(quoted_name(name) for name in schema.names)
        yield from _streamed(self._file, names, self._reader, schema, len(self.columns))

    def _check_keys(self, connection: DuckDBPyConnection) -> None:
        """Refuse what DuckDB would give under names of its own: keys that differ by case alone, lines without keys."""
        reader = (
            f"read_json_objects({quoted_text(self._file.path)}, compression = '{self._file.compression or 'none'}')"
        )
        sql = f"SELECT DISTINCT unnest(json_keys(json)) FROM {reader} WHERE json_type(json) = 'OBJECT'"  # noqa: S608 - quoted
        keys = sorted(str(key) for (key,) in connection.execute(sql).fetchall())
        if not keys:
            raise DataError(
                message(
                    "{source}: each line must be a JSON object with a key for each column; got none with a key",
                    source=self.name,
                )
            )
        by_fold = {key.casefold(): key for key in keys}
        for key in keys:
            if by_fold[key.casefold()] != key:
                raise DataError(
                    message(
                        '{source}: keys must not differ by case alone; got "{one}" and "{other}"; rename one',
                        source=self.name,
                        one=key,
                        other=by_fold[key.casefold()],
                    )
                )


def _may_be_renamed(names: list[str]) -> bool:
    """Return whether a name may be one that DuckDB made: "A_1" for "A" beside "a", "json" for lines without keys."""
    there = {name.casefold() for name in names}
    return names == ["json"] or any(
        name.casefold() != base and base in there for name in names for base in [re.sub(r"_\d+$", "", name.casefold())]
    )


def _first_line(file: File) -> str:
    """Return the line of column names as it is written, its end included; a quoted name may hold newlines."""
    with (
        unpacking(file.name, file.compression),
        opened(file.path, file.compression) as stream,
        io.TextIOWrapper(stream, encoding="utf-8-sig", newline="") as text,
    ):
        line = text.readline(_LONGEST_HEADER)
        while line.count('"') % 2 and len(line) < _LONGEST_HEADER and (more := text.readline(_LONGEST_HEADER)):
            line += more
    return line


def _names(line: str, file: File) -> tuple[str, list[str]]:
    """Return the delimiter and the names in the first line, exactly as they are written."""
    bare = re.sub(r'"[^"]*"', "", line)
    delimiter = "\t" if file.format == "tsv" else max(_DELIMITERS, key=bare.count)
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_HEADER))
    names = next(csv.reader(io.StringIO(line, newline=""), delimiter=delimiter), [])
    if not names:
        raise DataError(
            message("{source}: the first line is empty; it must hold the names of the columns", source=file.name)
        )
    return delimiter, [name or f"column{place}" for place, name in enumerate(names)]


def _with_plain_header(file: File, line: str, width: int, delimiter: str, spool: Spool) -> File:
    """Return the file, or a copy with other names where a name holds a newline.

    DuckDB takes the first newline that it sees for the end of a line: if the lines end in another kind, it finds no row
    at all and says nothing.
    """
    text = line.rstrip("\r\n")
    if "\n" not in text and "\r" not in text:
        return file
    plain = delimiter.join(f"c{place}" for place in range(width)) + line[len(text) :]
    with unpacking(file.name, file.compression), opened(file.path, file.compression) as stream:
        mark = 3 if stream.read(3) == b"\xef\xbb\xbf" else 0
        stream.seek(mark + len(line.encode()))
        return replace(file, path=spool.copy(stream, before=plain.encode()), compression=None)


@contextmanager
def _errors_of(file: File) -> Generator[None]:
    """Turn what DuckDB raises about a file into a DataError that names the line."""
    import duckdb

    try:
        yield
    except (duckdb.Error, pa.ArrowException, OSError) as error:  # a stream raises Arrow's
        raise DataError(_damage(file, str(error))) from error


def _memory(width: int) -> int:
    """Return the bytes that reading a text of so many columns may take.

    DuckDB keeps all that it has read of a CSV file until it may hold no more, so that a limit is needed. A vector of
    one column's text takes 32 KiB, and it holds a few of them at once.
    """
    return (1 << 29) + width * (1 << 18)


def _streamed(file: File, columns: str, reader: str, schema: pa.Schema, width: int) -> Iterator[pa.RecordBatch]:
    with _errors_of(file):
        sql = f"SELECT {columns} FROM {reader}"  # noqa: S608 - every name in it is ours or quoted
        with sandbox([file.path], memory=_memory(width)) as connection:
            for batch in connection.sql(sql).to_arrow_reader(batch_rows(len(schema))):
                yield as_plain(batch.rename_columns(schema.names), schema)


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
    if "invalid state" in reason:
        return message(
            "{source}: the lines must end in one way; some end in a line feed and some in a carriage return; "
            "save the file anew",
            source=file.name,
        )
    first = reason.strip().splitlines()[0].replace(file.path, file.name)
    return message("{source}: the file cannot be read: {reason}", source=file.name, reason=first)
