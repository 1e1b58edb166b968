"""What is wrong with a formula, where, and how it is shown: the sentence, the line, and a mark below the place."""

from __future__ import annotations

from workings.errors import FormulaError
from workings.expression.columns import display_width
from workings.language import Message

__all__ = ["Fault", "pointed"]

_ROOM = 60  # characters of a long line that are shown on each side of the place


class Fault(Exception):  # noqa: N818 -- no error yet: it becomes a FormulaError where the text is known
    """Something that is wrong at a place in formula text.

    Parameters
    ----------
    sentence
        What is wrong; the value of its place ``{column}`` is filled in by :func:`pointed`.
    at
        The place, counted in characters from 0.
    """

    def __init__(self, sentence: Message, at: int) -> None:
        super().__init__(sentence, at)
        self.sentence = sentence
        self.at = at


def pointed(fault: Fault, text: str) -> FormulaError:
    """Return the error that shows a fault's place in the text.

    Examples
    --------
    >>> from workings.language import message
    >>> error = pointed(Fault(message("a sign at column {column} is odd"), 4), "1 + $")
    >>> print(error)
    a sign at column 5 is odd
      1 + $
          ^
    >>> error.column
    5
    """
    at = min(fault.at, len(text))
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start:] if end < 0 else text[start:end]
    place = at - start
    left, right = max(0, place - _ROOM), min(len(line), place + _ROOM)
    before = ("… " if left else "") + _visible(line[left:place])
    after = _visible(line[place:right]) + (" …" if right < len(line) else "")
    return FormulaError(
        Message(fault.sentence.sentence, {**fault.sentence.values, "column": place + 1}),
        line=text.count("\n", 0, at) + 1,
        column=place + 1,
        picture=f"  {before}{after}\n  {' ' * display_width(before)}^",
    )


def _visible(text: str) -> str:
    """Return text with a stand-in for each character that would not be seen, or would move the others."""
    return "".join(" " if c in " \t" else "�" if not c.isprintable() else c for c in text)
