"""The well-known distributions' densities and probabilities as formulas, and how a distribution is called.

What a formula here says is checked against SciPy's own numbers wherever a working shows them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import numpy as np

from workings.expression import Apply, Node, Symbol, absolute, as_node, exp, gamma, log, number, pi, sqrt

__all__ = ["density_of", "distribution_name"]

# Frozen distributions of scipy.stats, by name: from x less loc and over scale, and the shapes in order. Of a density
# with a scale, what stands here is over that scale.
_DENSITIES: Mapping[str, Callable[..., Node]] = {
    "norm": lambda z: exp(-(z**2) / 2) / sqrt(2 * pi),
    "uniform": lambda z: number(1),
    "expon": lambda z: exp(-z),
    "laplace": lambda z: exp(-absolute(z)) / 2,
    "logistic": lambda z: exp(-z) / (1 + exp(-z)) ** 2,
    "cauchy": lambda z: 1 / (pi * (1 + z**2)),
    "rayleigh": lambda z: z * exp(-(z**2) / 2),
    "gamma": lambda z, a: z ** _sum(a, -1) * exp(-z) / gamma(_exact(a)),
    "chi2": lambda z, k: z ** _sum(k / 2, -1) * exp(-z / 2) / (2 ** _exact(k / 2) * gamma(_exact(k / 2))),
    "beta": lambda z, a, b: (
        gamma(_sum(a, b)) / (gamma(_exact(a)) * gamma(_exact(b))) * z ** _sum(a, -1) * (1 - z) ** _sum(b, -1)
    ),
    "t": lambda z, v: (
        gamma(_sum(v, 1) / 2)
        / (sqrt(_exact(v) * pi) * gamma(_exact(v / 2)))
        * (1 + z**2 / _exact(v)) ** _exact(-(v + 1) / 2)
    ),
    "lognorm": lambda z, s: exp(-((log(z) / _exact(s)) ** 2) / 2) / (z * _exact(s) * sqrt(2 * pi)),
    "weibull_min": lambda z, c: _exact(c) * z ** _sum(c, -1) * exp(-(z ** _exact(c))),
    "pareto": lambda z, b: _exact(b) / z ** _sum(b, 1),
}
_PROBABILITIES: Mapping[str, Callable[..., Node]] = {
    "bernoulli": lambda k, p: _exact(p) ** k * _sum(1, -p) ** (1 - k),
    "binom": lambda k, n, p: (
        gamma(_sum(n, 1)) / (gamma(k + 1) * gamma(_sum(n, 1) - k)) * _exact(p) ** k * _sum(1, -p) ** (_exact(n) - k)
    ),
    "poisson": lambda k, m: _exact(m) ** k * exp(-_exact(m)) / gamma(k + 1),
    "geom": lambda k, p: _sum(1, -p) ** (k - 1) * _exact(p),
    "nbinom": lambda k, n, p: (
        gamma(k + _exact(n)) / (gamma(_exact(n)) * gamma(k + 1)) * _exact(p) ** _exact(n) * _sum(1, -p) ** k
    ),
    "randint": lambda k, low, high: 1 / _sum(high, -low),
}


def density_of(distribution: Any, x: Symbol) -> Node | None:
    """Return a frozen distribution's density, or probability, at ``x`` inside its support; None of others.

    Examples
    --------
    >>> from scipy.stats import norm, poisson
    >>> from workings.expression import symbol
    >>> print(density_of(norm(1, 2), symbol("x")))
    exp((-(x - 1)²) / (2 × 2²)) / (2·√(2·π))
    >>> print(density_of(poisson(3), symbol("k")))
    3^k·exp(-3) / Γ(k + 1)
    """
    found = _parameters(distribution)
    if found is None:
        return None
    name, shapes, loc, scale = found
    away = x if loc == 0 else x - _exact(loc)
    if name in _DENSITIES:
        if scale == 1:
            return as_node(_DENSITIES[name](away, *shapes))
        if name == "norm":  # as every textbook has it
            return exp(-(away**2) / (2 * _exact(scale) ** 2)) / (_exact(scale) * sqrt(2 * pi))
        density = as_node(_DENSITIES[name](away / _exact(scale), *shapes))
        if isinstance(density, Apply) and density.operation.name == "divide":
            top, bottom = density.args
            return top / (bottom * _exact(scale))  # one fraction, not one in the other
        return density / _exact(scale)
    return as_node(_PROBABILITIES[name](away, *shapes)) if name in _PROBABILITIES else None


def distribution_name(distribution: Any) -> str:
    """Return how a distribution is called, with its parameters.

    Examples
    --------
    >>> from scipy.stats import gamma
    >>> distribution_name(gamma(2.5, scale=3))
    'gamma(2.5, scale=3)'
    """
    kind = getattr(distribution, "dist", None)
    if kind is None:
        return type(distribution).__name__
    given = [_short(value) for value in distribution.args]
    given += [f"{name}={_short(value)}" for name, value in distribution.kwds.items()]
    return f"{kind.name}({', '.join(given)})"


def _parameters(distribution: Any) -> tuple[str, list[float], float, float] | None:
    kind = getattr(distribution, "dist", None)
    if kind is None or not hasattr(distribution, "args"):
        return None
    shapes = [name.strip() for name in (kind.shapes or "").split(",") if name.strip()]
    given = dict(zip([*shapes, "loc", "scale"], distribution.args, strict=False)) | dict(distribution.kwds)
    try:
        values = {name: float(np.asarray(value).reshape(())) for name, value in given.items()}
        return kind.name, [values[name] for name in shapes], values.get("loc", 0.0), values.get("scale", 1.0)
    except (KeyError, TypeError, ValueError):
        return None


def _exact(value: float) -> Node:
    return number(int(value) if value == int(value) and abs(value) < 2**53 else value)


def _sum(one: float, other: float) -> Node:
    """Return a sum in the digits of its terms: 2.3 for 3.3 - 1, where floats give 2.3 less half a unit."""
    return _exact(float(Decimal(repr(one)) + Decimal(repr(other))))


def _short(value: Any) -> str:
    return f"{float(np.asarray(value).reshape(())):.7g}" if np.size(value) == 1 else str(value)
