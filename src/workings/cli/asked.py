"""What a command line asks about: a function with its arguments, or a result, and where to look closer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from workings.errors import InputError
from workings.language import Message, message

if TYPE_CHECKING:
    from workings.working import Working

__all__ = ["Asked", "Question", "question", "read_numbers", "read_place", "read_point"]

# A number of at most a few hundred digits: 1e999999999 would fill the memory.
_NUMBER = r"[-+−]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+−]?\d{1,3})?"


@dataclass(frozen=True)
class Asked:
    """A call that is to be explained or drawn, and the place where the explanation looks closer.

    Attributes
    ----------
    subject, arguments, options
        As :func:`workings.explain` takes them.
    place, at
        What the working's ``at`` is given; both empty: nothing.
    drawn
        What :func:`workings.plot` is given besides.
    """

    subject: Any
    arguments: Sequence[Any] = ()
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    place: Sequence[Any] = ()
    at: Mapping[str, Any] = field(default_factory=dict[str, Any])
    drawn: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def working(self) -> Working:
        """Return the derivation."""
        from workings.working import explain

        found = explain(self.subject, *self.arguments, **self.options)
        return found.at(*self.place, **self.at) if self.place or self.at else found

    def picture(self) -> Any:
        """Return the chart."""
        from workings.working import plot

        return plot(self.subject, *self.arguments, **self.options, **self.drawn)


@dataclass(frozen=True)
class Question:
    """A subject's question: its name, what it is for under each command, and the function that reads its words.

    ``draws_at`` says whether its picture too shows the place that ``--at`` names.
    """

    name: str
    explains: Message
    draws: Message
    read: Callable[..., Asked]
    draws_at: bool = False


def question(
    name: str, *, explains: Message, draws: Message, draws_at: bool = False
) -> Callable[[Callable[..., Asked]], Question]:
    """Make a :class:`Question` of the decorated function, whose parameters become the command's."""
    return lambda read: Question(name, explains, draws, read, draws_at)


def read_numbers(text: str, name: str) -> list[int | float]:
    """Return the numbers in a text, parted by spaces, commas or semicolons.

    Raises
    ------
    InputError
        If there are none, or a part is none.

    Examples
    --------
    >>> read_numbers("3 20, -3e3", "X")
    [3, 20, -3000.0]
    """
    parts = [part for part in re.split(r"[\s,;]+", text) if part]
    wrong = [part for part in parts if not re.fullmatch(_NUMBER, part)]
    if wrong or not parts:
        raise InputError(
            message('{name} must be numbers, such as "1 2.5 -3"; got {got}', name=name, got=(wrong or [repr(text)])[0])
        )
    return [_plain(part) for part in parts]


def read_place(given: Sequence[str], *, first: str | None = None) -> dict[str, Any]:
    """Return the places in ``row=3`` or ``threshold=0.5,index=2``: numbers where they are, names where not.

    Parameters
    ----------
    given
        The words behind ``--at``.
    first
        What a number without a name stands for.

    Raises
    ------
    InputError
        If a part is not a name, an equals sign and a value, or a name comes twice.

    Examples
    --------
    >>> read_place(["17", "column=age"], first="row")
    {'row': 17, 'column': 'age'}
    """
    found: dict[str, Any] = {}
    for part in _parts(given):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals and first is not None and re.fullmatch(_NUMBER, name):
            name, equals, value = first, "=", name
        if not (name and equals and value):
            raise InputError(
                message(
                    "--at must be a place with its value, such as {example}; got {part}",
                    example=f"{first or 'threshold'}=0",
                    part=part.strip(),
                )
            )
        _refuse_twice(name, found)
        found[name] = _plain(value) if re.fullmatch(_NUMBER, value) else value
    return found


def read_point(given: Sequence[str]) -> dict[str, Fraction | int]:
    """Return the numbers in ``x=1,z=2``, once or several times; each is worth exactly what its digits say.

    Raises
    ------
    InputError
        If a part is not a name, an equals sign and a number, or a name comes twice.

    Examples
    --------
    >>> read_point(["x=0.1,z=-2", "b=1e3"])
    {'x': Fraction(1, 10), 'z': -2, 'b': 1000}
    """
    found: dict[str, Fraction | int] = {}
    for part in _parts(given):
        name, equals, digits = (piece.strip() for piece in part.partition("="))
        value = _exact(digits)
        if not name or not equals or value is None:
            raise InputError(
                message("--at must be names with their numbers, such as x=1,z=2; got {part}", part=part.strip())
            )
        _refuse_twice(name, found)
        found[name] = value.numerator if value.denominator == 1 else value
    return found


def _parts(given: Sequence[str]) -> list[str]:
    return [part for text in given for part in re.split(r"[,;]", text) if part.strip()]


def _refuse_twice(name: str, found: Mapping[str, Any]) -> None:
    if name in found:
        raise InputError(message("--at must give each variable one number; got {name} twice", name=name))


def _plain(digits: str) -> int | float:
    digits = digits.replace("−", "-")
    return int(digits) if re.fullmatch(r"[-+]?\d+", digits) else float(digits)


def _exact(digits: str) -> Fraction | None:
    if not re.fullmatch(rf"{_NUMBER}|[-+−]?\d+/\d*[1-9]\d*", digits):
        return None
    return Fraction(digits.replace("−", "-"))
