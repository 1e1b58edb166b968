"""The report in a real browser: silent, offline, movable, every number opens, and nothing smuggled in ever runs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.browser import OpenedPage, OpenPage

from workings.subjects.roc.plot_threshold import retained_thresholds

from .reported import HOSTILE, KINDS, scores, study

pytestmark = pytest.mark.browser

OPEN_ALL = "document.querySelectorAll('details').forEach(one => { one.open = true; })"


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("reports")

    def path_of(kind: str, lang: str = "en") -> Path:
        path = folder / f"{kind}-{lang}.html"
        return path if path.exists() else study(kind).report(path, lang=lang)

    return path_of


@pytest.mark.parametrize(("kind", "lang"), [*((kind, "en") for kind in KINDS), ("logistic", "ko"), ("hostile", "ko")])
def test_the_page_draws_itself_without_a_complaint_or_a_request(written, open_page: OpenPage, kind, lang):
    opened = open_page(written(kind, lang))
    opened.page.wait_for_timeout(200)
    assert opened.complaints == []
    assert opened.requests == []
    pictures = opened.page.locator("script[data-chart]").count()
    assert pictures == opened.page.locator(".picture svg").count() > 0


@pytest.mark.parametrize("kind", KINDS)
def test_every_fold_opens_at_a_click_and_shows_what_is_in_it(written, open_page: OpenPage, kind):
    page = open_page(written(kind)).page
    folds = page.locator("details").count()
    assert folds > 5
    stuck = page.evaluate(
        """() => {
          const stuck = [];
          for (const fold of document.querySelectorAll("details")) {
            fold.querySelector("summary").click();
            const inside = fold.lastElementChild;
            if (!fold.open || inside.getBoundingClientRect().height < 10 || !inside.textContent.trim())
              stuck.push(fold.querySelector("summary").textContent.trim());
          }
          return stuck;
        }"""
    )
    assert stuck == []


def test_a_number_opens_with_the_mouse_and_with_the_keyboard(written, open_page: OpenPage):
    page = open_page(written("logistic")).page
    head = page.locator(".number-headline").first
    head.locator("summary").click()
    assert head.locator("math").first.is_visible()
    head.locator("summary").press("Enter")
    assert not head.locator("math").first.is_visible()
    row = page.locator(".opens details").first
    row.locator("summary").click()
    assert row.locator("math").first.is_visible()


def cells(opened: OpenedPage) -> list[str]:
    """The four counts of the picture: tn, fp, fn, tp."""
    return opened.page.evaluate(
        "[...document.querySelectorAll('#picture-threshold svg text')]"
        ".filter(text => text.getAttribute('font-size') === '21px').map(text => text.textContent)"
    )


def move(opened: OpenedPage, stop: int) -> None:
    """Move the slider as a hand would: the input's value, and the event that a browser sends."""
    slider = opened.page.locator("#slider-threshold input[type=range]")
    slider.evaluate(
        "(slider, stop) => { slider.value = stop; slider.dispatchEvent(new Event('input', {bubbles: true})); }", stop
    )
    opened.page.wait_for_timeout(150)


def stops_of(kind: str):
    reported = study(kind)
    assert reported.roc is not None
    assert reported.threshold is not None
    also = {reported.threshold, *(row.threshold for row in reported.thresholds)}
    return retained_thresholds(reported.roc, sorted(also))


