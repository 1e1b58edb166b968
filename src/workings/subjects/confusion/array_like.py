"""What lets a confusion matrix stand wherever the array of scikit-learn stood."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import DTypeLike, NDArray

__all__ = ["ActsAsArray"]


class ActsAsArray(NDArrayOperatorsMixin):
    """Indexing, arithmetic and the methods of an array; the results are plain arrays."""

    @property
    @abstractmethod
    def values(self) -> NDArray[Any]:
        """The array itself."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(k, k)."""
        return self.values.shape

    @property
    def ndim(self) -> int:
        """2."""
        return 2

    @property
    def size(self) -> int:
        """The number of cells."""
        return self.values.size

    @property
    def dtype(self) -> np.dtype[Any]:
        """int64, or float64 where weighted or normalised."""
        return self.values.dtype

    @property
    def T(self) -> NDArray[Any]:  # noqa: N802 (NumPy's name)
        """The array with predicted classes in the rows."""
        return self.values.T

    def ravel(self) -> NDArray[Any]:
        """Return the cells one row after another: ``tn, fp, fn, tp`` for two classes."""
        return self.values.ravel()

    def flatten(self) -> NDArray[Any]:
        """Return a copy of the cells one row after another."""
        return self.values.flatten()

    def tolist(self) -> list[list[Any]]:
        """Return the cells as nested lists."""
        return self.values.tolist()

    def astype(self, dtype: DTypeLike) -> NDArray[Any]:
        """Return the array in another dtype."""
        return self.values.astype(dtype)

    def sum(self, axis: int | None = None, **options: Any) -> Any:
        """Return the sum of all cells, or along an axis."""
        return self.values.sum(axis=axis, **options)

    def max(self, axis: int | None = None, **options: Any) -> Any:
        """Return the largest cell, or the largest along an axis."""
        return self.values.max(axis=axis, **options)

    def diagonal(self) -> NDArray[Any]:
        """Return how many rows of each class were predicted right."""
        return self.values.diagonal()

    def trace(self) -> Any:
        """Return how many rows were predicted right."""
        return self.values.trace()

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        return np.array(self.values, dtype=dtype, copy=copy)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        plain = [value.values if isinstance(value, ActsAsArray) else value for value in inputs]
        return getattr(ufunc, method)(*plain, **options)

    def __getitem__(self, where: Any) -> Any:
        return self.values[where]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.values)

    def __len__(self) -> int:
        return len(self.values)
