"""Sums of long arrays are those of math.fsum, to the last bit."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workings.errors import InputError
from workings.expression import evaluate, indexed, symbols, total
from workings.expression.exact_sums import exact_parts


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, max_value=1e300, min_value=-1e300), max_size=60))
def test_any_numbers_add_up_as_if_rounded_once(numbers):
    assert math.fsum(exact_parts(np.array(numbers, np.float64))) == math.fsum(numbers)


@pytest.mark.parametrize("spread", [0, 30, 900])
def test_a_long_sum_that_cancels_keeps_its_last_bit(spread):
    rng = np.random.default_rng(spread)
    numbers = np.ldexp(rng.normal(size=100_003), rng.integers(-spread, spread + 1, 100_003))
    numbers = np.concatenate([numbers, -numbers[::-1], [2.0**-1000]])
    assert math.fsum(exact_parts(numbers)) == 2.0**-1000


@pytest.mark.parametrize(
    ("numbers", "value"),
    [
        ([5e-324] * 3, 1.5e-323),
        ([1.7e308, -1.7e308, 1.7e308], 1.7e308),
        ([math.inf, 1.0], math.inf),
        ([1.7e308, 1.7e308], math.inf),
        ([], 0.0),
    ],
)
def test_sums_at_the_ends_of_the_range_are_those_of_ieee_arithmetic(numbers, value):
    k, n = symbols("k n")
    y = np.array(numbers)
    assert evaluate(total(indexed("y", k), k, 1, n), {"y": y, "n": len(y)}) == value


def test_infinities_of_both_signs_have_no_sum():
    k = symbols("k")[0]
    assert math.isnan(evaluate(total(indexed("y", k), k, 1, 2), {"y": np.array([math.inf, -math.inf])}))


def test_elements_of_a_matrix_are_taken_one_by_one_whichever_of_its_indices_run():
    k, m = symbols("k m")
    table = np.arange(12.0).reshape(3, 4)
    values = {"A": table}
    assert evaluate(total(indexed("A", k, k + 1), k, 1, 3), values) == table[0, 1] + table[1, 2] + table[2, 3]
    assert evaluate(total(indexed("A", 2, 2 * k), k, 1, 2), values) == table[1, 1] + table[1, 3]
    assert evaluate(total(indexed("A", 4 - k, 2), k, 1, 2), values) == table[2, 1] + table[1, 1]
    assert evaluate(total(total(indexed("A", k, m), m, 1, 4), k, 1, 3), values) == table.sum()


def test_an_index_beyond_the_last_element_is_refused():
    k = symbols("k")[0]
    with pytest.raises(InputError, match="from 1 to 3; got 4"):
        evaluate(total(indexed("y", k + 1), k, 1, 3), {"y": np.arange(3.0)})
    with pytest.raises(InputError, match="from 1 to 3; got 0"):
        evaluate(total(indexed("y", k - 1), k, 1, 3), {"y": np.arange(3.0)})