@pytest.mark.parametrize("kind", ["logistic", "compared"])
def test_the_slider_changes_the_four_cells_to_the_numbers_of_python(written, open_page: OpenPage, kind):
    opened = open_page(written(kind))
    stops = stops_of(kind)
    slider = opened.page.locator("#slider-threshold input[type=range]")
    assert slider.get_attribute("max") == str(len(stops) - 1)
    assert stops[int(slider.input_value())].threshold == study(kind).threshold
    chosen = study(kind).confusion
    assert chosen is not None
    assert cells(opened) == [str(count) for count in (chosen.tn, chosen.fp, chosen.fn, chosen.tp)]
    for stop in (0, 1, len(stops) // 3, len(stops) // 2, len(stops) - 2, len(stops) - 1):
        move(opened, stop)
        roc = study(kind).roc
        assert roc is not None
        matrix = roc.confusion_at(stops[stop].threshold)
        assert cells(opened) == [str(count) for count in (matrix.tn, matrix.fp, matrix.fn, matrix.tp)]
    assert opened.complaints == []


def test_the_slider_counts_the_rows_that_were_given(written, open_page: OpenPage):
    opened = open_page(written("compared"))
    y, score, _ = scores()
    stops = stops_of("compared")
    for stop in np.linspace(0, len(stops) - 1, 9).astype(int).tolist():
        move(opened, stop)
        called = score >= stops[stop].threshold
        expected = [(~called & ~y).sum(), (called & ~y).sum(), (~called & y).sum(), (called & y).sum()]
        assert cells(opened) == [str(count) for count in expected]


def test_the_point_the_line_and_the_rates_move_with_the_slider(written, open_page: OpenPage):
    opened = open_page(written("compared"))
    stops = stops_of("compared")

    def drawn() -> str:
        return opened.page.locator("#picture-threshold svg").text_content() or ""

    for stop in (len(stops) // 4, 3 * len(stops) // 4):
        move(opened, stop)
        text = drawn()
        assert f"{stops[stop].threshold:.6g}" in text
        for rate in (stops[stop].tpr, 1 - stops[stop].fpr, stops[stop].accuracy, stops[stop].precision):
            assert f"{rate:.4f}" in text
    move(opened, len(stops) - 1)
    assert "above every score" in drawn()
    assert "undefined" in drawn()


def test_one_press_of_an_arrow_key_is_one_retained_threshold(written, open_page: OpenPage):
    opened = open_page(written("compared"))
    stops = stops_of("compared")
    slider = opened.page.locator("#slider-threshold input[type=range]")
    start = int(slider.input_value())
    slider.press("ArrowRight")
    opened.page.wait_for_timeout(150)
    assert slider.input_value() == str(start + 1)
    assert cells(opened)[3] == str(stops[start + 1].tp)


def test_hostile_names_are_shown_and_run_nothing(written, open_page: OpenPage):
    opened = open_page(written("hostile"))
    page = opened.page
    page.evaluate(OPEN_ALL)
    page.wait_for_timeout(300)
    assert opened.complaints == []
    assert opened.requests == []
    shown = " ".join(HOSTILE.split())
    assert shown in " ".join(page.locator("h1").inner_text().split())
    assert shown in " ".join(page.locator("table.matrix").inner_text().split())
    assert "=cmd|' /C calc'!A0" in page.locator("table.matrix").inner_text()
    assert page.locator("main img, main iframe, main object, main b:has(img)").count() == 0


def test_a_script_that_was_smuggled_in_would_not_run(written, open_page: OpenPage):
    page = open_page(written("compared")).page
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.smuggled = true";
          document.body.append(script);
          const image = document.createElement("img");
          image.setAttribute("onerror", "window.smuggled = true");
          image.src = "data:image/png;base64,xxxx";
          document.body.append(image);
        }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.smuggled === undefined")


@pytest.mark.parametrize(("kind", "width"), [*((kind, 400) for kind in KINDS), ("logistic", 700), ("hostile", 1200)])
def test_nothing_hangs_over_the_edge_however_narrow_and_with_everything_open(written, open_page: OpenPage, kind, width):
    page = open_page(written(kind), width=width).page
    page.evaluate(OPEN_ALL)
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_the_pictures_stand_still_and_the_numbers_still_open(written, open_page: OpenPage):
    page = open_page(written("logistic"), javascript=False).page
    image = page.locator("figure noscript img").first
    assert image.is_visible()
    assert "ROC curve with an area of" in str(image.get_attribute("alt"))
    page.locator(".number-headline summary").first.click()
    assert page.locator(".number-headline math").first.is_visible()


def test_in_print_every_value_is_seen_and_what_only_moves_is_not(written, open_page: OpenPage):
    page = open_page(written("logistic")).page
    page.emulate_media(media="print")
    for value in page.locator(".number-headline .value, .beside > div > .numbers .value").all():
        assert value.is_visible()
    assert not page.locator(".slider").is_visible()
    assert page.locator("#picture-threshold svg").is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
