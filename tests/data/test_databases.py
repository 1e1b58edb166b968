from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from tests.data.postgresql_server import PASSWORD, no_server_reason, postgresql_server

from workings.data import open_table
from workings.data.databases import parse_address
from workings.errors import DataError, InputError

WEIRD = 'we"ird 표; DROP TABLE people'


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    path = tmp_path / "base.db"
    connection = sqlite3.connect(path)
    connection.execute('CREATE TABLE people (id INTEGER, score, mixed, raw, late, empty, "na""me 한" TEXT)')
    connection.executemany(
        "INSERT INTO people VALUES (?, ?, ?, ?, ?, NULL, ?)",
        [(k, k if k % 2 else k / 4, k if k else "none", b"\x01", None, "x") for k in range(3000)]
        + [(3000, None, 0.5, b"\x02", 2.5, "마지막")],
    )
    quoted = WEIRD.replace('"', '""')
    connection.execute(f'CREATE TABLE "{quoted}" (a)')
    connection.execute(f'INSERT INTO "{quoted}" VALUES (7)')
    connection.execute("CREATE TABLE bare (a)")
    connection.commit()
    connection.close()
    return path


@pytest.fixture
def duckdb_file(tmp_path: Path) -> Path:
    import duckdb

    path = tmp_path / "base.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            'CREATE TABLE people AS SELECT range AS id, range * 0.5 AS score, \'x\' AS "na""me 한" FROM range(70000)'
        )
        quoted = WEIRD.replace('"', '""')
        connection.execute(f'CREATE TABLE "{quoted}" AS SELECT 7 AS a')
        connection.execute("CREATE SCHEMA other")
        connection.execute("CREATE TABLE other.people AS SELECT 'other' AS who")
        connection.execute("CREATE TABLE bare (a INTEGER)")
    return path


def start_or_skip() -> None:
    reason = no_server_reason()
    if reason is not None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    start_or_skip()
    with postgresql_server() as address:
        from adbc_driver_postgresql import dbapi

        with dbapi.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
            quoted = WEIRD.replace('"', '""')
            for statement in (
                'CREATE TABLE people AS SELECT g AS id, (g * 0.5)::real AS score, \'x\' AS "na""me 한" '
                "FROM generate_series(0, 199999) AS g",
                f'CREATE TABLE "{quoted}" AS SELECT 7 AS a',
                "CREATE SCHEMA other",
                "CREATE TABLE other.people AS SELECT 'other' AS who",
                "CREATE TABLE bare (a integer)",
                "CREATE TYPE mood AS ENUM ('good', 'bad')",
                "CREATE TABLE kinds AS SELECT 1.25::numeric AS n, '12.34'::money AS m, 'good'::mood AS e, "
                "'{\"a\": 1}'::jsonb AS j, gen_random_uuid() AS u, true AS b, DATE '2026-01-31' AS d, "
                "2::smallint AS s, 'NaN'::numeric AS nan "
                "UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL",
            ):
                cursor.execute(statement)
        yield address


def test_sqlite_columns_have_the_type_of_all_their_values(sqlite_file: Path):
    table = open_table(f"sqlite:///{sqlite_file}", table="people")
    assert [str(kind) for kind in table.schema.types] == [
        "int64",
        "double",
        "string",
        "binary",
        "double",
        "string",
        "string",
    ]
    assert table.rows == 3001
    last = list(table.batches())[-1].to_pylist()[-1]
    assert last == {
        "id": 3000,
        "score": None,
        "mixed": "0.5",
        "raw": b"\x02",
        "late": 2.5,
        "empty": None,
        'na"me 한': "마지막",
    }
    rows = table.select(["id", "mixed"]).to_arrow()
    assert rows.column("id").to_pylist() == list(range(3001))
    assert rows.column("mixed").to_pylist()[:2] == ["none", "1"]


def test_a_sqlite_table_of_very_many_columns(tmp_path: Path):
    columns = [f"c{place}" for place in range(1_900)]
    with closing(sqlite3.connect(tmp_path / "wide.db")) as connection:
        connection.execute(f"CREATE TABLE wide ({', '.join(columns)})")
        connection.execute(f"INSERT INTO wide VALUES ({', '.join(map(str, range(1_900)))})")
        connection.commit()
    rows = open_table(f"sqlite:///{tmp_path / 'wide.db'}").to_arrow()
    assert rows.to_pylist() == [{name: place for place, name in enumerate(columns)}]


@pytest.mark.parametrize("slashes", ["sqlite://{path}", "sqlite:///{path}", "sqlite:///{relative}"])
def test_three_slashes_and_four(sqlite_file: Path, slashes: str, monkeypatch):
    monkeypatch.chdir(sqlite_file.parent)
    address = slashes.format(path=sqlite_file, relative="base.db")
    assert open_table(address, table="people", columns=["id"]).to_arrow().num_rows == 3001


