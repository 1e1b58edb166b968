"""Where in the user's function the tracing is: the file, the line, its text, and the very expression."""

from __future__ import annotations

import ast
import linecache
import sys
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from types import FrameType

import numpy as np

import workings.errors
from workings.expression.columns import display_width

__all__ = ["Place", "failed_place", "user_depth", "user_frame", "user_place"]

# Code in these folders is not the user's: we and NumPy stand between what the user wrote and what is asked of a value.
_OURS = str(Path(workings.errors.__file__).parent)
_LIBRARIES = tuple(f"{folder}/" for folder in (_OURS, str(Path(np.__file__).parent)))
_LONGEST = 120


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
        if text and len(text) <= _LONGEST:
            shown += f"\n    {text}"
            left = self.start - (len(self.text) - len(self.text.lstrip()))
            if self.end > self.start and left >= 0 and self.end - self.start < len(text):
                blank = " " * display_width(text[:left])
                shown += f"\n    {blank}{'^' * display_width(text[left : left + self.end - self.start])}"
        return shown


def user_frame() -> FrameType | None:
    """Return the innermost running frame of the user's code."""
    frame: FrameType | None = sys._getframe(1)  # pyright: ignore[reportPrivateUsage] -- inspect has no such walk
    while frame is not None and not _is_users(frame):
        frame = frame.f_back
    return frame


def user_depth() -> int:
    """Return the ``stacklevel`` with which a warning by the caller points at the user's code."""
    depth = 1
    frame = sys._getframe(1)  # pyright: ignore[reportPrivateUsage] -- as above
    while not _is_users(frame) and frame.f_back is not None:
        frame = frame.f_back
        depth += 1
    return depth


def user_place() -> Place:
    """Return where the user's code is now."""
    frame = user_frame()
    return Place("", 0) if frame is None else _place(frame, frame.f_lineno, frame.f_lasti)


def failed_place(error: BaseException) -> Place:
    """Return where the user's code was when an error left it."""
    found = Place("", 0)
    trace = error.__traceback__
    while trace is not None:
        if _is_users(trace.tb_frame):
            found = _place(trace.tb_frame, trace.tb_lineno, trace.tb_lasti)
        trace = trace.tb_next
    return found


def _is_users(frame: FrameType) -> bool:
    return not frame.f_code.co_filename.startswith(_LIBRARIES)


def _place(frame: FrameType, line: int, instruction: int) -> Place:
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
