"""The options that several commands share, each said once."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Literal

import typer

from workings.language import set_language

__all__ = [
    "Compared", "DropMissing", "File", "Json", "Language", "Query", "Report", "Table", "Weight", "Where", "split_names",
]  # fmt: skip


def _speak(lang: str | None) -> str | None:
    if lang is not None:
        set_language("ko" if lang == "ko" else "en")
    return lang


File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="CSV, TSV, Parquet, Arrow or JSON lines, compressed or not; a glob of those; - for standard input; or "
        "duckdb:///, sqlite:///, postgresql:// with --table or --query.",
        show_default=False,
    ),
]
Weight = Annotated[str | None, typer.Option("--weight", metavar="COL", help="Column of weights, none negative.")]
Where = Annotated[str | None, typer.Option("--where", metavar="SQL", help="Use only rows that meet this condition.")]
Table = Annotated[str | None, typer.Option("--table", metavar="NAME", help="Table of the database.")]
Query = Annotated[str | None, typer.Option("--query", metavar="SQL", help="Query to the database.")]
Report = Annotated[Path | None, typer.Option("--report", metavar="HTML", help="Write the report here.")]
Json = Annotated[Path | None, typer.Option("--json", metavar="JSON", help="Write all numbers here.")]
Compared = Annotated[str | None, typer.Option("--compare", metavar="COL", help="Second score, for the DeLong test.")]
DropMissing = Annotated[
    bool, typer.Option("--drop-missing", help="Leave out rows with missing values, and count them.")
]
Language = Annotated[
    Literal["en", "ko"] | None,
    typer.Option(
        "--lang", callback=_speak, is_eager=True, help="Language of the output.", show_default="WORKINGS_LANG"
    ),
]


def split_names(names: list[str] | None) -> list[str] | None:
    """Return the column names in ``a,b,c``, once or several times; one that holds a comma stands in double quotes.

    Examples
    --------
    >>> split_names(['age,"height, cm"', "weight"])
    ['age', 'height, cm', 'weight']
    """
    if names is None:
        return None
    return [name for line in csv.reader(names, skipinitialspace=True) for name in line if name]
