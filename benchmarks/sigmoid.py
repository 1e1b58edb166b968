"""The sigmoid against SciPy."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import special

import workings as wk
from benchmarks.harness import Row, measure, print_table

__all__ = ["rows"]


def rows() -> Iterator[Row]:
    """Yield large arrays in both formats, and one of eight."""
    x = np.random.default_rng(0).normal(size=10_000_000) * 4
    out = np.empty_like(x)
    yield measure(
        "sigmoid, 10 million float64",
        lambda: wk.sigmoid(x, out),
        "scipy.special.expit",
        lambda: special.expit(x, out),
        at_least=6,
    )
    narrow, narrow_out = x.astype(np.float32), np.empty_like(x, np.float32)
    yield measure(
        "sigmoid, 10 million float32",
        lambda: wk.sigmoid(narrow, narrow_out),
        "scipy.special.expit",
        lambda: special.expit(narrow, narrow_out),
        at_least=6,
    )
    few = x[:8].copy()
    yield measure(
        "sigmoid, 8 float64, 10,000 times",
        lambda: [wk.sigmoid(few) for _ in range(10_000)],
        "scipy.special.expit",
        lambda: [special.expit(few) for _ in range(10_000)],
        at_least=0.05,
    )


if __name__ == "__main__":
    print_table(rows())
