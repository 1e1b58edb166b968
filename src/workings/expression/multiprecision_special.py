"""Special functions of the mpmath evaluation: the error function, the gamma function's family, the normal distribution."""

from __future__ import annotations

from typing import Any

__all__ = [
    "digamma",
    "erf",
    "erfc",
    "gamma",
    "loggamma",
    "normal_cdf",
    "normal_pdf",
    "normal_quantile",
    "polygamma",
]

_EXPONENT_BITS = 64  # as in multiprecision.py


def _far(mp: Any, x: Any) -> bool:
    return mp.isinf(x) or mp.mag(x) > _EXPONENT_BITS


def _pole(mp: Any, x: Any) -> bool:
    return x <= 0 and mp.isint(x)


def erf(mp: Any, x: Any) -> Any:
    """Return the error function."""
    return mp.nan if mp.isnan(x) else mp.mpf(1 if x > 0 else -1) if _far(mp, x) else mp.erf(x)


def erfc(mp: Any, x: Any) -> Any:
    """Return 1 - erf(x) without cancellation."""
    return mp.nan if mp.isnan(x) else mp.mpf(0 if x > 0 else 2) if _far(mp, x) else mp.erfc(x)


def gamma(mp: Any, x: Any) -> Any:
    """Return the gamma function: infinite at 0, NaN at -1, -2, ..., where its two sides differ."""
    if x == 0:
        return mp.inf
    if mp.isnan(x) or (x < 0 and _far(mp, x)) or _pole(mp, x):
        return mp.nan
    return mp.inf if _far(mp, x) else mp.gamma(x)


def loggamma(mp: Any, x: Any) -> Any:
    """Return the logarithm of |Γ(x)|, infinite at its poles."""
    if mp.isnan(x) or _far(mp, x) or _pole(mp, x):
        return mp.nan if mp.isnan(x) else mp.inf
    return mp.loggamma(x).real


def digamma(mp: Any, x: Any) -> Any:
    """Return the derivative of log Γ(x)."""
    if x == 0:
        return -mp.inf
    if mp.isnan(x) or _pole(mp, x) or (x < 0 and mp.isinf(x)):
        return mp.nan
    return mp.inf if mp.isinf(x) else mp.digamma(x)


def polygamma(mp: Any, order: Any, x: Any) -> Any:
    """Return the derivative of the digamma function of a whole order."""
    if not (mp.isint(order) and order >= 0):
        return mp.nan
    return digamma(mp, x) if order == 0 else mp.psi(int(order), x)


def normal_pdf(mp: Any, z: Any) -> Any:
    """Return the density of the standard normal distribution."""
    return mp.nan if mp.isnan(z) else mp.zero if _far(mp, z) else mp.exp(-(mp.mpf(z) ** 2) / 2) / mp.sqrt(2 * mp.pi)


def normal_cdf(mp: Any, z: Any) -> Any:
    """Return the probability that a standard normal variable is at most z, by erfc in the lower tail."""
    if mp.isnan(z) or mp.isinf(z) or mp.mag(z) > _EXPONENT_BITS:
        return mp.nan if mp.isnan(z) else mp.zero if z < 0 else mp.one
    return mp.erfc(-mp.mpf(z) / mp.sqrt(2)) / 2


def normal_quantile(mp: Any, p: Any) -> Any:
    """Return the z at which the standard normal distribution function is p, by Newton's method on log Φ.

    Newton on Φ itself overshoots in the tail (p = 1e-300); log Φ is concave, so the steps come from one side.
    """
    if mp.isnan(p) or p < 0 or p > 1:
        return mp.nan
    if p in {0, 1}:
        return -mp.inf if p == 0 else mp.inf
    if 2 * p > 1:
        return -normal_quantile(mp, 1 - mp.mpf(p))
    target = mp.log(p)
    with mp.extraprec(20):
        z = -mp.sqrt(-2 * target) if target < -3 else mp.zero
        for _ in range(100):
            below = mp.erfc(-z / mp.sqrt(2)) / 2
            step = (mp.log(below) - target) * below * mp.sqrt(2 * mp.pi) * mp.exp(z * z / 2)
            z -= step
            if abs(step) <= mp.ldexp(1, 20 - mp.prec) * max(1, abs(z)):
                break
    return +z
