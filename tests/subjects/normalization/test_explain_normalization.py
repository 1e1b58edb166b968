"""The workings of normalisation: true for every column, with the traps named, and caught when a figure is wrong."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.datasets import load_breast_cancer
from tests.pictures import panels

import workings as wk
from workings.errors import InputError, WorkingError
from workings.expression import equation
from workings.subjects.normalization import blocks, column_moments, compute
from workings.subjects.normalization import columns as columns_room
from workings.subjects.normalization import explain as explain_room
from workings.subjects.normalization import scaler as scaler_room
from workings.working import shown

ARTICLE = [3.0, 20.0, 3000.0]


def gaps():
    X = np.array([[1.0, 7.0, 5.0], [2.0, np.nan, 5.0], [4.0, 9.0, 5.0], [5.0, 8.5, 5.0]])
    return pd.DataFrame(X, columns=["크기", "with gaps", "flat"])


@pytest.mark.parametrize("scaler", [wk.StandardScaler(), wk.MinMaxScaler(), wk.MinMaxScaler((-1, 0.5))])
@pytest.mark.parametrize("column", ["크기", "with gaps", "flat", 1])
def test_every_column_has_a_working_that_holds(scaler, column):
    working = scaler.fit(gaps()).explain(column=column)
    assert working.verify().equations >= 3
    for text in (working.to_text("en"), working.to_html("en"), working.to_latex("en")):
        assert text
    closer = working.at(row=2)
    closer.verify()
    last = "z" if isinstance(scaler, wk.StandardScaler) else "stretched"
    place = list(gaps().columns).index(column) if isinstance(column, str) else column
    assert closer.step(last).value == pytest.approx(scaler.transform(gaps())[2, place])


@pytest.mark.parametrize("function", [wk.z_score_normalize, wk.min_max_normalize])
@given(values=st.lists(st.floats(-1e8, 1e8), min_size=1, max_size=30), data=st.data())
@settings(max_examples=40, deadline=None)
def test_any_numbers_have_a_working_that_holds(function, values, data):
    values = np.round(values, 3)
    working = wk.explain(function, values)
    working.verify()
    row = data.draw(st.integers(0, len(values) - 1))
    working.at(row=row).verify()


def test_figures_are_those_that_were_learned():
    X, _ = load_breast_cancer(return_X_y=True)
    scaler = wk.StandardScaler().fit(X)
    working = scaler.explain(column=3)
    assert working.verify().scope["inputs"] == 3
    for j in range(30):
        assert working.step(f"mean_{j}").value == scaler.mean_[j]
        assert working.step(f"std_{j}").value == pytest.approx(scaler.scale_[j], rel=1e-15)
    stretched = wk.MinMaxScaler().fit(X)
    working = stretched.explain()
    working.verify()
    assert [working.step(f"{name}_29").value for name in ("min", "max", "range")] == [
        stretched.data_min_[29],
        stretched.data_max_[29],
        stretched.data_range_[29],
    ]


def test_both_divisors_and_the_rivals_value():
    by_n = wk.explain(wk.z_score_normalize, ARTICLE)
    by_less = wk.explain(wk.z_score_normalize, ARTICLE, ddof=1)
    assert by_n.conventions[0].rival_value == pytest.approx(by_less.step("std_0").value)
    assert by_less.conventions[0].rival_value == pytest.approx(by_n.step("std_0").value)
    by_less.verify()


def test_traps_are_named_where_they_are_met():
    assert "does not vary" in wk.explain(wk.z_score_normalize, [4.0, 4.0]).to_text("en")
    assert "does not vary" in wk.explain(wk.min_max_normalize, [4.0, 4.0]).to_text("en")
    told = wk.explain(wk.min_max_normalize, ARTICLE).to_text("en", width=400)
    assert (
        "2 of 3 values are squeezed into a tenth of the range, because one end of it, 3000, lies far from them" in told
    )
    assert "Without that one value the range would be 17 instead of 2997, and the others would fill it." in told
    far = [0.0] * 20 + [0.1] * 20 + [9.0]
    told = wk.explain(wk.z_score_normalize, far).to_text("en", width=400)
    assert (
        "The value 9 lies 6.32 deviations from the mean. Without it the mean would be 0.05 instead of 0.26829" in told
    )
    assert "the deviation 0.05 instead of 1.3815; with it, the others lie between z = -0.194 and z = -0.122" in told
    article = wk.explain(wk.z_score_normalize, ARTICLE)
    assert "Without it the mean would be 11.5 instead of 1007.7" in article.to_text("en", width=400)
    assert "lies" not in wk.explain(wk.z_score_normalize, [1.0, 2.0, 4.0]).to_text("en")
    assert "Missing values: 1. They do not count" in wk.StandardScaler().fit(gaps()).explain(
        column="with gaps"
    ).to_text("en")


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("values", [ARTICLE, [5.0, -3000.0, 20.0, 30.0], [*range(30), 1e9]])
def test_what_is_told_of_an_outlier_is_what_holds_without_it(values, ddof):
    others = [value for value in values if abs(value) < 1000]
    working = wk.explain(wk.z_score_normalize, values, ddof=ddof)
    assert working.step("mean_without").value == pytest.approx(np.mean(others))
    assert working.step("std_without").value == pytest.approx(np.std(others, ddof=ddof))
    stretched = wk.explain(wk.min_max_normalize, values)
    planted = set()
    assert stretched.step("range_without").value == np.ptp(others)
    for told in (working, stretched):
        told.verify()
        for step in told.steps:
            if step.key.endswith("without") or step.key in {"far", "lowest", "highest", "squeezed"}:
                wrong = dataclasses.replace(
                    step, value=step.value + 1 if step.key == "squeezed" else step.value * 1.001
                )
                planted.add(step.key)
                steps = tuple(wrong if each is step else each for each in told.steps)
                with pytest.raises(WorkingError, match=step.key):
                    dataclasses.replace(told, steps=steps).verify()
    assert planted == {"mean_without", "std_without", "range_without", "far", "lowest", "highest", "squeezed"}


def test_the_cells_of_every_table_are_counted_among_what_was_checked():
    assert "Cells of tables checked besides: 9" in wk.explain(wk.z_score_normalize, [1, 2, 3]).to_text("en", width=200)
    # Of each of three rows x, d and z, and of each of two columns its mean and deviation; or x and x', and the range.
    X = [[1.0, 5.0], [2.0, 9.0], [3.0, 8.0]]
    assert wk.explain(wk.z_score_normalize, X).verify().cells == 3 * 3 + 2 * 2
    assert wk.explain(wk.min_max_normalize, X).verify().cells == 3 * 2 + 2 * 3
    merged = wk.StandardScaler().partial_fit(X).partial_fit(X)
    assert merged.explain().verify().cells == 2 * 2


@pytest.mark.parametrize("size", [1e-9, 1.0, 1e8])
@pytest.mark.parametrize("function", [wk.min_max_normalize, wk.z_score_normalize])
def test_a_wrong_number_in_any_cell_of_any_table_is_caught(function, size):
    """Whatever the unit of the column, small beside 1 or far from 0."""
    X = size * np.array([[1.0, 5.0], [2.0, 9.0], [3.5, 8.0], [3.0, 6.0]]) + (size > 1) * size
    working = wk.explain(function, X)
    working.verify()
    planted = 0
    for key in ("rows", "columns"):
        step = working.step(key)
        for place, row in enumerate(step.table.rows):
            for column in range(1, len(row)):
                wrong = list(row)
                cell = row[column]
                wrong[column] = dataclasses.replace(cell, value=cell.value + 1e-6 * (abs(cell.value) or size))
                rows = tuple(tuple(wrong) if k == place else each for k, each in enumerate(step.table.rows))
                tampered = dataclasses.replace(step, table=dataclasses.replace(step.table, rows=rows))
                steps = tuple(tampered if each is step else each for each in working.steps)
                with pytest.raises(WorkingError, match=f"table {key}"):
                    dataclasses.replace(working, steps=steps).verify()
                planted += 1
    assert planted == (12 + 4 if function is wk.z_score_normalize else 8 + 6)


# Means up to 10²⁰ deviations from 0, of every size of numbers: found by a random search.
EXTREME = [
    [1.0, 1.0 + 2.0**-52, 1.0 + 2.0**-50],
    [54.02216830820543, 54.02216830820635, 54.02216830820712, 54.022168308207235, 54.022168308204826],
    [-18813158953.119083, -18813158953.097958, -18813158953.121986],
    [-1742134601488.4092, 0.0, 1742134601488.4092, 264299.57275484205],
    [5.326011033784023e-11, 3350.2404109636777, -3350.2404109636777, 0.0],
    [-1.8692222260381367e-68, -1.869222226042012e-68, -1.869222226057149e-68, -1.8692222260452156e-68],
    [-1.6759410253477157e20, -1.6759410253516295e20, -1.6759410253399802e20, -1.67594102534442e20],
    [1e-140, 3e149, -3e149, 2.5e149],
]


@pytest.mark.parametrize("values", EXTREME)
def test_no_working_refuses_right_numbers_however_few_digits_are_left_of_them(values):
    X = np.reshape(values, (-1, 1))
    told = [wk.explain(function, values) for function in (wk.min_max_normalize, wk.z_score_normalize)]
    told += [wk.explain(wk.z_score_normalize, values, ddof=1), wk.explain(wk.min_max_normalize, values, (-3, 0.7))]
    told += [wk.StandardScaler().fit(X).explain(), wk.MinMaxScaler().fit(X).explain()]
    for working in told:
        assert working.to_text("en")
        assert working.to_text("ko")
        for row in range(len(values)):
            working.at(row=row).verify()


@given(
    values=st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=12),
    at=st.floats(-20.0, 20.0),
    wide=st.floats(-20.0, 2.0),
)
@settings(max_examples=60, deadline=None)
def test_no_working_refuses_right_numbers_whatever_their_size_and_distance_from_zero(values, at, wide):
    X = 10.0**at * (1.0 + 10.0**wide * np.array(values))
    for function in (wk.min_max_normalize, wk.z_score_normalize):
        working = wk.explain(function, X)
        working.verify()
        working.at(row=0).verify()


@pytest.mark.parametrize("far", [1e3, 1e8, 1e12])
def test_a_wrong_deviation_is_caught_however_far_the_values_lie_from_zero(far, monkeypatch):
    """No rounding of the mean, 10⁻¹⁶ of it, excuses a deviation that is wrong by a hundredth."""
    values = far + np.array([0.5, 2.0, -1.0, 0.25, 1.75])

    def wrong(X, weight=None):
        found = column_moments(X, weight)
        found.squares = found.squares * 1.02
        return found

    wk.explain(wk.z_score_normalize, values).verify()
    monkeypatch.setattr(compute, "column_moments", wrong)
    monkeypatch.setattr(explain_room, "column_moments", wrong)
    with pytest.raises(WorkingError, match="line variance_0"):
        wk.explain(wk.z_score_normalize, values).verify()


def test_what_does_not_vary_is_said_to_become_0():
    assert "Every value of the column x is 5, and becomes 0." in wk.explain(wk.z_score_normalize, [5.0, 5.0]).to_text(
        "en"
    )


def test_merged_states_are_told_without_the_rows():
    scaler = wk.StandardScaler().partial_fit([[1.0, 2.0], [3.0, 5.0]]).partial_fit([[4.0, 4.0]])
    working = scaler.explain()
    assert working.verify().scope == {"state": 3}
    with pytest.raises(InputError, match="the rows are not at hand"):
        working.at(row=0)
    told = scaler.explain([[1.0, 2.0], [3.0, 5.0], [4.0, 4.0]])
    assert told.verify().scope == {"inputs": 3}
    low = wk.MinMaxScaler().fit([[1.0], [2.0]]).merge(wk.MinMaxScaler().fit([[7.0]])).explain()
    low.verify()
    assert low.step("range_0").value == 6.0


def test_a_wrong_figure_is_caught():
    scaler = wk.StandardScaler().fit(gaps())
    scaler.moments_.mean[0] += 1e-6
    with pytest.raises(WorkingError, match="mean_0"):
        scaler.explain().verify()
    scaler = wk.MinMaxScaler().fit(gaps())
    scaler.data_max_[1] = 9.5
    with pytest.raises(WorkingError, match="max_1"):
        scaler.explain(column=1).verify()
    with pytest.raises(WorkingError, match="max_1"):
        scaler.explain(column=0).verify()


def test_what_is_not_there_is_refused():
    working = wk.StandardScaler().fit(gaps()).explain()
    with pytest.raises(InputError, match="column must be a name, or a number from 0 to 2; got 'x'"):
        working.at(column="x")
    with pytest.raises(InputError, match="row must be a number from 0 to 3; got 4"):
        working.at(row=4)
    with pytest.raises(InputError, match="the value in row 1 is missing"):
        working.at(row=1, column="with gaps")
    with pytest.raises(InputError, match="must be fitted first"):
        wk.MinMaxScaler().explain()
    with pytest.raises(InputError, match="at least one value"):
        wk.explain(wk.min_max_normalize, [])


@pytest.mark.parametrize(
    "column", [[0.0, 1e-16], [0.0, 3e-320], np.array([1.0, 1.0000005], "f4"), np.array([0.0, 0.1, 0.7], "f4")]
)
def test_a_narrow_column_is_told_as_it_is_computed(column):
    X = np.reshape(column, (-1, 1))
    scaler = wk.MinMaxScaler().fit(X)
    for working, after in (
        (wk.explain(wk.min_max_normalize, X), wk.min_max_normalize(X.astype(float))),
        (scaler.explain(), scaler.transform(X)),
    ):
        told = [working.at(row=row).step("stretched").value for row in range(len(X))]
        np.testing.assert_allclose(told, after.ravel(), rtol=3e-7)
        working.verify()


@pytest.mark.parametrize("function", [wk.min_max_normalize, wk.z_score_normalize])
def test_a_column_without_a_value_is_said_to_be_missing_and_the_others_are_told(function):
    X = [[np.nan, 1.0], [np.nan, 2.0]]
    working = wk.explain(function, X)
    assert "Missing values: 2." in working.to_text("en")
    assert [row[0] for row in working.step("columns").table.rows] == ["2"]
    for scaler in (wk.StandardScaler(), wk.MinMaxScaler()):
        merged = type(scaler)().fit(X).merge(scaler.fit(X))
        assert "missing" in scaler.explain().to_text("en")
        assert not merged.explain().verify().equations
        assert scaler.explain(column=1).verify().equations
        assert merged.explain(column=1).verify().equations
    with pytest.raises(InputError, match="at least one value"):
        wk.explain(function, [[np.nan], [np.nan]])


@pytest.mark.parametrize(
    ("function", "values"),
    [
        (wk.z_score_normalize, [1e200, -1e200]),
        (wk.z_score_normalize, [0.0, 1e-200]),
        (wk.min_max_normalize, [1.7e308, -1.7e308]),
    ],
)
def test_figures_that_are_no_floats_are_refused_with_what_to_do(function, values):
    with pytest.raises(InputError, match="multiply the column by a power of ten"):
        wk.explain(function, values)
    with pytest.raises(InputError, match="multiply the column by a power of ten"):
        wk.StandardScaler().fit([[0.0], [1e-200]]).explain()
    assert wk.explain(wk.min_max_normalize, [1e200, -1e200]).verify().equations


@pytest.mark.parametrize("left", ["with_mean", "with_std"])
def test_no_step_is_told_that_the_scaler_leaves_out(left):
    scaler = wk.StandardScaler(**{left: False}).fit([[1.0], [3.0]])
    for tell in (scaler.explain, scaler.plot):
        with pytest.raises(InputError, match=f"{left}=False"):
            tell()


def test_a_constant_column_is_said_to_become_one_value_and_no_range():
    text = wk.explain(wk.min_max_normalize, [7.0, 7.0, 7.0], feature_range=(-1, 1)).to_text("en", width=200)
    assert "Every value of the column x is 7, and becomes -1." in text
    assert "these become" not in text


def test_a_row_is_spoken_of_by_the_number_of_its_subscript():
    asked = wk.explain(wk.min_max_normalize, ARTICLE).at(row=1).to_text("en", width=200)
    assert asked.startswith("Counted from 1, row 2 of the column x is x₂ = 20: what does it become?")
    assert "subscript" not in asked
    apart = wk.explain(wk.z_score_normalize, [3.0, np.nan, 20.0]).at(row=2).to_text("en", width=200)
    assert "row 3 of the column x is x₂ = 20" in apart
    assert "The subscript 2 counts the values that are not missing; the row is number 3." in apart


def test_the_rivals_value_stands_where_each_language_puts_it():
    working = wk.explain(wk.z_score_normalize, ARTICLE)
    assert "with n - 1, as for a sample, s would be 1725.4." in working.to_text("en", width=200)
    assert "표본에서처럼 n - 1로 나누면 s는 1725.4이다." in working.to_text("ko", width=200)


@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_a_wrong_kernel_is_caught(kind, monkeypatch):
    """Of the functions and of both scalers: what is shown is what was computed, not computed by the explainer."""
    X = np.array([[1.0, 7.0], [2.0, 9.5], [4.5, 8.0], [9.0, 8.5]], kind)
    fitted = [wk.StandardScaler().fit(X), wk.MinMaxScaler().fit(X), wk.MinMaxScaler((-1, 3)).fit(X)]
    asked = [
        lambda: wk.explain(wk.min_max_normalize, X),
        lambda: wk.explain(wk.z_score_normalize, X, ddof=1),
        *(scaler.explain for scaler in fitted),
    ]
    for ask in asked:
        ask().verify()
        ask().at(row=2, column=1).verify()

    def wrong(X, shift, divisor, out=None):
        return blocks.scaled(X, shift, divisor * (1 + 1e-5), out)

    for room in (compute, scaler_room):
        monkeypatch.setattr(room, "scaled", wrong)
    for ask in asked:
        with pytest.raises(WorkingError, match="table rows"):
            ask().verify()
        with pytest.raises(WorkingError, match=r"line (stretched|z)\b"):
            ask().at(row=2, column=1).verify()


@pytest.mark.parametrize("figure", ["mean", "squares"])
def test_a_wrong_figure_of_the_moments_is_caught(figure, monkeypatch):
    def wrong(X, weight=None):
        found = column_moments(X, weight)
        setattr(found, figure, getattr(found, figure) * (1 + 1e-6))
        return found

    monkeypatch.setattr(compute, "column_moments", wrong)
    monkeypatch.setattr(explain_room, "column_moments", wrong)
    with pytest.raises(WorkingError, match=r"line (mean|variance)_0"):
        wk.explain(wk.z_score_normalize, ARTICLE).verify()


@pytest.mark.parametrize("key", ["min_0", "max_0", "range_0", "mean_0", "variance_0", "std_0"])
def test_a_wrong_step_is_caught(key):
    """A line whose rule was written wrongly, though its value is right."""
    function = wk.min_max_normalize if key in {"min_0", "max_0", "range_0"} else wk.z_score_normalize
    working = wk.explain(function, ARTICLE)
    step = working.step(key)
    wrong = dataclasses.replace(step, statement=equation(step.statement.left, step.statement.right * 2 + 1))
    steps = tuple(wrong if each is step else each for each in working.steps)
    with pytest.raises(WorkingError, match=key):
        dataclasses.replace(working, steps=steps).verify()


def test_what_is_masked_is_told_as_missing():
    values = np.ma.array([1.0, 20.0, 3.0], mask=[0, 1, 0])
    for function in (wk.min_max_normalize, wk.z_score_normalize):
        working = wk.explain(function, values)
        working.verify()
        assert "Missing values: 1." in working.to_text("en")


@pytest.mark.parametrize("scaler", [wk.StandardScaler(copy=False), wk.MinMaxScaler(copy=False)])
def test_a_scaler_that_writes_over_its_input_keeps_its_rows_when_it_is_explained_or_drawn(scaler):
    frame = pd.DataFrame({"a": [1.0, 2.0, 5.0], "b": [3.0, 9.0, 4.0]})
    scaler.fit(frame)
    for _ in range(2):
        scaler.explain().verify()
        before, after, *_ = panels(scaler.plot())
        assert [row["value"] for row in before[1][:3]] == [1.0, 2.0, 5.0]
        assert [row["value"] for row in after[1][:3]] != [1.0, 2.0, 5.0]


@pytest.mark.parametrize("as_array", [torch.tensor, lambda X: torch.tensor(X, requires_grad=True), pd.DataFrame])
@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_arrays_of_any_kind_are_told_in_their_precision(as_array, kind):
    X = as_array(np.array([[0.1, 7.0], [0.7, 9.1], [3.3, 8.0]], kind))
    for function in (wk.min_max_normalize, wk.z_score_normalize):
        assert wk.explain(function, X).verify().cells > 0
        wk.plot(function, X)


def test_a_function_is_told_and_drawn_without_the_library_that_only_the_scalers_need():
    code = (
        "import sys, workings as wk; wk.explain(wk.z_score_normalize, [1.0, 2.0]).verify();"
        "wk.plot(wk.min_max_normalize, [1.0, 2.0]); assert 'sklearn' not in sys.modules;"
        "told = wk.MinMaxScaler().fit([[1.0], [2.0]]); told.explain().verify(); told.plot()"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=100)


@pytest.mark.parametrize("function", [wk.min_max_normalize, wk.z_score_normalize])
def test_of_columns_so_long_that_counting_all_again_takes_a_while_the_first_are_told(function, monkeypatch):
    monkeypatch.setattr(columns_room, "_MOST_TOLD", 9)
    working = wk.explain(function, np.arange(20.0).reshape(4, 5) ** 2)
    working.verify()
    assert [row[0] for row in working.step("columns").table.rows] == ["1", "2"]
    assert "2 of 5 rows are shown." in working.to_text("en")
    assert working.at(column=4).verify().equations == 3


LEARNED = [[1.0, 5.0], [2.0, 9.0], [4.0, 7.0]]
NEW = [[3.0, 20.0], [np.nan, 6.0], [-1.0, 8.0]]


def test_rows_of_another_width_or_none_are_refused():
    for scaler in (wk.StandardScaler().fit(LEARNED), wk.MinMaxScaler().fit(LEARNED)):
        for rows in ([[1.0], [2.0]], np.zeros((0, 2))):
            with pytest.raises(InputError, match="at least one row, of 2 columns as the scaler was fitted on"):
                scaler.explain(rows)


def test_rows_fitted_with_weights_are_told_by_what_was_merged_of_them():
    weighted = wk.StandardScaler().fit(LEARNED, sample_weight=[1, 2, 3])
    assert weighted.explain().verify().scope == {"state": 3}
    told = weighted.explain(LEARNED)
    assert told.verify().scope == {"state": 3}
    assert told.at(row=2).step("z").value == weighted.transform(LEARNED)[2, 0]


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize(
    "scaler", [wk.StandardScaler(), wk.MinMaxScaler(), wk.MinMaxScaler((-1, 0.5)), wk.MinMaxScaler((2, 5), clip=True)]
)
def test_other_rows_are_told_by_what_was_learned(scaler, kept):
    """From the rows that were learned, where they were kept, else from the merged state; never from the new rows."""
    scaler.fit(LEARNED)
    if not kept:
        scaler.partial_fit([[0.5, 6.0], [2.5, 10.0]])
    after = scaler.transform(NEW)
    for column in (0, 1):
        working = scaler.explain(NEW, column=column)
        outcome = working.verify()
        assert set(outcome.scope) == {"inputs" if kept else "state"}
        told = [row[-1].value for row in working.step("rows").table.rows]
        assert told == [value for value in after[:, column] if not np.isnan(value)]
        assert "new rows change nothing of what was learned" in working.to_text("en", width=200)
        for row in (0, 2):
            closer = working.at(row=row)
            closer.verify()
            assert closer.steps[-1].value == after[row, column]
        for text in (working.to_text("ko"), working.to_html("ko"), working.to_latex("ko"), working.to_markdown("ko")):
            assert text
        planted = dataclasses.replace(working.step("rows").table.rows[0][-1], value=told[0] + 0.01)
        rows = ((*working.step("rows").table.rows[0][:-1], planted), *working.step("rows").table.rows[1:])
        table = dataclasses.replace(working.step("rows").table, rows=rows)
        steps = tuple(dataclasses.replace(s, table=table) if s.key == "rows" else s for s in working.steps)
        with pytest.raises(WorkingError, match="table rows"):
            dataclasses.replace(working, steps=steps).verify()
    with pytest.raises(InputError, match="the value in row 1 is missing"):
        scaler.explain(NEW).at(row=1)
    before, drawn, *more = panels(scaler.plot(NEW))
    assert not more
    assert [row["value"] for row in before[1][:2]] == [-1.0, 3.0]
    assert [row["value"] for row in drawn[1][:2]] == sorted(after[[0, 2], 0])


def test_new_values_beyond_what_was_learned_are_counted():
    X = [[1.0], [3.0]]
    told = wk.MinMaxScaler().fit(X).explain([[5.0], [2.0], [-1.0]])
    assert told.step("outside").value == 2
    assert "2 of 3 new values lie outside what was learned, 1 to 3, and so outside 0 to 1" in told.to_text(
        "en", width=200
    )
    cut = wk.MinMaxScaler(clip=True).fit(X).explain([[5.0], [2.0]]).to_text("en", width=200)
    assert "1 of 2 new values lies outside what was learned, 1 to 3, and is cut to 0 or 1." in cut
    assert "outside" not in wk.MinMaxScaler().fit(X).explain([[2.0]]).to_text("en", width=200)
    steps = tuple(dataclasses.replace(step, value=3) if step.key == "outside" else step for step in told.steps)
    with pytest.raises(WorkingError, match="outside"):
        dataclasses.replace(told, steps=steps).verify()


@pytest.mark.parametrize("scaler", [wk.StandardScaler(), wk.MinMaxScaler((2, 5))])
def test_new_values_of_a_column_that_did_not_vary_are_divided_by_1(scaler):
    scaler.fit([[7.0], [7.0]])
    working = scaler.explain([[9.0], [7.5]])
    working.verify()
    assert working.at(row=0).steps[-1].value == scaler.transform([[9.0]])[0, 0]
    assert "outside" not in working.to_text("en")


@pytest.mark.parametrize("kind", ["f2", "f4", "f8"])
@pytest.mark.parametrize("scaler", [wk.StandardScaler(), wk.MinMaxScaler(), wk.MinMaxScaler((-1, 3))])
def test_every_row_that_a_scaler_learned_in_any_precision_has_a_working_that_holds(scaler, kind):
    X = np.array([[1.0, 5.0], [2.0, 9.0], [4.0, 7.0]], kind) / np.array(3, kind)
    working = scaler.fit(X).explain()
    for row in range(3):
        for column in range(2):
            assert working.at(row=row, column=column).verify().equations >= 4


def test_what_names_no_row_or_column_is_refused():
    working = wk.explain(wk.z_score_normalize, ARTICLE)
    for where in ({"row": True}, {"row": 1.0}, {"row": -1}, {"column": True}, {"column": None}):
        with pytest.raises(InputError, match=f"at: {next(iter(where))} must be"):
            working.at(**where)


def test_no_deviation_is_told_without_a_value_where_none_is_left():
    assert wk.explain(wk.z_score_normalize, ARTICLE, ddof=2).verify().equations == 3


@pytest.mark.parametrize(
    "make", [lambda span: wk.min_max_normalize(ARTICLE, span), lambda span: wk.MinMaxScaler(span).fit([[1.0], [2.0]])]
)
def test_a_range_wider_than_the_floats_is_refused(make):
    with pytest.raises(InputError, match="feature_range must be a pair of numbers"):
        make((-1e308, 1e308))


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize(
    "values",
    [
        [1e15 + 1, 1e15 + 2, 1e15 + 5],
        [1e12 + 1 / 3, 1e12, 1e12 - 1e-3],
        [-1e12, -1e12 + 3, -1e12 + 1],
        [1e6 + 1, 1e6 + 2, 1e6 + 5],
        [1e15 + 1] * 20 + [1e15 + 99],
    ],
)
def test_the_working_of_values_far_from_zero_can_be_done_again_from_its_digits(values, ddof):
    working = wk.explain(wk.z_score_normalize, np.array(values), ddof=ddof)
    working.verify()
    variance, std = working.step("variance_0"), working.step("std_0")
    assert float(variance.shown.text) == pytest.approx(np.var(np.array(values) - values[0], ddof=ddof), rel=1e-4)
    assert float(std.shown.text) ** 2 == pytest.approx(float(variance.shown.text), rel=1e-4)
    for row in working.step("rows").table.rows:
        _, x, d, z = row
        # The values that are shown tell apart, and z is what the d and s that are shown give.
        assert float(shown(x.value, x.digits or 5).text) == pytest.approx(x.value, abs=1e-3 * std.value)
        assert z.value == pytest.approx(d.value / float(std.shown.text), rel=1e-4)
    one = working.at(row=1)
    one.verify()
    assert float(one.step("deviation").shown.text) == pytest.approx(
        working.step("rows").table.rows[1][2].value, rel=1e-4
    )
    last = one.step("z")
    assert float(last.shown.text) == pytest.approx(working.step("rows").table.rows[1][3].value, rel=1e-4)


def test_the_working_of_values_too_far_from_zero_says_from_what_they_are_counted_and_is_caught_when_wrong():
    working = wk.explain(wk.z_score_normalize, np.array([1e15 + 1, 1e15 + 2, 1e15 + 5]))
    text = " ".join(working.to_text("en").split())
    assert "Floats of this size lie 0.125 apart" in text
    assert "= 1·10¹⁵" not in text
    assert "첫째 값" in working.to_text("ko")
    for name, wrong in (("a", 2.625), ("v", np.array([0.0, 1.0, 4.5]))):
        inputs = {**working.inputs, name: dataclasses.replace(working.inputs[name], value=wrong)}
        with pytest.raises(WorkingError, match="verify: "):
            dataclasses.replace(working, inputs=inputs).verify()
    learned = wk.StandardScaler().fit(np.array([[1e15 + 1], [1e15 + 2], [1e15 + 5]]))
    new = learned.explain(np.array([[1e15 + 2], [1e15 + 3]]))
    new.verify()
    new.at(row=1).verify()
    assert new.at(row=1).step("deviation").value == 0.375
