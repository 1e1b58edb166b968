"""Why steps against the slope come to an end, as statuses."""

from __future__ import annotations

import numpy as np

from workings.language import Message, message
from workings.subjects.regression.formula_path import Position
from workings.subjects.regression.iteration import Status, written

__all__ = ["arrived", "climbed", "stalled", "steps_ran_out", "unbounded"]

# A cost that has fallen below this has no minimum that way.
_BOTTOMLESS = -1e100


def arrived(at: Position, tol: float) -> Status | None:
    """Return the status of a position where every partial derivative is at most ``tol``; None elsewhere."""
    if not (np.abs(at.gradient) <= tol).all():
        return None
    return Status(
        "converged",
        message(
            "converged at iteration {iteration}: the largest partial derivative is {gradient}",
            iteration=at.number,
            gradient=written(_steepest(at)),
        ),
    )


def unbounded(at: Position) -> Status | None:
    """Return the status of a cost that has fallen below any that could have a minimum; None of others."""
    if at.cost >= _BOTTOMLESS:
        return None
    return Status(
        "unbounded",
        message(
            "stopped at iteration {iteration}: the cost has fallen to {cost} and goes on falling, so that it has no "
            "minimum this way",
            iteration=at.number,
            cost=written(at.cost),
        ),
    )


def steps_ran_out(at: Position) -> Status:
    """Return the status of a position that is the last that was allowed."""
    return Status(
        "max_iter",
        message(
            "stopped at iteration {iteration}, before it arrived: the largest partial derivative is still "
            "{gradient}; raise max_iter, or start nearer",
            iteration=at.number,
            gradient=written(_steepest(at)),
        ),
    )


def stalled(at: Position) -> Status:
    """Return the status of a position from which no step lowers the cost."""
    return Status(
        "stalled",
        message(
            "stopped at iteration {iteration}: no step lowers the cost any further than rounding; the largest partial "
            "derivative is {gradient}",
            iteration=at.number,
            gradient=written(_steepest(at)),
        ),
    )


def climbed(at: Position) -> Message:
    """Say of a position that the descent diverges."""
    return message(
        "diverged: at iteration {iteration} the cost is {cost} and its largest partial derivative {gradient}, each "
        "step overshooting by more than it gains",
        iteration=at.number,
        cost=written(at.cost),
        gradient=written(_steepest(at)),
    )


def _steepest(at: Position) -> float:
    return float(np.abs(at.gradient).max(initial=0.0))