def test_a_duckdb_file(duckdb_file: Path):
    table = open_table(f"duckdb:///{duckdb_file}", table="people", where="score >= 34999")
    assert table.to_arrow().to_pylist() == [
        {"id": 69998, "score": 34999.0, 'na"me 한': "x"},
        {"id": 69999, "score": 34999.5, 'na"me 한': "x"},
    ]
    whole = open_table(f"duckdb:///{duckdb_file}", table="people", columns=["id"])
    assert whole.rows == 70_000
    assert whole.to_arrow().column("id").to_pylist() == list(range(70_000))
    assert open_table(f"duckdb:///{duckdb_file}", table="other.people").columns == ("who",)


@pytest.mark.postgresql
def test_postgresql(postgresql: str):
    table = open_table(postgresql, table="people", columns=["score", "id"])
    assert [str(kind) for kind in table.schema.types] == ["float", "int32"]
    rows = table.to_arrow()
    assert rows.column("id").to_pylist() == list(range(200_000))
    assert max(batch.num_rows for batch in table.batches()) <= 65_536
    assert open_table(postgresql, table="other.people").columns == ("who",)
    query = open_table(postgresql, query="SELECT id, score FROM people WHERE id < 3 ORDER BY id;", where="score > 0")
    assert query.to_arrow().to_pylist() == [{"id": 1, "score": 0.5}, {"id": 2, "score": 1.0}]


@pytest.mark.postgresql
def test_postgresql_types_that_arrow_has_no_like_of(postgresql: str):
    import math

    table = open_table(postgresql, table="kinds")
    assert [str(kind) for kind in table.schema.types] == [
        "double",
        "double",
        "string",
        "string",
        "string",
        "bool",
        "date32[day]",
        "int16",
        "double",
    ]
    full, empty = table.to_arrow().to_pylist()
    assert (full["n"], full["m"], full["e"], full["j"], full["b"]) == (1.25, 12.34, "good", '{"a": 1}', True)
    assert math.isnan(full["nan"])
    assert set(empty.values()) == {None}


@pytest.mark.postgresql
@pytest.mark.parametrize(
    "query",
    [
        "INSERT INTO people VALUES (1)",
        "WITH gone AS (DELETE FROM people RETURNING id) SELECT id FROM gone",
        "SELECT 1) AS q; DELETE FROM people; --",
        "SELECT nextval('s')",
        "SELECT 1 / (SELECT 0)",
        "SELEC 1",
    ],
)
def test_postgresql_is_only_read(postgresql: str, query: str):
    with pytest.raises(DataError, match="the database refused") as caught:
        open_table(postgresql, query=query).to_arrow()
    assert PASSWORD not in str(caught.value)
    assert open_table(postgresql, table="people", columns=["id"]).to_arrow().num_rows == 200_000


@pytest.mark.postgresql
def test_no_message_shows_the_password(postgresql: str):
    wrong = postgresql.replace("s3cret%2Fp%40ss", "wr%2Fong")
    for address, options in (
        (wrong, {"table": "people"}),
        (postgresql + "x", {"table": "people"}),
        (postgresql + "?sslmode=nonsense&sslpassword=hush", {"table": "people"}),
        (postgresql, {"table": "peple"}),
        (postgresql, {}),
        (postgresql, {"query": "SELECT nope"}),
        (postgresql, {"table": "people", "columns": ["scor"]}),
    ):
        with pytest.raises((DataError, InputError)) as caught:
            open_table(address, **options)
        shown = str(caught.value) + repr(caught.value)
        for secret in ("s3cret", "wr/ong", "wr%2F", "hush"):
            assert secret not in shown
        assert caught.value.__cause__ is None
    table = open_table(postgresql, table="people")
    for text in (repr(table), table.name, str(table.description)):
        assert "s3cret" not in text


def test_postgresql_without_its_driver_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr("workings.data.databases.postgresql.find_spec", lambda name: None)
    with pytest.raises(DataError, match=r'pip install "workings\[postgresql\]"'):
        open_table("postgresql://me:hush@localhost/base", table="people")


