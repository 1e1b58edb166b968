"""One thread compiles at a time, and a process is not forked meanwhile.

A child would otherwise wait for ever on LLVM's own locks, held by a thread that it does not have.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager

__all__ = ["compiling"]

_lock = threading.RLock()


@contextmanager
def compiling() -> Generator[None]:
    """Hold the right to compile."""
    with _lock:
        yield


def _after_in_child() -> None:
    global _lock
    _lock = threading.RLock()


def _before() -> None:
    _lock.acquire()


def _after_in_parent() -> None:
    _lock.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child)
