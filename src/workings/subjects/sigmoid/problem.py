"""A problem to practise on: one score, a probability."""

from __future__ import annotations

from random import Random

from workings.subjects.sigmoid.explain import explain_sigmoid
from workings.working import Working

__all__ = ["problem"]


def problem(random: Random) -> Working:
    """Return the working of a score from -4 to 4."""
    return explain_sigmoid(random.choice([k / 10 for k in range(-40, 41) if k]))
