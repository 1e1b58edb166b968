"""The convolution of two functions is that of the textbook, and what is neither function nor limit is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

import workings as wk
from workings.errors import InputError


def test_two_exponentials():
    for t in (0.0, 0.3, 1.0, 7.5):
        found = wk.convolve_functions("exp(-x)", "exp(-2x)", t, support=((0, math.inf), (0, math.inf)))
        assert found == pytest.approx(math.exp(-t) - math.exp(-2 * t), abs=1e-12)


def test_two_boxes_are_a_triangle_and_nothing_outside():
    t = np.linspace(-1, 3, 17)
    found = wk.convolve_functions(lambda x: 1.0, "1", t, support=((0, 1), (0, 1)))
    np.testing.assert_allclose(found, np.clip(1 - np.abs(t - 1), 0, None), atol=1e-14)


def test_variances_of_normal_densities_add_up():
    def density(s):
        return lambda x: np.exp(-0.5 * (x / s) ** 2) / (s * math.sqrt(2 * math.pi))

    found = wk.convolve_functions(density(3), wk.formula("exp(-x^2/32)/(4*sqrt(2*pi))"), [[-2.0, 0.0], [1.0, 9.0]])
    np.testing.assert_allclose(found, density(5)(np.array([[-2.0, 0.0], [1.0, 9.0]])), rtol=1e-9)


def test_it_commutes_and_a_function_written_for_one_number_will_do():
    f, g = lambda x: math.sin(x) if x > 0.5 else 0.25, "x^2"
    for t in (0.2, 1.4):
        there = wk.convolve_functions(f, g, t, support=((0, 1), (-1, 2)))
        assert wk.convolve_functions(g, f, t, support=((-1, 2), (0, 1))) == pytest.approx(there, rel=1e-7)


@pytest.mark.parametrize(
    "support", [(1, 0), (0,), None, "ab", ((0, 1), (2, 1)), (0, math.nan), ((0, 1), (2, 3), (4, 5))]
)
def test_what_is_no_support_is_refused(support):
    with pytest.raises(InputError, match="support must be two limits in order"):
        wk.convolve_functions("x", "x", 1, support=support)


@pytest.mark.parametrize("t", ["1", None, math.nan, [1, math.inf], 1j])
def test_what_is_no_place_is_refused(t):
    with pytest.raises(InputError, match="t must be finite real numbers"):
        wk.convolve_functions("x", "x", t, support=(0, 1))


def test_a_formula_of_two_variables_is_refused():
    with pytest.raises(InputError):
        wk.convolve_functions("x*y", "x", 1, support=(0, 1))
