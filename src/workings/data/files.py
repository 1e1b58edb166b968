"""Which files a path, a glob, an address or standard input means, and what each of them is."""

from __future__ import annotations

import glob
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal, cast

from workings.data.columns import nearest
from workings.data.spool import Compression, Spool, opened, unpacking
from workings.errors import DataError
from workings.language import Message, message

__all__ = ["Compression", "File", "Format", "examined", "find_files", "is_address", "named_kind"]

Format = Literal["csv", "tsv", "jsonl", "parquet", "arrow"]


_FORMATS: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".arrows": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}
_COMPRESSIONS: dict[str, Compression] = {
    ".gz": "gzip",
    ".zst": "zstd",
    ".zstd": "zstd",
    ".bz2": "bz2",
    ".xz": "xz",
}
# How files of each kind begin; for those that are no table, what a reader knows them by.
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
    (b"\xff\xff\xff\xff", "arrow"),
    (b"FEA1", "Feather version 1"),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"SQLite format 3\x00", "SQLite"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP or Excel"),
    (b"\xd0\xcf\x11\xe0", "Excel"),
    (b"\x89HDF", "HDF5"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_TEXT = ("csv", "tsv", "jsonl")
_HEAD = 1 << 16


@dataclass(frozen=True)
class File:
    """One file to read.

    Parameters
    ----------
    path
        Where it lies on this disk.
    name
        What messages call it.
    format
        What it holds.
    compression
        What it is packed with (only what the reader of its format unpacks itself), or None.
    filesystem
        The Arrow file system that it lies in, None for this disk.
    """

    path: str
    name: str
    format: Format
    compression: Compression | None = None
    filesystem: Any = None


def is_address(source: str) -> bool:
    """Return whether ``source`` is written as scheme://... (a drive letter is no scheme)."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.\-]+://", source) is not None


def find_files(source: str, spool: Spool) -> list[File]:
    """Return the files that a path, a glob or ``-`` means, in order of their names.

    Raises
    ------
    DataError
        If there is none, one is empty, or one is not what its ending says or no table at all.
    """
    if source == "-":
        return [examined(spool.standard_input(), "standard input", "", spool)]
    try:
        return [examined(path, name, name, spool) for path, name in _found(source, spool)]
    except OSError as error:
        raise DataError(_unreadable(source, error)) from error


def _found(source: str, spool: Spool) -> list[tuple[str, str]]:
    """Return where each file lies, and what it is called."""
    place = Path(source)
    if place.is_dir():
        raise DataError(
            message("{path}: this is a folder; name a file in it, or all of one kind: {path}/*.parquet", path=source)
        )
    if place.is_file():
        return [(source, source)]
    if place.exists():
        # A pipe, such as a shell's <(...), gives its bytes once, and they are read more often.
        with place.open("rb") as stream:
            return [(spool.copy(stream), source)]
    if any(letter in source for letter in "*?["):
        paths = sorted(path for path in glob.glob(source, recursive=True) if Path(path).is_file())  # noqa: PTH207 - Path.glob takes no absolute pattern
        if not paths:
            raise DataError(message("{path}: no file matches this pattern; check its folder and ending", path=source))
        return [(path, path) for path in paths]
    raise DataError(_missing(source))


def _missing(source: str) -> Message:
    folder = Path(source).parent
    if not folder.is_dir():
        return message("{path}: no such file; there is no folder {folder} either", path=source, folder=str(folder))
    near = _nearest_file(Path(source).name, [each.name for each in folder.iterdir()])
    if near is not None:
        return message("{path}: no such file; did you mean {near}?", path=source, near=str(folder / near))
    return message("{path}: no such file; check the name and the folder", path=source)


def _nearest_file(name: str, there: list[str]) -> str | None:
    """Return the file that ``name`` most likely meant: near before its ending, whatever that is."""
    stem = nearest(_stem(name), map(_stem, there))
    alike = [each for each in there if _stem(each) == stem]
    return max(alike, key=lambda each: SequenceMatcher(None, name, each).ratio(), default=None)


def _stem(name: str) -> str:
    return name.partition(".")[0]


def _unreadable(name: str, error: OSError) -> Message:
    return message("{path}: the file cannot be read: {reason}", path=name, reason=error.strerror or str(error))


def examined(path: str, name: str, named: str, spool: Spool) -> File:
    """Return what the file is, after holding what its ending says against what its content says."""
    format, compression = named_kind(named)
    head = _head(path, None, name)
    packed = _kind(head)
    packed_as = cast("Compression | None", packed if packed in _COMPRESSIONS.values() else None)
    if compression != packed_as and (compression is not None or format is not None):
        raise DataError(_not_what_it_says(name, compression or format or "", packed))
    if packed_as is not None:
        head = _head(path, packed_as, name)
    kind = _kind(head)
    if kind is None:
        kind = "jsonl" if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") else "text"
    if not _agrees(format, kind):
        raise DataError(_not_what_it_says(name, format, kind))
    if format is None:
        format = _from_content(kind, name)
    if format in _TEXT:
        _check_is_utf8(head, name)
    # Of what is packed, DuckDB itself reads gzip; zstd it reads too, but takes one that was cut short for whole.
    if packed_as is not None and (packed_as != "gzip" or format not in _TEXT):
        return File(spool.unpacked(path, packed_as, name=name), name, format)
    return File(path, name, format, packed_as)


def named_kind(path: str) -> tuple[Format | None, Compression | None]:
    """Return the format and the compression that a path's endings name, None where they name none.

    Examples
    --------
    >>> named_kind("a/people.csv.gz"), named_kind("people.parquet"), named_kind("people")
    (('csv', 'gzip'), ('parquet', None), (None, None))
    """
    endings = [ending.lower() for ending in Path(path).suffixes]
    compression = _COMPRESSIONS.get(endings[-1]) if endings else None
    if compression is not None:
        endings.pop()
    return (_FORMATS.get(endings[-1]) if endings else None), compression


def _head(path: str, compression: Compression | None, name: str) -> bytes:
    try:
        with unpacking(name, compression), opened(path, compression) as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise DataError(_unreadable(name, error)) from error
    if not head:
        raise DataError(
            message("{path}: the file is empty; a table has a line of column names and rows below it", path=name)
        )
    return head


def _kind(head: bytes) -> str | None:
    """Return what a file is by its first bytes, None for text and for what is not known."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if head[8:12] == b"DUCK":
        return "DuckDB"
    return "binary" if b"\x00" in head else None


def _agrees(format: Format | None, kind: str) -> bool:
    """Return whether a file named as ``format`` may be what its content shows."""
    if format is None:
        return True
    if format in ("csv", "tsv"):
        return kind in ("text", "UTF-16") or (kind == "jsonl")
    if format == "jsonl":
        return kind in ("jsonl", "UTF-16")
    # An Arrow stream of Arrow's early days begins with a length, not with a mark: let the reader judge it.
    return kind == format or (format == "arrow" and kind == "binary")


def _from_content(kind: str, name: str) -> Format:
    if kind in ("parquet", "arrow", "jsonl"):
        return cast("Format", kind)
    if kind in ("text", "UTF-16"):
        return "csv"
    raise DataError(_no_table(name, kind))


def _no_table(name: str, kind: str) -> Message:
    if kind in ("SQLite", "DuckDB"):
        return message(
            "{path}: this is a {kind} database; read a table of it as {scheme}:///{path} with its name",
            path=name,
            kind=kind,
            scheme=kind.lower(),
        )
    known = " ".join((*_FORMATS, *_COMPRESSIONS))
    if kind == "binary":
        return message("{path}: this is no table that is known here; known endings are {known}", path=name, known=known)
    return message(
        "{path}: this is a {kind} file, which is no table that is known here; known endings are {known}",
        path=name,
        kind=kind,
        known=known,
    )


def _not_what_it_says(name: str, says: str | None, found: str | None) -> Message:
    if found in _COMPRESSIONS.values():
        ending = next(ending for ending, kind in _COMPRESSIONS.items() if kind == found)
        return message(
            "{path}: its ending says {says}, its content is packed with {found}; rename it to {path}{ending}",
            path=name,
            says=says,
            found=found,
            ending=ending,
        )
    return message(
        "{path}: its ending says {says}, its content is {found}; give the file the ending of what it is",
        path=name,
        says=says,
        found=message("text") if found in (None, "text") else found,
    )


def _check_is_utf8(head: bytes, name: str) -> None:
    encoding = "UTF-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else None
    try:
        if encoding is None:
            head.decode("utf-8-sig")
            return
        where = 0
    except UnicodeDecodeError as error:
        if error.start > len(head) - 4 and len(head) == _HEAD:
            return  # a character cut in two by the end of what was read
        where = error.start
    raise DataError(
        message(
            "{path}: text must be UTF-8; the byte {byte} at place {place} is not; save the file as UTF-8 "
            "(in Excel: CSV UTF-8)",
            path=name,
            byte=f"0x{head[where]:02x}",
            place=where,
        )
    )
