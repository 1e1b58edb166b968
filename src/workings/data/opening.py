"""The door to the rows: a path, a pattern, an address or a frame becomes a table that is read in pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike, fspath
from typing import Any

from workings.data.columnar import ArrowSource, ParquetSource
from workings.data.columns import chosen_names
from workings.data.condition import parse_condition
from workings.data.databases import Address, DuckdbSource, PostgresqlSource, SqliteSource, parse_address
from workings.data.files import File, find_files, is_address
from workings.data.frames import frame_source
from workings.data.many import ManySource
from workings.data.objects import SCHEMES, find_objects
from workings.data.spool import Spool
from workings.data.table import Source, Table
from workings.data.text import CsvSource, JsonLinesSource
from workings.errors import InputError
from workings.language import message

__all__ = ["open_table"]

_DATABASES: dict[str, Callable[[Address, str | None, str | None], Source]] = {
    "duckdb": DuckdbSource,
    "sqlite": SqliteSource,
    "postgresql": PostgresqlSource,
    "postgres": PostgresqlSource,
}


def open_table(
    source: str | PathLike[str] | Any,
    *,
    table: str | None = None,
    query: str | None = None,
    columns: Iterable[str] | None = None,
    where: str | None = None,
) -> Table:
    """Open rows with named columns, wherever they are, to be read in batches.

    Parameters
    ----------
    source
        The path of a CSV, TSV, JSON lines, Parquet or Arrow (Feather) file, packed (``.gz``, ``.zst``, ``.bz2``,
        ``.xz``) or not; a pattern of those (``part-*.parquet``, read in order of name); ``-`` for standard input; an
        address (``duckdb:///file.db``, ``sqlite:///file.db``, ``postgresql://user@host/base``, ``s3://bucket/key``);
        or a pandas, Polars or PyArrow frame, a DuckDB relation, or what else narwhals knows.
    table
        For a database, the table to read; may be left out where there is only one.
    query
        For a database, a SELECT statement to read instead of a table.
    columns
        The columns to read, in this order; all by default. The others are not read.
    where
        An SQL condition on the columns; only rows for which it is true are read. It may be untrusted: it sees one row
        at a time and nothing else.

    Returns
    -------
    Table
        Its names are checked now; its rows are read by :meth:`Table.batches`, as often as asked.

    Raises
    ------
    DataError
        If there is no such file or table, it is empty or damaged or not what its ending says, two columns have one
        name, or a column that is asked for is not there.
    InputError
        If ``source`` is nothing of the kind, or ``table`` or ``query`` is given for what is no database.

    Examples
    --------
    >>> import pyarrow as pa
    >>> rows = open_table(pa.table({"y": [0, 1, 1], "score": [0.2, 0.4, 0.9]}), where="score > 0.3")
    >>> [batch.to_pydict() for batch in rows.batches()]
    [{'y': [1, 1], 'score': [0.4, 0.9]}]
    """
    spool = Spool()
    try:
        found = _source(source, table, query, spool)
        chosen = chosen_names(columns, found.columns, source=found.name)
        condition = None if where is None else parse_condition(where, found.columns, source=found.name)
    except BaseException:
        spool.close()
        raise
    return Table(found, chosen, condition, spool)


def _source(source: Any, table: str | None, query: str | None, spool: Spool) -> Source:
    if not isinstance(source, (str, PathLike)):
        _refuse_for_no_database(table, query)
        return frame_source(source, spool)
    path = str(fspath(source))
    if is_address(path):
        address = parse_address(path)
        if address.scheme in _DATABASES:
            return _DATABASES[address.scheme](address, table, query)
    _refuse_for_no_database(table, query)
    if is_address(path):
        files = find_objects(parse_address(path), spool, known=(*_DATABASES, *SCHEMES))
    else:
        files = find_files(path, spool)
    sources = [_file_source(file, spool) for file in files]
    return sources[0] if len(sources) == 1 else ManySource(sources, path)


def _file_source(file: File, spool: Spool) -> Source:
    match file.format:
        case "csv" | "tsv":
            return CsvSource(file, spool)
        case "jsonl":
            return JsonLinesSource(file)
        case "parquet":
            return ParquetSource(file)
        case "arrow":
            return ArrowSource(file)


def _refuse_for_no_database(table: str | None, query: str | None) -> None:
    if table is not None or query is not None:
        raise InputError(
            message(
                "open_table: table and query are for databases; got {argument}; leave it out, or give an address such "
                "as sqlite:///file.db",
                argument="table" if table is not None else "query",
            )
        )
