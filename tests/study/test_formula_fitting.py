"""A formula fitted to a table: files and databases, rows that do not fit in memory, and what is refused."""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.memory import PEAK

import workings as wk
from workings.errors import DataError, InputError
from workings.study import formula_fitting

MODEL = "A*sigmoid(w*x + b) + c*z"
START = {"A": 1, "w": 1, "b": 0, "c": 0}


def rows(count=3_000, seed=0):
    rng = np.random.default_rng(seed)
    x, z, noise = rng.normal(size=(3, count))
    return {"x": x, "z": z, "y": 2 / (1 + np.exp(-(1.5 * x - 0.5))) + 0.3 * z + 0.1 * noise, "s": 1 + rng.random(count)}


def same(one, other, rel):
    assert list(one.parameters.values()) == pytest.approx(list(other.parameters.values()), rel=rel)
    assert one.covariance == pytest.approx(other.covariance, rel=100 * rel)
    assert (one.cost, one.r2) == pytest.approx((other.cost, other.r2), rel=rel)
    assert (one.row_count, one.degrees_of_freedom) == (other.row_count, other.degrees_of_freedom)


@pytest.fixture
def streamed(monkeypatch):
    """Hold next to nothing in memory, so that every table is gone through in batches."""
    monkeypatch.setattr(formula_fitting, "_HELD", 1)


def test_a_file_that_fits_in_memory_is_fitted_as_its_columns_are(tmp_path):
    data = rows()
    pq.write_table(pa.table(data), path := tmp_path / "rows.parquet")
    fit = wk.fit_formula(MODEL, "y", path, start=START)
    plain = wk.fit_formula(MODEL, "y", data, start=START)
    assert fit.parameters == plain.parameters
    assert fit.complete
    assert fit.residuals == pytest.approx(data["y"] - fit.predict(data))


def test_text_a_pattern_and_a_database_give_the_same_fit(tmp_path):
    data = {name: values.round(6) for name, values in rows(300).items()}
    plain = wk.fit_formula(MODEL, "y", data, start=START, sample_weight="s")
    table = pa.table(data)
    for part, first in enumerate((0, 120)):
        text = table.slice(first, 120 if part == 0 else 180).to_pandas().to_csv(index=False)
        (tmp_path / f"part-{part}.csv").write_text(text)
    with sqlite3.connect(tmp_path / "rows.db") as base:
        table.to_pandas().to_sql("measured", base, index=False)
    base.close()
    for source in (f"{tmp_path}/part-*.csv", f"sqlite:///{tmp_path}/rows.db"):
        assert wk.fit_formula(MODEL, "y", source, start=START, sample_weight="s").parameters == plain.parameters


def test_a_condition_chooses_rows_of_a_file_and_of_a_frame(tmp_path):
    data = rows()
    pq.write_table(pa.table(data), path := tmp_path / "rows.parquet")
    some = data["x"] > 0
    plain = wk.fit_formula(MODEL, "y", {name: values[some] for name, values in data.items()}, start=START)
    for source in (path, pa.table(data)):
        assert wk.fit_formula(MODEL, "y", source, start=START, where="x > 0").parameters == plain.parameters


@pytest.mark.usefixtures("streamed")
@pytest.mark.parametrize("group", [1_000, 70_001, 200_000])
def test_rows_that_are_not_held_give_the_same_fit_however_the_file_is_cut(tmp_path, group):
    data = rows(200_000)
    pq.write_table(pa.table(data), path := tmp_path / "rows.parquet", row_group_size=group)
    fit = wk.fit_formula(MODEL, "y", path, start=START, sample_weight="s")
    same(fit, wk.fit_formula(MODEL, "y", data, start=START, sample_weight="s"), rel=1e-12)
    again = wk.fit_formula(MODEL, "y", pa.table(data), start=START, sample_weight="s", where="true")
    assert again.parameters == fit.parameters  # to the bit: blocks are cut anew
    assert again.covariance.tolist() == fit.covariance.tolist()


