from __future__ import annotations

import bz2
import csv
import datetime
import gzip
import io
import lzma
import os
import sys
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workings.data import open_table
from workings.data.columns import batch_rows
from workings.errors import DataError, InputError

NAMES = [
    "plain",
    'quo"ted',
    "new\nline",
    "<b>html</b>",
    "=1+1",
    "한국어",
    "🙂",
    " space ",
    "a.b",
    "A",
    "a",
    "semi;colon",
]
ROWS = pa.table({name: pa.array([place, None, place + 2]) for place, name in enumerate(NAMES)})
TYPED = pa.table(
    {
        "whole": [1, 2, None],
        "number": [0.5, None, -2.25],
        "text": ["x, y", 'say "hi"', "two\nlines"],
        "flag": [True, False, None],
        "day": [datetime.date(2026, 1, 31), None, datetime.date(2020, 2, 29)],
        "time": [None, datetime.datetime(2026, 1, 31, 12, 30), datetime.datetime(2020, 2, 29, 23, 59, 59)],
    }
)


def delimited(table: pa.Table, delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(table.column_names)
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        writer.writerow("" if value is None else value for value in row)
    return out.getvalue()


def json_lines(table: pa.Table) -> str:
    import json

    return "".join(json.dumps(row, default=str, ensure_ascii=False) + "\n" for row in table.to_pylist())


def write_arrow(table: pa.Table, path: Path, opener=pa.ipc.new_file) -> None:
    with opener(str(path), table.schema) as writer:
        writer.write_table(table)


def put(path: Path, table: pa.Table) -> Path:
    name = path.name
    text = json_lines(table) if ".json" in name else delimited(table, "\t" if ".tsv" in name else ",")
    if name.endswith(".parquet"):
        pyarrow.parquet.write_table(table, path)
    elif name.endswith((".arrow", ".feather")):
        write_arrow(table, path)
    elif name.endswith(".arrows"):
        write_arrow(table, path, pa.ipc.new_stream)
    elif name.endswith(".gz"):
        path.write_bytes(gzip.compress(text.encode()))
    elif name.endswith(".bz2"):
        path.write_bytes(bz2.compress(text.encode()))
    elif name.endswith(".xz"):
        path.write_bytes(lzma.compress(text.encode()))
    elif name.endswith(".zst"):
        path.write_bytes(pa.compress(text.encode(), "zstd", asbytes=True))
        with pa.output_stream(str(path), compression="zstd") as out:
            out.write(text.encode())
    else:
        path.write_text(text, encoding="utf-8")
    return path


# Each begins with a letter, so that none is a number, and none is missing.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12).map(lambda text: "t" + text)
KINDS = ["csv", "tsv", "jsonl", "parquet", "arrow", "feather", "arrows"]
PACKED = [f"{text}.{how}" for text in ("csv", "tsv", "jsonl") for how in ("gz", "zst", "bz2", "xz")]


@pytest.mark.parametrize("ending", [*KINDS, *PACKED])
def test_every_kind_of_file_gives_the_same_values_and_types(tmp_path: Path, ending: str):
    table = open_table(put(tmp_path / f"rows.{ending}", TYPED))
    assert table.to_arrow().to_pylist() == TYPED.to_pylist()
    assert [str(kind) for kind in table.schema.types][:5] == ["int64", "double", "string", "bool", "date32[day]"]
    assert table.to_arrow().num_rows == 3, "a table can be read twice"


@pytest.mark.parametrize("ending", ["csv", "tsv", "parquet", "arrow", "arrows"])
def test_column_names_survive_exactly(tmp_path: Path, ending: str):
    table = open_table(put(tmp_path / f"rows.{ending}", ROWS))
    assert table.columns == tuple(NAMES)
    assert table.to_arrow().to_pylist() == ROWS.to_pylist()
    assert table.select(["a", "🙂"]).to_arrow().to_pylist() == ROWS.select(["a", "🙂"]).to_pylist()


def test_json_keys_survive_exactly(tmp_path: Path):
    rows = ROWS.drop_columns(["A"])
    table = open_table(put(tmp_path / "rows.jsonl", rows))
    assert table.columns == tuple(rows.column_names)
    assert table.to_arrow().to_pylist() == rows.to_pylist()


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_the_delimiter_is_the_one_between_the_names(tmp_path: Path, delimiter: str):
    path = tmp_path / "rows.csv"
    path.write_text(delimited(TYPED, delimiter))
    assert open_table(path).to_arrow().to_pylist() == TYPED.to_pylist()


@pytest.mark.parametrize(
    "text",
    [
        "﻿a,b\n1,x\n2,y\n",
        "a,b\r\n1,x\r\n2,y\r\n",
        "a,b\r1,x\r2,y\r",
        "a,b\n1,x\n2,y",
        'a,b\n1,"x"\n\n2,"y"\n\n',
        "a,b\n 1 ,x\n2,y\n",
    ],
    ids=["byte order mark", "Windows", "old Mac", "no last newline", "blank lines", "spaces around a number"],
)
def test_csv_as_it_is_found(tmp_path: Path, text: str):
    path = tmp_path / "rows.csv"
    path.write_bytes(text.encode())
    assert open_table(path).to_arrow().to_pylist() == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]


