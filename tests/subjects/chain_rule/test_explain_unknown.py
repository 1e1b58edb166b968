"""The chain rule for functions that are not known: what is said follows from what depends on what, and nothing else."""

from __future__ import annotations

import pytest

import workings as wk
from workings.errors import FormulaError, InputError

SYSTEM = "y = f(u, v); u = g(x, z); v = h(x, z)"

EXPECTED = """\
How does y change with x?

  1  What depends on what
     variable  is       depends on
     ─────────────────────────────
     y         f(u, v)  u, v
     u         g(x, z)  x, z
     v         h(x, z)  x, z
     2 ways: y → u → x, y → v → x. The partial derivatives along a way are
     multiplied, and the ways are added.

  2  The chain rule        ∂y     ∂y     ∂u     ∂y     ∂v
                          ──── = ──── · ──── + ──── · ────
                           ∂x     ∂u     ∂x     ∂v     ∂x

  Result  ∂y/∂x = ∂y/∂u·∂u/∂x + ∂y/∂v·∂v/∂x.

  Note     The functions are not known: with formulas in their place, numbers
           can be put in.
  Checked  no line computes a number."""


@pytest.mark.parametrize("text", [SYSTEM, SYSTEM.replace(";", ","), SYSTEM.replace("; ", "\n")])
def test_it_is_told_in_the_order_of_the_steps(text: str) -> None:
    assert wk.explain(wk.differentiate, text, "x").to_text("en") == EXPECTED


def test_what_is_held_fixed_is_said_and_a_function_of_one_variable_has_an_ordinary_derivative() -> None:
    text = wk.explain(wk.differentiate, "y = f(u, v); u = g(v); v = h(t)", "t").to_text("en")
    assert "dy/dt = ∂y/∂u·du/dv·dv/dt + (∂y/∂v)_u·dv/dt." in text
    assert "held fixed" in text
    assert "dy/du." in wk.explain(wk.differentiate, "y = f(u)", "u").to_text("en")


def test_without_a_variable_it_is_told_for_all() -> None:
    text = wk.explain(wk.differentiate, SYSTEM).to_text("ko")
    assert "∂y/∂z = ∂y/∂u·∂u/∂z + ∂y/∂v·∂v/∂z" in text


@pytest.mark.parametrize(
    "text", ["y = f(u); u = g(y)", "y = f(u); u = g(v); v = h(u)", "y = f(x); z = g(x)", "y = f(2)"]
)
def test_what_is_no_system_of_unknown_functions_is_refused_as_formula_text_is(text: str) -> None:
    with pytest.raises(FormulaError, match="is not a function"):
        wk.explain(wk.differentiate, text, "x")


def test_known_functions_are_told_as_before_and_an_unknown_variable_is_refused() -> None:
    assert "Sine" in wk.explain(wk.differentiate, "y = sin(x)", "x").to_text("en")
    with pytest.raises(InputError, match="on which the functions depend, x, z; got q"):
        wk.explain(wk.differentiate, SYSTEM, "q")
