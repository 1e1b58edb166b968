"""Each kind of fault is planted, and must be caught; an honest working must pass."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.working.sigmoid_example import sigmoid_working

from workings.errors import WorkingError
from workings.expression import (
    Apply,
    Number,
    at_least,
    elided,
    equation,
    exp,
    greater,
    indexed,
    iverson,
    less,
    log,
    number,
    partial,
    sigmoid,
    sqrt,
    substitute,
    symbol,
    symbols,
    total,
)
from workings.language import message
from workings.working import Convention, Derivation, Derived, Step, Table, Working, shown

QUESTION = message("What comes out?")
TP, FN, R, x, n, i, mu, t = symbols("TP FN recall x n i mu t")


def recall_working() -> Working:
    w = Derivation("confusion", QUESTION)
    w.given("TP", 45)
    w.given("FN", 4)
    w.line("recall", equation(R, TP / (TP + FN)), 45 / 49)
    return w.build()


def mean_working(column: list[float] | np.ndarray) -> Working:
    w = Derivation("normalization", QUESTION)
    w.given("x", column)
    w.given("n", len(column))
    w.line("mean", equation(mu, total(indexed(x, i), i, 1, n) / n), float(np.mean(column)))
    w.line("spread", equation(symbol("v"), total((indexed(x, i) - mu) ** 2, i, 1, n) / n), float(np.var(column)))
    w.line("deviation", equation(symbol("s"), sqrt(symbol("v"))), float(np.std(column)))
    return w.build()


def with_step(working: Working, key: str, **changes: object) -> Working:
    def changed(step: Step) -> Step:
        step = replace(step, substeps=tuple(map(changed, step.substeps)))
        return replace(step, **changes) if step.key == key else step  # type: ignore[arg-type]  # planted on purpose

    return replace(working, steps=tuple(map(changed, working.steps)))


def test_an_honest_working_passes_and_counts_its_lines_but_no_definition() -> None:
    outcome = sigmoid_working().verify()
    assert outcome.equations == 4
    assert [line.key for line in outcome.lines] == ["exponential", "denominator", "reciprocal", "slope"]
    assert outcome.scope == {"inputs": 4}
    assert outcome.largest_error < 1e-15
    assert 3.9e-6 < outcome.difference < 4.1e-6
    assert outcome.rounding == 5e-6


def test_a_wrong_kernel_value_is_caught() -> None:
    wrong = 0.92
    w = Derivation("confusion", QUESTION)
    w.given("TP", 45)
    w.given("FN", 4)
    w.line("recall", equation(R, TP / (TP + FN)), wrong)
    with pytest.raises(
        WorkingError, match=r"line recall: TP / \(TP \+ FN\) is 0\.918367346938776 .* 0\.92 was computed"
    ):
        w.build().verify()


def test_a_kernel_value_wrong_beyond_the_digits_shown_is_caught() -> None:
    with pytest.raises(WorkingError, match="line recall"):
        with_step(recall_working(), "recall", value=45 / 49 * (1 + 1e-8)).verify()


def test_a_wrong_statement_is_caught() -> None:
    with pytest.raises(WorkingError, match="line recall"):
        with_step(recall_working(), "recall", statement=equation(R, TP / (TP - FN))).verify()


def test_a_statement_that_is_wrong_and_equal_in_value_is_caught_by_its_numbers() -> None:
    # (TP + FN - FN) / (TP + FN) has the same value; the numbers put in no longer follow from it.
    statement = equation(R, (TP + FN - FN) / (TP + FN))
    with pytest.raises(WorkingError, match="must stand there"):
        with_step(recall_working(), "recall", statement=statement).verify()


def test_a_wrong_result_digit_is_caught() -> None:
    with pytest.raises(WorkingError, match=r"the line says 0\.91838"):
        with_step(recall_working(), "recall", shown=Number(45 / 49, "0.91838")).verify()


@pytest.mark.parametrize(("wrong", "right"), [("46", "45"), ("3", "4")])
def test_a_wrong_digit_that_is_put_in_is_caught(wrong: str, right: str) -> None:
    working = recall_working()
    substitution = working.step("recall").substitution
    assert substitution is not None
    planted = substitute(substitution, {Number(int(right), right): Number(int(right), wrong)})
    assert planted is not substitution
    with pytest.raises(WorkingError, match="line recall"):
        with_step(working, "recall", substitution=planted).verify()


def test_a_wrong_digit_below_the_rounding_of_the_result_is_caught_where_it_is_put_in() -> None:
    # 1000000 + 0.11114 = 1000000.1: the fifth digit of 0.11114 cannot be seen in the result, and is still checked.
    w = Derivation("sigmoid", QUESTION)
    w.given("a", 1_000_000)
    w.given("b", 0.1111359)
    w.line("sum", equation(symbol("c"), symbol("a") + symbol("b")))
    working = w.build()
    working.verify()
    substitution = working.step("sum").substitution
    assert substitution is not None
    planted = substitute(substitution, {number(0.1111359): Number(0.1111359, "0.1111399")})
    assert planted is not substitution
    with pytest.raises(WorkingError, match=r"0\.1111399 is put in for b"):
        with_step(working, "sum", substitution=planted).verify()


def test_an_equals_sign_where_digits_were_rounded_is_caught() -> None:
    with pytest.raises(WorkingError, match="line recall"):
        with_step(recall_working(), "recall", exact=True).verify()


def test_a_wrong_input_is_caught() -> None:
    working = recall_working()
    inputs = {**working.inputs, "FN": replace(working.inputs["FN"], value=5)}
    with pytest.raises(WorkingError, match="line recall"):
        replace(working, inputs=inputs).verify()


def test_an_error_does_not_hide_behind_a_wrong_line_above_it() -> None:
    # Both lines are wrong by the same factor, so that each would follow from the other's shown value.
    w = Derivation("sigmoid", QUESTION)
    w.given("x", 2.0)
    w.line("square", equation(symbol("a"), x**2), 4.4, tolerance=0.2)
    w.line("root", equation(symbol("b"), sqrt(symbol("a"))), math.sqrt(4.4))
    with pytest.raises(WorkingError, match=r"line root: .*2\.0 when evaluated again"):
        w.build().verify()


@pytest.mark.parametrize("place", [0, 1, -1])
def test_a_wrong_term_of_a_long_sum_is_caught(place: int) -> None:
    working = mean_working([17.99, 20.57, 19.69, 11.42, 20.29, 12.45])
    working.verify()
    sum_of = total(indexed(x, i), i, 1, n)
    terms = [17.99, 20.57, 12.45]
    terms[place] += 0.01
    shown_terms = [number(round(term, 2)) for term in terms]
    planted = equation(mu, elided(sum_of, tuple(shown_terms[:2]), tuple(shown_terms[2:])) / number(6))
    with pytest.raises(WorkingError, match="is put in for"):
        with_step(working, "mean", substitution=planted).verify()


def about_a_level(level: float) -> Working:
    w = Derivation("regression", QUESTION)
    w.given("x", np.array([101.0, 102.0, 104.0, 108.0, 101.0]))
    w.given("n", 5)
    w.given("c", level)
    w.line("below", equation(symbol("b"), total(indexed(x, i) - symbol("c"), i, 1, n)))
    return w.build()


def test_what_is_the_same_in_all_terms_is_shown_in_digits_that_give_the_sum() -> None:
    level = 103.20001234567  # five digits of it give 0 - 0.00006
    working = about_a_level(level)
    assert working.verify().equations == 1
    (line,) = working.steps
    digits = re.findall(r"103\.\d+", str(line.substitution))
    assert len(digits) == 3
    (level_shown,) = {Fraction(digits_shown) for digits_shown in digits}
    assert abs(516 - 5 * level_shown - Fraction(line.shown.text)) <= Fraction(1, 2 * 10**9)


def test_too_few_digits_of_what_is_the_same_in_all_terms_are_caught() -> None:
    working = about_a_level(103.20001234567)
    short = Number(103.20001234567, "103.20")
    sum_of = total(indexed(x, i) - symbol("c"), i, 1, n)
    planted = equation(symbol("b"), elided(sum_of, (number(101) - short, number(102) - short), (number(101) - short,)))
    with pytest.raises(WorkingError, match="the digits shown"):
        with_step(working, "below", substitution=planted).verify()


def test_a_wrong_number_of_terms_is_caught() -> None:
    working = mean_working([1.0, 2.0, 4.0])
    working.verify()
    planted = equation(mu, (number(1) + number(2)) / number(3))
    with pytest.raises(WorkingError, match="line mean"):
        with_step(working, "mean", substitution=planted).verify()


def test_a_false_claim_is_caught_and_a_true_one_is_shown_with_digits_for_which_it_is_true() -> None:
    w = Derivation("sigmoid", QUESTION)
    w.given("x", 0.4999999999)
    w.given("t", 0.5)
    step = w.claim("below", less(x, t))
    assert str(step.substitution) == "0.4999999999 < 0.5"
    working = w.build()
    assert working.verify().equations == 1
    with pytest.raises(WorkingError, match="does not hold"):
        with_step(working, "below", statement=at_least(x, t), substitution=at_least(number(0.5), number(0.5))).verify()
    with pytest.raises(WorkingError, match="does not hold"):
        with_step(working, "below", substitution=less(Number(0.4999999999, "0.5"), number(0.5))).verify()


def test_an_equation_with_another_relation_is_a_claim() -> None:
    w = Derivation("regression", QUESTION)
    w.given("x", 2e-7)
    w.claim("arrived", equation(x, number(1e-6), "≤"))
    w.build().verify()
    w = Derivation("regression", QUESTION)
    w.given("x", 2e-6)
    w.claim("arrived", equation(x, number(1e-6), "≤"))
    with pytest.raises(WorkingError, match="arrived"):
        w.build().verify()


def test_an_undefined_value_must_be_undefined() -> None:
    w = Derivation("confusion", QUESTION)
    w.given("TP", 0)
    w.given("FN", 0)
    w.line("recall", equation(R, TP / (TP + FN)), math.nan, note=message("no one is sick"))
    working = w.build()
    assert working.step("recall").shown is None
    working.verify()
    assert "= undefined" in working.to_text("en")
    with pytest.raises(WorkingError, match="line recall"):
        with_step(working, "recall", value=0.0, shown=shown(0)).verify()
    with pytest.raises(WorkingError, match="line recall"):
        with_step(recall_working(), "recall", value=math.nan, shown=None).verify()


def test_what_follows_from_an_undefined_value_is_undefined() -> None:
    w = Derivation("confusion", QUESTION)
    w.given("TP", 0)
    w.given("FN", 0)
    w.line("recall", equation(R, TP / (TP + FN)), math.nan)
    w.line("double", equation(symbol("d"), 2 * R), math.nan)
    assert w.build().verify().equations == 2


def test_infinite_values_are_shown_and_checked() -> None:
    w = Derivation("roc", QUESTION)
    w.given("t", math.inf)
    w.given("x", 3.0)
    w.line("ratio", equation(symbol("r"), 1 / (x - 3)), math.inf)
    w.claim("no", less(x, t))
    working = w.build()
    working.verify()
    assert "∞" in working.to_text("en")
    with pytest.raises(WorkingError, match="line ratio"):
        with_step(working, "ratio", value=-math.inf).verify()


def test_a_count_must_be_exact() -> None:
    column = np.array([0.1, 0.9, 0.5, 0.7, 0.2, 0.6])
    w = Derivation("roc", QUESTION)
    w.given("x", column)
    w.given("n", column.size)
    w.given("t", 0.5)
    count = equation(symbol("P"), total(iverson(at_least(indexed(x, i), t)), i, 1, n))
    w.line("count", count, 4, tolerance=1.0)
    working = w.build()
    working.verify()
    with pytest.raises(WorkingError, match="line count"):
        with_step(working, "count", value=5, shown=shown(5)).verify()


def test_over_ten_thousand_operations_are_recounted_and_said_to_be() -> None:
    column = np.random.default_rng(0).normal(5, 2, size=20_000)
    working = mean_working(column)
    outcome = working.verify()
    assert {line.key: line.scope for line in outcome.lines} == {
        "mean": "recount",
        "spread": "recount",
        "deviation": "recount",
    }
    assert "recounted" in working.to_text("en")
    with pytest.raises(WorkingError, match="line spread"):
        with_step(working, "spread", value=float(np.var(column, ddof=1))).verify()


def test_only_the_line_that_is_checked_unlike_most_is_marked() -> None:
    w = Derivation("roc", QUESTION)
    w.given("TP", 45, source="state")
    w.given("FN", 4, source="state")
    w.given("x", 2)
    w.line("recall", equation(R, TP / (TP + FN)), 45 / 49)
    w.line("half", equation(symbol("h"), R / x), 45 / 98)
    w.line("other", equation(symbol("o"), x + 1), 3)
    working = w.build()
    outcome = working.verify()
    assert [line.scope for line in outcome.lines] == ["state", "state", "inputs"]
    assert outcome.scope == {"state": 2, "inputs": 1}
    text = working.to_text("en")
    assert "checked from the merged state" not in text
    assert text.count("checked from the inputs at 50 digits") == 1
    assert "From the state that was merged while the data was read: 2." in text.replace("\n           ", " ")
    assert "50 digits;" not in text


def test_what_cancels_may_leave_its_rounding_and_nothing_more() -> None:
    w = Derivation("normalization", QUESTION)
    w.given("x", [0.1] * 10)
    w.given("n", 10)
    w.line("mean", equation(mu, total(indexed(x, i), i, 1, n) / n), 0.1)
    w.line("rest", equation(symbol("d"), indexed(x, 3) - mu), 1.4e-17)
    w.build().verify()
    working = w.build()
    assert working.step("rest").shown is not None
    assert str(working.step("rest").shown) == "0"
    with pytest.raises(WorkingError, match="line rest"):
        with_step(working, "rest", value=1e-12).verify()


def test_the_last_of_fifty_digits_is_not_handed_on_as_a_value() -> None:
    """A gradient that is 0 is 1e-52 when a third is subtracted from a third; a step along it stays where it was."""
    a, g, b = symbols("a g b")
    w = Derivation("test", message("Where is it flat?"))
    w.given("a", 3)
    w.line("third", equation(symbol("t"), 1 / a), 1 / 3)
    w.line("gradient", equation(g, symbol("t") * a - 1), 0.0, absolute=1e-12)
    w.line("step", equation(b, -(0.5 * g)), 0.0)
    assert w.build().verify().equations == 3


@pytest.mark.parametrize("tiny", [1e-200, 1e-40, 5e-324])
def test_a_value_that_is_tiny_and_no_remainder_must_still_be_right(tiny: float) -> None:
    a, b = symbols("a b")
    for factor, right in ((1.0, True), (1.5, False)):
        w = Derivation("test", message("How small?"))
        w.given("a", tiny)
        w.line("b", equation(b, 4 * a), 4 * tiny)
        working = with_step(w.build(), "b", value=4 * tiny * factor)
        if right:
            working.verify()
        else:
            with pytest.raises(WorkingError):
                working.verify()


def test_cells_of_a_computed_column_are_checked() -> None:
    head = equation(R, TP / (TP + FN))
    table = Table((TP, FN, head), ((45, 4, 45 / 49), (40, 9, 40 / 49), (0, 0, math.nan), (1, 1, None)))
    w = Derivation("confusion", QUESTION)
    w.table("rates", table)
    assert w.build().verify().cells == 3
    w = Derivation("confusion", QUESTION)
    w.table("rates", replace(table, rows=((45, 4, 45 / 49), (40, 9, 40 / 48))))
    with pytest.raises(WorkingError, match="table rates"):
        w.build().verify()


@pytest.mark.parametrize(("second", "says"), [(12.0, None), (12.0001, "table passes: 2·u is 12"), (math.nan, "2·u")])
def test_cells_with_statements_of_their_own_follow_from_the_cells_above(second: float, says: str | None) -> None:
    u, v = symbols("u v")
    w = Derivation("chain_rule", QUESTION)
    w.given("x", 3)
    rows = ((u, Derived(6.0, equation(u, 2 * x))), (v, Derived(second, equation(v, 2 * u))))
    w.table("passes", Table((message("variable"), message("value")), rows))
    w.line("sum", u + v, 6.0 + second)
    working = w.build()
    if says is None:
        assert working.verify().cells == 2
        assert Working.from_json(working.to_json()).verify().cells == 2
        assert "12" in working.to_text()
    else:
        with pytest.raises(WorkingError, match=says):
            working.verify()


def test_a_cell_is_put_in_as_near_to_the_truth_as_its_table_allowed():
    def told(off: float) -> Working:
        w = Derivation("confusion", QUESTION)
        w.given("x", 0.3333349999)
        w.table("cells", Table((R,), ((Derived(0.3333349999 + off, equation(R, x)),),)), absolute=1e-9)
        w.line("twice", equation(t, 2 * R), 2 * (0.3333349999 + off), absolute=1e-8)
        return w.build()

    # 0.33334 is put in, which the true value would not be rounded to.
    assert told(2e-10).verify().equations == 1
    with pytest.raises(WorkingError, match="table cells"):
        told(1e-6).verify()


def test_what_a_line_shows_of_few_digits_is_put_in_below_and_no_other_digits_are() -> None:
    # The digits shown for the two differ by 0.024028, the floats by 0.0240287..: the reader has the former.
    a, b, r = symbols("a b r")
    w = Derivation("normalization", QUESTION)
    w.given("a", -18813158953.097958)
    w.given("b", -18813158953.121986)
    w.line("range", equation(r, a - b), -18813158953.097958 + 18813158953.121986, absolute=1e-5)
    w.line("twice", equation(t, r + 1), 1.0240287780761719, absolute=1e-5)
    working = w.build()
    assert str(working.step("twice").substitution) == "t = 0.024028 + 1"
    assert working.verify().equations == 2
    wrong = equation(t, Number(0.024027, "0.024027") + 1)
    with pytest.raises(WorkingError, match=r"0\.024027 is put in for r"):
        with_step(working, "twice", substitution=wrong).verify()


def test_two_lines_that_give_one_thing_different_values_are_caught() -> None:
    u = symbol("u")
    w = Derivation("chain_rule", QUESTION)
    w.given("x", 3)
    w.line("first", equation(u, 2 * x), 6.0)
    w.line("second", equation(u, x + 4), 7.0)
    with pytest.raises(WorkingError, match=r"line second: u is 7.0 here and 6.0 above"):
        w.build().verify()


def test_a_cell_on_something_unknown_is_refused_with_its_name() -> None:
    w = Derivation("chain_rule", QUESTION)
    with pytest.raises(WorkingError, match="everything in line passes must be given or derived above it; x has no"):
        w.table("passes", Table((message("value"),), ((Derived(6.0, 2 * x),),)))


def test_a_wrong_value_of_a_conventions_rival_is_caught() -> None:
    working = recall_working()
    rival = Convention(None, message("a"), message("b"), 0.9, TP / (TP + FN + 1))
    replace(working, conventions=(rival,)).verify()
    with pytest.raises(WorkingError, match="convention"):
        replace(working, conventions=(replace(rival, rival_value=0.91),)).verify()


def test_nothing_unverified_is_rendered() -> None:
    bad = with_step(recall_working(), "recall", value=0.5)
    renderers: list[Callable[[], str]] = [bad.to_text, bad.to_markdown, bad.to_html, bad.to_latex, bad.to_json]
    for render in renderers:
        with pytest.raises(WorkingError):
            render()


def test_float32_inputs_are_taken_as_they_are() -> None:
    column = np.array([0.1, 0.2, 0.7], dtype=np.float32)
    w = Derivation("normalization", QUESTION)
    w.given("x", column)
    w.given("n", 3)
    step = w.line("sum", equation(symbol("S"), total(indexed(x, i), i, 1, n)))
    assert "0.1 + 0.2 + 0.7" in str(step.substitution)
    w.build().verify()


positive = st.floats(min_value=1e-6, max_value=1e6)


@settings(max_examples=60, deadline=None)
@given(a=positive, b=positive, c=st.floats(-20, 20))
def test_whatever_the_inputs_the_digits_shown_recompute(a: float, b: float, c: float) -> None:
    w = Derivation("sigmoid", QUESTION)
    for name, value in (("a", a), ("b", b), ("c", c)):
        w.given(name, value)
    p, q, r = symbols("a b c")
    w.line("ratio", equation(symbol("u"), p / (p + q)), a / (a + b))
    w.line("difference", equation(symbol("v"), p - q), a - b)
    w.line("root", equation(symbol("w"), sqrt(p * q)), math.sqrt(a * b), tolerance=1e-8)
    w.line("logarithm", equation(symbol("l"), log(p)), math.log(a))
    w.line("sigmoid", equation(symbol("s"), sigmoid(r)), 1 / (1 + math.exp(-c)))
    w.line("exponential", equation(symbol("e"), exp(r) + symbol("u")), math.exp(c) + a / (a + b))
    assert w.build().verify().equations == 6


def test_a_claim_about_a_sum_is_checked_term_by_term() -> None:
    w = Derivation("roc", QUESTION)
    w.given("x", [1, 2, 3, 4, 5, 6])
    w.given("n", 6)
    w.claim("large", greater(total(indexed(x, i), i, 1, n), number(20)))
    working = w.build()
    working.verify()
    assert isinstance(working.step("large").substitution, Apply)


@pytest.mark.parametrize("bound", [math.inf, math.nan])
def test_a_bound_that_is_no_number_lets_no_number_pass(bound: float) -> None:
    w = Derivation("sigmoid", QUESTION)
    w.given("a", 1)
    w.line("two", symbol("a") + symbol("a"), 3, absolute=bound)
    with pytest.raises(WorkingError, match="line two"):
        w.build().verify()


def defined_working(right: object, *, beside: object = x + 1, says: str = "5") -> Working:
    """A definition that comes before what it defines is known, and a table of symbols beside their numbers."""
    y = symbol("y")
    w = Derivation("sigmoid", QUESTION)
    w.given("x", 4)
    w.define("formula", equation(y, right))
    w.line("value", equation(y, x + 1), 5.0)
    row = (beside, Number(5.0, says), Derived(5.0, equation(symbol("z"), x + 1)))
    w.table("parts", Table((message("is"), message("value"), message("again")), (row,)))
    return w.build()


def test_a_definition_that_the_numbers_below_it_belie_is_caught() -> None:
    outcome = defined_working(x + 1).verify()
    assert (outcome.equations, outcome.definitions) == (1, 1)
    assert defined_working(x + symbol("unknown")).verify().definitions == 0
    with pytest.raises(WorkingError, match="line formula says y = x - 1; with the numbers of this working"):
        defined_working(x - 1).verify()


def test_symbols_beside_a_number_that_say_another_are_caught() -> None:
    with pytest.raises(WorkingError, match="table parts: x - 1 is no number of its row"):
        defined_working(x + 1, beside=x - 1).verify()


def test_digits_in_a_cell_that_are_not_its_number_are_caught() -> None:
    with pytest.raises(WorkingError, match=r"table parts: a cell says 6, and its number is 5\.0"):
        defined_working(x + 1, says="6").verify()


def test_a_derivative_beside_the_number_of_another_is_caught() -> None:
    w = Derivation("chain_rule", QUESTION)
    w.given("TP", 1)
    a, b = partial(symbol("y"), x), partial(symbol("y"), t)
    for named in (a, b):
        w.table(
            f"{named}", Table((message("derivative"), message("value")), ((a, Derived(2.0, equation(named, 2 * TP))),))
        )
    with pytest.raises(WorkingError, match="table ∂y/∂t: ∂y/∂x is no number of its row"):
        w.build().verify()
