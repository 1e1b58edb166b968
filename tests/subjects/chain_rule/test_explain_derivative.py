"""The working of a derivative: in the voice that was agreed, true at every point, and caught when anything is wrong."""

from __future__ import annotations

import dataclasses
import json
import re
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workings as wk
from workings.errors import FormulaError, InputError, WorkingError
from workings.expression import OPERATIONS, Apply, Number, equation, evaluate, to_text
from workings.subjects.chain_rule import compute, explain_chain, explain_derivative
from workings.subjects.chain_rule.explain_rules import RULES, title_of
from workings.working import Derived, Working

SYSTEM = "y = u*v; u = x*z; v = x^2 + z"

EXPECTED = """\
How does y change with x where x = 1, z = 2?

   1  What depends on what
      variable  is      depends on
      ────────────────────────────
      y         u·v     u, v
      u         x·z     x, z
      v         x² + z  x, z
      2 ways: y → u → x, y → v → x. The partial derivatives along a way are
      multiplied, and the ways are added.

   2  The chain rule         ∂y     ∂y     ∂u     ∂y     ∂v
                            ──── = ──── · ──── + ──── · ────
                             ∂x     ∂u     ∂x     ∂v     ∂x

   3  Value of u            u = x·z = 1 × 2 = 2
   4  Value of v            v = x² + z = 1² + 2 = 3
   5  Value of y            y = u·v = 2 × 3 = 6
   6  Product rule          ∂y/∂u = v = 3
   7  Product rule          ∂y/∂v = u = 2
   8  Constant factor       ∂u/∂x = z = 2
   9  Sum rule, power rule  ∂v/∂x = 2·x = 2 × 1 = 2
  10  Put together           ∂y     ∂y     ∂u     ∂y     ∂v
                            ──── = ──── · ──── + ──── · ──── = 3 × 2 + 2 × 2
                             ∂x     ∂u     ∂x     ∂v     ∂x
                                 = 10

  11  As one formula        ∂y/∂x = 3·x²·z + z² = 3 × 1² × 2 + 2² = 10
  12  Forward pass: from x outwards
      variable  value  derivative  is                         value
      ─────────────────────────────────────────────────────────────
      x             1  dx/dx                                      1
      z             2  ∂z/∂x                                      0
      u             2  ∂u/∂x       ∂u/∂x·dx/dx                    2
      v             3  ∂v/∂x       ∂v/∂x·dx/dx                    2
      y             6  ∂y/∂x       ∂y/∂u·∂u/∂x + ∂y/∂v·∂v/∂x     10

  13  Backward pass: from y inwards
      derivative  is                         value
      ────────────────────────────────────────────
      dy/dy                                      1
      ∂y/∂u       dy/dy·∂y/∂u                    3
      ∂y/∂v       dy/dy·∂y/∂v                    2
      ∂y/∂x       ∂y/∂u·∂u/∂x + ∂y/∂v·∂v/∂x     10

  14  Beside the central difference
          h          D  D - ∂y/∂x
      ───────────────────────────
        0.1      10.02       0.02
       0.01    10.0002     0.0002
      0.001  10.000002     2·10⁻⁶
      D is the slope between x - h and x + h, worked out at 50 digits. A tenth
      of h leaves about a hundredth of the difference: it is D that is off.

  15  Near enough           │     ∂y │
                            │D - ────│ ≤ 0.0002:  |10.000002 - 10| ≤ 0.0002
                            │     ∂x │
                            0.0002 is what the last step, to h = 0.001, has
                            moved D itself.

  Result  10: here a rise of 0.01 in x raises y by about 0.1.

  Checked  10 lines, evaluated again at 50 digits; no difference. Cells of
           tables checked besides: 18."""

