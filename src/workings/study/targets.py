"""What is to be predicted: a number or a class, decided by a stated rule from what the column holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workings.errors import DataError, InputError
from workings.language import Message, message
from workings.study.features import coded, kind_of_column, missing_rows, numbers_of, show_kind
from workings.study.labels import Label, choose_positive, show_label
from workings.study.model import ModelKind, Target

__all__ = ["MOST_CLASSES", "ReadTarget", "read_target"]

MOST_CLASSES = 50
_MOST_WHOLE_NUMBERS, _ROWS_A_NUMBER = 10, 10


@dataclass(frozen=True, eq=False)
class ReadTarget:
    """The target column, read.

    Attributes
    ----------
    target
        Its name, kind, classes and positive class.
    kind
        The kind of model for it, and in ``why`` the rule that decided.
    values
        The number of each row, or the place of its class in ``target.classes``; shape (rows,). Where ``missing`` is
        True the value means nothing.
    positive_reason
        Of two classes, why the positive one is.
    """

    target: Target
    kind: ModelKind
    why: Message
    values: NDArray[Any]
    missing: NDArray[np.bool_]
    positive_reason: Message | None = None


def read_target(
    column: Any, name: str, asked: Literal["auto", "linear", "logistic"], positive: Label | None = None
) -> ReadTarget:
    """Decide what kind of model a target column is for, and read it.

    With "auto", the first of these that applies: text and booleans are classes; two different numbers are classes;
    whole numbers with at most 10 different values, each in 10 rows or more on average, are classes; other numbers are
    numbers. Classes are ordered: numbers by size, text by its characters, false before true.

    Parameters
    ----------
    column
        An Arrow array.
    name
        The column's name.
    asked
        The kind that was asked for.
    positive
        Of two classes, the one that was asked to be the positive one.

    Raises
    ------
    DataError
        If the column is neither numbers, booleans nor text, holds one value in every row, more than 50 classes, a class
        in a single row, or an infinite number.
    InputError
        If the kind that was asked for does not fit, or ``positive`` is given where there are not two classes.
    """
    holds = kind_of_column(column.type)
    if holds is None or holds == "date":
        raise DataError(
            message(
                'target column "{column}": must hold numbers, text or true and false; got {kind}; name another column',
                column=name,
                kind=show_kind(holds, column.type),
            )
        )
    missing = missing_rows(column)
    codes, found = coded(column)
    present = sorted({int(code) for code in codes[~missing]})
    values: list[Any] = [found[code] for code in present]
    if len(values) < 2:
        raise DataError(_no_variation(name, values))
    kind, why = _decide(asked, holds, values, len(missing) - int(missing.sum()))
    if kind == "linear":
        if holds != "number":
            raise InputError(
                message(
                    'fit: kind must be "logistic" for the target "{column}", which holds {kind}; got "linear"; '
                    "leave --kind (kind=) out",
                    column=name,
                    kind=show_kind(holds),
                )
            )
        if positive is not None:
            raise InputError(_no_classes(name))
        return ReadTarget(Target(name, holds), kind, why, numbers_of(column, holds, name), missing)
    if len(values) > MOST_CLASSES:
        raise DataError(
            message(
                'target column "{column}": must have at most {most} classes; got {count} different values; '
                "name another column, or for numbers use --kind linear",
                column=name,
                most=MOST_CLASSES,
                count=len(values),
            )
        )
    order = sorted(range(len(values)), key=lambda place: values[place])
    classes: tuple[Label, ...] = tuple(values[place] for place in order)
    places = np.full(len(found) + 1, -1, np.intp)
    for rank, place in enumerate(order):
        places[present[place]] = rank
    ranks = places[codes]
    _refuse_lonely_classes(name, classes, np.bincount(ranks[~missing], minlength=len(classes)))
    if len(classes) > 2:
        if positive is not None:
            raise InputError(_no_classes(name))
        return ReadTarget(Target(name, holds, classes), kind, why, ranks, missing)
    chosen = choose_positive(classes, name, positive)
    return ReadTarget(Target(name, holds, classes, chosen.positive), kind, why, ranks, missing, chosen.why)


def _decide(asked: str, holds: str, values: list[Any], rows: int) -> tuple[ModelKind, Message]:
    if asked == "linear":
        return "linear", message("you asked for a linear model")
    if asked == "logistic":
        return "logistic", message("you asked for a logistic model")
    if holds == "boolean":
        return "logistic", message("it holds true and false")
    if holds == "text":
        return "logistic", message("it holds text")
    if len(values) == 2:
        return "logistic", message("it holds two different numbers")
    whole = len(values) <= _MOST_WHOLE_NUMBERS and all(float(value).is_integer() for value in values)
    if whole and rows >= _ROWS_A_NUMBER * len(values):
        return "logistic", message("it holds {count} different whole numbers, each in many rows", count=len(values))
    return "linear", message("it holds many different numbers")


def _refuse_lonely_classes(name: str, classes: tuple[Label, ...], counts: NDArray[np.intp]) -> None:
    for label, count in zip(classes, counts, strict=True):
        if count < 2:
            raise DataError(
                message(
                    'target column "{column}": each class must have two rows or more, one to fit on and one to judge '
                    'by; "{value}" has one; add rows or leave it out with --where (where=)',
                    column=name,
                    value=show_label(label),
                )
            )


def _no_variation(name: str, values: list[Any]) -> Message:
    if not values:
        return message('target column "{column}": holds no value in any row; name another column', column=name)
    return message(
        'target column "{column}": must vary, or there is nothing to predict; got "{value}" in every row; '
        "name another column",
        column=name,
        value=show_label(values[0]),
    )


def _no_classes(name: str) -> Message:
    return message(
        'fit: positive must be left out for the target "{column}", which does not have two classes; remove it',
        column=name,
    )
