"""The data of the pictures before and after."""

from __future__ import annotations

import numpy as np
import pytest
from tests.pictures import HOSTILE, holds_as_data, panels
from tests.pictures import table as table_of

import workings as wk
from workings.chart import check_size, spec, static_svg
from workings.language import grouped, use_language
from workings.subjects.normalization.plot_outlier import axis_number


def table(rows=40, columns=3):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(rows, columns)) * np.arange(1, columns + 1) ** 3
    X[3, 0] = np.nan
    return X


@pytest.mark.parametrize("scaler", [wk.StandardScaler(), wk.MinMaxScaler()])
def test_both_panels_hold_the_values(scaler):
    X = table()
    before, after, *_ = panels(scaler.fit(X).plot(names=["a", "b", "a"]))
    for panel, values in ((before, X), (after, scaler.transform(X))):
        for j in range(3):
            drawn = [row["value"] for row in panel[1] if row["place"] == j]
            np.testing.assert_allclose(drawn, np.sort(values[:, j][~np.isnan(values[:, j])]))
            span = panel[0][j]
            assert (span["value"], span["high"]) == pytest.approx((np.nanmin(values[:, j]), np.nanmax(values[:, j])))
    # On a narrow page the panels stand one below the other, so that both name their rows.
    assert [[row["name"] for row in panel[2]] for panel in (before, after)] == [["a", "b", "a"]] * 2


def test_merged_states_are_drawn_as_stretches():
    scaler = wk.StandardScaler().partial_fit(table()).partial_fit(table() + 1)
    before, *_ = panels(scaler.plot())
    assert before[0][1]["high"] == pytest.approx(np.nanmax(table()[:, 1]) + 1)


@pytest.mark.parametrize("function", [wk.min_max_normalize, wk.z_score_normalize])
def test_a_column_without_a_value_has_an_empty_row(function):
    before, after, *_ = panels(wk.plot(function, [[np.nan, 1.0], [np.nan, 3.0]]))
    for panel in (before, after):
        assert [row["value"] is None for row in panel[0]] == [True, False]


def test_functions_are_drawn_too():
    _, after, *_ = panels(wk.plot(wk.min_max_normalize, [3.0, 20.0, 3000.0], (-1, 1)))
    assert [row["value"] for row in after[1]] == pytest.approx([-1.0, -0.98865532, 1.0])
    _, after, *_ = panels(wk.plot(wk.z_score_normalize, [[1.0, 2.0], [4.0, 9.0]], axis=1))
    assert {round(row["value"], 9) for row in after[1]} == {-1.0, 1.0}


def test_pictures_of_large_tables_stay_small():
    chart = wk.StandardScaler().fit(table(5000, 20)).plot()
    assert check_size(chart) <= 5000
    assert spec(chart)["title"]["subtitle"] == "The first 12 of 20 columns"


def test_names_of_columns_stay_data():
    assert holds_as_data(wk.MinMaxScaler().fit(table()).plot(names=[HOSTILE] * 3))


def test_the_axis_says_what_the_new_unit_is():
    assert "standard deviations from the mean" in str(spec(wk.StandardScaler().fit(table()).plot()))
    assert "the least is −1, the greatest 1" in str(spec(wk.MinMaxScaler((-1, 1)).fit(table()).plot()))


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_moved_value_and_the_others_lie_where_both_methods_place_them(sign, ddof):
    values = sign * np.array([3.0, 20.0, 3000.0, 11.0])
    chart = wk.plot(wk.z_score_normalize, values, ddof=ddof)
    stops = table_of(chart, "stop", "x", "least", "spread", "mean", "deviation")
    (slider,) = spec(chart)["params"]
    assert stops[slider["value"]][1] == sign * 3000.0
    assert [abs(row[1]) for row in stops] == sorted(abs(row[1]) for row in stops)
    for _, x, least, spread, mean, deviation in stops:
        moved = np.where(np.abs(values) == 3000.0, x, values)
        np.testing.assert_allclose((moved - least) / spread, wk.min_max_normalize(moved))
        np.testing.assert_allclose((moved - mean) / deviation, wk.z_score_normalize(moved, ddof=ddof))


def test_the_column_with_the_farthest_value_is_the_one_whose_value_is_moved():
    X = table()
    X[5, 1] = -900.0
    chart = wk.StandardScaler().fit(X).plot(names=["a", "b", "c"])
    assert "Z-score, one value of b moved" in str(spec(chart))
    assert -900.0 in [row[0] for row in table_of(chart, "x", "least")]


@pytest.mark.parametrize("values", [[1.0, 2.0], [4.0, 4.0, 4.0], [1e200, -1e200, 0.0], [np.nan, 1.0, 2.0]])
def test_no_value_is_moved_where_there_is_none_to_move(values):
    assert "params" not in spec(wk.plot(wk.min_max_normalize, values))


def test_others_that_are_all_alike_have_a_value_moved_away_from_them():
    chart = wk.plot(wk.min_max_normalize, [5.0, 5.0, 5.0, 6.0])
    rows = table_of(chart, "x", "spread", "deviation")
    assert rows[0] == (5.0, 1.0, 1.0)
    assert rows[-1][:2] == (15.0, 10.0)


@pytest.mark.parametrize(("lang", "written"), [("en", ("2·10⁻⁸", "5·10⁻⁸")), ("ko", ("2×10⁻⁸", "5×10⁻⁸"))])
def test_an_axis_of_very_small_numbers_has_powers_of_ten(lang, written):
    with use_language(lang):
        picture = static_svg(wk.plot(wk.z_score_normalize, [1e-9, 3e-9, 50e-9]))
    assert all(words in picture for words in written)
    assert ">0.0000" not in picture


def test_a_value_that_is_moved_has_its_thousands_set_apart():
    assert [axis_number(x) for x in (538512.0, -3000.0, 4.2e-9, 1.5e13)] == [
        grouped(538500),
        "−3000",
        "4.2·10⁻⁹",
        "1.5·10¹³",
    ]


@pytest.mark.parametrize("rows", [[[np.nan], [np.nan]], [[np.nan, 1.0], [np.nan, 3.0]]])
def test_a_column_that_is_all_missing_is_drawn_without_a_warning_of_numpy(rows):
    assert spec(wk.StandardScaler().fit(rows).plot())["title"]
