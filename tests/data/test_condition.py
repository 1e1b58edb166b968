from __future__ import annotations

import datetime
from pathlib import Path

import pyarrow as pa
import pytest

from workings.data import open_table
from workings.data.sandbox import sandbox
from workings.errors import DataError

ROWS = pa.table(
    {
        "A": [1, 2, None, 4],
        "a": [4.0, 3.0, 2.0, 1.0],
        'na"me': ["x", "it's", None, "한국"],
        "day": [datetime.date(2026, 1, day) for day in (1, 2, 3, 4)],
        "a.b": [True, False, None, True],
        "rows": [1, 2, 3, 4],
    }
)


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        ("A > 1", [2, 4]),
        ("a > 1 AND a < 4", [2, 3]),
        ('"A" IS NULL', [3]),
        ("NOT (A = 1)", [2, 4]),
        ("\"na\"\"me\" = 'it''s'", [2]),
        ('"NA""ME" LIKE \'한%\'', [4]),
        ("day >= DATE '2026-01-03' AND day_is", None),
        ("day >= DATE '2026-01-03' AND extract(day FROM day) = 4", [4]),
        ('"a.b"', [1, 4]),
        ('coalesce("a.b", false) OR A IN (2, 9) -- a remark', [1, 2, 4]),
        ("CASE WHEN a > 2 THEN rows = 1 ELSE rows BETWEEN 4 AND 5 END", [1, 4]),
        ('length(coalesce("na""me", \'\')) > 1', [2, 4]),
        ('regexp_matches("na""me", \'^[a-z]\')', [1, 2]),
        ("A::VARCHAR || '!' = '1!'", [1]),
        ("round(a / 2) = 2 OR -A < -3", [1, 2, 4]),
        ("rows > 3", [4]),
    ],
)
def test_a_condition_keeps_the_rows_for_which_it_is_true(where: str, kept: list[int] | None):
    if kept is None:
        with pytest.raises(DataError, match='there is no column "day_is"'):
            open_table(ROWS, where=where)
        return
    assert open_table(ROWS, columns=["rows"], where=where).to_arrow().column("rows").to_pylist() == kept


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    (tmp_path / "secret.csv").write_text("word\nxyzzy\n")
    return tmp_path


@pytest.mark.parametrize(
    "where",
    [
        "EXISTS (SELECT 1 FROM read_csv('{folder}/secret.csv') WHERE word = 'xyzzy')",
        "A IN (FROM '{folder}/secret.csv')",
        "(SELECT content FROM read_text('{folder}/secret.csv')) LIKE '%x%'",
        "A = ANY (SELECT 1)",
        "A > 1; COPY (SELECT 1) TO '{folder}/out.csv'",
        "A > 1; ATTACH '{folder}/new.db'",
        "A > 1; INSTALL httpfs; LOAD httpfs",
        "A > 1; SET enable_external_access = true",
        "A > 1) FROM rows; COPY (SELECT 1) TO '{folder}/out.csv'; SELECT (1",
        "A > 1) UNION SELECT (content FROM read_text('{folder}/secret.csv')",
        "A > 1) FROM rows UNION ALL SELECT (true",
        "A > 1) FROM read_csv('{folder}/secret.csv') --",
        "A > 1) LIMIT (1",
        "A > 1), (A < 1",
        "A > 1, A < 1",
        "read_text('{folder}/secret.csv') = ''",
        "read_blob('{folder}/secret.csv') = ''",
        "getenv('HOME') = ''",
        "current_setting('enable_external_access')",
        "getvariable('x') = 1",
        "query('SELECT 1') = 1",
        "random() < 0.5",
        "length(rpad('x', 2000000000, 'x')) > 1",
        "length(repeat('x', 2000000000)) > 1",
        "length(format('{{:2000000000}}', 'x')) > 1",
        "nextval('s') = 1",
        "sleep_ms(10) IS NULL",
        "write_log('x') IS NULL",
        "main.lower('X') = 'x'",
        "count(*) > 1",
        "sum(A) OVER () > 1",
        "row_number() OVER () = 1",
        "list_filter([1], lambda q: q > A) IS NULL",
        "COLUMNS(*) > 1",
        "*",
        "$1 > 1",
        "? = 1",
        "#1 = 1",
        "rows.A > 1",
        "current_date > day",
        "",
        " ",
        "--",
        "A >",
        "A > (1",
        "A > 1)",
        "'",
        '"',
        "/*",
        "SELECT 1",
        "DROP TABLE rows",
        "\x00",
    ],
)
def test_nothing_but_one_condition_on_the_row_is_taken(secret: Path, where: str):
    before = sorted(secret.iterdir())
    with pytest.raises(DataError) as caught:
        open_table(ROWS, where=where.format(folder=secret)).to_arrow()
    assert "xyzzy" not in str(caught.value).replace(where.format(folder=secret), "")
    assert sorted(secret.iterdir()) == before