@pytest.mark.parametrize("inner", ["\n", "\r\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_newlines_in_quoted_cells_never_cost_or_make_a_row(tmp_path: Path, inner: str, end: str):
    cells = ["plain", f"two{inner}1,9,9{inner}lines", 'quo"te, and', f"{inner}{inner}1,2,3{inner}", "y" * 60 + inner]
    texts = [cells[place % 5] for place in range(30_000)]
    lines = ['number,"te' + inner + 'xt"', *(f'{k},"' + t.replace('"', '""') + '"' for k, t in enumerate(texts)), ""]
    (tmp_path / "rows.csv").write_bytes(end.join(lines).encode())
    table = open_table(tmp_path / "rows.csv")
    assert table.columns == ("number", f"te{inner}xt")
    assert table.to_arrow().to_pydict() == {"number": list(range(30_000)), f"te{inner}xt": texts}


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=8),
    st.sampled_from(",;|\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_text_that_was_written_as_csv_is_read_exactly(tmp_path: Path, rows, delimiter, end, quoting):
    if any("\r" in cell for row in rows for cell in row):
        quoting = csv.QUOTE_ALL  # Python 3.11 leaves a carriage return unquoted, where it ends a line for any reader
    with (tmp_path / "rows.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows([("a", "b", "c"), *rows])
    found = open_table(tmp_path / "rows.csv").to_arrow()
    assert list(zip(*found.to_pydict().values(), strict=True)) == rows


def test_a_type_is_found_from_every_row_not_from_the_first_ones(tmp_path: Path):
    path = tmp_path / "rows.csv"
    path.write_text("a,b,c,d\n" + "1,1,true,2020-01-01\n" * 60_000 + "1.5,x,1,2020-01-01 10:00:00\n")
    table = open_table(path)
    assert [str(kind) for kind in table.schema.types] == ["double", "string", "string", "timestamp[us]"]
    last = list(table.batches())[-1].to_pylist()[-1]
    assert last == {"a": 1.5, "b": "x", "c": "1", "d": datetime.datetime(2020, 1, 1, 10)}
    assert table.rows == 60_001


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["007", "-3", ""], "int64"),
        (["9223372036854775808"], "double"),
        (["1e5", "nan", "-inf", "+.5"], "double"),
        (["0x1F"], "string"),
        (["1_000"], "string"),
        (["1,5"], "string"),
        (["TRUE", "False"], "bool"),
        (["t"], "string"),
        (["2020-02-30"], "string"),
        (["", ""], "string"),
        (["NA", "1"], "string"),
    ],
)
def test_what_a_cell_is_taken_for(tmp_path: Path, values: list[str], kind: str):
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n" + "".join(f'"{value}",1\n' for value in values))
    table = open_table(path, columns=["a"])
    assert str(table.schema.field("a").type) == kind
    found = table.to_arrow().column("a")
    assert found.null_count == values.count("")
    if kind == "string":
        assert [value for value in found.to_pylist() if value is not None] == [value for value in values if value]


