"""The table of awkward cases at the head of grammar.lark says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import workings.expression.reading
from workings.errors import FormulaError
from workings.expression import Apply, Number, Symbol, log, negation, sigmoid, sin, sqrt, symbols, to_text, where
from workings.expression.reading import parse

GRAMMAR = (Path(workings.expression.reading.__file__).parent / "grammar.lark").read_text(encoding="utf-8")
CASES = re.findall(r"^//   (\S.*?) {2,}(\S.*?)(?: {2,}.*)?$", GRAMMAR, re.MULTILINE)

a, b, c, d, x, y, z, r = symbols("a b c d x y z r")
e, pi = Apply("e", ()), Apply("pi", ())


def test_the_table_was_found():
    assert len(CASES) >= 30
    assert ("1/2x", "(1/2)*x") in CASES
    assert ("x < 1", "refused") in CASES


@pytest.mark.parametrize(("text", "meaning"), CASES, ids=[text for text, _ in CASES])
def test_an_awkward_case_reads_as_the_grammar_says(text, meaning):
    if meaning == "refused":
        with pytest.raises(FormulaError):
            parse(text)
    else:
        assert parse(text).root is parse(meaning).root


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("-x^2", -(x ** Number(2))),
        ("(-x)^2", (-x) ** Number(2)),
        ("-a*b", -(a * b)),
        ("-a/b", -(a / b)),
        ("-a + b", (-a) + b),
        ("a - b - c", (a - b) - c),
        ("a - -b", a - (-b)),
        ("a--b", a - (-b)),
        ("-+-x", -(+(-x))),
        ("+x", x),
        ("2^-x^2", Number(2) ** -(x ** Number(2))),
        ("2^-x*y", (Number(2) ** -x) * y),
        ("a^b^c", a ** (b**c)),
        ("a**b**c", a ** (b**c)),
        ("(a^b)^c", (a**b) ** c),
        ("1/2x", (Number(1) / Number(2)) * x),
        ("a/b c", (a / b) * c),
        ("a/b*c", (a / b) * c),
        ("a*b/c", (a * b) / c),
        ("2(x+1)", Number(2) * (x + Number(1))),
        ("(a)(b)", a * b),
        ("x y z", (x * y) * z),
        ("2 sin(x) y", (Number(2) * sin(x)) * y),
        ("sin(x)^2", sin(x) ** Number(2)),
        ("2x^3y", (Number(2) * x ** Number(3)) * y),
        ("2e", Number(2) * e),
        ("2e^x", Number(2) * e**x),
        ("2e-x", Number(2) * e - x),
        ("2πr", (Number(2) * pi) * r),
        ("πr²", pi * r ** Number(2)),
        ("pi*r^2", pi * r ** Number(2)),
        ("x²y", x ** Number(2) * y),
        ("x⁻²", x ** -Number(2)),
        ("x⁺¹²", x ** Number(12)),
        ("√2x", sqrt(2) * x),
        ("√√x", sqrt(sqrt(x))),
        ("2^√x", Number(2) ** sqrt(x)),
        ("√(x)(y)", sqrt(x) * y),
        ("∛x", Apply("cbrt", (x,))),
        ("|x - |y||", abs(x - abs(y))),
        ("|x|y|z|", (abs(x) * y) * abs(z)),
        ("|(x)|", abs(x)),
        ("2|x|", Number(2) * abs(x)),
        ("ln(x)", log(x)),
        ("log(x)", log(x)),
        ("σ(x) - σ", sigmoid(x) - Symbol("sigma")),
        ("gamma(x)*gamma", Apply("gamma", (x,)) * Symbol("gamma")),
        ("where(x < y, a, b)", where(Apply("less", (x, y)), a, b)),
        ("where(not(x<y),a,b)", where(negation(Apply("less", (x, y))), a, b)),
        ("where(x, a, b)", where(x, a, b)),
        ("x·y × z ÷ a", ((x * y) * z) / a),
        ("x − y – z", (x - y) - z),
        ("atan2(y, x)", Apply("atan2", (y, x))),
        ("arctan2(y, x)", Apply("atan2", (y, x))),
        ("max(a, b) + min(a, b)", Apply("maximum", (a, b)) + Apply("minimum", (a, b))),
        ("mean((y - x)^2)", Apply("mean", ((y - x) ** Number(2),))),
    ],
)
def test_text_is_read_as_these_nodes(text, node):
    assert parse(text).root is node


def test_what_was_typed_is_kept():
    tree = parse("1/(1+e^(-x))").root
    assert tree is Number(1) / (Number(1) + e ** (-x))
    assert parse("x + 0").root is x + Number(0)
    assert parse("2*3").root is Number(2) * Number(3)
    assert to_text(parse("1.50x").root) == "1.50·x"


def test_parentheses_make_no_nodes():
    assert parse("((x)) + (y)").root is parse("x+y").root


@pytest.mark.parametrize("sign", ["==", "=", "!=", "≠", "<", "<=", "≤", ">", ">=", "≥"])
def test_every_comparison_has_its_signs(sign):
    names = {"=": "equal", "==": "equal", "!=": "different", "≠": "different", "<": "less", "<=": "at_most"}
    names |= {"≤": "at_most", ">": "greater", ">=": "at_least", "≥": "at_least"}
    assert parse(f"where(a {sign} b, c, d)").root is where(Apply(names[sign], (a, b)), c, d)


def test_words_and_signs_of_logic_are_the_same():
    assert parse("where(a<b and b<c or not c<d, 1, 0)").root is parse("where(a<b ∧ b<c ∨ ¬c<d, 1, 0)").root


@pytest.mark.parametrize("name", ["android", "order", "nothing", "iffy", "elsewhere", "sine", "e1", "pid"])
def test_a_word_within_a_name_is_part_of_the_name(name):
    assert parse(f"{name} + 1").root is Symbol(name) + Number(1)
