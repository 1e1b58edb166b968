"""Folds a summary over batches: read in one thread, counted in several, merged in the order of the rows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, wait
from typing import Any, Protocol, Self, TypeVar

import pyarrow as pa
from numpy.typing import NDArray

from workings.arrays.threads import in_pool, submit, thread_count
from workings.data.columns import batch_rows
from workings.errors import InputError
from workings.language import message

__all__ = ["Mergeable", "blocks", "fold"]


class Mergeable(Protocol):
    """What a fold needs of a summary beside the update."""

    def merge(self, other: Self, /) -> object:
        """Take in, in place, what ``other`` has seen of the rows that come after."""
        ...


S = TypeVar("S", bound=Mergeable)
B = TypeVar("B")


def fold(
    batches: Iterable[B],
    start: Callable[[], S],
    update: Callable[[S, B], object],
    *,
    workers: int | None = None,
    progress: Callable[[int, int | None], object] | None = None,
    total: int | None = None,
) -> S:
    """Return the summary of all rows, computed in blocks.

    Each block has a summary of its own, and the blocks' summaries are merged in the order of the rows. Arrow record
    batches are first cut anew into blocks whose size depends on the number of columns alone, so that neither the number
    of threads nor how a file was cut into batches changes a bit of the answer.

    Parameters
    ----------
    batches
        Arrow record batches (:meth:`workings.data.Table.batches`), or anything that ``update`` takes, such as the
        tuples that :func:`blocks` cuts; what is no record batch is a block as it comes. Read in the calling thread, as
        far ahead as there are workers and one more, so that memory stays bounded.
    start
        Makes an empty summary.
    update
        Takes a block into a summary, in place. It is called on several threads, never twice at once for one summary.
    workers
        How many blocks are worked on at once; :func:`workings.arrays.thread_count` by default. With 1, or on a thread
        of the shared pool, everything happens in the calling thread.
    progress
        Called in the calling thread after each merge, with the number of rows merged and ``total``.
    total
        The number of rows there are, if known; handed to ``progress``.

    Returns
    -------
    Mergeable
        What ``start`` made, with every row in it.

    Raises
    ------
    InputError
        If ``workers`` is less than 1.
    Exception
        Whatever the reading, ``start``, ``update`` or ``merge`` raises; reading stops, and no thread works on.

    Examples
    --------
    >>> import numpy as np
    >>> class Total:
    ...     def __init__(self):
    ...         self.sum = 0
    ...     def update(self, block):
    ...         self.sum += int(block[0].sum())
    ...     def merge(self, other):
    ...         self.sum += other.sum
    >>> fold(blocks(np.arange(200_000)), Total, Total.update).sum
    19999900000
    """
    if workers is not None and workers < 1:
        raise InputError(message("fold: workers must be at least 1; got {workers}", workers=workers))
    workers = 1 if in_pool() else workers or thread_count()
    whole, merged = start(), 0
    pending: deque[tuple[Future[S], int]] = deque()

    def merge(summary: S, rows: int) -> None:
        nonlocal merged
        whole.merge(summary)
        merged += rows
        if progress is not None:
            progress(merged, total)

    def merge_first() -> None:
        future, rows = pending[0]
        summary = future.result()
        pending.popleft()
        merge(summary, rows)

    reading = iter(batches)
    try:
        for block in _recut(reading):
            if workers == 1:
                merge(_summary(start, update, block), _row_count(block))
                continue
            if len(pending) > workers:
                merge_first()
            pending.append((submit(_job(start, update, block)), _row_count(block)))
        while pending:
            merge_first()
    finally:
        waiting = [future for future, _ in pending if not future.cancel()]
        wait(waiting)
        if (close := getattr(reading, "close", None)) is not None:
            close()
    return whole


def blocks(*arrays: NDArray[Any], rows: int | None = None) -> Iterator[tuple[NDArray[Any], ...]]:
    """Cut arrays of equal length into tuples of views, block by block, for :func:`fold`.

    Parameters
    ----------
    arrays
        One-dimensional, or with rows first.
    rows
        The number of rows in a block; by default what a table with as many columns has.

    Raises
    ------
    InputError
        If there is no array, their lengths differ, or ``rows`` is less than 1.

    Examples
    --------
    >>> import numpy as np
    >>> [part.tolist() for (part,) in blocks(np.arange(5), rows=2)]
    [[0, 1], [2, 3], [4]]
    """
    if rows is not None and rows < 1:
        raise InputError(message("blocks: rows must be at least 1; got {rows}; leave it out for the usual", rows=rows))
    lengths = {len(array) for array in arrays}
    if len(lengths) != 1:
        raise InputError(
            message(
                "blocks: arrays must have one length; got {lengths}; pass one value a row in each",
                lengths=", ".join(str(length) for length in sorted(lengths)) or "0",
            )
        )
    size = rows or batch_rows(sum(array.size // max(len(array), 1) for array in arrays))
    return (tuple(array[at : at + size] for array in arrays) for at in range(0, lengths.pop(), size))


def _recut(batches: Iterator[Any]) -> Iterator[Any]:
    """Yield record batches cut anew to the one size for their width (the last is shorter), all else as it comes."""
    held: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        if not isinstance(batch, pa.RecordBatch):
            yield batch
            continue
        size, at = batch_rows(batch.num_columns), 0
        while rows + batch.num_rows - at >= size:
            part = batch.slice(at, size - rows)
            yield pa.concat_batches([*held, part]) if held else part
            at += size - rows
            held, rows = [], 0
        if at < batch.num_rows:
            held.append(batch.slice(at))
            rows += batch.num_rows - at
    if held:
        yield pa.concat_batches(held) if len(held) > 1 else held[0]


def _summary(start: Callable[[], S], update: Callable[[S, B], object], block: B) -> S:
    summary = start()
    update(summary, block)
    return summary


def _job(start: Callable[[], S], update: Callable[[S, B], object], block: B) -> Callable[[], S]:
    return lambda: _summary(start, update, block)


def _row_count(block: Any) -> int:
    if isinstance(block, tuple):
        return len(block[0])
    return int(block.num_rows) if isinstance(block, pa.RecordBatch) else len(block)
