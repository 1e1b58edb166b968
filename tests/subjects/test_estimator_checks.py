"""scikit-learn's own checks of estimators, for the four of this house. No check is expected to fail."""

from __future__ import annotations

import re

import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator

from workings.subjects.normalization.estimators import MinMaxScaler, StandardScaler
from workings.subjects.regression.estimators import LinearRegression, LogisticRegression

ESTIMATORS = [
    StandardScaler(),
    StandardScaler(with_mean=False),
    MinMaxScaler(),
    LinearRegression(),
    LinearRegression(solver="gradient_descent"),
    LogisticRegression(),
    LogisticRegression(solver="gradient_descent"),
]

# Where scikit-learn asks for arrays that the machine of these tests has not: of a graphics card.
NOT_HERE = {"cupy", "dpnp", "cuda", "xpu", "mps"}


def checks():
    for estimator in ESTIMATORS:
        for one, check in estimator_checks_generator(estimator):
            words = re.findall(r"'(\w+)'", repr(check.keywords))
            if not NOT_HERE.intersection(words):
                yield pytest.param(one, check, id="-".join([repr(one), check.func.__name__, *words]))


# Some checks allow five steps at most, or fit one row: the warnings that we then give are meant.
@pytest.mark.filterwarnings("ignore::workings.errors.WorkingsWarning")
@pytest.mark.parametrize(("estimator", "check"), list(checks()))
def test_estimator_keeps_scikit_learns_contract(estimator, check):
    check(estimator)
