"""Temporary copies of what can be read only once or not from the middle, removed with the table that needed them."""

from __future__ import annotations

import shutil
import sys
import tempfile
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Literal, cast

from workings.errors import DataError
from workings.language import message

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Compression", "Spool", "opened", "packed", "unpacking"]

Compression = Literal["gzip", "zstd", "bz2", "xz"]

_PIECE = 1 << 20


class Spool:
    """A private temporary folder, made when first needed; :meth:`close` removes it, as does the end of this object."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._count = 0
        self._remove: weakref.finalize[..., Spool] | None = None

    def standard_input(self) -> str:
        """Copy standard input to its end and return the copy's path."""
        return self.copy(sys.stdin.buffer)

    def copy(self, stream: IO[bytes], *, before: bytes = b"") -> str:
        """Copy a stream to its end, after what is to stand before it, and return the copy's path."""
        with Path(path := self._next()).open("wb") as file:
            file.write(before)
            shutil.copyfileobj(stream, file, _PIECE)
        return path

    def unpacked(self, path: str, compression: Compression, *, name: str) -> str:
        """Unpack a file and return the path of what was in it.

        Raises
        ------
        DataError
            If the file is damaged or cut short.
        """
        with unpacking(name, compression), opened(path, compression) as stream:
            return self.copy(stream)

    def batches(self, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> str:
        """Write record batches to an Arrow file and return its path."""
        from pyarrow import ipc

        path = self._next()
        with ipc.new_file(path, schema) as writer:
            for batch in batches:
                writer.write_batch(batch)
        return path

    def close(self) -> None:
        """Remove all copies."""
        if self._remove is not None:
            self._remove()

    def _next(self) -> str:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="workings-"))
            self._remove = weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._count += 1
        return str(self._folder / f"part-{self._count}")


def opened(path: str, compression: Compression | None) -> IO[bytes]:
    """Open a file for reading as what is in it, unpacked as it is read."""
    if compression == "gzip":
        import gzip

        return cast("IO[bytes]", gzip.open(path, "rb"))
    if compression == "bz2":
        import bz2

        return cast("IO[bytes]", bz2.open(path, "rb"))
    if compression == "xz":
        import lzma

        return cast("IO[bytes]", lzma.open(path, "rb"))
    if compression == "zstd":
        import pyarrow as pa

        return cast("IO[bytes]", pa.input_stream(path, compression="zstd"))
    return Path(path).open("rb")


def packed(path: str, compression: Compression | None) -> IO[bytes]:
    """Open a new file for writing, packed as it is written."""
    if compression == "gzip":
        import gzip

        return cast("IO[bytes]", gzip.open(path, "xb"))
    if compression == "bz2":
        import bz2

        return cast("IO[bytes]", bz2.open(path, "xb"))
    if compression == "xz":
        import lzma

        return cast("IO[bytes]", lzma.open(path, "xb"))
    if compression == "zstd":
        import pyarrow as pa

        return cast("IO[bytes]", pa.output_stream(path, compression="zstd"))
    return Path(path).open("xb")


class unpacking:  # noqa: N801 - used as the verb in a with statement
    """Turn what the unpacking libraries raise into a DataError that names the file."""

    def __init__(self, name: str, compression: Compression | None) -> None:
        self._name, self._compression = name, compression

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        import lzma
        import zlib

        if self._compression is None or not isinstance(error, (EOFError, OSError, zlib.error, lzma.LZMAError)):
            return
        raise DataError(
            message(
                "{source}: the {compression} data is damaged or cut short ({reason}); copy or download the file again",
                source=self._name,
                compression=self._compression,
                reason=str(error),
            )
        ) from error
