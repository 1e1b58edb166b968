"""Which rows a model is fitted on and which are kept back to judge it: by class, and repeatable from a seed."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

__all__ = ["Split", "share_in_digits", "split_rows"]


@dataclass(frozen=True, eq=False)
class Split:
    """The rows to fit on and the rows held out, each in rising order.

    Attributes
    ----------
    train, test
        Row positions, shapes (m,) and (n - m,). Together they are every row, once.
    """

    train: NDArray[np.intp]
    test: NDArray[np.intp]


def split_rows(rows: int, test_size: float, seed: int, classes: NDArray[np.intp] | None = None) -> Split:
    """Split ``rows`` rows so that a share ``test_size`` of them, in every class alike, is held out.

    In a group of n rows, ``round(n * test_size)`` are held out (halves go to the even number, and the share is worth
    the digits that it is written with: 0.35 of 30 rows are 10.5), but at least one row stays on each side wherever
    n >= 2. Which ones is decided by a permutation from NumPy's PCG64 generator seeded with
    ``seed``: the groups are taken in rising order of their code, and the first rows of each permutation are held out.
    The same rows, seed and share always give the same split, on every machine.

    Parameters
    ----------
    rows
        How many rows there are.
    test_size
        The share that is held out, between 0 and 1.
    seed
        Any whole number from 0.
    classes
        The class of each row as a code, shape (rows,): each class is split by itself (*stratified*). None splits all
        rows as one group.

    Returns
    -------
    Split
        The two sets of rows.

    Examples
    --------
    >>> import numpy as np
    >>> from workings.study.split import split_rows
    >>> split = split_rows(8, 0.25, seed=0, classes=np.array([0, 0, 0, 0, 1, 1, 1, 1]))
    >>> len(split.train), len(split.test), sorted(split.test // 4)
    (6, 2, [np.int64(0), np.int64(1)])
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    groups = [np.arange(rows)] if classes is None else [np.flatnonzero(classes == k) for k in np.unique(classes)]
    held_out = np.zeros(rows, bool)
    share = share_in_digits(test_size)
    for group in groups:
        count = round(len(group) * share)
        if len(group) >= 2:
            count = min(max(count, 1), len(group) - 1)
        held_out[generator.permutation(group)[:count]] = True
    return Split(train=np.flatnonzero(~held_out), test=np.flatnonzero(held_out))


def share_in_digits(share: float) -> Fraction:
    """Return what the digits of a share say: the float 0.35 lies below 0.35, and 0.35 * 30 may miss the half.

    Examples
    --------
    >>> from workings.study.split import share_in_digits
    >>> share_in_digits(0.35) * 30
    Fraction(21, 2)
    """
    return Fraction(repr(float(share)))
