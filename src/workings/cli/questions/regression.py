"""Regression on the command line: a line fitted to columns of a file, by descent or exactly."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
import typer

from workings.cli.asked import Asked, question, read_place
from workings.cli.options import File, Query, Table, Where, split_names
from workings.cli.questions.columns import numbers_of, read_columns
from workings.errors import InputError
from workings.language import message

__all__ = ["regression"]


@question(
    "regression",
    explains=message("Fit a line, or a logistic curve, by gradient descent: cost, partial derivatives, steps."),
    draws=message("Draw the rows with the fitted line, and the way the descent took."),
)
def regression(
    file: File,
    *,
    x: Annotated[list[str], typer.Option("--x", metavar="A,B", help=message("Columns to predict from.").sentence)],
    y: Annotated[str, typer.Option("--y", metavar="COL", help=message("Column to predict.").sentence)],
    kind: Annotated[
        Literal["auto", "linear", "logistic"],
        typer.Option("--kind", help=message("A number, classes, or by the target.").sentence),
    ] = "auto",
    solver: Annotated[
        Literal["gradient-descent", "exact"],
        typer.Option("--solver", help=message("How it is fitted; exact is Newton's method for classes.").sentence),
    ] = "gradient-descent",
    iterations: Annotated[
        int, typer.Option("--iterations", metavar="N", help=message("Steps of the descent at most.").sentence)
    ] = 10_000,
    where: Where = None,
    table: Table = None,
    query: Query = None,
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at",
            metavar="row=0",
            help=message("One prediction (row 0 is the first), or one coefficient, coefficient=A.").sentence,
        ),
    ] = None,
) -> Asked:
    """Ask about a fitted :class:`workings.LinearRegression` or :class:`workings.LogisticRegression`."""
    from workings.study.targets import read_target
    from workings.subjects.regression.estimators import LinearRegression, LogisticRegression

    names = split_names(x) or []
    if not names or y in names:
        raise InputError(message("--x must name columns, and not the one that --y predicts; got {x}", x=", ".join(x)))
    found = read_columns(file, [*names, y], where=where, table=table, query=query)
    X = np.column_stack([numbers_of(found[name], name).astype(np.float64) for name in names])
    target = read_target(found[y], y, kind)
    by_descent = solver == "gradient-descent"
    model: Any
    if target.kind == "linear":
        model = LinearRegression(solver="gradient_descent" if by_descent else "exact", max_iter=iterations)
        values = target.values
    else:
        model = LogisticRegression(solver="gradient_descent" if by_descent else "newton", max_iter=iterations)
        values = np.asarray(target.target.classes)[target.values]
    model.fit(X, values)
    return Asked(model, (X, values), {"names": names}, at=read_place(at or [], first="row"))
