"""Linear and logistic regression against scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn import linear_model

import workings as wk
from benchmarks.harness import Row, measure, print_table

__all__ = ["rows"]


def rows() -> Iterator[Row]:
    """Yield the exact and the iterative fits of a large table."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(1_000_000, 20))
    weights = rng.normal(size=20)
    y = X @ weights + rng.normal(size=len(X))
    yield measure(
        "exact least squares, 1 million x 20",
        lambda: wk.LinearRegression().fit(X, y),
        "sklearn LinearRegression",
        lambda: linear_model.LinearRegression().fit(X, y),
        at_least=4,
        repeats=3,
    )
    yield measure(
        "least squares by descent until it arrives, 1 million x 20",
        lambda: wk.LinearRegression(solver="gradient_descent").fit(X, y),
        "sklearn LinearRegression",
        lambda: linear_model.LinearRegression().fit(X, y),
        repeats=3,
    )
    yes = rng.random(len(X)) < wk.sigmoid(X @ weights)
    yield measure(
        "logistic (newton), 1 million x 20, to a cost no higher",
        lambda: wk.LogisticRegression().fit(X, yes),
        "sklearn LogisticRegression (lbfgs)",
        lambda: linear_model.LogisticRegression().fit(X, yes),
        at_least=3,
        repeats=3,
    )


if __name__ == "__main__":
    print_table(rows())
