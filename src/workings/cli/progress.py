"""Progress on standard error: only at a terminal, and only of what takes longer than a second."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from workings.cli.terminal import is_terminal
from workings.language import Message

__all__ = ["Watch"]

_PATIENCE = 1.0


class Watch:
    """A progress bar that appears when its work has taken a second, and goes when the work is done.

    An instance is called with the rows done and their number (None where it is not known), as ``evaluate``, ``fit``
    and ``predict`` call their ``progress``.
    """

    def __init__(self, doing: Message) -> None:
        self._doing = str(doing)
        self._begun = time.monotonic()
        self._bar: Progress | None = None
        self._watched = is_terminal(sys.stderr)

    def __call__(self, done: int, total: int | None) -> None:
        """Show how far the work is."""
        if not self._watched or (self._bar is None and time.monotonic() - self._begun < _PATIENCE):
            return
        if self._bar is None:
            text = TextColumn("{task.description}", markup=False)
            columns = (SpinnerColumn(), text, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(file=sys.stderr), transient=True)
            self._bar.start()
            self._bar.add_task(self._doing, total=total)
        self._bar.update(self._bar.task_ids[0], completed=done, total=total)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
