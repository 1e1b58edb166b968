"""Tables that are already in memory: pandas, Polars, PyArrow, DuckDB relations, and what else narwhals knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from workings.data.columnar import ArrowSource
from workings.data.columns import as_plain, batch_rows, check_names, plain_type, slices
from workings.data.files import File
from workings.data.sandbox import quoted_name
from workings.data.spool import Spool
from workings.errors import DataError, InputError
from workings.language import message

if TYPE_CHECKING:
    import narwhals as nw

    from workings.data.table import Source

__all__ = ["FrameSource", "RelationSource", "frame_source"]

# Reads some columns from the start, in batches of about so many rows.
Read = Callable[[list[str], int], Iterable[pa.RecordBatch]]


class FrameSource:
    """A frame in memory, through narwhals.

    Its columns are converted to Arrow when they are read, only those asked for, and share memory with the frame where
    they can. As pandas has it, NaN in a pandas column is missing; its index is no column.
    """

    untyped = False

    def __init__(self, frame: nw.DataFrame[Any], name: str) -> None:
        self._frame = frame
        self.name = name
        self.columns = check_names(frame.columns, source=name)
        self.rows: int | None = len(frame)
        self._converted: dict[str, Any] = {}

    def schema(self, columns: tuple[str, ...]) -> pa.Schema:
        """Return the plain types of these columns."""
        return pa.schema([(name, plain_type(self._column(name).type)) for name in columns])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield all rows with these columns."""
        table = pa.table({name: self._column(name) for name in schema.names})
        for batch in table.to_batches(max_chunksize=batch_rows(len(schema))):
            yield as_plain(batch, schema)

    def _column(self, name: str) -> Any:
        if name not in self._converted:
            try:
                self._converted[name] = self._frame.select(name).to_arrow().column(0)
            except (pa.ArrowException, TypeError, OverflowError) as error:
                raise DataError(
                    message(
                        '{source}: column "{name}" cannot be read as values of one type ({reason}); convert it first',
                        source=self.name,
                        name=name,
                        reason="; ".join(map(str, error.args)).strip().splitlines()[0],
                    )
                ) from error
        return self._converted[name]


class RelationSource:
    """Something that gives a new stream of Arrow batches each time it is asked: a DuckDB relation, a data set."""

    untyped = False

    def __init__(self, name: str, arrow: pa.Schema, read: Read, rows: int | None = None) -> None:
        self.name = name
        self.columns = check_names(arrow.names, source=name)
        self._types = {field.name: plain_type(field.type) for field in arrow}
        self._read = read
        self.rows = rows

    def schema(self, columns: tuple[str, ...]) -> pa.Schema:
        """Return the plain types of these columns."""
        return pa.schema([(name, self._types[name]) for name in columns])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield all rows with these columns."""
        rows = batch_rows(len(schema))
        for batch in self._read(list(schema.names), rows):
            for part in slices(batch, rows):
                yield as_plain(part, schema)


def frame_source(frame: Any, spool: Spool) -> Source:
    """Return a frame, table, reader, data set or relation as a source.

    Raises
    ------
    InputError
        If it is nothing of the kind.
    DataError
        If two of its columns have one name.
    """
    name = f"{type(frame).__module__.split('.')[0]}.{type(frame).__name__}".removeprefix("_")
    if isinstance(frame, pa.RecordBatch):
        frame = pa.Table.from_batches([frame])
    if isinstance(frame, pa.Table):
        table = frame
        check_names(table.column_names, source=name)
        return RelationSource(
            name, table.schema, lambda names, rows: table.select(names).to_batches(max_chunksize=rows), table.num_rows
        )
    if isinstance(frame, pa.RecordBatchReader):
        return _spooled(frame, name, spool)
    kind = f"{type(frame).__module__}.{type(frame).__name__}"
    if kind.startswith("pyarrow._dataset."):
        return RelationSource(
            name, frame.schema, lambda names, rows: frame.scanner(columns=names, batch_size=rows).to_batches()
        )
    if kind.startswith(("duckdb", "_duckdb")) and hasattr(frame, "to_arrow_reader"):
        check_names(list(frame.columns), source=name)

        def read(names: list[str], rows: int) -> Iterable[pa.RecordBatch]:
            return frame.select(", ".join(quoted_name(each) for each in names)).to_arrow_reader(rows)

        return RelationSource(name, frame.limit(0).to_arrow_table().schema, read)
    return _through_narwhals(frame, name, spool)


def _through_narwhals(frame: Any, name: str, spool: Spool) -> Source:
    import narwhals as nw

    if name.startswith("pandas.") and hasattr(frame, "set_axis") and hasattr(frame, "columns"):
        names = check_names([str(each) for each in frame.columns], source=name)
        frame = frame.set_axis(list(names), axis="columns")
    try:
        known = nw.from_native(frame)
    except TypeError as error:
        if hasattr(frame, "__arrow_c_stream__"):
            return _spooled(pa.RecordBatchReader.from_stream(frame), name, spool)
        raise InputError(
            message(
                "open_table: source must be a path, an address or a data frame; got {kind}; "
                "give columns names with pandas.DataFrame",
                kind=name,
            )
        ) from error
    if isinstance(known, nw.LazyFrame):
        lazy: nw.LazyFrame[Any] = known

        def read(names: list[str], rows: int) -> Iterable[pa.RecordBatch]:
            return lazy.select(names).collect(backend="pyarrow").to_native().to_batches(max_chunksize=rows)

        return RelationSource(name, lazy.head(0).collect(backend="pyarrow").to_native().schema, read)
    return FrameSource(known, name)


def _spooled(reader: pa.RecordBatchReader, name: str, spool: Spool) -> Source:
    """Keep what can be read only once in a temporary Arrow file, so that it can be read again."""
    check_names(reader.schema.names, source=name)
    return ArrowSource(File(spool.batches(reader.schema, reader), name, "arrow"))
