"""Functions that apply an operation to expressions, named as the table of operations names them."""

from __future__ import annotations

from workings.expression.nodes import Apply, Operand

__all__ = [
    "absolute",
    "acos",
    "acosh",
    "asin",
    "asinh",
    "at_least",
    "at_most",
    "atan",
    "atan2",
    "atanh",
    "both",
    "cbrt",
    "cos",
    "cosh",
    "different",
    "digamma",
    "e",
    "either",
    "equal",
    "erf",
    "erfc",
    "exp",
    "expm1",
    "floor",
    "gamma",
    "greater",
    "iverson",
    "less",
    "log",
    "log1p",
    "log2",
    "log10",
    "loggamma",
    "maximum",
    "mean_rows",
    "minimum",
    "negation",
    "normal_cdf",
    "normal_pdf",
    "normal_quantile",
    "pi",
    "polygamma",
    "relu",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "sum_rows",
    "tan",
    "tanh",
    "where",
]


def exp(x: Operand) -> Apply:
    """Return the exponential of x."""
    return Apply("exp", (x,))


def expm1(x: Operand) -> Apply:
    """Return exp(x) - 1, computed without cancellation near 0."""
    return Apply("expm1", (x,))


def log(x: Operand) -> Apply:
    """Return the natural logarithm of x > 0."""
    return Apply("log", (x,))


def log1p(x: Operand) -> Apply:
    """Return log(1 + x), computed without cancellation near 0, for x > -1."""
    return Apply("log1p", (x,))


def log2(x: Operand) -> Apply:
    """Return the logarithm of x > 0 to base 2."""
    return Apply("log2", (x,))


def log10(x: Operand) -> Apply:
    """Return the logarithm of x > 0 to base 10."""
    return Apply("log10", (x,))


def sqrt(x: Operand) -> Apply:
    """Return the square root of x ≥ 0."""
    return Apply("sqrt", (x,))


def cbrt(x: Operand) -> Apply:
    """Return the real cube root of x."""
    return Apply("cbrt", (x,))


def absolute(x: Operand) -> Apply:
    """Return the absolute value |x|."""
    return Apply("absolute", (x,))


def sign(x: Operand) -> Apply:
    """Return 1, 0 or -1, as x is above, at or below 0."""
    return Apply("sign", (x,))


def floor(x: Operand) -> Apply:
    """Return the largest integer that is at most x."""
    return Apply("floor", (x,))


def maximum(a: Operand, b: Operand) -> Apply:
    """Return the larger of two values."""
    return Apply("maximum", (a, b))


def minimum(a: Operand, b: Operand) -> Apply:
    """Return the smaller of two values."""
    return Apply("minimum", (a, b))


def relu(x: Operand) -> Apply:
    """Return the larger of x and 0."""
    return Apply("relu", (x,))


def sigmoid(x: Operand) -> Apply:
    """Return σ(x) = 1/(1 + exp(-x))."""
    return Apply("sigmoid", (x,))


def softplus(x: Operand) -> Apply:
    """Return log(1 + exp(x)), computed without overflow."""
    return Apply("softplus", (x,))


def sin(x: Operand) -> Apply:
    """Return the sine of x radians."""
    return Apply("sin", (x,))


def cos(x: Operand) -> Apply:
    """Return the cosine of x radians."""
    return Apply("cos", (x,))


def tan(x: Operand) -> Apply:
    """Return the tangent of x radians."""
    return Apply("tan", (x,))


def asin(x: Operand) -> Apply:
    """Return the angle in [-π/2, π/2] whose sine is x, for -1 ≤ x ≤ 1."""
    return Apply("asin", (x,))


def acos(x: Operand) -> Apply:
    """Return the angle in [0, π] whose cosine is x, for -1 ≤ x ≤ 1."""
    return Apply("acos", (x,))


def atan(x: Operand) -> Apply:
    """Return the angle in (-π/2, π/2) whose tangent is x."""
    return Apply("atan", (x,))


def atan2(y: Operand, x: Operand) -> Apply:
    """Return the angle in (-π, π] of the point (x, y), 0 at the origin."""
    return Apply("atan2", (y, x))


def sinh(x: Operand) -> Apply:
    """Return the hyperbolic sine of x."""
    return Apply("sinh", (x,))


def cosh(x: Operand) -> Apply:
    """Return the hyperbolic cosine of x."""
    return Apply("cosh", (x,))


def tanh(x: Operand) -> Apply:
    """Return the hyperbolic tangent of x."""
    return Apply("tanh", (x,))


