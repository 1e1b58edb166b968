"""Where in the user's function the tracing is: the file, the line, its text, and the very expression."""

from __future__ import annotations

import ast
import linecache
import os
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import FrameType, TracebackType

import numpy as np

import workings.errors
from workings.expression.columns import display_width

__all__ = ["TRACING", "Place", "failed_place", "user_frame", "user_place"]

# We and NumPy stand between what the user wrote and what is asked of a value; other libraries may stand there too.
_OURS = tuple(f"{Path(module.__file__).parent}{os.sep}" for module in (workings.errors, np) if module.__file__)
_LIBRARIES = (*_OURS, f"{sysconfig.get_path('stdlib')}{os.sep}", f"{Path(np.__file__).parent.parent}{os.sep}")
_LONGEST = 120

TRACING = "run_traced"
"""The name of the function that calls the traced one: what is called by it is inside."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the user's code.

    Parameters
    ----------
    file
        The file as Python names it; ``<string>`` and the like where there is none.
    line
        The number of the line, counted from 1; 0 if no code of the user's is running.
    text
        The line, "" where its source is not kept (``exec``, the prompt of older Pythons).
    start, end
        Between which columns of the line the expression stands; both 0 where that is not known.
    """

    file: str
    line: int
    text: str = ""
    start: int = 0
    end: int = 0

    @property
    def code(self) -> str:
        """The expression, or the line without its indentation where the expression is not known."""
        return self.text[self.start : self.end] or self.text.strip()

    @property
    def called(self) -> str:
        """What is called there, as it is written (``math.sin``), or "" if it is no call."""
        try:
            parsed = ast.parse(self.code.strip(), mode="eval").body
        except (SyntaxError, ValueError):  # part of an expression of several lines, or a statement
            return ""
        return ast.unparse(parsed.func) if isinstance(parsed, ast.Call) else ""

    @property
    def writes(self) -> bool:
        """Whether the line writes into an element: ``out[0] = x``."""
        try:
            statement = ast.parse(self.text.strip()).body[0]
        except (SyntaxError, ValueError, IndexError):
            return False
        targets = statement.targets if isinstance(statement, ast.Assign) else ()
        return any(isinstance(target, ast.Subscript) for target in targets)

    def __str__(self) -> str:
        r"""Return the place as Python's tracebacks write it.

        Examples
        --------
        >>> print(Place("model.py", 3, "    if x > 0:", 7, 12))
          File "model.py", line 3
            if x > 0:
               ^^^^^
        """
        if not self.line:
            return ""
        shown = f'  File "{self.file}", line {self.line}'
        text = self.text.strip()
        if len(text) > _LONGEST:
            return f"{shown}\n    {self.code}" if len(self.code) <= _LONGEST else shown
        if text:
            shown += f"\n    {text}"
            left = self.start - (len(self.text) - len(self.text.lstrip()))
            if 0 < self.end - self.start < len(text):
                shown += f"\n    {' ' * display_width(text[:left])}{'^' * display_width(self.code)}"
        return shown


def user_frame() -> FrameType | None:
    """Return the nearest running frame of the user's code, inside the traced function if it has any."""
    frames = list(_outwards(sys._getframe(1)))  # pyright: ignore[reportPrivateUsage] -- inspect has no such walk
    traced = next((k for k, frame in enumerate(frames) if frame.f_code.co_name == TRACING), len(frames))
    for part in (frames[:traced], frames[traced:]):
        for folders in (_LIBRARIES, _OURS):
            found = next((frame for frame in part if not frame.f_code.co_filename.startswith(folders)), None)
            if found is not None:
                return found
    return None


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def user_place() -> Place:
    """Return where the user's code is now."""
    frame = user_frame()
    return Place("", 0) if frame is None else _place(frame, frame.f_lineno, frame.f_lasti)


def failed_place(error: BaseException) -> Place:
    """Return where the user's code was when an error left it."""
    steps: list[TracebackType] = []
    step = error.__traceback__
    while step is not None:
        steps.append(step)
        step = step.tb_next
    for folders in (_LIBRARIES, _OURS):
        for step in reversed(steps):
            if not step.tb_frame.f_code.co_filename.startswith(folders):
                return _place(step.tb_frame, step.tb_lineno, step.tb_lasti)
    return Place("", 0)


def _place(frame: FrameType, line: int | None, instruction: int) -> Place:
    if line is None:  # generated code may have no lines
        return Place("", 0)
    file = frame.f_code.co_filename
    text = linecache.getline(file, line, frame.f_globals).rstrip("\n")
    first, last, start, end = next(islice(frame.f_code.co_positions(), instruction // 2, None), (None,) * 4)
    if first != line or last != line or start is None or end is None:
        start = end = 0
    encoded = text.encode()  # Python counts columns in bytes of UTF-8
    start, end = (len(encoded[:column].decode(errors="ignore")) for column in (start, end))
    return Place(_short(file), line, text, start, end)


def _short(file: str) -> str:
    try:
        return str(Path(file).relative_to(Path.cwd()))
    except (ValueError, OSError):  # elsewhere, or the working folder is gone
        return file
