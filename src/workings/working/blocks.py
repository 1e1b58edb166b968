"""Text for a terminal: boxes set side by side on their baselines, words wrapped and padded by display width."""

from __future__ import annotations

from collections.abc import Iterable

from workings.expression import Box, display_width

__all__ = ["beside", "cut", "one_line", "padded", "wrapped"]


def one_line(text: str) -> Box:
    """Return text as a box of one line."""
    return Box((text,), 0, display_width(text))


def beside(boxes: Iterable[Box]) -> Box:
    """Return boxes set side by side, their baselines level."""
    parts = list(boxes)
    above = max((part.baseline for part in parts), default=0)
    below = max((len(part.lines) - part.baseline for part in parts), default=1)
    rows = [""] * (above + below)
    for part in parts:
        for place in range(above + below):
            inside = place - above + part.baseline
            rows[place] += part.lines[inside] if 0 <= inside < len(part.lines) else " " * part.width
    return Box(tuple(rows), above, sum(part.width for part in parts))


def padded(text: str, width: int, *, right: bool = False) -> str:
    """Return ``text`` filled up with spaces to ``width`` columns, to the left of it if ``right``.

    Examples
    --------
    >>> padded("정의", 6) + "|", padded("90", 6, right=True) + "|"
    ('정의  |', '    90|')
    """
    spaces = " " * max(0, width - display_width(text))
    return spaces + text if right else text + spaces


def wrapped(text: str, width: int) -> list[str]:
    """Return ``text`` in lines of at most ``width`` columns, broken at spaces, and inside a word only if it must.

    Examples
    --------
    >>> wrapped("Short sentences, present tense", 16)
    ['Short sentences,', 'present tense']
    """
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if display_width(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while display_width(line) > width:
            head = _head(line, width)
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line]


def cut(text: str, width: int, dots: str = "…") -> str:
    """Return ``text`` in at most ``width`` columns, ending in dots where something was cut."""
    return text if display_width(text) <= width else _head(text, max(1, width - display_width(dots))) + dots


def _head(word: str, width: int) -> str:
    """Return the longest beginning that fits, of at least one character."""
    taken = 0
    for place, character in enumerate(word):
        taken += display_width(character)
        if taken > width:
            return word[: max(1, place)]
    return word
