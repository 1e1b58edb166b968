from __future__ import annotations

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest

from workings.data import open_table
from workings.errors import DataError, WorkingsError

TABLE = pa.table({"label": [0, 1] * 5000, "score": [0.25, 0.75] * 5000})
CSV = b"label,score\n" + b"0,0.25\n1,0.75\n" * 5000
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def parquet_bytes() -> bytes:
    out = pa.BufferOutputStream()
    pyarrow.parquet.write_table(TABLE, out, compression="none", use_dictionary=False)
    return out.getvalue().to_pybytes()


def arrow_bytes() -> bytes:
    out = pa.BufferOutputStream()
    with pa.ipc.new_file(out, TABLE.schema) as writer:
        writer.write_table(TABLE)
    return out.getvalue().to_pybytes()


CASES = {
    "empty file": ("rows.csv", b"", "the file is empty"),
    "empty packed file": ("rows.csv.gz", gzip.compress(b""), "the file is empty"),
    "header only": ("rows.csv", b"label,score\n", "there are no rows below the column names"),
    "header only without newline": ("rows.csv", b"label,score", "there are no rows below the column names"),
    "blank first line": ("rows.csv", b"\nlabel,score\n1,2\n", "the first line is empty"),
    "duplicate names": ("rows.csv", b"a,b,a\n1,2,3\n", '"a" is there 2 times; rename or drop'),
    "picture called csv": ("rows.csv", PNG, "its ending says csv, its content is PNG"),
    "picture called parquet": ("rows.parquet", PNG, "its ending says parquet, its content is PNG"),
    "picture": ("rows.png", PNG, "this is a PNG file, which is no table that is known here; known endings are .csv"),
    "bytes": ("rows", b"\x01\x02\x00\x03" * 9, "no table that is known here; known endings are .csv"),
    "csv called parquet": ("rows.parquet", CSV, "its ending says parquet, its content is text"),
    "csv called arrow": ("rows.arrow", CSV, "its ending says arrow, its content is text"),
    "csv called json": ("rows.jsonl", CSV, "its ending says jsonl, its content is text"),
    "parquet called csv": ("rows.csv", parquet_bytes(), "its ending says csv, its content is parquet"),
    "gzip called csv": ("rows.csv", gzip.compress(CSV), "packed with gzip; rename it to .*rows.csv.gz"),
    "csv called gzip": ("rows.csv.gz", CSV, "its ending says gzip, its content is text"),
    "workbook": ("rows.xlsx", b"PK\x03\x04" + bytes(40), "this is a ZIP or Excel file"),
    "truncated parquet": ("rows.parquet", parquet_bytes()[:-100], "Parquet data is damaged or cut short"),
    "parquet's beginning": ("rows.parquet", b"PAR1", "Parquet data is damaged or cut short"),
    "truncated arrow": ("rows.arrow", arrow_bytes()[:-100], "Arrow data is damaged or cut short"),
    "truncated gzip": ("rows.csv.gz", gzip.compress(CSV)[:-60], "gzip data is damaged or cut short"),
    "truncated zstd": ("rows.csv.zst", pa.compress(CSV * 9, "zstd", asbytes=True)[:-40], "damaged or cut short"),
    "truncated bz2": ("rows.csv.bz2", __import__("bz2").compress(CSV)[:-40], "damaged or cut short"),
    "truncated xz": ("rows.csv.xz", __import__("lzma").compress(CSV)[:-40], "damaged or cut short"),
    "UTF-16": ("rows.csv", "label,score\n1,2\n".encode("utf-16"), "text must be UTF-8; the byte 0xff at place 0"),
    "Latin-1 names": (
        "rows.csv",
        "näme,score\n1,2\n".encode("latin-1"),
        "text must be UTF-8; the byte 0xe4 at place 1",
    ),
    "Korean code page": ("rows.csv", "이름,점수\n가,1\n".encode("cp949"), "text must be UTF-8"),
    "Latin-1 far below": ("rows.csv", CSV * 3 + "0,ä\n".encode("latin-1"), "text must be UTF-8; line 30004 is not"),
    "a cell too many": ("rows.csv", CSV + b"1,2,3\n", "line 10002 has 3 cells where the first line names 2 columns"),
    "a cell too few": ("rows.csv", CSV + b"1\n", "line 10002 has 1 cells where the first line names 2 columns"),
    "open quote": ("rows.csv", b'a,b\n1,"2\n3,4\n', "a double quote is opened and never closed"),
    "two kinds of line ends": ("rows.csv", b"a,b\n1,2\r\n3,4\n", "the lines must end in one way"),
    "broken JSON": ("rows.jsonl", b'{"a": 1}\n{"a": \n', "the file cannot be read: .*Malformed JSON"),
    "JSON twice the key": ("rows.jsonl", b'{"a": 1, "a": 2}\n', 'duplicate key "a"'),
    "JSON keys by case": ("rows.jsonl", b'{"a": 1, "A": 2}\n', 'keys must not differ by case alone; got "A" and "a"'),
    "JSON without objects": ("rows.jsonl", b"[1, 2]\n", "each line must be a JSON object"),
    "a database": ("rows.db", b"SQLite format 3\x00" + bytes(90), "read a table of it as sqlite:///"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_bad_file_is_refused_with_what_was_found(tmp_path: Path, case: str, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spool"))
    (tmp_path / "spool").mkdir()
    name, data, found = CASES[case]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(DataError, match=found):
        open_table(path).to_arrow()
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([name, "spool"])
    assert not list((tmp_path / "spool").iterdir()), "a temporary file was left behind"


def test_no_such_file_names_the_nearest(tmp_path: Path):
    (tmp_path / "people.csv").write_text("a\n1\n")
    with pytest.raises(DataError, match=r"no such file; did you mean .*people\.csv\?"):
        open_table(tmp_path / "peple.csv")
    (tmp_path / "people.json").write_text("{}\n")
    with pytest.raises(DataError, match=r"no such file; did you mean .*people\.json\?"):
        open_table(tmp_path / "peple.jsn")
    with pytest.raises(DataError, match=r"no such file; did you mean .*people\.(csv|json)\?"):
        open_table(tmp_path / "peoples.parquet")
    with pytest.raises(DataError, match=r"there is no folder .*nowhere either"):
        open_table(tmp_path / "nowhere" / "people.csv")
    with pytest.raises(DataError, match=r"no file matches this pattern"):
        open_table(str(tmp_path / "*.parquet"))
    with pytest.raises(DataError, match=r"this is a folder; name a file in it"):
        open_table(tmp_path)


@pytest.mark.parametrize(
    ("asked", "there"), [("missing.csv", "psig.svg"), ("a.csv", "b.csv"), ("income.csv", "outcome.csv")]
)
def test_a_file_that_is_only_as_long_or_of_the_same_kind_is_not_named(asked: str, there: str, tmp_path: Path):
    (tmp_path / there).write_text("a\n1\n")
    with pytest.raises(DataError, match=r"no such file; check the name and the folder"):
        open_table(tmp_path / asked)


def test_a_name_too_long_for_the_disk_is_refused():
    with pytest.raises(DataError, match="the file cannot be read: File name too long"):
        open_table("a" * 5000)


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path, monkeypatch):
    def refuse(self, *args, **kwargs):  # root, as whom tests may run, may read every file
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "rows.csv"
    path.write_text("a\n1\n")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(DataError, match="cannot be read: Permission denied"):
        open_table(path)


def test_an_unknown_column_names_the_nearest():
    with pytest.raises(DataError, match='there is no column "Scroe"; did you mean "score"'):
        open_table(TABLE, columns=["label", "Scroe"])
    with pytest.raises(DataError, match='there is no column "xyz"; its columns are "label", "score"'):
        open_table(TABLE).select(["xyz"])
    wide = pa.table({f"c{k}": [1] for k in range(30)})
    with pytest.raises(DataError, match='the first of its 30 columns are "c0", "c1"'):
        open_table(wide, columns=["other"])
    with pytest.raises(DataError, match="no column was asked for"):
        open_table(TABLE, columns=[])


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_duplicate_names_are_refused_in_columnar_files_too(tmp_path: Path, ending: str):
    rows = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"])
    path = tmp_path / f"rows.{ending}"
    if ending == "parquet":
        pyarrow.parquet.write_table(rows, path)
    else:
        with pa.ipc.new_file(str(path), rows.schema) as writer:
            writer.write_table(rows)
    with pytest.raises(DataError, match='"a" is there 2 times'):
        open_table(path)


def test_files_of_one_table_must_have_the_same_columns(tmp_path: Path):
    (tmp_path / "1.csv").write_text("label,score\n1,2\n")
    (tmp_path / "2.csv").write_text("label,scores\n1,2\n")
    with pytest.raises(DataError, match=r'2\.csv: .* "score" of .*1\.csv is not here \(nearest: "scores"\)'):
        open_table(str(tmp_path / "*.csv"))
    (tmp_path / "2.csv").write_text("label,score,more\n1,2,3\n")
    with pytest.raises(DataError, match=r'2\.csv: .* "more" is not in .*1\.csv'):
        open_table(str(tmp_path / "*.csv"))
    (tmp_path / "2.csv").write_text("label\n1\n")
    with pytest.raises(DataError, match=r'"score" of .*1\.csv is not here$'):
        open_table(str(tmp_path / "*.csv"))


def test_files_of_one_table_must_have_types_that_go_together(tmp_path: Path):
    pyarrow.parquet.write_table(pa.table({"x": [1]}), tmp_path / "1.parquet")
    pyarrow.parquet.write_table(pa.table({"x": ["one"]}), tmp_path / "2.parquet")
    with pytest.raises(DataError, match=r'"x" must have one type in all files; it is int64 in .* and string here'):
        open_table(str(tmp_path / "*.parquet")).to_arrow()


def test_a_frame_without_rows_is_refused():
    with pytest.raises(DataError, match="there are no rows below the column names"):
        open_table(TABLE.slice(0, 0)).to_arrow()


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("postgresq://host/base", r"did you mean postgresql://\?"),
        ("mysql://me:hush@host/base", "mysql://me@host/base: addresses that begin with mysql:// are not known"),
        ("https://example.org/rows.csv", "or download the file first"),
        ("sqlite://file.db", "three slashes; write sqlite:///file.db"),
        ("duckdb:///nothing.duckdb", "no such file: nothing.duckdb"),
    ],
)
def test_an_address_that_leads_nowhere(address: str, found: str):
    with pytest.raises(WorkingsError, match=found) as caught:
        open_table(address)
    assert "hush" not in str(caught.value)
