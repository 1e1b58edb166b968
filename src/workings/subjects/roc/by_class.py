"""Columns of numbers kept apart by class, in chunks as they came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from workings.subjects.roc.groups import split_by_class

__all__ = ["ByClass"]

Columns = tuple[NDArray[Any], ...]


class ByClass:
    """For the positive and for the negative rows, some columns that grow batch by batch.

    Parameters
    ----------
    width
        The number of columns.
    """

    def __init__(self, width: int) -> None:
        self._sides: tuple[list[list[NDArray[Any]]], ...] = tuple([[] for _ in range(width)] for _ in range(2))

    def append(self, positive: NDArray[np.bool_], columns: Columns) -> None:
        """Take in rows: which are positive, and their columns."""
        for k, values in enumerate(columns):
            for side, chunk in zip(self._sides, split_by_class(positive, values), strict=True):
                side[k].append(chunk)

    def extend(self, other: Self) -> None:
        """Take in the rows of another."""
        for ours, theirs in zip(self._sides, other._sides, strict=True):
            for chunks, more in zip(ours, theirs, strict=True):
                chunks.extend(more)

    def joined(self) -> tuple[Columns, Columns]:
        """Return the columns of the positive and of the negative rows, each in one piece."""
        positive, negative = (tuple(_joined(chunks) for chunks in side) for side in self._sides)
        return positive, negative

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the columns by name, for a checkpoint."""
        return {
            f"{name}{k}": column
            for name, side in zip(("positive", "negative"), self.joined(), strict=True)
            for k, column in enumerate(side)
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Return what ``arrays`` gave."""
        state = cls(len(arrays) // 2)
        for name, side in zip(("positive", "negative"), state._sides, strict=True):
            for k, chunks in enumerate(side):
                chunks.append(arrays[f"{name}{k}"])
        return state


def _joined(chunks: list[NDArray[Any]]) -> NDArray[Any]:
    """Return the chunks in one array, which takes their place; each is let go once it is copied."""
    if len(chunks) != 1:
        whole = np.empty(sum(map(len, chunks)), np.result_type(*chunks) if chunks else np.float64)
        start = 0
        chunks.reverse()
        while chunks:
            chunk = chunks.pop()
            whole[start : start + len(chunk)] = chunk
            start += len(chunk)
        chunks.append(whole)
    return chunks[0]
