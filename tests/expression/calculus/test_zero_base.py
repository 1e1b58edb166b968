"""The slope of a power by its exponent, computed where the base is 0."""

from __future__ import annotations

import math

import pytest

import workings as wk
from workings.expression import exp, log, symbols
from workings.expression.calculus import gradient_to_compute
from workings.expression.calculus.steady import steady
from workings.expression.calculus.zero_base import with_zero_bases

x, k, a = symbols("x k a")


@pytest.mark.parametrize("f", ["x^k", "a*x^k", "(x*a)^k + k", "-a*x^(2k)", "x^k*x^k", "a^2*x^(k + 1)/3"])
def test_the_slope_by_the_exponent_is_the_limit_from_above(f):
    slopes = wk.value_and_gradient(f)
    given = {name: value for name, value in {"a": 3.0, "k": 2.0}.items() if name in f}
    at = slopes(x=0.0, **given)[1]["k"]
    near = slopes(x=1e-200, **given)[1]["k"]
    assert at == pytest.approx(near, abs=1e-100)
    assert at == (1.0 if "+ k" in f else 0.0)


def test_elsewhere_and_where_the_power_is_not_0_nothing_changes():
    slopes = wk.value_and_gradient("x^k")
    assert slopes(x=2.0, k=3.0)[1]["k"] == pytest.approx(8 * math.log(2), rel=1e-15)
    assert with_zero_bases([x**2 * log(x), k * log(x), a**k * log(x)]) == (x**2 * log(x), k * log(x), a**k * log(x))
    value, (slope,) = gradient_to_compute(exp(k), [k])
    assert value == slope == exp(k)


def test_a_logarithm_of_a_probability_is_that_of_its_score():
    p = 1 / (1 + exp(-x))
    assert steady(log(p)) == steady(log(exp(x) / (1 + exp(x))))
    assert str(steady(log(1 - p))) == "-softplus(x)"
    assert str(steady(a * exp(x) / (1 + exp(x)))) == "a·σ(x)"
    found = wk.value_and_gradient("-y*ln(sigmoid(z)) - (1 - y)*ln(1 - sigmoid(z))", ["z"])
    for z in (-1000.0, 1000.0):
        for y in (0.0, 1.0):
            cost, slopes = found(y=y, z=z)
            assert cost == (1000.0 if (z > 0) != y else 0.0)
            assert slopes["z"] == (0.0 if (z > 0) == y else 1.0 - 2.0 * y)
