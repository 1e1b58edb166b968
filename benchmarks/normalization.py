"""The scalers against scikit-learn's."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn import preprocessing

import workings as wk
from benchmarks.harness import Row, measure, print_table

__all__ = ["rows"]


def rows() -> Iterator[Row]:
    """Yield fitting and transforming of a large table, and of one of eight rows."""
    X = np.random.default_rng(0).normal(size=(2_000_000, 10))
    yield measure(
        "z-score, fit and transform, 2 million x 10",
        lambda: wk.StandardScaler().fit_transform(X),
        "sklearn StandardScaler",
        lambda: preprocessing.StandardScaler().fit_transform(X),
        at_least=5,
    )
    yield measure(
        "min-max, fit and transform, 2 million x 10",
        lambda: wk.MinMaxScaler().fit_transform(X),
        "sklearn MinMaxScaler",
        lambda: preprocessing.MinMaxScaler().fit_transform(X),
        at_least=3,
    )
    few = X[:8].copy()
    yield measure(
        "z-score, 8 x 10, 200 times",
        lambda: [wk.StandardScaler().fit_transform(few) for _ in range(200)],
        "sklearn StandardScaler",
        lambda: [preprocessing.StandardScaler().fit_transform(few) for _ in range(200)],
        at_least=1,
    )


if __name__ == "__main__":
    print_table(rows())
