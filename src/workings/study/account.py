"""What was done to the rows on their way to a number: read, left out, encoded, split. Nothing is done silently."""

from __future__ import annotations

from dataclasses import dataclass

from workings.language import Message

__all__ = ["DataAccount", "Dropped", "Encoded", "Filled", "Omitted", "SplitAccount"]


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
    """A column whose missing values were filled: how many, and with what."""

    column: str
    count: int
    value: float | str


@dataclass(frozen=True)
class Omitted:
    """A column that was left out, and why."""

    column: str
    reason: Message


@dataclass(frozen=True)
class SplitAccount:
    """How many rows the model was fitted on and how many judged it; ``stratified`` where each class was split alike."""

    train: int
    test: int
    seed: int
    stratified: bool


@dataclass(frozen=True, eq=False)
class DataAccount:
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
