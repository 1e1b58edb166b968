"""Derivatives in writing: every form says the same, a matrix is a matrix, and large ones stay short at a prompt."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import numpy as np
import pytest

import workings as wk
from workings.language import use_language

SYSTEM = "y = u*v; u = x*z; v = x^2 + z"
RESULTS = {
    "gradient": lambda: wk.gradient(SYSTEM),
    "value_and_gradient": lambda: wk.value_and_gradient(SYSTEM),
    "jacobian": lambda: wk.jacobian(["r*cos(t)", "r*sin(t)", "r"]),
    "hessian": lambda: wk.hessian("x^2*exp(z)"),
    "cost": lambda: wk.gradient("mean((y - m*x - b)^2)", rows=("x", "y")),
}


def test_a_gradient_is_written_as_equations():
    gradient = wk.gradient("y = u*v; u = x*z; v = x^2 + z")
    assert gradient.text() == "∂y/∂x = 3·x²·z + z²\n∂y/∂z = x³ + 2·x·z"
    assert gradient.text(ascii=True) == "dy/dx = 3 * x^2 * z + z^2\ndy/dz = x^3 + 2 * x * z"
    assert gradient.latex().splitlines()[1] == (r"\frac{\partial y}{\partial x} &= 3 \cdot x^{2} \cdot z + z^{2} \\")
    assert wk.gradient("x^2").text() == "dy/dx = 2·x"


def test_a_value_stands_before_its_gradient_and_what_is_used_before_what_uses_it():
    both = wk.value_and_gradient(SYSTEM)
    assert both.text().splitlines()[:3] == ["y = u·v", "u = x·z", "v = x² + z"]
    scope = {"x": 1.0, "z": 2.0}
    *steps, derivatives = both.python().splitlines()
    exec("\n".join(steps), scope)
    assert (scope["y"], eval(derivatives, scope)) == both(x=1, z=2)


@pytest.mark.parametrize(
    ("result", "point"),
    [
        (wk.jacobian(["r*cos(t)", "r*sin(t)"]), {"r": 2.0, "t": 0.7}),
        (wk.hessian("x^2*exp(z) + x/z"), {"x": 1.5, "z": 0.5}),
        (wk.jacobian(["x^2"]), {"x": 3.0}),
    ],
)
def test_a_matrix_is_rows_of_python_with_the_values_of_the_call(result, point):
    rows = eval(result.python(), {**vars(math), **point})
    assert np.allclose(rows, result(**point), rtol=1e-14)


def test_matrices_are_written_as_matrices():
    jacobian = wk.jacobian(["r*cos(t)", "r*sin(t)"])
    assert jacobian.text() == "⎡ cos(t)  -r·sin(t) ⎤\n⎣ sin(t)  r·cos(t)  ⎦"
    assert jacobian.text(ascii=True) == "[ cos(t)  -r * sin(t) ]\n[ sin(t)  r * cos(t)  ]"
    assert jacobian.latex().startswith("J = \\begin{pmatrix}\n\\cos")
    rows = ElementTree.fromstring(jacobian.mathml()).findall(".//{*}mtable/{*}mtr")
    assert [len(row) for row in rows] == [2, 2]


def test_columns_of_a_matrix_align_where_names_are_wide():
    lines = wk.jacobian(["길이*높이", "x*z"], ["길이", "x"]).text().splitlines()
    assert lines == ["⎡ 높이  0 ⎤", "⎣  0    z ⎦"]


def test_a_name_has_one_identifier_in_all_entries():
    python = wk.gradient(wk.formula("a*b", a="x", b="z")).python()
    assert python == "{'x': z, 'z': x}"
    formula = wk.Formula.of(wk.formula("x*z").node)
    assert wk.hessian(formula).python() == "[[0, 1], [1, 0]]"


@pytest.mark.parametrize("make", RESULTS.values(), ids=RESULTS)
def test_every_form_of_every_result_is_well_formed_and_shown_in_a_notebook(make):
    result = make()
    ElementTree.fromstring(result.mathml())
    assert 'display="inline"' in result.mathml(display="inline")
    forms = result._repr_mimebundle_()
    assert forms["text/plain"] == repr(result)
    assert forms["text/latex"] == result._repr_latex_() == f"$\\displaystyle {result.latex()}$"
    assert result.mathml() in forms["text/html"]
    assert result._mime_() == ("text/html", forms["text/html"])
    assert result.explain().steps
    assert result.plot().description


def test_names_cannot_leave_the_markup():
    node = wk.Formula.from_json(wk.formula("q^2").to_json().replace('"q"', '"<script>q"'))
    result = wk.gradient(node)
    ElementTree.fromstring(result.mathml())
    assert "<script>" not in result.mathml() + result._repr_mimebundle_()["text/html"]


def test_a_large_result_is_short_at_a_prompt_and_plain_in_a_notebook():
    gradient = wk.gradient(" + ".join(f"x{k}^{k}" for k in range(1, 60)))
    with use_language("en"):
        assert repr(gradient).splitlines()[-1] == "… and 35 others"
    hessian = wk.hessian(" + ".join(f"x{k}*x{k + 1}" for k in range(59)))
    assert len(repr(hessian).splitlines()) == 25
    assert list(hessian._repr_mimebundle_()) == ["text/plain"]
    assert hessian._mime_()[0] == "text/plain"
    assert len(hessian.text().splitlines()) == 60
