"""The classes in a label or target column: which values there are, which one is the positive, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from workings.errors import DataError
from workings.language import Message, message

__all__ = ["Label", "Orientation", "choose_positive", "find_label", "list_labels", "no_such_label", "show_label"]

Label = bool | int | float | str

# Pairs of words of which the second says yes. A pair counts only whole: "true" beside "maybe" says nothing.
_NO_AND_YES = (
    ("no", "yes"),
    ("n", "y"),
    ("false", "true"),
    ("f", "t"),
    ("negative", "positive"),
    ("neg", "pos"),
    ("-", "+"),
    ("absent", "present"),
    ("아니요", "예"),
    ("아니오", "예"),
    ("거짓", "참"),
    ("음성", "양성"),
)
_LISTED = 6


@dataclass(frozen=True)
class Orientation:
    """Which value of a label is the positive one.

    Attributes
    ----------
    positive, negative
        The two values. With more than two, ``negative`` is None: every other value is negative.
    why
        The rule that decided, for the reader.
    """

    positive: Label
    negative: Label | None
    why: Message

    @property
    def shown(self) -> tuple[str | None, str]:
        """The negative (None where it is several values) and the positive class, as a reader writes them."""
        return None if self.negative is None else show_label(self.negative), show_label(self.positive)


def choose_positive(values: Sequence[Label], column: str, asked: Label | None = None) -> Orientation:
    """Decide which of a label's values is positive, by the first of these rules that applies.

    1. What ``asked`` names. 2. ``true`` of the booleans. 3. The larger of two numbers (1 of 0 and 1). 4. The yes of a
    pair such as no/yes, negative/positive, 거짓/참, in any case of letters. 5. The later of two texts in the order of
    their characters, as scikit-learn orders classes.

    Parameters
    ----------
    values
        The different values of the column: two, or more where one of them is ``asked`` for.
    column
        The column's name, for the message.
    asked
        The value that the user named, as itself or as text.

    Returns
    -------
    Orientation
        The choice and its reason.

    Raises
    ------
    DataError
        If ``asked`` is not among the values, or there are more than two and none was asked for.

    Examples
    --------
    >>> from workings.study.labels import choose_positive
    >>> choose_positive(["yes", "no"], "ill").positive
    'yes'
    >>> str(choose_positive([0, 1], "ill").why)
    'it is the larger of the two numbers'
    """
    if asked is not None:
        positive = find_label(asked, values)
        if positive is None:
            raise DataError(no_such_label(asked, values, column))
        others = [value for value in values if value != positive]
        return Orientation(positive, others[0] if len(others) == 1 else None, message("you named it"))
    if len(values) != 2:
        raise DataError(
            message(
                'label column "{column}": must have two values, of which one is the positive; got {count} ({values}); '
                "say which one is positive with --positive (positive=), the others are then negative",
                column=column,
                count=len(values),
                values=list_labels(values),
            )
        )
    low, high = sorted(values, key=_order)
    if isinstance(high, bool):
        return Orientation(high, low, message("it is the true of the two booleans"))
    if not isinstance(high, str):
        return Orientation(high, low, message("it is the larger of the two numbers"))
    for no, yes in _NO_AND_YES:
        if {str(low).strip().lower(), high.strip().lower()} == {no, yes}:
            positive, negative = (high, low) if high.strip().lower() == yes else (low, high)
            return Orientation(positive, negative, message("it is the word that says yes"))
    return Orientation(high, low, message("it comes later in the alphabet"))


def find_label(asked: Label, values: Sequence[Label]) -> Label | None:
    """Return the value that the user means by ``asked``: equal to it, or written as it is; None where none is.

    Examples
    --------
    >>> find_label("1", [0.0, 1.0]), find_label("True", [False, True]), find_label("maybe", ["no", "yes"])
    (1.0, True, None)
    """
    for value in values:
        if type(value) is type(asked) and value == asked:
            return value
    written = show_label(asked)
    for value in values:
        if show_label(value) == (written.lower() if isinstance(value, bool) else written):
            return value
    return None


def no_such_label(asked: Label, values: Sequence[Label], column: str) -> Message:
    """Return what to say when no row holds the value asked for; the nearest is named."""
    written = show_label(asked)
    near = get_close_matches(written, [show_label(value) for value in values], n=1, cutoff=0.5)
    if near:
        return message(
            'label column "{column}": no row holds the value "{asked}"; did you mean "{near}"?',
            column=column,
            asked=written,
            near=near[0],
        )
    return message(
        'label column "{column}": no row holds the value "{asked}"; it holds {values}; name one of them',
        column=column,
        asked=written,
        values=list_labels(values),
    )


def show_label(value: Any) -> str:
    """Return a label as a reader writes it: ``true``, ``1`` (also for 1.0), ``benign``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def list_labels(values: Sequence[Label]) -> str:
    """Return the first few labels in one line: ``a, b, c, …``."""
    shown = [show_label(value) for value in values[:_LISTED]]
    return ", ".join([*shown, "…"] if len(values) > _LISTED else shown)


def _order(value: Label) -> tuple[bool, Any]:
    return (isinstance(value, str), value)
