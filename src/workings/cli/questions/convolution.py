"""A convolution on the command line: two rows of numbers, or an image and a kernel as tables of them."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import typer

from workings.cli.asked import Asked, question
from workings.errors import InputError
from workings.language import message

__all__ = ["convolution"]

_WHOLE = re.compile(r"[-+]?\d{1,19}")
# A whole number, or first, last and step as in Python's brackets.
_PLACE = re.compile(r"[-+]?\d{1,19}|(?:[-+]?\d{1,19})?(?::(?:[-+]?\d{1,19})?){1,2}")


@question(
    "convolution",
    explains=message("Slide a kernel over a signal or an image: every product and every sum."),
    draws=message("Draw a signal or an image, a kernel that slides over it, and what comes out."),
)
def convolution(
    signal: Annotated[
        str,
        typer.Argument(
            metavar="SIGNAL",
            help=message('Numbers: "1 2 3 4"; the rows of an image stand between semicolons.').sentence,
        ),
    ],
    kernel: Annotated[str, typer.Argument(metavar="KERNEL", help=message('Likewise: "1 0 -1".').sentence)],
    *,
    mode: Annotated[
        Literal["full", "same", "valid"],
        typer.Option(
            "--mode",
            help=message(
                "Every position at which the two overlap, as many as the signal has, or only where one lies wholly "
                "inside the other."
            ).sentence,
        ),
    ] = "full",
    method: Annotated[
        Literal["auto", "direct", "fft", "overlap-add"],
        typer.Option("--method", help=message("By sums of products, or by Fourier transforms.").sentence),
    ] = "auto",
    correlate: Annotated[
        bool, typer.Option("--correlate", help=message("Leave the kernel as it lies: the cross-correlation.").sentence)
    ] = False,
    at: Annotated[
        str | None,
        typer.Option(
            "--at",
            metavar="N",
            help=message(
                "One value in full, counted from 0; of an image 1,2 (row, column). 0:9 gives nine as a table, : all."
            ).sentence,
        ),
    ] = None,
) -> Asked:
    """Ask about :func:`workings.convolve` or :func:`workings.correlate`."""
    from workings.subjects import convolution as room

    arrays = _read_rows(signal, "SIGNAL"), _read_rows(kernel, "KERNEL")
    place = [] if at is None else _read_place(at)
    return Asked(room.correlate if correlate else room.convolve, (*arrays, mode, method), place=place)


def _read_rows(text: str, name: str) -> list[Any]:
    """Return the numbers in ``1 2 3``, or the rows of ``1 2; 3 4``; whole ones are integers."""
    rows = [[_number(word, name) for word in re.split(r"[\s,]+", row.strip())] for row in text.split(";")]
    if len({len(row) for row in rows}) > 1:
        raise InputError(
            message(
                "{argument} must have rows of one length; got {lengths}",
                argument=name,
                lengths=", ".join(str(len(row)) for row in rows),
            )
        )
    return rows if len(rows) > 1 else rows[0]


def _number(word: str, name: str) -> int | float | complex:
    plain = word.replace("−", "-")
    try:
        if _WHOLE.fullmatch(plain):
            return int(plain)
        return complex(plain.replace("i", "j")) if plain.endswith(("i", "j")) else float(plain)
    except ValueError:
        raise InputError(
            message(
                "argument {argument} must be numbers with spaces between them and semicolons between rows, such as "
                "{example}; got {got}",
                argument=name,
                example="1 2; 3 4",
                got=repr(word),
            )
        ) from None


def _read_place(text: str) -> list[int | slice]:
    words = [word for word in re.split(r"[\s,]+", text.strip().replace("−", "-")) if word]
    if not words or not all(_PLACE.fullmatch(word) for word in words):
        raise InputError(
            message(
                "--at must be a whole number, or several: 1,2; or some that follow one another: 0:9; got {got}",
                got=repr(text),
            )
        )
    return [_one_or_several(word) for word in words]


def _one_or_several(word: str) -> int | slice:
    ends = [int(end) if end else None for end in word.split(":")]
    return slice(*ends) if len(ends) > 1 else int(word)
