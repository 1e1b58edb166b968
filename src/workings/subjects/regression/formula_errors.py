"""How sure the parameters of a fit are: their covariance, and why it is infinite where it is."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from workings.language import Message, message
from workings.subjects.regression.formula_program import FitProgram
from workings.subjects.regression.formula_quadratic import Quadratic

__all__ = ["covariance_of"]

Array = NDArray[np.float64]

# A parameter with more than this part (squared, of 1) in a direction that the rows do not tell is not told either.
_LOST = 1e-8


def covariance_of(
    program: FitProgram, plain: Quadratic, *, spare: int, absolute_sigma: bool, nothing: float
) -> tuple[Array, Message | None]:
    """Return the parameters' covariance, infinite for those that the data does not tell, and why.

    Parameters
    ----------
    program
        What was fitted.
    plain
        The cost at the end.
    spare
        Rows that count, less parameters.
    absolute_sigma
        Whether the weights are one over the variances.
    nothing
        A cost of this size is 0 but for rounding.
    """
    size, loss = len(program.parameters), program.of_row
    infinite = np.full((size, size), math.inf)
    if not (loss.squared or loss.likelihood):
        return np.full((size, size), math.nan), None
    if loss.likelihood and abs(plain.cost) <= nothing:
        return infinite, message(
            "fit_formula: the model can tell every row's 0 or 1 for certain, so that the log-loss has no lowest value: "
            "it goes on falling towards 0 as parameters grow; the standard errors are infinite"
        )
    if spare <= 0 and loss.squared and not absolute_sigma:
        return infinite, message(
            "fit_formula: there are as many parameters as rows, {count}, so that no errors are left to judge by; the "
            "standard errors are infinite",
            count=size,
        )
    scale = 1.0
    if loss.squared:
        scale = 2.0 if absolute_sigma else 2.0 * plain.cost / spare
    covariance, lost = scale * plain.inverse(), (plain.vectors[:, ~plain.usable] ** 2).sum(axis=1) > _LOST
    if not lost.any():
        return covariance, None
    covariance[lost, :] = covariance[:, lost] = math.inf
    names = [name for name, is_lost in zip(program.parameters, lost, strict=True) if is_lost]
    return covariance, _untold(names)


def _untold(names: list[str]) -> Message:
    if len(names) == 1:
        return message(
            "fit_formula: the data does not tell {name}, because the predictions do not depend on it where the fit "
            "ended: other values give the same cost; its standard error is infinite",
            name=names[0],
        )
    return message(
        "fit_formula: the data does not tell {names} apart, or does not depend on them where the fit ended: other "
        "values give the same cost; their standard errors are infinite",
        names=", ".join(names),
    )
