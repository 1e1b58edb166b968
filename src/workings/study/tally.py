"""Predictions counted by size while they go by, however many: whole counts in bins that widen as they must."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Tally"]

Array = NDArray[np.float64]

_MOST_BINS = 60
# Multiples of a width are told apart by floats up to here.
_LARGEST_PLACE = 2.0**52


@dataclass(eq=False)
class Tally:
    """Counts of numbers in bins of equal width, a power of two: the least of which so few bins hold them all.

    Which width that is depends on the smallest and the largest number alone, not on how the rows were cut.

    Examples
    --------
    >>> tally = Tally()
    >>> tally.update(np.array([0.0, 1.0, 30.0]))
    >>> tally.update(np.array([59.0]))
    >>> edges, counts = tally.bins()
    >>> edges[0], edges[1], sum(counts)
    (0.0, 1.0, 4)
    """

    width: float = 0.0
    count: int = 0
    _same: float = math.nan

    def __post_init__(self) -> None:
        self._counts: dict[int, int] = {}

    def update(self, values: Array) -> None:
        """Take in numbers; those that are not finite are not counted."""
        finite = values[np.isfinite(values)]
        if not len(finite):
            return
        low, high = float(finite.min()), float(finite.max())
        if self.width == 0.0:
            if low == high and (self.count == 0 or low == self._same):
                self._same, self.count = low, self.count + len(finite)
                return
            self._begin(low, high)
        self.count += len(finite)
        while max(abs(low), abs(high)) / self.width > _LARGEST_PLACE:
            self._widen()
        self._add(np.floor(finite / self.width).astype(np.int64))

    def bins(self) -> tuple[list[float], list[int]]:
        """Return the edges, one more than there are bins, and the counts; of no number none."""
        if self.count == 0:
            return [], []
        if self.width == 0.0:
            # One number alone stands in the middle of a bin.
            half = max(abs(self._same), 1.0) / 64
            return [self._same - half, self._same + half], [self.count]
        first, last = min(self._counts), max(self._counts)
        places = range(first, last + 2)
        return [place * self.width for place in places], [self._counts.get(place, 0) for place in places[:-1]]

    def _begin(self, low: float, high: float) -> None:
        if self.count:
            low, high = min(low, self._same), max(high, self._same)
        span = max(high / 2 - low / 2, 2.0**-1000)
        self.width = 2.0 ** (math.floor(math.log2(span / _MOST_BINS)) - 1)
        while max(abs(low), abs(high)) / self.width > _LARGEST_PLACE:
            self.width *= 2
        if self.count:
            self._add(np.full(1, math.floor(self._same / self.width)), self.count)

    def _add(self, places: NDArray[np.int64], times: int = 1) -> None:
        found, counts = np.unique(places, return_counts=True)
        # Before many bins are made of numbers far apart, bins are widened to what will hold them.
        first = min([int(found[0]), *self._counts])
        last = max([int(found[-1]), *self._counts])
        halvings = 0
        while (last >> halvings) - (first >> halvings) >= _MOST_BINS:
            halvings += 1
        for _ in range(halvings):
            self._widen()
        for place, count in zip((found >> halvings).tolist(), counts.tolist(), strict=True):
            self._counts[place] = self._counts.get(place, 0) + count * times

    def _widen(self) -> None:
        self.width *= 2
        halved: dict[int, int] = {}
        for place, count in self._counts.items():
            halved[place >> 1] = halved.get(place >> 1, 0) + count
        self._counts = halved
