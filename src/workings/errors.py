"""The exceptions and warnings of Workings, all of which speak the reader's language.

Each is raised with a :class:`~workings.language.Message`, kept as data: ``str(error)`` renders it in the
language that is active when it is read.
"""

from __future__ import annotations

from workings.language import Message

__all__ = [
    "ConvergenceWarning",
    "DataError",
    "FormulaError",
    "InputError",
    "ModelError",
    "UndefinedWarning",
    "WorkingError",
    "WorkingsError",
    "WorkingsWarning",
]


class WorkingsError(ValueError):
    """Something cannot be computed as asked; the text says what must be, what was found and what to try."""

    def __init__(self, text: Message | str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return str(self.text)


class InputError(WorkingsError):
    """An argument is outside what the function is defined for."""


class DataError(WorkingsError):
    """A table, file or database is not what the computation needs."""


class ModelError(WorkingsError):
    """A model file cannot be trusted or does not fit the data."""


class FormulaError(WorkingsError):
    """Formula text cannot be read, or a formula cannot be made of what was given.

    Parameters
    ----------
    text
        What must be, what was found and what to try.
    line, column
        Where in the formula's text, counted from 1; None where no place in a text is meant.
    picture
        The line and a mark below the place, for a terminal; "" where no place is meant.
    """

    def __init__(
        self, text: Message | str, *, line: int | None = None, column: int | None = None, picture: str = ""
    ) -> None:
        super().__init__(text)
        self.line = line
        self.column = column
        self.picture = picture

    def __str__(self) -> str:
        return f"{self.text}\n{self.picture}" if self.picture else str(self.text)


class WorkingError(WorkingsError):
    """A line of a working disagrees with the value that was computed."""


class WorkingsWarning(UserWarning):
    """Something was done that the reader should know of; the text is a Message."""

    def __init__(self, text: Message | str) -> None:
        super().__init__(text)
        self.text = text

    def __str__(self) -> str:
        return str(self.text)


class UndefinedWarning(WorkingsWarning):
    """A value is mathematically undefined (0/0, one class) and is given as NaN; the text names the cause."""


class ConvergenceWarning(WorkingsWarning):
    """An iteration stopped before it arrived; the text says where and why."""
