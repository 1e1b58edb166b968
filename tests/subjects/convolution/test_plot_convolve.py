"""The pictures of convolutions: their data, their size, and in a browser the numbers under their sliders."""

from __future__ import annotations

import math
import re
from fractions import Fraction

import numpy as np
import pytest
from tests.browser import OpenedPage, OpenPage

import workings as wk
from workings.chart import check_size, save, spec
from workings.errors import InputError
from workings.language import ungrouped, use_language

RNG = np.random.default_rng(15)
SIGNAL, KERNEL = [1.5, 2, -3, 4, 0.25], [1, 0.5, -2]
IMAGE = RNG.integers(0, 9, (6, 7))


def dataset(chart, name):
    return spec(chart)["datasets"][name]


def number_text(text):
    return ungrouped(text).replace("−", "-")


def number(text):
    return float(number_text(text))


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("function", [wk.convolve, wk.correlate])
def test_a_picture_holds_the_signal_the_kernel_and_the_result(function, mode):
    chart = wk.plot(function, SIGNAL, KERNEL, mode)
    y = function(SIGNAL, KERNEL, mode)
    assert [row["value"] for row in dataset(chart, "signal")] == SIGNAL
    assert [row["value"] for row in dataset(chart, "kernel")] == KERNEL
    assert [(row["n"], row["value"]) for row in dataset(chart, "result")] == list(enumerate(y, start=1))
    for row in dataset(chart, "result"):
        sums, value = row["told"].split(" = ")
        terms = [term.replace("(", "").replace(")", "").split(" × ") for term in sums.split(" + ")]
        assert sum(number(a) * number(b) for a, b in terms) == pytest.approx(number(value))
        assert number(value) == pytest.approx(row["value"])
    (param,) = (param for param in spec(chart)["params"] if param["name"] == "n")
    assert f"At position {param['value']} the products add up to" in spec(chart)["description"]


@pytest.mark.parametrize(
    ("n", "k"),
    [(1, 1), (10, 3), (3, 10), (2_000, 1_000), (100_000, 50), (100_000, 1_400), (30_000, 20_000), (5, 4_000)],
)
def test_a_picture_is_small_whatever_the_input(n, k):
    for mode in ("full", "same"):
        chart = wk.plot(wk.convolve, RNG.normal(size=n), RNG.normal(size=k), mode)
        assert 0 < check_size(chart) <= 5_000


def axis_titles(chart):
    return [panel["layer"][2]["encoding"]["y"]["title"] for panel in spec(chart)["vconcat"]]


def written(chart):
    """Return for each panel whether it has numbers at its points."""
    return [
        any(layer["mark"].get("type") == "text" and layer["mark"].get("fontSize") == 11 for layer in panel["layer"])
        for panel in spec(chart)["vconcat"]
    ]


def test_numbers_are_written_where_they_have_room_and_large_ones_have_their_power_of_ten_in_the_title():
    assert written(wk.plot(wk.convolve, SIGNAL, KERNEL)) == [True] * 4
    large = wk.plot(wk.convolve, [12345, -23456, 34567, 1000], [100, -200, 3])
    assert written(large) == [True, True, False, True]
    assert axis_titles(large) == ["Signal x (× 10³)", "Kernel k", "Products (× 10^6)", "Result y (× 10^6)"]
    # Beside each other and as high as each other: they would stand over one another.
    assert written(wk.plot(wk.convolve, np.full(9, 123456.0), [1.0]))[0] is False
    assert written(wk.plot(wk.convolve, np.arange(20), [1.0])) == [False] * 4
    small = wk.plot(wk.convolve, [0.00012, -0.0003], [0.5])
    assert axis_titles(small)[0] == "Signal x (× 10^−6)"
    assert "datum.value / 1e-6" in spec(small)["vconcat"][0]["layer"][2]["encoding"]["y"]["axis"]["labelExpr"]


