"""What a descent came to in the end: a rate that was too large, a saddle, a kink; said with what to do about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from workings.expression import Apply, postorder
from workings.language import message
from workings.subjects.regression.formula_cost import FormulaCost
from workings.subjects.regression.formula_path import Position
from workings.subjects.regression.iteration import Status, written

__all__ = ["if_at_a_kink", "if_no_minimum", "with_the_largest_rate"]

Array = NDArray[np.float64]

# The matrix of second derivatives is asked for the largest rate that works; of more parameters it takes too long.
_MOST_SECOND = 100
# At the end it is looked at for fewer, since nobody asked.
_MOST_LOOKED_AT = 10
# Curvatures below this part of the largest are rounding.
_LEVEL = 1e-7


def if_no_minimum(status: Status, cost: FormulaCost, last: Position) -> Status:
    """Return the status of an end where all slopes vanish: "saddle" where the cost curves down in some direction."""
    if len(cost.names) > _MOST_LOOKED_AT:
        return status
    second = cost.curvature(last.parameters)
    if not np.isfinite(second).all():
        return status
    values, vectors = np.linalg.eigh(second)
    if values[0] >= -_LEVEL * float(np.abs(values).max(initial=0.0)):
        return status
    return Status(
        "saddle",
        message(
            "{status}; but the cost curves down there along {direction}, so that it is no minimum: a saddle, a maximum "
            "or a plateau; start elsewhere",
            status=status.text,
            direction=cost.names[int(np.argmax(np.abs(vectors[:, 0])))],
        ),
    )


def if_at_a_kink(status: Status, cost: FormulaCost, last: Position) -> Status:
    """Return the status of an end where no slope vanishes; it names the parameters in which the cost has a kink."""
    if len(cost.names) > _MOST_LOOKED_AT or not _has_kinks(cost):
        return status
    names = [name for place, name in enumerate(cost.names) if _is_kink(cost, last.parameters, place)]
    if not names:
        return status
    if len(cost.names) == 1:
        text = message(
            "{status}; it is a kink: the cost rises to both sides of it, though its slope is nowhere 0",
            status=status.text,
        )
    else:
        text = message(
            "{status}; the cost has a kink there in {names}, rising to both sides, which holds up the other parameters "
            "too: such a minimum is not found by steps against the slope",
            status=status.text,
            names=", ".join(names),
        )
    return Status(status.name if len(cost.names) == 1 else "kink", text)


def _has_kinks(cost: FormulaCost) -> bool:
    parts = (part for part in postorder(cost.formula.node) if isinstance(part, Apply))
    return any(part.operation.kink or part.operation.name == "where" for part in parts)


def _is_kink(cost: FormulaCost, at: Array, place: int) -> bool:
    """Whether the cost rises to both sides, and as steeply a thousand times as near."""
    slopes: list[float] = []
    for size in (1e-6, 1e-9):
        for sign in (-1.0, 1.0):
            beside = at.copy()
            beside[place] += sign * size * max(1.0, abs(float(at[place])))
            slopes.append(sign * float(cost.value(beside)[1][place]))
    far, near = min(slopes[:2]), min(slopes[2:])
    return far > 0.0 and near > 0.5 * far


def with_the_largest_rate(
    status: Status, cost: FormulaCost, lowest: Position, momentum: float, *, nesterov: bool
) -> tuple[Status, float | None]:
    """Return a status that says which rates work at the lowest point that was seen, and the limit."""
    largest = _largest_rate(cost, lowest.parameters, momentum, nesterov=nesterov)
    if largest is None:
        text = message('{status}; choose a smaller learning_rate, or "auto"', status=status.text)
        return replace(status, text=text), None
    text = message(
        "{status}; near the lowest point that it saw, steps hold below a learning rate of {largest}; choose one, or "
        '"auto"',
        status=status.text,
        largest=written(largest, 4),
    )
    return replace(status, text=text), largest


def _largest_rate(cost: FormulaCost, at: Array, momentum: float, *, nesterov: bool) -> float | None:
    """Return the rate below which steps hold on the cost's quadratic at a point; None where it has no bound there.

    On a curvature L the error of one direction obeys a recurrence of order two, which is stable (Jury's conditions)
    for ηL < 2 (1 + μ) with Polyak's momentum, and for ηL < 2 (1 + μ) / (1 + 2 μ) with Nesterov's.
    """
    if len(cost.names) > _MOST_SECOND:
        return None
    second = cost.curvature(at)
    if not np.isfinite(second).all():
        return None
    curvature = float(np.linalg.eigvalsh(second)[-1])
    if curvature <= 0.0:
        return None
    limit = 2.0 * (1.0 + momentum) / curvature
    return limit / (1.0 + 2.0 * momentum) if nesterov else limit
