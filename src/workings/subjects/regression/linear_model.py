"""What the two estimators share: checked rows, scores that are weighted sums of the columns, the history of a fit."""

from __future__ import annotations

from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import assert_all_finite
from sklearn.utils.validation import check_is_fitted, validate_data

from workings.arrays.blas import rows_product
from workings.errors import filters_to_one_thread, not_converged, warn
from workings.language import Message, message
from workings.subjects.regression.compute import LearningRate, Momentum
from workings.subjects.regression.iteration import Outcome, Status
from workings.subjects.regression.rows import Rows
from workings.subjects.regression.size import check_size, surely_fit
from workings.working import Explainable

__all__ = ["MOST_KEPT", "LinearModel", "kept_numbers", "split"]

Array = NDArray[np.float64]

# The parameters kept in a history are no more numbers than the data (or than a few), nor than this.
MOST_KEPT = 100_000
_FEW = 2_000

_FLOATS = [np.float64, np.float32]

_LEFT_BY_A_SOLVER = ("history_", "learning_rate_", "cost_", "gradient_", "moments_", "rank_", "standard_errors_")


class LinearModel(Explainable, BaseEstimator):
    """What the two models share: scores that are weighted sums of the columns, and the history of a fit."""

    coef_: Array
    intercept_: Any
    n_iter_: int
    status_: Status
    n_features_in_: int
    learning_rate: float | Literal["auto"]
    momentum: Momentum
    rows_: Rows | None

    def _begin(self, rows: Rows) -> None:
        """Forget what an earlier fit by another solver left, and keep a copy of few rows to explain this one from."""
        for name in _LEFT_BY_A_SOLVER:
            vars(self).pop(name, None)
        few = rows.X.size <= MOST_KEPT
        weight = rows.weight if rows.weight is None else rows.weight.copy()
        self.rows_ = Rows(rows.X.astype(np.float64), rows.y.copy(), weight) if few else None

    def _checked(self, X: Any, y: Any, **options: bool) -> tuple[NDArray[Any], NDArray[Any]]:
        with filters_to_one_thread():
            checked, targets = cast(
                "tuple[NDArray[Any], NDArray[Any]]",
                validate_data(self, X, y, dtype=_FLOATS, ensure_all_finite=False, **options),
            )
        # That the numbers are finite and sums of their squares are too is asked in one pass over them.
        if not surely_fit(checked):
            name = type(self).__name__
            assert_all_finite(checked, estimator_name=name, input_name="X")
            check_size(name, "X", checked)
        return checked, targets

    def _scores(self, X: Any) -> Array:
        check_is_fitted(self)
        with filters_to_one_thread():
            checked = cast("NDArray[Any]", validate_data(self, X, dtype=_FLOATS, reset=False))
        return rows_product(checked, self.coef_.T) + self.intercept_

    def _keep(self, descent: Outcome, rate: LearningRate | None) -> None:
        self.n_iter_ = max(descent.iterations, 1)
        self.history_ = descent.path
        self.status_ = descent.status
        self.learning_rate_ = rate
        self.cost_ = descent.cost
        self.gradient_ = descent.gradient
        if not descent.converged:
            warn(not_converged(_spoken(type(self).__name__, descent.status)))


def kept_numbers(values: int) -> int:
    """Return how many parameters the history of a fit to so many values may hold."""
    return min(max(values, _FEW), MOST_KEPT)


def split(parameters: Array, columns: int) -> tuple[Array, Array]:
    """Return slopes and intercepts of parameters of which the intercept, if there is one, is the last."""
    intercept = parameters[:, columns] if parameters.shape[1] > columns else np.zeros(len(parameters))
    return parameters[:, :columns].copy(), intercept.copy()


def _spoken(name: str, status: Status) -> Message:
    return message("{function}: {reason}", function=name, reason=status.text)