def test_the_refusals_say_what_was_found_and_what_to_do():
    with pytest.raises(DataError, match="subquery is not among them"):
        open_table(ROWS, where="A IN (SELECT 1)")
    with pytest.raises(DataError, match=r"random\(\) is not among them"):
        open_table(ROWS, where="random() < 0.5")
    with pytest.raises(DataError, match='did you mean "day"'):
        open_table(ROWS, where="dya > DATE '2026-01-01'")
    with pytest.raises(DataError, match=r'got rows\.A; write "rows\.A" for a name with a dot in it'):
        open_table(ROWS, where="rows.A > 1")
    with pytest.raises(DataError, match="gives BIGINT; compare it with something"):
        open_table(ROWS, where="A").to_arrow()
    with pytest.raises(DataError, match="Could not convert string 'old'"):
        open_table(ROWS, where="A > 'old'").to_arrow()
    with pytest.raises(DataError, match="no row meets the condition A > 10"):
        open_table(ROWS, where="A > 10").to_arrow()


def test_a_condition_on_a_name_that_two_columns_share_but_for_case_must_be_exact():
    with pytest.raises(DataError, match='there is no column "LABEL"'):
        open_table(pa.table({"Label": [1], "label": [2]}), where="LABEL = 1")
    assert open_table(pa.table({"Label": [1], "x": [2]}), where="LABEL = 1").to_arrow().num_rows == 1


def test_only_the_columns_of_the_condition_are_read_beside_the_chosen_ones(tmp_path: Path):
    path = tmp_path / "rows.csv"
    path.write_text("x,y,z\n1,2,3\n4,5,6\n")
    table = open_table(path, columns=["x"], where="y > 2")
    assert [batch.schema.names for batch in table.batches()] == [["x"]]
    assert set(table._source._types) == {"x", "y"}


@pytest.mark.parametrize(
    "sql",
    [
        "FROM read_csv('{folder}/secret.csv')",
        "FROM '{folder}/secret.csv'",
        "FROM read_text('{folder}/*')",
        "FROM glob('{folder}/*')",
        "COPY (SELECT 1) TO '{folder}/out.csv'",
        "ATTACH '{folder}/new.db'",
        "EXPORT DATABASE '{folder}/out'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '{folder}/x.duckdb_extension'",
        "SET enable_external_access = true",
        "SET allowed_paths = ['{folder}/secret.csv']",
        "SET autoinstall_known_extensions = true",
        "RESET lock_configuration",
        "FROM read_csv('https://example.org/x.csv')",
        "FROM read_csv('s3://bucket/x.csv')",
        "FROM local_rows",
    ],
)
def test_the_sandbox_reaches_nothing_that_it_was_not_given(secret: Path, sql: str):
    import duckdb

    local_rows = ROWS
    given = secret / "given's.csv"
    given.write_text("a\n1\n")
    before = sorted(secret.iterdir())
    with sandbox([str(given)]) as connection:
        with pytest.raises(duckdb.Error):
            connection.execute(sql.format(folder=secret)).fetchall()
        assert connection.execute("FROM read_csv($1)", [str(given)]).fetchall() == [(1,)]
    assert sorted(secret.iterdir()) == before
    assert local_rows.num_rows == 4
