"""How a formula is worked out: in the agreed voice, true wherever it has a value, and caught when anything is wrong."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workings as wk
from workings.errors import InputError, WorkingError
from workings.expression import Number
from workings.working import Working

AT_A_POINT = """\
What is y where x = 1.5, z = 2?

  1  Definition            u = x·z
  2  Definition            v = log(x²) + z
  3  The formula           y = u·v
  4  It has a value where  x² > 0:  1.5² > 0
  5  Value of u            u = 1.5 × 2 = 3
  6  Value of x²           1.5² = 2.25
  7  Value of log(x²)      log(2.25) ≈ 0.81093
  8  Value of v            v = 0.81093 + 2 = 2.81093
  9  Value of y            y = 3 × 2.81093 = 8.43279

  Result  y ≈ 8.43279.

  Checked  6 lines, evaluated again at 50 digits; largest difference 6·10⁻⁷,
           below the rounding shown (5·10⁻⁶)."""


def shown_lines(working: Working) -> list[str]:
    return [line.strip() for line in working.to_text("en").splitlines()]


def test_a_system_is_worked_out_as_at_a_blackboard() -> None:
    working = wk.formula("y = u*v; u = x*z; v = log(x^2) + z").explain(x=1.5, z=2)
    assert working.to_text("en") == AT_A_POINT


def test_it_takes_what_the_formula_takes() -> None:
    f = wk.formula("x^2 + sin(z)/2")
    said = f.explain(x=3, z=1).to_text()
    assert said == wk.explain(f, 3, 1).to_text() == f.explain().at(x=3, z=1).to_text()
    assert said == wk.explain(wk.formula, "x^2 + sin(z)/2").at(z=1, x=3).to_text()
    for call in (lambda: f.explain(3), lambda: f.explain(3, 1, 2), lambda: f.explain(x=3, w=1)):
        with pytest.raises(InputError):
            call()


def test_in_symbols_it_says_where_there_is_a_value_and_in_which_order() -> None:
    lines = shown_lines(wk.formula("log(x)/(1 + z^2)").explain())
    assert any("It has a value where" in line and "x > 0" in line for line in lines)
    assert not any("≠ 0" in line for line in lines)  # 1 + z² is never 0
    order = [line.split(maxsplit=1)[1] for line in lines if line[:1].isdigit() and line.split()[0] in "12345"]
    assert order[-4:] == ["log(x)", "z²", "1 + z²", "y"]
    assert "It has a value for all real numbers." in wk.formula("x^3 - exp(x)").explain().to_text("en")


def test_of_cases_the_one_that_holds_is_told() -> None:
    f = wk.formula("where(x > 0, log(x), -x) + where(x < 5, 1, 2)")
    above, below = shown_lines(f.explain(x=9)), shown_lines(f.explain(x=-2))
    assert any(line.endswith("x > 0:  9 > 0") for line in above)
    assert any(line.endswith("x ≥ 5:  9 ≥ 5") for line in above)
    assert any(line.endswith("x ≤ 0:  -2 ≤ 0") for line in below)
    assert not any("log" in line for line in below[2:] if "where" not in line)


def test_sums_over_rows_and_rows_by_themselves() -> None:
    cost = wk.formula("mean((y - m*x)^2)/2", rows=("x", "y"))
    working = cost.explain(m=2, x=[1, 2, 3], y=[2, 4, 7])
    assert working.verify().equations == 4
    assert "(2 - 2 × 1)² + (4 - 2 × 2)² + (7 - 2 × 3)² = 1" in working.to_text("en")
    line = wk.formula("y = 10*v; v = m*x + b")
    rows = line.explain(m=2, b=1, x=np.array([1, 2, 3.5]))
    assert rows.verify().cells == 6
    assert rows.step("rows").table.rows[2] == (2, 3.5, 8.0, 80.0)
    assert "v = 7 + 1 = 8" in rows.at(row=2).to_text("en")
    with pytest.raises(InputError, match="row must be a whole number from 0 to 2; got 3"):
        rows.at(row=3)


def test_a_long_formula_is_told_in_a_table_of_named_parts() -> None:
    f = wk.formula(" + ".join(f"sin({k}*x)^2/{k}" for k in range(2, 20)))
    working = f.explain(x=0.3)
    assert working.verify().cells > 18
    assert len(working.to_text().splitlines()) < 70
    assert working.step("value").value == f(x=0.3)


@pytest.mark.parametrize("name", ["x", "z"])
def test_where_there_is_no_value_it_is_refused_with_the_reason(name: str) -> None:
    with pytest.raises(InputError, match=f"for it needs {name} > 0"):
        wk.formula("log(x) + log(z)").explain(**{"x": 1, "z": 1, name: -1})


@given(
    x=st.floats(-5, 5).filter(lambda x: abs(x) > 1e-3),
    z=st.floats(0.01, 5),
    text=st.sampled_from(
        [
            "x^2*z/(1 + abs(x))", "where(x > 0, sqrt(x), exp(x))*z", "y = u/v; u = sin(x*z) - x; v = 2 + cos(u*z)",
            "max(x, z) - floor(z)", "-x^3 - -(x - z)", "(x - z)*(x - z)^2/z",
        ]
    ),
)  # fmt: skip
@settings(max_examples=40)
def test_its_value_is_the_formulas_own(x: float, z: float, text: str) -> None:
    f = wk.formula(text)
    working = f.explain(x=x, z=z)
    assert working.step("value").value == f(x=x, z=z)
    assert working.verify().equations >= 1
    working.to_text("ko")


def test_a_planted_fault_is_caught() -> None:
    working = wk.formula("x^2 + sin(z)/2").explain(x=3, z=1)
    for key, fault in (("part_y_1", 0.85), ("value", 9.5)):
        steps = [
            dataclasses.replace(step, value=fault, shown=Number(fault)) if step.key == key else step
            for step in working.steps
        ]
        with pytest.raises(WorkingError):
            dataclasses.replace(working, steps=tuple(steps)).verify()


def test_a_wrong_compiled_value_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    f = wk.formula("x^2 + 1")
    monkeypatch.setattr(type(f), "__call__", lambda self, *args, **values: math.nextafter(10.0, 11) + 1e-6)
    with pytest.raises(WorkingError):
        f.explain(x=3).verify()
