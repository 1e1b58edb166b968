from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workings.working import clear_of_rounding, half_unit, read, rounding, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (569, "569"),
        (10_000_000_000, "10000000000"),
        (True, "1"),
        (np.int64(7), "7"),
        (2.197, "2.197"),
        (0.5, "0.5"),
        (3.0, "3"),
        (0.0, "0"),
        (-0.0, "0"),
        (0.8999766, "0.8999766"),
        (0.899976612, "0.89998"),
        (0.0001, "0.0001"),
        (0.00012, "0.00012"),
        (0.000123456789, "0.00012346"),
        (1e-5, "1e-05"),
        (1.23456789e-5, "1.2346e-05"),
        (1234567.0, "1234567"),
        (12345678.9, "1.2346e+07"),
        (999996.0001, "1.0000e+06"),
        (-0.11113606, "-0.11114"),
        (0.0999999999, "0.10000"),
        (np.float32(0.1), "0.1"),
        (Fraction(1, 3), "0.33333"),
        (Fraction(1, 8), "0.125"),
    ],
)
def test_numbers_are_shown_to_the_digits_they_have(value: float, text: str) -> None:
    assert shown(value).text == text


def test_infinities_are_numbers_too() -> None:
    assert shown(math.inf).text == "∞"
    assert shown(-math.inf).text == "-∞"


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(1, 17))
@example(5.236743422505585e198, 15)
def test_what_is_shown_is_the_value_within_half_a_unit_of_its_last_digit(value: float, significant: int) -> None:
    number = shown(value, significant)
    assert abs(read(number.text) - Fraction(value)) <= half_unit(number.text)


@given(st.floats(allow_nan=False, allow_infinity=False).filter(bool))
def test_what_is_not_zero_is_never_shown_as_zero(value: float) -> None:
    assert read(shown(value).text) != 0


def test_half_a_unit_follows_the_last_digit() -> None:
    assert half_unit("0.89998") == Fraction(5, 10**6)
    assert half_unit("1.2346e-05") == Fraction(5, 10**10)
    assert half_unit("45") == Fraction(1, 2)


def test_a_short_exact_value_may_not_be_off_by_half_a_unit() -> None:
    assert rounding(shown(0.5)) == Fraction(5, 10**6)
    assert rounding(shown(0.899976612)) == Fraction(5, 10**6)


@pytest.mark.parametrize(
    ("value", "beside", "clear"),
    [
        (59.9 - 71.7, 71.7, -11.8),
        (59.9 - 59.6, 59.9, 0.3),
        (0.1 * 3, 0.0, 0.3),
        (1 / 3, 0.0, 1 / 3),
        (1e16 + 2 - 1e16, 1e16, 2.0),
        (0.1, 1e16, 0.1),
        (0.0, 5.0, 0.0),
        (math.inf, 0.0, math.inf),
        (5e-324, 0.0, 5e-324),
    ],
)
def test_only_what_rounding_left_is_taken_from_a_number(value: float, beside: float, clear: float) -> None:
    assert clear_of_rounding(value, beside) == clear
    assert math.isnan(clear_of_rounding(math.nan))