CORPUS = [
    (SYSTEM, "x", {"x": 1, "z": 2}),
    ("sin(x^2)", "x", {"x": 0.5}),
    ("1/(1+exp(-x))", "x", {"x": 2.197}),
    ("sin(x*z) + x^2*exp(-z)", "z", {"x": 0.5, "z": 1}),
    ("100*(y-x^2)^2+(1-x)^2", "x", {"x": -1.2, "y": 1}),
    ("x^2*sin(x)", "x", {"x": 0.3}),
    ("(x^2+1)/(x^3-x+4)", "x", {"x": 1.7}),
    ("x^x", "x", {"x": 2.5}),
    ("2^(3*x)", "x", {"x": 0.4}),
    ("ln(x^2+1)*atan(x)", "x", {"x": -2}),
    ("sqrt(x + sqrt(x + sqrt(x)))", "x", {"x": 3}),
    ("exp(x^2)*sin(exp(x^2))", "x", {"x": 0.6}),
    ("sigmoid(w*x + b)", "w", {"w": 0.5, "x": 3, "b": -1}),
    ("softplus(x)*relu(x-1)+abs(x)", "x", {"x": 2}),
    ("where(x > 0, x^2, -x)", "x", {"x": -0.5}),
    ("max(x, z)*min(x^2, z)", "x", {"x": 1.5, "z": 4}),
    ("y = a^2 + b; a = b*x; b = sin(x) + c; c = x", "x", {"x": 0.8}),
    ("gamma(x)*erf(x)", "x", {"x": 1.3}),
    ("normal_cdf((x - m)/s)", "s", {"x": 1.2, "m": 0.5, "s": 2}),
    ("x/3 + z", "z", {"x": 1e-8, "z": 1e8}),
    ("1e-30*x^2", "x", {"x": 1e20}),
    ("atan2(y, x)", "x", {"x": 0.3, "y": 0.4}),
    ("z", "z", {"z": 4}),
    ("3*x + 4*z", "x", {"x": 1, "z": 1}),
]


def true_derivative(formula, variables, point):
    """The derivative by differences over 10⁻¹⁵ at 80 digits: an oracle that knows none of our rules."""
    f = wk.formula(formula)
    values = {name: Fraction(str(value)) for name, value in point.items()}

    def slope(by, at):
        if not by:
            return Fraction(mpmath.nstr(evaluate(f.node, at, arithmetic="mpmath", digits=80), 78))
        h = Fraction(1, 10**15) * max(1, abs(at[by[0]]))
        above, below = (slope(by[1:], {**at, by[0]: at[by[0]] + step}) for step in (h, -h))
        return (above - below) / (2 * h)

    return float(slope(variables, values))


def test_the_example_of_the_issue_line_by_line():
    assert wk.explain(wk.differentiate, SYSTEM, "x").at(x=1, z=2).to_text("en") == EXPECTED


@pytest.mark.parametrize(("formula", "variable", "point"), CORPUS)
def test_every_derivation_holds_and_ends_at_the_derivative(formula, variable, point):
    working = wk.explain(wk.differentiate, formula, variable)
    assert working.verify().cells
    working = working.at(**point)
    found = working.verify()
    assert found.equations >= 3
    assert found.scope == {"inputs": found.equations}
    step = working.step("one_formula")
    assert step.value == pytest.approx(true_derivative(formula, [variable], point), rel=1e-9)
    assert working.step("agrees").value is True
    for text in (working.to_text("en"), working.to_html("en"), working.to_latex("en"), working.to_markdown("en")):
        assert text


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize(("formula", "variable", "point"), CORPUS[::4])
def test_json_gives_the_same_derivation_back(formula, variable, point, lang):
    working = wk.explain(wk.differentiate, formula, variable).at(**point)
    again = Working.from_json(working.to_json(lang))
    assert again.verify() == working.verify()
    assert again.to_text(lang) == working.to_text(lang)
    assert json.loads(working.to_json(lang))["subject"] == "chain_rule"