def test_ragged_types_in_json_lines_widen(tmp_path: Path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"a": 1, "b": 1}\n' * 30_000 + '{"a": 1.5, "b": "x", "c": true}\n')
    table = open_table(path)
    assert [str(kind) for kind in table.schema.types] == ["double", "string", "bool"]
    assert list(table.batches())[-1].to_pylist()[-1] == {"a": 1.5, "b": "x", "c": True}


def test_a_pattern_reads_its_files_in_order_and_joins_their_types(tmp_path: Path):
    (tmp_path / "part-1.csv").write_text("id,x\n1,1\n")
    (tmp_path / "part-2.csv").write_text("x;id\n2.5;2\n")
    (tmp_path / "part-3.csv").write_text("id,x\n3,007\n")
    table = open_table(str(tmp_path / "part-*.csv"))
    assert table.to_arrow().to_pylist() == [{"id": 1, "x": 1.0}, {"id": 2, "x": 2.5}, {"id": 3, "x": 7.0}]
    (tmp_path / "part-4.csv").write_text("id,x\n4,none\n")
    assert open_table(str(tmp_path / "part-*.csv")).to_arrow().column("x").to_pylist() == ["1", "2.5", "007", "none"]


def test_a_pattern_of_parquet_files_with_wider_types(tmp_path: Path):
    pyarrow.parquet.write_table(pa.table({"x": pa.array([1], pa.int32())}), tmp_path / "1.parquet")
    pyarrow.parquet.write_table(pa.table({"x": [2.5]}), tmp_path / "2.parquet")
    table = open_table(str(tmp_path / "*.parquet"))
    assert table.to_arrow().to_pylist() == [{"x": 1.0}, {"x": 2.5}]
    assert table.rows == 2


def test_a_name_with_a_star_in_it_is_a_file_if_there_is_one(tmp_path: Path):
    (tmp_path / "a[1].csv").write_text("a\n1\n")
    assert open_table(tmp_path / "a[1].csv").to_arrow().num_rows == 1


class Stdin:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet", "arrow", "arrows", "csv.gz", "jsonl.zst", "csv.bz2"])
def test_standard_input_is_known_by_its_content_and_can_be_read_twice(tmp_path, monkeypatch, ending: str):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spool"))
    (tmp_path / "spool").mkdir()
    data = put(tmp_path / f"rows.{ending}", TYPED).read_bytes()
    monkeypatch.setattr(sys, "stdin", Stdin(data))
    with open_table("-") as table:
        assert table.to_arrow().to_pylist() == TYPED.to_pylist()
        assert table.to_arrow().to_pylist() == TYPED.to_pylist()
        assert list((tmp_path / "spool").iterdir())
    assert not list((tmp_path / "spool").iterdir()), "a temporary file was left behind"


