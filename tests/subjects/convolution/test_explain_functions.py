"""The working of a convolution of functions gives the value of ``convolve_functions``, and every line holds."""

from __future__ import annotations

import dataclasses
import math
import re

import numpy as np
import pytest

import workings as wk
from workings.errors import InputError, WorkingError
from workings.subjects.convolution import functions
from workings.working import Working

ONE_SIDED = ((0, math.inf), (0, math.inf))


def test_the_integral_is_written_with_the_functions_and_the_place():
    text = wk.explain(wk.convolve_functions, "exp(-x)", "exp(-2x)", 1.0, support=ONE_SIDED).to_text("en", width=100)
    assert text.startswith("What is the convolution of f and g at t = 1?")
    assert "(f * g)(t) = ∫  f(τ)·g(t - τ) dτ" in text
    assert "(f * g)(t) = ∫ exp(-τ)·exp(-2·(1 - τ)) dτ" in text
    assert "a = α = 0" in text
    assert "b = t - γ = 1 - 0 = 1" in text
    assert "Result  0.232544157935, with an estimated error of" in text


@pytest.mark.parametrize(
    ("f", "g", "t", "support"),
    [
        ("exp(-x)", "exp(-2x)", 1.0, ONE_SIDED),
        ("1", "x^2", 1.123456789123, ((0, 1), (0, 2))),
        ("1", "1", 0.5, ((0, 1), (0, 1))),
        (lambda x: x**2, "sin(3y)", 0.1, ((-1, 1), (-2, 0.25))),
        (math.sin, "exp(-x^2)", 0.3, (-math.inf, math.inf)),
        ("exp(-x^2)", lambda x: 1.0 if x > 0 else 0.5, -0.3, (0, 2)),
    ],
)
def test_every_line_holds_and_the_value_is_the_functions_own(f, g, t, support):
    working = wk.explain(wk.convolve_functions, f, g, t, support=support)
    value = wk.convolve_functions(f, g, t, support=support)
    assert working.verify().equations >= 1
    assert working.step("sum").value == value
    if "exact" in {step.key for step in working.walk()}:
        assert working.step("exact").value == value
    for lang in ("en", "ko"):
        assert working.to_text(lang)
        assert working.to_html(lang)
        assert working.to_latex(lang)
    # Nodes and weights of many subintervals are not kept in full; what was checked is.
    assert Working.from_json(working.to_json()).verification.equations == working.verify().equations
    assert not re.search("[A-Za-z]{6,}", re.sub("Gauss-Kronrod|Takahasi|estimates", "", working.to_text("ko")))


def test_the_antiderivative_of_polynomials_gives_the_same():
    working = wk.explain(wk.convolve_functions, "1 + x", "x^2", 1.5, support=((0, 1), (0, 2)))
    # ∫ (1 + τ)(3/2 - τ)² dτ from 0 to 1
    assert working.step("exact").value == pytest.approx(35 / 24, rel=1e-12)


def test_of_several_places_the_largest_is_told_and_any_can_be_asked_for():
    t = [0.5, 1.5, 3.2]
    working = wk.explain(wk.convolve_functions, "1", "x^2", t, support=((0, 1), (0, 2)))
    values = wk.convolve_functions("1", "x^2", np.array(t), support=((0, 1), (0, 2)))
    assert [row[1] for row in working.step("values").table.rows] == values.tolist()
    assert working.inputs["t"].value == 1.5
    assert working.at(t=0.5).step("sum").value == values[0]
    apart = working.at(t=7)
    assert apart.verify().equations == 3
    assert "0: at t = 7 the two overlap nowhere." in apart.to_text("en")
    with pytest.raises(InputError, match="at: t must be one number"):
        working.at(t=[1, 2])


@pytest.mark.parametrize(
    ("f", "g", "t", "support", "value"),
    [
        # ∫ exp(-τ)·exp(-2(τ - 1)) dτ from 1 on
        ("exp(-x)", "exp(-2x)", 1.0, ONE_SIDED, math.exp(-1) / 3),
        (lambda x: 1.0 if x < 1 else 2.0, "x", 0.5, ((0, 2), (0, 2)), 2.125),
        ("x", "x^2", 0.0, ((-1, 1), (-1, 1)), 0.0),
        ("1/(1 + x^2)", "1/(1 + x^2)", 0.0, (-math.inf, math.inf), math.pi / 2),
    ],
)
def test_what_comes_out_unless_g_is_turned_is_told_and_checked(f, g, t, support, value):
    working = wk.explain(wk.convolve_functions, f, g, t, support=support)
    working.verify()
    (convention,) = working.conventions
    assert convention.rival_value == pytest.approx(value, rel=1e-9, abs=1e-15)
    assert "a correlation" in working.to_text("en", width=1000)
    off = dataclasses.replace(convention, rival_value=value + 1e-6)
    with pytest.raises(WorkingError, match="verify: line convention"):
        dataclasses.replace(working, conventions=(off,)).verify()


def test_where_g_as_it_lies_overlaps_nothing_that_is_told():
    working = wk.explain(wk.convolve_functions, "1", "1", 1.5, support=((0, 1), (0, 1)))
    working.verify()
    assert "(a correlation), g would overlap f nowhere, and the integral be 0" in working.to_text("en", width=1000)
    assert wk.convolve_functions("1", "1", 1.5, support=((0, 1), (0, 1))) == 0.5


def test_a_wrong_value_is_caught(monkeypatch):
    true = functions.integrate
    monkeypatch.setattr(
        functions,
        "integrate",
        lambda *given, **how: dataclasses.replace(r := true(*given, **how), value=r.value + 1e-6),
    )
    with pytest.raises(WorkingError, match="verify"):
        wk.explain(wk.convolve_functions, "exp(-x)", "exp(-2x)", 1.0, support=ONE_SIDED).verify()


def test_what_cannot_be_told_is_refused():
    with pytest.raises(InputError, match="explain: t must hold at least one number"):
        wk.explain(wk.convolve_functions, "1", "1", [], support=(0, 1))
    with pytest.raises(InputError, match="support must be two limits in order"):
        wk.explain(wk.convolve_functions, "1", "1", 1, support=(1, 0))
