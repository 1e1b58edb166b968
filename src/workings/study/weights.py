"""Columns of weights: what they may hold, for every verb alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.data import Table
from workings.errors import DataError
from workings.language import Message, message
from workings.study.features import kind_of_column, numbers_of, show_kind
from workings.study.labels import Label, show_label

__all__ = ["check_kind", "check_not_negative", "check_total", "check_training", "read_weights"]

# The rooms below multiply sums of weights with each other: between these, no product is too large or vanishes.
_LEAST, _MOST = 1e-150, 1e150


def check_kind(rows: Table, column: str) -> None:
    """Refuse a weight column that holds neither numbers nor booleans, which count 0 and 1."""
    dtype = rows.schema.field(column).type
    kind = kind_of_column(dtype)
    if kind not in {"number", "boolean"}:
        raise DataError(
            message(
                'weight column "{column}": must hold numbers; got {kind}; name another column',
                column=column,
                kind=show_kind(kind, dtype),
            )
        )


def read_weights(values: Any, column: str) -> NDArray[np.float64]:
    """Return the weights in an Arrow column, NaN where one is missing, after checking them."""
    weights = numbers_of(values, "boolean" if kind_of_column(values.type) == "boolean" else "number", column)
    negative = np.flatnonzero(weights < 0)
    check_not_negative(column, len(negative), ", ".join(str(row + 1) for row in negative[:1].tolist()))
    with np.errstate(over="ignore"):
        check_total(column, float(np.nansum(weights)))
    return weights


def check_not_negative(column: str, count: int, rows: str) -> None:
    """Refuse weights of which ``count`` are negative, the first of them in ``rows``."""
    if count:
        raise DataError(
            message(
                'weight column "{column}": must not be negative; {count} below zero (row {rows}); '
                "correct them or name another column",
                column=column,
                count=count,
                rows=rows,
            )
        )


def check_total(column: str, total: float) -> None:
    """Refuse weights that add up to nothing, or to what cannot be computed with."""
    if total == 0:
        raise DataError(
            message('weight column "{column}": must not be zero in every row; give some rows a weight', column=column)
        )
    if not _LEAST <= total <= _MOST:
        raise DataError(
            message(
                'weight column "{column}": must add up to a number between {least} and {most}; got {total}; '
                "multiply all weights by one number",
                column=column,
                least=f"{_LEAST:g}",
                most=f"{_MOST:g}",
                total=f"{total:.4g}",
            )
        )


def check_training(
    column: str,
    weights: tuple[NDArray[np.float64], NDArray[np.float64]],
    values: NDArray[Any],
    classes: Sequence[Label],
) -> None:
    """Refuse weights that leave nothing to fit on, or nothing to judge by.

    Parameters
    ----------
    column
        The weight column's name.
    weights
        Of the training rows, and of the rows held out.
    values
        The place of each training row's class in ``classes``, where there are classes.
    classes
        The classes, none where a number is predicted.

    Raises
    ------
    DataError
        If all training rows, or all of one class, have the weight zero; where there are classes also if all rows held
        out have (a number is judged without weights).
    """
    train, test = weights
    for place, label in enumerate(classes):
        if not train[values == place].any():
            raise DataError(
                message(
                    'weight column "{column}": must not be zero in every training row of a class, of which nothing '
                    'could then be learnt; it is for "{value}"; give some of its rows a weight, or leave them out with '
                    "--where (where=)",
                    column=column,
                    value=show_label(label),
                )
            )
    if not train.any():
        raise DataError(_weightless(column, message("the training rows")))
    if classes and not test.any():
        raise DataError(_weightless(column, message("the rows held out")))


def _weightless(column: str, rows: Message) -> Message:
    return message(
        'weight column "{column}": must not be zero in all of {rows}; give some of them a weight, or choose another '
        "--seed (seed=)",
        column=column,
        rows=rows,
    )
