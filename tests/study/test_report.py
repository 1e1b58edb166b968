"""The report as a file: small, whole, well-formed, the same each time, in two languages, all of it verified."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from workings.errors import DataError, WorkingError
from workings.expression import equation, number, symbol
from workings.language import message
from workings.study.report import render_report, write_report
from workings.working import Derivation, Rule

from .reported import HOSTILE, KINDS, Source, formulas, page, study


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_is_under_three_megabytes(kind):
    assert len(page(kind).encode()) < 3_000_000


@pytest.mark.parametrize("kind", KINDS)
def test_every_element_is_closed_in_order_and_every_id_is_given_once(kind):
    source = Source(page(kind))
    assert source.unbalanced == []
    assert len(source.ids) == len(set(source.ids))
    assert set(source.labelled_by) <= set(source.ids)


@pytest.mark.parametrize("kind", KINDS)
def test_no_address_leads_out_of_the_page(kind):
    assert [address for address in Source(page(kind)).addresses if not address.startswith("data:image/svg+xml")] == []
    style = re.search(r"<style>(.*?)</style>", page(kind), re.DOTALL)
    assert style is not None
    assert "url(" not in style[1]
    assert "@import" not in style[1]
    assert "default-src 'none'" in html.unescape(page(kind))
    assert "unsafe-eval" not in page(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_formula_is_well_formed(kind):
    found = formulas(page(kind))
    assert len(found) > 20
    for formula in found:
        ET.fromstring(formula)


@pytest.mark.parametrize("kind", KINDS)
def test_every_headline_number_opens_into_a_formula(kind):
    heads = re.findall(r'<details class="number number-headline">(.*?)</details>', page(kind), re.DOTALL)
    assert len(heads) == len(study(kind).headline)
    for head in heads:
        assert "<summary>" in head
        assert "<math " in head


def test_names_from_outside_are_shown_and_never_markup():
    text = page("hostile")
    assert "&lt;b&gt;label&lt;/b&gt;" in text
    assert "<b>label" not in text
    assert "<img src=x" not in text
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    assert "한글 🎯" in text
    assert text.count("</script>") == 2 + len(re.findall(r'<script type="application/json"', text))
    assert HOSTILE.split("\n", maxsplit=1)[0] not in text


def test_the_same_study_gives_the_same_bytes_and_a_stamp_only_if_asked():
    again = render_report(study("compared"), "en")
    assert again == page("compared")
    assert "made for a test" not in again
    assert "made for a test" in render_report(study("compared"), "en", stamp="made for a test")


@pytest.mark.parametrize("kind", KINDS)
def test_a_korean_report_says_so_and_speaks_korean(kind):
    text = page(kind, "ko")
    assert '<html lang="ko">' in text
    headings = re.findall(r"<h[23][^>]*>(.*?)</h[23]>", text.partition("<footer")[0], re.DOTALL)
    assert headings
    assert not [heading for heading in headings if not re.search("[가-힣]", heading)]
    # Korean has spans more, which keep a formula and its particle on one line.
    korean, english = ([tag for tag in Source(one).tags if tag != "span"] for one in (text, page(kind)))
    assert len(korean) == len(english)


def test_the_foot_counts_the_equations_that_were_verified():
    found = sum(one.equations for one in study("logistic").verifications.values())
    assert f"{found} equations in {len(study('logistic').workings)} derivations" in page("logistic")


def test_what_was_done_to_the_data_is_said():
    text = page("logistic")
    for said in ("569", "427 rows to fit on, 142 held out; each class alike; seed 0", "malignant: 212 rows"):
        assert said in text


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_of_the_lists_is_that_of_the_study(kind):
    shown = dict(
        re.findall(
            r'<details class="number number-line">\s*<summary>\s*<span class="name">(.*?)</span>\s*'
            r'<span class="value">(.*?)</span>',
            page(kind),
            re.DOTALL,
        )
    )
    reported = study(kind)
    for metric, name in reported.names.items():
        value = reported.metrics[metric]
        text = shown.get(str(name))
        if text is not None and re.fullmatch(r"-?[\d.]+", text):
            assert float(text) == pytest.approx(value, abs=6e-5, rel=6e-5)


def test_where_the_page_would_grow_too_long_derivations_of_single_classes_are_named_instead(monkeypatch):
    monkeypatch.setattr("workings.study.sections._MOST_DERIVATIONS", 30_000)
    text = render_report(study("one-vs-rest"), "en")
    assert len(text) < len(page("one-vs-rest"))
    assert "study.workings[&#39;class/setosa&#39;] shows it" in text
    assert Source(text).unbalanced == []


def wrong() -> Derivation:
    w = Derivation("study", message("Is it so?"))
    w.line("auc", equation(symbol("A"), number(1) + number(1)), 3, title=message("A wrong line"), rule=Rule.SUM)
    return w


def test_a_line_that_does_not_verify_leaves_no_file(tmp_path):
    broken = replace(study("compared"), derivations={**study("compared").derivations, "roc": lambda: wrong().build()})
    with pytest.raises(WorkingError):
        write_report(broken, tmp_path / "report.html")
    assert not list(tmp_path.iterdir())


def test_a_number_that_another_line_gives_is_refused(tmp_path):
    lying = replace(study("compared"), metrics={**study("compared").metrics, "recall": 0.123})
    with pytest.raises(WorkingError, match=r"recall is shown as 0\.123"):
        write_report(lying, tmp_path / "report.html")
    assert not list(tmp_path.iterdir())


def test_a_number_that_no_line_gives_is_refused(tmp_path):
    derivations = {key: one for key, one in study("compared").derivations.items() if key != "comparison"}
    with pytest.raises(WorkingError, match="no line of any working gives it"):
        write_report(replace(study("compared"), derivations=derivations), tmp_path / "report.html")
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match="nowhere"):
        study("compared").report(tmp_path / "nowhere" / "report.html")


def test_a_report_replaces_an_older_one_whole(tmp_path):
    path = tmp_path / "report.html"
    path.write_text("older")
    assert study("compared").report(path, lang="en") == path
    assert path.read_text() == page("compared")
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]
