"""Each number of a working, changed by itself, is caught: only the names of rows are no numbers that could be wrong."""

from __future__ import annotations

import math

import numpy as np
import pytest

import workings as wk

from .planted import unseen

RNG = np.random.default_rng(8)
IMAGE, KERNEL = RNG.integers(0, 9, (4, 5)), [[1, 2], [3, -1]]
MAPS, FILTERS = RNG.integers(0, 9, (1, 2, 4, 4)), RNG.integers(-2, 3, (2, 2, 2, 2))
LONG, TAPS = RNG.normal(size=30), RNG.normal(size=3)
ODD = [0.7, -2.0, math.nan, math.inf, -math.inf]

# How many cells at the start of each row of a table are its name: the place that is told, or the place in the kernel.
NAMES = {"turned": 1, "turned_k": 1, "positions": 1, "channels": 1, "values": 1, "scores": 1}

WORKINGS = {
    "short": (lambda: wk.explain(wk.convolve, [2, 7, 1, 8.5], [1, 0.5]), {"turned": 1}),
    "place": (lambda: wk.explain(wk.convolve, [2, 7, 1, 8.5], [1, 0.5]).at(1), {}),
    "place of a NaN": (lambda: wk.explain(wk.convolve, [1.0, math.nan, 3.0], [1.0, 2.0]).at(1), {}),
    "long": (lambda: wk.explain(wk.convolve, LONG, TAPS, "same"), NAMES),
    "several": (lambda: wk.explain(wk.convolve, LONG, TAPS).at(range(3)), NAMES | {"places": 1}),
    "lags": (lambda: wk.explain(wk.correlate, LONG, TAPS), NAMES),
    "image": (lambda: wk.explain(wk.convolve, IMAGE, KERNEL), NAMES),
    "rows": (lambda: wk.explain(wk.convolve, IMAGE, KERNEL).at(1, range(3)), NAMES | {"places": 2}),
    "layer": (lambda: wk.explain(wk.conv2d, MAPS, FILTERS, [1.0, 0.5], padding=1, stride=2), NAMES),
    "map": (lambda: wk.explain(wk.conv2d, MAPS, FILTERS).at(i=0, j=slice(None)), {"places": 2}),
    "sigmoid": (lambda: wk.explain(wk.sigmoid, -2.5), {}),
    "sigmoids": (lambda: wk.explain(wk.sigmoid, ODD), NAMES),
    "logits": (lambda: wk.explain(wk.logit, [0.7, 0.0, 1.0, 2.0, math.nan, math.inf]), NAMES),
    "logarithms": (lambda: wk.explain(wk.log_sigmoid, ODD), NAMES),
    "slopes": (lambda: wk.explain(wk.sigmoid_derivative, ODD), NAMES),
    "limit": (lambda: wk.explain(wk.log_sigmoid, -math.inf), {}),
    "certain": (lambda: wk.explain(wk.logit, 1.0), {}),
}


@pytest.mark.parametrize("name", WORKINGS)
def test_a_changed_number_is_caught(name):
    made, names = WORKINGS[name]
    assert unseen(made(), names=names, quoted=False) == []
