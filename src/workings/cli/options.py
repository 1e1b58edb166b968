"""The options that several commands share, each said once.

What an option is for is said in English here, as a key of the catalogue, and in the reader's language when the command
is built (:mod:`workings.cli.helps`).
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Literal

import typer

from workings.language import message, set_language

__all__ = [
    "Compared", "DropMissing", "File", "Help", "Json", "Language", "Query", "Report", "Table", "Weight", "Where",
    "split_names",
]  # fmt: skip


def _speak(lang: str | None) -> str | None:
    if lang is not None:
        set_language("ko" if lang == "ko" else "en")
    return lang


def _show_help(ctx: typer.Context, asked: bool) -> None:
    if asked:
        ctx.get_help()  # Rich prints it
        raise typer.Exit


Help = Annotated[
    bool,
    typer.Option(
        "--help", "-h", callback=_show_help, is_eager=True, help=message("Show this message and exit.").sentence
    ),
]
File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help=message(
            "CSV, TSV, Parquet, Arrow or JSON lines, compressed or not; a glob of those; - for standard input; or "
            "duckdb:///, sqlite:///, postgresql:// with --table or --query."
        ).sentence,
        show_default=False,
    ),
]
Weight = Annotated[
    str | None, typer.Option("--weight", metavar="COL", help=message("Column of weights, none negative.").sentence)
]
Where = Annotated[
    str | None, typer.Option("--where", metavar="SQL", help=message("Use only rows that meet this condition.").sentence)
]
Table = Annotated[str | None, typer.Option("--table", metavar="NAME", help=message("Table of the database.").sentence)]
Query = Annotated[str | None, typer.Option("--query", metavar="SQL", help=message("Query to the database.").sentence)]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="HTML", help=message("Write the report here.").sentence)
]
Json = Annotated[Path | None, typer.Option("--json", metavar="JSON", help=message("Write all numbers here.").sentence)]
Compared = Annotated[
    str | None, typer.Option("--compare", metavar="COL", help=message("Second score, for the DeLong test.").sentence)
]
DropMissing = Annotated[
    bool, typer.Option("--drop-missing", help=message("Leave out rows with missing values, and count them.").sentence)
]
Language = Annotated[
    Literal["en", "ko"] | None,
    typer.Option(
        "--lang",
        callback=_speak,
        is_eager=True,
        help=message("Language of the output.").sentence,
        show_default="WORKINGS_LANG",
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
