"""What is printed, and where: results on standard output, everything else on standard error.

At a terminal tables are drawn with Rich. In a pipe they are plain text, aligned by display width and never wrapped, so
that ``grep`` and ``cut`` see whole lines. Text from the data is shown and never obeyed: control characters, which
could drive the terminal, are written as escapes, and Rich's markup is off.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from workings.language import Message, message

__all__ = ["is_terminal", "note", "plain", "print_table", "said_as_warning", "say", "warn"]

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
    if is_terminal(sys.stdout):
        table = Table(
            title=None if title is None else Text(plain(str(title))), title_justify="left", header_style="bold"
        )
        for place, head in enumerate(heads):
            table.add_column(Text(head), justify="left" if place == 0 else "right", overflow="fold")
        for row in shown:
            table.add_row(*(Text(cell) for cell in row))
        Console(file=sys.stdout, highlight=False).print(table)
        return
    if title is not None:
        say(title)
    widths = [max(cell_len(line[place]) for line in [heads, *shown]) for place in range(len(heads))]
    for line in [heads, *shown]:
        cells = [_padded(cell, widths[place], left=place == 0) for place, cell in enumerate(line)]
        print("  ".join(cells).rstrip(), file=sys.stdout)


def plain(text: str) -> str:
    r"""Return text with its control characters written as escapes, so that it can drive no terminal.

    Examples
    --------
    >>> plain("line\nbreak \x1b[31m red")
    'line\\nbreak \\x1b[31m red'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


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
