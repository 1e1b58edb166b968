"""Each number of a working, changed by itself, is caught: only the names of rows are no numbers that could be wrong."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import workings as wk
from workings.errors import WorkingError
from workings.expression import Number
from workings.working import Derived, Step, Working, shown

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
    working = made()
    working.verify()
    passed = [what for what, changed in every_change(working, names) if holds(changed)]
    assert not passed


def holds(working: Working) -> bool:
    try:
        working.verify()
    except WorkingError:
        return False
    return True


def every_change(working: Working, names: dict[str, int]) -> Iterator[tuple[str, Working]]:
    for k, step in enumerate(working.steps):
        for what, other in changes(step, names):
            steps = (*working.steps[:k], other, *working.steps[k + 1 :])
            yield f"{step.key}: {what}", dataclasses.replace(working, steps=steps)
    for k, convention in enumerate(working.conventions):
        if convention.rival_value is not None:
            other = dataclasses.replace(convention, rival_value=away(convention.rival_value))
            conventions = (*working.conventions[:k], other, *working.conventions[k + 1 :])
            yield "convention", dataclasses.replace(working, conventions=conventions)


def changes(step: Step, names: dict[str, int]) -> Iterator[tuple[str, Step]]:
    if step.value is not None and step.value is not True:
        yield "value", dataclasses.replace(step, value=away(step.value))
    if step.shown is not None:
        yield "shown", dataclasses.replace(step, shown=shown(away(step.shown.value)))
    for r, row in enumerate(step.table.rows if step.table else ()):
        for c in range(names.get(step.key, 0), len(row)):
            if (other := changed_cell(row[c])) is not None:
                rows = (*step.table.rows[:r], (*row[:c], other, *row[c + 1 :]), *step.table.rows[r + 1 :])
                yield (
                    f"row {r}, column {c}",
                    dataclasses.replace(step, table=dataclasses.replace(step.table, rows=rows)),
                )
    for k, below in enumerate(step.substeps):
        for what, other in changes(below, names):
            substeps = (*step.substeps[:k], other, *step.substeps[k + 1 :])
            yield f"{below.key}: {what}", dataclasses.replace(step, substeps=substeps)


def changed_cell(cell: Any) -> Any:
    if isinstance(cell, Derived):
        return dataclasses.replace(cell, value=away(cell.value))
    if isinstance(cell, Number):
        return shown(away(cell.value))
    return away(cell) if isinstance(cell, int | float) else None


def away(value: Any) -> Any:
    if isinstance(value, int):
        return value + 1
    value = float(value)
    if math.isnan(value):
        return 1.5
    return -value if math.isinf(value) else 1.01 * value or 0.01
