"""What every reader of every working relies on: the width, the signs, the files, the digits, the words."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from workings.expression import display_width
from workings.language import use_language
from workings.working import Working
from workings.working.model import InputSummary

from .every_working import WORKINGS, working

HANGUL = "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"
# 0.000 is no number that was computed; 0.00 of a threshold that was typed would be 0.
NOUGHT = re.compile(r"(?<![\d.,])-?0\.0+(?![\d])")
# How a program writes numbers, and what is left of a value that nobody has put in.
NOT_MATHEMATICS = re.compile(r"(?<![\w.=^{])\d[\d.]*[eE][-+]?\d+\b|\b(nan|inf|None)\b|\{\w*[:!]")
# Digits of which nobody parted the thousands (but in decimals, names, code and quotes), or parted them otherwise.
TOGETHER = re.compile(r"(?<![\w.\[\"=,-])\d{5,}(?![\w\]\"])")
OTHERWISE = re.compile(r"(?<![\w.,])\d{1,3}(?:(?:,|\{,\}|\N{THIN SPACE})\d{3})+(?![\d\])])|\d\N{THIN SPACE}\d")
ONE = re.compile(
    r"(?<![\d.,·×/=+-] )(?<![\d.,])\b1 (rows|values|lines|points|cells|columns|terms|pairs|samples|iterations|strips|"
    r"classes|intervals|subintervals|operations|thresholds|scores|probabilities|steps|products|numbers|equations|"
    r"ways|others|parts|integrals|places|positions|coefficients|are|were|have|lie)\b"
)


@pytest.fixture(params=WORKINGS)
def found(request: pytest.FixtureRequest) -> Working:
    return working(request.param)


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("plain", [False, True], ids=["signs", "ascii"])
def test_text_fits_a_page_of_eighty_columns(found, lang, plain):
    text = found.to_text(lang, ascii=plain)
    assert not [line for line in text.splitlines() if display_width(line) > 80]
    assert not [line for line in text.splitlines() if line != line.rstrip()]
    if plain:
        assert not re.findall(f"[^\x00-\x7f{HANGUL if lang == 'ko' else ''}]", text)
        assert "\\u" not in text


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_page_of_its_own_is_well_formed_xml_with_mathml(found, lang):
    page = ElementTree.fromstring(found.to_html(lang, document=True).removeprefix("<!DOCTYPE html>"))
    assert page.get("lang") == lang
    formulas = [part for part in page.iter() if part.tag.endswith("math")]
    assert formulas
    assert all(len(part) for part in formulas)


def test_json_gives_an_equal_working_back_that_verifies(found):
    written = found.to_json()
    back = Working.from_json(written)
    assert back.to_json() == written
    for lang in ("en", "ko"):
        assert back.to_text(lang) == found.to_text(lang)
    if not any(isinstance(given.value, InputSummary) for given in back.inputs.values()):
        again, before = back.verify(), found.verification
        assert (again.equations, again.cells, again.scope) == (before.equations, before.cells, before.scope)
    else:
        assert back.verification == found.verification


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_numbers_are_written_as_mathematics_and_never_as_nought(found, lang):
    for text in (found.to_text(lang, width=400), _words_of(found.to_markdown(lang))):
        assert not NOUGHT.findall(text)
        assert not [text[max(0, slip.start() - 30) : slip.end()] for slip in NOT_MATHEMATICS.finditer(text)]


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_a_number_has_one_form_in_all_that_is_written_of_it(found, lang):
    page = " ".join(ElementTree.fromstring(found.to_html(lang, document=True).partition("\n")[2])[1].itertext())
    paper = found.to_latex(lang).partition("begin{document}")[2]
    for text in (found.to_text(lang, width=400), found.to_markdown(lang), paper, page):
        for slip in (*TOGETHER.finditer(text), *OTHERWISE.finditer(text)):
            raise AssertionError(text[max(0, slip.start() - 40) : slip.end() + 10])
    spelt = found.to_text(lang, width=400, ascii=True)
    assert not OTHERWISE.findall(spelt)


def test_one_is_not_spoken_of_as_of_many(found):
    text = " ".join(found.to_text("en", width=400).split())
    assert not [text[max(0, slip.start() - 40) : slip.end()] for slip in ONE.finditer(text)]


def test_a_notebook_shows_it_in_the_language_that_is_spoken(found):
    with use_language("ko"):
        shown = found._repr_mimebundle_()
    assert shown["text/html"].endswith(found.to_html("ko"))
    assert shown["text/markdown"] == found.to_markdown("ko")


def _words_of(markdown: str) -> str:
    """Return Markdown without its formulas, whose braces and names are LaTeX's."""
    return re.sub(r"\$\$.*?\$\$|\$[^$]*\$", "", markdown, flags=re.DOTALL)
