"""Every renderer writes the same expression, puts parentheses where they are needed, and lets no name do harm."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest
from hypothesis import given, settings

from workings.errors import InputError
from workings.expression import (
    Number,
    absolute,
    at_least,
    both,
    display_width,
    either,
    equal,
    equation,
    exp,
    indexed,
    integral,
    iverson,
    largest,
    less,
    log2,
    mathml_pieces,
    negation,
    normal_quantile,
    number,
    partial,
    product_of,
    sigmoid,
    smallest,
    sqrt,
    symbol,
    symbols,
    to_box,
    to_latex,
    to_mathml,
    to_python,
    to_text,
    total,
    where,
)
from workings.expression.build import elided
from workings.expression.reading import parse
from workings.language import use_language

from .trees import HOSTILE, arithmetic_of_symbols, everything

a, b, c, x, y, z, i, j, m, n, s, t, J = symbols("a b c x y z i j m n s t J")
xi = indexed("x", i)
S = total(xi, i, 1, n)
M = "{http://www.w3.org/1998/Math/MathML}"

LINES = [
    (-(x**2), "-x²", "-x^2"),
    ((-x) ** 2, "(-x)²", "(-x)^2"),
    (Number(-2) ** 2, "(-2)²", "(-2)^2"),
    (x**-2, "x^(-2)", "x^(-2)"),
    (x ** (y**z), "x^(y^z)", "x^(y^z)"),
    ((x**y) ** z, "(x^y)^z", "(x^y)^z"),
    (a - (b - c), "a - (b - c)", "a - (b - c)"),
    (a - b - c, "a - b - c", "a - b - c"),
    (a + (b + c), "a + (b + c)", "a + (b + c)"),
    (a / (b * c), "a / (b·c)", "a / (b * c)"),
    ((a / b) / c, "(a / b) / c", "(a / b) / c"),
    (a / (b / c), "a / (b / c)", "a / (b / c)"),
    ((a / b) * c, "(a / b)·c", "(a / b) * c"),
    (a * (b / c), "a·(b / c)", "a * (b / c)"),
    (a * (b * c), "a·(b·c)", "a * (b * c)"),
    (-(a * b), "-a·b", "-a * b"),
    ((-a) * b, "(-a)·b", "(-a) * b"),
    (-(+(-a)), "-(-a)", "-(-a)"),
    (a + (-b), "a + (-b)", "a + (-b)"),
    (-a + b, "-a + b", "-a + b"),
    (number(2) - (-3), "2 - (-3)", "2 - (-3)"),
    (number(-2) * 3, "(-2) × 3", "(-2) * 3"),
    (number(0.89998) * 0.10002, "0.89998 × 0.10002", "0.89998 * 0.10002"),
    (sigmoid(x) * (1 - sigmoid(x)), "σ(x)·(1 - σ(x))", "sigmoid(x) * (1 - sigmoid(x))"),
    (sigmoid(x) ** 2, "σ(x)²", "sigmoid(x)^2"),
    (sqrt(x) ** 2, "(√(x))²", "(sqrt(x))^2"),
    (-(x / sqrt(1 - x**2)), "-x / √(1 - x²)", "-x / sqrt(1 - x^2)"),
    (absolute(x - y), "|x - y|", "|x - y|"),
    (S / n, "(Σ_{i=1}^{n} xᵢ) / n", "(sum_{i=1}^{n} x_i) / n"),
    ((1 / n) * S, "(1 / n)·Σ_{i=1}^{n} xᵢ", "(1 / n) * sum_{i=1}^{n} x_i"),
    (x * S * b, "x·(Σ_{i=1}^{n} xᵢ)·b", "x * (sum_{i=1}^{n} x_i) * b"),
    (a + S + b, "a + Σ_{i=1}^{n} xᵢ + b", "a + sum_{i=1}^{n} x_i + b"),
    (total((xi - m) ** 2, i, 1, n), "Σ_{i=1}^{n} (xᵢ - m)²", "sum_{i=1}^{n} (x_i - m)^2"),
    (total(xi + m, i, 1, n), "Σ_{i=1}^{n} (xᵢ + m)", "sum_{i=1}^{n} (x_i + m)"),
    (total(xi / n, i, 1, n), "Σ_{i=1}^{n} (xᵢ / n)", "sum_{i=1}^{n} (x_i / n)"),
    (product_of(xi, i, 1, n), "Π_{i=1}^{n} xᵢ", "prod_{i=1}^{n} x_i"),
    (smallest(xi, i, 1, n), "min_{1≤i≤n} xᵢ", "min_{1<=i<=n} x_i"),
    (elided(S, (17.99, -20.57), (7.76,)), "17.99 + (-20.57) + … + 7.76", "17.99 + (-20.57) + ... + 7.76"),
    (elided(product_of(xi, i, 1, n), (2, 3), (5,)), "2 × 3 × … × 5", "2 * 3 * ... * 5"),
    (elided(largest(xi, i, 1, n), (2, 3), (5,)) ** 2, "max(2, 3, …, 5)²", "max(2, 3, ..., 5)^2"),
    (elided(largest(xi, i, 1, n), (2, 3, 5), ()), "max(2, 3, 5)", "max(2, 3, 5)"),
    (indexed("x'", i), "x'ᵢ", "x'_i"),
    (elided(S, (1,), (2,)) / 3, "(1 + … + 2) / 3", "(1 + ... + 2) / 3"),
    (iverson(at_least(s, t)), "[s ≥ t]", "[s >= t]"),
    (
        both(less(a, b), either(less(b, c), negation(equal(a, b)))),
        "a < b ∧ (b < c ∨ ¬(a = b))",
        "a < b and (b < c or not (a = b))",
    ),
    (where(less(x, 0), -x, x), "where(x < 0, -x, x)", "where(x < 0, -x, x)"),
    (m - symbol("alpha") * partial(J, m), "m - α·∂J/∂m", "m - alpha * dJ/dm"),
    (partial(J, m) ** 2, "(∂J/∂m)²", "(dJ/dm)^2"),
    (partial(J, m, m), "∂²J/∂m²", "d2J/dm^2"),
    (2 * partial(J, m, b, b), "2·∂³J/∂b²∂m", "2 * d3J/db^2dm"),
    (partial(J, m, m, ordinary=True), "d²J/dm²", "d2J/dm^2"),
    (integral(m * b + 1, m, a, 2) * b, "(∫_{a}^{2} (m·b + 1) dm)·b", "(integral_{a}^{2} (m * b + 1) dm) * b"),
    (integral(m, m, number(float("-inf")), b), "∫_{-∞}^{b} m dm", "integral_{-inf}^{b} m dm"),
    (partial(J, m, held=[a]) * b, "(∂J/∂m)_a·b", "(dJ/dm)_a * b"),
    (partial(J, m, held=[a, b]) ** 2, "(∂J/∂m)_{a,b}²", "(dJ/dm)_{a,b}^2"),
    (number(1e-5) * x, "1·10⁻⁵·x", "1e-5 * x"),
    (3 / number(1.2e-4, "1.2000·10⁻⁴"), "3 / (1.2000·10⁻⁴)", "3 / (1.2000e-4)"),
    (number(Fraction(1, 3)) * x, "(1/3)·x", "(1/3) * x"),
    (number(float("nan"), "undefined") + 1, "undefined + 1", "undefined + 1"),
    (indexed("a", i, j), "a_{i,j}", "a_{i,j}"),
    (indexed("x", i + 1) - indexed("x", i - 1), "xᵢ₊₁ - xᵢ₋₁", "x_{i + 1} - x_{i - 1}"),
    (indexed("x", 2 * i + 1), "x_{2·i + 1}", "x_{2 * i + 1}"),
    (indexed(symbol("beta_1"), 2), "β₁_{2}", "beta_1_{2}"),
    (indexed("x", 12), "x₁₂", "x_12"),
    (normal_quantile(0.975), "Φ⁻¹(0.975)", "normal_quantile(0.975)"),
    (log2(x), "log₂(x)", "log2(x)"),
    (equation(a, equal(b, c)), "a = (b = c)", "a = (b = c)"),
    (equation(equation(a, b), c, "≈"), "a = b ≈ c", "a = b ~= c"),
    (symbol("mean radius") * 2, "mean radius·2", "mean radius * 2"),
]


@pytest.mark.parametrize(("tree", "unicode", "plain"), LINES, ids=[line[1] for line in LINES])
def test_text_puts_parentheses_where_they_are_needed(tree, unicode, plain):
    assert to_text(tree) == unicode
    assert to_text(tree, ascii=True) == plain


@given(arithmetic_of_symbols())
def test_text_and_python_read_back_as_the_same_tree(tree):
    names = {"x": x, "y": y, "z": z, "Fraction": Fraction}
    assert eval(to_python(tree), names) is tree
    text = re.sub(r"\(1/3\)", "Fraction(1, 3)", to_text(tree, ascii=True)).replace("^", "**")
    assert eval(text, names) is tree


def seen(root: ET.Element) -> str:
    """Return the text of a ``<math>`` element without its annotation."""
    return "".join(e.text or "" for e in root.iter() if e.tag != f"{M}annotation")


@given(everything())
@settings(deadline=None)
def test_every_renderer_survives_any_tree(tree):
    text = to_text(tree)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff]", text)
    to_text(tree, ascii=True)
    to_latex(tree)
    root = ET.fromstring(to_mathml(tree))
    assert "".join(map(seen, map(ET.fromstring, mathml_pieces(tree)))) == seen(root)
    assert {element.tag.removeprefix(M) for element in root.iter()} <= MATHML
    assert root.find(f".//{M}annotation").attrib == {"encoding": "application/x-tex"}
    for plain in (False, True):
        box = to_box(tree, ascii=plain)
        assert {display_width(line) for line in box.lines} == {box.width}
        assert 0 <= box.baseline < len(box.lines)
    ast.parse(to_python(tree))


MATHML = {
    *("math", "semantics", "annotation", "mrow", "mi", "mn", "mo", "mtext", "mfrac", "msup", "msub", "msqrt", "mroot"),
    *("mover", "msubsup"),
    *("mspace", "munder", "munderover", "mtable", "mtr", "mtd"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_from_outside_is_shown_and_nothing_else(name):
    tree = symbol(name) ** 2 / indexed(symbol(name, style="text"), 1)
    for shown in (to_text(tree), *to_box(tree).lines):
        assert "\n" not in shown
        assert "\x1b" not in shown
    assert "<script" not in to_mathml(tree)
    ET.fromstring(to_mathml(tree))
    source = ast.parse(to_python(tree))
    calls = [part for part in ast.walk(source) if isinstance(part, (ast.Call, ast.Attribute, ast.Import))]
    assert not calls
    escaped = re.sub(r"\\[a-z]+\{\}|\\[{}$&#_%]", "", to_latex(symbol(name, style="text")))
    assert not re.search(r"[$&#_^~%]", escaped)
    assert escaped.count("{") == escaped.count("}") == 1


def test_names_that_python_would_confuse_stay_apart():
    source = to_python(symbol("a b") + symbol("a_b") * symbol("lambda") - symbol("exp") * exp(symbol("1st")))
    names = {part.id for part in ast.walk(ast.parse(source)) if isinstance(part, ast.Name)}
    assert len(names) == 6
    assert "exp" in names


@pytest.mark.parametrize(
    ("tree", "latex"),
    [
        (-(x**2), "-x^{2}"),
        ((-x) ** 2, "(-x)^{2}"),
        (a / (b * c), r"\frac{a}{b \cdot c}"),
        ((a / b) ** n, r"\left(\frac{a}{b}\right)^{n}"),
        (xi**2, "x_{i}^{2}"),
        (symbol("beta_1") ** 2, r"\beta_{1}^{2}"),
        (symbol("f'") ** 2, "{f'}^{2}"),
        (indexed(symbol("beta_1"), i), r"{\beta_{1}}_{i}"),
        (symbol("x_max"), r"x_{\mathrm{max}}"),
        (symbol("recall"), r"\mathrm{recall}"),
        (symbol("재현율"), r"\text{재현율}"),
        (symbol("ŷ"), r"\hat{y}"),
        (symbol("x̄"), r"\bar{x}"),
        (symbol("q", latex=r"\mathbf{q}"), r"\mathbf{q}"),
        (number(2) * 3, r"2 \times 3"),
        (number(1.2e-4, "1.2000·10⁻⁴"), r"1.2000 \cdot 10^{-4}"),
        (number(1234, "1\u2009234"), r"1\,234"),
        (number(float("inf")), r"\infty"),
        (number(Fraction(-1, 3)), r"-\frac{1}{3}"),
        (partial(J, m), r"\frac{\partial J}{\partial m}"),
        (partial(J, m, b, b), r"\frac{\partial^{3} J}{\partial b^{2}\partial m}"),
        (partial(J, m, m, ordinary=True), r"\frac{\mathrm{d}^{2} J}{\mathrm{d} m^{2}}"),
        (integral(x, x, 0, J), r"\int_{0}^{J} x \, \mathrm{d} x"),
        (partial(J, m, held=[x]), r"\left(\frac{\partial J}{\partial m}\right)_{x}"),
        (equation(x, y, "≤"), r"x \le y"),
        (S, r"\sum_{i=1}^{n} x_{i}"),
        (smallest(xi, i, 1, n), r"\min_{1\le i\le n} x_{i}"),
        (sqrt(x + 1), r"\sqrt{x + 1}"),
    ],
)
def test_latex(tree, latex):
    assert to_latex(tree) == latex


def test_where_speaks_the_readers_language():
    assert r"& \text{otherwise}" in to_latex(where(less(x, 0), -x, x))
    with use_language("ko"):
        to_mathml(where(less(x, 0), -x, x))


def test_mathml_is_one_element_that_loads_nothing():
    markup = to_mathml(sigmoid(x) / 2, display="inline")
    root = ET.fromstring(markup)
    assert root.tag == f"{M}math"
    assert root.get("display") == "inline"
    assert len(root.find(f"{M}semantics")) == 2
    assert not re.search(r"href|src|style=|http(?!://www\.w3\.org/1998/Math/MathML)", markup)
    assert root.find(f".//{M}annotation").text == r"\frac{\sigma(x)}{2}"


@given(everything())
@settings(deadline=None)
def test_mathml_gives_each_layout_its_number_of_parts(tree):
    parts = {"mfrac": 2, "msup": 2, "msub": 2, "munder": 2, "munderover": 3}
    for element in ET.fromstring(to_mathml(tree)).iter():
        count = parts.get(element.tag.removeprefix(M))
        assert count is None or len(element) == count


def box(tree, **options):
    return "\n" + str(to_box(tree, **options))


def test_boxes_stack_fractions_on_the_baseline_of_their_line():
    assert (
        box(equation(sigmoid(x), 1 / (1 + exp(-x))))
        == """
             1
