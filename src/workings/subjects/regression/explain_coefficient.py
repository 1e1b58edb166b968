"""One coefficient, told: why it is what it is, which is that the cost is level in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from workings.errors import InputError
from workings.language import message
from workings.subjects.regression.narration import Narrator
from workings.subjects.regression.told_fit import Fit
from workings.working import Derivation, Working, shown

__all__ = ["about_coefficient", "column_of", "tell_coefficient"]


def about_coefficient(fit: Fit, column: int) -> Derivation:
    """Return an empty derivation that asks why a column's coefficient is what it is."""
    value = shown(float(fit.parameters[column]))
    return Derivation(
        "regression", message("Why is the coefficient of {column} {value}?", column=fit.names[column], value=value)
    )


def tell_coefficient(told: Narrator, column: int) -> Working:
    """Return why a column's coefficient is what it is; ``told`` writes to what :func:`about_coefficient` gave."""
    fit, w = told.fit, told.w
    told.give_rows()
    told.give_penalty()
    told.definitions()
    told.coefficient(column)
    value, name = shown(float(fit.parameters[column])), fit.names[column]
    if fit.status.converged:
        w.conclude(
            message(
                "At {value} the cost is level in the coefficient of {column}, to the tolerance asked: no small change "
                "of it lowers the cost.",
                value=value,
                column=name,
            )
        )
    else:
        w.conclude(
            message(
                "The fit ended before it arrived, with the coefficient of {column} at {value}.",
                column=name,
                value=value,
            )
        )
    return w.build()


def column_of(fit: Fit, asked: Any, *, function: str = "at") -> int:
    """Return the place of a column that is asked for by its name or by its place, counted from 0.

    Raises
    ------
    InputError
        If there is no such column.
    """
    names: Sequence[str] = fit.names
    if isinstance(asked, str) and asked in names:
        return list(names).index(asked)
    if isinstance(asked, int | np.integer) and not isinstance(asked, bool) and 0 <= asked < len(names):
        return int(asked)
    raise InputError(
        message(
            "{function}: coefficient must be a column's name, or its place from 0 to {last}; got {got}; try {name}",
            function=function,
            last=len(names) - 1,
            got=repr(asked),
            name=repr(names[0]),
        )
    )
