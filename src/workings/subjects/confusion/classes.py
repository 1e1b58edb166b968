"""Class labels at the door: one comparable type for all of them, and which class is the positive one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.arrays import as_labels, parallel_blocks
from workings.errors import InputError
from workings.language import message
from workings.subjects.confusion.scores import refuse_infinite

__all__ = ["LabelTypeError", "as_classes", "is_text", "plain", "positive_rows", "rows_of_greater", "same_kind"]

# Every integer up to here is a float64 of its own.
_LARGEST_EXACT = 2**53

# From so many rows on the compiled loop is worth loading.
_KERNEL_ROWS = 1 << 18
_SAMPLE = 1024


class LabelTypeError(InputError, TypeError):
    """Labels of a type that cannot be classes; scikit-learn raises a TypeError for them."""


def as_classes(values: ArrayLike, *, function: str, argument: str) -> NDArray[Any]:
    """Return labels as a one-dimensional array of integers, booleans or text.

    Whole floats become integers (1.0 is the class 1); objects become what they all are.

    Raises
    ------
    InputError
        If a label is missing, a fraction, infinite, neither number nor text, or text stands among numbers.
    """
    if np.ndim(values) == 2 and np.shape(values)[1] > 1:
        raise InputError(
            message(
                "multilabel-indicator format is not supported. {function}: {argument} must be one column of classes; "
                "got a table of shape {shape}; take one column a label",
                function=function,
                argument=argument,
                shape=str(np.shape(values)),
            )
        )
    labels = as_labels(values, function=function, argument=argument)
    if labels.dtype.kind == "U" and isinstance(values, list | tuple):
        # NumPy has made text of any number in the list; what stood there is asked again.
        labels = as_labels(np.asarray(values, object), function=function, argument=argument)
    kind = labels.dtype.kind
    if labels.dtype == np.uint64:
        return _from_unsigned(labels, function=function, argument=argument)
    if kind in "biuU":
        return labels
    if kind == "O":
        return _from_objects(labels, function=function, argument=argument)
    if kind == "T":
        return labels.astype(np.str_)
    if kind == "f":
        return _from_floats(labels, function=function, argument=argument)
    if kind == "S":
        raise _bytes_error(function, argument)
    raise InputError(
        message(
            "{function}: {argument} must hold classes as numbers, booleans or text; got {dtype}; "
            "convert the labels first",
            function=function,
            argument=argument,
            dtype=str(labels.dtype),
        )
    )


def is_text(labels: NDArray[Any]) -> bool:
    """Return whether the classes are text."""
    return labels.dtype.kind == "U"


def same_kind(function: str, **arrays: NDArray[Any]) -> None:
    """Raise InputError if some of the named arrays hold text and others numbers (empty ones hold neither)."""
    kinds = {name: is_text(array) for name, array in arrays.items() if array.size}
    if len(set(kinds.values())) > 1:
        raise InputError(
            message(
                "Mix of label input types (string and number). {function}: all labels must be of one kind; "
                "got text in {text} and numbers in {numbers}; convert one of them",
                function=function,
                text=", ".join(name for name, text in kinds.items() if text),
                numbers=", ".join(name for name, text in kinds.items() if not text),
            )
        )


def plain(labels: NDArray[Any]) -> tuple[Any, ...]:
    """Return labels as Python's own integers, booleans or strings."""
    return tuple(labels.tolist())


def positive_rows(y_true: ArrayLike, pos_label: Any, *, function: str) -> tuple[NDArray[np.bool_], tuple[Any, Any]]:
    """Return which rows belong to the positive class, and the two classes' labels (negative, positive).

    The rule is scikit-learn's: without ``pos_label`` the classes must be {0, 1} or {-1, 1} (or booleans), and 1 is
    positive; with it, every other class counts as negative.

    Raises
    ------
    InputError
        If the labels are text or other numbers and ``pos_label`` is not given, or as :func:`as_classes`.
    """
    labels = as_classes(y_true, function=function, argument="y_true")
    if labels.dtype.kind == "b" and (pos_label is None or pos_label in (0, 1)):
        wanted = pos_label is None or bool(pos_label)
        return labels if wanted else ~labels, (not wanted, wanted)
    if pos_label is None:
        return _of_usual_numbers(labels, function=function)
    if is_text(labels) != isinstance(pos_label, str):
        positive = np.zeros(labels.shape, np.bool_)
    else:
        positive = labels == pos_label
    return positive, (_only_other(labels, positive), pos_label)


