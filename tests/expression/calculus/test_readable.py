"""The derivatives of textbooks, written as textbooks write them."""

from __future__ import annotations

import pytest

from workings.expression import Node, postorder, symbols, to_text
from workings.expression.calculus import derivative, gradient
from workings.expression.calculus.writing import Writer
from workings.expression.reading import parse

x, z = symbols("x z")

TEXTBOOK = [
    ("x^2 + x*z", "2·x + z"),
    ("5", "0"),
    ("x", "1"),
    ("3*x^4", "12·x³"),
    ("x^3 + x^2 + x + 1", "3·x² + 2·x + 1"),
    ("0.1*x^3", "0.3·x²"),
    ("x^2/2", "x"),
    ("1/x", "-1 / x²"),
    ("1/x^2", "-2 / x³"),
    ("sqrt(x)", "1 / (2·√(x))"),
    ("1/sqrt(x)", "-1 / (2·x^(3 / 2))"),
    ("x*sqrt(x)", "3·√(x) / 2"),
    ("x^(1/3)", "1 / (3·x^(2 / 3))"),
    ("x^1.5", "1.5·x^0.5"),
    ("x^n", "n·x^(n - 1)"),
    ("a^x", "a^x·log(a)"),
    ("2^x", "2^x·log(2)"),
    ("x^x", "x^x·(log(x) + 1)"),
    ("x^sin(x)", "x^sin(x)·(log(x)·cos(x) + sin(x) / x)"),
    ("e^x", "e^x"),
    ("e^(-x)", "-e^(-x)"),
    ("e^(x^2)", "2·x·e^(x²)"),
    ("x*e^x", "(x + 1)·e^x"),
    ("x^2*e^(-x)", "x·(2 - x)·e^(-x)"),
    ("e^(-x^2/2)/sqrt(2*pi)", "-x·e^(-x² / 2) / √(2·π)"),
    ("(e^x - e^(-x))/2", "(e^x + e^(-x)) / 2"),
    ("log(x)", "1 / x"),
    ("log(x)*x", "log(x) + 1"),
    ("x*log(x) - x", "log(x)"),
    ("log(x)/x", "(1 - log(x)) / x²"),
    ("log(2*x)", "1 / x"),
    ("log(x^2 + 1)", "2·x / (x² + 1)"),
    ("log(log(x))", "1 / (x·log(x))"),
    ("log(sin(x))", "cos(x) / sin(x)"),
    ("log10(x)", "1 / (x·log(10))"),
    ("log(x)^2", "2·log(x) / x"),
    ("sin(x)^2", "2·sin(x)·cos(x)"),
    ("sin(x)*cos(x)", "cos(x)² - sin(x)²"),
    ("sin(x)^2 + cos(x)^2", "0"),
    ("sin(x)/x", "(x·cos(x) - sin(x)) / x²"),
    ("sin(x)/cos(x)", "1 / cos(x)²"),
    ("tan(x)", "1 / cos(x)²"),
    ("sin(x^2 + x)", "(2·x + 1)·cos(x² + x)"),
    ("sin(cos(x))", "-sin(x)·cos(cos(x))"),
    ("x^2*sin(1/x)", "2·x·sin(1 / x) - cos(1 / x)"),
    ("atan(x)", "1 / (x² + 1)"),
    ("atan(y/x)", "-y / (x² + y²)"),
    ("asin(x)", "1 / √(1 - x²)"),
    ("x*asin(x) + sqrt(1 - x^2)", "asin(x)"),
    ("(x + 1)^2", "2·(x + 1)"),
    ("(1 - x)^2", "-2·(1 - x)"),
    ("(x + 1)*(x + 2)*(x + 3)", "3·x² + 12·x + 11"),
    ("(x + 1)^3*(x - 2)^2", "(x + 1)²·(x - 2)·(5·x - 4)"),
    ("x/(x + 1)", "1 / (x + 1)²"),
    ("(x - 1)/(x + 1)", "2 / (x + 1)²"),
    ("x/(x^2 + 1)", "(1 - x²) / (x² + 1)²"),
    ("(x^2 + 1)/(x - 1)", "(x² - 2·x - 1) / (x - 1)²"),
    ("sqrt(x^2 + 1)", "x / √(x² + 1)"),
    ("x*sqrt(1 - x^2)", "(1 - 2·x²) / √(1 - x²)"),
    ("1/(1 + e^(-x))", "e^(-x) / (1 + e^(-x))²"),
    ("e^x/(1 + e^x)", "e^x / (1 + e^x)²"),
    ("sigmoid(x)", "σ(x)·(1 - σ(x))"),
    ("sigmoid(w*x + b)", "w·σ(w·x + b)·(1 - σ(w·x + b))"),
    ("tanh(x)", "1 - tanh(x)²"),
    ("log(1 + e^(-y*x))", "-y·e^(-y·x) / (1 + e^(-y·x))"),
    ("-(y*log(x) + (1 - y)*log(1 - x))", "(x - y) / (x·(1 - x))"),
    ("y*log(sigmoid(x)) + (1 - y)*log(1 - sigmoid(x))", "y - σ(x)"),
    ("(y - (x*m + b))^2", "-2·m·(y - (x·m + b))"),
    ("100*(y - x^2)^2 + (1 - x)^2", "-400·x·(y - x²) - 2·(1 - x)"),
    ("log(e^x + e^y + e^z)", "e^x / (e^x + e^y + e^z)"),
    ("abs(x)", "sign(x)"),
    ("abs(x)^2", "2·x"),
    ("relu(x)", "where(x > 0, 1, 0)"),
    ("max(x, y)", "where(x > y, 1, where(x = y, 1 / 2, 0))"),
    ("max(x^2, z)", "where(x² > z, 2·x, where(x² = z, x, 0))"),
    ("where(x > 0, x*log(x), 0)", "where(x > 0, log(x) + 1, 0)"),
    ("(x*z)^2", "2·x·z²"),
    ("(x/z)^3", "3·x² / z³"),
    ("x*cbrt(x)", "4·∛(x) / 3"),
    ("erf(x)", "2·exp(-x²) / √(π)"),
    ("gamma(x)", "Γ(x)·ψ(x)"),
]

