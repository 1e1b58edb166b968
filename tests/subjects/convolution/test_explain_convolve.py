"""What a working of a convolution says is what the function gives, holds line by line, and is not to be fooled."""

from __future__ import annotations

import dataclasses
import math
import re
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

import workings as wk
from workings.errors import InputError, WorkingError
from workings.language import use_language
from workings.subjects.convolution import choice, direct
from workings.subjects.convolution import sliding as sliding_module
from workings.subjects.convolution.sliding import sliding
from workings.working import Working

RNG = np.random.default_rng(14)
FUNCTIONS = [wk.convolve, wk.correlate, wk.fftconvolve, wk.oaconvolve]
MODES = ["full", "same", "valid"]


def test_two_short_signals_are_told_as_on_a_blackboard():
    text = wk.explain(wk.convolve, [1, 2, 3, 4], [1, 0, -1]).to_text("en", width=100)
    assert text.startswith("What is the convolution of a signal of length 4 with a kernel of length 3?")
    assert "       kernel          1  0  -1\n       turned around  -1  0   1\n" in text
    assert "L = N + K - 1 = 4 + 3 - 1 = 6" in text
    assert "Position 1: 1 of 3 overlap  y₁ = 1 × 1 = 1\n" in text
    assert "y₃ = x₁·k₃ + x₂·k₂ + x₃·k₁ = 1 × (-1) + 2 × 0 + 3 × 1 = 2\n" in text
    assert "Result  y = 1, 2, 2, 2, -3, -4." in text
    assert "y₁ would be -1." in text
    assert "at 2 positions at the start and 2 at the end." in " ".join(text.split())


def test_one_position_is_told_in_full():
    working = wk.explain(wk.convolve, [1, 2, 3, 4], [1, 0, -1]).at(3)
    text = working.to_text("en")
    assert text.startswith("How does position 4 of the convolution come about?")
    assert "mₘᵢₙ = max(1, n + 1 - K) = max(1, 4 + 1 - 3) = 2" in text
    assert (
        "     m  x   k  x·k\n     ─────────────\n     2  2  -1   -2\n     3  3   0    0\n     4  4   1    4\n" in text
    )
    assert "y₄ = -2 + 0 + 4 = 2" in text
    assert "Result  2: position 4 of 6, in Python y[3]." in text
    assert "y₄ would be -2" in text
    assert working.at(n=0).step("value").value == 1


def test_an_image_is_told_by_its_window():
    image = np.arange(1, 31).reshape(5, 6) % 7
    working = wk.explain(wk.convolve, image, wk.filters.sobel_x(), mode="same").at(1, 2)
    text = working.to_text("en", width=100)
    assert "the value at (2, 3) of 5 × 6, in Python y[1, 2]." in text
    rows = working.step("products").table.rows
    assert [(row[0].value, row[1].value) for row in rows] == list(product((1, 2, 3), (2, 3, 4)))
    assert working.step("value").value == signal.convolve(image, wk.filters.sobel_x(), "same")[1, 2]
    assert working.at(i=4).step("value").value == signal.convolve(image, wk.filters.sobel_x(), "same")[4, 2]


def test_where_the_kernel_hangs_over_an_end_is_said_of_the_one_place_that_is_told():
    image = wk.explain(wk.convolve, np.arange(30).reshape(5, 6), np.ones((3, 3)), mode="same")
    assert "hangs over an end here: 6 of 9 values meet one" in image.at(0, 2).to_text("en", width=200)
    assert "hangs over an end" not in image.at(1, 2).to_text("en", width=200)
    assert "hangs over an end here: 1 of 3" in wk.explain(wk.convolve, np.ones(9), [1, 2, 3]).at(0).to_text(
        "en", width=200
    )


def test_a_correlation_names_its_lags_and_leaves_the_kernel_as_it_lies():
    working = wk.explain(wk.correlate, [1, 2, 3, 4], [1, 0, -1])
    text = working.to_text("en", width=100)
    assert "turned around  -1" not in text
    lags = signal.correlation_lags(4, 3)
    titles = [str(step.title) for step in working.walk() if step.key.startswith("y_")]
    assert [int(re.search(r"Lag (-?\d+)", title)[1]) for title in titles] == lags.tolist()
    assert working.at(4).step("lag").value == lags[4]


