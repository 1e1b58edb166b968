"""The working of a convolution layer: the pupil's own pixels, every product, and not to be fooled."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import workings as wk
from workings.errors import InputError, WorkingError
from workings.subjects.convolution.layer import compute, planes

RNG = np.random.default_rng(12)
IMAGE = np.arange(1, 26).reshape(1, 5, 5) % 7
EDGE = wk.filters.sobel_x()[None, None]
COLOURED = RNG.integers(0, 256, (2, 3, 8, 9))
MANY = np.round(RNG.normal(size=(4, 3, 3, 2)), 2)


def test_a_window_is_told_as_on_a_blackboard():
    text = wk.explain(wk.conv2d, IMAGE, EDGE).at(i=1, j=2).to_text("en")
    assert text.startswith("What does filter 1 make of an image of 5 × 5 pixels at row 2, column 3 of the")
    assert "     row  column  x   w  w·x\n" in text
    assert "       2       3  1  -1   -1\n" in text
    assert "     y_{2,3} = -1 + 0 + 3 + (-12) + 0 + 2 + (-4) + 0 + 6 = -6\n" in text
    assert "  Result  -6: row 2, column 3 of feature map 1, which has 3 × 3 values." in text
    assert "a convolution, it would give 6." in text
    assert wk.conv2d(IMAGE, EDGE)[0, 1, 2] == -6


@pytest.mark.parametrize("dtype", [np.int64, np.float64, np.float32, np.float16, np.uint8])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"padding": 1, "stride": 2, "bias": True},
        {"padding": "same", "dilation": (2, 1)},
        {"padding": (2, 0), "stride": (3, 1), "dilation": 2, "bias": True},
    ],
    ids=str,
)
def test_every_place_of_every_map_is_worked_and_holds(dtype, options):
    options = dict(options)
    images, filters = COLOURED.astype(dtype), np.abs(MANY * 9).astype(dtype)
    bias = np.arange(4).astype(dtype) if options.pop("bias", False) else None
    maps = wk.conv2d(images, filters, bias, **options)
    working = wk.explain(wk.conv2d, images, filters, bias, **options)
    places = RNG.integers(0, maps.shape, (4, 4)).tolist()
    for n, c, i, j in [[0, 0, 0, 0], [k - 1 for k in maps.shape], *places]:
        closer = working.at(n=n, c=c, i=i, j=j)
        assert closer.verify().equations >= 4
        assert closer.step("value").value == maps[n, c, i, j]
        assert (closer.step("size_H").value, closer.step("size_W").value) == maps.shape[2:]
        for render in (closer.to_text, closer.to_html, closer.to_latex, closer.to_markdown):
            assert render("en")
            assert render("ko")


@pytest.mark.parametrize("wide", [np.float32, np.float64])
def test_half_precision_is_told_with_the_digits_that_its_result_has(wide):
    images, filters = RNG.normal(size=(1, 2, 5, 5)), RNG.normal(size=(3, 2, 3, 3))
    for first, second in ((np.float16, wide), (wide, np.float16)):
        working = wk.explain(wk.conv2d, images.astype(first), filters.astype(second), [0.1, 0.2, 0.3])
        assert working.verify().equations >= 4
        assert working.to_text("ko")


def test_the_terms_that_are_shown_add_up_to_the_value_that_is_shown():
    working = wk.explain(wk.conv2d, COLOURED, MANY, [0.5, 1.0, 2.0, 3.0], stride=2, padding=1).at(n=1, c=2, i=1, j=3)
    products = [row[-1].value for key in (1, 2, 3) for row in working.step(f"products_{key}").table.rows]
    sums = [row[-1].value for row in working.step("channels").table.rows]
    assert len(products) == 18
    np.testing.assert_allclose(np.reshape(products, (3, 6)).sum(axis=1), sums)
    assert sum(sums) + 2.0 == pytest.approx(working.step("value").value)


def test_pixels_outside_count_as_zero_and_the_working_says_so():
    corner = wk.explain(wk.conv2d, IMAGE, EDGE, padding=1)
    assert "5 of the 9 places of this window lie outside the image" in corner.to_text("en", width=200)
    rows = corner.step("products_1").table.rows
    assert [tuple(cell.value for cell in row[:3]) for row in rows[:2]] == [(0, 0, 0), (0, 1, 0)]
    assert "outside the image" not in corner.at(i=2, j=2).to_text("en", width=200)


def test_stride_gaps_and_groups_are_pointed_out():
    images = RNG.normal(size=(1, 6, 9, 9))
    filters = RNG.normal(size=(3, 2, 2, 2))
    text = wk.explain(wk.conv2d, images, filters, groups=3, stride=(2, 3), dilation=2).at(c=1).to_text("en", width=200)
    assert "The next window lies 3 columns to the right, that of the next row 2 rows below" in text
    assert "its pixels lie 2 rows and 2 columns apart" in text
    assert "Filter 2 belongs to group 2 of 3, and sees only the channels 3 to 4." in text
    assert "Channel 3: pixel times weight" in text


def test_a_layer_of_many_channels_stays_a_screenful_or_two():
    images, filters = RNG.normal(size=(1, 200, 7, 7)).astype("f4"), RNG.normal(size=(2, 200, 7, 7)).astype("f4")
    working = wk.explain(wk.conv2d, images, filters)
    assert working.verify().equations >= 4
    assert working.step("channels").table.total == 200
    assert working.step("products_1").table.total == 49
    assert len(working.to_text("en").splitlines()) < 110


@pytest.mark.parametrize("options", [{}, {"padding": 2, "stride": (2, 1)}, {"dilation": 2, "groups": 3}], ids=str)
@pytest.mark.parametrize("bias", [None, [0.5, 1.0, -2.0]])
def test_a_whole_feature_map_stands_in_a_table(options, bias):
    filters = np.round(RNG.normal(size=(3, 3 // options.get("groups", 1), 2, 3)), 2)
    maps = wk.conv2d(COLOURED, filters, bias, **options)
    working = wk.explain(wk.conv2d, COLOURED, filters, bias, **options).at(n=1, c=2, i=slice(None), j=slice(None))
    rows = working.step("places").table.rows
    assert [row[-1].value for row in rows] == maps[1, 2].ravel().tolist()
    channels = filters.shape[1]
    assert working.verify().cells == len(rows) * (2 + 1 + (channels if channels > 1 else 0))
    assert f"{maps[1, 2].size} of {maps[1, 2].size} values" in working.to_text("en", width=200)
    assert ("among the zeros" in working.to_text("en", width=200)) == ("padding" in options)
    assert working.at(c=0, i=1).step("value").value == maps[1, 0, 1, 0]
    assert working.to_html("ko")


def test_a_table_is_of_one_feature_map_and_a_wrong_cell_of_it_is_caught():
    working = wk.explain(wk.conv2d, COLOURED, MANY)
    with pytest.raises(InputError, match="at: n and c must be one number each"):
        working.at(c=slice(None))
    table = working.at(i=range(3), j=range(1, 4))
    step = table.step("places")
    for column in (-1, -2):
        row = list(step.table.rows[4])
        row[column] = dataclasses.replace(row[column], value=row[column].value + 1e-6)
        rows = (*step.table.rows[:4], tuple(row), *step.table.rows[5:])
        changed = dataclasses.replace(step, table=dataclasses.replace(step.table, rows=rows))
        steps = tuple(changed if each is step else each for each in table.steps)
        with pytest.raises(WorkingError, match="verify: table places"):
            dataclasses.replace(table, steps=steps).verify()


def test_values_that_are_not_finite_stand_in_the_table_unchecked():
    holed = IMAGE.astype(float)
    holed[0, 4, 4] = np.nan
    working = wk.explain(wk.conv2d, holed, EDGE).at(i=slice(None), j=slice(None))
    assert working.verify().cells == 8 + 2 * 9
    assert "Where a value is not finite, its row is not checked." in working.to_text("en", width=200)


@pytest.mark.parametrize("count", [1, 3])
def test_planted_faults_are_caught(monkeypatch, count):
    true = compute._definition
    monkeypatch.setattr(compute, "_definition", lambda *given, **how: true(*given, **how) + 1e-7)
    with pytest.raises(WorkingError, match="value"):
        wk.explain(wk.conv2d, RNG.normal(size=(count, 5, 5)), RNG.normal(size=(1, count, 3, 3))).verify()


def test_a_wrong_product_is_caught():
    working = wk.explain(wk.conv2d, IMAGE, EDGE)
    step = working.step("products_1")
    cell = step.table.rows[2][-1]
    wrong = dataclasses.replace(cell, value=cell.value + 1)
    rows = (*step.table.rows[:2], (*step.table.rows[2][:-1], wrong), *step.table.rows[3:])
    changed = dataclasses.replace(step, table=dataclasses.replace(step.table, rows=rows))
    steps = tuple(changed if each is step else each for each in working.steps)
    with pytest.raises(WorkingError, match="table products_1"):
        dataclasses.replace(working, steps=steps).verify()


def replaced(working, key, **changes):
    step = working.step(key)
    changed = dataclasses.replace(step, **changes)
    return dataclasses.replace(working, steps=tuple(changed if each is step else each for each in working.steps))


def test_a_wrong_step_number_or_rival_is_caught():
    how = {"stride": 2, "padding": 1}
    working = wk.explain(wk.conv2d, COLOURED, MANY, [0.5, 1.0, 2.0, 3.0], **how)
    other = wk.explain(wk.conv2d, COLOURED, MANY[::-1], [1.5, 1.0, 2.0, 3.0], **how)
    (convention,) = working.conventions
    rival = dataclasses.replace(convention, rival_value=convention.rival_value + 1e-3)
    for wrong in (
        replaced(working, "value", value=working.step("value").value * (1 + 1e-8)),
        replaced(working, "value", shown=other.step("value").shown),
        replaced(working, "value", substitution=other.step("value").substitution),
        replaced(working, "value", statement=other.at(i=1).step("channels").table.rows[0][-1].statement),
        replaced(working, "channels", table=other.step("channels").table),
        replaced(working, "products_2", table=other.step("products_2").table),
        replaced(working, "size_H", value=5),
        replaced(working, "r", value=2),
        dataclasses.replace(working, conventions=(rival,)),
    ):
        with pytest.raises(WorkingError, match="verify"):
            wrong.verify()


def test_a_fault_in_the_compiled_loop_is_caught(monkeypatch):
    images, filters = RNG.normal(size=(1, 3, 120, 120)), RNG.normal(size=(8, 3, 3, 3))
    assert wk.explain(wk.conv2d, images, filters).verify().equations >= 4
    true = planes.feature_maps
    monkeypatch.setattr(planes, "feature_maps", lambda *given: true(*given) * (1 + 1e-6))
    with pytest.raises(WorkingError, match="verify: line value"):
        wk.explain(wk.conv2d, images, filters).verify()
    with pytest.raises(WorkingError, match="verify: table places"):
        wk.explain(wk.conv2d, images, filters).at(i=range(3)).verify()


def test_a_window_taken_from_the_wrong_place_is_caught(monkeypatch):
    from workings.subjects.convolution.layer.layer import Layer

    right = Layer.window
    monkeypatch.setattr(Layer, "window", lambda self, n, c, i, j: right(self, n, c, i, j + 1))
    with pytest.raises(WorkingError, match="table products_1"):
        wk.explain(wk.conv2d, IMAGE, EDGE).verify()


def test_what_cannot_be_told_is_refused():
    with pytest.raises(InputError, match="at: j must be one of 0 to 2; got 3"):
        wk.explain(wk.conv2d, IMAGE, EDGE).at(j=3)
    with pytest.raises(InputError, match=r"at: i must be one of 0 to 2; got 1\.0"):
        wk.explain(wk.conv2d, IMAGE, EDGE).at(i=1.0)
    with pytest.raises(InputError, match="images and filters must be real numbers; got complex128"):
        wk.explain(wk.conv2d, IMAGE * 1j, EDGE)
    with pytest.raises(InputError, match=r"images must hold at least one image; got shape \(0, 1, 5, 5\)"):
        wk.explain(wk.conv2d, np.zeros((0, 1, 5, 5)), EDGE)
    holed = IMAGE.astype(float)
    holed[0, 0, 0] = np.nan
    working = wk.explain(wk.conv2d, holed, EDGE)
    assert "Not finite: 1 of the 9 values" in working.to_text("en", width=200)
    with pytest.raises(InputError, match="window and filter must be finite where they are told; at n=0, c=0, i=0, j=0"):
        working.at(j=0)
    with pytest.raises(InputError, match="Given groups=1, weight of size"):
        wk.explain(wk.conv2d, COLOURED, EDGE)
