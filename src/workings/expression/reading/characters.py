"""Which characters formula text may hold; what only looks like one of them is named, never guessed at."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from workings.expression.reading.faults import Fault
from workings.language import Message, message

__all__ = ["plain_characters"]

_SIGNS = frozenset("·×⋅∙∗−–÷∕√∛≤≥≠∧∨¬⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_UNUSUAL = re.compile(r"`(?:[^`]|``)*`|[^\t\n\r -~]")
_WORD = re.compile(r"\w*")
_ACCENT = re.compile("[\u0300-\u036f\u20d0-\u20f0]")
_JOINERS = "\u200c\u200d"  # emoji and some scripts are put together with these, in names from data
_INVISIBLE = "\u115f\u1160\u3164\uffa0"  # letters of Hangul that take no room

# Letters that no reader can tell from a Latin letter or a sign, in Cyrillic, Greek, Armenian, Kana and Han. Within a
# word of their own script they are what they seem.
_LOOK_ALIKES = dict(
    zip(
        "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅԌԚԜοօոսցհー一",
        "aeopcyxijshdqwABEKMHOPCTYXIJSGQWoonugh--",
        strict=True,
    )
)
# Of Hangul, letters that no word of today ends or begins with; the first is typed for a product.
_JAMO = {"ㆍ": "·", "ㅣ": "|", "ㅡ": "-"}
_INSTEAD = dict(zip("⁄∶∘•‐‑—―⩽⩾≦≧“”‘’；，、。", "//*·----≤≥≤≥````;,,.", strict=True)) | {
    "½": "1/2",
    "¼": "1/4",
    "¾": "3/4",
    "⅓": "1/3",
    "⅔": "2/3",
    "ⁿ": "^n",
    "∑": "sum(x)",
    "∏": "*",
    "∞": "1e308",
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
    found, at = match.group(), match.start()
    if found[0] == "`":
        for place, character in enumerate(found, at):
            if not (character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs"):
                raise Fault(_refusal(character), place)
        return found
    if found in _LOOK_ALIKES and _in_its_script(match.string, at):
        return found
    plain = _read(found)
    if plain is None:
        raise Fault(_refusal(found), at)
    return plain


def _in_its_script(text: str, at: int) -> bool:
    """Whether the word around a letter has another letter of the same script, and none of the Latin one."""
    start = at
    while start and text[start - 1].isalnum():
        start -= 1
    found = _WORD.match(text, start)
    word = found.group() if found is not None else ""
    scripts = _script(text[at]).split("-")
    return not re.search("[A-Za-z]", word) and any(c not in _LOOK_ALIKES and _script(c) in scripts for c in word)


def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]


@lru_cache(maxsize=4096)
def _read(character: str) -> str | None:
    """Return the character that stands for this one in a formula, None if there is none."""
    if character == "′":
        return "'"  # x′ and x' are one name
    if character in _SIGNS:
        return character
    if character in _LOOK_ALIKES or character in _JAMO:
        return None
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if _ACCENT.fullmatch(character):
        return character
    if character in _INVISIBLE:
        return None
    plain = unicodedata.normalize("NFKC", character)
    marked = unicodedata.decomposition(character).startswith(("<super>", "<sub>"))
    if category[0] == "L" and not marked and plain.isalpha() and plain not in _LOOK_ALIKES:
        return plain if len(plain) == 1 else character
    return plain if "\uff00" < character < "\uff5f" else None  # the wide forms of ASCII's digits and signs


def _refusal(character: str) -> Message:
    shown = f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()
    latin = _LOOK_ALIKES.get(character) or _JAMO.get(character)
    if not character.isprintable() or character in _INVISIBLE:
        return message(
            "formula: text must hold no invisible characters; got {character} at column {column}",
            character=shown,
        )
    if latin is not None:
        return message(
            "formula: column {column} holds {got} ({character}), which only looks like {latin}; try {latin}",
            got=character,
            character=shown,
            latin=latin,
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
