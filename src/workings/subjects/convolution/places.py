"""Which places of a result ``at(...)`` asks for: one, or several that are to stand in a table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from workings.errors import InputError
from workings.language import message

__all__ = ["Places", "asked"]

# A table has so many rows at most, and so many products in all: what is written down is checked, and read.
_MOST_ROWS, _MOST_PRODUCTS = 1_000, 2_000_000


@dataclass(frozen=True)
class Places:
    """The places that were asked for, counted from 0.

    Parameters
    ----------
    runs
        Those on each axis.
    several
        Whether they were asked for as a run of places, be it of one.
    """

    runs: tuple[range, ...]
    several: bool

    @property
    def first(self) -> tuple[int, ...]:
        """The first of them."""
        return tuple(run[0] for run in self.runs)

    @property
    def count(self) -> int:
        """How many there are."""
        return math.prod(map(len, self.runs))

    @property
    def text(self) -> str:
        """What stands between Python's brackets for them."""
        return ", ".join(map(_written, self.runs))

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        return product(*self.runs)

    def within(self, products: int) -> Places:
        """Return them, if a table holds them; each adds up so many products.

        Raises
        ------
        InputError
            If they are too many.
        """
        most = max(1, min(_MOST_ROWS, _MOST_PRODUCTS // max(products, 1)))
        if self.count > most:
            raise InputError(
                message(
                    "at: places must be {most} at most for one table; got {count}; take them part by part, as "
                    "range(0, {most}) on one axis",
                    most=most,
                    count=self.count,
                )
            )
        return self


def asked(given: Mapping[str, Any], sizes: Sequence[int]) -> Places:
    """Return the places that are meant by a number, a range or a slice for each axis.

    Raises
    ------
    InputError
        If one is none of these, or lies outside the result.
    """
    runs = [_run(name, got, size) for (name, got), size in zip(given.items(), sizes, strict=True)]
    return Places(tuple(runs), any(isinstance(got, range | slice) for got in given.values()))


def _run(name: str, got: Any, size: int) -> range:
    if isinstance(got, int | np.integer) and not isinstance(got, bool):
        run = range(int(got), int(got) + 1)
    elif isinstance(got, slice):
        run = _of_slice(got, size)
    else:
        run = got if isinstance(got, range) else range(0)
    if not run or not all(0 <= end < size for end in (run[0], run[-1])):
        raise InputError(
            message(
                "at: {name} must be one of 0 to {last}; got {got}; several are asked for as range(0, {size}) or a "
                "slice of them",
                name=name,
                last=size - 1,
                size=str(size),
                got=repr(got),
            )
        )
    return run


def _of_slice(given: slice, size: int) -> range:
    try:
        return range(*given.indices(size))
    except (TypeError, ValueError):
        return range(0)


def _written(run: range) -> str:
    if len(run) == 1:
        return str(run[0])
    if run.step < 0:
        return f"{run[0]}:{run[-1] - 1 if run[-1] else ''}:{run.step}"
    return f"{run[0]}:{run[-1] + 1}" + (f":{run.step}" if run.step > 1 else "")
