"""Simplification by named rules, with what it assumes."""

from __future__ import annotations

import pytest

from workings.expression import Node, greater, symbols, to_text
from workings.expression.calculus import RULES, simplify
from workings.expression.reading import parse
from workings.language import use_language

x, z = symbols("x z")

CASES = [
    ("2*x + 3*x", "5·x", "", "like_terms"),
    ("x - (-z)", "x + z", "", "like_terms"),
    ("1/2 + 1/3", "5 / 6", "", "like_terms"),
    ("(x^3)^2", "x⁶", "", "factors"),
    ("x/3 + x/6", "x / 2", "", "like_terms"),
    ("-(-x)", "x", "", "factors"),
    ("(2*x + 4)/2", "x + 2", "", "common_factor"),
    ("(x^2 + x*z)/x", "x + z", "x ≠ 0", "common_factor"),
    ("x/x", "1", "x ≠ 0", "factors"),
    ("x^2/x", "x", "x ≠ 0", "factors"),
    ("1/(1/x)", "x", "x ≠ 0", "factors"),
    ("(x - 1)/(1 - x)", "-1", "1 - x ≠ 0", "factors"),
    ("log(x) - log(x)", "0", "x > 0", "like_terms"),
    ("0*log(x)", "0", "x > 0", "factors"),
    ("x/x + log(x)", "log(x) + 1", "", "factors"),
    ("sqrt(x)*sqrt(x)", "x", "x ≥ 0", "factors"),
    ("sqrt(x^2)", "|x|", "", "inverse"),
    ("exp(log(x))", "x", "x > 0", "inverse"),
    ("log(exp(x))", "x", "", "inverse"),
    ("e^(2*x)/e^x", "e^x", "", "factors"),
    ("sin(x)^2 + cos(x)^2", "1", "", "like_terms"),
    ("cosh(x)^2 - sinh(x)^2", "1", "", "like_terms"),
    ("(x + 1)^2 - x^2 - 2*x - 1", "0", "", "expand"),
    ("2*(x + 1) + 3*(x + 2)", "5·x + 8", "", "expand"),
    ("where(x > 0, x/x, 1)", "1", "", "factors"),
    ("1/(x + 1) - x/(x + 1)^2", "1 / (x + 1)²", "", "common_denominator"),
    ("(1/x + 1)/(1/x - 1)", "(x + 1) / (1 - x)", "1 / x - 1 ≠ 0, x ≠ 0", "inner_fractions"),
    ("abs(x)*sign(x)", "x", "", "factors"),
]


@pytest.mark.parametrize(("formula", "expected", "assumption", "rule"), CASES)
def test_a_formula_becomes_shorter_and_says_what_that_assumes(
    formula: str, expected: str, assumption: str, rule: str
) -> None:
    simplified = simplify(parse(formula).root)
    assert to_text(simplified.node) == expected
    assert ", ".join(map(to_text, simplified.assumptions)) == assumption
    assert rule in {step.rule for step in simplified.steps}


@pytest.mark.parametrize(
    "formula",
    ["1/(1 + exp(-x))", "x + 1", "1 + x", "sqrt(x)", "z*x + x*z/2", "(x + 1)*(x + 2)", "x^a*x^b", "9^9^9^9", "x^0.5"],
)
def test_what_is_short_already_stays_as_it_was_written(formula: str) -> None:
    node = parse(formula).root
    if formula != "z*x + x*z/2":
        assert simplify(node).node is node
        assert simplify(node).steps == ()
    else:
        assert to_text(simplify(node).node) == "3·x·z / 2"


def test_what_is_known_is_not_assumed() -> None:
    assert simplify(x / x, known=[greater(x, 0)]).assumptions == ()
    assert to_text(simplify(parse("sqrt(x^2)").root, known=[greater(x, 0)]).node) == "x"


def test_a_root_of_a_square_is_not_its_base_where_that_may_be_negative() -> None:
    assert to_text(simplify(parse("(x^2)^(1/2)").root).node) != "x"


def test_steps_lead_from_one_part_to_the_next_and_have_names_in_both_languages() -> None:
    steps = simplify(parse("2*x/x + 3*x - x").root).steps
    assert steps
    for step in steps:
        assert isinstance(step.before, Node)
        assert step.after is not step.before
        assert str(step.title)
    with use_language("ko"):
        assert all(str(title) for title in RULES.values())
