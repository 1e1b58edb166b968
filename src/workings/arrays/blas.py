"""One thread at a time inside matrix products, while blocks of rows are worked on by several threads.

A BLAS library brings threads of its own. Where each thread of our pool calls it, its threads and ours wait for each
other in busy loops: on a machine with other work to do, ten times slower than one thread each.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

__all__ = ["one_blas_thread"]

_lock = threading.Lock()
_inside = 0
_controller: Any = None
_limiter: Any = None


@contextmanager
def one_blas_thread() -> Generator[None]:
    """Keep BLAS to one thread inside the ``with`` block, for the whole process; the last block to end restores it.

    Examples
    --------
    >>> from workings.arrays.blas import one_blas_thread
    >>> with one_blas_thread():
    ...     pass
    """
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _inside, _controller, _limiter
    with _lock:
        if _inside == 0:
            if _controller is None:
                from threadpoolctl import ThreadpoolController

                _controller = ThreadpoolController()
            _limiter = _controller.limit(limits=1, user_api="blas")
        _inside += 1


def _leave() -> None:
    global _inside, _limiter
    with _lock:
        _inside -= 1
        if _inside == 0:
            _limiter.restore_original_limits()
            _limiter = None


def _after_fork() -> None:
    global _lock, _inside, _limiter
    _lock = threading.Lock()
    if _inside:
        # The threads that would have restored it are not in the child.
        _limiter.restore_original_limits()
    _inside, _limiter = 0, None


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
