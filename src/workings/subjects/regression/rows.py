"""Rows in memory, and the fold over them that a fit is given when nothing larger is at hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from workings.arrays import parallel_blocks
from workings.arrays.blas import one_blas_thread

__all__ = ["Fold", "Rows", "fold_rows"]


class Rows(NamedTuple):
    """A batch of rows: what the summaries of this room take.

    Parameters
    ----------
    X
        Shape (rows, columns), any real dtype.
    y
        Shape (rows,) or (rows, targets).
    weight
        Shape (rows,), or None where every row counts once.
    """

    X: NDArray[Any]
    y: NDArray[Any]
    weight: NDArray[np.float64] | None = None


class RowSummary(Protocol):
    """A summary that takes rows."""

    def update(self, batch: Rows, /) -> None:
        """Take in a batch."""
        ...

    def merge(self, other: Self, /) -> None:
        """Take in what another has seen."""
        ...


S = TypeVar("S", bound=RowSummary)


class Fold(Protocol):
    """One pass over the data: every batch into a summary that ``start`` makes, merged in row order."""

    def __call__(self, start: Callable[[], S], /) -> S:
        """Return the summary of all rows."""
        ...


# Values in one block, 2 MB: what looks at a block twice finds it in a cache, and blocks are few enough that beginning
# and merging them does not count. Where the rows are cut does not depend on how many threads there are, so neither does
# the answer.
_BLOCK_VALUES = 1 << 18


def fold_rows(rows: Rows) -> Fold:
    """Return the fold over rows that are in memory, in blocks over the shared threads.

    Examples
    --------
    >>> import numpy as np
    >>> from workings.subjects.regression import GramMoments, Rows, fold_rows
    >>> fold = fold_rows(Rows(np.array([[1.0], [2.0], [6.0]]), np.array([1.0, 0.0, 5.0])))
    >>> fold(lambda: GramMoments(1, 1)).mean
    array([3., 2.])
    """
    count, columns = rows.X.shape
    # Not lower than half the columns are wide: moments have a value for each pair of columns, and those of all blocks
    # together (held until they are merged in row order) then take at most twice what the data takes.
    height = max(256, _BLOCK_VALUES // max(columns, 1), columns // 2)
    blocks = max(1, -(-count // height))

    def fold(start: Callable[[], S], /) -> S:
        def work(first: int, last: int) -> list[S]:
            states: list[S] = []
            for block in range(first, last):
                cut = slice(block * height, (block + 1) * height)
                state = start()
                state.update(Rows(rows.X[cut], rows.y[cut], None if rows.weight is None else rows.weight[cut]))
                states.append(state)
            return states

        if blocks == 1:
            return work(0, 1)[0]
        with one_blas_thread():
            states = [state for part in parallel_blocks(work, blocks, smallest=1, align=1) for state in part]
        states.reverse()
        total = states.pop()
        while states:
            total.merge(states.pop())
        return total

    return fold
