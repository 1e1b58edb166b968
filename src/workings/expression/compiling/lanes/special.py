"""Functions that SciPy computes number by number, mended where SciPy leaves the range of float64 too soon."""

from __future__ import annotations

import math

from workings.expression.compiling.lanes.exponential import exp
from workings.expression.compiling.lanes.logarithm import log
from workings.expression.compiling.lanes.values import Lanes

__all__ = ["digamma", "erf", "erfc", "gamma", "loggamma", "normal_cdf", "normal_quantile"]


def erf(x: Lanes) -> Lanes:
    """Return the error function."""
    return x.writer.each_lane("erf", x)


def erfc(x: Lanes) -> Lanes:
    """Return 1 less the error function."""
    return x.writer.each_lane("erfc", x)


def gamma(x: Lanes) -> Lanes:
    """Return the gamma function, by Γ(x + 16)/(x·(x + 1)···(x + 15)) where SciPy's is 0 too soon (x = -171.5)."""
    value = x.writer.each_lane("gamma", x)
    small = (x < -170.0) & (x > -190.0)
    value = x.writer.each_lane("gamma", x + 16.0, where=small, otherwise=value)
    for step in range(16):
        value = small.choose(value / (x + float(step)), value)
    return value


def loggamma(x: Lanes) -> Lanes:
    """Return log|Γ(x)|, which is -log|x| near 0, where SciPy's overflows (x = 1e-310)."""
    value = (abs(x) < 1e-20).choose(-log(abs(x)), x.writer.each_lane("gammaln", x))
    return x.equals(-math.inf).choose(math.nan, value)


def digamma(x: Lanes) -> Lanes:
    """Return the derivative of loggamma."""
    return x.writer.each_lane("psi", x)


def normal_cdf(z: Lanes) -> Lanes:
    """Return the probability that a standard normal variable is at most z, down to the smallest float (z = -38.4)."""
    value = z.writer.each_lane("ndtr", z)
    far = z < -37.0
    logarithm = z.writer.each_lane("log_ndtr", z, where=far, otherwise=value)
    return far.choose(exp(logarithm), value)


def normal_quantile(p: Lanes) -> Lanes:
    """Return the z at which the standard normal distribution function is p."""
    return p.writer.each_lane("ndtri", p)