@pytest.mark.usefixtures("streamed")
@pytest.mark.parametrize("loss", ["huber", "absolute", "(y - p)^4"])
def test_other_losses_are_fitted_in_batches_too(tmp_path, loss):
    data = rows(70_000)
    pq.write_table(pa.table(data), path := tmp_path / "rows.parquet")
    fit = wk.fit_formula(MODEL, "y", path, start=START, loss=loss)
    plain = wk.fit_formula(MODEL, "y", data, start=START, loss=loss)
    assert fit.cost == pytest.approx(plain.cost, rel=1e-7)
    assert list(fit.parameters.values()) == pytest.approx(list(plain.parameters.values()), rel=1e-3)


@pytest.mark.usefixtures("streamed")
def test_a_fit_in_batches_keeps_an_even_choice_of_rows_and_draws_them(tmp_path):
    data = rows(150_000)
    data["x"] = np.arange(150_000) / 150_000
    pq.write_table(pa.table(data), path := tmp_path / "rows.parquet")
    fit = wk.fit_formula("a*x + b", "y", path, start={"a": 1, "b": 0})
    assert not fit.complete
    kept = fit.rows["x"]
    assert 500 <= len(kept) <= 1_000
    assert np.diff(kept).max() <= 2 * np.diff(kept).min() + 1e-9
    assert "150\u202f000 rows" in fit.plot().to_dict()["description"]
    with pytest.raises(InputError, match="residuals: the rows must be few enough"):
        _ = fit.residuals
    chart = wk.plot(wk.fit_formula, "a*x + b", "y", path, start={"a": 1, "b": 0})
    assert chart.to_dict()["concat"]


def test_explaining_a_fit_over_a_file_explains_the_fit(tmp_path):
    data = {name: values.round(3) for name, values in rows(20).items()}
    pq.write_table(pa.table(data), path := tmp_path / "rows.parquet")
    working = wk.explain(wk.fit_formula, "a*x + b", "y", path, start={"a": 1, "b": 0})
    assert working.verify().equations > 8


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("target must be the name of a column where data is a table", {"target": np.zeros(5)}),
        ("sample_weight must be the name of a column", {"sample_weight": np.ones(5)}),
        ("got none for z", {"model": "a*x + b*z"}),
        ("row 3 .* has none", {"model": "a*x + b*u"}),
        ("must be real numbers", {"model": "a*x + b*t"}),
    ],
)
@pytest.mark.parametrize("held", [1, 1 << 28])
def test_what_cannot_be_fitted_is_refused_with_what_to_do(tmp_path, monkeypatch, held, words, change):
    monkeypatch.setattr(formula_fitting, "_HELD", held)
    table = pa.table({"x": [1.0, 2, 3, 4, 5], "y": [1.0, 2, 3, 4, 6], "u": [1, 2, 3, None, 5], "t": list("abcde")})
    pq.write_table(table, path := tmp_path / "rows.parquet")
    given = {"model": "a*x + b", "target": "y", "start": {"a": 1, "b": 0}} | change
    with pytest.raises(InputError, match=words):
        wk.fit_formula(given.pop("model"), given.pop("target"), path, **given)


def test_a_file_or_a_column_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match="nowhere"):
        wk.fit_formula("a*x", "y", tmp_path / "nowhere.parquet", start={"a": 1})
    pq.write_table(pa.table({"x": [1.0], "y": [2.0]}), path := tmp_path / "rows.parquet")
    with pytest.raises(DataError, match="yy"):
        wk.fit_formula("a*x", "yy", path, start={"a": 1})


MEASURE = f"""{PEAK}
import workings as wk
fit = wk.fit_formula("A*sigmoid(w*x + b) + c*z", "y", sys.argv[1], start={{"A": 1, "w": 1, "b": 0, "c": 0}})
print(fit.row_count, *fit.parameters.values(), *fit.standard_errors.values(), peak_gib())
"""


@pytest.mark.large
def test_fifty_million_rows_are_fitted_in_less_than_1_gib(tmp_path):
    path, seeds = tmp_path / "large.parquet", range(50)
    with pq.ParquetWriter(path, pa.table(rows(1)).schema) as writer:
        for seed in seeds:
            writer.write_table(pa.table(rows(1_000_000, seed)))
    ended = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True)
    path.unlink()
    count, *found = map(float, ended.stdout.split())
    assert count == 50_000_000
    off = np.array(found[:4]) - [2, 1.5, -0.5, 0.3]
    assert (np.abs(off) < 5 * np.array(found[4:8])).all()
    assert max(found[4:8]) < 2e-4
    assert found[8] < 1
