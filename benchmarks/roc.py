"""The ROC curve, its area and its interval, against scikit-learn and against DeLong's algorithm in plain NumPy."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics

import workings as wk
from benchmarks.harness import Row, measure, print_table, repeated

ROWS, INTERVAL_ROWS = 10_000_000, 1_000_000


def data(rows: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return labels, two in five of them positive, and scores of an AUC of about 0.76."""
    rng = np.random.default_rng(0)
    y = (rng.random(rows) < 0.4).astype(np.int64)
    return y, rng.normal(size=rows) + y


def midranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ranks from 1 in the order given, ties sharing their mean."""
    order = np.argsort(values)
    ordered = values[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    sizes = np.diff(starts, append=len(values))
    ranks = np.empty(len(values))
    ranks[order] = np.repeat(starts + (sizes + 1) / 2, sizes)
    return ranks


def delong(y: NDArray[np.int64], score: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the AUC and its 95 % interval by midranks (Sun and Xu 2014, IEEE Signal Processing Letters 21)."""
    positive, negative = score[y == 1], score[y == 0]
    m, n = len(positive), len(negative)
    pooled = midranks(np.concatenate([positive, negative]))
    below = (pooled[:m] - midranks(positive)) / n
    above = 1 - (pooled[m:] - midranks(negative)) / m
    area = float(below.mean())
    half = 1.959963984540054 * math.sqrt(below.var(ddof=1) / m + above.var(ddof=1) / n)
    return area, area - half, area + half


def interval(y: NDArray[np.int64], score: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the same by ours."""
    curve = wk.roc_curve(y, score)
    return curve.auc, *curve.auc_interval()


def rows() -> Iterator[Row]:
    """Yield this subject's rows."""
    y, score = data(ROWS)
    assert math.isclose(wk.roc_auc_score(y, score), metrics.roc_auc_score(y, score), rel_tol=1e-12)
    yield measure(
        "exact AUC, 10 million float64",
        lambda: wk.roc_auc_score(y, score),
        "scikit-learn",
        lambda: metrics.roc_auc_score(y, score),
        at_least=40,
        copy=lambda: (y.copy(), score.copy()),
    )
    yield measure(
        "ROC curve, 10 million float64",
        lambda: tuple(wk.roc_curve(y, score)),
        "scikit-learn",
        lambda: metrics.roc_curve(y, score),
        at_least=12,
    )
    few, scores = y[:INTERVAL_ROWS], score[:INTERVAL_ROWS]
    assert np.allclose(interval(few, scores), delong(few, scores), rtol=1e-12)
    yield measure(
        "AUC and DeLong interval, 1 million",
        lambda: interval(few, scores),
        "NumPy, midranks by argsort",
        lambda: delong(few, scores),
        at_least=5,
    )
    eight, at = y[:8], score[:8]
    yield measure(
        "ROC curve, array of 8 (1,000 times)",
        repeated(lambda: tuple(wk.roc_curve(eight, at))),
        "scikit-learn",
        repeated(lambda: metrics.roc_curve(eight, at)),
        at_least=1,
    )


if __name__ == "__main__":
    print_table(rows())
