from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet
import pytest

from workings.data import open_table
from workings.errors import DataError, InputError

ROWS = {"label": [0, 1, 1], "score": [0.25, None, 0.75], '한 "국"\n': ["x", None, "=1"]}
EXPECTED = pa.table(ROWS).to_pylist()


def frames(tmp_path):
    table = pa.table(ROWS)
    pyarrow.parquet.write_table(table, tmp_path / "rows.parquet")
    return {
        "pandas": pd.DataFrame(ROWS).astype({"label": "int64"}),
        "pandas with an index": pd.DataFrame(ROWS).set_index(np.array([7, 7, 7])),
        "pandas of Arrow": table.to_pandas(types_mapper=pd.ArrowDtype),
        "Polars": pl.DataFrame(ROWS),
        "lazy Polars": pl.DataFrame(ROWS).lazy(),
        "Arrow table": table,
        "Arrow batch": table.to_batches()[0],
        "Arrow reader": table.to_reader(),
        "Arrow data set": pyarrow.dataset.dataset(tmp_path / "rows.parquet"),
    }


KINDS = [
    "pandas",
    "pandas with an index",
    "pandas of Arrow",
    "Polars",
    "lazy Polars",
    "Arrow table",
    "Arrow batch",
    "Arrow reader",
    "Arrow data set",
]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_frame_gives_the_same_rows_twice(kind: str, tmp_path):
    table = open_table(frames(tmp_path)[kind])
    assert [str(each) for each in table.schema.types] == ["int64", "double", "string"]
    assert table.to_arrow().to_pylist() == EXPECTED
    assert table.to_arrow().to_pylist() == EXPECTED
    assert table.select(["score"]).to_arrow().to_pydict() == {"score": ROWS["score"]}
    assert open_table(frames(tmp_path)[kind], where="label = 1").to_arrow().to_pylist() == EXPECTED[1:]


def test_categories_and_names_that_are_no_text():
    frame = pd.DataFrame({0: pd.Categorical(["x", "y"]), 1: [1, 2]})
    table = open_table(frame)
    assert table.columns == ("0", "1")
    assert table.to_arrow().to_pylist() == [{"0": "x", "1": 1}, {"0": "y", "1": 2}]
    assert open_table(pl.DataFrame({"c": pl.Series(["x", "y"], dtype=pl.Categorical)})).to_arrow().to_pydict() == {
        "c": ["x", "y"]
    }


def test_nan_is_missing_in_pandas_and_a_number_elsewhere():
    assert open_table(pd.DataFrame({"x": [1.0, np.nan]})).to_arrow().column("x").null_count == 1
    assert open_table(pl.DataFrame({"x": [1.0, np.nan]})).to_arrow().column("x").null_count == 0
    assert open_table(pa.table({"x": [1.0, np.nan]})).to_arrow().column("x").null_count == 0


def test_a_frame_is_not_copied_where_it_need_not_be():
    values = np.arange(1000.0)
    batch = next(open_table(pa.table({"x": values})).batches())
    assert np.shares_memory(batch.column("x").to_numpy(), values)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
        pd.DataFrame([[1, 2]], columns=[0, "0"]),
        pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]),
        pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]).to_reader(),
    ],
    ids=["pandas", "pandas as text", "Arrow", "Arrow reader"],
)
def test_duplicate_names_are_refused(frame):
    with pytest.raises(DataError, match="is there 2 times"):
        open_table(frame)


def test_a_column_of_mixed_types_is_refused_when_it_is_asked_for():
    table = open_table(pd.DataFrame({"mixed": [1, "x", {}], "fine": [1, 2, 3]}))
    assert table.select(["fine"]).to_arrow().num_rows == 3
    with pytest.raises(DataError, match=r'column "mixed" cannot be read as values of one type \([^(]'):
        table.to_arrow()


def test_a_column_of_a_type_that_no_table_has_is_refused_in_words():
    frame = pd.DataFrame({"z": [1 + 2j, 3j]})
    with pytest.raises(DataError, match=r'column "z" cannot be read as values of one type \(Unsupported numpy type'):
        open_table(frame).to_arrow()


def test_whole_numbers_that_no_column_can_hold_are_refused_by_name():
    with pytest.raises(DataError, match='column "a"'):
        open_table(pd.DataFrame({"a": [2**70, 1]})).to_arrow()


def test_a_frame_without_columns_is_refused():
    with pytest.raises(DataError, match="there are no columns"):
        open_table(pd.DataFrame())


@pytest.mark.parametrize("thing", [3, None, [1, 2], np.zeros((2, 2)), {"a": [1]}])
def test_what_is_no_table_is_refused(thing):
    with pytest.raises(InputError, match="source must be a path, an address or a data frame; got"):
        open_table(thing)
