"""Machine code kept in a private folder, so that the next process need not compile again.

A file is named after all that its code was made from: the module's text, LLVM's version and the processor. So nothing
that changes the code can meet an old file. The folder is used only if it belongs to this user and to nobody else (mode
0700), is no link, and a file only if its content has the digest that it begins with: what is cut short, changed or not
ours is compiled anew. No failure to read or to write is an error.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
from collections.abc import Generator
from pathlib import Path

__all__ = ["cache_folder", "cache_key", "read_code", "write_code"]

_MAGIC = b"workings machine code 1\n"
_LARGEST = 64 << 20  # bytes: far more than the longest formula that is compiled gives
_MOST = 1000  # files

_OPEN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_KNOWS_OWNERS = hasattr(os, "geteuid") and os.open in os.supports_dir_fd


def cache_key(*parts: str) -> str:
    """Return the name of the code that is made from these texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def cache_folder() -> Path | None:
    """Return where code is kept: in ``WORKINGS_CACHE_DIR``, else in the user's cache; None where nothing is kept.

    ``WORKINGS_CACHE_DIR=""`` keeps nothing.
    """
    given = os.environ.get("WORKINGS_CACHE_DIR")
    if given is not None:
        return Path(given) / "code" if given else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    base = home / ("Library/Caches" if sys.platform == "darwin" else ".cache")
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        if Path(os.environ.get(name, "")).is_absolute():
            base = Path(os.environ[name])
    return base / "workings" / "code"


def read_code(key: str) -> bytes | None:
    """Return the code that was kept under a key, or None."""
    with contextlib.suppress(OSError), _opened_folder() as folder:
        if folder is None:
            return None
        file = os.open(key, os.O_RDONLY | _OPEN, dir_fd=folder)
        with os.fdopen(file, "rb") as stream:
            status = os.fstat(file)
            if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_size > _LARGEST:
                return None
            content = stream.read()
        code = content[len(_MAGIC) + 32 :]
        return code if content == _sealed(key, code) else None
    return None


def write_code(key: str, code: bytes) -> None:
    """Keep code under a key: whole or not at all, whoever else writes."""
    with contextlib.suppress(OSError), _opened_folder(create=True) as folder:
        if folder is None or len(code) + len(_MAGIC) + 32 > _LARGEST:
            return
        _forget_oldest(folder)
        beside = f"{key}.{os.getpid()}"
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _OPEN
        file = os.open(beside, flags, 0o600, dir_fd=folder)
        try:
            with os.fdopen(file, "wb") as stream:
                stream.write(_sealed(key, code))
            os.replace(beside, key, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError:
            os.unlink(beside, dir_fd=folder)


def _sealed(key: str, code: bytes) -> bytes:
    """Return a file's content: the code behind the digest of it and of its name."""
    return _MAGIC + hashlib.sha256(key.encode() + code).digest() + code


@contextlib.contextmanager
def _opened_folder(create: bool = False) -> Generator[int | None]:
    """Open the folder; None if there is none, or if anybody but this user could have written into it."""
    path = cache_folder()
    if path is None or not _KNOWS_OWNERS:
        yield None
        return
    if create:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | _OPEN)
    try:
        status = os.fstat(folder)
        private = status.st_uid == os.geteuid() and not status.st_mode & 0o077
        yield folder if private else None
    finally:
        os.close(folder)


def _forget_oldest(folder: int) -> None:
    """Keep the folder from growing for ever: beyond a thousand files, half go, the oldest first."""
    names = os.listdir(folder)
    if len(names) >= _MOST:
        names.sort(key=lambda name: os.stat(name, dir_fd=folder, follow_symlinks=False).st_mtime)
        for name in names[: _MOST // 2]:
            os.unlink(name, dir_fd=folder)
