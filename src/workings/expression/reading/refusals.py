"""What is said where formula text goes against the grammar: what must stand there, what does, and what to try."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from workings.expression.reading.faults import Fault
from workings.expression.reading.limits import MAX_DEPTH, MAX_NAMES, MAX_NODES
from workings.expression.reading.spelling import function_of, name_of, nearest_function
from workings.language import Message, message

if TYPE_CHECKING:
    from workings.expression.reading.words import Word

__all__ = [
    "crossed",
    "not_called",
    "shortened",
    "stray",
    "too_deep",
    "too_large",
    "too_many_names",
    "unclosed",
    "unexpected",
    "unknown_function",
    "unopened",
]

_CLOSING = {"_OPEN": ")", "SQUARE": "]", "BAR": "|"}
_INSTEAD = {"&": "and", "~": "not", "!": "not", "%": "/100", "{": "(", "}": ")", ":": "=", "\\": "/"}
_LONGEST = 30  # characters of a word that a sentence repeats


def shortened(text: str) -> str:
    """Return text as a sentence repeats it: cut where it is long."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _shown(word: Word) -> str:
    return shortened(word.text)


def stray(text: str, at: int) -> Fault:
    """Return what is said of a character that begins no word."""
    got = text[at]
    if got == "`":
        return Fault(
            message("formula: a back-tick must be closed by another behind a name; got one at column {column}"), at
        )
    if got in _INSTEAD:
        return Fault(
            message(
                'formula: "{got}" at column {column} has no meaning in a formula; try {suggestion}',
                got=got,
                suggestion=_INSTEAD[got],
            ),
            at,
        )
    return Fault(
        message(
            'formula: "{got}" at column {column} has no meaning in a formula; try back-ticks around a name, `a name`',
            got=got,
        ),
        at,
    )


def too_deep(at: int) -> Fault:
    """Return what is said of text that nests too deep."""
    return Fault(
        message(
            "formula: text must nest at most {limit} deep (parentheses, calls, fractions, powers, signs); got more at "
            "column {column}; try definitions: y = u^2; u = ...",
            limit=MAX_DEPTH,
        ),
        at,
    )


def too_large(at: int) -> Fault:
    """Return what is said of text with too many numbers, names and operations."""
    return Fault(
        message(
            "formula: text must hold at most {limit} numbers, names and operations; got more, from column {column}; "
            "try a Python function",
            limit=MAX_NODES,
        ),
        at,
    )


def too_many_names(word: Word) -> Fault:
    """Return what is said of the first name too many."""
    return Fault(
        message(
            "formula: text must hold at most {limit} names; got another, {got}, at column {column}; "
            "try a Python function",
            limit=MAX_NAMES,
            got=_shown(word),
        ),
        word.at,
    )


def unopened(word: Word) -> Fault:
    """Return what is said of a closing bracket that closes none."""
    return Fault(
        message('formula: "{got}" at column {column} closes nothing; try without it', got=word.text),
        word.at,
    )


def crossed(opened: Word, word: Word) -> Fault:
    """Return what is said of a closing bracket of another kind than was opened."""
    return Fault(
        message(
            'formula: "{opened}" must be closed by "{closing}"; got "{got}" at column {column}',
            opened=opened.text,
            closing=_CLOSING[opened.kind],
            got=word.text,
        ),
        word.at,
    )


def unclosed(opened: Word) -> Fault:
    """Return what is said of an opening bracket that nothing closes."""
    return Fault(
        message(
            'formula: "{opened}" at column {column} must be closed by "{closing}"; got none',
            opened=opened.text,
            closing=_CLOSING[opened.kind],
        ),
        opened.at,
    )


def unknown_function(word: Word, rest: Sequence[Word], names: Collection[str]) -> Fault:
    """Return what is said of a name before a parenthesis that is no function's; ``rest`` is what follows the name."""
    group = _group(rest)
    if group.following is not None and group.following.kind == "_IS":
        return Fault(
            message(
                "formula: a definition must have no arguments; got {name}{group} at column {column}; try {name} = ...",
                name=_shown(word),
                group=group.text,
            ),
            word.at,
        )
    product = f"{_shown(word)}*{group.text}"
    near = nearest_function(word.text)
    if near is None or word.kind == "QUOTED" or name_of(word.text, names) is not None:
        return Fault(
            message(
                "formula: {name} at column {column} is not a function; did you mean {product}?",
                name=_shown(word),
                product=product,
            ),
            word.at,
        )
    return Fault(
        message(
            "formula: {name} at column {column} is not a function; did you mean {near}, or a product, {product}?",
            name=_shown(word),
            near=near,
            product=product,
        ),
        word.at,
    )


