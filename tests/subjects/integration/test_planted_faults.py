"""Faults that are planted in an integral or its working: each kind is caught by ``verify``."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import workings as wk
from workings.errors import ConvergenceWarning, WorkingError
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
    with pytest.raises(WorkingError, match=r"(table subintervals|table sums|line exact|table errors)"):
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


INTEGRALS: list[tuple[Any, float, float]] = [
    ("1/(1 + 25x^2)", -1, 1),
    ("abs(x - 1/3)", 1, 0),
    ("exp(-abs(t - 1.7))", 0, math.inf),
]


@pytest.mark.parametrize(("f", "a", "b"), INTEGRALS)
@pytest.mark.parametrize("row", [0, -1])
@pytest.mark.parametrize("key", ["subintervals", "sums", "rounds"])
def test_each_cell_that_the_adaptive_rule_fills_is_computed_again(
    key: str, row: int, f: Any, a: float, b: float
) -> None:
    working = wk.explain(wk.integrate, f, a, b)
    working.verify()
    step = working.step(key)
    assert step.table is not None
    cells = step.table.rows[row]
    derived = [place for place, cell in enumerate(cells) if isinstance(cell, Derived)]
    # From and to, area, error; half the length, both sums, spread, error; subintervals, area, error at the end.
    assert len(derived) == {"subintervals": 4, "sums": 5, "rounds": 3 if row == -1 else 0}[key]
    for place in derived:
        cell = cells[place]
        assert isinstance(cell, Derived)
        if math.isinf(cell.value):
            continue
        rows = [list(each) for each in step.table.rows]
        rows[row][place] = replace(cell, value=cell.value * 1.001 + (1e-8 if cell.value == 0 else 0.0))
        # A rule that settles on an area to its estimated error only lets it be off by as much.
        if abs(cell.value) * 1e-3 <= cell.absolute:
            rows[row][place] = replace(cell, value=cell.value + 2.0 * cell.absolute + 1e-8)
        table = Table(step.table.columns, tuple(map(tuple, rows)), step.table.total)
        with pytest.raises(WorkingError, match=f"(table|line) ({key}|subintervals|errors_together)"):
            with_step(working, replace(step, table=table)).verify()


@pytest.mark.parametrize(("f", "a", "b"), INTEGRALS)
def test_an_estimate_by_another_formula_is_caught(f: Any, a: float, b: float, monkeypatch: pytest.MonkeyPatch) -> None:
    several, one = adaptive.estimate, quick.estimate_one

    def doubled(*given: Any) -> Any:
        value, error, absolute = several(*given)
        return value, 2.0 * error, absolute

    def doubled_one(*given: Any) -> Any:
        value, error, absolute = one(*given)
        return value, 2.0 * error, absolute

    monkeypatch.setattr(adaptive, "estimate", doubled)
    monkeypatch.setattr(quick, "estimate_one", doubled_one)
    with pytest.raises(WorkingError, match="verify: table sums: max"):
        wk.explain(wk.integrate, f, a, b).verify()


@pytest.mark.parametrize(("f", "a", "b"), INTEGRALS)
def test_an_end_that_is_no_middle_is_caught(f: Any, a: float, b: float) -> None:
    found = wk.integrate(f, a, b)
    cut = found.subintervals
    assert cut is not None
    low, high = cut.low.copy(), cut.high.copy()
    high[0] = low[1] = high[0] + 1e-7 * (high[0] - low[0])
    moved = replace(found, subintervals=replace(cut, low=low, high=high))
    with pytest.raises(WorkingError, match=r"verify: table (subintervals|sums)"):
        moved.explain().verify()


def test_every_end_is_a_middle_a_limit_or_a_place_that_is_named() -> None:
    found = wk.integrate(lambda t: np.abs(np.sin(t)) + (t > 2.2), 0, 10)
    working = found.explain()
    working.verify()
    assert found.subintervals is not None
    assert working.inputs["c"].value.tolist() == list(found.subintervals.breaks)
    assert any(abs(place - 2.2) < 1e-12 for place in found.subintervals.breaks)
    assert "Cut elsewhere than midway, at" in working.to_text("en")
    pieces = wk.explain(wk.integrate, "exp(-abs(x - 2))", -math.inf, math.inf, points=[2.0])
    pieces.verify()
    assert pieces.inputs["c"].value.tolist() == [0.0, 2.0]
    assert "c" not in wk.explain(wk.integrate, "1/(1 + 25x^2)", -1, 1).inputs


def test_what_of_the_estimates_is_not_computed_again_is_said() -> None:
    by_ends = wk.explain(wk.integrate, "1/sqrt(x)", 0, 1)
    assert "The double-exponential rule's estimated errors stand as it gave them" in by_ends.to_text("en")
    smooth = wk.explain(wk.integrate, "1/(1 + 25x^2)", -1, 1)
    assert "stand as" not in smooth.to_text("en")
    with pytest.warns(ConvergenceWarning, match="The maximum number of subdivisions"):
        found = wk.integrate("floor(x)", 5.25, 7.875, limit=5)
    cut = found.subintervals
    assert cut is not None
    assert cut.raised.sum() == 1
    assert "Bisecting had shown 1 of the estimates too small" in found.explain().to_text("en")
    lowered = cut.error.copy()
    lowered[cut.raised] *= 1e-3
    with pytest.raises(WorkingError, match=r"verify: table (subintervals|rounds)"):
        replace(found, subintervals=replace(cut, error=lowered)).explain().verify()


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


@pytest.mark.parametrize(
    ("f", "lower", "upper"),
    [
        ("abs(x - y)", [0, 0], [1, 0.3]),
        ("exp(-x^2 - y^2)", [-math.inf, -math.inf], [math.inf, 1.3]),
        (lambda p: np.cos(9 * p[:, 0] * p[:, 1]), [1, 0], [0, 3]),
    ],
)
def test_each_cell_of_a_box_is_computed_again(f: Any, lower: Any, upper: Any) -> None:
    found = wk.integrate_box(f, lower, upper)
    working = found.explain()
    working.verify()
    step = working.step("boxes")
    assert step.table is not None
    cells = step.table.rows[-1]
    # Four sides, the error, and the integral where another rule settles, as it does not on the bend of |x - y|.
    assert sum(isinstance(cell, Derived) for cell in cells) == (5 if f == "abs(x - y)" else 6)
    for place, cell in enumerate(cells):
        if not isinstance(cell, Derived) or math.isinf(cell.value):
            continue
        rows = [list(each) for each in step.table.rows]
        rows[-1][place] = replace(cell, value=cell.value * 1.001 + 2.0 * cell.absolute + 1e-12)
        table = Table(step.table.columns, tuple(map(tuple, rows)), step.table.total)
        with pytest.raises(WorkingError, match="verify: table boxes"):
            with_step(working, replace(step, table=table)).verify()
    boxes = found.boxes
    assert boxes is not None
    # One of those told; what halving has raised is only checked to be no less than the formula gives.
    row = next(k for k in np.argsort(-boxes.error, kind="stable")[:12].tolist() if not boxes.raised[k])
    high, error = boxes.high.copy(), boxes.error.copy()
    high[row, 1] -= 1e-3 * (high[row, 1] - max(boxes.low[row, 1], high[row, 1] - 1.0))
    error[row] *= 1.1
    for wrong in (replace(boxes, high=high), replace(boxes, error=error)):
        with pytest.raises(WorkingError, match="verify: table boxes"):
            replace(found, boxes=wrong).explain().verify()


@pytest.mark.parametrize(
    ("ask", "key"),
    [
        (lambda: wk.explain(wk.trapezoid, [1.5, 4, 2, 8.25], [0, 1, 2.5, 4]), "strips"),
        (lambda: wk.explain(wk.trapezoid, [1.5, 4, 2, 8.25], dx=0.1), "strips"),
        (lambda: wk.explain(wk.simpson, [1, 4, 2, 8.5], [0, 1, 2.5, 4]), "pairs"),
        (lambda: wk.explain(wk.cumulative_trapezoid, [1, 4, 2, 8]), "strips"),
        (lambda: wk.explain(wk.riemann_sum, "x^2 + 0.3", 0, 3, 6, rule="midpoint"), "strips"),
        (lambda: wk.explain(wk.expectation, "x^2", {1: 0.25, 2: 0.5, 6: 0.25}), "terms"),
    ],
)
def test_of_each_row_every_number_but_its_own_is_checked(ask: Any, key: str) -> None:
    """Places, heights and values of X as they were given too: they are what a reader adds up."""
    working = ask()
    working.verify()
    step = working.step(key)
    assert step.table is not None
    own = 0 if key == "terms" else 1  # the number of the strip
    for row, cells in enumerate(step.table.rows):
        for place in range(own, len(cells)):
            cell = cells[place]
            assert isinstance(cell, Derived)
            wrong = list(cells)
            wrong[place] = replace(cell, value=cell.value * 1.0007 + (1e-3 if cell.value == 0 else 0.0))
            rows = tuple(tuple(wrong) if k == row else each for k, each in enumerate(step.table.rows))
            with pytest.raises(WorkingError, match=f"table {key}"):
                with_step(working, replace(step, table=replace(step.table, rows=rows))).verify()


@pytest.mark.parametrize(("f", "a", "b"), [("1/x", 0, 1), ("1/x", 1, math.inf), ("log(x)", -2, 2)])
@pytest.mark.parametrize("place", [2, 3])
def test_areas_and_errors_of_an_integral_that_has_no_area_are_those_that_the_rule_gave(
    f: str, a: float, b: float, place: int
) -> None:
    with pytest.warns(ConvergenceWarning):
        found = wk.integrate(f, a, b)
    working = found.explain()
    working.verify()
    step = working.step("subintervals")
    assert step.table is not None
    for row, cells in enumerate(step.table.rows):
        cell = cells[place]
        assert isinstance(cell, Derived)
        wrong = list(cells)
        wrong[place] = replace(cell, value=1.25)
        rows = tuple(tuple(wrong) if k == row else each for k, each in enumerate(step.table.rows))
        with pytest.raises(WorkingError, match="table subintervals"):
            with_step(working, replace(step, table=replace(step.table, rows=rows))).verify()
    assert "No other rule can check an area that there is not" in " ".join(working.to_text("en").split())
    assert "검산할 수 없다" in working.to_text("ko")


def test_an_infinite_sum_that_is_shown_finite_is_caught() -> None:
    with pytest.warns(ConvergenceWarning):
        working = wk.integrate("1/x", 0, 1).explain()
    left = working.step("left")
    assert left.value == math.inf
    for shown in (number(17), number(-math.inf)):
        with pytest.raises(WorkingError, match="line left"):
            with_step(working, replace(left, shown=shown)).verify()


@pytest.mark.parametrize("unit", [2.0**-60, 1.0, 2.0**60])
def test_a_wrong_sum_of_strips_is_caught_in_every_unit(unit: float) -> None:
    told = (
        wk.explain(wk.riemann_sum, f"{unit!r}*(x^2 - 3)", 0, 3, 5),
        wk.explain(wk.integrate, f"{unit!r}*(x^2 - 2)", 0, 3),
    )
    for working, key in zip(told, ("area", "doubling"), strict=True):
        working.verify()
        step = working.step(key)
        if step.table is None:
            wrong = replace(step, value=step.value * (1 + 1e-6))
        else:
            (first, cell, *rest), *others = step.table.rows
            changed = (first, replace(cell, value=cell.value * (1 + 1e-6)), *rest)
            wrong = replace(step, table=replace(step.table, rows=(changed, *others)))
        with pytest.raises(WorkingError, match=key):
            with_step(working, wrong).verify()
