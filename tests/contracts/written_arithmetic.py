"""Reads the arithmetic in a working's Markdown or text as a reader with a pencil would, from the digits shown.

It knows LaTeX's fractions, roots, powers, brackets and a few functions, and nothing of the library: no tree, no value,
no digit comes from anywhere but the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import mpmath

__all__ = ["Chain", "NotArithmetic", "chains", "chains_of_text", "half_a_unit", "worth"]

_MATH = mpmath.MPContext()
# Enough to see that 1 + e^-800 is not 1.
_MATH.dps = 400
_TOKEN = re.compile(r"\s+|\\(?:left|right)\s*(?:\\[{}|]|.)|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|.")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?: \\cdot 10\^\{-?\d+\})?")
_ON_A_LINE = re.compile(r"[-+×/·().\d ⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_THOUSANDS = re.compile(r"(?<=\d)(?:\\,|\N{NARROW NO-BREAK SPACE})(?=\d{3})")
_LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_CALLS: dict[str, Callable[..., Any]] = {
    r"\exp": _MATH.exp,
    r"\log": _MATH.log,
    r"\sin": _MATH.sin,
    r"\cos": _MATH.cos,
    r"\max": max,
    r"\min": min,
    r"\sigma": lambda x: 1 / (1 + _MATH.exp(-x)),
    r"\Phi": lambda x: (1 + _MATH.erf(x / _MATH.sqrt(2))) / 2,
    r"\Phi^{-1}": lambda p: _MATH.sqrt(2) * _MATH.erfinv(2 * p - 1),
    r"\operatorname{floor}": _MATH.floor,
}
_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    r"\ge": lambda a, b: a >= b,
    r"\le": lambda a, b: a <= b,
}


class NotArithmetic(Exception):
    """What stands there holds a name, or an ellipsis, or what the reader cannot work out."""


@dataclass(frozen=True)
class Chain:
    """Two neighbours on a line: arithmetic, the sign behind it, and the number that it is said to be."""

    worked_out: str
    sign: str
    said: str


def chains(markdown: str) -> Iterator[Chain]:
    """Yield every place at which a formula of a working is followed by a number."""
    for formula in re.findall(r"\$\$\n(.*?)\n\$\$", _THOUSANDS.sub("", markdown), flags=re.DOTALL):
        body = re.sub(r"\\(begin|end)\{aligned\}|&", "", formula.replace("\\\\\n", " "))
        parts = [part.strip() for part in _parts(body)]
        for place in range(0, len(parts) - 2, 2):
            before, sign, after = parts[place : place + 3]
            if sign in ("=", r"\approx") and _NUMBER.fullmatch(after) and not _NUMBER.fullmatch(before):
                yield Chain(before, sign, after)


def chains_of_text(text: str) -> Iterator[Chain]:
    """Yield the same for what stands on one line of a text, without fractions of two storeys."""
    for line in _THOUSANDS.sub("", text).splitlines():
        parts = re.split(r"(?:^|\s)\s*([=≈])\s", line)
        parts[0] = re.split("  +", parts[0])[-1]  # behind the number of the line and its title
        for place in range(0, len(parts) - 2, 2):
            before, sign, after = (part.strip() for part in parts[place : place + 3])
            if _ON_A_LINE.fullmatch(before) and _ON_A_LINE.fullmatch(after):
                written = [_as_latex(part) for part in (before, after)]
                if _NUMBER.fullmatch(written[1]) and not _NUMBER.fullmatch(written[0]):
                    yield Chain(written[0], "=" if sign == "=" else r"\approx", written[1])


def _as_latex(text: str) -> str:
    raised = re.sub("[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: f"^{{{found.group().translate(_LOWERED)}}}", text)
    for sign, latex in {"×": r" \times ", "·": r" \cdot ", "(": r"\left(", ")": r"\right)"}.items():
        raised = raised.replace(sign, latex)
    return re.sub("  +", " ", raised)


def worth(text: str) -> Any:
    """Return what arithmetic is worth, at 60 digits.

    Raises
    ------
    NotArithmetic
        If it is not all numbers.
    """
    reader = _Reader([token for token in _TOKEN.findall(text) if not token.isspace()])
    found = reader.both()
    if reader.left:
        raise NotArithmetic(text)
    return found


def half_a_unit(number: str) -> Any:
    """Return half a unit in the last digit of a number as it is written."""
    mantissa, _, power = number.partition(r" \cdot 10^{")
    exponent = Decimal(mantissa).as_tuple().exponent
    return _MATH.mpf(10) ** (int(exponent) + int(power.rstrip("}") or 0)) / 2


def _parts(formula: str) -> list[str]:
    """Return the sides of a line and the relations between them, those inside brackets left alone."""
    parts, depth = [""], 0
    for token in _TOKEN.findall(formula):
        depth += (token in "{([" or token.startswith(r"\left")) - (token in "})]" or token.startswith(r"\right"))
        if not depth and token in ("=", r"\approx", r"\le", r"\ge", "<", ">", ":", r"\ne"):
            parts += [token, ""]
        else:
            parts[-1] += token
    return parts


def _closes(token: str) -> bool:
    return token in (")", "]") or token.startswith(r"\right")


class _Reader:
    """Works out tokens from the left: comparisons of sums of products of powers."""

    def __init__(self, tokens: list[str]) -> None:
        self.left = tokens[::-1]

    def both(self) -> Any:
        found = self.compared()
        while self.taken(r"\land"):
            found = self.compared() and found
        return found

    def compared(self) -> Any:
        found = self.added()
        while self.next in _COMPARED:
            found = _COMPARED[self.left.pop()](found, self.added())
        return found

    def added(self) -> Any:
        found = self.multiplied()
        while self.next in ("+", "-"):
            sign = self.left.pop()
            found = found + self.multiplied() if sign == "+" else found - self.multiplied()
        return found

    def multiplied(self) -> Any:
        if self.taken("-"):
            return -self.multiplied()
        found = self.raised()
        while self.next in (r"\times", r"\cdot", "/"):
            found = found / self.raised() if self.left.pop() == "/" else found * self.raised()
        return found

    def raised(self) -> Any:
        found = self.single()
        return found ** self.group() if self.taken("^") else found

    def single(self) -> Any:
        if not self.left:
            raise NotArithmetic
        token = self.left.pop()
        if token[0].isdigit():
            return _MATH.mpf(token)
        if token == r"\frac":
            return self.group() / self.group()
        if token == r"\sqrt":
            return _MATH.sqrt(self.group())
        if token in "([" or token.startswith(r"\left"):
            return self.bracketed(token)
        return self.called(token)

    def bracketed(self, opening: str) -> Any:
        found = self.both()
        if not (self.left and _closes(self.left.pop())):
            raise NotArithmetic
        if opening.endswith("|"):
            return abs(found)
        return _MATH.mpf(bool(found)) if opening.endswith("[") else found

    def called(self, name: str) -> Any:
        if name == r"\operatorname" or (name == r"\Phi" and self.next == "^"):
            while not name.endswith("}"):
                name += self.left.pop()
        if name not in _CALLS or self.next not in ("(", r"\left("):
            raise NotArithmetic(name)
        self.left.pop()
        arguments = [self.added()]
        while self.taken(","):
            arguments.append(self.added())
        self.left.pop()
        return _CALLS[name](*arguments)

    def group(self) -> Any:
        if not self.taken("{"):
            raise NotArithmetic
        found = self.added()
        if not self.taken("}"):
            raise NotArithmetic
        return found

    @property
    def next(self) -> str | None:
        return self.left[-1] if self.left else None

    def taken(self, token: str) -> bool:
        if self.next != token:
            return False
        self.left.pop()
        return True