@given(st.fractions(-3, 3, max_denominator=50), st.fractions(Fraction(1, 4), 3, max_denominator=50))
@settings(max_examples=25, deadline=None)
def test_whatever_the_point_the_digits_shown_give_the_results_shown(x, z):
    working = wk.explain(wk.differentiate, "y = u*v + exp(u); u = x*z; v = x^2/z + sin(x)", "x").at(x=x, z=z)
    working.verify()
    assert working.step("one_formula").value == pytest.approx(
        wk.differentiate("x*z*(x^2/z + sin(x)) + exp(x*z)", "x")(x=float(x), z=float(z)), rel=1e-9, abs=1e-12
    )


def test_lines_of_arithmetic_can_be_redone_from_the_text():
    """Read each line left = ... = numbers ≈ result as a reader would, and recompute the numbers."""
    working = wk.explain(wk.differentiate, "sin(x*z) + x^2*exp(-z)", "x").at(x=0.75, z=1.5)
    text = working.to_text("en", width=400)
    chained = re.findall(r"= ([^=≈\n]*\d[^=≈\n]*) ([=≈]) (-?[\d.]+(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?)$", text, re.MULTILINE)
    assert len(chained) >= 5
    for numbers, relation, shown in chained:
        if re.search(r"[∂a-wyz]{1}(?![a-z])|_", re.sub(r"exp|sin|cos", "", numbers)):
            continue
        source = numbers.replace("×", "*").replace("²", "**2").replace("−", "-")
        value = eval(source, {"exp": np.exp, "sin": np.sin, "cos": np.cos})
        digits = len(shown.partition(".")[2])
        assert round(float(value), digits) == pytest.approx(float(shown), abs=0.51 * 10.0**-digits), numbers
        assert relation == "≈" or float(value) == pytest.approx(float(shown), rel=1e-12)


def test_a_wrong_rule_is_caught(monkeypatch):
    right = explain_chain.derivative
    monkeypatch.setattr(explain_chain, "derivative", lambda body, on: right(body, on) * 2)
    with pytest.raises(WorkingError, match="line one_formula"):
        wk.explain(wk.differentiate, SYSTEM, "x").at(x=1, z=2).verify()


def test_a_wrong_derivative_is_caught(monkeypatch):
    right = compute.differentiate
    monkeypatch.setattr(compute, "differentiate", lambda f, *names: f.alike(right(f, *names).node + 1))
    with pytest.raises(WorkingError):
        wk.explain(wk.differentiate, SYSTEM, "x").at(x=1, z=2).verify()
    with pytest.raises(WorkingError, match="agrees_1"):
        wk.explain(wk.differentiate, "x^3", "x").verify()


def test_a_rule_that_is_wrong_everywhere_does_not_agree_with_the_difference(monkeypatch):
    right = compute.differentiate
    monkeypatch.setattr(compute, "differentiate", lambda f, *names: f.alike(right(f, *names).node * 2))
    rule = explain_derivative.ChainNarrator.derivative_of
    monkeypatch.setattr(explain_derivative.ChainNarrator, "derivative_of", lambda self, *what: rule(self, *what) * 2)
    with pytest.raises(WorkingError, match="line agrees"):
        wk.explain(wk.differentiate, "x^3", "x").at(x=2).verify()


def test_a_wrong_value_of_the_kernel_is_caught(monkeypatch):
    from workings.expression.formula import Formula

    monkeypatch.setattr(Formula, "__call__", lambda self, **values: 10.0000001)
    with pytest.raises(WorkingError, match="one_formula"):
        wk.explain(wk.differentiate, SYSTEM, "x").at(x=1, z=2).verify()


@pytest.mark.parametrize("key", ["value_u", "combined_∂y/∂x", "forward_x", "backward", "difference"])
def test_a_wrong_number_anywhere_is_caught(key):
    working = wk.explain(wk.differentiate, SYSTEM, "x").at(x=1, z=2)
    step = working.step(key)
    if step.table is None:
        wrong = dataclasses.replace(step, value=step.value * 1.001)
    else:
        *rows, last = step.table.rows
        cells = (*last[:-1], dataclasses.replace(last[-1], value=last[-1].value * 1.001))
        wrong = dataclasses.replace(step, table=dataclasses.replace(step.table, rows=(*rows, cells)))
    steps = tuple(wrong if each is step else each for each in working.steps)
    with pytest.raises(WorkingError, match=key):
        dataclasses.replace(working, steps=steps).verify()


