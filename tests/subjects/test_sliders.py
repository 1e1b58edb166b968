"""Pictures that move: a real browser shows at each stop of a slider the numbers that Python computes there."""

from __future__ import annotations

import re

import numpy as np
import pytest
from tests.browser import OpenedPage, OpenPage
from tests.pictures import table

import workings as wk
from workings.chart import save
from workings.language import use_language

pytestmark = pytest.mark.browser

RNG = np.random.default_rng(11)
Y = RNG.random(200) < 0.4
SCORES = 1 / (1 + np.exp(-(RNG.normal(size=200) + 2 * Y - 1)))


def words(opened: OpenedPage) -> list[str]:
    """Return every word that is drawn, in the order of the picture."""
    return opened.page.locator("#chart svg text").all_text_contents()


def move(opened: OpenedPage, stop: int) -> None:
    slider = opened.page.locator("input[type=range]")
    slider.evaluate(
        "(slider, stop) => { slider.value = stop; slider.dispatchEvent(new Event('input', {bubbles: true})); }", stop
    )
    opened.page.wait_for_timeout(150)


def set_slider(opened: OpenedPage, name: str, value: float) -> None:
    opened.page.locator(f"input[name={name}]").evaluate(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', {bubbles: true})); }", value
    )
    opened.page.wait_for_timeout(150)


def opened_with(chart, open_page: OpenPage, folder, **options) -> OpenedPage:
    return open_page(save(chart, folder / "picture.html"), **options)


