"""Sums and means over rows of data, in every arithmetic, within each other and within sums that have an index."""

from __future__ import annotations

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest

from workings.errors import InputError
from workings.expression import (
    evaluate,
    exp,
    free_symbols,
    indexed,
    mean_rows,
    number,
    operation_count,
    sum_rows,
    symbols,
    total,
    where,
)
from workings.expression.build import smallest
from workings.expression.functions import greater

x, y, w, m, b, i, n = symbols("x y w m b i n")
ARITHMETICS = ["float", "mpmath", "fraction"]
ROWS = {"x": [1, 2, 6], "y": [2, 3, 10]}


@pytest.mark.parametrize("arithmetic", ARITHMETICS)
@pytest.mark.parametrize(
    ("node", "value"),
    [
        (sum_rows(x), 9),
        (mean_rows(x), 3),
        (mean_rows((x - mean_rows(x)) ** 2), Fraction(14, 3)),
        (sum_rows((x - mean_rows(x)) * (y - mean_rows(y))) / sum_rows((x - mean_rows(x)) ** 2), Fraction(23, 14)),
        (mean_rows((y - (m * x + b)) ** 2), Fraction(2, 3)),
        (sum_rows(m), 6),
        (mean_rows(m), 2),
        (sum_rows(1), 3),
        (sum_rows(sum_rows(x)), 27),
        (mean_rows(mean_rows(x) + 1), 4),
        (sum_rows(where(greater(x, 1), x, 0)), 8),
        (total(indexed("w", i) * mean_rows(x * i), i, 1, 2), 3 * 10 + 6 * 20),
        (total(indexed("w", i) * mean_rows(x), i, 1, 2), 90),
        (smallest(sum_rows(x) * i, i, 2, 3), 18),
        (total(sum_rows(x**i), i, 1, 2), 9 + 41),
    ],
)
def test_they_have_their_value(node, value, arithmetic):
    values = {**ROWS, "m": 2, "b": -1} | ({"w": [10, 20]} if w in free_symbols(node) else {})
    got = evaluate(node, values, arithmetic=arithmetic)
    if arithmetic == "fraction":
        assert got == value
    elif arithmetic == "float":
        assert got == pytest.approx(float(value), rel=1e-15)
    else:
        with mpmath.workdps(60):
            assert abs(got - mpmath.mpf(value.numerator) / value.denominator) < mpmath.mpf(10) ** -45


def test_a_column_of_floats_is_summed_without_loss():
    assert evaluate(sum_rows(x), {"x": [1e16, 1.0, -1e16] * 1000}) == 1000.0
    assert evaluate(sum_rows(x * m), {"x": [0.1] * 10, "m": 1.0}) == 1.0
    assert evaluate(mean_rows(x), {"x": np.array([2**62, 2**62, 2**62])}) == 2**62
    assert evaluate(sum_rows(x), {"x": np.array([True, False, True])}) == 2
    assert evaluate(sum_rows(x), {"x": np.array([2**100, 1], dtype=object)}) == 2**100 + 1


def test_a_number_counts_once_for_each_row():
    assert evaluate(sum_rows(m), {"m": 0.1, "x": np.ones(10)}) == 1.0
    assert evaluate(sum_rows(x + m), {"m": 0.5, "x": np.zeros(4)}) == 2.0
    assert evaluate(mean_rows(m), {"m": 0.1}) == 0.1
    assert evaluate(sum_rows(m), {"m": 3, "x": np.ones((2, 5))}) == 30


def test_columns_that_the_formula_does_not_name_do_not_count():
    data = {"x": np.ones(3), "other": np.ones(7), "v": np.ones(5)}
    assert evaluate(sum_rows(x), data) == 3
    assert evaluate(sum_rows(m), {"m": 1, "x": np.ones(3)}) == 3  # its own column is simplified away
    assert evaluate(sum_rows(m) + indexed("v", 1), {"m": 1, "x": np.ones(3), "v": np.ones(5)}) == 4


