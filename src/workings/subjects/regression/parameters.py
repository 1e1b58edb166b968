"""The estimators' parameters at the door: one of a few words, or a number in its range."""

from __future__ import annotations

import math

import numpy as np

from workings.errors import InputError
from workings.language import message

__all__ = ["check_choice", "check_descent", "check_number"]


def check_descent(name: str, learning_rate: object, momentum: str, max_iter: int, tol: float) -> None:
    """Raise InputError if one of the parameters of an iteration is none."""
    if learning_rate != "auto":
        check_number(name, "learning_rate", learning_rate, above=0.0, finite=True)
    check_choice(name, "momentum", momentum, ("nesterov", "none"))
    check_number(name, "max_iter", max_iter, least=1)
    check_number(name, "tol", tol, least=0.0)


def check_choice(name: str, argument: str, value: object, allowed: tuple[str, ...]) -> None:
    """Raise InputError if the argument of the class ``name`` is not one of the words allowed."""
    if value not in allowed:
        raise InputError(
            message(
                "{function}: {argument} must be one of {allowed}; got {value}",
                function=name,
                argument=argument,
                allowed=", ".join(f'"{choice}"' for choice in allowed),
                value=repr(value),
            )
        )


def check_number(
    name: str, argument: str, value: object, *, least: float = -math.inf, above: float = -math.inf, finite: bool = False
) -> None:
    """Raise InputError if the argument of the class ``name`` is no number, or one outside its range."""
    number = float(value) if isinstance(value, (int, float, np.number)) else math.nan
    if not (number >= least and (number > above or above == -math.inf)) or (finite and math.isinf(number)):
        raise InputError(
            message(
                "{function}: {argument} must be a number {relation} {bound:g}; got {value}",
                function=name,
                argument=argument,
                relation=">" if above > -math.inf else ">=",
                bound=max(least, above),
                value=repr(value),
            )
        )
