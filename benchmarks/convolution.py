"""Convolution of signals and images against SciPy and OpenCV, and against the time that only copying them takes."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from scipy import signal

import workings as wk
from benchmarks.harness import Row, measure, print_table, repeated
from workings.arrays import thread_count


def rows() -> Iterator[Row]:
    """Yield this subject's rows."""
    cv2.setNumThreads(thread_count())
    rng = np.random.default_rng(0)
    x = rng.normal(size=10_000_000)
    for taps, at_least in ((5, 3), (31, 4)):
        k = rng.normal(size=taps)
        assert np.allclose(wk.convolve(x, k), signal.convolve(x, k), atol=1e-12)
        name = f"convolve, 10 million float64 by {taps}"
        yield measure(
            name, lambda k=k: wk.convolve(x, k), "scipy.signal.convolve", lambda k=k: signal.convolve(x, k),
            at_least=at_least, copy=x.copy,
        )  # fmt: skip
    y, k = x[:1_000_000], rng.normal(size=4001)
    assert np.allclose(wk.convolve(y, k), signal.oaconvolve(y, k), atol=1e-9)
    for name, ours in (("convolve", wk.convolve), ("oaconvolve", wk.oaconvolve)):
        yield measure(
            f"{name}, 1 million float64 by 4001", lambda ours=ours: ours(y, k), "scipy.signal.oaconvolve",
            lambda: signal.oaconvolve(y, k), at_least=1.5,
        )  # fmt: skip
    image = rng.normal(size=(4000, 4000))
    for size in (3, 7):
        k = rng.normal(size=(size, size))
        expected = cv2.filter2D(image, -1, k, borderType=cv2.BORDER_CONSTANT)
        assert np.allclose(wk.correlate(image, k, "same"), expected, atol=1e-10)
        name = f"correlate, 4000 x 4000 float64 by {size} x {size}"
        yield measure(
            name, lambda k=k: wk.correlate(image, k, "same"), "scipy.signal.correlate2d",
            lambda k=k: signal.correlate2d(image, k, "same"), at_least=20, copy=image.copy,
        )  # fmt: skip
        yield measure(
            name, lambda k=k: wk.correlate(image, k, "same"), "OpenCV filter2D",
            lambda k=k: cv2.filter2D(image, -1, k, borderType=cv2.BORDER_CONSTANT), at_least=1.3,
            copy=image.copy,
        )  # fmt: skip
    few, k = x[:8], rng.normal(size=3)
    yield measure(
        "convolve, array of 8 by 3 (1,000 times)",
        repeated(lambda: wk.convolve(few, k)),
        "scipy.signal.convolve",
        repeated(lambda: signal.convolve(few, k)),
        at_least=0.05,
    )


if __name__ == "__main__":
    print_table(rows())
