"""Which characters formula text may hold; those that only look like one of them are named, never guessed at."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from workings.expression.reading.faults import Fault
from workings.language import Message, message

__all__ = ["plain_characters"]

_SIGNS = frozenset("·×⋅∙∗−–÷∕√∛≤≥≠∧∨¬′⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_UNUSUAL = re.compile(r"`(?:[^`]|``)*`|[^\t\n\r -~]")

# Letters that no reader can tell from a Latin letter or a sign: Cyrillic, Greek, Armenian, Hangul, Kana, Han.
_LOOK_ALIKES = dict(
    zip(
        "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅԌԚԜοօոսցհㅣㅡㆍー一〇",
        "aeopcyxijshdqwABEKMHOPCTYXIJSGQWoonugh|-·--0",
        strict=True,
    )
)
_INSTEAD = {
    "½": "1/2",
    "¼": "1/4",
    "¾": "3/4",
    "⅓": "1/3",
    "⅔": "2/3",
    "ⁿ": "^n",
    "∑": "sum(...)",
    "∏": "*",
    "⁄": "/",
    "∶": "/",
    "‐": "-",
    "‑": "-",
    "—": "-",
    "―": "-",
    "•": "·",
    "∘": "*",
    "⩽": "≤",
    "⩾": "≥",
    "≦": "≤",
    "≧": "≥",
    "“": "`",
    "”": "`",
    "‘": "`",
    "’": "`",
    "；": ";",
    "，": ",",
    "、": ",",
    "。": ".",
}


def plain_characters(text: str) -> str:
    """Return text of the same length in characters that the grammar knows; names in back-ticks stay as they are.

    Wide forms, letters of mathematical alphabets and odd spaces become the plain characters that they stand for
    (Unicode's compatibility forms, NFKC, where these are one character).

    Raises
    ------
    Fault
        At a control character, a mark of direction, half of a surrogate pair, a letter that only looks like another,
        or anything else that has no meaning in a formula.

    Examples
    --------
    >>> plain_characters("２ｘ＋𝑦")
    '2x+y'
    """
    return text if text.isascii() and text.isprintable() else _UNUSUAL.sub(_plain, text)


def _plain(match: re.Match[str]) -> str:
    found = match.group()
    if found[0] == "`":
        return _quoted(found, match.start())
    plain = _read(found)
    if plain is None:
        raise Fault(_refusal(found), match.start())
    return plain


def _quoted(found: str, at: int) -> str:
    for place, character in enumerate(found, at):
        if unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") or _turns(character):
            raise Fault(_refusal(character), place)
    return found


def _turns(character: str) -> bool:
    """Whether a character changes the direction of what follows: what is shown would not be what is read."""
    return unicodedata.bidirectional(character) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI") or (
        character in "\u200e\u200f\u061c"
    )


@lru_cache(maxsize=4096)
def _read(character: str) -> str | None:
    """Return the character that stands for this one in a formula, None if there is none."""
    if character in _SIGNS:
        return character
    if character in _LOOK_ALIKES:
        return None
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category == "Mn":
        return character
    plain = unicodedata.normalize("NFKC", character)
    marked = unicodedata.decomposition(character).startswith(("<super>", "<sub>"))
    if len(plain) == 1 and not marked and plain not in _LOOK_ALIKES:
        wide = plain.isascii() and plain.isprintable() and (category[0] == "L" or "\uff00" < character < "\uff5f")
        if wide or (category[0] == "L" and not plain.isascii()):
            return plain
    return character if category[0] == "L" and len(plain) > 1 and plain.isalpha() else None


def _refusal(character: str) -> Message:
    code = f"U+{ord(character):04X}"
    name = unicodedata.name(character, "")
    shown = f"{code} {name}".strip()
    category = unicodedata.category(character)
    if category[0] == "C" or category in ("Zl", "Zp"):
        return message(
            "formula: text must hold no control characters; got {character} at column {column}",
            character=shown,
        )
    if character in _LOOK_ALIKES:
        return message(
            "formula: column {column} holds {got} ({character}), which only looks like {latin}; try {latin}",
            got=character,
            character=shown,
            latin=_LOOK_ALIKES[character],
        )
    if character in _INSTEAD:
        return message(
            "formula: {got} ({character}) at column {column} has no meaning in a formula; try {suggestion}",
            got=character,
            character=shown,
            suggestion=_INSTEAD[character],
        )
    return message(
        "formula: {got} ({character}) at column {column} has no meaning in a formula; try a name in back-ticks",
        got=character,
        character=shown,
    )