@pytest.mark.parametrize(
    ("formula", "by", "point", "value"),
    [
        ("x^2*sin(x)", ["x", "x"], {"x": 0.5}, None),
        (SYSTEM, ["x", "z"], {"x": 1, "z": 2}, 7.0),
        ("x^4", ["x", "x", "x"], {"x": 2}, 48.0),
        ("exp(x*z)", ["z", "x"], {"x": 0.5, "z": 1}, None),
    ],
)
def test_higher_orders_are_told_one_after_the_other(formula, by, point, value):
    working = wk.explain(wk.differentiate, formula, *by).at(**point)
    working.verify()
    for order in range(1, len(by) + 1):
        working.step(f"order_{order}")
    found = working.step(f"order_{len(by)}_one_formula").value
    assert found == pytest.approx(true_derivative(formula, by, point) if value is None else value, rel=1e-7)
    assert working.step("agrees").value is True


def test_a_variable_that_is_reached_by_two_ways_is_held_where_it_must_be():
    text = wk.explain(wk.differentiate, "y = u*x; u = x^2", "x").at(x=3).to_text("en", width=200)
    assert "(∂y/∂x)_u = u = 9" in text
    assert "The letter below a parenthesis is held fixed." in text
    assert "du/dx = 2·x = 2 × 3 = 6" in text


def test_inner_parts_are_named_as_a_teacher_would():
    def named(formula):
        working = wk.explain(wk.differentiate, formula, "x")
        tables = [step.table for step in working.walk() if step.key == "dependencies"]
        return {to_text(row[0]): to_text(row[1]) for table in tables for row in table.rows}

    assert named("sin(x^2)") == {"y": "sin(u)", "u": "x²"}
    assert named("x^2*sin(x)") == {"y": "u₁·u₂", "u₁": "x²", "u₂": "sin(x)"}
    assert named("3*sin(x)") == {}
    assert named("u*sin(x^2)") == {"y": "u·sin(v)", "v": "x²"}
    assert named("y^2*sin(2*x)") == {"f": "y²·sin(u)", "u": "2·x"}


def test_kinks_and_borders_say_what_was_chosen():
    text = wk.explain(wk.differentiate, "abs(x)", "x").at(x=0).to_text("en", width=200)
    assert "The slope of |x| at its kink: 0, the mean of -1 and 1, as in PyTorch and JAX" in text
    assert "0 by convention: on the two sides of this point the slopes differ." in text
    relu = wk.explain(wk.differentiate, "relu(x*z)", "x").at(x=0, z=2)
    relu.verify()
    assert [row[1:] for row in relu.step("sides").table.rows] == [(0.0, 2.0)] * 3
    tie = wk.explain(wk.differentiate, "max(x, z)", "x").at(x=1, z=1)
    assert tie.step("one_formula").value == 0.5
    border = wk.explain(wk.differentiate, "where(x > 0, x^2, -x)", "x").at(x=0).to_text("en", width=200)
    assert "On the border of x > 0: the derivative is that of the case that holds there" in border
    # A kink that does not matter is no choice.
    smooth = wk.explain(wk.differentiate, "x^2*abs(x)", "x").at(x=0)
    assert smooth.step("agrees").value is True


def test_a_large_formula_is_told_in_tables_and_a_screenful_or_two():
    nested = "x"
    for k in range(40):
        nested = f"sin({nested}+{k})"
    working = wk.explain(wk.differentiate, nested, "x").at(x=0.3)
    working.verify()
    assert len(working.to_text("en").splitlines()) < 300
    assert working.step("combined_dy/dx").value == pytest.approx(wk.differentiate(nested, "x")(x=0.3), rel=1e-9)


