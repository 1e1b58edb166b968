from __future__ import annotations

import json
import math
import re
import xml.etree.ElementTree as ET  # what is parsed here was rendered here
from dataclasses import replace

import numpy as np
import pytest
from tests.working.sigmoid_example import sigmoid_working

import workings as wk
from workings.errors import WorkingsError
from workings.expression import equation, indexed, symbol, symbols, total
from workings.language import message
from workings.working import Derivation, Derived, InputSummary, Table, Working, step_to_html, steps_to_html

HOSTILE = (
    "<script>alert('1')</script> & \"q\" `c` |p| $m$ \\input{x} 50% _u_ #h ~t ^c {b} [l](javascript:x) =1+1 한국 😀"
)


def hostile_working() -> Working:
    x, i, n = symbols("x i n")
    column = symbol(HOSTILE)
    w = Derivation(HOSTILE, message("What is in {name}?", name=HOSTILE))
    w.given("x", [1.5, 2.5])
    w.given("n", 2)
    w.given(HOSTILE, 3, message("{name}", name=HOSTILE))
    w.line("mean", equation(symbol("m"), total(indexed(x, i), i, 1, n) / n), title=message("{name}", name=HOSTILE))
    w.line("twice", equation(symbol("d"), 2 * column), note=message("- {name}", name=HOSTILE))
    w.table("rows", Table((HOSTILE, column), ((HOSTILE, 1), ("", math.nan)), note=message("{name}", name=HOSTILE)))
    w.note(message("{name} is {column}", name=HOSTILE, column=column))
    w.convention(message("{name}", name=HOSTILE), message("this"), message("that"), 2.0)
    w.conclude(message("{name}", name=HOSTILE))
    return w.build()


def test_html_is_well_formed_and_runs_nothing_that_a_name_says() -> None:
    fragment = hostile_working().to_html("en")
    tree = ET.fromstring(fragment)
    tags = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert "math" in tags
    assert not tags & {"script", "img", "a", "iframe", "input"}
    assert "".join(tree.itertext()).count("<script>alert") >= 5


def test_html_document_stands_alone() -> None:
    page = sigmoid_working().to_html("ko", document=True)
    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="ko">' in page
    assert "default-src 'none'" in page
    assert re.findall(r"""(?:src|href)=""", page) == []
    ET.fromstring(sigmoid_working().to_html("en"))


def test_one_step_as_html_holds_its_formula_and_no_other() -> None:
    step = step_to_html(sigmoid_working(), "exponential", "en")
    tree = ET.fromstring(step)
    text = "".join(tree.itertext())
    assert "0.11114" in text
    assert "0.89998" not in text
    with pytest.raises(WorkingsError, match="exponential"):
        step_to_html(sigmoid_working(), "nothing", "en")


def test_markdown_keeps_tables_and_formulas_whole() -> None:
    text = hostile_working().to_markdown("en")
    assert "<script>" not in text
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {3}
    assert text.count("$$") % 2 == 0
    assert "\\- " in text
    assert r"\sigma(x)" in sigmoid_working().to_markdown("en")


def test_latex_is_balanced_and_its_text_is_escaped() -> None:
    text = hostile_working().to_latex("en")
    assert r"\input{x}" not in text
    assert r"\usepackage{kotex}" in text
    assert "😀" not in text
    opened, closed = re.findall(r"\\begin\{(\w+)", text), re.findall(r"\\end\{(\w+)", text)
    assert sorted(opened) == sorted(closed)
    bare = re.sub(r"\\[{}\\]", "", text)
    assert bare.count("{") == bare.count("}")


def test_latex_of_english_needs_no_hangul() -> None:
    text = sigmoid_working().to_latex("en")
    assert "kotex" not in text
    assert text.isascii()
    assert r"\ensuremath{\ge}" in text


@pytest.mark.parametrize("make", [sigmoid_working, hostile_working])
def test_json_gives_the_same_working_back(make: object) -> None:
    working: Working = make()  # type: ignore[operator]  # a maker of workings
    text = working.to_json()
    back = Working.from_json(text)
    assert back.to_json() == text
    assert back.to_text("en") == working.to_text("en")
    assert back.verify() == working.verify()


