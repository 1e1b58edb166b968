"""What cannot be traced, and what to write in its place. Each refusal names the line of the user's code."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import Any, NoReturn

from workings.errors import FormulaError
from workings.expression.tracing.place import Place, user_place
from workings.language import Message, message

__all__ = ["Untraceable", "not_numpy", "nothing_swallowed", "refusal"]

# What of the standard library's math NumPy and SciPy call otherwise.
_RENAMED = {
    "pow": "np.power",
    "fabs": "np.abs",
    "fsum": "np.sum",
    "gamma": "scipy.special.gamma",
    "lgamma": "scipy.special.gammaln",
    "erf": "scipy.special.erf",
    "erfc": "scipy.special.erfc",
    "asin": "np.arcsin",
    "acos": "np.arccos",
    "atan": "np.arctan",
    "atan2": "np.arctan2",
    "asinh": "np.arcsinh",
    "acosh": "np.arccosh",
    "atanh": "np.arctanh",
}
_LONGEST = 100
_CHOOSERS = {"max": "np.maximum", "min": "np.minimum"}


def refusal(text: Message, otherwise: str, place: Place | None = None) -> FormulaError:
    """Return the error that says so, with the line of the user's code below it.

    Parameters
    ----------
    text
        The sentence, whose ``{code}`` is the expression at which the user's code is.
    otherwise
        What to say for it where that is not known.
    place
        The place, if it is not where the code is now.
    """
    where = place or user_place()
    code = where.code or otherwise
    if len(code) > _LONGEST:
        code = f"{code[:_LONGEST]} …"
    return FormulaError(Message(text.sentence, {**text.values, "code": code}), picture=str(where))


def not_numpy(name: str, otherwise: str) -> FormulaError:
    """Return the error for a function of Python's ``math``, which asks for a float."""
    return refusal(
        message(
            "formula: a traced function must compute with NumPy, for math takes only floats; got {code}; try {instead}",
            instead=_RENAMED.get(name, f"np.{name}"),
        ),
        otherwise,
    )


_decided: ContextVar[list[FormulaError] | None] = ContextVar("refusals to decide", default=None)


@contextmanager
def nothing_swallowed() -> Generator[None]:
    """Raise, when all is done, what was refused inside and caught there.

    A function that catches ``ValueError`` for numbers outside its domain would else take that branch for all numbers.

    Raises
    ------
    FormulaError
        If a number or a truth value was asked for inside.
    """
    decided: list[FormulaError] = []
    token = _decided.set(decided)
    try:
        yield
    finally:
        _decided.reset(token)
    if decided:
        raise decided[0]


def _remembered(error: FormulaError) -> FormulaError:
    decided = _decided.get()
    if decided is not None:
        decided.append(error)
    return error


class Untraceable:
    """Refuses what asks a traced value for a number, a truth value, a length or an element."""

    __slots__ = ()

    def __bool__(self) -> bool:
        place = user_place()
        chooser = _CHOOSERS.get(place.called)
        if chooser is not None:
            text = message(
                "formula: a traced function must choose without looking at values; got {code}; try {instead}(a, b)",
                instead=chooser,
            )
        else:
            text = message(
                "formula: a traced function must not decide on a value, for it has none yet; got {code}; "
                "try np.where(condition, a, b) for if, and (a < b) & (b < c) with & | ~ for and, or, not"
            )
        raise _remembered(refusal(text, "if", place))

    def _number(self, kind: str) -> FormulaError:
        place = user_place()
        module, _, name = place.called.rpartition(".")
        if module in ("math", "cmath"):
            return _remembered(not_numpy(name, place.called))
        text = message(
            "formula: a traced value has no number yet, so {kind} cannot be taken; got {code}; "
            "try the value as it is, or a function of NumPy",
            kind=kind,
        )
        if place.writes:
            place = replace(place, start=0, end=0)  # the whole line
            text = message(
                "formula: a traced value has no number yet that could be written into an array; got {code}; "
                "try np.where(condition, new, old), or one formula for each element"
            )
        return _remembered(refusal(text, kind, place))

    def __float__(self) -> float:
        raise self._number("float()")

    def __int__(self) -> int:
        raise self._number("int()")

    def __index__(self) -> int:
        raise self._number("index")

    def __complex__(self) -> complex:
        raise self._number("complex()")

    def __round__(self, digits: object = None) -> NoReturn:
        raise self._number("round()")

    def __trunc__(self) -> NoReturn:
        raise self._number("math.trunc()")

    def __floor__(self) -> NoReturn:
        raise self._number("math.floor()")

    def __ceil__(self) -> NoReturn:
        raise self._number("math.ceil()")

    def __array__(self, dtype: object = None, copy: object = None) -> NoReturn:
        raise refusal(
            message(
                "formula: a traced value is one number or one column, and must not be put into an array; got {code}; "
                "try the terms one by one: a*x + b*z",
            ),
            "np.array",
        )

    def __hash__(self) -> int:
        raise refusal(
            message(
                "formula: a traced value cannot be a key of a dict or an element of a set; got {code}; try its name",
            ),
            "hash()",
        )

    def _elements(self) -> FormulaError:
        return refusal(
            message(
                "formula: a traced value is one number or one column, whose length and elements are not known yet; "
                "got {code}; try np.sum or np.mean for what runs over all rows",
            ),
            "len()",
        )

    def __len__(self) -> int:
        raise self._elements()

    def __iter__(self) -> NoReturn:
        raise self._elements()

    def __contains__(self, item: object) -> bool:
        raise self._elements()

    def __getitem__(self, key: object) -> NoReturn:
        raise self._elements()

    def __setitem__(self, key: object, value: object) -> None:
        raise refusal(
            message(
                "formula: a traced value cannot be written into; got {code}; try np.where(condition, new, old)",
            ),
            "x[i] = ...",
        )

    def _whole(self, other: object) -> Any:
        raise refusal(
            message(
                "formula: // and % have no derivative and cannot be traced; got {code}; try a / b",
            ),
            "//",
        )

    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __divmod__ = __rdivmod__ = _whole

    def __xor__(self, other: object) -> Any:
        raise refusal(
            message(
                "formula: ^ is not a power in Python; got {code}; try ** for a power",
            ),
            "^",
        )

    __rxor__ = __xor__
