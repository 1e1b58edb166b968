"""What is read from a database: one of its tables, or what a query gives; names are quoted, never pasted."""

from __future__ import annotations

from collections.abc import Sequence

from workings.data.columns import nearest
from workings.data.sandbox import quoted_name
from workings.errors import DataError, InputError
from workings.language import message

__all__ = ["chosen_relation"]


def chosen_relation(
    table: str | None, query: str | None, tables: Sequence[tuple[str, ...]], *, source: str
) -> tuple[str, str]:
    """Return what stands after FROM, and what messages call it.

    Parameters
    ----------
    table
        A table's name, with its schema or without; may be None where there is one table only.
    query
        One SELECT statement.
    tables
        The tables and views there are, as (schema, name) or (name,), those found without a schema first.
    source
        What messages call the database.

    Raises
    ------
    InputError
        If both are given, or neither and there is a choice.
    DataError
        If there is no such table; the message gives the nearest name.
    """
    if table is not None and query is not None:
        raise InputError(message("open_table: either table or query must be given, not both; leave one out"))
    if query is not None:
        # The line break ends a comment at the end of the query.
        return f"({query.strip().rstrip(';')}\n) AS q", source
    if table is None:
        if len(tables) != 1:
            raise InputError(
                message(
                    "{source}: a table or a query must be given; its tables are {tables}",
                    source=source,
                    tables=_listed(tables),
                )
            )
        table = tables[0][-1]
    for parts in tables:
        if table in (parts[-1], ".".join(parts)):
            return ".".join(quoted_name(part) for part in parts), f"{source}#{table}"
    near = nearest(table, [parts[-1] for parts in tables])
    if near is None:
        raise DataError(
            message(
                '{source}: there is no table "{table}"; its tables are {tables}',
                source=source,
                table=table,
                tables=_listed(tables),
            )
        )
    raise DataError(
        message('{source}: there is no table "{table}"; did you mean "{near}"?', source=source, table=table, near=near)
    )


def _listed(tables: Sequence[tuple[str, ...]]) -> str:
    shown = ", ".join(f'"{parts[-1]}"' for parts in tables[:10])
    return shown + (", …" if len(tables) > 10 else "") if tables else "-"
