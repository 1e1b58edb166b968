"""A condition in SQL that says which rows count: parsed, checked against an allow-list, then run in a sandbox.

The text is untrusted. DuckDB parses it into a tree; what is not a column, a constant or a listed operation on them is
refused by name before anything runs; the columns are renamed in the tree, so that no name is ever pasted into SQL; and
it runs on a connection that can reach no file, no network and no other table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from workings.data.columns import chosen_names
from workings.data.sandbox import sandbox
from workings.errors import DataError
from workings.language import Message, message

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

__all__ = ["Condition", "parse_condition"]

# The kinds of node in DuckDB's tree that a condition may hold. Not among them: sub-queries, window functions,
# parameters, lambdas, defaults, positions (#1) and column lists made by *.
_KIND_NAMES = "BETWEEN CASE CAST COLLATE COLUMN_REF COMPARISON CONJUNCTION CONSTANT FUNCTION OPERATOR TYPE"
# Functions of their arguments alone: the same row always gives the same answer, nothing outside the row is seen, and no
# answer is much longer than the arguments (repeat, lpad and format could fill the memory).
_FUNCTION_NAMES = """
    + - * / // % ** ^ || ~~ !~~ ~~* !~~* ~~~ ~ & | << >> @
    abs ceil ceiling exp floor fmod greatest isfinite isinf isnan least ln log log10 log2 mod pow power round sign sqrt
    trunc cbrt sin cos tan asin acos atan atan2 degrees radians pi
    like_escape not_like_escape ilike_escape not_ilike_escape ascii chr concat contains ends_with instr lcase
    left length len lower ltrim nfc_normalize ord position prefix regexp_extract regexp_full_match regexp_matches
    regexp_replace replace reverse right rtrim split_part starts_with strip_accents strlen strpos substr substring
    suffix translate trim ucase unicode upper levenshtein jaccard hamming hash md5 sha256
    century date_add date_diff date_part date_sub date_trunc datediff datepart datesub datetrunc day dayname dayofmonth
    dayofweek dayofyear decade epoch epoch_ms hour isodow isoyear last_day make_date make_time make_timestamp minute
    month monthname quarter second strftime strptime time_bucket try_strptime week weekday weekofyear year yearweek
    to_days to_hours to_minutes to_months to_seconds to_weeks to_years
    if nullif list_value list_contains struct_extract list_extract array_extract
