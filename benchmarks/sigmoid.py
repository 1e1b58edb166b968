"""The sigmoid against SciPy and PyTorch, and against the time that only copying the numbers takes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from scipy.special import expit

import workings as wk
from benchmarks.harness import Row, measure, print_table, repeated
from workings.arrays import thread_count

SCORES = 10_000_000


def rows() -> Iterator[Row]:
    """Yield this subject's rows."""
    torch.set_num_threads(thread_count())
    wide = np.random.default_rng(0).normal(0.0, 4.0, SCORES)
    for x in (wide, wide.astype(np.float32)):
        assert np.allclose(wk.sigmoid(x), expit(x), rtol=4 * np.finfo(x.dtype).eps)
        name = f"sigmoid, 10 million {x.dtype}"
        yield measure(
            name, lambda x=x: wk.sigmoid(x), "scipy.special.expit", lambda x=x: expit(x), at_least=6, copy=x.copy
        )
        tensor = torch.from_numpy(x)
        yield measure(
            name, lambda x=x: wk.sigmoid(x), "torch.sigmoid", lambda tensor=tensor: torch.sigmoid(tensor), at_least=0.95
        )
        out = np.empty_like(x)
        yield measure(
            f"{name}, into an array at hand",
            lambda x=x, out=out: wk.sigmoid(x, out),
            "scipy.special.expit",
            lambda x=x, out=out: expit(x, out),
            at_least=6,
        )
    few = wide[:8]
    yield measure(
        "sigmoid, array of 8 (1,000 times)",
        repeated(lambda: wk.sigmoid(few)),
        "scipy.special.expit",
        repeated(lambda: expit(few)),
        at_least=0.05,
    )


if __name__ == "__main__":
    print_table(rows())