def thirds(rows: list) -> list[int]:
    return [0, len(rows) // 3, len(rows) - 1]


@pytest.mark.parametrize("weight", [1, 34_567, 34_567.8125, 1e9, 1e30])
def test_counts_of_any_length_stay_in_their_cells(open_page: OpenPage, tmp_path, weight):
    chart = wk.roc_curve(Y, SCORES, sample_weight=np.full(200, weight)).plot()
    opened = opened_with(chart, open_page, tmp_path)
    counts = opened.page.locator("#chart svg text[font-weight='600']").evaluate_all(
        "each => each.map(e => [e.textContent, e.getBoundingClientRect().width])"
    )
    counts = [width for text, width in counts if any(c.isdigit() for c in text)]
    assert len(counts) >= 4
    assert max(counts) < 92  # the side of a cell
    assert opened.complaints == []


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_cells_and_the_rates_of_a_curve_follow_the_threshold(open_page: OpenPage, tmp_path, lang):
    curve = wk.roc_curve(Y, SCORES)
    with use_language(lang):
        chart = curve.plot()
        opened = opened_with(chart, open_page, tmp_path)
    rows = table(chart, "x", "name", "tn", "fp", "fn", "tp", "accuracy")
    for stop in thirds(rows):
        move(opened, stop)
        threshold, name, *cells, accuracy = rows[stop]
        shown = words(opened)
        assert name in shown
        assert f"{accuracy:.4f}" in shown
        start = shown.index(str(cells[0]), shown.index(name))
        assert shown[start : start + 4] == [str(count) for count in cells]
        if 0 < stop < len(rows) - 1:
            called = curve.table([threshold])
            assert [called.tn[0], called.fp[0], called.fn[0], called.tp[0]] == cells
    assert opened.complaints == []
    assert opened.requests == []


def test_the_cells_of_a_table_of_thresholds_follow_the_slider(open_page: OpenPage, tmp_path):
    result = wk.threshold_table(Y, SCORES, [0.3, 0.5, 0.7])
    opened = opened_with(result.plot(), open_page, tmp_path)
    for stop in range(3):
        move(opened, stop)
        shown = words(opened)
        cells = [str(count[stop]) for count in (result.tn, result.fp, result.fn, result.tp)]
        assert all(cell in shown for cell in cells)
        assert f"{(result.tp[stop] + result.tn[stop]) / 200:.4f}" in shown
    assert opened.complaints == []


def test_the_line_of_a_descent_follows_the_iteration(open_page: OpenPage, tmp_path):
    x = RNG.normal(size=50)
    model = wk.LinearRegression(solver="gradient_descent", momentum="none").fit(x[:, None], 2 * x + 1 + 0.1 * x**2)
    chart = model.plot()
    opened = opened_with(chart, open_page, tmp_path)
    rows = table(chart, "words")
    for stop in thirds(rows):
        move(opened, stop)
        assert rows[stop][0] in words(opened)
    assert opened.complaints == []


def said(value: float, digits: int = 5) -> str:
    """Write a number as a page does."""
    return f"{value:.{digits}g}".replace("-", "−")


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_curve_the_scores_and_the_decisions_follow_weight_bias_and_threshold(open_page: OpenPage, tmp_path, lang):
    scores = [2.197, -1.386, 0.4]
    with use_language(lang):
        opened = opened_with(wk.plot(wk.sigmoid, scores), open_page, tmp_path, width=400)
        decisions = [str(wk.language.message(word)) for word in ("no", "yes")]
    for weight, bias, threshold in ((1, 0, 0.5), (2.5, -1.2, 0.3), (-0.7, 3.1, 0.91)):
        for name, value in (("weight", weight), ("bias", bias), ("threshold", threshold)):
            set_slider(opened, name, value)
        shown = words(opened)
        expected = []
        for x in sorted(scores):
            p = wk.sigmoid(weight * x + bias)
            expected.append([said(x), said(weight * x + bias), said(p), decisions[int(p >= threshold)]])
        # Column by column, each from the least score to the greatest.
        start = shown.index(expected[0][0])
        assert shown[start : start + 12] == [row[column] for column in range(4) for row in expected]
        assert f"t = {threshold}" in shown
        assert f"x = {said((wk.logit(threshold) - bias) / weight)}" in shown
        assert f"σ({said(weight)}·x {'−' if bias < 0 else '+'} {abs(bias)})" in shown
        height = opened.page.evaluate(CURVE_AT_ZERO)
        assert height == pytest.approx(wk.sigmoid(bias), abs=5e-3)
    assert opened.page.evaluate("document.querySelector('#chart svg').getBoundingClientRect().width") <= 420
    assert opened.complaints == []
    assert opened.requests == []


def test_what_an_outlier_does_follows_the_slider(open_page: OpenPage, tmp_path):
    values = np.array([3.0, 20.0, 11.0, 3000.0])
    chart = wk.plot(wk.min_max_normalize, values)
    opened = opened_with(chart, open_page, tmp_path, width=400)
    stops = table(chart, "stop", "x")
    for stop in thirds(stops):
        move(opened, stop)
        x = stops[stop][1]
        moved = np.where(values == 3000.0, x, values)
        share = 100 * wk.min_max_normalize(moved)[:3].max()
        z = wk.z_score_normalize(moved)[:3]
        assert f"x = {said(x, 4)}; the other 3 fill {share:.3g} % of the range" in words(opened)
        assert f"x = {said(x, 4)}; the other 3: z from {said(z.min(), 3)} to {said(z.max(), 3)}" in words(opened)
        for panel, placed in ((2, (moved - moved.min()) / np.ptp(moved)), (3, wk.z_score_normalize(moved))):
            ticks = [t + 0.75 for t in opened.page.evaluate(TICKS, panel)]
            diamond = opened.page.evaluate(DIAMOND, panel)
            # An axis keeps order and ratio: where the ticks lie between the first of them and the moved value.
            others = np.sort(placed[values < 3000.0])
            found = (np.array(ticks) - ticks[0]) / (diamond - ticks[0])
            np.testing.assert_allclose(found, (others - others[0]) / (placed[3] - others[0]), atol=1e-6)
    assert opened.page.evaluate("document.querySelector('#chart svg').getBoundingClientRect().width") <= 420
    assert opened.complaints == []


TICKS = """panel => [...document.querySelectorAll(`.concat_${panel}_layer_0_marks path`)].map(
  e => Number(e.getAttribute('d').slice(1).split(',')[0]))"""
DIAMOND = """panel => Number(document.querySelector(`.concat_${panel}_layer_1_marks path`)
  .getAttribute('transform').match(/[(]([^,]+)/)[1])"""


# The curve is the line with the most points; the middle one stands at x = 0, in a panel 240 high.
CURVE_AT_ZERO = """() => {
  const lines = [...document.querySelectorAll('#chart svg path')].map(e => e.getAttribute('d') || '');
  const points = lines.sort((a, b) => b.length - a.length)[0].slice(1).split('L');
  return 1 - Number(points[(points.length - 1) / 2].split(',')[1]) / 240;
}"""


def test_the_count_of_many_scores_follows_the_threshold(open_page: OpenPage, tmp_path):
    scores = RNG.normal(size=100)
    opened = opened_with(wk.plot(wk.sigmoid, scores), open_page, tmp_path)
    for threshold in (0.3, 0.5, 0.77):
        set_slider(opened, "threshold", threshold)
        count = int((wk.sigmoid(scores) >= threshold).sum())
        assert f"Decision yes (full points): {count} of 100 scores drawn" in words(opened)
    assert opened.complaints == []


X = np.array([0, 1, 1.5, 3, 4, 4.5, 6, 7])
HEIGHTS = np.array([1, 3, 2.5, 4, 3, 5, 2, 1.0])


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("rule", [wk.trapezoid, wk.simpson, wk.cumulative_trapezoid])
def test_the_area_of_a_strip_follows_the_slider(open_page: OpenPage, tmp_path, rule, lang):
    with use_language(lang):
        chart = wk.plot(rule, HEIGHTS, X)
        opened = opened_with(chart, open_page, tmp_path)
    rows = table(chart, "stop", "said")
    expected = {
        wk.trapezoid: np.diff(X) * (HEIGHTS[1:] + HEIGHTS[:-1]) / 2,
        wk.simpson: [wk.simpson(HEIGHTS[k : k + 3], X[k : k + 3]) for k in (0, 2, 4)],
        wk.cumulative_trapezoid: wk.cumulative_trapezoid(HEIGHTS, X, initial=0),
    }[rule]
    for stop in [0, len(expected) // 2, len(expected) - 1]:
        move(opened, stop)
        assert rows[stop][1] in words(opened)
        assert float(re.findall(r"[\d.]+", rows[stop][1])[-1]) == pytest.approx(float(expected[stop]), rel=1e-4)
    assert opened.complaints == []


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_strips_of_an_integral_are_as_many_as_the_slider_says(open_page: OpenPage, tmp_path, lang):
    with use_language(lang):
        opened = opened_with(wk.plot(wk.integrate, "x^2 + 2x + 1", 0, 10), open_page, tmp_path)
    for count in (1, 16, 50):
        move(opened, count)
        area = wk.riemann_sum("x^2 + 2x + 1", 0, 10, count, "midpoint")
        (said,) = [word for word in words(opened) if word.startswith(f"n = {count}: ")]
        assert float(re.findall(r"[\d.]+", said)[1]) == pytest.approx(area, rel=1e-5)
        assert float(re.findall(r"[\d.]+", said)[2]) == pytest.approx(1330 / 3 - area, rel=0.06)
        strips = opened.page.locator("#chart svg .mark-rect path[fill='#0072B2'][stroke='#0072B2']")
        assert strips.count() == count
    assert opened.complaints == []


def test_many_strips_of_a_sum_are_doubled_by_the_slider(open_page: OpenPage, tmp_path):
    opened = opened_with(wk.plot(wk.riemann_sum, "exp(x)", 0, 1, 100), open_page, tmp_path)
    for stop, count in ((0, 1), (3, 8), (7, 100)):
        move(opened, stop)
        area = wk.riemann_sum("exp(x)", 0, 1, count)
        (said,) = [word for word in words(opened) if word.startswith(f"n = {count}: ")]
        assert float(re.findall(r"[\d.]+", said)[1]) == pytest.approx(area, rel=1e-5)
    assert opened.complaints == []


def test_the_slice_of_a_box_follows_the_slider(open_page: OpenPage, tmp_path):
    opened = opened_with(wk.plot(wk.integrate_box, "x*y*z", [0, 0, 0], [1, 1, 3]), open_page, tmp_path)
    for stop in (0, 2, 5):
        move(opened, stop)
        assert f"z = {0.25 + 0.5 * stop:g}" in words(opened)
    assert opened.complaints == []


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (wk.integrate, ("x^2 + 2x + 1", 0, 10)),
        (wk.riemann_sum, ("x^2 + 2x + 1", 0, 10, 8)),
        (wk.trapezoid, (HEIGHTS, X)),
        (wk.cumulative_trapezoid, (HEIGHTS, X)),
        (wk.expectation, ("x", {1: 0.5, 2: 0.25, 4: 0.25})),
        (wk.integrate_box, ("x*y*z", [0, 0, 0], [1, 1, 3])),
        (wk.integrate_family, ("cos(t*w)", 0, 1, [1.0, 2, 3])),
    ],
)
def test_a_picture_of_an_integral_fits_a_narrow_page(open_page: OpenPage, tmp_path, function, arguments):
    opened = opened_with(wk.plot(function, *arguments), open_page, tmp_path, width=400)
    wide = opened.page.evaluate("document.querySelector('#chart svg').getBoundingClientRect().width")
    assert wide <= 420
    assert opened.complaints == []


@pytest.mark.parametrize("width", [400, 1200])
def test_a_picture_fits_a_narrow_page(open_page: OpenPage, tmp_path, width):
    opened = opened_with(wk.roc_curve(Y, SCORES).plot(), open_page, tmp_path, width=width)
    wide = opened.page.evaluate("document.querySelector('#chart svg').getBoundingClientRect().width")
    assert wide <= width + 20
