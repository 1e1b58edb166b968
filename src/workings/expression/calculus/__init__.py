"""Derivatives of expressions, which are expressions again."""

from workings.expression.calculus.modes import adjoints, derivative, derivatives, gradient, jacobian

__all__ = ["adjoints", "derivative", "derivatives", "gradient", "jacobian"]
