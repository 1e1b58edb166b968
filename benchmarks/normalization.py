"""The scalers against scikit-learn's, and against the time that only copying the table takes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn import preprocessing

import workings as wk
from benchmarks.harness import Row, measure, print_table, repeated

SHAPE = (2_000_000, 10)


def rows() -> Iterator[Row]:
    """Yield this subject's rows."""
    X = np.random.default_rng(0).normal(size=SHAPE) * np.logspace(-2, 3, SHAPE[1])
    few = X[:8, :1].copy()
    for name, ours, theirs, at_least in (
        ("z-score", wk.StandardScaler, preprocessing.StandardScaler, 5),
        ("min-max", wk.MinMaxScaler, preprocessing.MinMaxScaler, 3),
    ):
        assert np.allclose(ours().fit_transform(X), theirs().fit_transform(X), rtol=1e-9, atol=1e-12)
        yield measure(
            f"{name} fit and transform, 2 million x 10",
            lambda ours=ours: ours().fit_transform(X),
            "scikit-learn",
            lambda theirs=theirs: theirs().fit_transform(X),
            at_least=at_least,
            copy=X.copy,
        )
        yield measure(
            f"{name} fit and transform, array of 8 (1,000 times)",
            repeated(lambda ours=ours: ours().fit_transform(few)),
            "scikit-learn",
            repeated(lambda theirs=theirs: theirs().fit_transform(few)),
            at_least=1,
        )


if __name__ == "__main__":
    print_table(rows())
