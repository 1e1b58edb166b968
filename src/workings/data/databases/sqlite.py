"""A SQLite file, opened read-only through its ADBC driver."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyarrow as pa

from workings.data.columns import as_plain, batch_rows, check_names, slices
from workings.data.databases.address import Address
from workings.data.databases.failure import failure
from workings.data.databases.selection import chosen_relation
from workings.data.sandbox import quoted_name
from workings.errors import DataError
from workings.language import message

if TYPE_CHECKING:
    from adbc_driver_manager.dbapi import Cursor

__all__ = ["SqliteSource"]

# A query of SQLite gives 2,000 columns at most, and here each column is asked for four numbers.
_COLUMNS_ASKED = 400
_TABLES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
# For each type, a value of it and how SQLite brings other values to it.
_ANCHORS: dict[pa.DataType, tuple[str, str]] = {
    pa.int64(): ("0", "{}"),
    pa.float64(): ("0.0", "CAST({} AS REAL)"),
    pa.string(): ("''", "CAST({} AS TEXT)"),
    pa.binary(): ("x''", "{}"),
}


class SqliteSource:
    """A table, a view or a query of a SQLite file.

    In SQLite each value has a type of its own. A column's type here is found from all its values: whole numbers only
    (int64), numbers (double), bytes only (binary), else text, as SQLite writes the others.
    """

    untyped = False

    def __init__(self, address: Address, table: str | None, query: str | None) -> None:
        self._address = address
        self._path = address.file()
        with Path(self._path).open("rb") as file:
            if not file.read(16).startswith(b"SQLite format 3"):
                raise DataError(message("{source}: the file is no SQLite database", source=address.shown))
        with self._cursor() as cursor:
            tables: list[tuple[str, ...]] = cursor.execute(_TABLES).fetchall()
            self._relation, self.name = chosen_relation(table, query, tables, source=address.shown)
            cursor.execute(f"SELECT * FROM {self._relation} LIMIT 0")  # noqa: S608 - quoted, or the reader's own query
            names: list[str] = cursor.fetch_record_batch().schema.names
        # Of two equal names in a query SQLite calls the second "name:1".
        asked = [re.sub(r":\d+$", "", name) if re.sub(r":\d+$", "", name) in names else name for name in names]
        self.columns = check_names(asked, source=self.name)
        self.rows: int | None = None
        self._types: dict[str, pa.DataType] = {}

    def schema(self, columns: tuple[str, ...]) -> pa.Schema:
        """Return the types of these columns, found by asking for the types of all their values."""
        unknown = [name for name in columns if name not in self._types]
        for start in range(0, len(unknown), _COLUMNS_ASKED):
            asked = unknown[start : start + _COLUMNS_ASKED]
            kinds = ("text", "blob", "real", "integer")
            sums = ", ".join(f"TOTAL(typeof({quoted_name(name)}) = '{kind}')" for name in asked for kind in kinds)
            with self._cursor() as cursor:
                counted = cursor.execute(f"SELECT COUNT(*), {sums} FROM {self._relation}").fetchall()[0]  # noqa: S608
            self.rows = int(counted[0])
            for place, name in enumerate(asked):
                self._types[name] = _type_of(*counted[1 + 4 * place : 5 + 4 * place])
        return pa.schema([(name, self._types[name]) for name in columns])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield all rows with these columns."""
        # The driver takes a column's type from its first rows and fails where a later one differs (a NULL counts as a
        # whole number). So the first row is ours: a value of each type, which is then passed over.
        anchors = ", ".join(f"{_ANCHORS[field.type][0]} AS c{place}" for place, field in enumerate(schema))
        values = ", ".join(_ANCHORS[field.type][1].format(quoted_name(field.name)) for field in schema)
        rows, first = batch_rows(len(schema)), True
        with self._cursor() as cursor:
            cursor.execute(f"SELECT {anchors} UNION ALL SELECT {values} FROM {self._relation}")  # noqa: S608 - as above
            for batch in cursor.fetch_record_batch():
                ours, first = (batch.slice(1), False) if first else (batch, False)
                for part in slices(ours.rename_columns(schema.names), rows):
                    yield as_plain(part, schema)

    @contextmanager
    def _cursor(self) -> Generator[Cursor]:
        from adbc_driver_manager import Error
        from adbc_driver_sqlite import dbapi

        try:
            uri = f"file:{quote(self._path)}?mode=ro"
            with dbapi.connect(uri, autocommit=True) as connection, connection.cursor() as cursor:
                yield cursor
        except (Error, pa.ArrowException, OSError) as error:
            raise failure(self._address, str(error)) from None


def _type_of(texts: float, blobs: float, reals: float, integers: float) -> pa.DataType:
    if blobs and not texts and not reals and not integers:
        return pa.binary()
    if texts or blobs:
        return pa.string()
    if reals:
        return pa.float64()
    return pa.int64() if integers else pa.string()