class _Group(NamedTuple):
    text: str
    following: Word | None


def _group(words: Sequence[Word]) -> _Group:
    """Return the parentheses that open here, with dots for what stands in them if that is long, and what follows."""
    text, depth, end = "", 0, words[0].at
    for place, word in enumerate(words):
        text += word.text if word.at == end else f" {word.text}"
        end = word.at + len(word.text)
        depth += {"_OPEN": 1, "_CLOSE": -1}.get(word.kind, 0)
        if depth == 0:
            following = words[place + 1] if place + 1 < len(words) else None
            return _Group(text if len(text) <= _LONGEST else "(...)", following)
    return _Group("(...)", None)


def not_called(word: Word, rest: Sequence[Word]) -> Fault:
    """Return what is said of a function without parentheses; ``rest`` is what follows its name."""
    exponent, argument = "", rest
    if rest and rest[0].kind == "SUPERSCRIPT":
        exponent, argument = rest[0].text, rest[1:]
    elif len(rest) > 1 and rest[0].kind == "_RAISED":
        exponent, argument = f"^{rest[1].text}" if rest[1].kind == "NUMBER" else "^2", rest[2:]
    inverse = f"a{word.text}"
    called = f"{inverse}{_argument(argument)}" if exponent == "⁻¹" and function_of(inverse) is not None else ""
    return Fault(
        message(
            "formula: {name} at column {column} is a function and must have parentheses; try {suggestion}, "
            "or `{name}` where it is a name",
            name=word.text,
            suggestion=called or f"{word.text}{_argument(argument)}{exponent}",
        ),
        word.at,
    )


def _argument(words: Sequence[Word]) -> str:
    """Return in parentheses what was probably meant as a function's argument: the words up to the next gap or sign."""
    if words and words[0].kind == "_OPEN":
        return _group(words).text
    text, end = "", None
    for word in words:
        if word.kind not in ("NAME", "NUMBER") or end not in (None, word.at):
            break
        text += word.text
        end = word.at + len(word.text)
    return f"({text})" if 0 < len(text) <= _LONGEST else "(x)"


def unexpected(word: Word | None, before: Word | None, expected: Collection[str], end: int) -> Fault:
    """Return what is said of a word that cannot follow the one before it; None stands for the ends of the text."""
    if word is not None and word.kind in ("_IF", "_ELSE"):
        sentence = message(
            'formula: a choice must be written where(condition, a, b) or (a if condition else b); got "{got}" at '
            "column {column}",
            got=word.text,
        )
    else:
        sentence = _value_missing(word, before) if "NUMBER" in expected else _operator_missing(word, before)
    return Fault(sentence, end if word is None else word.at)


def _value_missing(word: Word | None, before: Word | None) -> Message:
    got = "" if word is None else _shown(word)
    if before is None:
        return message(
            "formula: text must begin with a number, a name, a function or a parenthesis; "
            'got "{got}" at column {column}',
            got=got,
        )
    if word is None:
        return message(
            'formula: "{before}" must be followed by a number, a name, a function or a parenthesis; '
            "got the end of the text at column {column}",
            before=_shown(before),
        )
    return message(
        'formula: "{before}" must be followed by a number, a name, a function or a parenthesis; '
        'got "{got}" at column {column}',
        before=_shown(before),
        got=got,
    )


def _operator_missing(word: Word | None, before: Word | None) -> Message:
    last, got = ("" if place is None else _shown(place) for place in (before, word))
    kind = "" if word is None else word.kind
    if kind == "NUMBER":
        return message(
            'formula: an operator must stand between "{before}" and "{got}" at column {column}; '
            "try {before}*{got} or {before}^{got}",
            before=last,
            got=got,
        )
    if kind == "_COMMA":
        return message(
            "formula: a comma must stand between the arguments of a function; got one at column {column}; "
            "try a point in decimals, 1.5"
        )
    if kind == "COMPARE":
        return message(
            "formula: a comparison must have two sides; got a third from column {column}; try a < b and b < c"
        )
    if kind == "_IS":
        return message(
            'formula: a name alone must stand before "=", as in y = x^2; got more before column {column}; '
            "try where(a == b, 1, 0) for a comparison"
        )
    if kind in ("_RAISED", "SUPERSCRIPT"):
        return message(
            'formula: a power of a power or of a root must have parentheses; got "{got}" at column {column}; '
            "try (x^2)^3, x^(2^3), (√x)^2 or √(x^2)",
            got=got,
        )
    if word is None:
        return message(
            'formula: an operator must follow "{before}"; got the end of the text at column {column}', before=last
        )
    return message('formula: an operator must follow "{before}"; got "{got}" at column {column}', before=last, got=got)
