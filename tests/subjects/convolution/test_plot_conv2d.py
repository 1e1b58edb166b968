"""The picture of a convolution layer: its data, its window, and the numbers under its sliders."""

from __future__ import annotations

import numpy as np
import pytest
from tests.browser import OpenedPage, OpenPage
from tests.pictures import tables

import workings as wk
from workings.chart import check_size, save, spec
from workings.errors import InputError
from workings.language import use_language

RNG = np.random.default_rng(13)
IMAGE = RNG.integers(0, 100, (1, 9, 10)).astype(float)
FILTER = np.array([[[[1.0, 2.0], [3.0, -4.0], [0.0, 5.0]]]])


def dataset(chart, name):
    return spec(chart)["datasets"][name]


def test_the_panels_hold_the_pixels_and_the_feature_map():
    chart = wk.plot(wk.conv2d, IMAGE, FILTER, [1.0], padding=1)
    maps = wk.conv2d(IMAGE, FILTER, [1.0], padding=1)[0]
    for name, values in (("pixels", IMAGE[0]), ("values", maps)):
        rows = dataset(chart, name)
        assert len(rows) == values.size
        assert all(row["value"] == values[row["row"] - 1, row["column"] - 1] for row in rows)
    i, j = np.unravel_index(np.abs(maps).argmax(), maps.shape)
    start = {param["name"]: param["value"] for param in spec(chart)["params"]}
    assert (start["row"], start["column"]) == (i + 1, j + 1)
    assert f"starts at row {i + 1}, column {j + 1} of the feature map" in spec(chart)["description"]


@pytest.mark.parametrize("options", [{}, {"stride": 2}, {"padding": 4}, {"dilation": 3, "padding": "same"}], ids=str)
def test_of_a_large_image_the_part_around_the_strongest_place_is_drawn(options):
    image = RNG.normal(size=(3, 200, 300))
    image[:, 140, 250] = 1e3
    chart = wk.plot(wk.conv2d, image, RNG.normal(size=(2, 3, 5, 5)), **options)
    assert check_size(chart) <= 2 * 48 * 48 + 200
    rows, columns = ({row[axis] for row in dataset(chart, "pixels")} for axis in ("row", "column"))
    assert 141 in rows
    assert 251 in columns
    assert len(rows) <= 48
    assert len(columns) <= 48
    assert "Channel 1 of 3, rows" in spec(chart)["title"]["subtitle"]


def test_nan_leaves_its_cells_empty_and_all_languages_draw():
    holed = IMAGE.copy()
    holed[0, 4, 4] = np.nan
    for lang in ("en", "ko"):
        with use_language(lang):
            chart = wk.plot(wk.conv2d, holed, FILTER)
            assert sum(row["value"] is None for row in dataset(chart, "values")) == 6
            assert [row["value"] for row in dataset(chart, "pixels")].count(None) == 1
    assert len(tables(wk.plot(wk.conv2d, np.full((1, 3, 3), np.nan), FILTER))) > 2


def test_what_cannot_be_seen_is_refused():
    with pytest.raises(InputError, match="plot: filters must be at most 12 × 12 to be seen; got 13 × 1"):
        wk.plot(wk.conv2d, np.zeros((1, 20, 20)), np.zeros((1, 1, 13, 1)))
    with pytest.raises(InputError, match="plot: images must hold a pixel at least; got shape"):
        wk.plot(wk.conv2d, np.zeros((0, 1, 5, 5)), FILTER)


def words(opened: OpenedPage) -> list[str]:
    return opened.page.locator("#chart svg text").all_text_contents()


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("options", [{}, {"padding": 1, "stride": 2}, {"dilation": 2}], ids=str)
def test_the_window_and_its_sum_follow_the_sliders(open_page: OpenPage, tmp_path, options, lang):
    maps = wk.conv2d(IMAGE, FILTER, **options)[0]
    pad, step, gap = options.get("padding", 0), options.get("stride", 1), options.get("dilation", 1)
    padded = np.pad(IMAGE[0], pad)
    with use_language(lang):
        opened = open_page(save(wk.plot(wk.conv2d, IMAGE, FILTER, **options), tmp_path / "picture.html"))
    sliders = opened.page.locator("input[type=range]")
    assert sliders.count() == 2
    for i, j in ((0, 0), (1, 2), (maps.shape[0] - 1, maps.shape[1] - 1)):
        for k, place in enumerate((i, j)):
            sliders.nth(k).evaluate(
                "(slider, stop) => { slider.value = stop; slider.dispatchEvent(new Event('input', {bubbles: true})); }",
                place + 1,
            )
        opened.page.wait_for_timeout(150)
        seen = padded[i * step : i * step + 2 * gap + 1 : gap, j * step : j * step + gap + 1 : gap]
        drawn = words(opened)
        for value in seen.reshape(-1):
            assert f"{value:.4g}" in drawn
        assert f"{maps[i, j]:.4g}".replace("-", "−") in drawn
    assert opened.complaints == []
