"""The confusion matrix on the command line: the truth in one column, predictions or scores in another."""

from __future__ import annotations

from typing import Annotated, Any

import numpy as np
import typer

from workings.cli.asked import Asked, question, read_numbers, read_place
from workings.cli.options import File, Query, Table, Weight, Where
from workings.cli.questions.columns import labels_of, numbers_of, read_pair
from workings.errors import InputError
from workings.language import message

__all__ = ["Label", "Positive", "Score", "confusion"]

Label = Annotated[
    str | None,
    typer.Option(
        "--label",
        metavar="COL",
        help=message("Column of the true class; by default the first of two columns.").sentence,
    ),
]
Score = Annotated[
    str | None,
    typer.Option("--score", metavar="COL", help=message("Column of scores: larger says positive.").sentence),
]
Positive = Annotated[
    str | None, typer.Option("--positive", metavar="VALUE", help=message("The label that is positive.").sentence)
]


@question(
    "confusion",
    explains=message("Count how often the predictions are right and wrong, and every rate that follows."),
    draws=message("Draw the confusion matrix, or its cells at every threshold."),
)
def confusion(
    file: File,
    *,
    label: Label = None,
    predicted: Annotated[
        str | None,
        typer.Option("--predicted", metavar="COL", help=message("Column of predicted classes.").sentence),
    ] = None,
    score: Score = None,
    thresholds: Annotated[
        str,
        typer.Option(
            "--thresholds", metavar="T", help=message("With scores: the thresholds of the decisions.").sentence
        ),
    ] = "0.3,0.5,0.7",
    positive: Positive = None,
    weight: Weight = None,
    where: Where = None,
    table: Table = None,
    query: Query = None,
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at",
            metavar="threshold=0.5",
            help=message("With scores: one threshold; of three classes and more: one class, label=VALUE.").sentence,
        ),
    ] = None,
) -> Asked:
    """Ask about :func:`workings.confusion_matrix` or :func:`workings.threshold_table`."""
    from workings.subjects import confusion as room

    if predicted is not None and score is not None:
        raise InputError(message("--predicted and --score: name one of them; a score becomes a prediction by itself"))
    label, other, found = read_pair(file, label, predicted or score, [weight], where=where, table=table, query=query)
    truth, told = labels_of(found[label]), labels_of(found[other])
    options: dict[str, Any] = {"sample_weight": numbers_of(found[weight], weight)} if weight else {}
    if score is None and (predicted is not None or set(np.unique(told)) <= set(np.unique(truth))):
        if positive is not None or len(np.unique(truth)) == 2:
            chosen = positive_of(truth, label, positive)
            rest = [value for value in np.unique(np.concatenate([truth, told])).tolist() if value != chosen]
            options["labels"] = [*rest, chosen]
        return Asked(room.confusion_matrix, (truth, told), options, at=read_place(at or []))
    limits = read_numbers(thresholds, "--thresholds")
    options["pos_label"] = positive_of(truth, label, positive)
    return Asked(
        room.threshold_table,
        (truth, numbers_of(found[other], other), limits),
        options,
        at=read_place(at or [], first="threshold"),
    )


def positive_of(truth: Any, column: str, asked: str | None) -> Any:
    """Return which label is the positive one, by the rules of ``workings evaluate``."""
    from workings.study.labels import choose_positive

    return choose_positive(np.unique(truth).tolist(), column, asked).positive
