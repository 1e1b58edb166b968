from __future__ import annotations

import csv
import datetime
import io
import json
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from workings.data import open_table, write_table
from workings.errors import DataError

ROWS = pa.table(
    {
        "text": ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "a=b", "", None, 'say "hi",\nhe said', "한국 🙂", "<b>"],
        "=number": pa.array([-1.5, 2.0, None, 0.1, 1e-300, 3.0, -0.0, 1e22, 5.0, 1 / 3, 7.0, 8.0]),
        "whole": range(-3, 9),
        "flag": [True, False, None] * 4,
        "day": [datetime.date(2026, 1, 31)] * 12,
        "when": [datetime.datetime(2026, 1, 31, 12, 30)] * 12,
        "-category": pa.array(["x", "=y"] * 6).dictionary_encode(),
    }
)
ENDINGS = ["csv", "tsv", "jsonl", "parquet", "arrow", "arrows", "feather", "csv.gz", "tsv.zst", "jsonl.xz", "csv.bz2"]


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_written_can_be_read_back(tmp_path: Path, ending: str):
    rows = (
        ROWS.slice(6, 6).select(["whole", "flag", "day", "when"]).append_column("name", ROWS.slice(6, 6).column("text"))
    )
    path = tmp_path / f"out.{ending}"
    assert write_table(path, (batch for batch in rows.to_batches(max_chunksize=2))) == 6
    expected = rows.to_pylist()
    if "sv" in ending:  # in delimited text an empty text reads as missing
        expected[1]["name"] = None
    assert open_table(path).to_arrow().to_pylist() == expected
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(("ending", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_no_cell_and_no_name_is_a_formula_and_numbers_stay_numbers(tmp_path: Path, ending: str, delimiter: str):
    write_table(tmp_path / f"out.{ending}", ROWS)
    with (tmp_path / f"out.{ending}").open(newline="", encoding="utf-8") as file:
        header, *rows = list(csv.reader(file, delimiter=delimiter, strict=True))
    assert header == ["text", "'=number", "whole", "flag", "day", "when", "'-category"]
    assert [row[0] for row in rows] == [
        "'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "'\rx", "a=b", "", "", 'say "hi",\nhe said', "한국 🙂", "<b>",
    ]  # fmt: skip
    assert [None if row[1] == "" else float(row[1]) for row in rows] == ROWS.column("=number").to_pylist()
    assert [int(row[2]) for row in rows] == list(range(-3, 9))
    assert {row[6] for row in rows} == {"x", "'=y"}


@pytest.mark.parametrize("ending", ["parquet", "arrow", "jsonl"])
def test_other_formats_keep_every_text(tmp_path: Path, ending: str):
    write_table(tmp_path / f"out.{ending}", ROWS)
    found = open_table(tmp_path / f"out.{ending}").to_arrow()
    assert found.column_names == ROWS.column_names
    assert found.column("text").to_pylist() == ROWS.column("text").to_pylist()


def test_json_lines_are_json(tmp_path: Path):
    rows = pa.table(
        {"x": [float("nan"), float("inf"), 1.5], "day": [datetime.date(2026, 1, 31)] * 3, "l": [[1], [], None]}
    )
    write_table(tmp_path / "out.jsonl", rows)
    lines = (tmp_path / "out.jsonl").read_text().splitlines()
    assert [json.loads(line, parse_constant=pytest.fail) for line in lines] == [
        {"x": None, "day": "2026-01-31", "l": [1]},
        {"x": None, "day": "2026-01-31", "l": []},
        {"x": 1.5, "day": "2026-01-31", "l": None},
    ]


@pytest.mark.parametrize("path", [None, "-"])
def test_standard_output_is_csv(path: str | None, monkeypatch):
    class Stdout(io.StringIO):
        buffer = io.BytesIO()

    monkeypatch.setattr(sys, "stdout", Stdout())
    Stdout.buffer = io.BytesIO()
    assert write_table(path, ROWS.select(["whole"]).slice(0, 2)) == 2
    assert Stdout.buffer.getvalue() == b'"whole"\n-3\n-2\n'


def failing():
    yield ROWS.to_batches()[0]
    raise RuntimeError("the model is gone")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_failure_leaves_nothing_behind_and_what_was_there_untouched(tmp_path: Path, ending: str):
    with pytest.raises(RuntimeError, match="the model is gone"):
        write_table(tmp_path / f"new.{ending}", failing())
    assert not list(tmp_path.iterdir())
    old = tmp_path / f"old.{ending}"
    old.write_bytes(b"what was there")
    with pytest.raises(RuntimeError, match="the model is gone"):
        write_table(old, failing())
    assert old.read_bytes() == b"what was there"
    assert [each.name for each in tmp_path.iterdir()] == [old.name]


@pytest.mark.parametrize(
    "name", ["nowhere/out.csv", "folder.csv", "out.xlsx", "out", "out.parquet.gz", "file.csv/out.csv"]
)
def test_where_nothing_can_be_written(tmp_path: Path, name: str):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file.csv").write_text("x")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(DataError) as caught:
        write_table(tmp_path / name, ROWS)
    assert any(
        words in str(caught.value) for words in ("the folder", "is a folder", "the ending must name what to write")
    )
    assert sorted(tmp_path.rglob("*")) == before


def test_a_type_without_a_form_in_text_is_refused(tmp_path: Path):
    with pytest.raises(DataError, match="every column must have a form in text"):
        write_table(tmp_path / "out.csv", pa.table({"x": [[1, 2]]}))
    with pytest.raises(DataError, match='"a" is there 2 times'):
        write_table(tmp_path / "out.csv", pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]))
    with pytest.raises(DataError, match="batches must not be empty without a schema"):
        write_table(tmp_path / "out.csv", [])
    assert not list(tmp_path.iterdir())
    assert write_table(tmp_path / "out.csv", [], schema=ROWS.schema) == 0
    assert (tmp_path / "out.csv").read_text().startswith('"text","\'=number"')


def test_a_table_can_be_written_over_the_file_it_is_read_from(tmp_path: Path):
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n1,x\n2,y\n")
    assert write_table(path, open_table(path, columns=["b"]).batches()) == 2
    assert path.read_text() == '"b"\n"x"\n"y"\n'
