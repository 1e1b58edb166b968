"""What both scalers share: input checked as scikit-learn checks it, and the rows to explain themselves from."""

from __future__ import annotations

from copy import copy
from math import prod
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from sklearn import config_context, get_config
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_array, check_is_fitted, validate_data

from workings.arrays.shared import as_tensor, shared_memory
from workings.errors import InputError, filters_to_one_thread
from workings.language import message
from workings.subjects.normalization.blocks import scaled
from workings.subjects.normalization.devices import (
    beside,
    float_dtypes,
    is_elsewhere,
    live_together,
    scaled_elsewhere,
    to_numpy,
)
from workings.working import Explainable

__all__ = ["Scaler", "transformed_rows"]

Array = NDArray[Any]

# So many values at most are kept by a scaler to explain itself from.
_MOST_KEPT = 100_000


class Scaler(Explainable, OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """What both scalers share: checked input, the same treatment of NaN, and the rows to explain themselves from."""

    copy: bool
    n_features_in_: int
    rows_: Array | None

    def _keep_rows(self, X: Array, *, first: bool, alike: bool = True) -> None:
        """Keep a copy of few rows, if they are all that was learned from and all count alike."""
        few = first and alike and prod(X.shape) <= _MOST_KEPT
        self.rows_ = beside(X, to_numpy(X).astype(np.float64)) if few else None

    def _checked(self, X: Any, **options: Any) -> Any:
        with filters_to_one_thread():
            return validate_data(self, X, dtype=_dtypes(X), ensure_all_finite="allow-nan", **options)

    def _changed(self, X: Any, shift: Array | None, divisor: Array | None, *, copy: bool | None) -> Array:
        """Return (x - shift) / divisor of checked rows, in place where no copy is wanted."""
        check_is_fitted(self)
        self._check_library(X, divisor if shift is None else shift)
        kept = self.copy if copy is None else copy
        values = self._checked(X, reset=False, force_writeable=not kept)
        shift, divisor = (None if each is None else to_numpy(each) for each in (shift, divisor))
        if not is_elsewhere(values):
            return scaled(values, shift, divisor, out=None if kept else values)
        view = shared_memory(values)
        if view is not None:
            result = scaled(view, shift, divisor, out=None if kept else view)
            return as_tensor(result) if kept else values
        return scaled_elsewhere(values, shift, divisor, in_place=not kept)

    def _to_undo(self, X: Any, copy: bool | None = None) -> Array:
        check_is_fitted(self)
        options: dict[str, Any] = {"dtype": _dtypes(X), "ensure_all_finite": "allow-nan", "force_writeable": True}
        with filters_to_one_thread():
            return cast("Array", check_array(X, copy=self.copy if copy is None else copy, **options))

    def _check_library(self, X: Any, learned: Any) -> None:
        """Refuse an array of another library, or on another device, than what was learned from."""
        if not get_config()["array_api_dispatch"] or learned is None or live_together(X, learned):
            return
        raise InputError(
            message(
                "Inputs passed to {function}.transform() must use the same namespace and the same device as those "
                "passed to fit(). {function}: X must be an array of the library that was fitted on; got {found} after "
                "{expected}",
                function=type(self).__name__,
                found=type(X).__name__,
                expected=type(learned).__name__,
            )
        )

    def _refuse_beyond_floats(self, spread: Array) -> None:
        """Refuse columns whose spread is infinite: divided by it, all their values would become one."""
        if np.isinf(spread).any():
            raise InputError(
                message(
                    "{function}: the spread of every column must be a floating-point number; that of column {column} "
                    "is beyond them; divide the column first, or use float64",
                    function=type(self).__name__,
                    column=int(np.isinf(spread).argmax()),
                )
            )

    def _check_mergeable(self, other: Scaler) -> None:
        check_is_fitted(self)
        check_is_fitted(other)
        if type(other) is not type(self) or other.n_features_in_ != self.n_features_in_:
            raise InputError(
                message(
                    "{function}: other must be a fitted {expected} with as many columns ({columns}); got {found} "
                    "({others})",
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
        tags.array_api_support = True
        if tags.transformer_tags is not None:
            tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags


def transformed_rows(scaler: Scaler, rows: Array) -> Array:
    """Return what ``transform`` gives for rows of NumPy's, whatever library the scaler was fitted with."""
    # Rows without their names are no mistake here, and a scaler with copy=False is not to write over them.
    changed: Any = copy(scaler)
    vars(changed).pop("feature_names_in_", None)
    with config_context(array_api_dispatch=False, transform_output="default"):
        return changed.transform(rows.copy())


def _dtypes(X: Any) -> list[Any]:
    """Return the dtypes of floats that stay, the first of which others become."""
    if get_config()["array_api_dispatch"] and is_elsewhere(X):
        return float_dtypes(X)
    return [np.float64, np.float32, np.float16]
