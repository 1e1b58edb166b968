"""Explanations where floats end, and of formulas that a stranger wrote to take all time: told, or refused in words."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest

import workings as wk
from workings.errors import InputError, UndefinedWarning
from workings.expression import Apply, Number, substitute, symbols, where
from workings.working import check_digits
from workings.working.values import TrueValues


def told(text: str, **at: float) -> str:
    working = wk.explain(wk.differentiate, text, "x").at(**at)
    assert working.verify().equations > 0
    return working.to_text()


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("exp(-x) + x^2", 1000),
        ("exp(-x)*x^2", 1000),
        ("exp(-x)", 742),  # a slope of ten times the smallest float
        ("normal_pdf(38x) + x", 1),
        ("5e-324*5e-324*x", 1),
        ("x^200*x^-2", 1e-3),
        ("a3 = a2*x; a1 = 0.7x*sin(x)^40; a2 = a1^40", 0.1),
    ],
)
def test_what_is_too_small_for_floats_is_rounded_and_no_mistake(text, x):
    assert told(text, x=x)


@pytest.mark.parametrize(
    ("text", "x", "words"),
    [
        ("exp(-1000x)*exp(1000x)", 1, r"a float holds; exp\(1000·x\) is 1.97e\+434"),
        ("y = u*v; u = exp(-x); v = exp(x)", 800, r"a float holds; exp\(x\)"),
        ("loggamma(x^2^2^2^2) + digamma(1/x)", 0.7, "a float holds"),
        ("exp(exp(exp(x)))", 3, "a float holds"),
    ],
)
def test_a_part_that_no_float_holds_is_named(text, x, words):
    with pytest.raises(InputError, match=words):
        told(text, x=x)


def test_a_branch_that_is_not_taken_may_be_beyond_floats():
    assert told("where(x < 0, exp(x), x)", x=1000)
    assert told("where(x > 0, log(x), x)", x=-2)


def test_conditions_have_no_rule_of_their_own():
    assert "constant but for jumps" in told("+".join(f"[x < {k}]" for k in range(1, 30)), x=0.5).lower()


def test_shared_parts_of_a_line_are_checked_once(monkeypatch):
    x, z = symbols("x z")
    nested, put_in = z, z
    for _ in range(60):  # each part stands twice in the next: written out, 2^60 numbers
        nested = where(Apply("less", (x, nested)), nested, x)
        put_in = where(Apply("less", (Number(0.5), put_in)), put_in, Number(0.5))
    looked = itertools.count()
    plain = check_digits._check_number
    monkeypatch.setattr(check_digits, "_check_number", lambda *args: (next(looked), plain(*args)))
    values = TrueValues({})
    values.learn(x, Fraction(1, 2), "inputs")
    check_digits.check_numbers_put_in("key", nested, put_in, values)
    assert next(looked) == 1
    assert substitute(nested, {x: Number(0.5)}) is put_in


def test_a_whole_number_beyond_floats_is_infinite_in_a_warning():
    with pytest.warns(UndefinedWarning):
        wk.hessian("x^1e308 + x^(-1e308)")(x=0.7)


@pytest.mark.parametrize("huge", [10**400, Fraction(10) ** 400, -(10**400)])
def test_a_point_beyond_floats_is_refused(huge):
    with pytest.raises(InputError, match="x must be one finite number"):
        told("x^2", x=huge)


def test_an_order_that_nobody_could_read_is_refused():
    with pytest.raises(InputError, match="order 10 at most to be told line by line; got 50; try differentiate"):
        wk.explain(wk.differentiate, "x^2", *["x"] * 50)
    assert wk.differentiate("x^3", *["x"] * 50)(x=1) == 0
