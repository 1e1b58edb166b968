"""The exceptions and warnings of Workings, all of which speak the reader's language.

Each is raised with a :class:`~workings.language.Message`, kept as data: ``str(error)`` renders it in the
language that is active when it is read.
"""

from __future__ import annotations

import os
import sys
import threading
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TypeVar, cast

from workings.language import Message

__all__ = [
    "ConvergenceWarning",
    "DataError",
    "FormulaError",
    "InputError",
    "ModelError",
    "NotFiniteWarning",
    "UndefinedWarning",
    "WorkingError",
    "WorkingsError",
    "WorkingsWarning",
    "filters_to_one_thread",
    "held_warnings",
    "not_converged",
    "undefined_metric",
    "warn",
]

W = TypeVar("W", bound="WorkingsWarning")

_OURS = f"{os.path.dirname(__file__)}{os.sep}"  # noqa: PTH120 -- a file is named on every import: no pathlib for it


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


class NotFiniteWarning(WorkingsWarning, RuntimeWarning):
    """NaN or infinity has spread to results that do not depend on it; the text says what keeps it local."""


_held: ContextVar[list[WorkingsWarning] | None] = ContextVar("warnings held back", default=None)


def warn(warning: WorkingsWarning) -> None:
    """Give a warning that points at the line that called the library; inside :func:`held_warnings` it is put by."""
    held = _held.get()
    if held is None:
        warnings.warn(warning, stacklevel=_outside())
    else:
        held.append(warning)


def _outside() -> int:
    """Return the ``stacklevel`` with which a warning by the caller points outside the library."""
    frame, level = sys._getframe(1), 1  # pyright: ignore[reportPrivateUsage] -- inspect has no such walk
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_OURS):
        frame, level = frame.f_back, level + 1
    return level


@contextmanager
def held_warnings() -> Generator[list[WorkingsWarning]]:
    """Put by the warnings that this thread's code gives through :func:`warn`, and yield the list of them.

    ``warnings.catch_warnings`` changes the filters of the whole process: other threads' warnings are lost in the
    meantime, and where two threads leave it in the order in which they came, those of one stay for ever.

    Examples
    --------
    >>> with held_warnings() as held:
    ...     warn(ConvergenceWarning("not yet"))
    >>> [str(warning) for warning in held]
    ['not yet']
    """
    held: list[WorkingsWarning] = []
    token = _held.set(held)
    try:
        yield held
    finally:
        _held.reset(token)


_filters = threading.RLock()


@contextmanager
def filters_to_one_thread() -> Generator[None]:
    """Let another library change the warnings' filters, as scikit-learn's checks do, in one thread at a time.

    Where two threads leave ``warnings.catch_warnings`` in the order in which they came, the filters of one stay.
    """
    with _filters:
        yield


def _after_fork() -> None:
    global _filters
    _filters = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


def undefined_metric(text: Message) -> UndefinedWarning:
    """Return the warning that a metric is undefined; it is scikit-learn's UndefinedMetricWarning too, for its filters.

    Examples
    --------
    >>> import warnings
    >>> from sklearn.exceptions import UndefinedMetricWarning
    >>> from workings.language import message
    >>> isinstance(undefined_metric(message("recall is 0/0")), UndefinedMetricWarning)
    True
    """
    return _for_filters_of_scikit_learn(UndefinedWarning, "UndefinedMetricWarning")(text)


def not_converged(text: Message) -> ConvergenceWarning:
    """Return the warning that an estimator's iteration stopped early; it is scikit-learn's of that name too."""
    return _for_filters_of_scikit_learn(ConvergenceWarning, "ConvergenceWarning")(text)


def _for_filters_of_scikit_learn(ours: type[W], name: str) -> type[W]:
    # scikit-learn is not imported for this: who filters by a category of its own has imported it.
    exceptions = sys.modules.get("sklearn.exceptions")
    return ours if exceptions is None else _both(ours, getattr(exceptions, name))


@cache
def _both(ours: type[W], theirs: type[Warning]) -> type[W]:
    def reduced(self: W) -> tuple[object, ...]:
        # Pickle looks a class up by its name, and finds the plain one.
        return _warned_again, (ours, theirs.__name__, self.text)

    body = {"__doc__": ours.__doc__, "__module__": ours.__module__, "__reduce__": reduced}
    return cast("type[W]", type(ours.__name__, (ours, theirs), body))


def _warned_again(ours: type[WorkingsWarning], name: str, text: Message | str) -> WorkingsWarning:
    return _for_filters_of_scikit_learn(ours, name)(text)
