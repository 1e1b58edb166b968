"""The elementary functions of machine code, in units in the last place, against mpmath."""

from __future__ import annotations

import dataclasses
import math
import platform

import mpmath
import numpy as np
import pytest
from tests.expression.compiling.ways import by_kernel

from workings.expression import Apply, symbols
from workings.expression.compiling import machine
from workings.expression.compiling.lanes import Skills

x, z = symbols("x z")
_mp = mpmath.MPContext()
_mp.prec = 1200  # the sine of 1.7e308 needs what π has behind its first 1000 bits

EXACT = {
    "sigmoid": lambda a: 1 / (1 + _mp.exp(-a)),
    "softplus": lambda a: _mp.log1p(_mp.exp(a)) if a < 60 else a + _mp.log1p(_mp.exp(-a)),
    "normal_pdf": lambda a: _mp.exp(-a * a / 2) / _mp.sqrt(2 * _mp.pi),
    "log2": lambda a: _mp.log(a) / _mp.log(2),
    "cbrt": lambda a: _mp.sign(a) * _mp.cbrt(abs(a)),
    "power": lambda a, b: a**b,
}

# For each function the intervals, and the bound in units in the last place that its docstring promises.
PROMISES = {
    "exp": (1, (-1, 1), (-708, 709.7), (-745, -708), (-1e-8, 1e-8)),
    "expm1": (1.2, (-1, 1), (-1e-8, 1e-8), (-1e-300, 1e-300), (-45, 709)),
    "sigmoid": (1.5, (-5, 5), (-745, 60)),
    "softplus": (1.5, (-5, 5), (-740, 60), (0, 1e6)),
    "tanh": (1.5, (-1, 1), (-1e-5, 1e-5), (-22, 22)),
    "sinh": (1.1, (-1, 1), (-1e-6, 1e-6), (-25, 25), (-710, 710)),
    "cosh": (1.5, (-1, 1), (-25, 25), (-710, 710)),
    "normal_pdf": (2, (-3, 3), (-37.5, 37.5)),
    "log": (1, (0.5, 2), (0, 1e-300), (1e-310, 1e-308), (1e10, 1e300), (0.999, 1.001)),
    "log1p": (1, (-0.5, 1), (-1e-8, 1e-8), (-1 + 1e-12, -0.9), (1, 1e5), (0, 1e300)),
    "log2": (1, (0.5, 2), (0.9999, 1.0001), (1, 1e9), (1e-310, 1e-308)),
    "log10": (1, (0.5, 2), (0.9999, 1.0001), (1, 1e9), (1e-310, 1e-308)),
    "sin": (1.5, (-3.2, 3.2), (-100, 100), (-1e6, 1e6), (-1e9, 1e9), (1e9, 1e22)),
    "cos": (1.5, (-3.2, 3.2), (-100, 100), (-1e6, 1e6), (-1e9, 1e9), (1e9, 1e22)),
    "tan": (2, (-3.2, 3.2), (-100, 100), (-1e6, 1e6), (-1e9, 1e9), (1e9, 1e22)),
    "asin": (1, (-1, 1), (0.99, 1), (-1e-5, 1e-5)),
    "acos": (1, (-1, 1), (0.99, 1), (-1, -0.99), (-1e-5, 1e-5)),
    "atan": (1, (-1, 1), (-10, 10), (-1e-5, 1e-5), (0, 1e9)),
    "asinh": (1.5, (-1, 1), (-1e-5, 1e-5), (-100, 100), (0, 1e9), (0, 1e300)),
    "acosh": (1.5, (1, 2), (1, 1.0001), (1, 100), (1, 1e10), (1, 1e300)),
    "atanh": (1.5, (-1, 1), (-1e-5, 1e-5), (0.99, 1)),
    "cbrt": (1, (-1, 1), (0, 1e-300), (1e-310, 1e-308), (1, 1e10), (0, 1e300)),
}
HARD = {
    # Beside multiples of π/2 nothing of the argument is left but what was rounded away (k up to 2^29).
    **dict.fromkeys(
        ("sin", "cos", "tan"),
        [s * k * math.pi / 2 for s in (1, -1) for k in (1, 2, 3, 11, 22, 355, 710, 52174, 2**20 + 7, 2**28 - 1, 2**29)]
        + [1e22, -1e22, 2.0**30, 2.0**30 + 1, 5e-324, 1e-310, 1.7e308],
    ),
    "exp": [709.782712893384, -708.3964185322641, -745.1332191019411, 0.34657359027997264, 5e-324],
    "expm1": [709.782712893384, 0.34657359027997264, -0.34657359027997264, 5e-324, -37.42994775023705],
    "log": [1.0, 0.9999999999999999, 1.0000000000000002, 0.7071067811865475, 0.7071067811865476, 1.4142135623730951],
    "log1p": [5e-324, 1e-17, 2.0**-53, -(2.0**-54), 0.41421356237309503, -0.2928932188134524, -0.9999999999999999],
    "log2": [float(2.0**k) for k in range(-1074, 1024, 97)],
    "log10": [10.0**k for k in range(23)],
    "atan": [0.125, 0.375, 0.625, 0.875, 1.0, 1.0000000000000002, 1e308, 5e-324],
    "acosh": [1.0, 1.0000000000000002, 2.0**28, 2.0**28 + 1, 1.7e308],
    "asinh": [5e-324, 2.0**28, 2.0**28 + 1, 1.7e308, 1e-162],
    "cbrt": [5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 27.0, -8.0, 0.7071067811865476],
    "sinh": [710.4758600739439, 22.0, 22.000000000000004, 5e-324],
    "cosh": [710.4758600739439, 22.0, 0.0],
    "normal_pdf": [38.5, -38.56, 0.0],
    "tanh": [19.0, 18.714973875118524, 5e-324],
}


