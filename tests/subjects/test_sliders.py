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


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_line_and_the_place_on_the_cost_surface_follow_the_iteration(open_page: OpenPage, tmp_path, lang):
    x = RNG.normal(size=50) + 1
    model = wk.LinearRegression(solver="gradient_descent", momentum="none").fit(x[:, None], 2 * x + 1 + 0.1 * x**2)
    with use_language(lang):
        chart = model.plot()
        opened = opened_with(chart, open_page, tmp_path)
    rows = table(chart, "iteration", "words", "place")
    for stop in thirds(rows):
        move(opened, stop)
        iteration, line, place = rows[stop]
        m, b = model.history_.at(iteration)[0]
        cost = model.history_.cost[iteration]
        assert line in words(opened)
        assert place in words(opened)
        numbers = [float(part) for part in re.findall(r"= ([\d.e-]+)", place.replace("\N{MINUS SIGN}", "-"))]
        assert numbers == pytest.approx([m, b, cost], rel=1e-4)
        assert f"{m:.6g} x" in line
    assert opened.complaints == []
    assert opened.requests == []


def test_the_boundary_of_two_columns_follows_the_iteration(open_page: OpenPage, tmp_path):
    X2 = RNG.normal(size=(80, 2))
    model = wk.LogisticRegression(solver="gradient_descent").fit(X2, X2 @ [1.0, 0.5] + RNG.normal(size=80) > 0)
    chart = model.plot()
    opened = opened_with(chart, open_page, tmp_path)
    rows, lines = table(chart, "iteration", "words"), table(chart, "i", "p", "x0")
    for stop in thirds(rows):
        move(opened, stop)
        assert rows[stop][1] in words(opened)
        drawn = [f"{p:g}" for i, p, x0 in lines if i == stop and x0 is not None]
        shown = opened.page.locator("#chart svg text[font-size='10.5px']").all_text_contents()
        assert sorted(text for text in shown if text) == sorted(drawn)
    assert opened.complaints == []


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_a_picture_of_a_fit_is_no_wider_than_a_telephone(open_page: OpenPage, tmp_path, columns):
    X3 = RNG.normal(size=(60, columns))
    y = X3.sum(axis=1) + RNG.normal(size=60)
    for model, target in ((wk.LinearRegression(solver="gradient_descent"), y), (wk.LogisticRegression(), y > 0)):
        opened = opened_with(model.fit(X3, target).plot(), open_page, tmp_path, width=480)
        size = opened.page.evaluate("document.querySelector('#chart svg').viewBox.baseVal.width")
        assert size <= 480  # drawn as it is: no letter is made smaller


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


PLACES = """
each => {
    const centre = part => { const box = part.getBoundingClientRect(); return box.x + box.width / 2; };
    return each.map(group => [...group.children].map(part => [part.textContent, centre(part)]));
}
"""


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("function", [wk.min_max_normalize, wk.z_score_normalize])
def test_where_the_others_lie_follows_the_outlier(open_page: OpenPage, tmp_path, function, lang):
    """The marks are placed by the page itself, and stand where Python's own normalisation puts them."""
    values = [3.0, 20.0, 45.0, 60.0, 3000.0]
    with use_language(lang):
        chart = wk.plot(function, values)
        opened = opened_with(chart, open_page, tmp_path)
    stops = table(chart, "x", "filled", "reached")
    assert stops[20][0] == 3000.0
    for stop in (0, 20, 40):
        move(opened, stop)
        x, filled, reached = stops[stop]
        assert {filled, reached} <= set(words(opened))
        labels, ticks, moved = (
            opened.page.locator(f"#chart svg g.{role}").evaluate_all(PLACES)
            for role in ("role-axis-label", "mark-rect.role-mark", "mark-symbol.role-mark")
        )
        labels = [each for each in labels if each][-2:]
        for panel, method in enumerate((wk.min_max_normalize, wk.z_score_normalize)):
            numbers = [(float(text.replace("−", "-")), place) for text, place in labels[panel]]
            (low, left), (high, right) = numbers[0], numbers[-1]
            after = method([*values[:-1], x])
            drawn = [place for _, place in (*ticks[-2:][panel], *moved[-2:][panel])]
            found = [low + (place - left) / (right - left) * (high - low) for place in drawn]
            # A pixel is so wide, and a label's middle stands within one of its tick.
            assert found == pytest.approx(after.tolist(), abs=2 * (high - low) / (right - left))
            share = float(re.findall(r"[\d.]+", filled.replace("\u202f", ""))[-1])
            assert share == pytest.approx(100 * np.ptp(wk.min_max_normalize([*values[:-1], x])[:-1]), rel=5e-3)
    assert opened.complaints == []
