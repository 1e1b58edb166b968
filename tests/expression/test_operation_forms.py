"""Every operation is written by every renderer, and what formula text can say is read back as the same expression."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET

import pytest

from workings.expression import (
    OPERATIONS,
    SPELLINGS,
    Apply,
    Operation,
    cbrt,
    display_width,
    e,
    gamma,
    mean_rows,
    normal_pdf,
    pi,
    polygamma,
    sin,
    sum_rows,
    symbols,
    to_box,
    to_latex,
    to_mathml,
    to_python,
    to_text,
    where,
)
from workings.expression.reading import parse

a, b, c, n, x = symbols("a b c n x")
CONDITIONS = {"equal", "different", "less", "at_most", "greater", "at_least", "both", "either", "negation"}
ROWS = [pytest.param(row, id=row.name) for row in OPERATIONS.values()]


def whole(row: Operation):
    """Return the operation of letters, powers and quotients among its neighbours; conditions within where."""
    if row.name in ("both", "either", "negation"):
        parts = (Apply("less", (a, b)), Apply("greater", (b, c)))[: row.arity]
    elif row.name in ("where", "iverson"):
        parts = (Apply("less", (a, b)), b, c)[: row.arity]
    else:
        parts = (a, b + 1, c)[: row.arity]
    node = Apply(row, parts)
    return where(node, x, -x) if row.name in CONDITIONS else x * node**2 + node / (1 - node)


@pytest.mark.parametrize("row", ROWS)
def test_its_latex_closes_what_it_opens(row):
    latex = to_latex(whole(row))
    plain = re.sub(r"\\[{}]", "", latex)
    assert plain.count("{") == plain.count("}")
    assert latex.count(r"\left") == latex.count(r"\right")
    assert latex.count(r"\begin") == latex.count(r"\end")
    assert latex.isascii()


@pytest.mark.parametrize("row", ROWS)
def test_its_mathml_gives_each_layout_its_number_of_parts(row):
    parts = {"mfrac": 2, "msup": 2, "msub": 2, "mroot": 2}
    for element in ET.fromstring(to_mathml(whole(row))).iter():
        count = parts.get(element.tag.rpartition("}")[2])
        assert count is None or len(element) == count


@pytest.mark.parametrize("row", ROWS)
def test_its_box_is_a_rectangle_and_its_python_is_python(row):
    for plain in (False, True):
        box = to_box(whole(row), ascii=plain)
        assert {display_width(line) for line in box.lines} == {box.width}
    assert to_text(whole(row), ascii=True).isascii()
    ast.parse(to_python(whole(row)))


@pytest.mark.parametrize("row", ROWS)
def test_its_text_is_read_back(row):
    node = whole(row)
    for text in (to_text(node), to_text(node, ascii=True)):
        assert parse(text).root is node, text


@pytest.mark.parametrize("spelling", sorted(SPELLINGS))
def test_each_spelling_is_read_as_its_row(spelling):
    row = OPERATIONS[SPELLINGS[spelling]]
    args = ["a < b" if row.name in ("where", "iverson") else "a", "b", "c"][: row.arity]
    root = parse(f"{spelling}({', '.join(args)})" if row.arity else spelling).root
    assert isinstance(root, Apply)
    assert root.operation is row


@pytest.mark.parametrize(
    ("node", "text", "latex", "python"),
    [
        (2 * pi * x, "2·π·x", r"2 \cdot \pi \cdot x", "2 * pi * x"),
        (e ** (-x), "e^(-x)", r"e^{-x}", "e ** (-x)"),
        (cbrt(x) ** 2, "(∛(x))²", r"\left(\sqrt[3]{x}\right)^{2}", "cbrt(x) ** 2"),
        (polygamma(n + 1, x), "polygamma(n + 1, x)", r"\psi^{(n + 1)}(x)", "polygamma(n + 1, x)"),
        (gamma(x) * normal_pdf(x), "Γ(x)·φ(x)", r"\Gamma(x) \cdot \varphi(x)", None),
        (sum_rows(x) ** 2, "sum(x)²", r"\operatorname{sum}(x)^{2}", "sum(x) ** 2"),
        (mean_rows(sin(x)), "mean(sin(x))", r"\operatorname{mean}(\sin(x))", "mean(sin(x))"),
    ],
)
def test_known_forms(node, text, latex, python):
    assert to_text(node) == text
    assert to_latex(node) == latex
    assert python is None or to_python(node) == python


def test_a_cube_root_is_a_root_of_degree_three():
    root = ET.fromstring(to_mathml(cbrt(x))).find(".//{*}mroot")
    assert [part.tag.rpartition("}")[2] for part in root] == ["mrow", "mn"]
    assert root[1].text == "3"