def test_json_with_a_language_says_the_sentences_too() -> None:
    data = json.loads(sigmoid_working().to_json("en"))
    assert data["steps"][2]["title"]["text"] == "The exponential"
    assert data["version"] == 1


def test_a_long_input_is_summarised_and_its_check_kept() -> None:
    x, i, n = symbols("x i n")
    column = np.random.default_rng(1).normal(size=5_000)
    w = Derivation("normalization", message("What is the mean?"))
    w.given("x", column)
    w.given("n", column.size)
    w.line("mean", equation(symbol("m"), total(indexed(x, i), i, 1, n) / n), float(column.mean()))
    working = w.build()
    assert working.inputs["x"].value is column
    text = working.to_json()
    assert len(text) < 10_000
    back = Working.from_json(text)
    kept = back.inputs["x"].value
    assert isinstance(kept, InputSummary)
    assert kept.shape == (5_000,)
    assert kept.maximum == column.max()
    assert back.verification == working.verification
    assert back.to_text("en") == working.to_text("en")
    with pytest.raises(WorkingsError, match="only its summary was kept"):
        back.verify()


def test_damaged_json_is_refused_with_the_reason() -> None:
    text = sigmoid_working().to_json()
    data = json.loads(text)
    for damaged, reason in (
        (text[:100], "must be JSON"),
        ("[1]", "working that to_json wrote"),
        (json.dumps({**data, "version": 2}), "version must be 1; got 2"),
        (json.dumps({key: value for key, value in data.items() if key != "steps"}), "missing or damaged"),
        (text.replace('"tolerance": 1e-09', '"tolerance": NaN', 1), "must be JSON"),
        (json.dumps({**data, "question": {"say": "{x:999999999}", "with": {"x": 1}}}), "a number's, such as .6g"),
        (json.dumps({**data, "question": {"say": "{x.__class__}", "with": {"x": 1}}}), "missing or damaged"),
        (json.dumps({**data, "question": {"say": "{x}", "with": {}}}), "missing or damaged"),
    ):
        with pytest.raises(WorkingsError, match=reason):
            Working.from_json(damaged)


def test_a_notebook_is_given_html_markdown_and_text() -> None:
    bundle = sigmoid_working()._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/markdown", "text/plain"}
    assert "<math" in bundle["text/html"]


def test_a_notebook_is_given_its_style_and_marimo_one_form_alone() -> None:
    working = sigmoid_working()
    kind, page = working._mime_()
    assert kind == "text/html"
    assert page == working._repr_mimebundle_()["text/html"]
    assert page.startswith("<style>")
    assert page.endswith(working.to_html())
    assert not re.findall(r"^(?!\.working)[^\n]*\{", page.partition("</style>")[0].removeprefix("<style>\n"), re.M)


def test_every_renderer_says_what_was_checked() -> None:
    working = sigmoid_working()
    for text in (working.to_text("en", width=200), working.to_markdown("en"), working.to_html("en")):
        assert "4 lines, evaluated again at 50 digits; largest difference 4·10⁻⁶, below the rounding shown" in text
    assert "4 lines, evaluated again at 50 digits" in working.to_latex("en")


def test_a_sentence_keeps_its_formulas_in_each_medium() -> None:
    working = sigmoid_working()
    assert "<mo>≥</mo>" in working.to_html("en").partition("Result")[2]
    assert r"$0.89998 \ge 0.5$" in working.to_markdown("en")
    assert "(0.89998 ≥ 0.5)" in working.to_text("en", width=200)


def test_a_working_is_looked_at_closer_only_where_it_can_be() -> None:
    working = sigmoid_working()
    with pytest.raises(WorkingsError, match="no closer look"):
        working.at(row=3)
    closer = replace(working, more=lambda **where: sigmoid_working(where["score"]))
    assert closer.at(score=1.0).inputs["x"].value == 1.0