def asinh(x: Operand) -> Apply:
    """Return the number whose hyperbolic sine is x."""
    return Apply("asinh", (x,))


def acosh(x: Operand) -> Apply:
    """Return the number, not negative, whose hyperbolic cosine is x, for x ≥ 1."""
    return Apply("acosh", (x,))


def atanh(x: Operand) -> Apply:
    """Return the number whose hyperbolic tangent is x, for -1 < x < 1."""
    return Apply("atanh", (x,))


def erf(x: Operand) -> Apply:
    """Return the error function 2/√π·∫ exp(-t²) dt from 0 to x."""
    return Apply("erf", (x,))


def erfc(x: Operand) -> Apply:
    """Return 1 - erf(x), computed without cancellation for large x."""
    return Apply("erfc", (x,))


def gamma(x: Operand) -> Apply:
    """Return Γ(x), which is (x - 1)! at 1, 2, 3, ...; not defined at 0, -1, -2, ..."""
    return Apply("gamma", (x,))


def loggamma(x: Operand) -> Apply:
    """Return the logarithm of |Γ(x)|."""
    return Apply("loggamma", (x,))


def digamma(x: Operand) -> Apply:
    """Return ψ(x), the derivative of log Γ(x)."""
    return Apply("digamma", (x,))


def polygamma(n: Operand, x: Operand) -> Apply:
    """Return the derivative of order n = 0, 1, 2, ... of the digamma function at x."""
    return Apply("polygamma", (n, x))


def normal_pdf(z: Operand) -> Apply:
    """Return φ(z) = exp(-z²/2)/√(2π), the density of a standard normal variable."""
    return Apply("normal_pdf", (z,))


def normal_cdf(z: Operand) -> Apply:
    """Return Φ(z), the probability that a standard normal variable is at most z."""
    return Apply("normal_cdf", (z,))


def normal_quantile(p: Operand) -> Apply:
    """Return Φ⁻¹(p), the z with Φ(z) = p, for 0 < p < 1."""
    return Apply("normal_quantile", (p,))


def where(condition: Operand, a: Operand, b: Operand) -> Apply:
    """Return a where the condition holds, else b."""
    return Apply("where", (condition, a, b))


def sum_rows(x: Operand) -> Apply:
    """Return the sum of x over all rows of data."""
    return Apply("sum", (x,))


def mean_rows(x: Operand) -> Apply:
    """Return the mean of x over all rows of data.

    Examples
    --------
    >>> from workings.expression import evaluate, mean_rows, symbols
    >>> x, m = symbols("x m")
    >>> cost = mean_rows((x - m) ** 2)
    >>> print(cost, "=", evaluate(cost, {"x": [1, 2, 6], "m": 3}))
    mean((x - m)²) = 4.666666666666667
    """
    return Apply("mean", (x,))


def equal(a: Operand, b: Operand) -> Apply:
    """Return the condition a = b."""
    return Apply("equal", (a, b))


def different(a: Operand, b: Operand) -> Apply:
    """Return the condition a ≠ b."""
    return Apply("different", (a, b))


def less(a: Operand, b: Operand) -> Apply:
    """Return the condition a < b."""
    return Apply("less", (a, b))


def at_most(a: Operand, b: Operand) -> Apply:
    """Return the condition a ≤ b."""
    return Apply("at_most", (a, b))


def greater(a: Operand, b: Operand) -> Apply:
    """Return the condition a > b."""
    return Apply("greater", (a, b))


def at_least(a: Operand, b: Operand) -> Apply:
    """Return the condition a ≥ b."""
    return Apply("at_least", (a, b))


def both(a: Operand, b: Operand) -> Apply:
    """Return the condition that both conditions hold."""
    return Apply("both", (a, b))


def either(a: Operand, b: Operand) -> Apply:
    """Return the condition that at least one of two conditions holds."""
    return Apply("either", (a, b))


def negation(a: Operand) -> Apply:
    """Return the condition that a condition does not hold."""
    return Apply("negation", (a,))


def iverson(condition: Operand) -> Apply:
    """Return 1 where the condition holds, else 0, written [condition] (Iverson, 1962).

    Examples
    --------
    >>> from workings.expression import at_least, iverson, symbols
    >>> s, t = symbols("s t")
    >>> print(iverson(at_least(s, t)))
    [s ≥ t]
    """
    return Apply("iverson", (condition,))


pi = Apply("pi", ())
e = Apply("e", ())