@pytest.fixture(params=["sqlite", "duckdb", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def address(request: pytest.FixtureRequest) -> str:
    if request.param == "postgresql":
        return request.getfixturevalue("postgresql")
    return f"{request.param}:///{request.getfixturevalue(request.param + '_file')}"


def test_a_table_name_is_a_name_whatever_is_in_it(address: str):
    assert open_table(address, table=WEIRD).to_arrow().to_pylist() == [{"a": 7}]
    assert 'na"me 한' in open_table(address, table="people").columns


def test_no_such_table_names_the_nearest(address: str):
    with pytest.raises(DataError, match='there is no table "peple"; did you mean "people"'):
        open_table(address, table="peple")
    with pytest.raises(DataError, match=r'there is no table "zzzzzz"; its tables are .*"people"'):
        open_table(address, table="zzzzzz")
    with pytest.raises(InputError, match=r'a table or a query must be given; its tables are .*"people"'):
        open_table(address)
    with pytest.raises(InputError, match="either table or query must be given, not both"):
        open_table(address, table="people", query="SELECT 1")


def test_a_query_and_its_columns(address: str):
    table = open_table(
        address, query="SELECT id AS x, score * 2 AS y FROM people WHERE id < 4 ORDER BY id -- few\n;", columns=["x"]
    )
    assert table.to_arrow().to_pylist() == [{"x": 0}, {"x": 1}, {"x": 2}, {"x": 3}]
    with pytest.raises(DataError, match='"x" is there 2 times'):
        open_table(address, query="SELECT 1 AS x, 2 AS x")
    with pytest.raises(DataError, match='there is no column "scor"; did you mean "score"'):
        open_table(address, table="people", columns=["scor"])
    with pytest.raises(DataError, match="the database refused"):
        open_table(address, query="SELECT nothing FROM nowhere")
    with pytest.raises(DataError, match="there are no rows"):
        open_table(address, table="bare").to_arrow()
    with pytest.raises(DataError, match="there are no rows"):
        open_table(address, query="SELECT id FROM people WHERE id < 0").to_arrow()


@pytest.mark.parametrize(
    "query",
    [
        "ATTACH '{folder}/new.db' AS x",
        "SELECT 1 AS a); ATTACH '{folder}/new.db' AS x; --",
        "DROP TABLE people",
        "CREATE TABLE x (a)",
        "COPY people TO '{folder}/out.csv'",
        "SELECT * FROM read_csv('{folder}/secret.csv')",
        "SELECT load_extension('x')",
        "PRAGMA user_version = 3",
        "VACUUM INTO '{folder}/copy.db'",
    ],
)
@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_query_of_a_file_reads_that_file_and_nothing_else(kind, query: str, tmp_path: Path, request):
    path = request.getfixturevalue(f"{kind}_file")
    (tmp_path / "secret.csv").write_text("word\nxyzzy\n")
    before, data = sorted(tmp_path.iterdir()), path.read_bytes()
    if kind == "sqlite" and query.startswith("SELECT 1 AS a)"):
        # SQLite reads the first statement and stops there.
        assert open_table(f"sqlite:///{path}", query=query.format(folder=tmp_path)).to_arrow().to_pylist() == [{"a": 1}]
    else:
        with pytest.raises(DataError):
            open_table(f"{kind}:///{path}", query=query.format(folder=tmp_path)).to_arrow()
    assert sorted(tmp_path.iterdir()) == before
    assert path.read_bytes() == data


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_file_that_is_no_database(kind: str, tmp_path: Path):
    (tmp_path / "rows.db").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=r"the file is no (SQLite|DuckDB) database"):
        open_table(f"{kind}:///{tmp_path}/rows.db", table="people")


def test_a_damaged_sqlite_file_is_refused(sqlite_file: Path):
    data = sqlite_file.read_bytes()
    sqlite_file.write_bytes(data[:4096] + bytes(len(data) - 4096))
    with pytest.raises(DataError, match="the database refused"):
        open_table(f"sqlite:///{sqlite_file}", table="people").to_arrow()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://ada@host/base", "postgresql://ada@host/base"),
        ("postgresql://ada:p@ss@host/base", "postgresql://ada@host/base"),
        (
            "postgresql://ada:pw@host:5432/base?password=x&sslmode=require",
            "postgresql://ada@host:5432/base?password=***&sslmode=require",
        ),
        ("postgresql:///base?user=ada&PASSWORD=x", "postgresql:///base?user=ada&PASSWORD=***"),
        ("s3://key:secret@bucket/rows.parquet", "s3://key@bucket/rows.parquet"),
    ],
)
def test_an_address_is_shown_without_its_password(address: str, shown: str):
    assert parse_address(address).shown == shown
    assert "pw" not in repr(parse_address(address))
    assert parse_address("postgresql://a:p%40w@h/b").hidden("said p@w and p%40w") == "said *** and ***"


def test_a_relation_of_the_readers_own_connection_is_read_as_a_stream():
    import duckdb

    with duckdb.connect() as connection:
        relation = connection.sql('SELECT range AS "a b", range % 2 AS y FROM range(100000)')
        table = open_table(relation, columns=["a b"])
        assert sum(batch.num_rows for batch in table.batches()) == 100_000
        assert table.to_arrow().column("a b").to_pylist()[-1] == 99_999
        assert isinstance(table.schema, pa.Schema)
        with pytest.raises(DataError, match='"x" is there 2 times'):
            open_table(connection.sql("SELECT 1 AS x, 2 AS x"))
