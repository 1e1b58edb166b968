"""Files in object stores (S3, Google Cloud Storage, Azure, HDFS), through the file systems of Apache Arrow."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from typing import Any

import pyarrow as pa

from workings.data.columns import nearest
from workings.data.databases import Address
from workings.data.files import File, examined, named_kind
from workings.data.spool import Spool
from workings.errors import DataError
from workings.language import Message, message

__all__ = ["SCHEMES", "find_objects"]

SCHEMES = ("file", "s3", "gs", "gcs", "abfs", "abfss", "hdfs")


def find_objects(address: Address, spool: Spool, *, known: tuple[str, ...]) -> list[File]:
    """Return the files that an address means, a pattern in its last part included, in order of their names.

    Parquet is read where it lies, the columns asked for alone; other files are copied to a temporary file first.

    Raises
    ------
    DataError
        If the scheme is unknown, the store cannot be reached, or it holds no such file.
    """
    if address.scheme not in SCHEMES:
        raise DataError(_unknown_scheme(address, known))
    from pyarrow import fs

    with _errors_of(address):
        base, _, last = address.full.partition("?")[0].rpartition("/")
        pattern = last if any(letter in last for letter in "*?[") else None
        if pattern is None:
            filesystem, path = fs.FileSystem.from_uri(address.full)
            paths = [path] if filesystem.get_file_info(path).type == fs.FileType.File else []
        else:
            options = address.full.partition("?")[2]
            filesystem, folder = fs.FileSystem.from_uri(base + (f"?{options}" if options else ""))
            listed = filesystem.get_file_info(fs.FileSelector(folder, allow_not_found=True))
            paths = sorted(
                each.path for each in listed if each.type == fs.FileType.File and fnmatchcase(each.base_name, pattern)
            )
        if not paths:
            raise DataError(
                message("{path}: no such file; check the name and the folder", path=address.shown)
                if pattern is None
                else message("{path}: no file matches this pattern; check its folder and ending", path=address.shown)
            )
        return [_file(filesystem, path, address.shown if pattern is None else path, spool) for path in paths]


def _file(filesystem: Any, path: str, name: str, spool: Spool) -> File:
    if named_kind(path) == ("parquet", None):
        return File(path, name, "parquet", filesystem=filesystem)
    with filesystem.open_input_stream(path, compression=None) as stream:
        return examined(spool.copy(stream), name, path, spool)


def _unknown_scheme(address: Address, known: tuple[str, ...]) -> Message:
    near = nearest(address.scheme, known)
    if near is not None:
        return message(
            "{source}: addresses that begin with {scheme}:// are not known; did you mean {near}://?",
            source=address.shown,
            scheme=address.scheme,
            near=near,
        )
    return message(
        "{source}: addresses that begin with {scheme}:// are not known; known are {known}; or download the file first",
        source=address.shown,
        scheme=address.scheme,
        known=", ".join(known),
    )


@contextmanager
def _errors_of(address: Address) -> Generator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        lines = address.hidden(str(error)).strip().splitlines()
        raise DataError(
            message(
                "{source}: the file cannot be read: {reason}",
                source=address.shown,
                reason=lines[0] if lines else type(error).__name__,
            )
        ) from None
