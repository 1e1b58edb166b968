"""Columnar files (Parquet, Arrow): only the columns asked for are read, through Apache Arrow."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from workings.data.columns import as_plain, batch_rows, check_names, plain_type, slices
from workings.data.files import File
from workings.errors import DataError
from workings.language import message

__all__ = ["ArrowSource", "ParquetSource"]


class ParquetSource:
    """A Parquet file, read a few row-group pages at a time."""

    untyped = False

    def __init__(self, file: File) -> None:
        self._file = file
        self.name = file.name
        with _errors_of(file), self._open() as parquet:
            schema = parquet.schema_arrow
            self.rows: int | None = parquet.metadata.num_rows
        self.columns = check_names(schema.names, source=file.name)
        self._types = {field.name: plain_type(field.type) for field in schema}

    def schema(self, columns: tuple[str, ...]) -> pa.Schema:
        """Return the types of these columns."""
        return pa.schema([(name, self._types[name]) for name in columns])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield all rows with these columns."""
        with _errors_of(self._file), self._open() as parquet:
            for batch in parquet.iter_batches(batch_rows(len(schema)), columns=list(schema.names)):
                yield as_plain(batch, schema)

    def _open(self) -> Any:
        from pyarrow import parquet

        filesystem = self._file.filesystem
        file = pa.OSFile(self._file.path) if filesystem is None else filesystem.open_input_file(self._file.path)
        # Without these two a whole row group, which may be the whole file, would be read before its first row is given.
        return parquet.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20)


class ArrowSource:
    """An Arrow file (Feather version 2) or stream."""

    untyped = False

    def __init__(self, file: File) -> None:
        self._file = file
        self.name = file.name
        self.rows: int | None = None
        with _errors_of(file), pa.OSFile(file.path) as opened:
            self._is_stream = opened.read(6) != b"ARROW1"
        with _errors_of(file), self._open(None) as reader:
            schema = reader.schema
        self.columns = check_names(schema.names, source=file.name)
        self._types = {field.name: plain_type(field.type) for field in schema}

    def schema(self, columns: tuple[str, ...]) -> pa.Schema:
        """Return the types of these columns."""
        return pa.schema([(name, self._types[name]) for name in columns])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield all rows with these columns; batches larger than ours are cut as views."""
        rows = batch_rows(len(schema))
        with _errors_of(self._file), self._open([self.columns.index(name) for name in schema.names]) as reader:
            read = iter(reader) if self._is_stream else map(reader.get_batch, range(reader.num_record_batches))
            for batch in read:
                for part in slices(batch, rows):
                    yield as_plain(part, schema)

    @contextmanager
    def _open(self, columns: list[int] | None) -> Generator[Any]:
        from pyarrow import ipc

        options = ipc.IpcReadOptions(included_fields=columns)
        with pa.memory_map(self._file.path) as mapped:
            opener = ipc.open_stream if self._is_stream else ipc.open_file
            with opener(mapped, options=options) as reader:
                yield reader


@contextmanager
def _errors_of(file: File) -> Generator[None]:
    """Turn what Arrow raises about a file into a DataError."""
    try:
        yield
    except (pa.ArrowException, OSError, EOFError) as error:
        raise DataError(
            message(
                "{source}: the {format} data is damaged or cut short ({reason}); copy or download the file again",
                source=file.name,
                format={"parquet": "Parquet", "arrow": "Arrow"}[file.format],
                reason=str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__,
            )
        ) from error
