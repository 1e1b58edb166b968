"""A sentence as data: its English form and the values in it, rendered in whichever language is asked for."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from numbers import Integral
from typing import Any

from workings.language.catalogue import Language, get_language, translations, use_language
from workings.language.korean import PARTICLES, particle_after
from workings.language.thousands import grouped

__all__ = ["Message", "message"]

# A width, {count:999999999}, would fill the memory: a sentence may come from a file.
_NUMBER_FORMAT = re.compile(r"(\.[0-9]{1,2})?[efg]")
_POWER_OF_TEN = re.compile(r"e([-+]\d+)$")
_FORMS = re.compile(r"(?P<one>[A-Za-z' ]+)\|(?P<others>[A-Za-z' ]+)")
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@dataclass(frozen=True)
class Message:
    """A translatable sentence and its values.

    Parameters
    ----------
    sentence
        The English sentence, with ``{name}`` or ``{name:format}`` where a value stands, and ``{count:row|rows}`` for
        what is said of one and of more. It is the catalogue's key.
    values
        What stands there: text, numbers, other messages, or anything that ``show`` knows how to write. A whole number
        has its thousands apart (12 345); one that is code or a name is given as text.
    """

    sentence: str
    values: Mapping[str, object] = field(default_factory=dict[str, object])

    def render(self, lang: Language | None = None, show: Callable[[object], str] | None = None) -> str:
        """Return the sentence in ``lang`` (the active language by default).

        Parameters
        ----------
        lang
            "en" or "ko".
        show
            How a value is written (a renderer may write an expression as MathML, say); ``str`` by default.
            What is rendered so is read as mathematics: a number with a format has its power of ten as 10⁻⁶, not e-06.
            Nested messages are rendered in the same language with the same ``show``.
        """
        lang = lang or get_language()
        sentence = translations(lang).get(self.sentence, self.sentence)
        # What writes a value may ask for the language, as a power of ten does: 4·10⁻⁶ and 4×10⁻⁶.
        with use_language(lang):
            return _Filler(lang, show).vformat(sentence, (), self.values)

    def __str__(self) -> str:
        return self.render()


def message(sentence: str, /, **values: object) -> Message:
    """Return the translatable sentence with its values; Babel extracts the sentences given to this function.

    Examples
    --------
    >>> from workings.language import message
    >>> str(message("{count} {count:row was|rows were} read", count=569))
    '569 rows were read'
    """
    return Message(sentence, values)


class _Filler(string.Formatter):
    """Fills a sentence's places.

    A Korean particle may stand as a place's format: ``{name:을/를}``; with the value in quotes, ``{name:"을/를"}``.
    The particle follows the sound of the value as plain text, whatever a renderer makes of it. ``{name:A}`` begins
    with a capital, where a word that may stand inside a sentence is a heading. Words that follow a number stand in
    both their forms, ``{count} {count:row|rows}``: the first is said of one, the second of any other number.
    """

    def __init__(self, lang: Language, show: Callable[[object], str] | None) -> None:
        self._lang: Language = lang
        self._show = show

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:
        # A place is a plain name: no attribute and no index is ever followed from a sentence.
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "A":
            written = self._written(value)
            return written[:1].upper() + written[1:]
        if (forms := _FORMS.fullmatch(format_spec)) is not None:
            return forms["one"] if str(value) == "1" else forms["others"]
        particle = format_spec.strip('"')
        if particle not in PARTICLES:
            if isinstance(value, Message) or not format_spec:
                return self._written(value)
            if not _NUMBER_FORMAT.fullmatch(format_spec):
                raise ValueError(f"a place's format must be a number's, such as .6g, or a particle; got {format_spec}")
            number = format(value, format_spec)
            return number if self._show is None else _POWER_OF_TEN.sub(self._as_read, number)
        plain = value.render(self._lang) if isinstance(value, Message) else str(value)
        quote = '"' if format_spec != particle else ""
        return f"{quote}{self._written(value)}{quote}{particle_after(plain, particle)}"

    def _as_read(self, power: re.Match[str]) -> str:
        """Return e-06 as a reader of mathematics writes it: ·10⁻⁶, in Korean ×10⁻⁶."""
        sign = "×" if self._lang == "ko" else "·"
        return f"{sign}10{str(int(power[1])).translate(_RAISED)}"

    def _written(self, value: Any) -> str:
        if isinstance(value, Message):
            return value.render(self._lang, self._show)
        if isinstance(value, Integral):
            value = grouped(str(value))
        return self._show(value) if self._show is not None else str(value)