@pytest.mark.parametrize(
    ("chain", "most"), [("sin(cos(tanh(exp(log(sqrt(x))))))", 95), ("sin(cos(tanh(exp(log(sqrt(tan(x)))))))", 105)]
)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_long_chain_is_put_together_in_one_line_and_its_forward_pass_opens(chain, most, lang):
    working = wk.explain(wk.differentiate, chain, "x").at(x=1.2)
    working.verify()
    assert len(working.to_text(lang).splitlines()) <= most
    assert [step.key for step in working.walk() if step.key.startswith("combined")] == ["combined_dy/dx"]
    assert working.step("forward").closed
    opened = working.at(part="forward")
    assert opened.verify().cells >= chain.count("(") + 1
    slopes = [row[-1].value for row in opened.step("forward_x").table.rows]
    assert slopes[-1] == pytest.approx(wk.differentiate(chain, "x")(x=1.2), rel=1e-12)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: wk.explain(wk.differentiate, "ln(x-2)", "x").at(x=1), r"log\(x - 2\) has none at x = 1, .* x - 2 > 0"),
        (lambda: wk.explain(wk.differentiate, "sqrt(x)", "x").at(x=0), "has none at x = 0"),
        (lambda: wk.explain(wk.differentiate, SYSTEM, "x").at(x=1), r"got none for z; try at\(x=1, z=1\)"),
        (lambda: wk.explain(wk.differentiate, "alpha*x", "x").at(x=1, alfa=2), "did you mean alpha"),
        (lambda: wk.explain(wk.differentiate, SYSTEM, "x").at(x=1, z=[1, 2]), "z must be one finite number; got"),
        (lambda: wk.explain(wk.differentiate, SYSTEM, "x").at(x=1, z=np.nan), "z must be one finite number; got nan"),
        (lambda: wk.explain(wk.differentiate, SYSTEM, "q"), "variable must be a variable of the formula"),
        (lambda: wk.explain(wk.differentiate, SYSTEM), "variables must name what to differentiate by"),
    ],
)
def test_what_cannot_be_told_is_refused_with_the_reason(ask, says):
    with pytest.raises(InputError, match=says):
        ask()


def test_text_that_is_no_formula_is_refused():
    with pytest.raises(FormulaError):
        wk.explain(wk.differentiate, "sin(x", "x")


def test_python_functions_and_formulas_are_told_alike():
    by_text = wk.explain(wk.differentiate, "sin(x*z) + x^2", "x").at(x=1, z=2).to_text("en")
    by_function = wk.explain(wk.differentiate, wk.formula(lambda x, z: np.sin(x * z) + x**2), "x").at(x=1, z=2)
    assert by_function.to_text("en") == by_text
    assert wk.explain(wk.differentiate, wk.formula("sin(x*z) + x^2"), "x").at(x=1, z=2).to_text("en") == by_text


def test_every_rule_of_the_table_of_operations_has_a_name():
    rules = {row.rule for row in OPERATIONS.values() if row.rule}
    assert rules <= set(RULES) | {"angle"}
    assert str(title_of(["sum", "power", "power"])) == "Sum rule, power rule"


def test_korean_speaks_of_the_same_numbers():
    working = wk.explain(wk.differentiate, SYSTEM, "x").at(x=1, z=2)
    english, korean = working.to_text("en", width=300), working.to_text("ko", width=300)
    assert re.search("[가-힣]", korean)
    assert not re.search("[A-Za-z]{5,}", korean)
    assert re.findall(r"\d+\.\d+", english) == re.findall(r"\d+\.\d+", korean)


