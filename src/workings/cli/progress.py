"""Progress on standard error: only at a terminal, and only of what takes longer than a second."""

from __future__ import annotations

import sys
from threading import Lock, Timer
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from workings.cli.terminal import is_terminal
from workings.language import Message, message

__all__ = ["Watch"]

_PATIENCE = 1.0


class Watch:
    """A progress bar that appears when its work has taken a second, and goes when the work is done.

    An instance is called with the rows done and their number (None where it is not known), as ``evaluate``, ``fit``
    and ``predict`` call their ``progress``. Work that cannot say how far it is shows that it goes on.
    """

    def __init__(self) -> None:
        self._doing, self._done, self._total = str(message("Reading rows")), 0, None
        self._bar: Progress | None = None
        self._over = False
        self._lock = Lock()
        self._timer = Timer(_PATIENCE, self._appear)
        self._timer.daemon = True

    def __call__(self, done: int, total: int | None) -> None:
        """Show how far the reading is; once all rows are read, that they are worked on."""
        if done == total:
            self.now(message("Computing"))
        else:
            self._show(self._doing, done, total)

    def now(self, doing: Message) -> None:
        """Say what is done now, for however long it takes."""
        self._show(str(doing), 0, None)

    def __enter__(self) -> Self:
        if is_terminal(sys.stderr):
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._over = True
            if self._bar is not None:
                self._bar.stop()

    def _show(self, doing: str, done: int, total: int | None) -> None:
        with self._lock:
            self._doing, self._done, self._total = doing, done, total
            if self._bar is not None:
                self._bar.update(self._bar.task_ids[0], description=doing, completed=done, total=total)

    def _appear(self) -> None:
        text = TextColumn("{task.description}", markup=False)
        columns = (SpinnerColumn(), text, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with self._lock:
            if self._over:  # the second and the end of the work came together
                return
            bar = Progress(*columns, console=Console(file=sys.stderr), transient=True)
            bar.add_task(self._doing, completed=self._done, total=self._total)
            bar.start()
            self._bar = bar
