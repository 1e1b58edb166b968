"""The ROC curve on the command line: the truth in one column, scores in another, a second score beside."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from workings.cli.asked import Asked, question, read_place
from workings.cli.options import Compared, File, Query, Table, Weight, Where
from workings.cli.questions.columns import labels_of, numbers_of, read_pair
from workings.cli.questions.confusion import Label, Positive, Score, positive_of
from workings.errors import InputError
from workings.language import message

__all__ = ["roc"]


@question(
    "roc",
    explains=message("Go through every threshold of a score: the ROC curve, its area, its interval."),
    draws=message("Draw the ROC curve with its band, and a threshold to move."),
)
def roc(
    file: File,
    *,
    label: Label = None,
    score: Score = None,
    compare: Compared = None,
    positive: Positive = None,
    weight: Weight = None,
    where: Where = None,
    table: Table = None,
    query: Query = None,
    at: Annotated[
        list[str] | None,
        typer.Option("--at", metavar="threshold=0.5", help=message("The matrix at one threshold.").sentence),
    ] = None,
) -> Asked:
    """Ask about :func:`workings.roc_curve` or :func:`workings.compare_auc`."""
    from workings.subjects import roc as room

    if compare and weight:
        raise InputError(message("--compare and --weight: the paired test is one of rows that count alike; leave one"))
    label, score, found = read_pair(file, label, score, [compare, weight], where=where, table=table, query=query)
    truth, scores = labels_of(found[label]), numbers_of(found[score], score)
    options: dict[str, Any] = {"pos_label": positive_of(truth, label, positive)}
    place = read_place(at or [], first="threshold")
    if compare:
        return Asked(room.compare_auc, (truth, scores, numbers_of(found[compare], compare)), options, at=place)
    if weight:
        options["sample_weight"] = numbers_of(found[weight], weight)
    return Asked(room.roc_curve, (truth, scores), options, at=place)
