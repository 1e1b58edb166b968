"""Names, constants and functions: how each may be spelt, and what was probably meant."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from workings.expression.names import GREEK, normal_name
from workings.expression.operations import OPERATIONS, SPELLINGS, Operation

__all__ = ["constant_of", "function_of", "is_function_word", "name_of", "nearest_function"]

_IN_PYTHON = {"int": "iverson"}  # as to_python writes [condition]


@cache
def _functions() -> dict[str, Operation]:
    known = {normal_name(spelling): OPERATIONS[name] for spelling, name in (SPELLINGS | _IN_PYTHON).items()}
    return {spelling: row for spelling, row in known.items() if row.arity}


@cache
def _constants() -> dict[str, str]:
    return {normal_name(spelling): name for spelling, name in SPELLINGS.items() if not OPERATIONS[name].arity}


def function_of(spelling: str) -> Operation | None:
    """Return the function that a name before a parenthesis calls, None if there is none.

    Examples
    --------
    >>> function_of("ln"), function_of("σ"), function_of("sen")
    (<operation log>, <operation sigmoid>, None)
    """
    return _functions().get(normal_name(spelling))


def constant_of(spelling: str) -> str | None:
    """Return the row of the constant that a name stands for, None if there is none.

    Examples
    --------
    >>> constant_of("π"), constant_of("x")
    ('pi', None)
    """
    return _constants().get(normal_name(spelling))


def is_function_word(spelling: str) -> bool:
    """Whether a name can only be a function's: ``sin``, but not ``gamma``, which is a letter too.

    Examples
    --------
    >>> is_function_word("sin"), is_function_word("γ"), is_function_word("sine")
    (True, False, False)
    """
    normal = normal_name(spelling)
    return normal in _functions() and normal not in GREEK


def name_of(spelling: str, names: Collection[str]) -> str | None:
    """Return the one of ``names`` that is spelt so, None if none is.

    Examples
    --------
    >>> name_of("x₁", {"x_1"}), name_of("σ", {"σ"}), name_of("y", {"x"})
    ('x_1', 'σ', None)
    """
    return next((name for name in (spelling, normal_name(spelling)) if name in names), None)


def nearest_function(spelling: str) -> str | None:
    """Return the function whose name looks most like this one, None if none does.

    Examples
    --------
    >>> nearest_function("sen"), nearest_function("f")
    ('sin', None)
    """
    import difflib

    known = [name for name in _functions() if name not in GREEK]
    found = difflib.get_close_matches(spelling.lower(), known, n=1, cutoff=0.6)
    return found[0] if found else None