SECOND = [
    ("x^3", "6·x"),
    ("x^n", "n·(n - 1)·x^(n - 2)"),
    ("1/x", "2 / x³"),
    ("x*e^x", "(x + 2)·e^x"),
    ("e^(x^2)", "2·(2·x² + 1)·e^(x²)"),
    ("x*e^(-x^2)", "2·x·(2·x² - 3)·e^(-x²)"),
    ("x*log(x) - x", "1 / x"),
    ("log(x)^2", "2·(1 - log(x)) / x²"),
    ("sin(x)*cos(x)", "-4·sin(x)·cos(x)"),
    ("tan(x)", "2·sin(x) / cos(x)³"),
    ("atan(x)", "-2·x / (x² + 1)²"),
    ("sqrt(x^2 + 1)", "1 / (x² + 1)^(3 / 2)"),
    ("1/(1 + x^2)^2", "4·(5·x² - 1) / (1 + x²)⁴"),
    ("x/(x^2 + 1)", "2·x·(x² - 3) / (x² + 1)³"),
    ("1/(1 + e^(-x))", "(e^(-2·x) - e^(-x)) / (1 + e^(-x))³"),
    ("sigmoid(x)", "σ(x)·(1 - 2·σ(x))·(1 - σ(x))"),
    ("log(e^x + e^y + e^z)", "e^x·(e^y + e^z) / (e^x + e^y + e^z)²"),
    ("softplus(x)", "σ(x)·(1 - σ(x))"),
]


def read(text: str) -> Node:
    return parse(text, names=("y", "z", "n", "a", "w", "b", "m")).root


@pytest.mark.parametrize(("formula", "expected"), TEXTBOOK)
def test_a_derivative_reads_as_in_a_textbook_whichever_sweep_found_it(formula: str, expected: str) -> None:
    f = read(formula)
    assert to_text(derivative(f, x)) == expected
    assert gradient(f, (x,))[0] is derivative(f, x), "forward and reverse mode give different formulas"


@pytest.mark.parametrize(("formula", "expected"), SECOND)
def test_a_second_derivative_reads_as_in_a_textbook(formula: str, expected: str) -> None:
    assert to_text(derivative(derivative(read(formula), x), x)) == expected


def test_a_cost_over_rows_has_its_numbers_in_front() -> None:
    m, b = symbols("m b")
    cost = read("mean((y - (m*x + b))^2)")
    assert [to_text(slope) for slope in gradient(cost, (m, b))] == [
        "-2·mean(x·(y - (m·x + b)))",
        "-2·mean(y - (m·x + b))",
    ]


def test_what_a_person_wrote_inside_a_function_stays_as_it_was_written() -> None:
    assert to_text(derivative(read("sin(z*x + 0*x + x*1)"), z)) == "x·cos(z·x + 0·x + x·1)"


def test_decimals_are_multiplied_as_decimals() -> None:
    assert to_text(derivative(read("0.1*x^3 + 0.2*x"), x)) == "0.3·x² + 0.2"


def test_a_long_decimal_stays_the_number_that_was_written() -> None:
    assert to_text(derivative(read("x/2.5066282746310002"), x)) == "1 / 2.5066282746310002"
    assert to_text(derivative(read("0.12345678901234567*(0.98765432109876543*x)^2"), x)).endswith(
        "× 0.98765432109876543²·x"
    )


@pytest.mark.parametrize("order", range(1, 6))
def test_higher_derivatives_of_a_product_do_not_swell(order: int) -> None:
    f = read("x^3*e^(2*x)*sin(x)")
    for _ in range(order):
        f = derivative(f, x)
    assert Writer().size(f) < 120


def test_calling_twice_gives_the_same_node_and_leaves_the_formula_alone() -> None:
    f = read("x^2*sin(z*x) + log(1 + x^2)")
    parts = list(postorder(f))
    first = gradient(f, (x, z))
    assert gradient(f, (x, z)) == first
    assert list(postorder(f)) == parts