def test_the_digits_that_are_shown_give_the_results_that_are_shown():
    x, k = np.round(RNG.normal(size=6), 2), np.round(RNG.normal(size=4), 1)
    text = wk.explain(wk.convolve, x, k).to_text("en", width=200)
    found = re.findall(r"y[₀-₉]+ = (?:x[^=]*= )?([-\d.×()+ ]+?) = (-?[\d.]+)\n", text)
    assert len(found) == 9
    for (sums, value), true in zip(found, np.convolve(x, k), strict=True):
        terms = [re.findall(r"-?[\d.]+", term) for term in sums.split(" + ")]
        assert sum(Fraction(a) * Fraction(b) for a, b in terms) == Fraction(value)
        assert float(value) == pytest.approx(true, abs=1e-12)


def draw(data, shape, kind):
    size = int(np.prod(shape))
    whole = np.reshape(data.draw(st.lists(st.integers(-9, 9), min_size=size, max_size=size)), shape)
    if kind == "complex":
        return whole / 4 + 1j * whole[::-1]
    return {"integer": whole, "float": whole / 7, "float32": (whole / 7).astype("f4"), "bool": whole > 0}[kind]


KINDS = st.sampled_from(["integer", "float", "float32", "bool", "complex"])


@settings(max_examples=60, deadline=None)
@given(data=st.data(), number=st.integers(0, 3), mode=st.sampled_from(MODES), kinds=st.tuples(KINDS, KINDS))
def test_every_place_of_any_convolution_holds(data, number, mode, kinds):
    dimensions = data.draw(st.integers(1, 3))
    shapes = [tuple(data.draw(st.integers(1, 5)) for _ in range(dimensions)) for _ in range(2)]
    if mode == "valid":
        shapes = [tuple(map(max, *shapes)), tuple(map(min, *shapes))]
        shapes = shapes if data.draw(st.booleans()) else shapes[::-1]
    x, k = (draw(data, shape, kind) for shape, kind in zip(shapes, kinds, strict=True))
    function = FUNCTIONS[number]
    y = np.asarray(function(x, k, mode))
    working = wk.explain(function, x, k, mode)
    assert working.verify().equations >= dimensions
    place = tuple(data.draw(st.integers(0, n - 1)) for n in y.shape)
    closer = working.at(*place)
    closer.verify()
    found = [closer.step(key).value for key in ("value", "imaginary") if key in {s.key for s in closer.walk()}]
    assert found == ([y[place].real, y[place].imag] if y.dtype.kind == "c" else [y[place]])
    assert [working.step(f"size_{axis + 1}").value for axis in range(dimensions)] == list(y.shape)


@pytest.mark.parametrize("wide", ["f2", "f4", "f8", "c8", "c16", "i4"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_half_precision_is_told_with_the_digits_that_its_result_has(function, wide):
    for shape, taps in (((5,), (3,)), ((30,), (10,)), ((6, 6), (4, 4))):
        x, k = RNG.normal(size=shape).astype("f2"), (RNG.normal(size=taps) * 3).astype(wide)
        for first, second in ((x, k), (k, x)):
            working = wk.explain(function, first, second)
            assert working.verify().equations >= 2
            assert working.to_text("ko")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("axes", [0, 1, [0, 1], np.array([1]), None], ids=str)
@pytest.mark.parametrize("function", [wk.fftconvolve, wk.oaconvolve])
def test_axes_that_are_not_convolved_over_are_multiplied(function, axes, mode):
    x, k = RNG.normal(size=(4, 5)), RNG.normal(size=(2, 3) if str(axes) == "[0, 1]" else (4, 5))
    y = function(x, k, mode, axes)
    working = wk.explain(function, x, k, mode, axes)
    for place in np.ndindex(y.shape):
        closer = working.at(*place)
        closer.verify()
        assert closer.step("value").value == y[place]


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"method": "direct"}, r"Computed as sums of products \(of these there are 12\)\."),
        ({}, "of these there are 12): Fourier transforms would not take half the time"),
        ({"method": "fft"}, "whose product is the transform of the result, as asked; the direct sum has 12 products"),
        ({"method": "overlap-add"}, "of blocks that overlap, as asked"),
    ],
)
def test_how_it_was_computed_is_said(how, says):
    text = wk.explain(wk.convolve, [1.5, 2, 3, 4], [1, 0, -1], **how).to_text("en", width=400)
    assert re.search(says, text) if "\\" in says else says in text


