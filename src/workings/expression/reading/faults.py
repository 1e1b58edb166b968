"""What is wrong with a formula, where, and how it is shown: the sentence, the line, and a mark below the place."""

from __future__ import annotations

import unicodedata

from workings.errors import FormulaError
from workings.expression.columns import display_width
from workings.language import Message

__all__ = ["Fault", "pointed"]

_ROOM = 60  # characters of a long line that are shown on each side of the place


class Fault(Exception):  # noqa: N818 -- becomes a FormulaError where the text is known
    """A sentence and the place in the text, counted from 0, that it speaks of."""

    def __init__(self, sentence: Message, at: int) -> None:
        super().__init__(sentence, at)
        self.sentence = sentence
        self.at = at


def pointed(fault: Fault, text: str) -> FormulaError:
    """Return the error that shows a fault's place in the text.

    Examples
    --------
    >>> from workings.language import message
    >>> print(pointed(Fault(message("something is wrong"), 4), "1 + $"))
    something is wrong
      1 + $
          ^
    """
    at = min(fault.at, len(text))
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start:] if end < 0 else text[start:end]
    column = at - start
    left, right = max(0, column - _ROOM), min(len(line), column + _ROOM)
    before = ("… " if left else "") + _visible(line[left:column])
    after = _visible(line[column:right]) + (" …" if right < len(line) else "")
    picture = f"  {before}{after}\n  {' ' * display_width(before)}^"
    return FormulaError(fault.sentence, line=text.count("\n", 0, at) + 1, column=column + 1, picture=picture)


def _visible(text: str) -> str:
    """Return text with a stand-in for each character that would not be seen, or would move the others."""
    return "".join("�" if unicodedata.category(c)[0] == "C" else " " if c.isspace() else c for c in text)
