"""Areas under samples, worked: every strip is checked, the digits shown give the sums shown, and lies are caught."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import workings as wk
from workings.errors import InputError, WorkingError
from workings.subjects.integration import samples
from workings.working import Derived, Table, Working

RULES = (wk.trapezoid, wk.simpson, wk.cumulative_trapezoid)
NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda value: round(value, 4))
POINTS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=24)
EVENLY = [1.0, 2.0, 4.0, 3.0, 2.5, 7.0]
PLACES = [0.0, 1.0, 3.0, 3.5, 4.0, 6.0]


@settings(max_examples=40, deadline=None)
@given(POINTS, st.sampled_from(RULES), st.booleans())
@example([(0.0, 0.0), (1.0, 0.0), (0.0, 0.0), (1.0, 0.0)], wk.simpson, True)  # the last two strips have no width in all
@example([(0.0, 0.0), (0.5, 0.0), (100000.75, 0.0), (0.0, 0.0)], wk.simpson, True)  # ... next to none
def test_samples_of_every_kind_are_worked(points: list[tuple[float, float]], rule: Any, uneven: bool) -> None:
    places, heights = (np.array(column) for column in zip(*points, strict=True))
    working = wk.explain(rule, heights, places if uneven else None)
    working.verify()
    strips = len(points) - 1 if rule is not wk.simpson else (len(points) - 1) // 2
    for strip in {1, strips} if strips else ():
        working.at(strip=strip).verify()


@pytest.mark.parametrize("dtype", [np.int32, np.float32, np.float64])
@pytest.mark.parametrize("count", [2, 5, 6, 101, 20_001])
@pytest.mark.parametrize("rule", RULES)
def test_a_working_says_what_the_function_gives_and_stays_short(rule: Any, count: int, dtype: Any) -> None:
    y = (np.arange(count) % 17).astype(dtype)
    working = wk.explain(rule, y, dx=0.5)
    assert working.verify().equations >= 1
    last = list(working.walk())[-1] if rule is not wk.simpson else working.steps[-1]
    assert last.value == pytest.approx(float(np.asarray(rule(y, dx=0.5)).reshape(-1)[-1]), rel=1e-6)
    assert len(working.to_text()) < 8_000


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_of_many_rows_each_is_checked_and_each_can_be_told(rule: Any, axis: int) -> None:
    y = np.random.default_rng(5).normal(size=(5, 4, 3)).round(3)
    x = np.cumsum(np.random.default_rng(6).random((5, 4, 3)), axis=axis)
    areas = rule(y, x, axis=axis)
    if rule is wk.cumulative_trapezoid:
        areas = np.take(areas, -1, axis=axis)
    working = wk.explain(rule, y, x, axis=axis)
    working.verify()
    rows = working.step("rows").table
    assert rows is not None
    assert [cell.value for _, cell in rows.rows if isinstance(cell, Derived)] == areas.reshape(-1).tolist()
    for row in (0, 3):
        told = working.at(row=row)
        told.verify()
        assert told.at(strip=1).verify().equations >= 1
    with pytest.raises(InputError, match="at: row must be from 0 to"):
        working.at(row=areas.size)


def test_a_strip_is_told_in_full() -> None:
    working = wk.explain(wk.trapezoid, EVENLY, PLACES).at(strip=2)
    assert [step.value for step in working.walk()] == [2.0, 3.0, 6.0]
    assert "h₂ = x₃ - x₂ = 3 - 1 = 2" in working.to_text()
    working = wk.explain(wk.cumulative_trapezoid, EVENLY, PLACES).at(strip=3)
    assert working.step("before").value == 7.5
    assert working.step("sum").value == 9.25
    for strip in (0, 6, 1.5, True):
        with pytest.raises(InputError, match="at: strip must be from 1 to 5"):
            wk.explain(wk.trapezoid, EVENLY, PLACES).at(strip=strip)


def test_the_last_strip_without_a_partner_has_the_weights_of_cartwright() -> None:
    text = wk.explain(wk.simpson, EVENLY, PLACES).to_text()
    assert "6·g·(g + h)" in text
    assert "Cartwright 2017" in text
    assert "Cartwright" not in wk.explain(wk.simpson, EVENLY[:5], PLACES[:5]).to_text()


def test_the_rivals_are_worked_out() -> None:
    steps = wk.explain(wk.trapezoid, EVENLY, PLACES).conventions[0]
    assert steps.rival_value == float(np.sum(np.diff(PLACES) * EVENLY[:-1]))
    lines = wk.explain(wk.simpson, EVENLY, PLACES).conventions[0]
    assert lines.rival_value == wk.trapezoid(EVENLY, PLACES)


def test_what_falls_is_said_to_be_taken_off() -> None:
    assert "every width is negative" in wk.explain(wk.trapezoid, EVENLY, PLACES[::-1]).to_text()
    assert "x falls 2 times" in wk.explain(wk.trapezoid, EVENLY, [0, 1, 0.5, 2, 1.5, 3]).to_text()


def test_the_digits_shown_recompute_the_sum() -> None:
    """Read ``P = A₁ + A₂ = 7.5 + 3.4167 ≈ 10.917`` as a reader would, and add the digits up."""
    text = wk.explain(wk.simpson, EVENLY[:5], PLACES[:5]).to_text(width=200)
    line = next(line for line in text.splitlines() if "A₁ + A₂ =" in line)
    terms, value = re.fullmatch(r".*A₁ \+ A₂ = ([\d. +]+) [=≈] ([\d.]+)", line).groups()  # type: ignore[union-attr]
    added = sum(Fraction(term) for term in terms.split(" + "))
    decimals = len(value.partition(".")[2])
    assert abs(added - Fraction(value)) <= Fraction(1, 2 * 10**decimals)


# Lies.


@pytest.mark.parametrize("rule", ["trapezoid", "simpson", "cumulative_trapezoid"])
@pytest.mark.parametrize("uneven", [False, True])
def test_a_wrong_kernel_is_caught(rule: str, uneven: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    right = getattr(samples, rule)
    monkeypatch.setattr(samples, rule, lambda *args, **options: right(*args, **options) * (1 + 1e-6))
    explained = wk.explain(right, EVENLY, PLACES if uneven else None)
    with pytest.raises(WorkingError, match="verify: "):
        explained.verify()


def test_a_wrong_step_and_a_wrong_number_are_caught() -> None:
    working = wk.explain(wk.trapezoid, EVENLY, PLACES)
    area = working.step("area")
    for wrong in (
        replace(area, statement=working.step("strip").statement),
        replace(area, value=area.value * (1 + 1e-8)),  # type: ignore[operator]
        replace(area, shown=wk.explain(wk.trapezoid, PLACES, EVENLY).step("area").shown),
    ):
        with pytest.raises(WorkingError):
            replace(working, steps=tuple(wrong if step is area else step for step in working.steps)).verify()


def test_a_wrong_cell_is_caught() -> None:
    working = wk.explain(wk.trapezoid, EVENLY, PLACES)
    strips = working.step("strips")
    assert strips.table is not None
    first, *others = strips.table.rows
    cell = first[-1]
    assert isinstance(cell, Derived)
    row = (*first[:-1], Derived(cell.value + 0.001, cell.statement))
    wrong = replace(strips, table=Table(strips.table.columns, (row, *others)))
    with pytest.raises(WorkingError, match="table strips"):
        replace(working, steps=tuple(wrong if step is strips else step for step in working.steps)).verify()


# What cannot be told.


def test_what_has_no_working_is_refused() -> None:
    with pytest.raises(InputError, match="explain: samples must not be masked"):
        wk.explain(wk.trapezoid, np.ma.masked_array([1.0, 2.0], [False, True]))
    with pytest.raises(InputError, match="explain: y must be real samples"):
        wk.explain(wk.simpson, [1j, 2j, 3])


def test_undefined_samples_give_an_undefined_area() -> None:
    working = wk.explain(wk.trapezoid, [1.0, float("nan"), 2.0])
    working.verify()
    assert "undefined" in working.to_text()


def test_a_working_outlives_json() -> None:
    working = wk.explain(wk.simpson, EVENLY, PLACES)
    assert Working.from_json(working.to_json()).verify().equations == working.verify().equations
