"""The sigmoid on the command line: one score or more."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from workings.cli.asked import Asked, question, read_numbers, read_place
from workings.language import message

__all__ = ["sigmoid"]


@question(
    "sigmoid",
    explains=message("Turn scores into probabilities, and those into decisions."),
    draws=message("Draw the S curve with your scores on it."),
)
def sigmoid(
    scores: Annotated[
        str,
        typer.Argument(metavar="X", help=message('One score or more, as "0.7" or "-2 0 2".').sentence),
    ],
    *,
    of: Annotated[
        Literal["sigmoid", "derivative", "logit", "log-sigmoid"],
        typer.Option(
            "--of", help=message("Of which function: the sigmoid, its slope, its inverse or its logarithm.").sentence
        ),
    ] = "sigmoid",
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at",
            metavar="threshold=0.5",
            help=message("The threshold of a decision; of several scores which one, index=0 being the first.").sentence,
        ),
    ] = None,
) -> Asked:
    """Ask about :func:`workings.sigmoid`, its slope, its inverse or its logarithm."""
    from workings.subjects import sigmoid as room

    numbers = read_numbers(scores, "X")
    functions = {
        "sigmoid": room.sigmoid,
        "derivative": room.sigmoid_derivative,
        "logit": room.logit,
        "log-sigmoid": room.log_sigmoid,
    }
    return Asked(functions[of], (numbers if len(numbers) > 1 else numbers[0],), at=read_place(at or [], first="index"))