σ(x) = ─────────────
        1 + exp(-x)"""
    )
    assert to_box(1 / x + 1).baseline == 1


def test_boxes_set_limits_and_grow_parentheses():
    assert (
        box(((a / b) * total((xi - m) ** 2, i, 1, n)) ** n)
        == """
                     n
⎛ a     n           ⎞
⎜─── ·  Σ  (xᵢ - m)²⎟
⎝ b    i=1          ⎠"""
    )


def test_boxes_in_ascii():
    assert (
        box((x / 2) ** 2 + sqrt(1 / y), ascii=True)
        == """
     2
/ x \\        / 1 \\
|---|  + sqrt|---|
\\ 2 /        \\ y /"""
    )


def test_boxes_keep_columns_under_wide_characters():
    assert (
        box(equation(symbol("재현율"), symbol("맞음") / 2))
        == """
          맞음
재현율 = ──────
           2"""
    )


def test_boxes_keep_their_width_round_a_name_that_takes_no_column():
    assert to_box(exp(symbol("\u0302"))).lines == ("exp(\u0302)",)


def test_an_expression_that_is_small_only_by_sharing_is_refused():
    tree = x
    for _ in range(60):
        tree = tree + tree
    for render in (to_text, to_box, to_latex, to_mathml, to_python):
        with pytest.raises(InputError, match="5\u202f000\u202f000"):
            render(tree)


def test_a_layout_beyond_reading_is_given_on_one_line():
    tree = x
    for _ in range(3000):
        tree = 1 / (1 + tree)
    assert len(to_box(tree).lines) == 1


def test_cases_within_the_last_case_are_rows_of_one_brace():
    node = parse("where(x > 1, 1, where(x > 0, x, where(x > -1, 0, -x)))").root
    assert to_latex(node).count("cases") == 2
    assert to_latex(node).count(r"\\") == 3
    assert to_mathml(node).count("<mtr>") == 4
    assert parse(to_text(node)).root is node


def test_a_browser_may_break_a_long_line_before_a_sign_and_not_within_short_brackets():
    long = (x + Number(0.123456789)) * (y - Number(0.987654321)) + z * (x - y) - Number(3) / z
    pieces = [seen(ET.fromstring(piece)) for piece in mathml_pieces(long)]
    assert pieces == ["(x+0.123456789)·(y−0.987654321)", "+z·(x−y)", "−3z"]
    wider = z * (x + y + Number(0.123456789012345) + Number(0.987654321))
    assert len(mathml_pieces(wider)) == 4


NAMES = [
    ("ȳ", "<mover"), ("x'", "<msup"), ("w⁽¹²⁾", "<msup"), ("g_x⁽⁹⁰⁾", "<msubsup"), ("s²", "<msup"), ("f(x)", "<mrow"),
    ("g(t - τ)", "<mrow"), ("mean radius", "<mtext"), ("x-y", "<mtext"), ("R2", "<mtext"), ("a b", "<mtext"),
    ("나이", "<mi>나이"), ("f(x", "<mtext"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "element"), NAMES, ids=[name for name, _ in NAMES])
def test_letters_are_set_as_letters_in_a_browser_and_words_as_words(name: str, element: str):
    body = to_mathml(symbol(name)).split("<mrow>", 1)[1]
    assert body.startswith(element)


def test_an_index_stands_below_a_prime():
    assert "<msubsup><mi>x</mi>" in to_mathml(indexed(symbol("x'"), i))
