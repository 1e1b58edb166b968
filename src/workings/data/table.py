"""A table that is read in pieces: named, typed columns that come as Arrow record batches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, Self

import pyarrow as pa

from workings.data.columns import chosen_names
from workings.data.condition import Condition
from workings.data.spool import Spool
from workings.errors import DataError
from workings.language import Message, message

__all__ = ["Source", "Table"]


class Source(Protocol):
    """Where rows come from: what a file, a frame or a database must be able to do to be a table."""

    @property
    def name(self) -> str:
        """What messages call it."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns, in order, each once."""
        ...

    @property
    def rows(self) -> int | None:
        """How many rows there are, where that is known without reading them."""
        ...

    @property
    def untyped(self) -> bool:
        """Whether a value is text until a type is found for its column, so that any column can be read as text."""
        ...

    def schema(self, columns: tuple[str, ...]) -> pa.Schema:
        """Return the plain types of these columns."""
        ...

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield all rows, in order, with exactly these columns and types; may be called again."""
        ...


class Table:
    """Rows with named, typed columns, read in pieces as often as asked; made by :func:`open_table`.

    Only the columns that were chosen are read. Use it in a ``with`` block, or let it go, to remove what was spooled.
    """

    def __init__(self, source: Source, columns: tuple[str, ...], condition: Condition | None, spool: Spool) -> None:
        self._spool = spool  # held, so that temporary copies live as long as a table that reads them
        self._source = source
        self._columns = columns
        self._condition = condition
        self._schema: pa.Schema | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the chosen columns, in order."""
        return self._columns

    @property
    def schema(self) -> pa.Schema:
        """The chosen columns, in order, with their types (text files are read once to find them)."""
        if self._schema is None:
            self._schema = self._source.schema(self._columns)
        return self._schema

    @property
    def rows(self) -> int | None:
        """How many rows :meth:`batches` gives, where that is known without reading them; else None."""
        return self._source.rows if self._condition is None else None

    @property
    def name(self) -> str:
        """What messages call the table: its path, its address without a password, or what kind of frame it is."""
        return self._source.name

    @property
    def description(self) -> Message:
        """A sentence that says where the rows come from."""
        if self._condition is None:
            return message("Rows of {source}", source=self.name)
        return message("Rows of {source} where {condition}", source=self.name, condition=self._condition.text)

    def select(self, columns: Iterable[str]) -> Table:
        """Return the same rows with these columns only, in this order.

        Raises
        ------
        DataError
            If a column is not in the source; the message gives the nearest name.
        """
        chosen = chosen_names(columns, self._source.columns, source=self.name)
        return Table(self._source, chosen, self._condition, self._spool)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows in order, in batches of at most 65,536 rows (fewer where the table is wide).

        Raises
        ------
        DataError
            If there are no rows, none meets the condition, or the source cannot be read to its end.
        """
        condition, kept = self._condition, 0
        needed = self._columns if condition is None else tuple(dict.fromkeys((*self._columns, *condition.columns)))
        schema = self.schema if needed == self._columns else self._source.schema(needed)
        if condition is None:
            for batch in self._source.batches(schema):
                kept += batch.num_rows
                if batch.num_rows:
                    yield batch
            if not kept:
                raise DataError(message("{source}: there are no rows below the column names", source=self.name))
            return
        with condition.over(schema) as keep:
            for batch in self._source.batches(schema):
                met = keep(batch).select(list(self._columns))
                kept += met.num_rows
                if met.num_rows:
                    yield met
        if not kept:
            raise DataError(
                message("{source}: no row meets the condition {condition}", source=self.name, condition=condition.text)
            )

    def to_arrow(self) -> pa.Table:
        """Return all rows at once, in memory."""
        return pa.Table.from_batches(self.batches(), self.schema)

    def close(self) -> None:
        """Remove what was spooled to temporary files; such a table can no longer be read."""
        self._spool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        shown = ", ".join(self._columns[:6]) + (", …" if len(self._columns) > 6 else "")
        return f"Table({self.name!r}, columns=[{shown}])"
