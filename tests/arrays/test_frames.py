"""Frames of any library keep their kind, names, index, dtypes and gaps, whatever is computed of their values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import workings as wk
from workings.errors import InputError

FUNCTIONS = {
    "sigmoid": wk.sigmoid,
    "log_sigmoid": wk.log_sigmoid,
    "sigmoid_derivative": wk.sigmoid_derivative,
    "min_max_normalize": wk.min_max_normalize,
    "z_score_normalize": wk.z_score_normalize,
}
COLUMNS = {"키": [1.0, 2.0, 4.0, 0.5], "count": [3, 1, 2, 2], "said": [True, False, True, True]}
TABLE = np.array([[float(each) for each in column] for column in COLUMNS.values()]).T
FRAMES = {
    "pandas": lambda: pd.DataFrame(COLUMNS, index=[7, 5, 5, 1]),
    "Polars": lambda: pl.DataFrame(COLUMNS),
    "PyArrow": lambda: pa.table(COLUMNS),
}


def column(frame, name):
    values = frame[name]
    return values.to_numpy() if not isinstance(values, pa.ChunkedArray) else values.to_numpy(zero_copy_only=False)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("make", FRAMES.values(), ids=FRAMES)
def test_a_frame_comes_out_as_it_went_in(function, make):
    frame = make()
    found = function(frame)
    assert type(found) is type(frame)
    names = found.column_names if isinstance(found, pa.Table) else list(found.columns)
    assert names == list(COLUMNS)
    for k, name in enumerate(COLUMNS):
        np.testing.assert_array_equal(column(found, name), function(TABLE)[:, k])
    if isinstance(found, pd.DataFrame):
        assert found.index.tolist() == [7, 5, 5, 1]
        assert frame.equals(make()), "the frame itself was changed"


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_series_comes_out_as_it_went_in(function):
    values = COLUMNS["키"]
    expected = function(np.array(values))
    named = function(pd.Series(values, index=list("abca"), name="키"))
    pd.testing.assert_series_equal(named, pd.Series(expected, index=list("abca"), name="키"), check_exact=True)
    assert function(pd.Series(values)).name is None
    found = function(pl.Series("키", values))
    assert found.name == "키"
    np.testing.assert_array_equal(found.to_numpy(), expected)
    np.testing.assert_array_equal(function(pa.chunked_array([values[:1], values[1:]])).to_numpy(), expected)


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)
def test_what_is_missing_stays_missing(function):
    values = [1.0, None, 4.0, 2.0]
    expected = function(np.array([1.0, np.nan, 4.0, 2.0]))
    assert function(pl.Series(values)).to_list() == [expected[0], None, *expected[2:]]
    assert function(pa.table({"x": values}))["x"].to_pylist() == [expected[0], None, *expected[2:]]
    for dtype in ("float64", "Float64", "Int64"):
        found = function(pd.DataFrame({"x": pd.array(values, dtype=dtype)}))
        np.testing.assert_array_equal(found["x"].to_numpy(float), expected)


def test_a_column_of_single_precision_stays_so_beside_others():
    single = np.array([1.5, -2.0, 0.25], np.float32)
    for frame in (pd.DataFrame({"a": single, "b": [1.0, 2.0, 3.0]}), pl.DataFrame({"a": single, "b": [1.0, 2.0, 3.0]})):
        for function in FUNCTIONS.values():
            found = function(frame)
            assert found["a"].to_numpy().dtype == np.float32
            np.testing.assert_array_equal(found["a"].to_numpy(), function(single.astype(float)).astype(np.float32))


def test_empty_frames_and_frames_without_columns():
    assert wk.sigmoid(pd.DataFrame(index=[3, 4])).shape == (2, 0)
    assert wk.z_score_normalize(pl.DataFrame({"a": []}, schema={"a": pl.Float64})).shape == (0, 1)


def test_normalising_along_rows_or_over_all_values_of_a_frame():
    for axis in (1, None):
        found = wk.min_max_normalize(pd.DataFrame(COLUMNS), axis=axis)
        np.testing.assert_array_equal(found.to_numpy(), wk.min_max_normalize(TABLE, axis=axis))


def test_frames_that_cannot_be_computed_are_refused_with_what_to_do():
    with pytest.raises(InputError, match=r"sigmoid: x must be in memory; got a LazyFrame, .* try \.collect\(\)"):
        wk.sigmoid(pl.LazyFrame({"a": [1.0]}))
    with pytest.raises(InputError, match="z_score_normalize: X must be real numbers; the column name holds String"):
        wk.z_score_normalize(pl.DataFrame({"name": ["Kim"], "x": [1.0]}))
    twice = pd.DataFrame(np.ones((2, 2)), columns=["a", "a"])
    with pytest.raises(InputError, match="min_max_normalize: X must have columns of different names"):
        wk.min_max_normalize(twice)


def test_a_frame_is_explained_by_its_columns_names():
    frame = pd.DataFrame({"키": [1.0, 2.0, 4.0], "b": [3.0, 3.5, 9.0]})
    for function in (wk.min_max_normalize, wk.z_score_normalize):
        working = wk.explain(function, frame)
        assert working.verify().equations
        assert "키" in working.to_text()
        assert "키" in str(wk.plot(function, pl.DataFrame(frame.to_dict("list"))).to_dict())
