"""What is known of a formula's rows before it is fitted to them: a mergeable state, with an even choice of the rows."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from workings.arrays import pack, unpack
from workings.arrays.blas import product
from workings.subjects.regression.formula_columns import Columns, as_columns, first_bad_row

__all__ = ["FormulaCensus"]

Array = NDArray[np.float64]

_FUNCTION = "fit_formula"
# An even choice holds at most so many rows, and of more at least half as many.
_MOST_CHOSEN = 1_000


class FormulaCensus:
    """How many rows there are, their weight, the target's mean and spread, the first bad row, and a choice of rows.

    Parameters
    ----------
    names
        The columns; the target first, then the weight, if there is one.
    weighted
        Whether there is one.
    """

    def __init__(self, names: tuple[str, ...], *, weighted: bool) -> None:
        self.names = names
        self.weighted = weighted
        self.count = 0
        self.counted = 0
        self.weight = 0.0
        self.mean = 0.0
        self.squares = 0.0
        self.low = np.full(len(names), np.inf)
        self.high = np.full(len(names), -np.inf)
        self.whole = True
        self.bad: tuple[str, int, float] | None = None
        self.stride = 1
        self.places = np.zeros(0, np.int64)
        self.chosen: Array = np.zeros((0, len(names)))

    def update(self, batch: Any, /) -> None:
        """Take in a batch of columns."""
        columns = as_columns(batch, self.names, function=_FUNCTION)
        other = type(self)(self.names, weighted=self.weighted)
        other.count = len(columns[self.names[0]])
        other.bad = first_bad_row(columns)
        if other.bad is None and other.count:
            other._count_in(columns)
            step = -(-other.count // (2 * _MOST_CHOSEN))  # of a long batch little is copied
            some = np.stack([values[::step] for values in columns.values()], axis=1)
            other._choose(np.arange(0, other.count, step), some, 1)
        self.merge(other)

    @property
    def rows(self) -> dict[str, Array]:
        """An even choice of the rows, in their order: all, where there are at most a thousand."""
        return {name: self.chosen[:, place].copy() for place, name in enumerate(self.names)}

    @property
    def complete(self) -> bool:
        """Whether these are all rows."""
        return self.stride == 1

    def _choose(self, places: NDArray[np.int64], chosen: Array, stride: int) -> None:
        """Keep the first of each so many rows, in steps of a power of two."""
        while True:
            _, first = np.unique(places // stride, return_index=True)
            if len(first) <= _MOST_CHOSEN:
                break
            stride *= 2
        self.stride, self.places, self.chosen = stride, places[first], chosen[first]

    def _count_in(self, columns: Columns) -> None:
        target = columns[self.names[0]]
        weight = columns[self.names[1]] if self.weighted else None
        self.low = np.array([values.min() for values in columns.values()])
        self.high = np.array([values.max() for values in columns.values()])
        self.whole = bool(((target == 0) | (target == 1)).all())
        self.counted = self.count if weight is None else int(np.count_nonzero(weight > 0))
        self.weight = float(self.count) if weight is None else float(weight.sum())
        if self.weight > 0.0:
            with np.errstate(over="ignore"):  # numbers whose squares are infinite are refused later, in words
                self.mean = float(target.mean()) if weight is None else float(product(weight, target)) / self.weight
                off = target - self.mean
                self.squares = float(product(off, off)) if weight is None else float(product(weight, off * off))

    def merge(self, other: Self, /) -> None:
        """Take in what another has seen of the rows after these (Chan, Golub and LeVeque's rule for the squares)."""
        if self.bad is None and other.bad is not None:
            name, row, value = other.bad
            self.bad = (name, self.count + row, value)
        weight = self.weight + other.weight
        if other.weight > 0.0:
            off = other.mean - self.mean
            self.squares += other.squares + off * off * self.weight * (other.weight / weight)
            self.mean += off * (other.weight / weight)
        places = np.concatenate([self.places, self.count + other.places])
        self._choose(places, np.concatenate([self.chosen, other.chosen]), max(self.stride, other.stride))
        self.weight = weight
        self.count += other.count
        self.counted += other.counted
        self.low = np.minimum(self.low, other.low)
        self.high = np.maximum(self.high, other.high)
        self.whole = self.whole and other.whole

    def result(self) -> Self:
        """Return the state itself."""
        return self

    def to_bytes(self) -> bytes:
        """Return the state, versioned."""
        fields = {name: getattr(self, name) for name in _CENSUS}
        return pack("formula census", 1, fields, {name: getattr(self, name) for name in _ARRAYS})

    @classmethod
    def from_bytes(cls, data: bytes, /) -> Self:
        """Return the state that ``to_bytes`` wrote."""
        fields, arrays = unpack("formula census", 1, data)
        state = cls(tuple(fields["names"]), weighted=fields["weighted"])
        for name in _CENSUS[2:]:
            setattr(state, name, fields[name])
        state.bad = None if state.bad is None else (state.bad[0], state.bad[1], state.bad[2])
        for name in _ARRAYS:
            setattr(state, name, arrays[name])
        return state


_CENSUS = ("names", "weighted", "count", "counted", "weight", "mean", "squares", "whole", "bad", "stride")
_ARRAYS = ("low", "high", "places", "chosen")
