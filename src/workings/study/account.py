"""What was done to the rows on their way to a number: read, left out, encoded, split. Nothing is done silently."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workings.language import Message
from workings.working import Explainable

__all__ = ["DataAccount", "Dropped", "Encoded", "Filled", "Omitted", "SplitAccount", "SplitGroup"]


@dataclass(frozen=True)
class Dropped:
    """Rows that were left out, and why.

    Attributes
    ----------
    reason, count
        Why, and how many.
    first_rows
        The numbers of the first few; the first row of data is row 1.
    """

    reason: Message
    count: int
    first_rows: tuple[int, ...]

    @property
    def first_rows_in_words(self) -> str:
        """The first rows, with an ellipsis where there are more."""
        return ", ".join([*map(str, self.first_rows), *(["…"] if self.count > len(self.first_rows) else [])])


@dataclass(frozen=True)
class Encoded:
    """A text column that became one column of 0 and 1 a category; the first category is the reference level."""

    column: str
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Filled:
    """A column whose missing values were filled: how many, and with what.

    Attributes
    ----------
    column, count, value
        The column, how many of its values in the rows used were missing, and what stands in for them.
    in_training
        How many of them are in the rows to fit on.
    present
        Of a number or date (in days): the values that the rows to fit on have, shape (k,). Their mean is ``value``.
        None where the most frequent value stands in.
    frequencies
        Where the most frequent value stands in: each value and its rows among those to fit on. Else empty.
    """

    column: str
    count: int
    value: float | str
    in_training: int = 0
    present: NDArray[np.float64] | None = field(default=None, compare=False, repr=False)
    frequencies: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Omitted:
    """A column that was left out, and why."""

    column: str
    reason: Message


@dataclass(frozen=True)
class SplitGroup:
    """A class, or all rows (then ``label`` is None), that was split by itself: its rows, and how many were held out."""

    label: str | None
    rows: int
    held_out: int


@dataclass(frozen=True)
class SplitAccount:
    """How many rows the model was fitted on and how many judged it; ``stratified`` where each class was split alike.

    Attributes
    ----------
    train, test, seed, stratified
        The rows to fit on, the rows held out, and how they were chosen.
    test_size
        The share that was to be held out.
    groups
        What was split by itself, with its rows before and after.
    lost
        How many rows were held out and then left out, because the model could not predict them.
    """

    train: int
    test: int
    seed: int
    stratified: bool
    test_size: float
    groups: tuple[SplitGroup, ...]
    lost: int = 0


@dataclass(frozen=True, eq=False)
class DataAccount(Explainable):
    """What was done to the rows.

    Attributes
    ----------
    source
        Where they came from.
    rows_read, rows_used
        ``rows_read = rows_used + the counts of dropped``.
    dropped, filled, encoded, omitted
        Rows left out; values filled in; text columns; columns left out.
    constant
        Terms that had one value in every training row, and so say nothing.
    classes
        Each class of the label or target and its rows among those used.
    positive_reason
        Why the positive class is the positive one.
    split, normalized, weights
        How the rows were split; how the terms were normalised; the column of weights.
    columns, terms
        How many columns of the table the model is fitted on, and how many numbers they give it for each row (a text
        column gives several, one that does not vary none); None where nothing is fitted.
    scores
        The lowest and the highest score, where scores were judged.
    """

    source: Message
    rows_read: int
    rows_used: int
    dropped: tuple[Dropped, ...] = ()
    filled: tuple[Filled, ...] = ()
    encoded: tuple[Encoded, ...] = ()
    omitted: tuple[Omitted, ...] = ()
    constant: tuple[str, ...] = ()
    classes: tuple[tuple[str, int], ...] = ()
    positive_reason: Message | None = None
    split: SplitAccount | None = None
    normalized: Message | None = None
    weights: str | None = None
    columns: int | None = None
    terms: int | None = None
    scores: tuple[float, float] | None = None
