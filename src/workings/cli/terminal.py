"""What is printed, and where: results on standard output, everything else on standard error.

At a terminal tables are drawn with Rich, no wider than it is. In a pipe they are plain text, aligned by display width
and never wrapped, so that ``grep`` and ``cut`` see whole lines. Text from the data is shown and never obeyed: control
characters, which could drive the terminal, are written as escapes, and Rich's markup is off.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from workings.language import Message, message, ungrouped
from workings.language.thousands import SEPARATOR

__all__ = ["can_say", "is_terminal", "note", "plain", "print_table", "said_as_warning", "say", "warn"]

Cell = str | Message
_warned: list[str] = []


def say(text: Cell = "", *, style: str = "") -> None:
    """Print a line of the result."""
    _print(sys.stdout, str(text), style)


def note(text: Cell) -> None:
    """Print something that was done and must be said, on standard error."""
    _print(sys.stderr, str(message("Note: {text}", text=text)), "dim")


def warn(text: Cell) -> None:
    """Print something that the reader should not pass over, on standard error; the same text only once."""
    if str(text) in _warned:
        return
    _warned.append(str(text))
    _print(sys.stderr, str(message("Warning: {text}", text=text)), "yellow")


def said_as_warning(text: Cell) -> bool:
    """Return whether a warning has said this already, alone or in other words around it."""
    said = str(text)
    return any(
        said in warned or (inner and inner in said) for warned in _warned for inner in [warned.partition(": ")[2]]
    )


def print_table(headings: Sequence[Cell], rows: Sequence[Sequence[Cell]], *, title: Cell | None = None) -> None:
    """Print a table: the first column to the left, the others, which are numbers, to the right."""
    shown = [[plain(str(cell)) for cell in row] for row in rows]
    heads = [plain(str(heading)) for heading in headings]
    widths = [max(cell_len(line[place]) for line in [heads, *shown]) for place in range(len(heads))]
    if is_terminal(sys.stdout):
        _draw_table(heads, shown, widths, title)
        return
    if title is not None:
        say(title)
    for line in [heads, *shown]:
        cells = [_padded(cell, widths[place], left=place == 0) for place, cell in enumerate(line)]
        print("  ".join(cells).rstrip(), file=sys.stdout)


def _draw_table(heads: list[str], rows: list[list[str]], widths: list[int], title: Cell | None) -> None:
    """Draw a table with Rich; one that is wider than the terminal goes on below, so that no number is broken."""
    console = Console(file=sys.stdout, highlight=False)
    frame = 3  # a column takes two spaces and a line beside its text
    first = widths[0]
    if sum(widths) + frame * len(widths) + 1 > console.width:
        words = max(cell_len(word) for line in [heads, *rows] for word in [*line[0].split(), ""])
        first = min(first, max(words, console.width // 4))
    room = console.width - 1 - (first + frame)
    for place, columns in enumerate(_side_by_side(widths, frame, room)):
        table = Table(
            title=None if title is None or place else Text(plain(str(title))),
            title_justify="left",
            header_style="bold",
        )
        table.add_column(Text(heads[0]), overflow="fold", max_width=first)
        for column in columns:
            fits = widths[column] + frame <= room
            table.add_column(Text(heads[column]), justify="right", overflow="fold", no_wrap=fits)
        for row in rows:
            table.add_row(*(Text(row[column]) for column in [0, *columns]))
        console.print(table)


def _side_by_side(widths: list[int], frame: int, room: int) -> list[list[int]]:
    """Return which columns stand beside the first one: in each table as many as there is room for.

    Examples
    --------
    >>> _side_by_side([10, 8, 8, 8], 3, 24), _side_by_side([10, 40], 3, 24), _side_by_side([10], 3, 24)
    ([[1, 2], [3]], [[1]], [[]])
    """
    tables: list[list[int]] = [[]]
    left = room
    for column in range(1, len(widths)):
        if tables[-1] and widths[column] + frame > left:
            tables.append([])
            left = room
        tables[-1].append(column)
        left -= widths[column] + frame
    return tables


def plain(text: str) -> str:
    r"""Return text with its control characters written as escapes, so that it can drive no terminal.

    Thousands are apart if standard output has the sign for it.

    Examples
    --------
    >>> plain("line\nbreak \x1b[31m red")
    'line\\nbreak \\x1b[31m red'
    """
    if not can_say(SEPARATOR):
        text = ungrouped(text)
    return "".join(c if c.isprintable() or c == SEPARATOR else c.encode("unicode_escape").decode("ascii") for c in text)


def can_say(signs: str) -> bool:
    """Return whether standard output has these signs; what it lacks would be printed as escapes."""
    try:
        signs.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def is_terminal(stream: TextIO) -> bool:
    """Return whether a person watches this stream."""
    return stream.isatty()


def _print(stream: TextIO, text: str, style: str) -> None:
    shown = plain(text)
    if style and is_terminal(stream):
        Console(file=stream, highlight=False).print(Text(shown, style=style))
        return
    print(shown, file=stream)


def _padded(text: str, width: int, *, left: bool) -> str:
    gap = " " * (width - cell_len(text))
    return text + gap if left else gap + text
