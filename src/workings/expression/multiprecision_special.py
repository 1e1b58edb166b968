"""Special functions of the mpmath evaluation: the error function, the gamma function's family, the normal density.

As in ``multiprecision.py``, where a function is not defined its value is NaN. At a pole whose two sides agree it is
infinite; 0, where floats tell the sides apart by the sign of zero, counts as a small positive number.
"""

from __future__ import annotations

from typing import Any

from workings.expression.multiprecision import is_odd

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

_EXPONENT_BITS = 64  # beyond 2**64 a square, an exponential or a factorial leaves the range for every purpose


def _far(mp: Any, x: Any) -> bool:
    return mp.isinf(x) or mp.mag(x) > _EXPONENT_BITS


def _pole(mp: Any, x: Any) -> bool:
    return x <= 0 and mp.isint(x)


def erf(mp: Any, x: Any) -> Any:
    """Return the error function."""
    if mp.isnan(x):
        return mp.nan
    return mp.mpf(1 if x > 0 else -1) if _far(mp, x) else mp.erf(x)


def erfc(mp: Any, x: Any) -> Any:
    """Return 1 - erf(x) without cancellation."""
    if mp.isnan(x):
        return mp.nan
    return mp.mpf(0 if x > 0 else 2) if _far(mp, x) else mp.erfc(x)


def gamma(mp: Any, x: Any) -> Any:
    """Return the gamma function; at its poles -1, -2, ... the two sides differ."""
    if x == 0:
        return mp.inf
    if mp.isnan(x) or x == -mp.inf or _pole(mp, x):
        return mp.nan
    return (mp.inf if x > 0 else mp.zero) if _far(mp, x) else mp.gamma(x)


def loggamma(mp: Any, x: Any) -> Any:
    """Return the logarithm of |Γ(x)|, infinite at its poles."""
    if mp.isnan(x) or x == -mp.inf:
        return mp.nan
    return mp.inf if _pole(mp, x) or x == mp.inf else mp.loggamma(x).real


def digamma(mp: Any, x: Any) -> Any:
    """Return the derivative of log|Γ(x)|; at its poles -1, -2, ... the two sides differ."""
    if mp.isnan(x) or x == -mp.inf or (x < 0 and _pole(mp, x)):
        return mp.nan
    if x in {0, mp.inf}:
        return -mp.inf if x == 0 else mp.inf
    return mp.digamma(x)


def polygamma(mp: Any, order: Any, x: Any) -> Any:
    r"""Return the derivative of order n of the digamma function.

    .. math:: \psi^{(n)}(x) = (-1)^{n+1}\, n!\, \zeta(n + 1, x), \qquad \zeta(s, x) = \sum_{k \ge 0} (x + k)^{-s}

    Below 0 the terms with x + k < 0 are those of two sums that begin above 0. (mpmath's own ``psi`` adds up all of
    them, which does not end at x = -1e9, nor at the order 10,000.)

    Source: NIST Digital Library of Mathematical Functions, 5.15.1 and 25.11.
    """
    if mp.isnan(x) or not (mp.isint(order) and order >= 0):
        return mp.nan
    if order == 0:
        return digamma(mp, x)
    odd = is_odd(mp, order)
    if mp.isinf(x):
        return mp.zero if x > 0 else mp.nan
    if _pole(mp, x):
        return mp.inf if odd else -mp.inf if x == 0 else mp.nan
    if mp.mag(order) > _EXPONENT_BITS:  # |x|**order beside the factorial of order
        return mp.nan if mp.mag(x) > _EXPONENT_BITS // 2 else mp.inf
    s = int(order) + 1
    lost, result = s.bit_length() + 30, mp.nan
    for _ in range(3):  # near one of its zeros, terms cancel: as many bits again are added as were lost
        with mp.extraprec(lost):
            terms = _both_sides(mp, s, mp.mpf(x))
            total = mp.fsum(terms)
            size = max(mp.mag(term) for term in terms)
            result = (1 if odd else -1) * mp.gamma(s) * total
        missing = size - mp.mag(total) + s.bit_length() + 10 if total else lost
        if missing <= lost:
            break
        lost = missing + 10
    return +result


def _both_sides(mp: Any, s: int, x: Any) -> list[Any]:
    """Return terms whose sum is the sum of (x + k)^-s for k = 0, 1, 2, ..."""
    if x > 0:
        return [_hurwitz_zeta(mp, s, x)]
    beyond = _hurwitz_zeta(mp, s, 1 - x)
    right, left = x - mp.floor(x), mp.floor(x) + 1 - x  # how far 0 is from the nearest points on its two sides
    if s % 2 == 0:
        return [_hurwitz_zeta(mp, s, right), _hurwitz_zeta(mp, s, left), -beyond]
    if left == right:  # the two sides cancel but for what is far away
        return [beyond]
    return [_hurwitz_zeta(mp, s, right), -_hurwitz_zeta(mp, s, left), beyond]


def _hurwitz_zeta(mp: Any, s: int, x: Any) -> Any:
    """Return the sum of (x + k)^-s: terms one by one until they are small, then Euler-Maclaurin's formula.

    That formula needs x + k of the size of s and of the digits wanted. Up to there each term is smaller than the one
    before it by a factor of about exp(-s/x), so that a few hundred terms are always enough.
    """
    total, smallest = mp.zero, mp.ldexp(1, -mp.prec - 10)
    while x < s + mp.prec * 0.4:
        term = x**-s
        total += term
        if term < smallest * total:
            return total
        x += 1
    power = x**-s
    total += x * power / (s - 1) + power / 2
    factor = s * power / x  # s·(s + 1)···(s + 2j - 2)·x^(-s - 2j + 1)
    for j in range(1, mp.prec):
        term = mp.bernoulli(2 * j) / mp.factorial(2 * j) * factor
        total += term
        if abs(term) < smallest * total:
            break
        factor *= mp.mpf(s + 2 * j - 1) * (s + 2 * j) / (x * x)
    return total


def normal_pdf(mp: Any, z: Any) -> Any:
    """Return the density of the standard normal distribution."""
    if mp.isnan(z):
        return mp.nan
    return mp.zero if _far(mp, z) else mp.exp(-(mp.mpf(z) ** 2) / 2) / mp.sqrt(2 * mp.pi)


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