"""
_KINDS, _FUNCTIONS = frozenset(_KIND_NAMES.split()), frozenset(_FUNCTION_NAMES.split())
_MEMORY = 1 << 30
_ROWS, _FRAME = "rows", "SELECT ({}\n) FROM rows"


@dataclass(frozen=True)
class Condition:
    """A condition that was checked.

    Parameters
    ----------
    text
        The condition as it was written.
    columns
        The columns that it looks at, as the table spells them.
    expression
        The condition as DuckDB writes it, with ``c0``, ``c1``, ... for the columns in their order.
    """

    text: str
    columns: tuple[str, ...]
    expression: str

    @contextmanager
    def over(self, schema: pa.Schema) -> Generator[Callable[[pa.RecordBatch], pa.RecordBatch]]:
        """Give a function that keeps the rows of a batch for which the condition is true (not false, not NULL).

        Raises
        ------
        DataError
            If the condition does not fit the types in ``schema`` or fails on a row.
        """
        import duckdb

        fields = [schema.field(name).with_name(f"c{place}") for place, name in enumerate(self.columns)]
        neutral = pa.schema([*fields, pa.field("row", pa.int64())])
        connection = sandbox(threads=1, memory=_MEMORY)

        def keep(batch: pa.RecordBatch) -> pa.RecordBatch:
            place = pa.array(range(batch.num_rows), pa.int64())
            arrays = [batch.column(name) for name in self.columns]
            try:
                return batch.filter(
                    self._mask(connection, pa.RecordBatch.from_arrays([*arrays, place], schema=neutral))
                )
            except duckdb.Error as error:
                raise DataError(_failed(self.text, str(error))) from error

        try:
            keep(pa.RecordBatch.from_arrays([pa.array([], field.type) for field in schema], schema=schema))
            yield keep
        finally:
            connection.close()

    def _mask(self, connection: DuckDBPyConnection, rows: pa.RecordBatch) -> Any:
        connection.register(_ROWS, rows)
        try:
            relation = connection.sql(f"SELECT ({self.expression}) AS met FROM {_ROWS}")  # noqa: S608 - rewritten from a checked tree
            kind = str(relation.types[0])
            if kind != "BOOLEAN":
                raise DataError(
                    message(
                        "where: the condition must be true or false in each row; {condition} gives {kind}; "
                        "compare it with something",
                        condition=self.text,
                        kind=kind,
                    )
                )
            return relation.to_arrow_table().column("met").combine_chunks()
        finally:
            connection.unregister(_ROWS)


def parse_condition(text: str, columns: Sequence[str], *, source: str) -> Condition:
    """Return the condition, checked, over a table with these columns.

    Columns are written as in SQL: plain, or in double quotes where the name is not a plain word. A name that differs
    only by case is found if it is the only one.

    Raises
    ------
    DataError
        If the text is not one SQL expression, names an unknown column, or holds anything but columns, constants,
        comparisons and listed functions.

    Examples
    --------
    >>> parse_condition("age >= 18 AND city = 'Seoul'", ["age", "city"], source="people.csv").columns
    ('age', 'city')
    """
    connection = sandbox(threads=1)
    try:
        tree = _parsed(connection, text)
        found: dict[str, str] = {}
        _check(tree["statements"][0]["node"]["select_list"], found, columns, source)
        rewritten = _sql(connection, tree)
    finally:
        connection.close()
    return Condition(text, tuple(found), rewritten)


def _parsed(connection: DuckDBPyConnection, text: str) -> Any:
    """Return the tree of a statement that has the condition as its only column and is otherwise ours."""
    tree, ours = _tree(connection, _FRAME.format(text)), _tree(connection, _FRAME.format("NULL"))
    if tree["error"]:
        # A closing bracket too many would end our frame; the parser's own message would then point at ours.
        raise DataError(_failed(text, str(tree.get("error_message", ""))))
    nodes = [each["node"] for each in tree["statements"]]
    items = nodes[0].get("select_list", [])
    if len(nodes) != 1 or len(items) != 1 or _around(nodes[0]) != _around(ours["statements"][0]["node"]):
        raise DataError(
            message("where: there must be one SQL condition and nothing else; got {condition}", condition=text)
        )
    return tree


def _around(node: Any) -> Any:
    """Return a statement without its column and without positions in the text: what is ours of it."""

    def without_positions(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: without_positions(each) for key, each in value.items() if not key.startswith("query_location")}
        return [without_positions(each) for each in value] if isinstance(value, list) else value

    return without_positions({key: value for key, value in node.items() if key != "select_list"})


def _tree(connection: DuckDBPyConnection, sql: str) -> Any:
    (row,) = connection.execute("SELECT json_serialize_sql($1)", [sql]).fetchall()
    return json.loads(row[0])


def _sql(connection: DuckDBPyConnection, tree: Any) -> str:
    (row,) = connection.execute("SELECT json_deserialize_sql($1)", [json.dumps(tree)]).fetchall()
    sql = str(row[0])
    return sql.removeprefix("SELECT ").removesuffix(f' FROM "{_ROWS}"').removesuffix(f" FROM {_ROWS}")


def _check(root: Any, found: dict[str, str], columns: Sequence[str], source: str) -> None:
    """Walk the tree without recursion: refuse what is not listed, and rename each column to c0, c1, ..."""
    waiting: list[Any] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
            continue
        if not isinstance(node, dict):
            continue
        kind = node.get("class")
        if kind is not None and kind not in _KINDS:
            raise DataError(_not_allowed(str(kind).lower().replace("_", " ")))
        if kind == "FUNCTION":
            name = str(node["function_name"])
            if name.lower() not in _FUNCTIONS or node.get("schema") or node.get("catalog"):
                raise DataError(_not_allowed(f"{name}()"))
        if kind == "COLUMN_REF":
            _rename(node, found, columns, source)
            continue
        waiting.extend(reversed(list(node.values())))


def _rename(node: dict[str, Any], found: dict[str, str], columns: Sequence[str], source: str) -> None:
    parts = [str(part) for part in node["column_names"]]
    if len(parts) != 1:
        raise DataError(
            message(
                'where: a column is named alone; got {found}; write "{name}" for a name with a dot in it',
                found=".".join(parts),
                name=".".join(parts),
            )
        )
    name = parts[0]
    if name not in columns:
        alike = [each for each in columns if each.casefold() == name.casefold()]
        name = alike[0] if len(alike) == 1 else chosen_names([name], columns, source=source)[0]
    neutral = found.setdefault(name, f"c{len(found)}")
    node["column_names"] = [neutral]
    if "qualified_name" in node:
        node["qualified_name"] = {"path": [neutral]}


def _not_allowed(what: str) -> Message:
    return message(
        "where: a condition holds columns, constants, comparisons and functions of one row; {what} is not among them; "
        "put it into --query of a database instead",
        what=what,
    )


def _failed(text: str, reason: str) -> Message:
    return message(
        "where: {condition} is not a condition that can be computed: {reason}",
        condition=text,
        reason=reason.strip().splitlines()[0] if reason.strip() else "",
    )
