"""Text for a terminal: boxes set side by side on their baselines, words wrapped and padded by display width."""

from __future__ import annotations

from collections.abc import Iterable

from workings.expression import Box, display_width

__all__ = ["beside", "cut", "narrowest_cell", "one_line", "padded", "wrapped", "wrapped_cell", "wrapped_formula"]

# A formula is broken in the last part of a line, where its brackets are closed and a sign follows rather than anywhere.
_LAST_PART = 0.6
_SIGNS = frozenset("+-·×*/=≈≠<>≤≥∧∨…")


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


def wrapped_formula(text: str, width: int) -> list[str]:
    """Return a formula in lines of at most ``width`` columns, broken before a sign outside brackets where it can be.

    Examples
    --------
    >>> wrapped_formula("(0 × 1 + 0 - 3.1)² + (0 × 2 + 0 - 4.9)² + … + (0 × 6 + 0 - 13.2)²", 45)
    ['(0 × 1 + 0 - 3.1)² + (0 × 2 + 0 - 4.9)² + …', '+ (0 × 6 + 0 - 13.2)²']
    """
    lines: list[str] = []
    while display_width(text) > width:
        place = _best_break(text, width)
        if place is None:
            return [*lines, *wrapped(text, width)]
        lines.append(text[:place])
        text = text[place + 1 :]
    return [*lines, text]


def wrapped_cell(text: str, width: int) -> list[str]:
    """Return a cell in lines of at most ``width`` columns: a sum broken before a sign, a product after one.

    Examples
    --------
    >>> wrapped_cell("dy/du·du/dx + dy/dv·dv/dx", 16)
    ['dy/du·du/dx', '+ dy/dv·dv/dx']
    >>> wrapped_cell("dy/du·du/dx + dy/dv·dv/dx", 8)
    ['dy/du·', 'du/dx', '+ dy/dv·', 'dv/dx']
    """
    lines = [""]
    for chunk in _chunks(text):
        together = f"{lines[-1]} {chunk}" if lines[-1] else chunk
        if display_width(together) <= width:
            lines[-1] = together
        elif display_width(chunk) <= width:
            lines.append(chunk)
        else:
            lines += _filled(_pieces(chunk), width)
    return lines if lines[0] or len(lines) == 1 else lines[1:]


def narrowest_cell(text: str) -> int:
    """Return the width in which :func:`wrapped_cell` breaks a text at its spaces and its signs alone."""
    return max(display_width(piece) for chunk in _chunks(text) for piece in _pieces(chunk))


def _chunks(text: str) -> list[str]:
    """Return a text in its words, a sign that stands alone together with the word after it."""
    found: list[str] = []
    for word in text.split(" "):
        if found and found[-1] in _SIGNS:
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def _pieces(chunk: str) -> list[str]:
    """Return a word in pieces that end in a product's sign."""
    *before, last = chunk.split("·")
    return [*(f"{piece}·" for piece in before), last]


def _filled(pieces: Iterable[str], width: int) -> list[str]:
    lines: list[str] = []
    for piece in pieces:
        if lines and display_width(lines[-1] + piece) <= width:
            lines[-1] += piece
        else:
            lines += [piece] if display_width(piece) <= width else wrapped(piece, width)
    return lines


def _best_break(text: str, width: int) -> int | None:
    """Return the place of the best space in the last part of the first ``width`` columns, None if there is none."""
    found: list[tuple[int, bool, int]] = []
    depth = column = 0
    for place, character in enumerate(text):
        if column > width:
            break
        depth += (character in "([{") - (character in ")]}")
        if character == " " and column >= width * _LAST_PART:
            found.append((depth, text[place + 1] not in _SIGNS, -place))
        column += display_width(character)
    return -min(found)[2] if found else None


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
