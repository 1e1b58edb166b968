"""Whether every double quote of a delimited text that is opened is closed again."""

from __future__ import annotations

from typing import IO, Literal

import numpy as np

__all__ = ["quoting"]

_PIECE = 1 << 22
_QUOTE = ord('"')


def quoting(stream: IO[bytes], delimiter: str) -> Literal["closed", "open", "stray"]:
    """Return whether the last quoted cell is closed, or is not, or whether quotes alone cannot tell.

    Where quotes open a cell only at the cell's beginning, they open and close in turn (a doubled quote inside a cell
    closes and opens again at once), so that an even number is closed and an odd number is not. A quote that would open
    after any other character is a stray one, after which the count says nothing.

    Examples
    --------
    >>> import io
    >>> [quoting(io.BytesIO(text), ",") for text in (b'a,"x ""y"" z"', b'a,"x', b'5" pipe,1')]
    ['closed', 'open', 'stray']
    """
    opens = np.zeros(256, bool)
    opens[list(b'\n\r"' + delimiter.encode())] = True
    within, last = 0, b"\n"
    while piece := stream.read(_PIECE):
        if last == b"\n" and piece.startswith(b"\xef\xbb\xbf"):
            piece = piece[3:]  # the byte order mark is no text
        if b'"' in piece:
            text = np.frombuffer(last + piece, np.uint8)
            places = np.flatnonzero(text[1:] == _QUOTE)  # also where the byte before each quote stands in ``text``
            if not opens[text[places[within::2]]].all():
                return "stray"
            within ^= len(places) & 1
        last = piece[-1:]
    return "open" if within else "closed"