def rows_of_greater(labels: NDArray[Any]) -> NDArray[np.bool_] | None:
    """Return which rows are of the greater class; None where there are more than two classes.

    Where all rows are of one class, they are of the greater.
    """
    if not labels.size:
        return np.zeros(0, np.bool_)
    if labels.dtype.kind == "b":
        return labels
    if labels.dtype.kind in "iu":
        some = labels[:: max(1, labels.size // _SAMPLE)]
        positive = _rows_of(labels, int(some.min()), int(some.max()))
        if positive is not None:
            return positive
        return _rows_of(labels, int(labels.min()), int(labels.max()))
    present = np.unique(labels)
    return labels == present[-1] if len(present) <= 2 else None


def _rows_of(labels: NDArray[Any], low: int, high: int) -> NDArray[np.bool_] | None:
    """Return which whole numbers are ``high``; None where there is any other number than ``low`` beside them."""
    if labels.size < _KERNEL_ROWS:
        positive = labels == high
        return positive if (positive | (labels == low)).all() else None
    from workings.subjects.confusion.kernel import mark_class

    marked = np.empty(labels.shape, np.bool_)
    strangers = parallel_blocks(
        lambda start, stop: mark_class(labels[start:stop], low, high, marked[start:stop]), labels.size
    )
    return None if any(strangers) else marked


def _only_other(labels: NDArray[Any], positive: NDArray[np.bool_]) -> Any:
    """Return the label of the rows that are not positive, or None where they have several or there are none."""
    first = int(np.argmin(positive)) if positive.size else 0
    if not positive.size or positive[first]:
        return None
    same = np.count_nonzero(labels == labels[first])
    return labels[first].item() if same + np.count_nonzero(positive) == labels.size else None


def _of_usual_numbers(labels: NDArray[Any], *, function: str) -> tuple[NDArray[np.bool_], tuple[Any, Any]]:
    if not is_text(labels):
        for negative in (0, -1):
            positive = _rows_of(labels, negative, 1)
            if positive is not None:
                return positive, (negative, 1)
    found = plain(np.unique(labels))
    if len(found) > 2:
        raise InputError(
            message(
                "multiclass format is not supported. {function}: y_true must have two classes; got {count}: {classes}; "
                "pass pos_label to hold one class against the rest",
                function=function,
                count=len(found),
                classes=_some(found),
            )
        )
    raise InputError(
        message(
            "y_true takes value in {{{classes}}} and pos_label is not specified: either make y_true take value in "
            "{{0, 1}} or {{-1, 1}} or pass pos_label explicitly. {function}: it is not known which class is positive",
            classes=_some(found),
            function=function,
        )
    )


def _some(labels: tuple[Any, ...]) -> str:
    shown = ", ".join(repr(label) for label in labels[:10])
    return shown if len(labels) <= 10 else f"{shown}, …"


def _bytes_error(function: str, argument: str) -> LabelTypeError:
    return LabelTypeError(
        message(
            "Support for labels represented as bytes is not supported. {function}: {argument} must hold classes as "
            "numbers, booleans or text; got bytes; decode them first, as in labels.astype(str)",
            function=function,
            argument=argument,
        )
    )


def _from_objects(labels: NDArray[Any], *, function: str, argument: str) -> NDArray[Any]:
    kinds = {type(label) for label in labels.tolist()}
    if all(issubclass(kind, str) for kind in kinds):
        return labels.astype(np.str_)
    if any(issubclass(kind, str) for kind in kinds):
        raise InputError(
            message(
                "Mix of label input types (string and number). {function}: {argument} must hold labels of one kind; "
                "got {kinds}; convert them all to text or all to numbers",
                function=function,
                argument=argument,
                kinds=", ".join(sorted(kind.__name__ for kind in kinds)),
            )
        )
    if any(issubclass(kind, bytes) for kind in kinds):
        raise _bytes_error(function, argument)
    numbers = np.asarray(labels.tolist()) if labels.size else np.zeros(0, np.int64)
    if kinds and all(issubclass(kind, Decimal) for kind in kinds) and not any(label % 1 for label in labels):
        # Decimals of a database that are whole numbers; others would be refused as floats are.
        numbers = np.asarray([int(label) for label in labels])
    if numbers.dtype.kind == "O":
        raise InputError(
            message(
                "{function}: {argument} must hold classes as numbers, booleans or text; got {kinds}; "
                "convert the labels first",
                function=function,
                argument=argument,
                kinds=", ".join(sorted(kind.__name__ for kind in kinds)),
            )
        )
    return as_classes(numbers, function=function, argument=argument)


def _from_unsigned(labels: NDArray[Any], *, function: str, argument: str) -> NDArray[np.int64]:
    # Beside int64 labels NumPy would turn them into floats, in which large ones are no longer different.
    if labels.size and int(labels.max()) > np.iinfo(np.int64).max:
        raise InputError(
            message(
                "{function}: {argument} must fit 64 bits with a sign; got {value}; convert the labels to text first",
                function=function,
                argument=argument,
                value=int(labels.max()),
            )
        )
    return labels.astype(np.int64)


def _from_floats(labels: NDArray[Any], *, function: str, argument: str) -> NDArray[Any]:
    with np.errstate(invalid="ignore"):
        whole = labels.astype(np.int64)
    wrong = (whole != labels) | (np.abs(labels).astype(np.float64, copy=False) > _LARGEST_EXACT)
    if wrong.any():
        row = int(np.argmax(wrong))
        if np.isinf(labels).any():
            refuse_infinite(labels, function=function, argument=argument)
        raise InputError(
            message(
                "continuous format is not supported. {function}: {argument} must hold classes; got {value} "
                "in row {row}; turn scores into decisions first, as in score >= 0.5",
                function=function,
                argument=argument,
                value=str(labels[row]),
                row=row,
            )
        )
    return whole
