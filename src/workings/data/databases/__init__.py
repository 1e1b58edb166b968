"""Tables and queries of databases: DuckDB and SQLite files, PostgreSQL."""

from workings.data.databases.address import Address, parse_address
from workings.data.databases.duckdb_file import DuckdbSource
from workings.data.databases.postgresql import PostgresqlSource
from workings.data.databases.sqlite import SqliteSource

__all__ = ["Address", "DuckdbSource", "PostgresqlSource", "SqliteSource", "parse_address"]