def test_what_auto_took_is_said_and_what_transforms_round():
    x, k = RNG.normal(size=200_000), RNG.normal(size=2_000)
    working = wk.explain(wk.convolve, x, k)
    text = working.to_text("en", width=400)
    assert "would take more than twice as long" in text
    assert re.search(r"here by at most \d\.\d·10⁻", text)
    assert working.verify().equations >= 4
    whole = wk.explain(wk.convolve, RNG.integers(-9, 9, 200_000), RNG.integers(-9, 9, 2_000)).to_text("en", width=400)
    assert "The integers are exact: the transform's error is below 1/2" in whole


def test_the_count_of_products_is_that_of_the_pairs():
    for shape, taps, mode in product([(5,), (3, 4)], [2, 3, 7], MODES):
        if mode == "valid" and taps == 7 and len(shape) == 2:
            continue
        s = sliding("convolve", np.ones(shape), np.ones((taps,) * len(shape)), mode, "auto")
        assert s.all_products() == sum(len(list(s.pairs(place))) for place in np.ndindex(s.y.shape))


def test_a_long_signal_is_a_screenful_or_two():
    working = wk.explain(wk.convolve, RNG.normal(size=1_000_000), RNG.normal(size=501))
    assert working.verify().equations == 4
    assert working.step("positions").table.total == 1_000_500
    assert working.step("products").table.total == 501
    assert len(working.to_text("en").splitlines()) < 90
    assert len(wk.explain(wk.convolve, np.ones((300, 300)), np.ones((60, 60))).to_text("ko").splitlines()) < 90


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_all_renderers_in_both_languages(lang):
    for working in (
        wk.explain(wk.convolve, [1, 2.5, 3], [1, -1]),
        wk.explain(wk.correlate, [1, 2j, 3], [1, -1j], mode="same"),
        wk.explain(wk.convolve, np.eye(4), np.ones((2, 2)), mode="valid"),
        wk.explain(wk.convolve, np.ones((2, 2, 2)), np.ones((2, 1, 2))).at(0, 1, 2),
        wk.explain(wk.convolve, [True, False], [True]),
    ):
        texts = [working.to_text(lang), working.to_markdown(lang), working.to_html(lang), working.to_latex(lang)]
        if lang == "ko":
            assert all(re.search("합성곱|상호상관", text) for text in texts)
            assert not re.search(r"[A-Za-z]{6,}", re.sub("Python|SciPy", "", working.to_text(lang)))
        again = Working.from_json(working.to_json())
        assert again.verify().equations == working.verify().equations
        assert again.to_text(lang) == working.to_text(lang)
        assert working.to_text(lang, ascii=True)


# All of them, on demand ----------------------------------------------------------------------------------------------


def test_all_positions_stand_in_a_table_with_their_products():
    text = wk.explain(wk.convolve, [1, 2, 3, 4], [1, 0, -1]).at(slice(None)).to_text("en")
    assert text.startswith("What are 6 values of the convolution, one by one?")
    assert "     n  first m  x·k₃  x·k₂  x·k₁   y\n" in text
    assert "     3        1    -1     0     3   2\n" in text
    assert "     6        4    -4              -4\n" in text
    assert "6 of 6 values, in Python y[0:6]." in text
    assert "y₁ would be -1." in text


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    ("shape", "taps", "at", "there"),
    [
        ((40,), (3,), (slice(None),), np.s_[:]),
        ((3,), (40,), (range(1),), np.s_[:1]),
        ((200,), (30,), (range(150, 10, -7),), np.s_[150:10:-7]),
        ((6, 5), (2, 3), (1, slice(None)), np.s_[1:2, :]),
        ((6, 5), (2, 3), (slice(1, None, 2), range(2)), np.s_[1::2, :2]),
        ((3, 4, 5), (2, 2, 2), (slice(None), slice(0, 2), 1), np.s_[:, 0:2, 1:2]),
    ],
)
def test_the_table_of_any_places_holds_the_results(function, mode, shape, taps, at, there):
    for complex_too in (0, 1j):
        x, k = (RNG.normal(size=size) + complex_too * RNG.normal(size=size) for size in (shape, taps))
        y = function(x, k, mode)
        working = wk.explain(function, x, k, mode).at(*at)
        rows = working.step("places").table.rows
        values = [complex(*(cell.value for cell in row[-2:])) if complex_too else row[-1].value for row in rows]
        assert values == y[there].ravel().tolist()
        assert [tuple(n - 1 for n in row[: y.ndim]) for row in rows] == [
            tuple(index) for index in np.moveaxis(np.indices(y.shape), 0, -1)[there].reshape(-1, y.ndim).tolist()
        ]
        assert working.verify().cells >= len(rows)
    again = Working.from_json(working.to_json())
    assert again.to_text("ko") == working.to_text("ko")


