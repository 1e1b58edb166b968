"""The two scalers: scikit-learn's interface over the moments of this room."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from array_api_compat import array_namespace
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import issparse
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from workings.arrays import as_row_weights
from workings.errors import InputError
from workings.language import message
from workings.subjects.normalization.blocks import column_extremes
from workings.subjects.normalization.compute import checked_range, divisor_of, varies
from workings.subjects.normalization.devices import array_extremes, array_moments, beside, is_elsewhere, to_numpy
from workings.subjects.normalization.scaler import Scaler
from workings.subjects.normalization.sparse import sparse_moments
from workings.subjects.normalization.summary import ColumnMoments, column_moments

__all__ = ["MinMaxScaler", "StandardScaler"]

Array = NDArray[Any]


class StandardScaler(Scaler):
    r"""Gives every column mean 0 and standard deviation 1: z = (x - x̄) / s.

    .. math:: z_{ij} = \frac{x_{ij} - \bar x_j}{s_j}, \qquad s_j^2 = \frac{1}{n} \sum_i (x_{ij} - \bar x_j)^2

    A drop-in for scikit-learn's ``StandardScaler``. NaN is ignored in fitting and kept in transforming. A column that
    is constant up to rounding is divided by 1. Sparse tables (CSR, CSC) stay sparse, and so need ``with_mean=False``.
    With scikit-learn's ``array_api_dispatch`` tables of other array libraries stay where they are.

    Parameters
    ----------
    copy
        Whether ``transform`` leaves its input as it was.
    with_mean, with_std
        Whether the mean is taken off; whether the deviation is divided out.

    Attributes
    ----------
    mean_, var_, scale_
        x̄, s² (divided by n) and the divisor of each column, shape (columns,), float64.
    n_samples_seen_
        The number of values seen (an array where columns differ, for NaN); with weights, their sum.
    moments_
        The merged state itself, a :class:`ColumnMoments`.
    rows_
        A copy of the rows, where ``fit`` alone saw them and they hold at most 100,000 values: what ``explain`` works
        from. Else None.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Examples
    --------
    >>> import workings as wk
    >>> wk.StandardScaler().fit_transform([[1.0, 20.0], [3.0, 3000.0]])
    array([[-1., -1.],
           [ 1.,  1.]])
    """

    def __init__(self, *, copy: bool = True, with_mean: bool = True, with_std: bool = True) -> None:
        self.copy = copy
        self.with_mean = with_mean
        self.with_std = with_std

    def fit(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> Self:
        """Learn the mean and deviation of each column, forgetting what was learned before.

        Parameters
        ----------
        X
            Shape (rows, columns); NaN is allowed, infinity is not. Sparse only with ``with_mean=False``.
        y
            Not used.
        sample_weight
            Shape (rows,): how often each row counts; a number counts for every row.

        Raises
        ------
        InputError
            If ``X`` is sparse and its mean would be taken off, a column's variance is beyond the floats, or the weights
            are not one a row, negative, not finite or all zero. What else is wrong with ``X`` scikit-learn's own check
            says, as a ValueError or TypeError.
        """
        if hasattr(self, "moments_"):
            del self.moments_
        return self.partial_fit(X, y, sample_weight)

    def partial_fit(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> Self:
        """Learn from further rows; parameters as in ``fit``. Any cutting into parts gives the same, to rounding."""
        first = not hasattr(self, "moments_")
        X_ = self._checked(X, reset=first, accept_sparse=("csr", "csc"))
        given = None if sample_weight is None else to_numpy(sample_weight)
        weight = as_row_weights(given, X_.shape[0], function=type(self).__name__, batch=not first)
        if issparse(X_):
            self._refuse_to_center("partial_fit")
            self.rows_ = None
            found = sparse_moments(X_, weight)
        else:
            self._keep_rows(X_, first=first, alike=weight is None)
            found = array_moments(X_, weight) if is_elsewhere(X_) else column_moments(X_, weight)
        if not first:
            seen = ColumnMoments(X_.shape[1])
            seen.merge(self.moments_)
            seen.merge(found)
            found = seen
        self._learn(found, X_)
        return self

    def merge(self, other: StandardScaler) -> Self:
        """Take in what another fitted scaler has learned from other rows.

        Raises
        ------
        InputError
            If ``other`` is not a fitted StandardScaler of as many columns.

        Examples
        --------
        >>> import workings as wk
        >>> first, second = wk.StandardScaler().fit([[1.0]]), wk.StandardScaler().fit([[2.0], [6.0]])
        >>> first.merge(second).mean_
        array([3.])
        """
        self._check_mergeable(other)
        both = ColumnMoments(self.n_features_in_)
        both.merge(self.moments_)
        both.merge(other.moments_)
        self.rows_ = None
        self._learn(both, self.scale_ if self.mean_ is None else self.mean_)
        return self

    def transform(self, X: ArrayLike, copy: bool | None = None) -> Array:
        """Return z, shape (rows, columns), in the dtype of floats and else float64; as CSR of a sparse table."""
        if issparse(X):
            values = self._sparse(X, "transform", copy)
            if self.scale_ is not None:
                values.data /= to_numpy(self.scale_).astype(values.dtype)[values.indices]
            return values
        return self._changed(
            X, self.mean_ if self.with_mean else None, self.scale_ if self.with_std else None, copy=copy
        )

    def inverse_transform(self, X: ArrayLike, copy: bool | None = None) -> Array:
        """Return x = z s + x̄, shape (rows, columns); as CSR of a sparse table."""
        if issparse(X):
            values = self._sparse(X, "inverse_transform", copy)
            if self.scale_ is not None:
                values.data *= to_numpy(self.scale_).astype(values.dtype)[values.indices]
            return values
        values = self._to_undo(X, copy)
        if self.with_std and self.scale_ is not None:
            values *= beside(values, to_numpy(self.scale_), values.dtype)
        if self.with_mean and self.mean_ is not None:
            values += beside(values, to_numpy(self.mean_), values.dtype)
        return values

    def _sparse(self, X: Any, method: str, copy: bool | None) -> Any:
        """Return a checked sparse table whose values may be changed."""
        check_is_fitted(self)
        kept = self.copy if copy is None else copy
        values = self._checked(X, reset=False, accept_sparse="csr", copy=kept, force_writeable=True)
        self._refuse_to_center(method)
        return values

    def _refuse_to_center(self, method: str) -> None:
        if not self.with_mean:
            return
        if method == "inverse_transform":
            raise InputError(
                message(
                    "Cannot uncenter sparse matrices: pass `with_mean=False` instead. "
                    "StandardScaler.inverse_transform: with the means added no value would be 0; X.toarray() makes a "
                    "dense table of it"
                )
            )
        raise InputError(
            message(
                "Cannot center sparse matrices: pass `with_mean=False` instead. StandardScaler.{method}: with the "
                "means taken off no value would be 0; X.toarray() makes a dense table of it",
                method=method,
            )
        )

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = not self.with_mean
        return tags

    def _learn(self, moments: ColumnMoments, like: Any) -> None:
        if self.with_std:
            self._refuse_beyond_floats(moments.squares)
        self.moments_ = moments
        weighted = bool((moments.weight != moments.count).any())
        seen = moments.weight if weighted else moments.count
        self.n_samples_seen_ = seen[0] if (seen == seen[0]).all() else beside(like, seen.copy())
        mean = np.where(moments.weight > 0, moments.mean, np.nan)
        self.mean_ = beside(like, mean) if self.with_mean or self.with_std else None
        self.var_ = self.scale_ = None
        if self.with_std:
            variance = moments.variance()
            self.var_ = beside(like, variance)
            self.scale_ = beside(like, np.where(varies(moments), np.sqrt(variance), 1.0))


class SparseError(InputError, TypeError):
    """A sparse table where none can be taken; scikit-learn raises a TypeError for it."""


class MinMaxScaler(Scaler):
    r"""Stretches every column to a range, by default 0 to 1.

    .. math:: x'_{ij} = a + (x_{ij} - \min_j) \frac{b - a}{\max_j - \min_j}

    A drop-in for scikit-learn's ``MinMaxScaler``, with one difference in the last digit: the least and the greatest
    value of a column come out as exactly 0 and 1, where scikit-learn's x·scale + min may miss them by rounding.
    NaN is ignored in fitting and kept in transforming. A constant column comes out as a. Sparse tables are refused:
    what is not stored would no longer be 0. With scikit-learn's ``array_api_dispatch`` tables of other array libraries
    stay where they are.

    Parameters
    ----------
    feature_range
        (a, b), a < b.
    copy
        Whether ``transform`` leaves its input as it was.
    clip
        Whether values outside the range learned are cut to (a, b).

    Attributes
    ----------
    data_min_, data_max_, data_range_
        Of each column, shape (columns,), in the data's dtype.
    scale_, min_
        (b - a) / range and a - min·scale of each column: x' = x·scale + min.
    n_samples_seen_
        The number of rows seen.
    rows_
        A copy of the rows, where ``fit`` alone saw them and they hold at most 100,000 values: what ``explain`` works
        from. Else None.
    n_features_in_, feature_names_in_
        As in scikit-learn.

    Examples
    --------
    >>> import workings as wk
    >>> wk.MinMaxScaler().fit_transform([[3.0], [20.0], [3000.0]]).round(4)
    array([[0.    ],
           [0.0057],
           [1.    ]])
    """

    def __init__(self, feature_range: tuple[float, float] = (0, 1), *, copy: bool = True, clip: bool = False) -> None:
        self.feature_range = feature_range
        self.copy = copy
        self.clip = clip

    def fit(self, X: ArrayLike, y: object = None) -> Self:
        """Learn the least and the greatest value of each column, forgetting what was learned before.

        Parameters
        ----------
        X
            Shape (rows, columns); NaN is allowed, infinity is not.
        y
            Not used.

        Raises
        ------
        InputError
            If ``feature_range`` is not a pair a < b of finite numbers, ``X`` is sparse, or the range of a column is
            beyond the floats.
        """
        if hasattr(self, "n_samples_seen_"):
            del self.n_samples_seen_
        return self.partial_fit(X, y)

    def partial_fit(self, X: ArrayLike, y: object = None) -> Self:
        """Learn from further rows; parameters as in ``fit``."""
        checked_range(self.feature_range, function="MinMaxScaler")
        if issparse(X):
            raise SparseError(
                message(
                    "MinMaxScaler does not support sparse input. Consider using MaxAbsScaler instead. MinMaxScaler: X "
                    "must be dense, for its zeros become other numbers; X.toarray() makes it so"
                )
            )
        first = not hasattr(self, "n_samples_seen_")
        X_ = self._checked(X, reset=first)
        self._keep_rows(X_, first=first)
        least, greatest = array_extremes(X_) if is_elsewhere(X_) else column_extremes(X_)
        if first:
            self._learn(least, greatest, X_.shape[0], X_)
        else:
            self._widen(least, greatest, X_.shape[0])
        return self

    def merge(self, other: MinMaxScaler) -> Self:
        """Take in what another fitted scaler has learned from other rows.

        Raises
        ------
        InputError
            If ``other`` is not a fitted MinMaxScaler of as many columns.
        """
        self._check_mergeable(other)
        self.rows_ = None
        self._widen(to_numpy(other.data_min_), to_numpy(other.data_max_), other.n_samples_seen_)
        return self

    def transform(self, X: ArrayLike) -> Array:
        """Return x', shape (rows, columns), in the dtype of floats and else float64."""
        # Divided by the range, not multiplied by scale_: 49 / 49 is 1, where 49 * (1 / 49) is not.
        check_is_fitted(self)
        values = self._changed(X, self.data_min_, divisor_of(to_numpy(self.data_range_)), copy=None)
        low, high = map(float, self.feature_range)
        if high - low != 1:
            values *= high - low
        if low != 0:
            values += low
        if self.clip and is_elsewhere(values):
            xp: Any = array_namespace(values)
            return xp.clip(values, low, high)
        if self.clip:
            np.clip(values, low, high, out=values)
        return values

    def inverse_transform(self, X: ArrayLike) -> Array:
        """Return x = (x' - a) / scale + min, shape (rows, columns)."""
        values = self._to_undo(X)
        low, high = map(float, self.feature_range)
        values -= low
        values *= beside(values, divisor_of(to_numpy(self.data_range_)) / (high - low), values.dtype)
        values += beside(values, to_numpy(self.data_min_), values.dtype)
        return values

    def _widen(self, least: Array, greatest: Array, rows: int) -> None:
        known = self.data_min_
        low, high = np.fmin(to_numpy(known), least), np.fmax(to_numpy(self.data_max_), greatest)
        self._learn(low, high, self.n_samples_seen_ + rows, known)

    def _learn(self, least: Array, greatest: Array, rows: int, like: Any) -> None:
        low, high = self.feature_range
        with np.errstate(over="ignore"):
            spread = greatest - least
        self._refuse_beyond_floats(spread)
        self.n_samples_seen_ = rows
        dtype = spread.dtype.type
        scale = dtype(high - low) / divisor_of(spread)
        learned = (least, greatest, spread, scale, dtype(low) - least * scale)
        kind = like.dtype if is_elsewhere(like) else None
        self.data_min_, self.data_max_, self.data_range_, self.scale_, self.min_ = (
            beside(like, each, kind) for each in learned
        )