def ulps(found: float, exact: mpmath.mpf) -> float:
    """Return the error in units in the last place of the exact value."""
    if exact == 0 or not math.isfinite(found):
        # An overflow is right where the value rounds to infinity.
        return 0.0 if found == exact or abs(exact) >= _mp.mpf(2) ** 1024 * (1 - _mp.mpf(2) ** -54) else math.inf
    exponent = max(_mp.frexp(abs(exact))[1], -1021)
    return float(abs(_mp.mpf(found) - exact) / _mp.ldexp(1, exponent - 53))


def worst(name: str, *columns: np.ndarray) -> tuple[float, object]:
    exact = EXACT.get(name) or getattr(_mp, name)
    (found,) = by_kernel([Apply(name, (x, z)[: len(columns)])], ["x", "z"][: len(columns)], columns)
    errors = [ulps(float(f), exact(*map(_mp.mpf, point))) for f, *point in zip(found, *columns, strict=True)]
    place = int(np.argmax(errors))
    return errors[place], [float(column[place]) for column in columns]


def points(name: str, count: int) -> np.ndarray:
    rng = np.random.default_rng(7)
    return np.concatenate([rng.uniform(low, high, count) for low, high in PROMISES[name][1:]] + [HARD.get(name, [])])


@pytest.mark.parametrize("name", PROMISES)
def test_a_function_keeps_the_digits_that_it_promises(name):
    error, at = worst(name, points(name, 250))
    assert error <= PROMISES[name][0], at


@pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="the plain processor of this test is an x86-64"
)
@pytest.mark.parametrize("name", PROMISES)
def test_a_function_keeps_its_digits_without_fused_operations(name, monkeypatch):
    plain = dataclasses.replace(machine.host(), cpu="x86-64", features="", skills=Skills())
    monkeypatch.setattr(machine, "host", lambda: plain)
    monkeypatch.setattr("tests.expression.compiling.ways.host", lambda: plain)
    error, at = worst(name, points(name, 60))
    assert error <= 2.0, at


@pytest.mark.parametrize(
    ("a", "b"),
    [((0.1, 10), (-50, 50)), ((0.999, 1.001), (-5e4, 5e4)), ((1e-9, 1e9), (-34, 34)), ((0.5, 2), (-1020, 1020))],
)
def test_powers_keep_their_digits(a, b):
    rng = np.random.default_rng(8)
    error, at = worst("power", rng.uniform(*a, 400), rng.uniform(*b, 400))
    assert error <= 1, at


@pytest.mark.parametrize("exponent", [-64, -7, -3, -2, 2, 3, 4, 7, 10, 33, 64])
def test_whole_powers_are_rounded_about_once_and_neither_overflow_nor_vanish_on_the_way(exponent):
    rng = np.random.default_rng(9)
    reach = 745 / abs(exponent)
    column = rng.choice([-1, 1], 600) * np.exp(rng.uniform(-reach, 0.95 * reach, 600))
    (found,) = by_kernel([x**exponent], ["x"], [column])
    errors = [ulps(float(f), _mp.mpf(float(a)) ** exponent) for f, a in zip(found, column, strict=True)]
    assert max(errors) <= 1.2, column[int(np.argmax(errors))]


def test_angles_keep_their_digits_whatever_the_sides_magnitudes():
    rng = np.random.default_rng(10)
    sides = [rng.normal(size=600) * np.exp(rng.choice([0, 1, 700], 600) * rng.uniform(-1, 1, 600)) for _ in range(2)]
    error, at = worst("atan2", *sides)
    assert error <= 1, at


def test_logarithms_of_powers_of_their_base_are_whole():
    tens = 10.0 ** np.arange(23)
    twos = 2.0 ** np.arange(-1074, 1024)
    np.testing.assert_array_equal(by_kernel([Apply("log10", (x,))], ["x"], [tens])[0], np.arange(23))
    np.testing.assert_array_equal(by_kernel([Apply("log2", (x,))], ["x"], [twos])[0], np.arange(-1074, 1024))


def test_zeros_keep_their_sign_where_the_function_is_odd():
    zeros = np.array([0.0, -0.0])
    for name in ("sin", "tan", "asin", "atan", "sinh", "tanh", "asinh", "atanh", "expm1", "log1p", "cbrt", "sqrt"):
        (found,) = by_kernel([Apply(name, (x,))], ["x"], [zeros])
        assert list(np.signbit(found)) == [False, True], name
        assert not found.any(), name
