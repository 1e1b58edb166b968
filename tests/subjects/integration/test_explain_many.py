"""Boxes and families, worked: every part that is shown is checked by a rule of its own, and lies are caught."""

from __future__ import annotations

import math
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workings as wk
from workings.errors import ConvergenceWarning, InputError, WorkingError
from workings.expression import to_text
from workings.language import use_language
from workings.working import Derived

INF = math.inf
BOXES: list[tuple[Any, list[float], list[float], float]] = [
    ("x*y + 1", [0, 0], [1, 2], 3.0),
    ("x*y", [1, 0], [0, 2], -1.0),
    ("exp(-(x + y)^2)", [0, 0], [1, 2], 0.45459929531),
    ("exp(-x + y)", [0, -INF], [INF, 0], 1.0),
    ("x*y*z", [0, 0, 0], [1, 1, 2], 0.5),
    ("x*y*z*u", [0] * 4, [1] * 4, 0.0625),
    (lambda x, y: np.sin(x * y), [0, 0], [3, 2], 2.43703238),
    (lambda p: p[:, 0] ** 2 + p[:, 1], [0, 0], [3, 2], 24.0),
]


@pytest.mark.parametrize(("f", "lower", "upper", "exact"), BOXES)
def test_an_integral_over_a_box_is_worked(f: Any, lower: list[float], upper: list[float], exact: float) -> None:
    found = wk.integrate_box(f, lower, upper)
    working = found.explain()
    assert working.verify().equations == 2
    assert working.step("sum").value == working.step("again").value == found.value == pytest.approx(exact, rel=1e-7)
    assert found.boxes is not None
    shown = working.step("boxes").table
    assert shown is not None
    assert len(shown.rows) == min(12, len(found.boxes))
    assert all(isinstance(row[-2], Derived) for row in shown.rows)
    text = working.to_text()
    assert text.count("∫") == len(lower)
    with use_language("ko"):
        assert "적분" in working.to_text()


def test_boxes_fill_the_box_and_add_up_to_its_integral() -> None:
    boxes = wk.integrate_box("exp(-(x + y)^2)", [0, 0], [1, 2]).boxes
    assert boxes is not None
    assert np.prod(boxes.high - boxes.low, axis=1).sum() == pytest.approx(2)
    assert (boxes.low < boxes.high).all()
    infinite = wk.integrate_box("exp(-x^2 - y^2)", [-INF, 0], [INF, INF])
    assert infinite.boxes is not None
    assert not np.isnan(infinite.boxes.low).any()
    assert (infinite.boxes.low < infinite.boxes.high).all()
    working = infinite.explain()
    assert working.verify().cells == 12 * 6
    assert "The boxes shown were checked by Gauss's rule" in working.to_text()


@pytest.mark.filterwarnings("ignore::workings.errors.ConvergenceWarning")
@pytest.mark.parametrize("f", ["x*y", "abs(x - y)", "1/(x + y)"])
def test_boxes_of_an_integral_that_is_not_finite_are_told_as_they_were_left(f: str) -> None:
    working = wk.integrate_box(f, [0, 0], [INF, 1]).explain()
    shown = working.step("boxes").table
    assert shown is not None
    assert not any(isinstance(row[-2], Derived) for row in shown.rows)
    assert working.verify()
    assert "undefined" in working.to_text()


@pytest.mark.parametrize(("f", "lower", "upper", "exact"), BOXES)
def test_a_wrong_box_is_caught(f: Any, lower: list[float], upper: list[float], exact: float) -> None:
    found = wk.integrate_box(f, lower, upper)
    assert found.boxes is not None
    values = found.boxes.value.copy()
    values[len(values) // 2] += 1e-4 * abs(exact)
    wrong = replace(found, value=math.fsum(values.tolist()), boxes=replace(found.boxes, value=values))
    with pytest.raises(WorkingError, match=r"(again|boxes)"):
        wrong.explain().verify()
    with pytest.raises(WorkingError, match="line sum"):
        replace(found, value=found.value * (1 + 1e-6)).explain().verify()


def test_where_f_jumps_the_sum_alone_is_checked_and_that_is_said() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        working = wk.integrate_box("abs(x - y)", [0, 0], [1, 1], max_subdivisions=20_000).explain()
    working.verify()
    assert "checked" in working.to_text()


FAMILIES: list[tuple[Any, float, float, Any]] = [
    (lambda t, w: np.cos(w * t) * np.exp(-t * t), 0, 10, np.linspace(0, 5, 60)),
    ("x^a*exp(-b*x)", 0, INF, [[1.0, 2], [2, 3], [3, 1], [0.5, 1], [2, 2], [4, 5]]),
    ("sin(p*x)", 1, 0, [1.0, 2, 3]),
    (lambda t, p: math.cosh(p * t), 0, 1, [0.5, 1.5]),
]


@pytest.mark.parametrize(("f", "a", "b", "parameters"), FAMILIES)
def test_a_family_is_worked_and_so_is_each_member(f: Any, a: float, b: float, parameters: Any) -> None:
    family = wk.integrate_family(f, a, b, parameters)
    working = family.explain()
    assert working.verify().cells == min(10, len(family))
    assert working.step("largest").value == family.value.max()
    assert working.step("smallest").value == family.value.min()
    for member in (0, len(family) - 1):
        told = working.at(member=member)
        told.verify()
        keys = {step.key: step for step in told.walk()}
        value = keys["together" if "together" in keys else "sum"].value
        assert value == family.value[member]
        family[member].explain().verify()
    for wrong in (-1, len(family), 1.5, True):
        with pytest.raises(InputError, match="at: member must be from 0"):
            working.at(member=wrong)
    assert len(working.to_text()) < 4_000


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=1, max_size=30), st.floats(0.1, 2))
def test_families_of_every_kind_hold(parameters: list[float], end: float) -> None:
    wk.explain(wk.integrate_family, "exp(p*x)*cos(x)", 0, end, parameters).verify()


@pytest.mark.parametrize(("f", "a", "b", "parameters"), FAMILIES)
def test_a_wrong_member_is_caught(f: Any, a: float, b: float, parameters: Any) -> None:
    family = wk.integrate_family(f, a, b, parameters)
    values = family.value.copy()
    values[-1] *= 1 + 1e-5
    wrong = replace(family, value=values, alone={})
    with pytest.raises(WorkingError, match="table members"):
        wrong.explain().verify()
    with pytest.raises(WorkingError, match="line together"):
        wrong.explain().at(member=len(family) - 1).verify()


@pytest.mark.filterwarnings("ignore::workings.errors.ConvergenceWarning")
def test_a_family_without_a_value_says_so() -> None:
    working = wk.integrate_family("1/(x - w)^2", -1, 1, [0.0, 0.5]).explain()
    assert working.verify()
    assert "0 of 2 integrals converged" in working.to_text()


@pytest.mark.parametrize(("member", "text"), [(0, "x^0.5 * exp(-0.5 * x)"), (1, "x^3 * exp(-3 * x)")])
def test_a_member_is_told_with_its_parameter_as_one_would_write_it(member: int, text: str) -> None:
    working = wk.explain(wk.integrate_family, "x^a * exp(-a*x)", 0, 2, {"a": [0.5, 3]}).at(member)
    working.verify()
    assert to_text(working.step("function").statement.right, ascii=True) == text