def test_what_was_spooled_goes_when_opening_fails_and_when_the_table_is_let_go(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spool"))
    (tmp_path / "spool").mkdir()
    monkeypatch.setattr(sys, "stdin", Stdin(b"a,a\n1,2\n"))
    with pytest.raises(DataError, match="standard input: column names must be unique"):
        open_table("-")
    assert not list((tmp_path / "spool").iterdir())
    monkeypatch.setattr(sys, "stdin", Stdin(b"a,b\n1,2\n"))
    picked = open_table("-").select(["b"])
    assert picked.to_arrow().to_pylist() == [{"b": 2}], "a selection keeps what it reads alive"
    del picked
    assert not list((tmp_path / "spool").iterdir())


def test_an_unknown_ending_is_judged_by_the_content(tmp_path: Path):
    for place, ending in enumerate(["csv", "jsonl", "parquet", "arrow", "csv.gz"]):
        path = put(tmp_path / f"rows.{ending}", TYPED).rename(tmp_path / f"rows{place}.dat")
        assert open_table(path).to_arrow().to_pylist() == TYPED.to_pylist()


def test_batches_of_a_wide_table_are_short(tmp_path: Path):
    path = put(tmp_path / "rows.parquet", pa.table({f"c{k}": list(range(5000)) for k in range(2000)}))
    sizes = [batch.num_rows for batch in open_table(path).batches()]
    assert sum(sizes) == 5000
    assert max(sizes) <= batch_rows(2000) == 2097


@pytest.mark.parametrize("ending", ["parquet", "arrow", "csv"])
def test_two_of_ten_thousand_columns_do_not_read_the_rest(tmp_path: Path, ending: str, monkeypatch):
    rows = pa.table({f"c{k}": [float(k), k + 0.5] for k in range(10_000)})
    path = put(tmp_path / f"rows.{ending}", rows)
    table = open_table(path, columns=["c9999", "c3"])
    assert table.to_arrow().to_pydict() == {"c9999": [9999.0, 9999.5], "c3": [3.0, 3.5]}
    if ending == "parquet":
        before = _bytes_read()
        assert table.to_arrow().num_columns == 2
        # The footer names all columns and must be read; the pages of the others are as long again.
        assert _bytes_read() - before < path.stat().st_size


def _bytes_read() -> int:
    counters = Path("/proc/self/io")
    if not counters.exists():
        pytest.skip("this system does not count the bytes that a process reads")
    return int(counters.read_text().split()[1])


def test_plain_types_whatever_the_file_says(tmp_path: Path):
    import decimal

    rows = pa.table(
        {
            "category": pa.array(["x", "y", "x"]).dictionary_encode(),
            "large": pa.array(["x", None, "z"], pa.large_string()),
            "money": pa.array([decimal.Decimal("1.10"), None, decimal.Decimal("-0.01")]),
            "half": pa.array([0.5, None, 2.0], pa.float16()),
        }
    )
    table = open_table(put(tmp_path / "rows.arrow", rows))
    assert [str(kind) for kind in table.schema.types] == ["string", "string", "double", "float"]
    assert table.to_arrow().column("money").to_pylist() == [1.1, None, -0.01]


def test_where_and_selection_work_on_files(tmp_path: Path):
    path = put(tmp_path / "rows.csv", TYPED)
    table = open_table(path, columns=["text"], where="number < 0 OR flag")
    assert table.to_arrow().to_pylist() == [{"text": "x, y"}, {"text": "two\nlines"}]
    assert table.rows is None
    assert str(table.description) == f"Rows of {path} where number < 0 OR flag"


def test_addresses_of_files_and_patterns(tmp_path: Path):
    put(tmp_path / "rows.csv", TYPED)
    put(tmp_path / "1.parquet", TYPED)
    put(tmp_path / "2.parquet", TYPED)
    assert open_table(f"file://{tmp_path}/rows.csv").to_arrow().to_pylist() == TYPED.to_pylist()
    assert open_table(f"file://{tmp_path}/*.parquet", columns=["whole"]).to_arrow().num_rows == 6
    with pytest.raises(DataError, match="no such file"):
        open_table(f"file://{tmp_path}/nothing.parquet")
    with pytest.raises(DataError, match="no file matches this pattern"):
        open_table(f"file://{tmp_path}/*.feather")


def test_a_file_is_no_database(tmp_path: Path):
    path = put(tmp_path / "rows.csv", TYPED)
    with pytest.raises(InputError, match="table and query are for databases; got table"):
        open_table(path, table="rows")
    with pytest.raises(InputError, match="got query"):
        open_table(TYPED, query="SELECT 1")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("ending", ["", ".csv.gz"])
def test_a_pipe_is_read_to_its_end_though_it_can_be_read_only_once(tmp_path: Path, ending: str):
    pipe = tmp_path / f"pipe{ending}"
    os.mkfifo(pipe)
    text = delimited(pa.table({"n": list(range(40_000))})).encode()
    writer = threading.Thread(target=pipe.write_bytes, args=(gzip.compress(text) if ending else text,))
    writer.start()
    with open_table(pipe) as rows:
        writer.join()
        assert rows.to_arrow()["n"].to_pylist() == list(range(40_000))
        assert rows.name == str(pipe)


def test_whole_numbers_beside_numbers_in_other_files_become_the_nearest_double(tmp_path: Path):
    pyarrow.parquet.write_table(pa.table({"n": [2**53 + 1, 1]}), tmp_path / "1.parquet")
    pyarrow.parquet.write_table(pa.table({"n": [0.5]}), tmp_path / "2.parquet")
    assert open_table(tmp_path / "*.parquet").to_arrow()["n"].to_pylist() == [2.0**53, 1.0, 0.5]