@pytest.mark.parametrize(
    ("formula", "x", "says"),
    [
        ("1e6*x^2", 0.001, "a rise of 1·10⁻⁵ in x raises y by about 0.02."),
        ("sin(1000*x)", 0.3, "a rise of 1·10⁻⁷ in x lowers y by about 2.2·10⁻⁶."),
        ("1/x", 0.02, "a rise of 0.0001 in x lowers y by about 0.25."),
        ("x^2", 3, "a rise of 0.01 in x raises y by about 0.06."),
    ],
)
def test_what_a_rise_brings_is_what_the_function_does(formula, x, says):
    found = wk.explain(wk.differentiate, formula, "x").at(x=x)
    assert says in str(found.result)
    rise, change = (float(number) for number in re.findall(r"\d+(?:\.\d+)?(?:e-\d+)?", _plain(says)))
    f = wk.formula(formula)
    assert abs(f(x=x + rise) - f(x=x)) == pytest.approx(change, rel=0.05)
    assert found.step("rise").value is True


def _plain(text):
    powers = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
    return re.sub("·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda power: "e" + power[1].translate(powers), text)


def test_decimal_coefficients_are_no_difference_to_tell():
    found = wk.explain(wk.differentiate, "0.1*x*3 + 0.7*x", "x").at(x=1.1)
    assert [row[2] for row in found.step("differences").table.rows] == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("formula", "slope"),
    [
        ("0.1*x*3 - 0.3*x", 0.0),
        ("0.1*x^3*3 - 0.3*x^3 + z", 0.0),
        ("exp(0.1*x*3 - 0.3*x)", 0.0),
        ("0.1*x*3 - 0.3*x + 1e-6*x", 1e-6),
    ],
)
def test_a_slope_that_is_0_but_for_the_last_digits_of_decimals_holds(formula, slope):
    working = wk.explain(wk.differentiate, formula, "x")
    assert working.verify().cells
    found = working.at(**dict.fromkeys(wk.formula(formula).variables, 2))
    found.verify()
    value = found.step("differences").table.rows[-1][1]
    assert getattr(value, "value", value) == pytest.approx(slope, rel=1e-9, abs=0)


@pytest.mark.parametrize("key", ["formula", "chain_rule_dy/dx", "one_formula"])
def test_a_symbol_that_is_wrong_in_a_line_of_symbols_is_caught(key):
    working = wk.explain(wk.differentiate, "(x^3 - 2x + 1)/(x^2 + 4)", "x").at(x=-2.5)
    step = working.step(key)
    right = Apply("negate", (step.statement.right,))
    wrong = dataclasses.replace(step, statement=equation(step.statement.left, right))
    with pytest.raises(WorkingError):
        with_steps(working, step, wrong).verify()


@pytest.mark.parametrize(
    ("explained", "key"),
    [
        (wk.explain(wk.differentiate, "x*sin(x^2)", "x").at(x=0.5), "forward_x"),
        (wk.explain(wk.differentiate, "x*sin(x^2)", "x").at(x=0.5), "backward"),
        (wk.explain(wk.gradient, "sin(x*z)").at(x=0.5, z=2), "differences"),
        (wk.explain(wk.gradient, "sin(x*z)"), "trial"),
    ],
)
def test_a_cell_that_says_another_step_or_another_product_is_caught(explained, key):
    step = explained.step(key)
    *rows, last = step.table.rows
    if key in ("forward_x", "backward"):
        cells = [Apply("negate", (cell,)) if isinstance(cell, Apply) else cell for cell in last]
    else:
        cells = [*last]
        place = next(place for place, head in enumerate(step.table.columns) if str(head) == "h")
        tenfold = Derived(0.01, equation(cells[place].left, Number(0.01)))
        cells[place] = tenfold
    assert cells != [*last]
    wrong = dataclasses.replace(step, table=dataclasses.replace(step.table, rows=(*rows, tuple(cells))))
    with pytest.raises(WorkingError):
        with_steps(explained, step, wrong).verify()


def with_steps(working, step, wrong):
    return dataclasses.replace(working, steps=tuple(wrong if each is step else each for each in working.steps))