def test_steps_together_say_once_from_what_they_were_checked() -> None:
    TP, FN, recall = symbols("TP FN recall")
    w = Derivation("roc", message("How many?"))
    w.given("TP", 45, source="state")
    w.given("FN", 4, source="state")
    w.given("x", 2)
    w.line("recall", equation(recall, TP / (TP + FN)))
    w.line("half", equation(symbol("h"), recall / 2))
    w.line("other", equation(symbol("o"), symbol("x") + 1))
    working = w.build()
    assert steps_to_html(working, ("recall", "half"), "en").count("checked from") == 1
    mixed = steps_to_html(working, ("recall", "half", "other"), "en")
    assert mixed.count("checked from the inputs at 50 digits") == 1
    assert mixed.endswith("checked from the merged state, where a line says nothing else</p></div>")
    assert "checked" not in steps_to_html(working, ("other",), "en")
    for text in (working.to_html("en"), working.to_markdown("en"), working.to_latex("en"), working.to_text("en", 200)):
        assert text.count("checked from") == 1


def test_powers_of_ten_are_written_as_each_language_does() -> None:
    w = Derivation("powers", message("How small?"))
    w.given("x", 1.5e-6)
    step = w.line("twice", equation(symbol("y"), 2 * symbol("x")))
    w.conclude(message("{x}", x=step.shown))
    working = w.build()
    for text in (working.to_text("ko"), working.to_markdown("ko")):
        assert "3×10⁻⁶" in text
        assert "·10" not in text
    assert "<mo>×</mo><msup><mn>10</mn>" in working.to_html("ko")
    assert r"\times 10^{-6}" in working.to_latex("ko")
    assert r"\cdot 10" not in working.to_latex("ko")
    assert "3·10⁻⁶" in working.to_text("en")
    assert message("{x}", x=step.shown).render("ko") == "3×10⁻⁶"


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_thousands_are_apart_for_a_reader_and_together_for_a_program(lang):
    found = wk.explain(wk.min_max_normalize, [3, 20, 30_000])
    prose, formula, cell = "\u202f".join, r"29\,997", "30\u202f000"
    text = found.to_text(lang)
    for number in (("29", "997"), ("30", "000")):
        assert prose(number) in text
        assert "".join(number) not in text
    assert formula in found.to_latex(lang)
    assert formula in found.to_markdown(lang)
    assert f"| {cell} |" in found.to_markdown(lang)
    assert f"<mn>{cell}</mn>" in found.to_html(lang)
    for plain in (found.to_text(lang, ascii=True), found.to_json()):
        assert "30000" in plain
        assert "\u202f" not in plain


def test_thousands_are_apart_in_cells_of_few_digits_too():
    w = Derivation("regression", message("What is it?"))
    w.given("a", 12345.678)
    w.table("t", Table((message("value"),), ((Derived(12345.678, symbol("a"), 0.01, digits=5),),)))
    assert "12\u202f346" in w.build().to_text()


def test_only_a_formula_and_the_sign_that_touches_it_stay_on_one_line():
    a, b = symbols("a b")
    w = Derivation("sigmoid", message("What are {a} and {b}, one and two?", a=a, b=b))
    w.given("x", 1)
    w.line("x", symbol("x"))
    shown = w.build().to_html()
    assert "<mi>a</mi></mrow>" in shown.partition('class="working-inline"')[0]
    assert re.search(
        r'<span class="working-inline"><math[^>]*><semantics><mrow><mi>b</mi>.*?</math>,</span> one', shown
    )


def test_a_negative_number_in_a_sentence_has_the_minus_of_the_formulas_beside_it() -> None:
    x = symbol("x")
    w = Derivation("lags", message("What does lag {lag} overlap, and {name}?", lag=-2, name="a-1 of -3"))
    w.given("x", -2.5)
    w.line("d", equation(symbol("d"), 2 * x), note=message("at the lags {first} and {second}", first="-1.5", second=x))
    working = w.build()
    for page in (working.to_html("en"), working.to_markdown("en")):
        assert "What does lag −2 overlap, and a-1 of -3?" in page
        assert "at the lags −1.5 and" in page
    assert "What does lag $-2$ overlap" in working.to_latex("en")
    assert "at the lags $-1.5$ and" in working.to_latex("en")
    for page in (working.to_text("en"), working.to_text("en", ascii=True)):
        assert "What does lag -2 overlap, and a-1 of -3?" in page
