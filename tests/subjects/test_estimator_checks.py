"""scikit-learn's own checks of estimators, for the four of this house. No check is expected to fail."""

from __future__ import annotations

import re

import numpy as np
import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator

from workings.errors import InputError
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


@pytest.mark.parametrize("model", [StandardScaler(), LinearRegression(), LogisticRegression()], ids=str)
def test_one_number_weighs_every_row_and_a_column_of_weights_is_refused(model):
    X, y = np.random.default_rng(0).normal(size=(20, 2)), np.arange(20) % 3 == 0
    learned = "scale_" if isinstance(model, StandardScaler) else "coef_"
    each = getattr(model.fit(X, y, sample_weight=np.full(20, 2.5)), learned)
    assert np.array_equal(getattr(model.fit(X, y, sample_weight=2.5), learned), each)
    with pytest.raises(InputError, match=r"^Sample weights must be 1D array or scalar.*got shape \(20, 1\)"):
        model.fit(X, y, sample_weight=np.ones((20, 1)))