@pytest.mark.parametrize("size", [1e-300, 1e-5, 1.0, 12345.678, 1e300, 1.5e308])
def test_signals_of_any_size_are_drawn(size):
    domains = [
        panel["layer"][2]["encoding"]["y"]["scale"]["domain"]
        for panel in spec(wk.plot(wk.convolve, [size, -size], [1.0]))["vconcat"]
    ]
    assert all(math.isfinite(low) and math.isfinite(high) and low <= 0 < high for low, high in domains)


def test_the_sum_that_is_shown_follows_from_the_digits_that_are_shown():
    x, k = [1234.5, -1234.25, 1111.5, 0.1], [0.123, -0.456]
    for row in dataset(wk.plot(wk.convolve, x, k), "result"):
        sums, relation, value = re.split(" ([=≈]) ", row["told"])
        terms = [term.replace("(", "").replace(")", "").split(" × ") for term in sums.split(" + ")]
        exact = sum(Fraction(number_text(a)) * Fraction(number_text(b)) for a, b in terms)
        assert float(exact) == pytest.approx(row["value"], rel=1e-12)
        assert (exact == Fraction(number_text(value))) == (relation == "=")


@pytest.mark.parametrize("n", [1, 2, 9, 40, 999, 3_000])
def test_places_have_whole_numbers_on_their_axis(n):
    x = spec(wk.plot(wk.convolve, np.ones(n), [1.0]))["vconcat"][-1]["layer"][-1]["encoding"].get("x")
    axis = spec(wk.plot(wk.convolve, np.ones(n), [1.0]))["vconcat"][0]["layer"][2]["encoding"]["x"]["axis"]["values"]
    assert x is None
    assert 1 <= len(axis) <= 10
    assert all(isinstance(value, int) for value in axis)


def test_of_a_function_without_an_end_that_grows_the_part_is_drawn_that_meets_the_other():
    chart = wk.plot(wk.convolve_functions, "exp(-x)", "exp(-2x)", 1.0, support=(0, 1))
    assert max(row["value"] for row in dataset(chart, "second")) == pytest.approx(1.0)
    rows = dataset(chart, "areas")
    assert max(row["value"] for row in rows) < 3
    assert rows[0]["place"] == pytest.approx(-0.1, abs=0.02)


def test_of_a_long_signal_the_part_around_the_strongest_place_is_drawn():
    x = RNG.normal(size=50_000)
    x[30_000:30_010] = 100
    chart = wk.plot(wk.convolve, x, np.ones(10), "same")
    y = wk.convolve(x, np.ones(10), "same")
    rows = dataset(chart, "result")
    assert int(np.argmax(y)) + 1 in {row["n"] for row in rows}
    assert all(row["value"] == y[row["n"] - 1] for row in rows)
    assert all(row["value"] == x[row["m"] - 1] for row in dataset(chart, "signal"))
    met = {row["m"] for row in dataset(chart, "signal")}
    assert {rows[0]["n"] + 4 + 1 - 10, rows[-1]["n"] + 4} <= met
    assert "of 50\u202f000" in spec(chart)["title"]["subtitle"]


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("function", [wk.convolve, wk.correlate, wk.fftconvolve])
def test_the_window_over_an_image_gives_the_result(function, mode):
    kernel = np.array([[1.0, 2, 0, 1], [0, -1, 3, 2]])
    chart = wk.plot(function, IMAGE, kernel, mode)
    y = function(IMAGE, kernel, mode)
    assert all(row["value"] == y[row["row"] - 1, row["column"] - 1] for row in dataset(chart, "values"))
    assert all(row["value"] == IMAGE[row["row"] - 1, row["column"] - 1] for row in dataset(chart, "pixels"))


def test_large_kernels_and_large_images_are_drawn_still_and_small():
    for shape, taps, mode in (((300, 200), (40, 5), "same"), ((8, 9), (20, 2), "full"), ((900, 1), (30, 1), "valid")):
        chart = wk.plot(wk.convolve, RNG.normal(size=shape), RNG.normal(size=taps), mode)
        assert check_size(chart) <= 5_000
        assert "params" not in spec(chart)
    big = wk.plot(wk.convolve, RNG.normal(size=(300, 200)), np.ones((12, 12)))
    assert check_size(big) <= 5_000


