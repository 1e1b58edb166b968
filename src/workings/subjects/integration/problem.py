"""A problem to practise on: the area under a parabola, in a few strips."""

from __future__ import annotations

from random import Random

from workings.subjects.integration.explain import explain_riemann_sum
from workings.working import Working

__all__ = ["problem"]


def problem(random: Random) -> Working:
    """Return a sum of two to five strips, each one unit wide or two."""
    strips, width = random.randint(2, 5), random.randint(1, 2)
    text = random.choice(("x^2 + {a}", "{a}*x + {b}", "x^2 + {a}*x", "{a}*x^2 + {b}"))
    formula = text.format(a=random.randint(2, 5), b=random.randint(1, 9))
    return explain_riemann_sum(formula, 0, strips * width, strips, random.choice(("left", "right", "midpoint")))
