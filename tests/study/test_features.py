from __future__ import annotations

import datetime
import re

import numpy as np
import pyarrow as pa
import pytest

from workings.errors import DataError
from workings.study.features import Feature, design_matrix, terms_of
from workings.study.preparation import choose_columns, learn_features, rows_with_unknown_categories

COLUMNS = pa.table(
    {
        "size": [1.0, None, float("nan"), 5.0],
        "sex": ["f", "m", None, "m"],
        "smokes": [True, None, False, False],
        "born": [datetime.date(1970, 1, 3), datetime.date(1970, 1, 1), None, datetime.date(1970, 1, 2)],
    }
)


def test_what_fills_missing_values_is_the_mean_or_the_most_frequent_of_the_rows_that_are_given() -> None:
    features, omitted = learn_features(
        COLUMNS, choose_columns(COLUMNS, COLUMNS.column_names, asked=False).kinds, "fill"
    )
    assert [(f.name, f.kind, f.fill) for f in features] == [
        ("size", "number", 3.0),
        ("sex", "text", "m"),
        ("smokes", "boolean", 0.0),
        ("born", "date", 1.0),
    ]
    assert omitted == ()
    assert design_matrix(features, COLUMNS).tolist() == [
        [1.0, 0.0, 1.0, 2.0],
        [3.0, 1.0, 0.0, 0.0],
        [3.0, 1.0, 0.0, 1.0],
        [5.0, 1.0, 0.0, 1.0],
    ]


def test_without_a_filling_value_missing_stays_missing() -> None:
    features, _ = learn_features(COLUMNS, choose_columns(COLUMNS, ["size", "sex"], asked=True).kinds, "drop")
    assert np.isnan(design_matrix(features, COLUMNS)).tolist() == [
        [False, False],
        [True, False],
        [True, True],
        [False, False],
    ]


def test_the_first_category_is_the_reference_level() -> None:
    feature = Feature("colour", "text", "blue", ("blue", "green", "red"))
    assert [str(term) for term in terms_of([feature])] == ["colour = green", "colour = red"]
    assert design_matrix([feature], pa.table({"colour": ["red", "blue", "green"]})).tolist() == [[0, 1], [0, 0], [1, 0]]


def test_an_unknown_category_is_refused_with_its_row_and_the_nearest() -> None:
    feature = Feature("colour", "text", "blue", ("blue", "green"))
    columns = pa.table({"colour": ["blue", "gren"]})
    assert rows_with_unknown_categories(columns, [feature]).tolist() == [False, True]
    with pytest.raises(DataError, match=r'"colour": row 12 holds the category "gren".*"green"'):
        design_matrix([feature], columns, first_row=11)


def test_an_infinite_number_is_refused_with_its_row() -> None:
    with pytest.raises(DataError, match=r'"size".*row 2 holds -inf'):
        design_matrix([Feature("size", "number", 0.0)], pa.table({"size": [1.0, float("-inf")]}))


def test_columns_that_cannot_enter_are_left_out_with_a_reason_or_refused_where_they_were_named() -> None:
    columns = pa.table(
        {"id": [f"person {k}" for k in range(101)], "empty": pa.nulls(101), "list": [[1]] * 101, "x": range(101)}
    )
    chosen = choose_columns(columns, columns.column_names, asked=False)
    assert list(chosen.kinds) == ["x"]
    assert [omitted.column for omitted in chosen.omitted] == ["id", "empty", "list"]
    with pytest.raises(DataError, match=r'"id".*101 different texts'):
        choose_columns(columns, ["id", "x"], asked=True)


def test_numbers_of_every_width_become_float64() -> None:
    columns = pa.table({"x": pa.array([1, 2, None], pa.uint8())})
    matrix = design_matrix([Feature("x", "number", 7.0)], columns)
    assert matrix.dtype == np.float64
    assert matrix[:, 0].tolist() == [1.0, 2.0, 7.0]


@pytest.mark.parametrize("mark", ["NA", "nan", "?"])
def test_numbers_that_a_mark_made_into_text_are_refused_rather_than_encoded_one_by_one(mark):
    column = [str(k / 7) for k in range(40)] + [mark]
    with pytest.raises(DataError, match=f'"a".*40 different numbers and "{re.escape(mark)}" among them'):
        choose_columns(pa.table({"a": column}), ["a"], asked=False)


@pytest.mark.parametrize("dressed", ["{},5", "{},000.5", "{} %", "{}.5%"])
def test_numbers_with_commas_and_percent_signs_are_refused_rather_than_encoded_one_by_one(dressed: str) -> None:
    column = pa.table({"a": [dressed.format(k + 1) for k in range(40)] + ["7"]})
    with pytest.raises(DataError, match=r'"a".*41 different texts such as "1.*; write a number with a point'):
        choose_columns(column, ["a"], asked=False)
    few = pa.table({"discount": [dressed.format(k + 1) for k in range(5)]})
    assert choose_columns(few, ["discount"], asked=False).kinds == {"discount": "text"}


def test_categories_that_are_written_as_numbers_are_categories():
    few = pa.table({"grade": ["1", "2", "3", "4", "none"]})
    codes = pa.table({"district": [f"{k:03}" for k in range(60)]})
    assert choose_columns(few, ["grade"], asked=False).kinds == {"grade": "text"}
    assert choose_columns(codes, ["district"], asked=False).kinds == {"district": "text"}
