"""Rows in the order of their scores: buckets of like scores, filled and put in order side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays import thread_count
from workings.arrays.threads import run_together

__all__ = ["OrderedRows", "ordered_rows"]

Columns = tuple[NDArray[Any], NDArray[Any]]

_CELL_BITS = 16
_SAMPLE = 1 << 15
# Buckets of so many rows fit the second cache with room to work in; with more than about a thousand of them, the places
# that are written to in turn no longer fit the first.
_BUCKET_ROWS, _MOST_BUCKETS = 1 << 13, 1 << 9
# Twice the pairs of so many rows fit 63 bits.
_MOST_ROWS = 1 << 31


@dataclass(frozen=True, eq=False)
class OrderedRows:
    """Rows in order, each one word (see :mod:`.order_kernel`), in parts that follow one another.

    Parameters
    ----------
    words
        (n,) key and class of each row, rising within each bucket and from bucket to bucket.
    parts
        The buckets that each thread has put in order: first and last, the words' start, and what was counted in them
        (twice the ordered pairs, positives, different scores).
    ends
        (b,) where each bucket ends.
    form
        What turns a key back into a score: the mask of the magnitude, -1 for floats and 0 for whole numbers, and the
        least key.
    high
        The first bucket whose keys have their highest bit.
    dtype
        The scores' own.
    finite
        Whether no score is NaN or infinite; where one is, nothing else here is of use.
    """

    words: NDArray[np.uint64]
    parts: tuple[tuple[int, int, int, tuple[int, int, int]], ...]
    ends: NDArray[np.int64]
    form: tuple[int, int, int]
    high: int
    dtype: np.dtype[Any]
    finite: bool

    def twice_pairs(self) -> int:
        """Return twice the number of pairs in which the positive has the higher score, ties counted half."""
        twice = below = 0
        for (_, _, start, (inside, positives, _)), stop in zip(self.parts, self._stops(), strict=True):
            twice += inside + 2 * below * positives
            below += stop - start - positives
        return twice

    def positives(self) -> int:
        """Return the number of positive rows."""
        return sum(found[1] for *_, found in self.parts)

    def groups(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Return the different scores from the highest, and how many positives and negatives have at least each."""
        from workings.subjects.roc import order_kernel

        different = sum(found[2] for *_, found in self.parts)
        whole = np.int32 if len(self.words) < 2**31 else np.int64
        scores = np.empty(different, self.dtype)
        bits = scores.view(f"i{self.dtype.itemsize}")
        above_tp, above_fp = np.empty(different, whole), np.empty(different, whole)
        jobs: list[Callable[[], None]] = []
        at = tp = fp = 0
        for (first, last, start, (_, positives, size)), stop in reversed(
            list(zip(self.parts, self._stops(), strict=True))
        ):
            jobs.append(
                partial(
                    order_kernel.fill_groups,
                    self.words[start:stop],
                    (self.ends[first:last] - start, self.high - first),
                    self.form,
                    (tp, fp),
                    (bits[at : at + size], above_tp[at : at + size], above_fp[at : at + size]),
                )
            )
            at, tp, fp = at + size, tp + positives, fp + (stop - start - positives)
        run_together(jobs)
        return scores, above_tp, above_fp

    def _stops(self) -> list[int]:
        return [*(part[2] for part in self.parts[1:]), len(self.words)]


