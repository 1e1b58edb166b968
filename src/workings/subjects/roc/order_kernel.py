r"""The compiled loops that order rows by score: a whole number for each score, buckets of like ones, order in each.

A score becomes a whole number that orders as the scores do, its *key*: a float's bits are a sign and a magnitude, and
the key is the magnitude with that sign, so that -0.0 and 0.0 share the key 0. A row becomes one *word*: its key less
the least one, moved one bit up, and its class as the last bit. Words sort as the scores do, negatives before
positives where scores are tied, and no second array has to follow. The bit that moving up pushes out is the same for
all rows of a bucket.

This is not a comparison sort. NumPy's is fast where a processor stores the chosen lanes of a vector quickly; where
that instruction is slow (AMD's Zen 4) it takes six times as long, and in no case does it carry the class along.
Here every pass is made of shifts, sums and minima, which all processors do alike.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = [
    "assign_cells",
    "count_buckets",
    "fill_groups",
    "key_range",
    "order_buckets",
    "place_rows",
    "sample_cells",
]

Array = NDArray[Any]
Words = NDArray[np.uint64]

_ONE = np.uint64(1)
_SPLIT_BITS = np.uint64(8)
_SPLIT_MASK = np.uint64(255)
# A heavy cell is cut into no more than 2^12 buckets.
_MOST_SPLITS = 12
# Cells of no more rows than these are put in order by insertion.
_FEW = 24
# A bucket of more rows is first cut into cells of about _CELL rows, a smaller one into cells of one or two.
_FINE, _CELL = 1 << 16, 1 << 12
# How often neighbours are compared before the insertion; of cells of one or two rows, one in a hundred needs more.
_ROUNDS = 4


@njit(nogil=True, cache=True)
def _key(bits: Any, low: int, signed: int) -> np.int64:
    """Return a score's key: ``low`` masks a float's magnitude, ``signed`` is -1; for whole numbers -1 and 0."""
    b = np.int64(bits)
    t = (b >> np.int64(63)) & signed
    return ((b & low) ^ t) - t


@njit(nogil=True, cache=True)
def key_range(bits: Array, low: int, signed: int) -> tuple[int, int]:
    """Return the least and the greatest key."""
    least = np.int64(2**63 - 1)
    greatest = np.int64(-(2**63))
    for i in range(len(bits)):
        k = _key(bits[i], low, signed)
        least = min(least, k)
        greatest = max(greatest, k)
    return int(least), int(greatest)


@njit(nogil=True, cache=True)
def sample_cells(bits: Array, form: tuple[int, int, int], step: int, shift: np.uint64, counts: Array) -> None:
    """Count every ``step``-th row in its cell: the keys that agree above ``shift`` bits.

    ``form`` is ``low, signed`` and the least key.
    """
    low, signed, least = form
    for i in range(0, len(bits), step):
        counts[np.uint64(_key(bits[i], low, signed) - least) >> shift] += 1


@njit(nogil=True, cache=True)
def assign_cells(counts: Array, shift: np.uint64, middle: int, wanted: int, plan: Array) -> int:
    """Give neighbouring light cells a bucket together and cut heavy ones; return how many buckets there are.

    ``plan`` gets for each cell its first bucket, moved up by 8 bits, and the number of bits that a row's place in the
    cell is shifted down by to count on from there. At the cell ``middle``, above which a key's highest bit is set, a
    bucket begins.
    """
    bucket = np.uint64(0)
    rows = 0
    used = False
    for c in range(len(counts)):
        k = counts[c]
        if k >= 2 * wanted:
            bucket += _ONE if used else np.uint64(0)
            splits = np.uint64(0)
            while (k >> splits) > wanted and splits < shift and splits < np.uint64(_MOST_SPLITS):
                splits += _ONE
            plan[c] = (bucket << _SPLIT_BITS) | (shift - splits)
            bucket += _ONE << splits
            used = False
            rows = 0
        else:
            if used and (rows + k > wanted or c == middle):
                bucket += _ONE
                rows = 0
            plan[c] = (bucket << _SPLIT_BITS) | shift
            used = True
            rows += k
    return int(bucket) + (1 if used else 0)


@njit(nogil=True, cache=True)
def _bucket(rise: np.uint64, shift: np.uint64, inside: np.uint64, plan: Array) -> np.uint64:
    entry = np.uint64(plan[rise >> shift])
    return (entry >> _SPLIT_BITS) + ((rise & inside) >> (entry & _SPLIT_MASK))


@njit(nogil=True, cache=True)
def count_buckets(bits: Array, form: tuple[int, int, int], cells: tuple[np.uint64, Array], counts: Array) -> None:
    """Count the rows of each bucket; ``cells`` are the shift that gives a cell, and what ``assign_cells`` planned."""
    low, signed, least = form
    shift, plan = cells
    inside = (_ONE << shift) - _ONE
    for i in range(len(bits)):
        rise = np.uint64(_key(bits[i], low, signed) - least)
        counts[_bucket(rise, shift, inside, plan)] += 1


@njit(nogil=True, cache=True)
def place_rows(
    bits: Array,
    positive: Array,
    form: tuple[int, int, int],
    cells: tuple[np.uint64, Array],
    into: tuple[NDArray[np.uint64], Words],
) -> None:
    """Write the word of each row to the next place of its bucket; ``into`` are those places and the words."""
    low, signed, least = form
    shift, plan = cells
    places, words = into
    inside = (_ONE << shift) - _ONE
    for i in range(len(bits)):
        rise = np.uint64(_key(bits[i], low, signed) - least)
        bucket = _bucket(rise, shift, inside, plan)
        place = places[bucket]
        words[place] = (rise << _ONE) | np.uint64(positive[i])
        places[bucket] = place + _ONE


@njit(nogil=True, cache=True)
def order_buckets(words: Words, ends: Array, most: int, counts: Array) -> tuple[int, int, int]:
    """Put the words of every bucket in order; return 2 times the ordered pairs, the positives, the different scores.

    An ordered pair is a positive and a negative row of which the positive has the higher score, ties counted half.
    ``ends`` are the buckets' ends in ``words`` and ``most`` the rows of the largest; ``counts`` is room for 2^16 + 1
    numbers.
    """
    spare = np.empty(most, np.uint64)
    pending = np.empty((most // _FEW + 2, 2), np.int64)
    twice = 0
    positives = 0
    rows = 0
    different = 0
    for k in range(len(ends)):
        bucket = words[rows : ends[k]]
        if len(bucket) == 0:
            continue
        _order(bucket, spare, pending, counts)
        inside, above, tied = _pairs(bucket)
        twice += inside + 2 * (rows - positives) * above
        positives += above
        different += len(bucket) - tied
        rows = ends[k]
    return twice, positives, different


@njit(nogil=True, cache=True)
def _order(words: Words, spare: Words, pending: NDArray[np.int64], counts: Array) -> None:
    """Put words in order: cells by their highest bits, then order in the cells; what is too large for that comes again.

    Each round settles at least three of the bits in which the words differ, so that 22 are the most there can be.
    """
    pending[0, 0] = 0
    pending[0, 1] = len(words)
    waiting = 1
    most = np.uint64(len(counts) - 1)
    while waiting > 0:
        waiting -= 1
        start = pending[waiting, 0]
        here = words[start : pending[waiting, 1]]
        rows = len(here)
        least = here[0]
        greatest = here[0]
        for i in range(rows):
            least = min(least, here[i])
            greatest = max(greatest, here[i])
        if least == greatest:
            continue
        wanted = min(most, np.uint64(rows if rows <= _FINE else rows // _CELL))
        shift = np.uint64(0)
        while (greatest - least) >> shift >= wanted:
            shift += _ONE
        cells = int((greatest - least) >> shift) + 1
        counts[: cells + 1] = 0
        for i in range(rows):
            counts[((here[i] - least) >> shift) + _ONE] += 1
        if shift == 0:
            _write_counted(counts, cells, least, here)
            continue
        largest = 0
        total = 0
        for c in range(1, cells + 1):
            size = int(counts[c])
            largest = max(largest, size)
            total += size
            counts[c] = total
        for i in range(rows):
            word = here[i]
            cell = (word - least) >> shift
            place = np.uint64(counts[cell])
            spare[place] = word
            counts[cell] = place + _ONE
        if largest <= _FEW:
            for turn in range(_ROUNDS):
                _swap_neighbours(spare, turn & 1, rows)
            _insert(spare, here, rows)
            continue
        first = 0
        for c in range(cells):
            last = int(counts[c])
            if last - first <= _FEW:
                _insert(spare[first:last], here[first:last], last - first)
            else:
                here[first:last] = spare[first:last]
                pending[waiting, 0] = start + first
                pending[waiting, 1] = start + last
                waiting += 1
            first = last


@njit(nogil=True, cache=True)
def _write_counted(counts: Array, cells: int, least: np.uint64, words: Words) -> None:
    """Write words of which each value has a cell of its own: each as often as it was counted."""
    at = 0
    for c in range(cells):
        size = int(counts[c + 1])
        words[at : at + size] = least + np.uint64(c)
        at += size


@njit(nogil=True, cache=True)
def _swap_neighbours(words: Words, first: int, rows: int) -> None:
    """Put words ``first`` and ``first + 1`` in order, the next two, and so on: without a branch, in vectors."""
    for k in range((rows - first) // 2):
        i = np.uint64(2 * k + first)
        a = words[i]
        b = words[i + _ONE]
        words[i] = min(a, b)
        words[i + _ONE] = max(a, b)


@njit(nogil=True, cache=True)
def _insert(source: Words, target: Words, rows: int) -> None:
    for i in range(rows):
        word = source[i]
        j = i
        while j > 0 and target[np.uint64(j - 1)] > word:
            target[np.uint64(j)] = target[np.uint64(j - 1)]
            j -= 1
        target[np.uint64(j)] = word


@njit(nogil=True, cache=True)
def _pairs(words: Words) -> tuple[int, int, int]:
    """Return 2 times the ordered pairs, the positives, and how many words have the score of the one before."""
    positives = np.int64(words[0] & _ONE)
    places = 0
    tied = 0
    for i in range(1, len(words)):
        positive = np.int64(words[i] & _ONE)
        positives += positive
        places += positive * i
        tied += 1 if words[i] >> _ONE == words[i - 1] >> _ONE else 0
    # Below the positive at place i lie i rows; of those the positives make up P(P - 1)/2 in all.
    twice = 2 * places - positives * (positives - 1)
    if tied == 0:
        return int(twice), int(positives), tied
    # Of each pair that is tied the negative comes first, so that it was counted whole: half of it is too much.
    negatives = 0
    before = words[0] >> _ONE
    for i in range(len(words)):
        score = words[i] >> _ONE
        positive = np.int64(words[i] & _ONE)
        negatives = (negatives if score == before else 0) + (1 - positive)
        twice -= positive * negatives
        before = score
    return int(twice), int(positives), tied


@njit(nogil=True, cache=True)
def fill_groups(
    words: Words,
    buckets: tuple[Array, int],
    form: tuple[int, int, int],
    above: tuple[int, int],
    into: tuple[Array, Array, Array],
) -> None:
    """Write the different scores of ordered buckets, from the highest, and how many of each class lie at or above.

    ``buckets`` are their ends, and the first in which the bit that was pushed out is 1; ``above`` holds how many
    positives and negatives lie above all of these; ``into`` is the scores' bits, ``tp`` and ``fp``.
    """
    ends, high = buckets
    low, signed, least = form
    scores, tp, fp = into
    sign = ~low & signed
    positives, negatives = above
    k = np.uint64(0)
    for bucket in range(len(ends) - 1, -1, -1):
        start = ends[bucket - 1] if bucket > 0 else 0
        lost = np.uint64(1) << np.uint64(63) if bucket >= high else np.uint64(0)
        for i in range(ends[bucket] - 1, start - 1, -1):
            word = words[i]
            positive = np.int64(word & _ONE)
            positives += positive
            negatives += 1 - positive
            key = np.int64((word >> _ONE) | lost) + least
            t = (key >> np.int64(63)) & signed
            scores[k] = ((key ^ t) - t) | (t & sign)
            tp[k] = positives
            fp[k] = negatives
            # Written over by the rows of the same score that follow: no branch, which ties would make a guess.
            k += np.uint64(0) if i > start and words[i - 1] >> _ONE == word >> _ONE else _ONE
