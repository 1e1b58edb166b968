"""A problem to practise on: what a few rows are, and what they were called."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from workings.subjects.confusion.explain import explain_confusion_matrix
from workings.working import Working

__all__ = ["problem"]


def problem(random: Random) -> Working:
    """Return the matrix of eight rows, with both classes among them and among the predictions, the counting open."""
    rows = random.sample([0, 0, 0, 1, 1, 1, random.randrange(2), random.randrange(2)], 8)
    called = [actual if random.random() < 0.7 else 1 - actual for actual in rows]
    called[rows.index(1)], called[rows.index(0)] = 1, 0
    working = explain_confusion_matrix(rows, called)
    steps = (replace(step, closed=step.closed and step.key != "counts") for step in working.steps)
    return replace(working, steps=tuple(steps))
