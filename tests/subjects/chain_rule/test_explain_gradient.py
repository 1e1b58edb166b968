"""The workings of gradients, Hessians, Jacobians and slopes along a direction: held against known answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import workings as wk
from workings.errors import InputError, WorkingError
from workings.expression import symbols
from workings.expression.formula import Formula
from workings.subjects.chain_rule import compute, explain_chain, explain_settled
from workings.working import Working

# Test functions of optimisation with their gradients by hand, logsumexp, and a product with one factor zero.
CASES = [
    ("100*(y-x^2)^2+(1-x)^2", {"x": -1.2, "y": 1}, {"x": -215.6, "y": -88.0}),
    ("(1.5-x+x*y)^2+(2.25-x+x*y^2)^2+(2.625-x+x*y^3)^2", {"x": 1, "y": 1}, {"x": 0.0, "y": 27.75}),
    (
        "(a+10*b)^2+5*(c-d)^2+(b-2*c)^4+10*(a-d)^4",
        {"a": 3, "b": -1, "c": 0, "d": 1},
        {"a": 306.0, "b": -144.0, "c": -2.0, "d": -310.0},
    ),
    (
        "ln(exp(x)+exp(y)+exp(z))",
        {"x": 1, "y": 2, "z": 3},
        {"x": 0.09003057317038046, "y": 0.24472847105479767, "z": 0.6652409557748219},
    ),
    ("a*b*c*d", {"a": 2, "b": 0, "c": 3, "d": 4}, {"a": 0.0, "b": 24.0, "c": 0.0, "d": 0.0}),
    ("y = u*v; u = x*z; v = x^2 + z", {"x": 1, "z": 2}, {"x": 10.0, "z": 5.0}),
]


@pytest.mark.parametrize(("formula", "point", "slopes"), CASES)
def test_every_partial_derivative_is_the_known_one(formula, point, slopes):
    working = wk.explain(wk.gradient, formula)
    assert working.verify().cells
    working = working.at(**point)
    found = working.verify()
    assert found.equations >= len(slopes)
    for name, slope in slopes.items():
        assert working.step(f"one_formula_{name}").value == pytest.approx(slope, rel=1e-12, abs=1e-12)
    for text in (working.to_text("en"), working.to_html("en"), working.to_latex("en"), working.to_markdown("ko")):
        assert text
    assert Working.from_json(working.to_json()).verify() == found


def test_the_value_stands_first_where_it_is_asked_for():
    working = wk.explain(wk.value_and_gradient, "x^2 + x*z").at(x=1, z=2)
    assert "Result  y = 3, ∂y/∂x = 4, ∂y/∂z = 1." in working.to_text("en")
    assert wk.explain(wk.value_and_gradient("x^2 + x*z")).at(x=1, z=2).to_text("en") == working.to_text("en")


def test_a_gradient_that_was_found_explains_itself():
    again = wk.gradient("x^2 + x*z").explain().at(x=1, z=2)
    assert again.to_text("en") == wk.explain(wk.gradient, "x^2 + x*z").at(x=1, z=2).to_text("en")


def test_a_wrong_rule_is_caught_in_a_gradient_too(monkeypatch):
    right = explain_chain.derivative
    monkeypatch.setattr(explain_chain, "derivative", lambda body, on: right(body, on) + 1)
    with pytest.raises(WorkingError):
        wk.explain(wk.gradient, CASES[0][0]).at(**CASES[0][1]).verify()


def rosenbrock(count):
    x = symbols(" ".join(f"x{i}" for i in range(count)))
    terms = [(1 - x[i]) ** 2 + 100 * (x[i + 1] - x[i] ** 2) ** 2 for i in range(count - 1)]
    return Formula.of(sum(terms[1:], terms[0]))


def test_many_variables_are_told_in_tables_and_held_along_one_direction(monkeypatch):
    formula = rosenbrock(12)
    point = {f"x{i}": 0.5 + i / 10 for i in range(12)}
    working = wk.explain(wk.gradient, formula).at(**point)
    found = working.verify()
    assert found.cells > 100
    assert len(working.to_text("en").splitlines()) < 250
    assert working.step("agrees").value is True
    slopes = {row[0]: row[-1].value for row in working.step("backward").table.rows}
    for (name, slope), (row, value) in zip(
        wk.gradient(formula)(**point).items(), list(slopes.items())[-12:], strict=True
    ):
        assert str(row) == f"∂y/∂{name}"
        assert value == slope
    right = explain_chain.gradient
    monkeypatch.setattr(explain_chain, "gradient", lambda body, on: tuple(2 * slope for slope in right(body, on)))
    with pytest.raises(WorkingError):
        wk.explain(wk.gradient, formula).at(**point).verify()


@pytest.mark.parametrize("point", [None, 0.5])
def test_the_formulas_of_many_variables_open_and_those_too_long_are_counted(point):
    formula = "y = sin(u)*v + exp(u); u = a*b + c*d; v = g*h + k^2*l"
    working = wk.explain(wk.gradient, formula)
    assert point is not None or "6 of 8 derivatives are tried out." in working.to_text("en")
    long = wk.explain(wk.gradient, "(" + "+".join(f"x_{k}^2*sin(x_{k + 1})" for k in range(20)) + ")^2")
    if point is not None:
        working = working.at(**dict.fromkeys("abcdghkl", point))
        long = long.at(**{f"x_{k}": point for k in range(21)})
    assert 'Each derivative as one formula: 8 lines, part="formulas"' in working.to_text("en")
    opened = working.at(part="formulas")
    opened.verify()
    written = {str(step.statement.left): step.statement.right for step in opened.step("formulas").substeps}
    assert written == {f"∂y/∂{name}": slope.node for name, slope in wk.gradient(formula).items()}
    text = long.to_text("en")
    assert 'Note     21 of 21 formulas are too long to be read here: gradient(...)["x_0"]' in text
    assert "part=" not in text
    told = wk.explain(wk.gradient, "a*b*c*d*g*h*k*l").to_text("en")
    assert "part=" not in told, "the table of partial derivatives has said every formula"


def test_second_derivatives_are_told_once_for_each_pair():
    working = wk.explain(wk.hessian, "(1-x)^2+100*(y-x^2)^2")
    assert working.verify().cells
    found = working.at(x=1, y=1)
    found.verify()
    assert [step.value for step in found.walk() if step.key.startswith("entry_")] == [802.0, -400.0, 200.0]
    assert "∂²f/∂x² = 802, ∂²f/∂y∂x = -400, ∂²f/∂y² = 200" in found.to_text("en")
    assert wk.hessian("(1-x)^2+100*(y-x^2)^2").explain().at(x=1, y=1).to_text("ko") == found.to_text("ko")


def test_a_jacobian_tells_every_formula_by_every_variable():
    found = wk.explain(wk.jacobian, ["r*cos(t)", "r*sin(t)"]).at(r=2, t=0.5)
    found.verify()
    values = [step.value for step in found.walk() if step.key.startswith("entry_")]
    assert values == pytest.approx([np.cos(0.5), -2 * np.sin(0.5), np.sin(0.5), 2 * np.cos(0.5)], rel=1e-14)


def _cells(step):
    return [[getattr(value, "value", value) for value in row[1:]] for row in step.table.rows]


@pytest.mark.parametrize(
    ("function", "given", "point", "rules"),
    [
        (
            wk.jacobian,
            ["r*cos(t)", "r*sin(t) + r^3"],
            {"r": 2, "t": 0.5},
            ["Constant factor", "Constant factor, cosine", "Sum rule", "Sum rule, constant factor, sine"],
        ),
        (
            wk.hessian,
            "x^2*z + exp(z)",
            {"x": 1, "z": 2},
            ["Constant factor", "Constant factor", "Sum rule, exponential"],
        ),
        (wk.hessian, "mean((m*x - y)^2)", {"m": 2, "x": [1.0, 3.0], "y": [0.5, 4.0]}, ["Differentiated"]),
    ],
)
def test_a_matrix_is_shown_as_one_and_its_entries_name_their_rules(function, given, point, rules):
    more = {"rows": ["x", "y"]} if "m" in point else {}
    found = function(given, **more)
    working = wk.explain(found)
    working.verify()
    matrix = found._content().rows
    if not more:
        assert _cells(working.step("matrix")) == [list(row) for row in matrix]
    at = working.at(**point)
    at.verify()
    assert np.asarray(_cells(at.step("matrix"))) == pytest.approx(np.asarray(found(**point)), rel=1e-14)
    for told in (working, at):
        assert [str(step.title) for step in told.walk() if step.key.startswith("entry_")] == rules


def test_a_matrix_of_many_columns_is_not_laid_out():
    working = wk.explain(wk.hessian, "*".join("abcdghklm"))
    assert "matrix" not in [step.key for step in working.walk()]


def test_a_wrong_number_in_a_matrix_is_caught():
    at = wk.explain(wk.jacobian, ["r*cos(t)", "r*sin(t)"]).at(r=2, t=0.5)
    step = at.step("matrix")
    (head, first, second), *rows = step.table.rows
    wrong = replace(step.table, rows=((head, replace(first, value=first.value + 1), second), *rows))
    steps = tuple(replace(each, table=wrong) if each is step else each for each in at.steps)
    with pytest.raises(WorkingError):
        replace(at, steps=steps, checked=None).verify()


def test_a_slope_along_a_direction_is_the_sum_of_its_parts():
    working = wk.explain(wk.directional_derivative, "x^2 + x*z", {"x": 3, "z": 4})
    working.verify()
    found = working.at(x=1, z=2)
    found.verify()
    assert found.step("one_formula").value == 16.0
    assert found.step("along").value == 16.0
    assert found.step("agrees").value is True
    by_order = wk.explain(wk.directional_derivative, "x^2 + x*z", [3, 4]).at(x=1, z=2)
    assert by_order.to_text("en") == found.to_text("en")


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: wk.explain(wk.gradient, "x*z").at(x=1), "got none for z"),
        (lambda: wk.explain(wk.hessian, "x*z").at(x=1, z="2"), "z must be one finite number; got '2'"),
        (lambda: wk.explain(wk.jacobian, ["ln(x)"]).at(x=-1), "log"),
        (lambda: wk.explain(wk.directional_derivative, "x*z", [1]), "direction must have a number for each variable"),
        (lambda: wk.explain(wk.gradient, "x*z", "q"), "variable must be a variable of the formula"),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_reason(ask, says):
    with pytest.raises(InputError, match=says):
        ask()


def test_a_constant_has_no_gradient_to_tell():
    with pytest.raises(InputError, match="the formula must have a variable; got 3"):
        wk.explain(wk.gradient, "3")


def test_a_value_beyond_the_largest_float_is_said():
    with pytest.raises(InputError, match=r"a value that a float holds; \(3·x\)² is 9.0e\+600 at x = 1·10³⁰⁰"):
        wk.explain(wk.gradient, "y=z^2; z=3*x").at(x=1e300)


@pytest.mark.parametrize("count", [2, 5])
def test_second_derivatives_that_are_0_are_no_rounding_of_their_differences(count):
    formula = "+".join(f"x{k}^2*x{k + 1}" for k in range(count))
    working = wk.explain(wk.hessian, formula).at(**{f"x{k}": 0.5 for k in range(count + 1)})
    assert working.verify().cells > count**2


def test_a_difference_of_a_long_sum_is_that_of_the_terms_that_move(monkeypatch):
    formula = " - ".join(f"sin(x_{k})*x_{k + 1}^2" for k in range(12))
    point = {f"x_{k}": 0.5 + k / 20 for k in range(13)}
    working = wk.explain(wk.hessian, formula).at(**point)
    assert working.verify().equations == 91
    rows = working.step("differences").table.rows
    matrix = np.asarray(wk.hessian(formula)(**point))
    assert [row[2].value for row in rows] == pytest.approx(matrix[np.triu_indices(13)], rel=1e-3, abs=1e-12)
    right = explain_settled.terms
    monkeypatch.setattr(explain_settled, "terms", lambda node: right(node)[1:])
    with pytest.raises(WorkingError):
        wk.explain(wk.hessian, formula).at(**point).verify()


def test_along_a_direction_a_kink_is_told_from_both_sides():
    text = wk.explain(wk.directional_derivative, "abs(x) + z", {"x": 1, "z": 1}).at(x=0, z=4).to_text(lang="en")
    assert "1 by convention: on the two sides of this point the slopes differ." in text
    assert "The slopes on both sides" in text
    beside = wk.explain(wk.directional_derivative, "abs(x) + z", {"x": 0, "z": 1}).at(x=0, z=4)
    assert "1 for each unit of the direction." in beside.to_text(lang="en")


def test_a_direction_in_symbols_is_tried_out(monkeypatch):
    rows = wk.explain(wk.directional_derivative, "x^2 + x*z", {"x": 3, "z": 4}).step("trial").table.rows
    assert [str(row[0]) for row in rows] == ["∂y/∂x", "∂y/∂z", "D"]
    many = wk.explain(wk.directional_derivative, "*".join("abcdghk"), range(7)).step("trial").table.rows
    assert [str(row[0]) for row in many] == ["D"]
    right = compute.directional_derivative
    monkeypatch.setattr(compute, "directional_derivative", lambda f, way: f.alike(right(f, way).node * 1.001))
    with pytest.raises(WorkingError):
        wk.explain(wk.directional_derivative, "x^2 + x*z", {"x": 3, "z": 4}).verify()


@pytest.mark.parametrize("direction", [[0.6, 0.8], [0.6, 0.7], [0.1, 0.3]])
def test_decimals_of_a_direction_are_no_difference_to_tell(direction):
    found = wk.explain(wk.directional_derivative, "x^2 + 3*x*z", direction).at(x=1, z=2)
    assert found.verify().equations == 5
    assert [row[2] for row in found.step("differences").table.rows] == [0.0, 0.0, 0.0]
