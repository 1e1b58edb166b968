"""A DuckDB file, opened read-only on a connection that can reach nothing else."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from workings.data.columns import as_plain, batch_rows, check_names, plain_type
from workings.data.databases.address import Address
from workings.data.databases.failure import failure
from workings.data.databases.selection import chosen_relation
from workings.data.sandbox import quoted_name, sandbox
from workings.errors import DataError
from workings.language import message

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["DuckdbSource"]

_TABLES = """
    SELECT table_schema, table_name FROM information_schema.tables
    ORDER BY table_schema <> current_schema(), table_schema, table_name
"""


class DuckdbSource:
    """A table, a view or a query of a DuckDB file."""

    untyped = False

    def __init__(self, address: Address, table: str | None, query: str | None) -> None:
        self._address = address
        self._path = address.file()
        with Path(self._path).open("rb") as file:
            if file.read(12)[8:] != b"DUCK":
                raise DataError(message("{source}: the file is no DuckDB database", source=address.shown))
        with self._connection() as connection:
            tables: list[tuple[str, ...]] = connection.execute(_TABLES).fetchall()
            self._relation, self.name = chosen_relation(table, query, tables, source=address.shown)
            # DuckDB renames the second of two equal names in a sub-query, so that the query itself is asked for them.
            relation = connection.sql(f"FROM {self._relation}")
            names = relation.columns if query is None else connection.sql(query).columns
            self.columns = check_names(list(names), source=self.name)
            self._types = {field.name: plain_type(field.type) for field in relation.limit(0).to_arrow_table().schema}
            self.rows: int | None = None
            if query is None:
                self.rows = relation.aggregate("count(*)").fetchall()[0][0]

    def schema(self, columns: tuple[str, ...]) -> pa.Schema:
        """Return the types of these columns."""
        return pa.schema([(name, self._types[name]) for name in columns])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield all rows with these columns."""
        names = ", ".join(quoted_name(name) for name in schema.names)
        with self._connection() as connection:
            sql = f"SELECT {names} FROM {self._relation}"  # noqa: S608 - names are quoted, the query is the reader's own
            for batch in connection.sql(sql).to_arrow_reader(batch_rows(len(schema))):
                yield as_plain(batch, schema)

    @contextmanager
    def _connection(self) -> Generator[DuckDBPyConnection]:
        import duckdb

        try:
            with sandbox(database=self._path) as connection:
                yield connection
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            raise failure(self._address, str(error)) from None
