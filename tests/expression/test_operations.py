"""Every row of the table of operations: its values, its derivatives, its domain, in every arithmetic, to the edges."""

from __future__ import annotations

import math
import subprocess
import sys
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from workings import expression
from workings.expression import OPERATIONS, SPELLINGS, Apply, Operation, evaluate
from workings.expression.reading import parse

from .points import CONTEXT, condition, is_defined, points, precise, real_functions, row_node

ROWS = [pytest.param(row, id=row.name) for row in real_functions()]
# Units in the last place, for the condition of the point: how far rounding of the arguments alone may carry.
# The gamma family and the normal distribution are SciPy's; polygamma is a sum of forty terms times a factorial.
UNITS = {"loggamma": 8, "normal_quantile": 6, "polygamma": 30}


@pytest.mark.parametrize("row", ROWS)
def test_floats_are_as_exact_as_their_arguments_allow(row: Operation) -> None:
    tried = points(row)
    columns = {letter: np.array(column) for letter, column in zip("abc", zip(*tried, strict=True), strict=False)}
    floats = evaluate(row_node(row), columns)
    for point, got in zip(tried, np.asarray(floats, dtype=float).tolist(), strict=True):
        exact = precise(row, point)
        as_float = float(exact)
        if math.isnan(as_float) or math.isnan(got):
            assert math.isnan(as_float), f"{row.name}{point} is NaN in floats only"
            assert math.isnan(got), f"{row.name}{point} is {got}, not NaN"
        elif got != as_float and not _signless_zero(row, point):
            assert math.isfinite(got), f"{row.name}{point} is {got}, not {as_float}"
            reach = sum(
                abs(x * slope) for x, slope in zip(point, _slopes(row, point), strict=True) if mpmath.isfinite(slope)
            )
            unit = mpmath.mpf(2) ** -53 * (abs(exact) + reach) + mpmath.mpf(2) ** -1074
            units = float(abs(exact - got) / unit)
            assert units <= UNITS.get(row.name, 4), f"{row.name}{point} is {got}, not {as_float}: {units:.1f} units"


def _signless_zero(row: Operation, point: tuple[float, ...]) -> bool:
    """Whether a pole at 0 has the sign of the float's zero, which mpmath does not know."""
    return row.name in ("gamma", "digamma", "polygamma", "power", "divide") and 0.0 in point


def _slopes(row: Operation, point: tuple[float, ...]) -> list[mpmath.mpf]:
    values = dict(zip("abc", point, strict=False))
    texts = [text or "0" for text in row.derivatives]
    if row.name == "polygamma":
        texts[0] = f"a*{texts[1]}"  # of the order, taken as a real number, at most
    return [evaluate(parse(text).root, values, arithmetic="mpmath", digits=60) for text in texts]


@pytest.mark.parametrize("row", ROWS)
def test_one_number_has_the_value_that_it_has_in_an_array(row: Operation) -> None:
    tried = points(row)[::7]
    node = row_node(row)
    columns = {letter: np.array(column) for letter, column in zip("abc", zip(*tried, strict=True), strict=False)}
    for point, whole in zip(tried, np.asarray(evaluate(node, columns)).tolist(), strict=True):
        one = evaluate(node, dict(zip("abc", point, strict=False)))
        assert isinstance(one, (int, float))
        assert one == pytest.approx(whole, rel=1e-15, abs=0, nan_ok=True), point


@pytest.mark.parametrize("row", ROWS)
def test_it_is_defined_just_where_its_row_says_so(row: Operation) -> None:
    for point in points(row):
        if not all(abs(x) < 1e16 for x in point):  # beyond, exp(x) and its like are infinite by overflow
            continue
        exact = precise(row, point)
        assert is_defined(row, point) == bool(mpmath.isfinite(exact)), f"{row.name}{point} is {exact}"


@pytest.mark.parametrize("row", ROWS)
def test_its_derivatives_are_those_of_its_value(row: Operation) -> None:
    random = np.random.default_rng(7)
    tried = 0
    for scale in (0.5, 1, 3, 9, 30):
        for _ in range(12):
            point = tuple(CONTEXT.mpf(x) for x in (random.uniform(-scale, scale, row.arity)).tolist())
            if row.name == "polygamma":
                point = (CONTEXT.mpf(int(random.integers(0, 6))), point[1])
            if not is_defined(row, point) or _at_kink(row, point):
                continue
            for place, text in enumerate(row.derivatives):
                if not text:
                    continue
                values = dict(zip("abc", point, strict=False))
                told = evaluate(parse(text).root, values, arithmetic="mpmath", digits=60)
                measured = _difference_quotient(row, point, place)
                assert abs(told - measured) <= mpmath.mpf(10) ** -25 * (1 + abs(measured)), (row.name, text, point)
                tried += 1
    assert tried >= 10