def ordered_rows(columns: Sequence[Columns]) -> OrderedRows:
    """Return rows in the order of their scores.

    Parameters
    ----------
    columns
        One pair or more of columns, together not empty: the scores (float64, float32 or int64, all alike) and which
        rows are positive.
    """
    from workings.subjects.roc import order_kernel

    dtype = columns[0][0].dtype
    width = dtype.itemsize
    rows = sum(len(scores) for scores, _ in columns)
    low, signed = ((1 << (8 * width - 1)) - 1, -1) if dtype.kind == "f" else (-1, 0)
    blocks = _blocks(columns, -(-rows // thread_count()))
    bounds = run_together([partial(order_kernel.key_range, bits, low, signed) for bits, _ in blocks])
    least, greatest = min(pair[0] for pair in bounds), max(pair[1] for pair in bounds)
    # The keys of infinities are each other's negatives, and those of NaN lie beyond them.
    infinite = int(np.array(np.inf, dtype).view(f"i{width}")) if dtype.kind == "f" else 1 << 64
    form = (low, signed, least)
    shift = np.uint64(max(0, (greatest - least).bit_length() - _CELL_BITS))
    plan, buckets = _plan([bits for bits, _ in blocks], form, shift, (greatest - least) >> int(shift), rows)
    counts = [np.zeros(buckets, np.int64) for _ in blocks]
    run_together(
        [
            partial(order_kernel.count_buckets, bits, form, (shift, plan), count)
            for (bits, _), count in zip(blocks, counts, strict=True)
        ]
    )
    sizes = np.sum(counts, axis=0)
    ends = np.cumsum(sizes)
    words = np.empty(rows, np.uint64)
    place = ends - sizes
    jobs: list[Callable[[], None]] = []
    for (bits, positive), count in zip(blocks, counts, strict=True):
        into = (place.astype(np.uint64), words)
        jobs.append(partial(order_kernel.place_rows, bits, positive, form, (shift, plan), into))
        place = place + count
    run_together(jobs)
    middle = _middle(shift)
    high = int(plan[middle]) >> 8 if middle < len(plan) else buckets
    finite = -infinite < least and greatest < infinite
    return OrderedRows(words, _put_in_order(words, sizes, ends), ends, form, high, dtype, finite)


def _blocks(columns: Sequence[Columns], most: int) -> list[Columns]:
    """Return the columns' bits and classes in pieces of at most so many rows."""
    pieces: list[Columns] = []
    for scores, positive in columns:
        bits = np.ascontiguousarray(scores).view(f"i{scores.dtype.itemsize}")
        flags = positive.view(np.uint8)
        pieces += [(bits[k : k + most], flags[k : k + most]) for k in range(0, len(bits), most)]
    return pieces


def _plan(
    blocks: list[NDArray[Any]], form: tuple[int, int, int], shift: np.uint64, last: int, rows: int
) -> tuple[NDArray[np.uint32], int]:
    """Return for each cell where its rows go, and the number of buckets, of about equally many rows by a sample."""
    from workings.subjects.roc import order_kernel

    step = max(1, rows // _SAMPLE) | 1
    counts = np.zeros(last + 1, np.int64)
    for bits in blocks:
        order_kernel.sample_cells(bits, form, step, shift, counts)
    wanted = max(1, max(_BUCKET_ROWS, rows // _MOST_BUCKETS) // step)
    plan = np.empty(last + 1, np.uint32)
    return plan, int(order_kernel.assign_cells(counts, shift, _middle(shift), wanted, plan))


def _middle(shift: np.uint64) -> int:
    """Return the cell from which on a key's rise above the least has its highest bit; without a shift there is none."""
    return (1 << 63) >> int(shift) if shift else 1 << 62


def _put_in_order(
    words: NDArray[np.uint64], sizes: NDArray[np.int64], ends: NDArray[np.int64]
) -> tuple[tuple[int, int, int, tuple[int, int, int]], ...]:
    from workings.subjects.roc import order_kernel

    parts = max(thread_count(), -(-len(words) // _MOST_ROWS))
    at = [len(words) * k // parts for k in range(1, parts)]
    cuts = sorted({0, *np.searchsorted(ends, at).tolist(), len(ends)})
    starts = [int(ends[cut - 1]) if cut else 0 for cut in cuts[:-1]]
    whole = np.uint32 if len(words) < 2**32 else np.uint64
    jobs = [
        partial(
            order_kernel.order_buckets,
            words[start : ends[last - 1]],
            ends[first:last] - start,
            int(sizes[first:last].max()),
            np.empty((1 << 16) + 1, whole),
        )
        for (first, last), start in zip(pairwise(cuts), starts, strict=True)
    ]
    found = run_together(jobs)
    return tuple(
        (first, last, start, counted)
        for (first, last), start, counted in zip(pairwise(cuts), starts, found, strict=True)
    )
