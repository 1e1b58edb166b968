"""DuckDB connections that can reach nothing but what they are given, and never fetch an extension."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["quoted_name", "quoted_text", "sandbox"]


def sandbox(
    paths: Iterable[str] = (), *, database: str | None = None, threads: int | None = None, memory: int | None = None
) -> DuckDBPyConnection:
    """Return a DuckDB connection that reads ``paths`` and nothing else, and whose settings are locked.

    Other files, writing, attaching, installing or loading extensions, the network, and the variables of the calling
    Python code are out of reach, whatever SQL is run.

    Parameters
    ----------
    paths
        The files that SQL may read.
    database
        A DuckDB file to open read-only; None for an empty database in memory.
    threads
        How many threads a query may use; all of DuckDB's by default.
    memory
        How many bytes a query may hold; four fifths of the machine's memory by default.
    """
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "python_enable_replacements": "false",
        "enable_external_file_cache": "false",  # what is read as a stream need not be kept
        "temp_directory": "",  # nothing here sorts or joins, so nothing need spill, and no folder is left behind
    }
    if memory is not None:
        config["memory_limit"] = f"{memory}B"
    if threads is not None:
        config["threads"] = str(threads)
    connection = duckdb.connect(database or ":memory:", read_only=database is not None, config=config)
    allowed = ", ".join(quoted_text(path) for path in paths)
    if allowed:
        connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def quoted_name(name: str) -> str:
    """Return a name as an SQL identifier, which nothing in it can end."""
    return '"' + name.replace('"', '""') + '"'


def quoted_text(text: str) -> str:
    """Return text as an SQL string, which nothing in it can end."""
    return "'" + text.replace("'", "''") + "'"