def test_a_table_that_was_asked_for_is_drawn_whole_and_leads_on():
    x = RNG.normal(size=100_000)
    working = wk.explain(wk.convolve, x, [1.0, 2.0, 3.0])
    assert "at(range(0, 100)) gives a table of the first 100" in working.to_text("en", width=200)
    table = working.at(range(60_000, 61_000))
    for text, row in (
        (table.to_text("en"), "\n     "),
        (table.to_markdown("en"), "\n|"),
        (table.to_html("en"), "<tr"),
        (table.to_latex("en"), r"\\" + "\n"),
    ):
        assert text.count(row) >= 1_000
        assert "rows are shown" not in text
    assert table.at(60_010).step("value").value == wk.convolve(x, [1.0, 2.0, 3.0])[60_010]
    with pytest.raises(
        InputError, match=r"at: places must be 1000 at most for one table; got 100\u202f002; take them part"
    ):
        working.at(slice(None))
    with pytest.raises(InputError, match="at: n must be one of 0 to 100\u202f001; got range"):
        working.at(range(100_000, 100_003))
    for empty in (range(3, 3), slice(5, 2), slice("a", None), np.arange(3)):
        with pytest.raises(InputError, match="several are asked for as range"):
            working.at(empty)


def test_places_that_meet_a_nan_are_checked_like_the_others_in_a_direct_sum():
    x = np.arange(8.0)
    x[3] = np.nan
    working = wk.explain(wk.convolve, x, [1.0, 2.0]).at(slice(None))
    assert "not checked" not in working.to_text("en", width=200)
    rows = working.step("places").table.rows
    assert [math.isnan(row[-1].value) for row in rows[3:5]] == [True, True]
    wrong = (*rows[:3], (*rows[3][:-1], dataclasses.replace(rows[3][-1], value=1.0)), *rows[4:])
    with pytest.raises(WorkingError, match="table places"):
        replaced(working, "places", table=dataclasses.replace(working.step("places").table, rows=wrong)).verify()


def test_where_a_transform_spread_a_nan_its_rows_are_not_checked_and_said_to_be_so():
    x = np.ones(100_000)
    x[3] = np.nan
    whole = wk.explain(wk.oaconvolve, x, np.ones(64))
    assert "reaches every position of its block" in whole.to_text("en", width=300)
    working = whole.at(range(8))
    working.verify()
    assert "Where a value is not finite, its row is not checked." in working.to_text("en", width=200)


@pytest.mark.parametrize("column", [-1, -2, 2])
def test_a_wrong_cell_of_a_long_table_is_caught(column):
    x = np.concatenate([RNG.normal(size=2_000), 1e9 * RNG.normal(size=10)])
    working = wk.explain(wk.convolve, x, [1.0, 0.5, 0.25]).at(range(1_500, 2_012))
    step = working.step("places")
    wrong = dataclasses.replace(step.table.rows[10][column], value=step.table.rows[10][column].value + 2e-8)
    row = list(step.table.rows[10])
    row[column] = wrong
    rows = (*step.table.rows[:10], tuple(row), *step.table.rows[11:])
    with pytest.raises(WorkingError, match="verify: table places"):
        replaced(working, "places", table=dataclasses.replace(step.table, rows=rows)).verify()


# Not to be fooled ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("off", [1, 1e-6])
@pytest.mark.parametrize("how", [{}, {"mode": "same"}, {"method": "fft"}])
def test_a_wrong_value_of_the_kernel_is_caught(monkeypatch, how, off):
    true = sliding_module.FUNCTIONS["convolve"]
    monkeypatch.setitem(sliding_module.FUNCTIONS, "convolve", lambda *given: true(*given) + off)
    for x, k in ([1.5, 2.0, 3.0], [1.0, -1.0]), (RNG.normal(size=(5, 5)), RNG.normal(size=(3, 3))):
        with pytest.raises(WorkingError, match=r"verify: line (y_1|value)"):
            wk.explain(wk.convolve, x, k, **how).verify()


