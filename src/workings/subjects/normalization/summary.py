"""The mergeable state of normalisation: each column's count, mean, squared deviations, minimum and maximum."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from workings.arrays import pack, parallel_blocks, unpack
from workings.subjects.normalization.blocks import wide_rows

__all__ = ["ColumnMoments", "column_moments", "pieces_of"]

Array = NDArray[np.float64]


class ColumnMoments:
    r"""What is known of each column of the rows seen so far. NaN is a value not seen.

    .. math:: S = \sum_i s_i, \qquad \bar x = \frac{1}{S} \sum_i s_i x_i, \qquad M = \sum_i s_i (x_i - \bar x)^2

    Two states merge as

    .. math:: \bar x = \bar x_1 + \frac{S_2}{S} (\bar x_2 - \bar x_1), \qquad
              M = M_1 + M_2 + \frac{S_1 S_2}{S} (\bar x_2 - \bar x_1)^2

    and never by sums of squares: those lose every digit of a deviation of 1 around a mean of 10⁸.

    Parameters
    ----------
    columns
        The number of columns.

    Attributes
    ----------
    rows
        The number of rows seen.
    count
        The number of values seen in each column, int64.
    weight
        The sum of their weights (the count where there are none).
    mean, squares
        x̄ and M of each column.
    minimum, maximum
        Of each column; NaN where no value was seen.

    Notes
    -----
    T. Chan, G. Golub and R. LeVeque (1983), *The American Statistician* 37, 242-247, equation 1.5; within a batch the
    corrected two-pass algorithm, equation 1.7.

    Examples
    --------
    >>> import numpy as np
    >>> from workings.subjects.normalization import ColumnMoments
    >>> first, second = ColumnMoments(1), ColumnMoments(1)
    >>> first.update(np.array([[1.0], [2.0]]))
    >>> second.update(np.array([[np.nan], [6.0]]))
    >>> first.merge(second)
    >>> first.count, first.mean, first.variance(), first.maximum
    (array([3]), array([3.]), array([4.66666667]), array([6.]))
    """

    kind = "column-moments"

    def __init__(self, columns: int) -> None:
        self.rows = 0
        self.count: NDArray[np.int64] = np.zeros(columns, np.int64)
        self.weight: Array = np.zeros(columns)
        self.mean: Array = np.zeros(columns)
        self.squares: Array = np.zeros(columns)
        self.minimum: Array = np.full(columns, np.nan)
        self.maximum: Array = np.full(columns, np.nan)

    def update(self, batch: NDArray[Any], weight: NDArray[Any] | None = None, /) -> None:
        """Take in a batch of rows, shape (rows, columns), with a weight a row where rows do not count alike."""
        if len(batch) == 0:
            return
        if weight is None and batch.size >= LARGE and batch.dtype.name in ("float64", "float32"):
            self.merge(_compiled(batch))
            return
        X = np.asarray(batch, np.float64)
        other = ColumnMoments(X.shape[1])
        other.rows = len(X)
        other.minimum = np.fmin.reduce(X, axis=0)
        other.maximum = np.fmax.reduce(X, axis=0)
        # A sum is NaN only if a value is (infinities were refused at the door), and it costs one look at each.
        with np.errstate(over="ignore", invalid="ignore"):
            complete = not np.isnan(X.sum())
        if complete and weight is None:
            other.count += len(X)
            other.weight += float(len(X))
            _two_pass(other, X, None)
        else:
            seen = ~np.isnan(X)
            other.count = seen.sum(axis=0, dtype=np.int64)
            weights = seen * (np.ones(len(X)) if weight is None else np.asarray(weight, np.float64))[:, None]
            other.weight = weights.sum(axis=0)
            _two_pass(other, np.where(seen, X, 0.0), weights)
        self.merge(other)

    def merge(self, other: ColumnMoments, /) -> None:
        """Take in what another state has seen."""
        total = self.weight + other.weight
        share = np.divide(other.weight, total, out=np.zeros_like(total), where=total > 0.0)
        # Nothing seen has no mean to be apart from.
        known = self.weight > 0.0
        apart = np.where(known, other.mean - self.mean, 0.0)
        with np.errstate(over="ignore"):
            self.squares = self.squares + other.squares + self.weight * share * apart * apart
        self.mean = np.where(known, self.mean + share * apart, other.mean)
        self.weight = total
        self.rows += other.rows
        self.count = self.count + other.count
        self.minimum = np.fmin(self.minimum, other.minimum)
        self.maximum = np.fmax(self.maximum, other.maximum)

    def variance(self, ddof: int = 0) -> Array:
        """Return M / (S - ddof) of each column; NaN where nothing is left to divide by."""
        divisor = self.weight - ddof
        return np.divide(self.squares, divisor, out=np.full_like(divisor, np.nan), where=divisor > 0.0)

    def result(self) -> Self:
        """Return the state itself."""
        return self

    def to_bytes(self) -> bytes:
        """Return the state, versioned."""
        names = ("count", "weight", "mean", "squares", "minimum", "maximum")
        return pack(self.kind, 1, {"rows": self.rows}, {name: getattr(self, name) for name in names})

    @classmethod
    def from_bytes(cls, data: bytes, /) -> Self:
        """Return the state that ``to_bytes`` wrote."""
        fields, arrays = unpack(cls.kind, 1, data)
        state = cls(len(arrays["count"]))
        state.rows = fields["rows"]
        for name, values in arrays.items():
            setattr(state, name, values)
        return state


def _two_pass(state: ColumnMoments, X: Array, weights: Array | None) -> None:
    def total(values: Array) -> Array:
        return values.sum(axis=0) if weights is None else (weights * values).sum(axis=0)

    divisor = np.where(state.weight > 0.0, state.weight, 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        # Divided before they are added: the sum of two values near 1e308 is infinite, their mean is not.
        state.mean = total(X / divisor) if _near_overflow(state) else total(X) / divisor
        apart = X - state.mean
        left = total(apart) / divisor
        # What rounding left of the mean, taken out of it and of the squares.
        state.mean = state.mean + left
        state.squares = np.maximum(total(apart**2) - divisor * left**2, 0.0)


@np.errstate(over="ignore", invalid="ignore")
def _compiled(X: NDArray[Any]) -> ColumnMoments:
    """Return the moments of a block, by the compiled loops: the same corrected two passes."""
    from workings.subjects.normalization.kernel import column_sums, column_sums_seen, squared_deviations

    columns = X.shape[1]
    views = wide_rows(X)
    total, left, squares = np.zeros((3, columns))
    count = np.full(columns, float(len(X)))
    low, high = np.full(columns, np.inf), np.full(columns, -np.inf)
    for view, together in views:
        sums, least, greatest = np.zeros(view.shape[1]), np.tile(low, together), np.tile(high, together)
        column_sums(view, sums, least, greatest)
        total += _folded(sums, columns)
        low, high = least.reshape(-1, columns).min(axis=0), greatest.reshape(-1, columns).max(axis=0)
    if np.isnan(total).any():
        count, total = np.zeros((2, columns))
        column_sums_seen(X, count, total)
    seen = count > 0.0
    state = ColumnMoments(columns)
    state.rows = len(X)
    state.count, state.weight = count.astype(np.int64), count
    state.minimum, state.maximum = np.where(seen, low, np.nan), np.where(seen, high, np.nan)
    if _near_overflow(state):
        return _summed_up(state, X)
    divisor = np.where(seen, count, 1.0)
    mean = total / divisor
    for view, together in views:
        rests, parts = np.zeros((2, view.shape[1]))
        squared_deviations(view, np.tile(mean, together), rests, parts)
        left += _folded(rests, columns)
        squares += _folded(parts, columns)
    left /= divisor
    state.mean = mean + left
    state.squares = np.maximum(squares - divisor * left**2, 0.0)
    return state


def _folded(sums: Array, columns: int) -> Array:
    """Return the sum of each column from those of rows that lay end to end."""
    return sums.reshape(-1, columns).sum(axis=0)


def _summed_up(state: ColumnMoments, X: NDArray[Any]) -> ColumnMoments:
    seen = ~np.isnan(X)
    _two_pass(state, np.where(seen, X, 0.0).astype(np.float64), seen.astype(np.float64))
    return state


def _near_overflow(state: ColumnMoments) -> bool:
    largest = np.finfo(np.float64).max / max(state.rows, 1)
    return bool((np.fmax(np.abs(state.minimum), np.abs(state.maximum)) > largest).any())


# From so many values on the compiled loops are worth loading; a block of a large table is one such.
LARGE = 1 << 16

# Values in one block: 4 MiB, which stay in a third-level cache for the second look at them, and of which there are few
# enough that Python's part does not count. Where the rows are cut does not depend on the number of threads, so neither
# does the answer.
_BLOCK_VALUES = 1 << 19


def column_moments(X: NDArray[Any], weight: NDArray[Any] | None = None) -> ColumnMoments:
    """Return the moments of rows in memory, shape (rows, columns), in blocks over the shared threads."""
    columns = X.shape[1]
    height = _height(columns)

    def work(first: int, last: int) -> list[ColumnMoments]:
        states: list[ColumnMoments] = []
        for block in range(first, last):
            cut = slice(block * height, (block + 1) * height)
            state = ColumnMoments(columns)
            state.update(X[cut], None if weight is None else weight[cut])
            states.append(state)
        return states

    total = ColumnMoments(columns)
    for part in parallel_blocks(work, pieces_of(X.shape), smallest=1, align=1):
        for state in part:
            total.merge(state)
    return total


def pieces_of(shape: tuple[int, int]) -> int:
    """Return in how many blocks the moments of a table of this shape are taken."""
    rows, columns = shape
    return max(1, -(-rows // _height(columns)))


def _height(columns: int) -> int:
    """Return how many rows are in one block."""
    return max(256, _BLOCK_VALUES // max(columns, 1))