def test_a_picture_of_functions_holds_their_convolution():
    support = ((0, math.inf), (0, math.inf))
    chart = wk.plot(wk.convolve_functions, "exp(-x)", "exp(-2x)", [1.0, 0.25], support=support)
    rows = dataset(chart, "areas")
    for row in rows:
        t = row["place"]
        assert row["value"] == pytest.approx(math.exp(-t) - math.exp(-2 * t) if t > 0 else 0, abs=1e-9)
    assert {(row["place"], row["value"]) for row in dataset(chart, "asked")} >= {
        (t, wk.convolve_functions("exp(-x)", "exp(-2x)", t, support=support)) for t in (1.0, 0.25)
    }
    start = spec(chart)["params"][0]["value"]
    assert rows[start]["place"] == 1.0
    first, second = dataset(chart, "first"), dataset(chart, "second")
    assert all(row["value"] == pytest.approx(math.exp(-row["at"]), rel=1e-12) for row in first if row["i"] >= 0)
    assert all(row["value"] == pytest.approx(math.exp(-2 * row["at"]), rel=1e-12) for row in second if row["i"] >= 0)


@pytest.mark.parametrize(
    ("f", "g", "t", "support"),
    [
        ("1", "1", 0.5, ((0, 1), (0, 1))),
        (math.cos, "x", [[-1.0, 40.0]], ((-1, 2), (0, 0.01))),
        ("exp(-x^2)", lambda x: 1.0, 1e6, (-math.inf, math.inf)),
        ("1/x", "1", 3.0, ((1, 2), (0, 1))),
        ("1", "exp(x)", 0.0, ((0, 1), (-math.inf, 0))),
    ],
)
def test_pictures_of_all_kinds_of_functions_are_small(f, g, t, support):
    chart = wk.plot(wk.convolve_functions, f, g, t, support=support)
    assert check_size(chart) <= 5_000
    rows = dataset(chart, "areas")
    value = np.max(np.abs(wk.convolve_functions(f, g, t, support=support)))
    assert abs(rows[spec(chart)["params"][0]["value"]]["value"]) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_axis_has_its_title_and_every_picture_its_words(lang):
    with use_language(lang):
        for chart in (
            wk.plot(wk.convolve, SIGNAL, KERNEL),
            wk.plot(wk.correlate, IMAGE, np.ones((2, 2))),
            wk.plot(wk.convolve_functions, "1", "x", 1.0, support=((0, 1), (0, 1))),
        ):
            content = spec(chart)
            assert content["description"]
            assert (lang == "ko") == any("가" <= sign <= "힣" for sign in content["description"])
            assert content["title"]["text"]
    assert axis_titles(wk.plot(wk.convolve, SIGNAL, KERNEL)) == ["Signal x", "Kernel k", "Products", "Result y"]


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(InputError, match="plot: x and kernel must be real to be drawn"):
        wk.plot(wk.convolve, [1j], [1])
    with pytest.raises(InputError, match="plot: x and kernel must have one axis or two"):
        wk.plot(wk.convolve, np.ones((2, 2, 2)), np.ones((1, 1, 1)))
    with pytest.raises(InputError, match="plot: x and kernel must have one axis or two"):
        wk.plot(wk.fftconvolve, np.ones((2, 2)), np.ones((2, 2)), axes=0)
    with pytest.raises(InputError, match="plot: x and kernel must not be empty"):
        wk.plot(wk.fftconvolve, [], [1])
    with pytest.raises(InputError, match="plot: t must hold at least one number"):
        wk.plot(wk.convolve_functions, "1", "1", [], support=(0, 1))


# In a browser --------------------------------------------------------------------------------------------------------


def words(opened: OpenedPage) -> list[str]:
    return opened.page.locator("#chart svg text").all_text_contents()


def move(opened: OpenedPage, name: str, value: int) -> None:
    slider = opened.page.locator(f"input[name={name}]")
    slider.evaluate(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', {bubbles: true})); }", value
    )
    opened.page.wait_for_timeout(150)