@pytest.mark.parametrize(
    ("room", "name", "x", "how"),
    [
        (direct, "_compiled", RNG.normal(size=200_000), {"method": "direct"}),
        (direct, "_by_numpy", RNG.normal(size=50), {"method": "direct"}),
        (choice, "by_transform", RNG.normal(size=50_000), {"method": "fft"}),
        (choice, "by_blocks", RNG.normal(size=50_000), {"method": "overlap-add"}),
    ],
)
def test_a_fault_in_each_of_the_loops_is_caught(monkeypatch, room, name, x, how):
    k = RNG.normal(size=20)
    working = wk.explain(wk.convolve, x, k, **how)
    assert working.verify().equations == 4
    true = getattr(room, name)
    monkeypatch.setattr(room, name, lambda *given: true(*given) * (1 + 1e-6))
    for wrong in (lambda: wk.explain(wk.convolve, x, k, **how), lambda: wk.explain(wk.convolve, x, k, **how).at(31)):
        with pytest.raises(WorkingError, match=r"verify: (line value|table positions)"):
            wrong().verify()
    with pytest.raises(WorkingError, match="verify: table places"):
        wk.explain(wk.convolve, x, k, **how).at(range(40)).verify()


def test_a_kernel_that_is_not_turned_around_is_caught(monkeypatch):
    monkeypatch.setitem(sliding_module.FUNCTIONS, "convolve", wk.correlate)
    with pytest.raises(WorkingError, match="verify: line y_1"):
        wk.explain(wk.convolve, [1, 2, 3, 4], [1, 0, -1]).verify()


def test_a_window_from_the_wrong_place_is_caught(monkeypatch):
    working = wk.explain(wk.convolve, RNG.normal(size=30), RNG.normal(size=5))
    true = sliding_module.Sliding.pairs
    monkeypatch.setattr(sliding_module.Sliding, "pairs", lambda self, place: true(self, (place[0] + 1,)))
    with pytest.raises(WorkingError, match="verify"):
        working.at(10).verify()


def replaced(working, key, **changes):
    step = working.step(key)
    changed = dataclasses.replace(step, **changes)
    steps = tuple(changed if each is step else each for each in working.steps)
    return dataclasses.replace(working, steps=steps)


def test_a_wrong_cell_step_or_number_is_caught():
    working = wk.explain(wk.convolve, [1, 2, 3, 4], [1, 0, -1]).at(3)
    table = working.step("products").table
    cell = dataclasses.replace(table.rows[0][-1], value=-3)
    rows = ((*table.rows[0][:-1], cell), *table.rows[1:])
    other = wk.explain(wk.convolve, [1, 2, 3, 4], [1, 0, -2]).at(3)
    for wrong in (
        replaced(working, "products", table=dataclasses.replace(table, rows=rows)),
        replaced(working, "products", table=other.step("products").table),
        replaced(working, "value", value=3),
        replaced(working, "value", shown=other.step("value").shown),
        replaced(working, "value", substitution=other.step("value").substitution),
        replaced(working, "min_1", value=1),
    ):
        with pytest.raises(WorkingError, match="verify"):
            wrong.verify()


def test_a_wrong_rival_is_caught():
    working = wk.explain(wk.convolve, [1, 2, 3, 4], [1, 0, -1])
    (convention,) = working.conventions
    wrong = dataclasses.replace(working, conventions=(dataclasses.replace(convention, rival_value=1),))
    with pytest.raises(WorkingError, match="convention"):
        wrong.verify()


# Refusals ------------------------------------------------------------------------------------------------------------


def test_what_cannot_be_told_is_refused():
    working = wk.explain(wk.convolve, [1, 2, 3, 4], [1, 0, -1])
    with pytest.raises(InputError, match="at: n must be one of 0 to 5; got 6"):
        working.at(6)
    with pytest.raises(InputError, match=r"at: n must be one of 0 to 5; got 1\.0"):
        working.at(1.0)
    for at, where in (((1, 2), {}), ((), {"m": 1}), ((1,), {"n": 1})):
        with pytest.raises(InputError, match=r"at: the place must be numbers for n, as at\(0\) or at\(n=0\); got"):
            working.at(*at, **where)
    with pytest.raises(InputError, match="For 'valid' mode"):
        wk.explain(wk.convolve, np.ones((2, 3)), np.ones((3, 2)), "valid")
    with pytest.raises(InputError, match="explain: x must be integers or floats of at most 64 bits"):
        wk.explain(wk.convolve, np.array([Fraction(1, 3)], object), [1])
    with pytest.raises(InputError, match="explain: x and kernel must not be empty"):
        wk.explain(wk.fftconvolve, [], [1])


