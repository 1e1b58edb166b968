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

    def min(self, axis: int | None = None, **options: Any) -> Any:
        """Return the smallest cell, or the smallest along an axis."""
        return self.values.min(axis=axis, **options)

    def mean(self, axis: int | None = None, **options: Any) -> Any:
        """Return the mean of all cells, or along an axis."""
        return self.values.mean(axis=axis, **options)

    def any(self, axis: int | None = None, **options: Any) -> Any:
        """Return whether a cell is not 0, or one along an axis."""
        return self.values.any(axis=axis, **options)

    def all(self, axis: int | None = None, **options: Any) -> Any:
        """Return whether no cell is 0, or none along an axis."""
        return self.values.all(axis=axis, **options)

    def argmax(self, axis: int | None = None, **options: Any) -> Any:
        """Return the place of the largest cell, or of the largest along an axis."""
        return self.values.argmax(axis=axis, **options)

    def argmin(self, axis: int | None = None, **options: Any) -> Any:
        """Return the place of the smallest cell, or of the smallest along an axis."""
        return self.values.argmin(axis=axis, **options)

    def cumsum(self, axis: int | None = None, **options: Any) -> NDArray[Any]:
        """Return running sums of all cells, or along an axis."""
        return self.values.cumsum(axis=axis, **options)

    def round(self, decimals: int = 0) -> NDArray[Any]:
        """Return the cells rounded, for shares."""
        return self.values.round(decimals)

    def reshape(self, *shape: Any) -> NDArray[Any]:
        """Return the cells in another shape."""
        return self.values.reshape(*shape)

    def transpose(self) -> NDArray[Any]:
        """Return the array with predicted classes in the rows."""
        return self.values.transpose()

    def dot(self, other: Any) -> Any:
        """Return the matrix product with another array."""
        return self.values.dot(other)

    def item(self, *place: Any) -> Any:
        """Return one cell as a number of Python."""
        return self.values.item(*place)

    def copy(self) -> NDArray[Any]:
        """Return a copy of the array, which may be written to."""
        return self.values.copy()

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

    def __contains__(self, value: object) -> bool:
        return value in self.values

    def __len__(self) -> int:
        return len(self.values)
