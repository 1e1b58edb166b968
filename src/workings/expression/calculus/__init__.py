"""Derivatives of expressions, which are expressions again; and simplification."""

from workings.expression.calculus.modes import (
    adjoints,
    derivative,
    derivatives,
    gradient,
    gradient_to_compute,
    jacobian,
)
from workings.expression.calculus.simplify import RULES, Simplification, Simplified, simplify

__all__ = [
    "RULES",
    "Simplification",
    "Simplified",
    "adjoints",
    "derivative",
    "derivatives",
    "gradient",
    "gradient_to_compute",
    "jacobian",
    "simplify",
]