def test_what_is_missing_is_passed_by_and_refused_where_it_is_asked_for():
    x = RNG.normal(size=50)
    x[20] = np.nan
    working = wk.explain(wk.convolve, x, [1.0, 2.0, 3.0])
    assert working.verify().equations == 4
    assert working.inputs["n"].value - 1 not in range(20, 23)
    assert "Not finite: 3 of the 52 results." in working.to_text("en", width=200)
    assert [row[0] for row in working.step("positions").table.rows if math.isnan(row[-1].value)] == [21]
    with pytest.raises(InputError, match="explain: x, kernel and result must be finite where they are told; at 0"):
        wk.explain(wk.fftconvolve, x, [1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("x", "k", "said"),
    [
        ([1.0, np.nan, 3.0], [1.0, 2.0], "NaN"),
        ([1.0, np.inf, 3.0], [1.0, 2.0], "∞"),
        ([1.0, -np.inf, 3.0], [1.0, 2.0], "-∞"),
        ([np.inf, np.inf, 3.0], [1.0, -1.0], "∞"),
        ([1.0, np.inf, 3.0], [0.0, 2.0], "NaN"),
        ([[1.0, np.nan], [2.0, 3.0]], [[1.0, 2.0]], "NaN"),
        ([np.nan], [1.0], "NaN"),
    ],
)
def test_a_place_that_meets_nan_or_infinity_is_told_by_their_rules(x, k, said):
    place = np.argwhere(~np.isfinite(wk.convolve(x, k)))[0].tolist()
    working = wk.explain(wk.convolve, x, k).at(*place)
    working.verify()
    assert f"Result  {said}: " in working.to_text("en")
    assert working.to_text("ko")


def test_infinities_of_both_signs_have_no_sum():
    working = wk.explain(wk.convolve, [np.inf, np.inf, 3.0], [1.0, -1.0]).at(1)
    working.verify()
    assert "Result  NaN: position 2 of 4" in working.to_text("en")


def test_places_are_counted_from_0_in_both_languages():
    for lang in ("en", "ko"):
        with use_language(lang):
            assert "y[0]" in str(wk.explain(wk.convolve, np.arange(30.0), [1, 2]).at(0))


def test_transforms_of_zeros_hold():
    for x, k in ((np.zeros(9), [1.0, 2.0]), ([1.0, 2.0], [0.0]), (np.ones((3, 4)), np.zeros((2, 2)))):
        assert wk.explain(wk.fftconvolve, x, k).verify().equations >= 3


@pytest.mark.parametrize("size", [1e-150, 1e150])
def test_transforms_near_the_ends_of_the_floats_are_held_against_the_sums(size):
    for shape, taps in (((30,), (5,)), ((6, 7), (2, 3))):
        working = wk.explain(wk.fftconvolve, RNG.normal(size=shape) * size, RNG.normal(size=taps) * size)
        assert working.verify().equations >= 3


def test_where_sums_overflow_what_is_finite_is_told():
    working = wk.explain(wk.convolve, [1e300, 2e300], [1e10, 1.0])
    assert working.inputs["n"].value == 3
    working.verify()
    with pytest.raises(InputError, match="x, kernel and result must be finite where they are told; at 0"):
        working.at(0)


def test_the_place_told_is_the_strongest_however_long_the_signal_is():
    y = np.random.default_rng(4).integers(-50, 50, (400, 700)).astype(float)
    y[130, 7], y[390, 20], y[17, 600] = -9000.0, np.nan, np.inf
    working = wk.explain(wk.convolve, y, np.ones((1, 1)))
    assert (working.inputs["i"].value, working.inputs["j"].value) == (131, 8)


def test_a_kernel_whose_digits_are_long_is_shown_on_the_page():
    kernel = np.random.default_rng(3).normal(size=(4, 5))
    working = wk.explain(wk.fftconvolve, np.arange(80.0).reshape(4, 20), kernel, axes=1)
    assert max(map(len, working.to_text("en").splitlines())) <= 80
    assert working.verify().cells >= 20
