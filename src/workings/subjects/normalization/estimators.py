"""The two scalers: scikit-learn's interface over the moments of this room."""

from __future__ import annotations

from typing import Any, Self, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_array, check_is_fitted, validate_data

from workings.arrays import as_weights
from workings.errors import InputError
from workings.language import message
from workings.subjects.normalization.blocks import column_extremes, scaled
from workings.subjects.normalization.compute import checked_range, divisor_of, varies
from workings.subjects.normalization.summary import ColumnMoments, column_moments
from workings.working import Explainable

__all__ = ["MinMaxScaler", "StandardScaler"]

Array = NDArray[Any]

_FLOATS = [np.float64, np.float32]


# So many values at most are kept by a scaler to explain itself from.
_MOST_KEPT = 100_000


class _Scaler(Explainable, OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """What both scalers share: checked input, the same treatment of NaN, and the rows to explain themselves from."""

    copy: bool
    n_features_in_: int
    rows_: Array | None

    def _keep_rows(self, X: Array, *, first: bool, alike: bool = True) -> None:
        """Keep a copy of few rows, if they are all that was learned from and all count alike."""
        self.rows_ = X.astype(np.float64) if first and alike and X.size <= _MOST_KEPT else None

    def _checked(self, X: Any, *, reset: bool) -> Array:
        return cast("Array", validate_data(self, X, dtype=_FLOATS, ensure_all_finite="allow-nan", reset=reset))

    def _changed(self, X: Any, shift: Array | None, divisor: Array | None, *, copy: bool | None) -> Array:
        """Return (x - shift) / divisor of checked rows, in place where no copy is wanted."""
        check_is_fitted(self)
        kept = self.copy if copy is None else copy
        options: dict[str, Any] = {"dtype": _FLOATS, "ensure_all_finite": "allow-nan", "force_writeable": not kept}
        values = cast("Array", validate_data(self, X, reset=False, **options))
        return scaled(values, shift, divisor, out=None if kept else values)

    def _to_undo(self, X: Any, copy: bool | None = None) -> Array:
        check_is_fitted(self)
        options: dict[str, Any] = {"dtype": _FLOATS, "ensure_all_finite": "allow-nan", "force_writeable": True}
        return cast("Array", check_array(X, copy=self.copy if copy is None else copy, **options))

    def _check_mergeable(self, other: _Scaler) -> None:
        check_is_fitted(self)
        check_is_fitted(other)
        if type(other) is not type(self) or other.n_features_in_ != self.n_features_in_:
            raise InputError(
                message(
                    "{function}: other must be a fitted {expected} of {columns} columns; got {found} of {others} "
                    "columns",
                    function=f"{type(self).__name__}.merge",
                    expected=type(self).__name__,
                    columns=self.n_features_in_,
                    found=type(other).__name__,
                    others=other.n_features_in_,
                )
            )

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        if tags.transformer_tags is not None:
            tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags


class StandardScaler(_Scaler):
    r"""Gives every column mean 0 and standard deviation 1: z = (x - x̄) / s.

    .. math:: z_{ij} = \frac{x_{ij} - \bar x_j}{s_j}, \qquad s_j^2 = \frac{1}{n} \sum_i (x_{ij} - \bar x_j)^2

    A drop-in for scikit-learn's ``StandardScaler`` on dense data. NaN is ignored in fitting and kept in transforming.
    A column that is constant up to rounding is divided by 1.

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
            Shape (rows, columns); NaN is allowed, infinity is not.
        y
            Not used.
        sample_weight
            Shape (rows,): how often each row counts.
        """
        if hasattr(self, "moments_"):
            del self.moments_
        return self.partial_fit(X, y, sample_weight)

    def partial_fit(self, X: ArrayLike, y: object = None, sample_weight: ArrayLike | None = None) -> Self:
        """Learn from further rows; parameters as in ``fit``. Any cutting into parts gives the same, to rounding."""
        first = not hasattr(self, "moments_")
        X_ = self._checked(X, reset=first)
        weight = as_weights(sample_weight, len(X_), function=type(self).__name__, batch=not first)
        self._keep_rows(X_, first=first, alike=weight is None)
        found = column_moments(X_, weight)
        if not first:
            seen = ColumnMoments(X_.shape[1])
            seen.merge(self.moments_)
            seen.merge(found)
            found = seen
        self._learn(found)
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
        self._learn(both)
        return self

    def transform(self, X: ArrayLike, copy: bool | None = None) -> Array:
        """Return z, shape (rows, columns), float32 for float32 and else float64."""
        return self._changed(
            X, self.mean_ if self.with_mean else None, self.scale_ if self.with_std else None, copy=copy
        )

    def inverse_transform(self, X: ArrayLike, copy: bool | None = None) -> Array:
        """Return x = z s + x̄, shape (rows, columns)."""
        values = self._to_undo(X, copy)
        if self.with_std and self.scale_ is not None:
            values *= self.scale_.astype(values.dtype)
        if self.with_mean and self.mean_ is not None:
            values += self.mean_.astype(values.dtype)
        return values

    def _learn(self, moments: ColumnMoments) -> None:
        self.moments_ = moments
        weighted = bool((moments.weight != moments.count).any())
        seen = moments.weight if weighted else moments.count
        self.n_samples_seen_ = seen[0] if (seen == seen[0]).all() else seen.copy()
        used = self.with_mean or self.with_std
        self.mean_ = moments.mean.copy() if used else None
        self.var_ = moments.variance() if self.with_std else None
        self.scale_ = None
        if self.var_ is not None:
            self.scale_ = np.where(varies(moments), np.sqrt(self.var_), 1.0)


class MinMaxScaler(_Scaler):
    r"""Stretches every column to a range, by default 0 to 1.

    .. math:: x'_{ij} = a + (x_{ij} - \min_j) \frac{b - a}{\max_j - \min_j}

    A drop-in for scikit-learn's ``MinMaxScaler``, with one difference in the last digit: the least and the greatest
    value of a column come out as exactly 0 and 1, where scikit-learn's x·scale + min may miss them by rounding.
    NaN is ignored in fitting and kept in transforming. A constant column comes out as a.

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
            If ``feature_range`` is not a pair a < b of finite numbers.
        """
        if hasattr(self, "n_samples_seen_"):
            del self.n_samples_seen_
        return self.partial_fit(X, y)

    def partial_fit(self, X: ArrayLike, y: object = None) -> Self:
        """Learn from further rows; parameters as in ``fit``."""
        checked_range(self.feature_range, function="MinMaxScaler")
        first = not hasattr(self, "n_samples_seen_")
        X_ = self._checked(X, reset=first)
        self._keep_rows(X_, first=first)
        least, greatest = column_extremes(X_)
        if first:
            self._learn(least, greatest, len(X_))
        else:
            self._widen(least, greatest, len(X_))
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
        self._widen(other.data_min_, other.data_max_, other.n_samples_seen_)
        return self

    def transform(self, X: ArrayLike) -> Array:
        """Return x', shape (rows, columns), float32 for float32 and else float64."""
        # Divided by the range, not multiplied by scale_: 49 / 49 is 1, where 49 * (1 / 49) is not.
        check_is_fitted(self)
        values = self._changed(X, self.data_min_, divisor_of(self.data_range_), copy=None)
        low, high = self.feature_range
        if high - low != 1:
            values *= values.dtype.type(high - low)
        if low != 0:
            values += values.dtype.type(low)
        if self.clip:
            np.clip(values, low, high, out=values)
        return values

    def inverse_transform(self, X: ArrayLike) -> Array:
        """Return x = (x' - a) / scale + min, shape (rows, columns)."""
        values = self._to_undo(X)
        low, high = self.feature_range
        values -= values.dtype.type(low)
        values *= divisor_of(self.data_range_).astype(values.dtype) / values.dtype.type(high - low)
        values += self.data_min_.astype(values.dtype)
        return values

    def _widen(self, least: Array, greatest: Array, rows: int) -> None:
        self._learn(np.fmin(self.data_min_, least), np.fmax(self.data_max_, greatest), self.n_samples_seen_ + rows)

    def _learn(self, least: Array, greatest: Array, rows: int) -> None:
        low, high = self.feature_range
        self.n_samples_seen_ = rows
        self.data_min_, self.data_max_ = least, greatest
        self.data_range_ = greatest - least
        dtype = self.data_range_.dtype.type
        self.scale_ = dtype(high - low) / divisor_of(self.data_range_)
        self.min_ = dtype(low) - least * self.scale_
