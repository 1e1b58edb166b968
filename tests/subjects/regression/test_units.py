"""A working says the same in every unit: powers of two keep its lines, and faults of tiny numbers are caught."""

from dataclasses import replace

import numpy as np
import pytest

import workings as wk
from workings.errors import InputError, WorkingError, WorkingsWarning

RNG = np.random.default_rng(20)
X = RNG.normal(size=(14, 2))
TARGET = X @ [1.5, -2.0] + 3.0 + 0.3 * RNG.normal(size=14)
CLASSES = (TARGET + RNG.normal(size=14) > 3.0).astype(int)
SMALL, LARGE = 2.0**-60, 2.0**60


def linear(k, j):
    return wk.LinearRegression().fit(X * k, TARGET * j)


def descended(k, j):
    return wk.LinearRegression(solver="gradient_descent", fit_intercept=False).fit(X * k, TARGET * j)


def perfect(k, j):
    return wk.LinearRegression().fit(X * k, X @ [1.0, 2.0] * j)


def ridge(k, j):
    return wk.LinearRegression(alpha=2.0 * k**2).fit(X * k, TARGET * j)


def logistic(k, _):
    return wk.LogisticRegression(C=1.0 / k**2).fit(X * k, CLASSES)


def formula(k, j):
    data = {"x": X[:, 0] * k, "y": np.exp(X[:, 0] / 2) * j * (1 + TARGET / 50)}
    return wk.fit_formula("a*exp(b*x)", "y", data, start={"a": j, "b": 0.4 / k})


MODELS = (linear, descended, perfect, ridge, logistic, formula)


@pytest.mark.parametrize("fitted", MODELS, ids=lambda one: one.__name__)
def test_a_unit_changes_no_line(fitted):
    plain = fitted(1.0, 1.0).explain()
    keys = [step.key for step in plain.steps]
    for scales in ((SMALL, 1.0), (1.0, SMALL), (LARGE, 1.0), (1.0, LARGE), (2.0**-40, 2.0**40)):
        working = fitted(*scales).explain()
        assert [step.key for step in working.steps] == keys, scales
        assert working.verify().equations == plain.verify().equations, scales


@pytest.mark.parametrize("fitted", [linear, descended, ridge], ids=lambda one: one.__name__)
@pytest.mark.parametrize("scales", [(1.0, SMALL), (SMALL, 1.0), (SMALL, SMALL)])
def test_a_wrong_coefficient_of_tiny_numbers_is_caught(fitted, scales):
    model = fitted(*scales)
    model.coef_ = model.coef_ * (1.0 + 1e-6)
    with pytest.raises(WorkingError):
        model.explain().verify()


@pytest.mark.parametrize("scales", [(1.0, SMALL), (SMALL, 1.0)])
@pytest.mark.parametrize("wrong", ["cost", "parameters"])
def test_a_wrong_number_of_a_formula_s_fit_to_tiny_numbers_is_caught(scales, wrong):
    fit = formula(*scales)
    right = fit.cost if wrong == "cost" else dict(fit.parameters)
    faulty = right * (1.0 + 1e-6) if wrong == "cost" else right | {"a": right["a"] * (1.0 + 1e-6)}
    with pytest.raises(WorkingError):
        replace(fit, **{wrong: faulty}).explain().verify()


@pytest.mark.parametrize("model", [wk.LinearRegression(), wk.LogisticRegression()], ids=["linear", "logistic"])
def test_numbers_whose_squares_are_0_are_refused(model):
    with pytest.raises(InputError, match="largest number of X must be at least 1e-150"):
        model.fit(X * 1e-200, CLASSES)
    with pytest.raises(InputError, match="largest number of y must be at least 1e-150"):
        wk.LinearRegression().fit(X, TARGET * 1e-200)


def test_a_tiny_column_beside_others_is_one_that_adds_nothing():
    beside = np.column_stack([X[:, 0], X[:, 1] * 1e-200])
    alone = wk.LogisticRegression().fit(X[:, :1], CLASSES)
    np.testing.assert_allclose(wk.LogisticRegression().fit(beside, CLASSES).coef_[0, 0], alone.coef_[0, 0], rtol=1e-12)
    with pytest.warns(WorkingsWarning, match="1 of 2 columns is independent"):
        wk.LinearRegression().fit(beside, TARGET)


@pytest.mark.parametrize("intercept", [True, False])
def test_a_descent_that_is_soon_content_has_standard_errors_by_what_it_leaves(intercept):
    model = wk.LinearRegression(solver="gradient_descent", momentum="none", tol=0.1, fit_intercept=intercept)
    model.fit(X, TARGET)
    exact = wk.LinearRegression(fit_intercept=intercept).fit(X, TARGET)
    left = ((TARGET - model.predict(X)) ** 2).sum()
    least = ((TARGET - exact.predict(X)) ** 2).sum()
    assert left > 1.001 * least
    np.testing.assert_allclose(
        model.standard_errors_, exact.standard_errors_ * np.sqrt(left / least), rtol=1e-12, equal_nan=True
    )
    model.explain().verify()


def test_products_below_the_least_normal_number_are_verified():
    numbers = RNG.normal(size=8) * 1e-160
    assert wk.explain(wk.convolve, numbers, numbers).verify().equations > 0
