"""Long expressions in short: what is kept is theirs, what is left out is counted, and no form of them grows."""

from __future__ import annotations

import re

import pytest

import workings as wk
from workings.expression import Symbol, equation, postorder, to_latex, to_mathml, to_text
from workings.expression.abridge import abridged
from workings.language import use_language


def size(node):
    return 1 + sum(size(child) for child in node.children)


LONG = {
    "sum": "+".join(f"x^{k}" for k in range(1, 300)),
    "difference": "x" + "".join(f"-{k}*x" for k in range(1, 300)),
    "product": "*".join(f"(x+{k})" for k in range(1, 300)),
    "under a fraction": "1/(" + "+".join(f"x^{k}" for k in range(1, 300)) + ")",
    "calls": "sin(" * 95 + "x" + ")" * 95,
    "tower": "^".join(["x"] * 95),
    "fractions": "/".join(["(x+2)"] * 95),
    "cases": "where(x > 0, " + "+".join(["x"] * 300) + ", " + "*".join(["x"] * 300) + ")",
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize("most", [1, 10, 40, 90])
def test_what_is_long_is_about_as_short_as_was_asked(text, most):
    node = wk.formula(text).node
    short = abridged(node, most)
    assert size(short) <= 1.5 * most + 20
    # Of a call MathML says that its brackets are to stay as they are.
    for form, letters in ((to_text, 20), (to_latex, 40), (to_mathml, 150)):
        assert len(form(short)) < letters * (most + 20), form


def test_what_is_short_stays_itself():
    node = wk.formula("x^2 + sin(x*z)").node
    assert abridged(node, size(node)) is node


@pytest.mark.parametrize("name", ["sum", "difference", "product"])
def test_what_is_left_out_is_counted(name):
    node = wk.formula(LONG[name]).node
    with use_language("en"):
        short = abridged(node, 40)
    gaps = [part.name for part in postorder(short) if isinstance(part, Symbol) and part.style == "text"]
    (gap,) = gaps
    count = int(re.fullmatch(r"… (\d+) more (?:terms|factors) …", gap)[1])
    kept = to_text(short).replace(gap, "").count("x")
    assert kept + count == to_text(node).count("x")


def test_terms_keep_their_signs():
    with use_language("en"):
        short = abridged(wk.formula("x" + "".join(f"-{k}*x" for k in range(1, 100))).node, 30)
    assert to_text(short) == "x - 1·x - 2·x - 3·x - 4·x + … 93 more terms … - 98·x - 99·x"


def test_both_sides_of_an_equation_are_kept():
    node = wk.formula(LONG["sum"]).node
    short = abridged(equation(Symbol("y"), node), 30)
    assert to_text(short).startswith("y = x")


def test_what_is_left_out_is_said_in_the_language_in_use():
    node = wk.formula(LONG["calls"]).node
    for language, words in (("en", "… 57 operations …"), ("ko", "… 연산 57개 …")):
        with use_language(language):
            assert words in to_text(abridged(node, 42))
