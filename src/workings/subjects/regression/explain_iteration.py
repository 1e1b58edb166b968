"""One iteration of a descent, told: the cost and the slopes where it stood, and where its step led."""

from __future__ import annotations

from typing import Any

import numpy as np

from workings.errors import InputError
from workings.language import message
from workings.subjects.regression.narration import Narrator
from workings.subjects.regression.narration_steps import tell_iteration
from workings.working import Derivation, Working, shown

__all__ = ["about_iteration", "tell_one_iteration"]

_NAMED = 12


def about_iteration(iteration: Any) -> Derivation:
    """Return an empty derivation that asks where an iteration stands."""
    return Derivation("regression", message("Where did iteration {k} stand, and how steep was it?", k=str(iteration)))


def tell_one_iteration(told: Narrator, iteration: Any) -> Working:
    """Return where an iteration stood; ``told`` writes to what :func:`about_iteration` gave.

    Raises
    ------
    InputError
        If it is no iteration whose place was kept.
    """
    fit, w = told.fit, told.w
    whole = isinstance(iteration, int | np.integer) and not isinstance(iteration, bool)
    at = fit.iterate(int(iteration)) if whole and iteration >= 0 else None
    if at is None:
        kept = [] if fit.history is None else fit.history.kept.tolist()
        named = [*kept[: _NAMED - 1], *kept[-1:]] if len(kept) > _NAMED else kept
        raise InputError(
            message(
                "at: iteration must be one whose place was kept; got {got}; try one of {kept}",
                got=repr(iteration),
                kept=", ".join(map(str, named)) or "-",
            )
        )
    told.give_rows()
    told.give_penalty()
    told.definitions()
    if fit.rate is not None:
        w.given("η", fit.rate.value, message("the learning rate"))
    after = fit.iterate(at.number + 1)
    tell_iteration(told, at, after if fit.rate is not None else None)
    w.conclude(message("The cost was {cost} at iteration {k}.", cost=shown(at.cost), k=at.number))
    return w.build()