@pytest.mark.browser
@pytest.mark.parametrize("width", [400, 1200])
@pytest.mark.parametrize("function", [wk.convolve, wk.correlate])
def test_the_products_follow_the_slider(open_page: OpenPage, tmp_path, function, width):
    chart = wk.plot(function, SIGNAL, KERNEL)
    opened = open_page(save(chart, tmp_path / "picture.html"), width=width)
    y = function(SIGNAL, KERNEL)
    assert opened.page.evaluate("document.querySelector('#chart svg').getBoundingClientRect().width") <= width + 20
    for n in (1, 4, len(y)):
        move(opened, "n", n)
        shown = words(opened)
        full = np.convolve(SIGNAL, KERNEL if function is wk.convolve else KERNEL[::-1])
        assert y[n - 1] == pytest.approx(full[n - 1])
        taps = KERNEL if function is wk.convolve else KERNEL[::-1]
        # The numbers over the bars, from the left: what Vega multiplied itself.
        products = [SIGNAL[m] * taps[n - 1 - m] for m in range(len(SIGNAL)) if 0 <= n - 1 - m < len(taps)]
        written = [f"{value:.4g}".replace("-", "−") for value in products]
        assert all(shown.count(text) >= written.count(text) for text in written)
        told = next(row["told"] for row in dataset(chart, "result") if row["n"] == n)
        assert told in shown
        assert number(told.split(" = ")[1]) == pytest.approx(y[n - 1])
    assert opened.complaints == []
    assert opened.requests == []


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_the_window_over_an_image_follows_its_sliders(open_page: OpenPage, tmp_path, lang):
    kernel = np.array([[1, 2, 0], [0, -1, 3], [2, 0, 1]])
    with use_language(lang):
        chart = wk.plot(wk.convolve, IMAGE, kernel, "same")
        opened = open_page(save(chart, tmp_path / "picture.html"))
    y = wk.convolve(IMAGE, kernel, "same")
    padded = np.pad(IMAGE, 1)
    for i, j in ((1, 1), (3, 4), (6, 7)):
        move(opened, "row", i)
        move(opened, "column", j)
        shown = words(opened)
        window = padded[i - 1 : i + 2, j - 1 : j + 2]
        assert (window * np.flip(kernel)).sum() == y[i - 1, j - 1]
        assert str(y[i - 1, j - 1]).replace("-", "−") in shown
        seen = [str(value) for value in window.ravel().tolist()]
        assert all(shown.count(text) >= seen.count(text) for text in seen)
    assert opened.complaints == []


@pytest.mark.browser
def test_the_area_follows_t(open_page: OpenPage, tmp_path):
    support = ((0, 1), (0, 2))
    chart = wk.plot(wk.convolve_functions, "1 + x", "x^2", 1.0, support=support)
    opened = open_page(save(chart, tmp_path / "picture.html"), width=400)
    rows = dataset(chart, "areas")
    for stop in (len(rows) // 4, len(rows) // 2, len(rows) - 5):
        move(opened, "stop", stop)
        area = wk.convolve_functions("1 + x", "x^2", rows[stop]["place"], support=support)
        assert rows[stop]["value"] == pytest.approx(area, abs=1e-12)
        assert rows[stop]["told"] in words(opened)
        assert number(rows[stop]["told"].split("area is ")[1]) == pytest.approx(area, rel=1e-4, abs=1e-4)
    assert opened.complaints == []


def test_values_below_zero_are_told_without_colour():
    image = np.zeros((8, 10))
    image[2:6, 3:7] = 9.0
    *_, result = spec(wk.plot(wk.convolve, image, wk.filters.sobel_x(), mode="same"))["concat"]
    signs = [layer for layer in result["layer"] if layer.get("encoding", {}).get("text") == {"value": "−"}]
    faint = 0.1 * np.abs(wk.convolve(image, wk.filters.sobel_x(), mode="same")).max()
    assert [{"filter": f"datum.value < {-faint}"} in layer["transform"] for layer in signs] == [True]
    assert {layer["encoding"]["x"].get("title") for layer in result["layer"]} == {"column"}
