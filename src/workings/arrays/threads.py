"""One shared pool of threads, over which kernels that release the GIL split their work in blocks.

Numba's own ``parallel=True`` is not used: its default threading layer aborts the process when two Python threads call
in at once. The pool is bounded by ``WORKINGS_NUM_THREADS``, is built anew after a fork (threads do not survive one),
and is never fed from its own threads, which would wait for themselves: there the work runs where it is.

A scheduler may wake a thread on the processor of the thread that woke it though another is idle; the two then take
turns, and two threads take as long as one (measured on a virtual machine of two processors: 13 ms for 7 ms of work).
So the pool's threads are kept off the caller's processor while they are woken, and may then run anywhere.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from itertools import pairwise
from typing import TypeVar

__all__ = ["in_pool", "parallel_blocks", "run_together", "submit", "thread_count"]

T = TypeVar("T")

# Where the system lets threads be placed (Linux); the number of the processor that runs this code is asked of libc.
_PLACES = hasattr(os, "sched_setaffinity")
_current_processor: Callable[[], int] = ctypes.PyDLL(None).sched_getcpu if _PLACES else lambda: -1

# With more threads than these a processor without work is found, and placing them would take too long.
_FEW = 8

_lock = threading.Lock()
_pool: ThreadPoolExecutor | None = None
_workers: list[int] = []  # the threads of the pool, as the system numbers them
_here = threading.local()


def thread_count() -> int:
    """Return how many threads share the work: ``WORKINGS_NUM_THREADS``, else the processors this process may use."""
    asked = os.environ.get("WORKINGS_NUM_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    return len(os.sched_getaffinity(0)) if _PLACES else (os.cpu_count() or 1)


def in_pool() -> bool:
    """Return whether this code already runs on a thread of the pool."""
    return getattr(_here, "inside", False)


def run_together(jobs: list[Callable[[], T]]) -> list[T]:
    """Run the jobs over the pool and return their results in order; the first error is raised when all have ended."""
    if len(jobs) < 2 or thread_count() == 1 or in_pool():
        return [job() for job in jobs]
    pool = _shared_pool()
    allowed = _kept_off()
    # With what holds where they are called from, as NumPy's error state does.
    pending = [pool.submit(copy_context().run, _anywhere, job, allowed) for job in jobs[1:]]
    try:
        first = jobs[0]()
    finally:
        for future in pending:
            future.exception()
    return [first, *(future.result() for future in pending)]


def submit(job: Callable[[], T]) -> Future[T]:
    """Start the job on the pool and return its future; on a thread of the pool the job is done here and now."""
    if not in_pool():
        # On a thread that was kept off a processor when another was woken.
        return _shared_pool().submit(copy_context().run, _anywhere, job, os.sched_getaffinity(0) if _PLACES else None)
    future: Future[T] = Future()
    try:
        future.set_result(job())
    except BaseException as error:  # the future hands it on, as a pool's would
        future.set_exception(error)
    return future


def parallel_blocks(work: Callable[[int, int], T], size: int, *, smallest: int = 1 << 16, align: int = 64) -> list[T]:
    """Call ``work(start, stop)`` on blocks that cover ``range(size)`` and return the results in order.

    Parameters
    ----------
    work
        A function that releases the GIL (NumPy, or a Numba kernel with ``nogil=True``).
    size
        The number of elements.
    smallest
        No block is cut smaller than this, below which a thread costs more than it saves.
    align
        Inner cuts fall on multiples of this, so that two threads do not write into one cache line.
    """
    blocks = max(1, min(thread_count(), size // max(smallest, 1)))
    cuts = [size * k // blocks // align * align for k in range(blocks)] + [size]
    return run_together([_bound(work, start, stop) for start, stop in pairwise(cuts)])


def _bound(work: Callable[[int, int], T], start: int, stop: int) -> Callable[[], T]:
    return lambda: work(start, stop)


def _shared_pool() -> ThreadPoolExecutor:
    global _pool
    with _lock:
        if _pool is None:
            _pool = ThreadPoolExecutor(thread_count(), thread_name_prefix="workings", initializer=_mark)
        return _pool


def _mark() -> None:
    _here.inside = True
    _workers.append(threading.get_native_id())


def _kept_off() -> set[int] | None:
    """Keep the pool's threads off the caller's processor; return where they may run, None if nothing was done."""
    if not _PLACES or len(_workers) > _FEW:
        return None
    allowed = os.sched_getaffinity(0)
    # A caller held to one processor shares it.
    apart = allowed - {_current_processor()} or allowed
    for worker in tuple(_workers):
        # Where a system forbids it the work is slower, and the same.
        with suppress(OSError):
            os.sched_setaffinity(worker, apart)
    return allowed


def _anywhere(job: Callable[[], T], allowed: set[int] | None) -> T:
    """Do a job on a thread that has been woken where it should be: from here on the scheduler may move it."""
    if allowed is not None:
        with suppress(OSError):
            os.sched_setaffinity(0, allowed)
    return job()


def _after_fork() -> None:
    global _pool, _lock
    _pool = None
    _workers.clear()
    _lock = threading.Lock()
    _here.inside = False


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
