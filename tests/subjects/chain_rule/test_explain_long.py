"""Derivations of long formulas: short to read, whole in their data, and verified in full."""

from __future__ import annotations

import json

import pytest

import workings as wk
from workings.errors import InputError
from workings.expression import to_text
from workings.language import use_language

LONG = {
    "a sum": "x" + "+(x+1)" * 400,
    "a product": "*".join(["(x+1)"] * 400),
    "products of two": "+".join(f"x{k}*x{k + 1}" for k in range(50)),
    "quotients": "+".join(f"sin({k}*x)/x" for k in range(1, 250)),
    "calls": "sin(" * 95 + "x" + ")" * 95,
    "a tower": "^".join(["x"] * 60),
    "fractions": "/".join(["(x+2)"] * 90),
    "two thousand numbers and names": "+".join(f"(x-{k})^2" for k in range(1, 320)),
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_long_formula_is_told_in_few_words_and_verified(text, language):
    with use_language(language):
        f = wk.formula(text)
        working = wk.explain(wk.differentiate, f, "x") if "x" in f.variables else wk.explain(wk.gradient, f)
        assert len(working.to_text()) < 50_000
        at = working.at(**dict.fromkeys(f.variables, 0.5))
        assert at.verify().equations > 0
        for written in (at.to_text(), at.to_markdown(), at.to_latex()):
            assert len(written) < 100_000
        assert len(at.to_html()) < 500_000


def test_a_long_line_is_whole_in_the_data():
    f = wk.formula(LONG["a product"])
    at = wk.explain(wk.differentiate, f, "x").at(x=0.5)
    with use_language("en"):
        assert "more factors …" in at.to_text()
    line = next(step for step in at.steps if step.statement is not None and "u·u·u" in to_text(step.statement))
    assert to_text(line.statement).count("u") == 400
    written = at.to_json()
    assert "more factors" not in written
    assert wk.explain(wk.differentiate, f, "x").at(x=0.5).to_json() == written
    again = type(at).from_json(json.dumps(json.loads(written)))
    assert again.verify().equations == at.verify().equations


def test_what_has_no_value_in_a_long_formula_is_named_in_short():
    f = wk.formula("*".join(f"(x+{k})^{k}" for k in range(1, 200)))
    with use_language("en"), pytest.raises(InputError) as error:
        wk.explain(wk.differentiate, f, "x").at(x=0.5)
    assert len(str(error.value)) < 400
