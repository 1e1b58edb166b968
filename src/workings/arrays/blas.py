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

import numpy as np
from numpy.typing import NDArray

from workings.arrays.threads import parallel_blocks

__all__ = ["one_blas_thread", "product", "rows_product", "solve_triangular"]

# Below so many numbers in a factor no BLAS library has threads to share.
_SMALL = 1 << 11
# Numbers in a block of rows: where the rows are cut depends on nothing else, and so neither does a digit.
_BLOCK = 1 << 17

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


def product(first: NDArray[Any], second: NDArray[Any]) -> Any:
    """Return ``first @ second``, computed by one thread of BLAS.

    Over several it is added up in another order for each number of threads, of which another thread of the program
    may leave it two or one; and a child that is forked while another thread is in such a product may wait for ever in
    its own next one.
    """
    if first.size < _SMALL and second.size < _SMALL:
        return first @ second
    with one_blas_thread():
        return first @ second


def rows_product(rows: NDArray[Any], second: NDArray[Any]) -> NDArray[Any]:
    """Return ``rows @ second`` of a table with many rows, in blocks of them over the shared threads.

    Examples
    --------
    >>> rows_product(np.ones((3, 2)), np.array([1.0, 2.0]))
    array([3., 3., 3.])
    """
    height = max(1, _BLOCK // max(rows.shape[1], 1))
    if len(rows) <= height:
        return product(rows, second)
    result = np.empty((len(rows), *second.shape[1:]), np.result_type(rows, second))

    def work(first: int, last: int) -> None:
        for block in range(first, last):
            cut = slice(block * height, (block + 1) * height)
            np.matmul(rows[cut], second, out=result[cut])

    with one_blas_thread():
        parallel_blocks(work, -(-len(rows) // height), smallest=1, align=1)
    return result


def solve_triangular(factor: NDArray[Any], right: NDArray[Any], *, lower: bool = False) -> NDArray[Any]:
    """Return SciPy's ``solve_triangular``, computed by one thread of BLAS.

    For a matrix on the right OpenBLAS wakes all its threads, however small both are. They look for more work in busy
    loops for 27 ms then, in the way of ours, and a process that is forked meanwhile may never come out of the fork.
    """
    from scipy import linalg  # which takes a while to import, and few need

    with one_blas_thread():
        return linalg.solve_triangular(factor, right, lower=lower, check_finite=False)


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
