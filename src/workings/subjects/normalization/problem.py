"""A problem to practise on: a few whole numbers, by one of the two methods."""

from __future__ import annotations

from random import Random

from workings.subjects.normalization.explain import explain_min_max_normalize, explain_z_score_normalize
from workings.working import Working

__all__ = ["problem"]


def problem(random: Random) -> Working:
    """Return how one of four different numbers is normalised."""
    values = [float(value) for value in random.sample(range(1, 50), 4)]
    told = random.choice((explain_min_max_normalize, explain_z_score_normalize))
    return random.choice((told(values), told(values).at(row=random.randrange(4))))
