"""The confusion matrix against scikit-learn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn import metrics

import workings as wk
from benchmarks.harness import Row, measure, print_table, repeated

ROWS = 10_000_000


def rows() -> Iterator[Row]:
    """Yield this subject's rows."""
    rng = np.random.default_rng(0)
    actual = (rng.random(ROWS) < 0.4).astype(np.int64)
    predicted = np.where(rng.random(ROWS) < 0.85, actual, 1 - actual)
    assert np.array_equal(wk.confusion_matrix(actual, predicted), metrics.confusion_matrix(actual, predicted))
    yield measure(
        "confusion matrix, 10 million int64",
        lambda: wk.confusion_matrix(actual, predicted),
        "scikit-learn",
        lambda: metrics.confusion_matrix(actual, predicted),
        at_least=100,
        copy=lambda: (actual.copy(), predicted.copy()),
    )
    few, called = actual[:8], predicted[:8]
    yield measure(
        "confusion matrix, array of 8 (1,000 times)",
        repeated(lambda: wk.confusion_matrix(few, called)),
        "scikit-learn",
        repeated(lambda: metrics.confusion_matrix(few, called)),
        at_least=1,
    )


if __name__ == "__main__":
    print_table(rows())
