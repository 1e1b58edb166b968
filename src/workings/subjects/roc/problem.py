"""A problem to practise on: six scores of two classes."""

from __future__ import annotations

from random import Random

from workings.subjects.roc.explain import explain_auc_score
from workings.working import Working

__all__ = ["problem"]


def problem(random: Random) -> Working:
    """Return the area of six scores, three of them of positive rows."""
    return explain_auc_score(random.sample([0, 0, 0, 1, 1, 1], 6), random.sample([k / 10 for k in range(1, 10)], 6))
