"""A problem to practise on: y over u and v, which hang on x and z, at a point."""

from __future__ import annotations

from random import Random

from workings.subjects.chain_rule.explain import explain_differentiate
from workings.working import Working

__all__ = ["problem"]

_OUTER = ("u*v", "u^2 + v", "u + v^2", "u^2*v", "u*sin(v)", "exp(u) + v", "u*v^2")
_INNER = ("{a}*x + z", "x*z", "x^2 + {a}*z", "{a}*x - z", "x + z^2", "{a}*x*z")


def problem(random: Random) -> Working:
    """Return the derivative of a system by one of its variables, with the numbers of a point."""
    u, v = (part.format(a=random.randint(2, 5)) for part in random.sample(_INNER, 2))
    system = f"y = {random.choice(_OUTER)}; u = {u}; v = {v}"
    return explain_differentiate(system, random.choice("xz")).at(x=random.randint(-2, 2), z=random.randint(1, 3))
