"""Derivatives of expressions, which are expressions again."""

from workings.expression.calculus.modes import derivative, derivatives, gradient, jacobian

__all__ = ["derivative", "derivatives", "gradient", "jacobian"]
