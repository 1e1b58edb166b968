"""How a browser sets names of letters: x̄ with its bar, a prime, w⁽²⁾ with what is raised, f(x) in italics."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from workings.expression.names import GREEK, is_letter, xml_escape

__all__ = ["lettered", "primed"]

_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵏⁿ*", "0123456789+−()kn*", strict=True))
_MARKS = {"\u0302": "ˆ", "\u0303": "~", "\u0304": "‾", "\u0305": "‾", "\u0307": "˙", "\u0308": "¨", "\u20d7": "→"}
_WORDS = ("logit", "log")
_TOKEN = re.compile(
    rf"(?P<word>{'|'.join(_WORDS)})(?![^\W\d_])"
    rf"|(?P<letter>(?P<plain>[^\W\d_])(?P<marks>[{''.join(_MARKS)}]*)(?P<primes>['′]*)(?:_(?P<low>[^\W_]+))?"
    rf"(?P<raised>(?:[{''.join(_RAISED).replace('*', '')}]|\*(?!\s))*)(?![^\W\d_]))"
    r"|(?P<number>\d+)|(?P<sign>[-+*=,])|(?P<open>[(\[])|(?P<close>[)\]])|(?P<space>\s+)"
)
_FENCE = '<mo form="{}" fence="true" stretchy="false">{}</mo>'


@lru_cache(maxsize=4096)
def lettered(name: str) -> str | None:
    """Return a name that is made of single letters in MathML; None for one that is a word, as a column's is.

    Examples
    --------
    >>> lettered("x̄"), lettered("mean radius") is None
    ('<mover accent="true"><mi>x</mi><mo stretchy="false">‾</mo></mover>', True)
    >>> lettered("w⁽²⁾")[:22]
    '<msup><mi>w</mi><mrow>'
    """
    if any(unicodedata.category(character) == "Lo" for character in name):  # 한 is no letter of mathematics
        return None
    text = unicodedata.normalize("NFD", name)
    parts: list[str] = []
    place = depth = 0
    after = ""
    while place < len(text):
        match = _TOKEN.match(text, place)
        kind = "" if match is None else match.lastgroup or ""
        # Outside brackets "x-y" and "R 2" are names of their own, and no difference and no product.
        if match is None or (not depth and (after, kind) not in _OUTSIDE):
            return None
        depth += (kind == "open") - (kind == "close")
        parts.append(_set(match, kind, after))
        place, after = match.end(), kind
    return None if depth else parts[0] if len(parts) == 1 else f"<mrow>{''.join(parts)}</mrow>"


def primed(name: str) -> tuple[str, str]:
    """Return a name without its primes, and these in MathML: an index of x' stands below its prime, not behind it."""
    letter = name.rstrip("'′")
    return (letter, "<mi>′</mi>" * (len(name) - len(letter))) if is_letter(letter) else (name, "")


_OUTSIDE = frozenset(
    {("", "letter"), ("", "word"), ("", "open"), ("letter", "open"), ("close", "open"), ("word", "open")}
    | {("word", "space"), ("space", "letter")}
)


def _set(token: re.Match[str], kind: str, after: str) -> str:
    if kind == "letter":
        return _letter(token)
    if kind == "word":
        return f"<mi>{token.group()}</mi>"
    if kind == "number":
        return f"<mn>{token.group()}</mn>"
    if kind == "sign":
        return f"<mo>{token.group().replace('-', '−').replace('*', '∗')}</mo>"
    if kind == "space":  # signs bring their own
        return '<mspace width="0.17em"/>' if after == "word" else ""
    return _FENCE.format("prefix" if kind == "open" else "postfix", token.group())


def _letter(token: re.Match[str]) -> str:
    letter = f"<mi>{xml_escape(token['plain'])}</mi>"
    for mark in token["marks"]:
        letter = f'<mover accent="true">{letter}<mo stretchy="false">{_MARKS[mark]}</mo></mover>'
    below = _script(GREEK.get(token["low"], token["low"])) if token["low"] else ""
    above = "<mi>′</mi>" * len(token["primes"]) + _raised(token["raised"])
    if below and above:
        return f"<msubsup>{letter}{below}<mrow>{above}</mrow></msubsup>"
    if above:
        return f"<msup>{letter}<mrow>{above}</mrow></msup>"
    return f"<msub>{letter}{below}</msub>" if below else letter


def _script(text: str) -> str:
    tag = "mn" if text.isdigit() else "mi"
    return f"<{tag}>{xml_escape(text)}</{tag}>"


def _raised(text: str) -> str:
    out: list[str] = []
    for digits, other in re.findall(r"(\d+)|(.)", "".join(_RAISED[character] for character in text)):
        if digits:
            out.append(f"<mn>{digits}</mn>")
        elif other in "()":
            out.append(_FENCE.format("prefix" if other == "(" else "postfix", other))
        else:
            out.append(f"<mi>{other}</mi>" if other.isalpha() else f"<mo>{other.replace('*', '∗')}</mo>")
    return "".join(out)
