"""Two-dimensional convolution layers against PyTorch (oneDNN), forward only, on the same memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch.nn import functional

import workings as wk
from benchmarks.harness import Row, measure, print_table, repeated
from workings.arrays import thread_count

# (what, images, filters, options, at least)
LAYERS: list[tuple[str, tuple[int, ...], tuple[int, ...], dict[str, Any], float | None]] = [
    ("32 filters 3 x 3", (8, 3, 224, 224), (32, 3, 3, 3), {}, 1.0),
    ("64 filters 3 x 3", (8, 64, 56, 56), (64, 64, 3, 3), {}, 0.7),
    ("64 filters 3 x 3, padding 1", (8, 64, 56, 56), (64, 64, 3, 3), {"padding": 1}, None),
    ("256 filters 1 x 1", (8, 64, 56, 56), (256, 64, 1, 1), {}, None),
    ("64 filters 7 x 7, stride 2", (8, 3, 224, 224), (64, 3, 7, 7), {"stride": 2, "padding": 3}, None),
    ("depthwise 3 x 3", (8, 64, 56, 56), (64, 1, 3, 3), {"padding": 1, "groups": 64}, None),
    ("512 filters 3 x 3, padding 1", (8, 512, 7, 7), (512, 512, 3, 3), {"padding": 1}, None),
]


def rows() -> Iterator[Row]:
    """Yield this function's rows."""
    torch.set_num_threads(thread_count())
    rng = np.random.default_rng(0)
    for what, shape, kernel, options, at_least in LAYERS:
        images, filters = (rng.normal(size=size).astype(np.float32) for size in (shape, kernel))
        tensors = torch.from_numpy(images), torch.from_numpy(filters)
        expected = functional.conv2d(*tensors, **options).numpy()
        assert np.allclose(wk.conv2d(images, filters, **options), expected, rtol=1e-4, atol=1e-3)
        yield measure(
            f"conv2d, {' x '.join(map(str, shape))} float32, {what}",
            lambda images=images, filters=filters, options=options: wk.conv2d(images, filters, **options),
            "PyTorch",
            lambda tensors=tensors, options=options: functional.conv2d(*tensors, **options),
            at_least=at_least,
        )
    few, kernel = np.ones((1, 1, 8, 8), np.float32), np.ones((1, 1, 3, 3), np.float32)
    tensors = torch.from_numpy(few), torch.from_numpy(kernel)
    yield measure(
        "conv2d, image of 8 x 8 (100 times)",
        repeated(lambda: wk.conv2d(few, kernel), 100),
        "PyTorch",
        repeated(lambda: functional.conv2d(*tensors), 100),
    )


if __name__ == "__main__":
    print_table(rows())
