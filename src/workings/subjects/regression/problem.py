"""A problem to practise on: a line through four points, found by descent."""

from __future__ import annotations

from random import Random

from workings.subjects.regression.estimators import LinearRegression
from workings.subjects.regression.explain import explain_linear
from workings.working import Working

__all__ = ["problem"]


def problem(random: Random) -> Working:
    """Return how m and b are found for four rows near a line."""
    m, b = random.randint(-3, 3), random.randint(-5, 5)
    x = sorted(random.sample(range(-4, 6), 4))
    y = [m * value + b + random.randint(-1, 1) for value in x]
    model = LinearRegression(solver="gradient_descent", momentum="none").fit([[value] for value in x], y)
    return explain_linear(model)
