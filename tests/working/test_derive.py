from __future__ import annotations

import math

import numpy as np
import pytest

import workings as wk
from workings.errors import WorkingError
from workings.expression import equation, exp, indexed, largest, partial, smallest, symbol, symbols, total
from workings.language import message
from workings.working import Derivation, Rule

QUESTION = message("What comes out?")
x, y, n, i, j = symbols("x y n i j")


def test_digits_grow_until_recomputing_from_them_gives_the_result() -> None:
    w = Derivation("roc", QUESTION)
    w.given("a", 1.000123456)
    w.given("b", 1.000098765)
    step = w.line("difference", equation(symbol("d"), symbol("a") - symbol("b")))
    assert str(step.shown) in {"2.4691·10⁻⁵", "0.000024691"}
    assert str(step.substitution) == "d = 1.000123456 - 1.000098765"
    w.build().verify()


def test_equals_where_exact_and_almost_equals_where_rounded() -> None:
    w = Derivation("roc", QUESTION)
    w.given("x", 3)
    half = w.line("half", equation(symbol("h"), x / 2))
    third = w.line("third", equation(symbol("t"), 1 / x))
    assert (str(half.shown), half.exact) == ("1.5", True)
    assert (str(third.shown), third.exact) == ("0.33333", False)


def test_counts_stay_whole() -> None:
    w = Derivation("roc", QUESTION)
    w.given("TP", np.int64(12_345_678))
    w.given("FN", np.int64(1))
    step = w.line("all", equation(symbol("P"), symbol("TP") + symbol("FN")))
    assert step.value == 12_345_679
    assert isinstance(step.value, int)
    assert str(step.shown) == "12345679"


def test_short_sums_are_written_out_and_long_ones_are_not() -> None:
    w = Derivation("normalization", QUESTION)
    w.given("x", [1.5, 2.5, 3.5, 4.5, 5.5])
    four = w.line("four", equation(symbol("a"), total(indexed(x, i), i, 1, 4)))
    five = w.line("five", equation(symbol("b"), total(indexed(x, i), i, 1, 5)))
    none = w.line("none", equation(symbol("c"), total(indexed(x, i), i, 1, 0)))
    least = w.line("least", equation(symbol("e"), smallest(indexed(x, i), i, 2, 4)))
    most = w.line("most", equation(symbol("d"), largest(indexed(x, i), i, 1, 5)))
    assert str(four.substitution) == "a = 1.5 + 2.5 + 3.5 + 4.5"
    assert str(five.substitution) == "b = 1.5 + 2.5 + … + 5.5"
    assert none.value == 0
    assert str(least.substitution) == "e = min(2.5, 3.5, 4.5)"
    assert "max(1.5, 2.5, …, 5.5)" in str(most.substitution)
    w.build().verify()


def test_matrices_and_sums_of_products_are_put_in() -> None:
    w = Derivation("regression", QUESTION)
    w.given("X", np.array([[1.0, 2.0], [3.0, 4.0]]))
    w.given("w", [0.5, -1.0])
    X, weights = symbols("X w")
    step = w.line("score", equation(indexed("z", 2), total(indexed(X, 2, j) * indexed(weights, j), j, 1, 2)), -2.5)
    assert str(step.substitution) == "z₂ = 3 × 0.5 + 4 × (-1)"
    w.line("sigmoid", equation(indexed("p", 2), 1 / (1 + exp(-indexed("z", 2)))))
    w.build().verify()


def test_elements_and_partial_derivatives_become_known() -> None:
    J, m = symbols("J m")
    w = Derivation("regression", QUESTION)
    w.given("x", [1.0, 2.0])
    w.line("gradient", equation(partial(J, m), -2 * indexed(x, 2)), -4.0)
    step = w.line("step", equation(symbol("m_1"), 0.5 - 0.1 * partial(J, m)), 0.5 + 0.4)
    assert "-4" in str(step.substitution)
    w.build().verify()


def test_an_expression_that_was_a_line_is_known_wherever_it_stands() -> None:
    w = Derivation("sigmoid", QUESTION)
    w.given("x", 2.197)
    w.line("exponential", exp(-x), math.exp(-2.197))
    step = w.line("denominator", 1 + exp(-x))
    assert str(step.substitution) == "1 + 0.11114"
    assert str(step.shown) == "1.11114"


def test_a_line_on_something_unknown_is_refused_with_its_name() -> None:
    w = Derivation("sigmoid", QUESTION)
    w.given("x", 1)
    with pytest.raises(WorkingError, match=r"line sum .* y has no value"):
        w.line("sum", equation(symbol("s"), x + y))


def test_a_key_is_used_once() -> None:
    w = Derivation("sigmoid", QUESTION)
    w.define("rule", x)
    with pytest.raises(WorkingError, match="unique"):
        w.define("rule", y)


def test_a_part_that_fails_leaves_nothing_half_built() -> None:
    w = Derivation("sigmoid", QUESTION)
    with pytest.raises(ZeroDivisionError), w.part("part", message("A part")):
        raise ZeroDivisionError
    w.define("rule", x)
    assert [step.key for step in w.build().steps] == ["rule"]


def test_every_rule_has_a_title() -> None:
    assert all(str(rule.title) for rule in Rule)


def test_inputs_are_kept_by_reference() -> None:
    column = np.arange(5.0)
    w = Derivation("sigmoid", QUESTION)
    w.given("x", column)
    assert w.build().inputs["x"].value is column


@pytest.mark.parametrize(("x", "told"), [(200.0, "1 / (1 + 1.3839·10⁻⁸⁷) ≈ 1\n"), (0.0, "1 / 2 = 0.5\n")])
def test_what_a_sum_swallows_at_fifty_digits_is_not_equal(x, told):
    assert told in wk.explain(wk.sigmoid, x).to_text("en")
