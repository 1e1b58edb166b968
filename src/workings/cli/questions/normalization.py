"""Normalisation on the command line: numbers, or the columns of a file, by one of two methods."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import numpy as np
import typer

from workings.cli.asked import Asked, question, read_numbers, read_place
from workings.cli.options import Query, Table, Where, split_names
from workings.cli.questions.columns import numbers_of, read_columns
from workings.cli.terminal import note
from workings.errors import InputError
from workings.language import message

__all__ = ["normalization"]

_NUMBERS = re.compile(r"(?=.*\d)[-+−.\d\seE,;]+", re.DOTALL)


@question(
    "normalization",
    explains=message("Bring columns to one scale, by minimum and maximum or by mean and deviation."),
    draws=message("Draw columns before and after they are brought to one scale."),
)
def normalization(
    values: Annotated[
        str,
        typer.Argument(
            metavar="X",
            help=message('Numbers, as "3 20 3000"; or a FILE whose columns are normalised.').sentence,
            show_default=False,
        ),
    ],
    *,
    method: Annotated[
        Literal["min-max", "z-score"], typer.Option("--method", help=message("Which scale.").sentence)
    ] = "min-max",
    columns: Annotated[
        list[str] | None,
        typer.Option("--columns", metavar="A,B", help=message("Columns of the file; by default all.").sentence),
    ] = None,
    ddof: Annotated[
        int | None,
        typer.Option("--ddof", metavar="0", help=message("For z-scores: 1 divides by n - 1 instead of n.").sentence),
    ] = None,
    span: Annotated[
        str, typer.Option("--range", metavar="0,1", help=message("For min-max: the new ends.").sentence)
    ] = "0,1",
    where: Where = None,
    table: Table = None,
    query: Query = None,
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at",
            metavar="row=0,column=A",
            help=message("One value (row 0 is the first), or another column told in full.").sentence,
        ),
    ] = None,
) -> Asked:
    """Ask about :func:`workings.min_max_normalize`, :func:`workings.z_score_normalize` or a fitted scaler."""
    from workings.subjects import normalization as room

    ends = read_numbers(span, "--range")
    if len(ends) != 2:
        raise InputError(message("--range must be two numbers, such as 0,1; got {got}", got=span))
    place = read_place(at or [], first="row")
    if _NUMBERS.fullmatch(values):
        numbers = read_numbers(values, "X")
        if method == "z-score":
            return Asked(room.z_score_normalize, (numbers,), {"ddof": ddof or 0}, at=place)
        return Asked(room.min_max_normalize, (numbers, (ends[0], ends[1])), at=place)
    if ddof:
        raise InputError(message("--ddof is for numbers typed in; the scaler that a file is given to divides by n"))
    from workings.subjects.normalization.estimators import MinMaxScaler, StandardScaler

    found = read_columns(values, split_names(columns), where=where, table=table, query=query)
    if all(_NUMBERS.fullmatch(name) for name in found):
        # Numbers sent through a pipe, one to a line, would lose the first without a word.
        note(message("the first row, {names}, is taken for the names of the columns", names=", ".join(found)))
    X = np.column_stack([numbers_of(column, name).astype(np.float64) for name, column in found.items()])
    scaler: Any = StandardScaler() if method == "z-score" else MinMaxScaler((ends[0], ends[1]))
    return Asked(scaler.fit(X), (X,), {"names": list(found)}, at=place)
