"""scikit-learn's own checks of estimators, for the four of this house. No check is expected to fail."""

from __future__ import annotations

import pytest
from sklearn.utils.estimator_checks import parametrize_with_checks

from workings.subjects.normalization.estimators import MinMaxScaler, StandardScaler
from workings.subjects.regression.estimators import LinearRegression, LogisticRegression


# Some checks allow five steps at most, or fit one row: the warnings that we then give are meant.
@pytest.mark.filterwarnings("ignore::workings.errors.WorkingsWarning")
@parametrize_with_checks(
    [
        StandardScaler(),
        MinMaxScaler(),
        LinearRegression(),
        LinearRegression(solver="gradient_descent"),
        LogisticRegression(),
        LogisticRegression(solver="gradient_descent"),
    ]
)
def test_estimator_keeps_scikit_learns_contract(estimator, check):
    check(estimator)
