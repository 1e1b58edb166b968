"""Fits against a PyTorch loop that does the same steps, against scikit-learn, and of a formula against SciPy."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import optimize
from sklearn import linear_model

import workings as wk
from benchmarks.harness import Row, measure, print_table
from workings.arrays import thread_count
from workings.errors import ConvergenceWarning

SHAPE = (1_000_000, 20)
STEPS, LOOPED = 1_000, 20  # the loop takes a tenth of a second a step: it is timed for a few and taken as often


def correlated(rng: np.random.Generator) -> NDArray[np.float64]:
    """Return columns so much alike that descent is still on its way after ``STEPS`` steps."""
    mixed = rng.normal(size=(SHAPE[1], SHAPE[1]))
    stretched = np.linalg.qr(mixed)[0] * np.logspace(0, -2, SHAPE[1])
    return rng.normal(size=SHAPE) @ stretched.T


def descended(X: NDArray[np.float64], y: NDArray[np.float64], steps: int) -> wk.LinearRegression:
    """Return ours after so many plain steps."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # that it has not arrived is what is asked for
        return wk.LinearRegression(solver="gradient_descent", momentum="none", max_iter=steps, tol=0.0).fit(X, y)


def looped(
    X: NDArray[np.float64], y: NDArray[np.float64], steps: int, rate: float
) -> tuple[NDArray[np.float64], float]:
    """Return slopes and intercept after so many plain steps, each a pass over the data."""
    rows, target = torch.from_numpy(X), torch.from_numpy(y)
    w, b = torch.zeros(X.shape[1], dtype=rows.dtype), 0.0
    for _ in range(steps):
        off = rows @ w + (b - target)
        w -= rate * (rows.T @ off) / len(target)
        b -= rate * float(off.mean())
    return w.numpy(), b


def log_loss(X: NDArray[np.float64], y: NDArray[np.bool_], w: NDArray[np.float64], b: float) -> float:
    """Return scikit-learn's cost with C = 1."""
    z = X @ w + b
    return float(np.logaddexp(0.0, np.where(y, -z, z)).sum() + w @ w / 2)


CURVE = "A/(1 + exp(-(w*x + b)))"
START = {"A": 1.0, "w": 1.0, "b": 0.0}


def curve(x: Any, A: float, w: float, b: float) -> Any:
    """Return the logistic curve."""
    return A / (1 + np.exp(-(w * x + b)))


def slopes_of_curve(x: Any, A: float, w: float, b: float) -> Any:
    """Return its slopes by the three parameters, a column each, with one exponential a row."""
    s = 1 / (1 + np.exp(-(w * x + b)))
    found = np.empty((len(x), 3))
    found[:, 0] = s
    found[:, 2] = A * s * (1 - s)
    found[:, 1] = found[:, 2] * x
    return found


def formula_fitted() -> Iterator[Row]:
    """A logistic curve fitted to a million rows; SciPy told its slopes, and left to take differences."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=SHAPE[0])
    y = curve(x, 2.0, 1.5, -0.5) + 0.1 * rng.normal(size=SHAPE[0])
    data, first = {"x": x, "y": y}, list(START.values())

    def ours() -> wk.FormulaFit:
        return wk.fit_formula(CURVE, "y", data, start=START)

    fit = ours()
    for words, jac, least in (("its slopes given", slopes_of_curve, 2), ("differences", None, 2)):

        def theirs(jac: Any = jac) -> Any:
            return optimize.curve_fit(curve, x, y, p0=first, jac=jac)

        best, covariance = theirs()
        # SciPy stops where steps get smaller than 1.5e-8 of the parameters.
        assert np.allclose(list(fit.parameters.values()), best, rtol=1e-6)
        assert np.allclose(fit.covariance, covariance, rtol=1e-5)
        yield measure(
            "a formula of 3 parameters fitted, 1 million rows",
            ours,
            f"scipy.optimize.curve_fit, {words}",
            theirs,
            at_least=least,
        )


def rows() -> Iterator[Row]:
    """Yield this subject's rows."""
    torch.set_num_threads(thread_count())
    yield from formula_fitted()
    rng = np.random.default_rng(0)
    X = correlated(rng)
    y = X @ rng.normal(size=SHAPE[1]) + 3.0 + rng.normal(size=SHAPE[0])
    ours = descended(X, y, LOOPED)
    w, b = looped(X, y, LOOPED, ours.learning_rate_.value)
    assert np.allclose(ours.coef_, w)
    assert np.isclose(ours.intercept_, b)
    assert descended(X, y, STEPS).n_iter_ == STEPS
    row = measure(
        f"{STEPS:,} full-batch iterations, linear, 1 million x 20",
        lambda: descended(X, y, STEPS),
        f"PyTorch loop ({LOOPED} steps, x {STEPS // LOOPED})",
        lambda: looped(X, y, LOOPED, ours.learning_rate_.value),
        at_least=100,
    )
    yield replace(row, peer_s=row.peer_s * (STEPS / LOOPED))

    exact, theirs = wk.LinearRegression().fit(X, y), linear_model.LinearRegression().fit(X, y)
    assert np.allclose(exact.coef_, theirs.coef_)
    yield measure(
        "exact least squares, 1 million x 20",
        lambda: wk.LinearRegression().fit(X, y),
        "scikit-learn",
        lambda: linear_model.LinearRegression().fit(X, y),
        at_least=4,
    )

    X = rng.normal(size=SHAPE)
    yes = rng.random(SHAPE[0]) < wk.sigmoid(X @ rng.normal(size=SHAPE[1]) - 1.0)
    fitted, peer = wk.LogisticRegression().fit(X, yes), linear_model.LogisticRegression().fit(X, yes)
    costs = [log_loss(X, yes, model.coef_[0], float(model.intercept_[0])) for model in (fitted, peer)]
    assert costs[0] <= costs[1] * (1 + 1e-12), "ours must come at least as far down"
    yield measure(
        "logistic to no higher a cost, 1 million x 20",
        lambda: wk.LogisticRegression().fit(X, yes),
        "scikit-learn (lbfgs)",
        lambda: linear_model.LogisticRegression().fit(X, yes),
        at_least=3,
    )


if __name__ == "__main__":
    print_table(rows())
