"""Faults that are planted in an integral or its working: each kind is caught by ``verify``."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import workings as wk
from workings.errors import WorkingError
from workings.expression import Equation, number
from workings.subjects.integration import adaptive, quick, samples
from workings.working import Derived, Step, Table, Working

CALLS: list[tuple[Any, float, float]] = [
    ("x^2 + 2x + 1", 0, 10),
    ("sin(x)", 0, 3),
    ("1/sqrt(x)", 0, 1),
    ("exp(-t^2)", -math.inf, math.inf),
    (lambda t: np.exp(-t) * (2 + np.cos(3 * t)), 2, 0),
]


def with_step(working: Working, wrong: Step) -> Working:
    """Return the working with one step in place of the one of its name."""

    def changed(step: Step) -> Step:
        if step.key == wrong.key:
            return wrong
        return replace(step, substeps=tuple(map(changed, step.substeps)))

    return replace(working, steps=tuple(map(changed, working.steps)))


@pytest.mark.parametrize(("f", "a", "b"), CALLS)
def test_a_kernel_whose_sums_are_wrong_is_caught(f: Any, a: float, b: float, monkeypatch: pytest.MonkeyPatch) -> None:
    several, one = adaptive.estimate, quick.estimate_one

    def wrong_sums(*given: Any) -> Any:
        value, error, absolute = several(*given)
        return value * (1 + 1e-6), error, absolute

    def wrong_sum(*given: Any) -> Any:
        value, error, absolute = one(*given)
        return value * (1 + 1e-6), error, absolute

    monkeypatch.setattr(adaptive, "estimate", wrong_sums)
    monkeypatch.setattr(quick, "estimate_one", wrong_sum)
    with pytest.raises(WorkingError, match="verify: "):
        wk.explain(wk.integrate, f, a, b).verify()


def test_a_sum_of_strips_that_is_wrong_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    summed = samples._summed
    monkeypatch.setattr(samples, "_summed", lambda values: summed(values) * (1 + 1e-7))
    with pytest.raises(WorkingError, match="line area"):
        wk.explain(wk.riemann_sum, "exp(x)", 0, 1, 10).verify()


@pytest.mark.parametrize("count", [20, 300_000])
def test_a_sum_over_few_and_over_many_samples_that_is_wrong_is_caught(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    y = np.random.default_rng(3).normal(size=count)
    wk.explain(wk.trapezoid, y).verify()
    right = samples.trapezoid
    monkeypatch.setattr(samples, "trapezoid", lambda *given, **options: right(*given, **options) * (1 + 1e-6))
    with pytest.raises(WorkingError, match="line area"):
        wk.explain(right, y).verify()


@pytest.mark.parametrize(("f", "a", "b"), CALLS)
def test_an_area_that_belongs_to_another_subinterval_is_caught(f: Any, a: float, b: float) -> None:
    found = wk.integrate(f, a, b)
    cut = found.subintervals
    assert cut is not None
    values = cut.value.copy()
    values[0] += 1e-4
    values[-1] -= 1e-4
    if len(values) == 1:
        values[0] += 1e-4
    wrong = replace(found, subintervals=replace(cut, value=values), value=math.fsum(values.tolist()))
    with pytest.raises(WorkingError, match=r"(table subintervals|line exact|table errors)"):
        wrong.explain().verify()


@pytest.mark.parametrize("key", ["left", "middle", "exact", "sum", "again", "width"])
def test_a_line_with_another_statement_is_caught(key: str) -> None:
    working = wk.explain(wk.integrate, "x^2 + 2x + 1", 0, 10)
    step = working.step(key)
    assert isinstance(step.statement, Equation)
    twice = Equation(step.statement.left, step.statement.right * number(1.001))
    with pytest.raises(WorkingError, match=f"line {key}"):
        with_step(working, replace(step, statement=twice)).verify()


@pytest.mark.parametrize("key", ["left", "middle", "exact", "sum", "again", "width"])
def test_a_line_with_another_number_is_caught(key: str) -> None:
    working = wk.explain(wk.integrate, "x^2 + 2x + 1", 0, 10)
    step = working.step(key)
    assert step.value is not None
    with pytest.raises(WorkingError, match=f"line {key}"):
        with_step(working, replace(step, value=step.value * (1 + 1e-5))).verify()
    other = working.step("width" if key != "width" else "left").shown
    with pytest.raises(WorkingError, match=f"line {key}"):
        with_step(working, replace(step, shown=other)).verify()


@pytest.mark.parametrize("key", ["doubling", "errors", "subintervals"])
@pytest.mark.parametrize("row", [0, -1])
def test_a_cell_with_another_number_is_caught(key: str, row: int) -> None:
    working = wk.explain(wk.integrate, "1/(1 + 25x^2)", -1, 1)
    step = working.step(key)
    assert step.table is not None
    for place, cell in enumerate(step.table.rows[row]):
        if not isinstance(cell, Derived):
            continue
        rows = [list(cells) for cells in step.table.rows]
        rows[row][place] = replace(cell, value=cell.value * 1.0001 + 1e-6)
        table = Table(step.table.columns, tuple(map(tuple, rows)), step.table.total)
        with pytest.raises(WorkingError, match=f"table {key}"):
            with_step(working, replace(step, table=table)).verify()