def _difference_quotient(row: Operation, point: tuple[mpmath.mpf, ...], place: int) -> mpmath.mpf:
    """Return the slope by two steps of central differences: its error is of the fourth power of the step, 1e-40."""
    with mpmath.workdps(90):
        step = mpmath.mpf(10) ** -10

        def value(shift: int) -> mpmath.mpf:
            moved = (*point[:place], mpmath.mpf(point[place]) + shift * step, *point[place + 1 :])
            return evaluate(row_node(row), dict(zip("abc", moved, strict=False)), arithmetic="mpmath", digits=90)

        return (8 * (value(1) - value(-1)) - (value(2) - value(-2))) / (12 * step)


def _at_kink(row: Operation, point: tuple[mpmath.mpf, ...]) -> bool:
    values = dict(zip("abc", point, strict=False))
    return bool(row.kink) and bool(evaluate(condition(row.kink), values, arithmetic="mpmath", digits=60))


@pytest.mark.parametrize(
    ("name", "point", "slopes"),
    [
        ("absolute", (0.0,), [0]),
        ("sign", (0.0,), [0]),
        ("relu", (0.0,), [0]),
        ("floor", (2.0,), [0]),
        ("maximum", (2.0, 2.0), [0.5, 0.5]),
        ("minimum", (2.0, 2.0), [0.5, 0.5]),
        ("where", (True, 2.0, 3.0), [1, 0]),
        ("where", (False, 2.0, 3.0), [0, 1]),
    ],
)
def test_at_a_kink_the_derivative_is_the_documented_choice(name, point, slopes):
    row, values = OPERATIONS[name], dict(zip("abc", point, strict=False))
    texts = [text for text in row.derivatives if text]
    if row.kink:
        assert evaluate(condition(row.kink), values)
    assert [evaluate(parse(text).root, values) for text in texts] == slopes


@pytest.mark.parametrize("row", [pytest.param(row, id=row.name) for row in real_functions() if row.fraction])
def test_fractions_are_exact(row: Operation) -> None:
    for a, b in [(Fraction(9, 4), 3), (Fraction(1, 4), -2), (4, 2), (0, 5), (Fraction(16, 25), 1)]:
        values = dict(zip("abc", (a, b), strict=False))
        exact = evaluate(row_node(row), values, arithmetic="fraction")
        assert isinstance(exact, (int, Fraction))
        near = evaluate(row_node(row), values, arithmetic="mpmath", digits=60)
        assert abs(near - mpmath.mpf(exact.numerator) / exact.denominator) < mpmath.mpf(10) ** -14 * (1 + abs(near))


def test_the_constants_have_as_many_digits_as_are_asked_for():
    for name, known in [("pi", mpmath.pi), ("e", mpmath.e)]:
        node = Apply(name, ())
        assert evaluate(node) == float(known)
        with mpmath.workdps(320):
            assert abs(evaluate(node, arithmetic="mpmath", digits=300) - known) < mpmath.mpf(10) ** -299


def test_a_power_of_e_is_as_exact_as_exp():
    x = np.array([700.0, -700.0, 33.3])
    assert evaluate(parse("e^x").root, {"x": x}).tolist() == np.exp(x).tolist()
    assert evaluate(parse("e^x").root, {"x": 2.0, Apply("e", ()): 3.0}) == 9.0


def test_each_spelling_names_one_row_and_each_function_has_a_builder():
    for row in OPERATIONS.values():
        assert all(SPELLINGS[spelling] == row.name for spelling in row.spellings)
        builder = {"sum": "sum_rows", "mean": "mean_rows"}.get(row.name, row.name)
        if not row.arity:
            assert getattr(expression, builder) is Apply(row, ())
        elif row.layout not in ("infix", "prefix", "fraction", "power"):
            assert getattr(expression, builder)(*row_node(row).children) is row_node(row)


def test_special_functions_are_loaded_when_they_are_computed():
    code = """
import sys
from workings.expression import evaluate, exp, gamma, symbol
x = symbol("x")
evaluate(exp(x) + x**2, {"x": 1.0})
assert not {"scipy.special", "mpmath"} & set(sys.modules)
evaluate(gamma(x), {"x": 4.0})
assert "scipy.special" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
