"""A PostgreSQL base, read through its ADBC driver in read-only transactions."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pyarrow as pa

from workings.data.columns import as_plain, batch_rows, check_names, plain_type, slices
from workings.data.databases.address import Address
from workings.data.databases.failure import failure
from workings.data.databases.selection import chosen_relation
from workings.data.sandbox import quoted_name
from workings.errors import DataError
from workings.language import message

if TYPE_CHECKING:
    from adbc_driver_manager.dbapi import Cursor

__all__ = ["PostgresqlSource"]

_TABLES = """
    SELECT n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    ORDER BY NOT pg_table_is_visible(c.oid), n.nspname, c.relname
"""
# Types that the driver gives as something else than the number they are; numeric is rounded to the nearest double.
_NUMBERS = {"numeric": "CAST({} AS double precision)", "money": "CAST({}::numeric AS double precision)"}


class PostgresqlSource:
    """A table, a view or a query of a PostgreSQL base.

    ``numeric`` and ``money`` are given as double; types that Arrow has no like of (uuid, json, enumerations, ...) as
    the text that PostgreSQL writes for them.
    """

    untyped = False

    def __init__(self, address: Address, table: str | None, query: str | None) -> None:
        if find_spec("adbc_driver_postgresql") is None:
            raise DataError(
                message(
                    "{source}: reading PostgreSQL needs a driver that is not installed; "
                    'install it with: pip install "workings[postgresql]"',
                    source=address.shown,
                )
            )
        self._address = address
        with self._cursor() as cursor:
            tables: list[tuple[str, ...]] = cursor.execute(_TABLES).fetchall()
            self._relation, self.name = chosen_relation(table, query, tables, source=address.shown)
            cursor.execute(f"SELECT * FROM {self._relation} LIMIT 0")  # noqa: S608 - quoted, or the reader's own query
            given = cursor.fetch_record_batch().schema
        self.columns = check_names(given.names, source=self.name)
        self.rows: int | None = None
        self._types: dict[str, pa.DataType] = {}
        self._values: dict[str, str] = {}
        for field in given:
            kind = (field.metadata or {}).get(b"POSTGRESQL:type", b"").decode()
            if kind in _NUMBERS:
                self._types[field.name], value = pa.float64(), _NUMBERS[kind]
            elif isinstance(field.type, pa.BaseExtensionType):
                self._types[field.name], value = pa.string(), "CAST({} AS text)"
            else:
                self._types[field.name], value = plain_type(field.type), "{}"
            self._values[field.name] = value.format(quoted_name(field.name))

    def schema(self, columns: tuple[str, ...]) -> pa.Schema:
        """Return the types of these columns."""
        return pa.schema([(name, self._types[name]) for name in columns])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield all rows with these columns."""
        values = ", ".join(f"{self._values[name]} AS {quoted_name(name)}" for name in schema.names)
        rows = batch_rows(len(schema))
        with self._cursor() as cursor:
            cursor.execute(f"SELECT {values} FROM {self._relation}")  # noqa: S608 - as above
            for batch in cursor.fetch_record_batch():
                for part in slices(batch, rows):
                    yield as_plain(part, schema)

    @contextmanager
    def _cursor(self) -> Generator[Cursor]:
        from adbc_driver_manager import Error
        from adbc_driver_postgresql import dbapi

        try:
            with dbapi.connect(self._address.full, autocommit=True) as connection, connection.cursor() as cursor:
                cursor.execute("SET default_transaction_read_only = on")
                yield cursor
        except (Error, pa.ArrowException, OSError) as error:
            raise failure(self._address, str(error)) from None
