"""The chain rule: derivatives of formulas, which are formulas again."""

from workings.subjects.chain_rule.compute import (
    differentiate,
    directional_derivative,
    gradient,
    hessian,
    jacobian,
    value_and_gradient,
)
from workings.subjects.chain_rule.results import Gradient, Hessian, Jacobian, ValueAndGradient

__all__ = [
    "Gradient",
    "Hessian",
    "Jacobian",
    "ValueAndGradient",
    "differentiate",
    "directional_derivative",
    "gradient",
    "hessian",
    "jacobian",
    "value_and_gradient",
]
