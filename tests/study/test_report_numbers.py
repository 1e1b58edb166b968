"""Numbers on the page say neither more nor less than they are, and open into the lines that they rest on."""

from __future__ import annotations

import math

import pytest

from workings.errors import WorkingsError
from workings.expression import equation, symbols
from workings.language import message, use_language
from workings.study.numerals import count, fixed, interval, percent, plain, raised
from workings.working import Derivation, Working
from workings.working.resting import resting_on


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0000"),
        (1.0, "1.0000"),
        (0.99996, "0.99996"),
        (0.9999999999, "1.000000000"),
        (0.00004, "4·10⁻⁵"),
        (-0.00001234, "-1.234·10⁻⁵"),
        (-0.5, "-0.5000"),
        (2.0795, "2.0795"),
        (float("nan"), "undefined"),
        (None, "undefined"),
    ],
)
def test_a_rate_is_never_rounded_into_a_zero_or_a_one(value, text):
    assert fixed(value) == text


def test_a_percentage_is_never_rounded_into_nothing_or_all():
    assert [percent(value) for value in (0, 0.5, 0.9703, 0.9999, 1)] == [
        "0.0 %",
        "50.0 %",
        "97.0 %",
        "99.99 %",
        "100.0 %",
    ]
    assert percent(0.000001) == "0.000100 %"
    assert percent(math.nan) == "undefined"


def test_a_percentage_has_no_space_before_its_sign_in_korean():
    with use_language("ko"):
        assert percent(0.953) == "95.3%"


def test_large_counts_are_grouped_and_sums_of_weights_keep_their_decimals():
    assert [count(value) for value in (0, 9999, 10_000, 1_234_567, 2.25)] == [
        "0",
        "9999",
        "10\u202f000",
        "1\u202f234\u202f567",
        "2.25",
    ]


def test_an_interval_is_written_by_both_ends():
    assert interval((0.1, 1.0)) == "0.1000 – 1.0000"
    assert interval((0.5, 0.75), as_percent=True) == "50.0 % – 75.0 %"


def test_infinity_is_said():
    assert plain(math.inf) == "∞"
    assert fixed(math.inf) == "∞"


def test_raised_digits_become_superscripts_and_everything_else_is_escaped():
    assert raised("2·10⁻⁵ <b> & 10³") == "2·10<sup>−5</sup> &lt;b&gt; &amp; 10<sup>3</sup>"


@pytest.fixture
def working() -> Working:
    TP, FN, FP, R, P, F, Q = symbols("TP FN FP R P F Q")
    w = Derivation("study", message("How good?"))
    for name, value in (("TP", 52), ("FN", 2), ("FP", 3)):
        w.given(name, value)
    w.define("rule", equation(R, TP / (TP + FN)))
    w.line("recall", equation(R, TP / (TP + FN)))
    w.line("unrelated", equation(Q, TP + 1))
    with w.part("shares", title=message("Shares")):
        w.line("precision", equation(P, TP / (TP + FP)))
    w.line("f1", equation(F, 2 * P * R / (P + R)))
    return w.build()


def test_a_number_opens_into_the_lines_that_it_rests_on_in_reading_order_and_no_others(working):
    assert [step.key for step in resting_on(working, ["f1"])] == ["rule", "recall", "precision", "f1"]
    assert [step.key for step in resting_on(working, ["recall"])] == ["rule", "recall"]


def test_numbers_that_stand_together_open_into_their_lines_once(working):
    assert [step.key for step in resting_on(working, ["f1", "recall", "unrelated"])] == [
        "rule",
        "recall",
        "unrelated",
        "precision",
        "f1",
    ]


def test_a_part_opens_into_its_lines(working):
    assert [step.key for step in resting_on(working, ["shares"])] == ["precision"]


def test_a_line_that_is_not_there_is_refused_by_name(working):
    with pytest.raises(WorkingsError, match="nothing"):
        resting_on(working, ["nothing"])
