"""What simplifying did, told: every rule in its order, both sides worked out at points, and a wrong rule caught."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import workings as wk
from workings.errors import InputError, WorkingError
from workings.expression import symbols
from workings.working import Working

x, z = symbols("x z")

FORMULAS = [
    "2*x + 3*x", "x^2/x", "(x^2 + x*z)/x", "log(exp(x))", "(x+1)^2 - x^2 - 2*x", "1/(1/x + 1/z)", "sqrt(x^2)*abs(x)/x",
    "0.1*3*x + 0.3*x", "exp(log(x))*x^2/x", "where(x > 0, x + x, 0*x)", "y = u + u; u = x*x", "3*2 + 1", "x + 1",
    "(2*x + 3*x)*(z + 2*z)", "sin(x)*sin(x) + 2*sin(x)^2", "(x/z)/(z/x) + x^2/z^2", "e^x*e^x", "x^z*x",
]  # fmt: skip


def told(text: str) -> Working:
    return wk.formula(text).simplify().explain()


@pytest.mark.parametrize("text", FORMULAS)
def test_every_rule_is_told_in_its_order_and_holds_at_points(text: str):
    found = wk.formula(text).simplify()
    working = found.explain()
    titles = [step.title for step in working.steps if step.key.startswith("rule_")]
    assert titles == [step.title for step in found.steps]
    checked = working.verify()
    assert bool(found.steps) == (checked.cells > 0)
    assert checked.cells % 3 == 0
    assert str(found.formula.node) in working.to_text(lang="en")
    assert wk.explain(found).to_json() == working.to_json()


def test_what_a_rule_did_stands_in_the_next():
    rules = [str(step.statement) for step in told("(2*x + 3*x)*(z + 2*z)").steps if step.key.startswith("rule_")]
    assert rules == ["z + 2·z = 3·z", "2·x + 3·x = 5·x", "5·x·(3·z) = 15·x·z"]


def test_what_is_taken_for_granted_is_said_in_both_languages():
    assert re.search(r"Taken for granted +x ≠ 0", told("x^2/x").to_text(lang="en"))
    assert re.search(r"전제 +x ≠ 0", told("x^2/x").to_text(lang="ko"))
    assert "before" not in told("x^2/x").to_text(lang="ko")


def test_points_lie_on_both_sides_of_zero_where_the_formula_has_values_there():
    (table,) = [step.table for step in told("sqrt(x^2)*2*x").steps if step.table is not None]
    assert {str(row[1]) for row in table.rows} == {"x = 0.7", "x = -2.3"}


def test_a_closer_look_takes_the_point():
    working = told("(x^2 + x*z)/x").at(x=3, z=0.1)
    assert "x = 3, z = 0.1" in working.to_text(lang="en")
    assert working.verify().cells == 3
    with pytest.raises(InputError, match="for it needs x ≠ 0"):
        told("(x^2 + x*z)/x").at(x=0, z=1)


@pytest.mark.parametrize("wrong", [x + z + 1, x - z, x])
def test_a_rule_that_is_wrong_is_caught(wrong):
    found = wk.formula("(x^2 + x*z)/x").simplify()
    planted = replace(found, steps=(replace(found.steps[0], after=wrong),))
    with pytest.raises(WorkingError, match="points"):
        planted.explain().verify()


def test_a_wrong_result_of_right_rules_is_caught():
    found = wk.formula("(2*x + 3*x)*(z + 2*z)").simplify()
    with pytest.raises(WorkingError, match="points"):
        replace(found, formula=wk.formula("15*x*z + 1e-9")).explain().verify()