def test_columns_are_broadcast_before_they_are_summed():
    data = {"x": np.arange(3.0), "y": np.arange(2.0).reshape(2, 1)}
    assert evaluate(sum_rows(x * y), data) == 3.0
    assert evaluate(sum_rows(x) + 0 * sum_rows(y), data) == 6.0
    assert evaluate(sum_rows(x), {"x": np.array([2.0]), "y": np.ones(4)} | {"x": 2.0}) == 8.0


def test_no_rows_have_the_sum_0_and_no_mean():
    nothing = {"x": np.array([])}
    assert evaluate(sum_rows(x), nothing) == 0
    assert evaluate(sum_rows(1), nothing) == 0
    assert math.isnan(evaluate(mean_rows(x), nothing))
    assert math.isnan(evaluate(mean_rows(x), nothing, arithmetic="mpmath"))
    with pytest.raises(InputError, match="denominator"):
        evaluate(mean_rows(x), nothing, arithmetic="fraction")


@pytest.mark.parametrize(
    ("column", "value"), [([1.0, math.nan], math.nan), ([math.inf, 1.0], math.inf), ([math.inf, -math.inf], math.nan)]
)
def test_what_is_not_finite_stays_so(column, value):
    for arithmetic in ("float", "mpmath"):
        got = float(evaluate(sum_rows(x), {"x": column}, arithmetic=arithmetic))
        assert got == pytest.approx(value, nan_ok=True)


def test_a_value_for_each_row_is_handed_out_in_floats_only():
    centred = x - mean_rows(x)
    assert evaluate(centred, {"x": [1.0, 2.0, 6.0]}).tolist() == [-2.0, -1.0, 3.0]
    assert evaluate(centred, {x: [1.0, 2.0, 6.0]}).tolist() == [-2.0, -1.0, 3.0]
    for arithmetic in ("mpmath", "fraction"):
        with pytest.raises(InputError, match="one number"):
            evaluate(centred, {"x": [1, 2, 6]}, arithmetic=arithmetic)


def test_what_cannot_be_summed_is_refused_with_its_reason():
    with pytest.raises(InputError, match="over whose rows"):
        evaluate(sum_rows(m), {"m": 1.0})
    with pytest.raises(InputError, match=r"broadcast together; got \(3,\), \(4,\)"):
        evaluate(sum_rows(x * y), {"x": np.ones(3), "y": np.ones(4)})
    with pytest.raises(InputError, match=r"broadcast together; got \(3,\), \(4,\)"):
        evaluate(x * y, {"x": np.ones(3), "y": np.ones(4)})
    with pytest.raises(InputError, match=r"broadcast together; got \(3,\), \(4,\)"):
        evaluate(sum_rows(m), {"m": 1, "x": np.ones(3), "y": np.ones(4)})
    with pytest.raises(InputError, match="must have an index inside a sum"):
        evaluate(total(x * mean_rows(x), i, 1, 3), {"x": np.ones(3)})
    with pytest.raises(InputError, match="must have an index inside a sum"):
        evaluate(total(x * mean_rows(x * i), i, 1, 3), {"x": np.ones(3)})


def test_operations_over_rows_are_counted_row_by_row():
    assert operation_count(mean_rows((y - m * x) ** 2), {**ROWS, "m": 1}) == 3 * 3 + 3
    assert operation_count(exp(m) * sum_rows(x), {**ROWS, "m": 1}) == 2 + 3
    assert operation_count(sum_rows(number(1)), ROWS) == 1


@pytest.mark.parametrize("depth", [40, 3000])
def test_means_within_means_need_no_recursion(depth):
    node = x
    for _ in range(depth):
        node = x - mean_rows(node)
    assert np.isfinite(evaluate(node, {"x": np.array([1.0, 2.0, 6.0])})).all()
