"""Every way to write a name or a number is read as one, and nothing else is."""

from __future__ import annotations

import unicodedata

import pytest

from workings.errors import FormulaError
from workings.expression import OPERATIONS, SPELLINGS, Apply, Number, Symbol, to_text
from workings.expression.reading import parse


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("x", "x"),
        ("learning_rate", "learning_rate"),
        ("x1", "x1"),
        ("x_1", "x_1"),
        ("x₁", "x_1"),
        ("x₁₂", "x_12"),
        ("xₘₐₓ", "x_max"),
        ("β₁", "beta_1"),
        ("beta_1", "beta_1"),
        ("σ", "sigma"),
        ("Σ", "Sigma"),
        ("α_β", "alpha_beta"),
        ("π₂", "pi_2"),
        ("µ", "mu"),  # the micro sign
        ("ϕ", "phi"),  # the other shape of φ
        ("u'", "u'"),
        ("ŷ", "ŷ"),
        ("x̄", "x̄"),
        ("Δx", "Δx"),
        ("재현율", "재현율"),
        (unicodedata.normalize("NFD", "재현율"), "재현율"),
        (unicodedata.normalize("NFD", "ŷ"), "ŷ"),
        ("ｘ", "x"),
        ("𝑥", "x"),
        ("ℓ", "l"),
        ("цена", "цена"),
        ("λόγος", "λόγος"),
        ("데이터", "데이터"),
        ("データ", "データ"),
        ("一月", "一月"),
        ("ﬁt", "fit"),
        ("`mean radius`", "mean radius"),
        ("`e`", "e"),
        ("`sin`", "sin"),
        ("`a``b`", "a`b"),
        ("`class-1 (x)`", "class-1 (x)"),
        ("`σ`", "σ"),
        ("`ах`", "ах"),
        ("`👨\u200d👩\u200d👧`", "👨\u200d👩\u200d👧"),
    ],
)
def test_a_name_is_read(text, name):
    system = parse(text)
    assert system.root is Symbol(name)
    assert system.variables == (name,)
    assert parse(f"2{text} + 1").root is Number(2) * Symbol(name) + Number(1)


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("12", 12, "12"),
        ("007", 7, "7"),
        ("1.5", 1.5, "1.5"),
        ("1.50", 1.5, "1.50"),
        (".5", 0.5, ".5"),
        ("5.", 5.0, "5.0"),
        ("1e-3", 0.001, "1e-3"),
        ("1E+03", 1000.0, "1e3"),
        ("1e-05", 1e-05, "1e-05"),
        ("1e-5", 1e-05, "1e-05"),
        ("2·10³", 2000.0, "2e3"),
        ("2×10⁻³", 0.002, "2e-3"),
        ("1.2·10⁺²", 120.0, "1.2e2"),
        ("0e999", 0.0, "0e999"),
        ("5e-324", 5e-324, "5e-324"),
        ("１２", 12, "12"),
        ("0", 0, "0"),
    ],
)
def test_a_number_keeps_the_digits_that_were_typed(text, value, shown):
    node = parse(text).root
    assert isinstance(node, Number)
    assert (node.value, type(node.value), node.text) == (value, type(value), shown)


def test_a_number_that_python_would_write_so_is_the_number_that_a_program_makes():
    for value in (0.5, 1e-05, 1e22, 123.456, 1e300):
        assert parse(repr(value)).root is Number(value)


@pytest.mark.parametrize("text", ["1e999", "1e-999", "1" + "0" * 400, "2·10⁹⁹⁹", "1e" + "9" * 4000])
def test_a_number_that_float64_cannot_hold_is_refused(text):
    with pytest.raises(FormulaError, match=r"must be 0 or from 5e-324 to 1\.8e308") as caught:
        parse(text)
    assert caught.value.column == 1
    assert len(str(caught.value)) < 300


def test_the_largest_integer_is_the_largest_that_rounds_to_a_float():
    largest = 2**1024 - 2**970 - 1
    assert parse(str(largest)).root is Number(largest)
    assert float(largest) < float("inf")
    with pytest.raises(FormulaError, match=r"1\.8e308"):
        parse(str(largest + 1))


def test_a_number_with_its_power_of_ten_is_one_only_where_the_signs_leave_it():
    x, ten_cubed = Symbol("x"), Number(10) ** Number(3)
    assert parse("x + 2·10³").root is x + Number(2000.0, "2e3")
    assert parse("2·10³x").root is Number(2000.0, "2e3") * x
    assert parse("x·2·10³").root is (x * Number(2)) * ten_cubed
    assert parse("x / 2·10³").root is (x / Number(2)) * ten_cubed
    assert parse("x/  2·10³").root is (x / Number(2)) * ten_cubed
    assert parse("x^2·10³").root is x ** Number(2) * ten_cubed
    assert parse("2 · 10³").root is Number(2) * ten_cubed
    assert parse("2·10³").root is not parse("2 × 10³").root


def test_constants():
    assert parse("e").root is Apply("e", ())
    assert parse("π").root is parse("pi").root is Apply("pi", ())
    assert parse("e + x").variables == ("x",)


@pytest.mark.parametrize("name", ["e", "pi", "sin", "mean", "max", "Φ"])
def test_a_given_name_is_a_name_whatever_else_it_could_be(name):
    system = parse(f"2*{name} + exp({name})", names=[name])
    assert system.variables == (name,)
    assert system.root is Number(2) * Symbol(name) + Apply("exp", (Symbol(name),))


def test_a_given_name_is_found_however_it_is_written():
    assert parse("x₁", names={"x_1"}).root is Symbol("x_1")
    assert parse("σ + 1", names={"σ"}).variables == ("σ",)
    assert parse("σ + 1", names={"sigma"}).variables == ("sigma",)
    assert parse("π*r^2", names={"pi"}).variables == ("pi", "r")


def test_a_name_that_is_defined_is_that_name():
    system = parse("e = y - b; J = mean(e^2)")
    assert system.variables == ("y", "b")
    assert system.definitions["J"] is parse("mean(`e`^2)").root


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_the_table_of_operations_is_read(spelling):
    row = OPERATIONS[SPELLINGS[spelling]]
    if not row.arity:
        assert parse(spelling).root is Apply(row, ())
        return
    args = [Symbol(letter) for letter in "abc"[: row.arity]]
    assert parse(f"{spelling}({', '.join(str(arg) for arg in args)})").root is Apply(row, args)


@pytest.mark.parametrize("name", ["sigma", "gamma", "Gamma", "phi", "Phi", "psi"])
def test_a_greek_letter_is_a_function_only_before_a_parenthesis(name):
    assert parse(f"{name}*x").variables == (name, "x")
    assert isinstance(parse(f"{name}(x)").root, Apply)


def test_spaces_of_any_kind_mean_nothing():
    assert parse(" \tx\u00a0+\u2009 y\u3000").root is parse("x+y").root


def test_wide_signs_are_the_plain_ones():
    assert parse("（ｘ＋１）＊２").root is parse("(x+1)*2").root
    assert to_text(parse("ｓｉｎ（ｘ）").root) == "sin(x)"


def test_a_prime_is_one_sign_however_it_is_typed():
    assert parse("x' + x′ + x'' + x′′").variables == ("x'", "x''")
    assert to_text(Symbol("x′"), quoted=True) == "`x′`"  # a column may be called so
