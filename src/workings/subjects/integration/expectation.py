"""The expectation of a function of a random variable: an area under g times the density, or a sum over a table."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import ConvergenceWarning, InputError, WorkingsWarning, warn
from workings.expression import Node
from workings.expression.formula import Formula
from workings.language import message
from workings.subjects.integration.compute import EPSABS, EPSREL, integral_of, limit_number
from workings.subjects.integration.integrand import Integrand, as_integrand
from workings.subjects.integration.result import Integral
from workings.subjects.integration.rule import ROUNDING
from workings.subjects.integration.status import Status

__all__ = ["Weighted", "expectation"]

Array = NDArray[np.float64]

# Where most of a distribution lies, and the outskirts of what does not: break points, so that none is missed.
_QUANTILES = (1e-10, 1e-4, 0.02, 0.25, 0.5, 0.75, 0.98, 1 - 1e-4, 1 - 1e-10)
_BESIDE = 1e-6
# How many times as far from the median as the quartiles from each other a break point may lie.
_HEAVY = 1e3
# The map of a tail to a finite range has the unit 1: tails of far other widths are cut farther out too, at so many
# times the distance of the outermost quantile. Beyond, a tail that is not heavy holds nothing that counts.
_WIDTHS = (1e-2, 1e2)
_FARTHER = (2.0, 4.0, 16.0, 256.0)
# Probabilities in a table are often rounded to some digits: their sum may be off by so much.
_TOTAL = 1e-9
# A sum over infinitely many values goes on for so many terms at the most.
_MOST_TERMS = 1 << 20
# Where g·P is 0, the values beyond are looked at all the same unless they are less probable than this together.
_UNLIKELY = 1e-12


@dataclass(frozen=True, eq=False)
class Weighted:
    """What an expectation integrates or sums: ``g`` times a density, or times the probabilities of a table.

    Parameters
    ----------
    g
        The function of the random variable.
    distribution
        As it was given.
    mass
        What the density integrates to, or the probabilities add up to.
    """

    g: Any
    distribution: Any
    mass: float


def expectation(
    g: Callable[..., Any] | Formula | Node | str,
    distribution: Any,
    *,
    support: tuple[float, float] = (-math.inf, math.inf),
    epsabs: float = EPSABS,
    epsrel: float = EPSREL,
    limit: int = 200,
) -> Integral:
    r"""Return the expectation :math:`E[g(X)] = \int g(x)\,p(x)\,dx`, or :math:`\sum_x g(x)\,P(X = x)`.

    Parameters
    ----------
    g
        A function of one number, a formula or its text: ``"x"`` gives the mean.
    distribution
        A frozen distribution of ``scipy.stats``, continuous or discrete; a table ``{value: probability}``; or a
        density, as a function, a formula or its text.
    support
        Where a density is not 0; the other kinds know it.
    epsabs, epsrel, limit
        As in :func:`integrate`.

    Returns
    -------
    Integral
        Unpacks as ``value, error``.

    Raises
    ------
    InputError
        If the distribution is none of these, has parameters that are arrays, or a table has no value, values that are
        no numbers or a negative probability; and as :func:`integrate`.

    Warns
    -----
    WorkingsWarning
        If the density does not integrate to 1, or the probabilities do not add up to 1: the value is what was asked
        for, not divided by their sum, and its status is "not_a_density".
    ConvergenceWarning
        As :func:`integrate`: also where the expectation does not exist (a Cauchy variable's mean).

    Notes
    -----
    As ``rv.expect``, whose range is cut at quantiles here so that no narrow distribution is missed.

    Examples
    --------
    >>> import workings as wk
    >>> from scipy.stats import norm
    >>> print(f"{wk.expectation('x^2', norm(1, 2)).value:.9f}")
    5.000000000
    >>> wk.expectation("x", {1: 0.5, 2: 0.25, 4: 0.25}).value
    2.0
    """
    name = "expectation"
    if isinstance(distribution, Mapping):
        return _of_table(g, distribution, epsabs, epsrel)
    if callable(getattr(distribution, "pmf", None)) and not callable(getattr(distribution, "pdf", None)):
        return _of_discrete(g, distribution, epsabs, epsrel)
    if hasattr(distribution, "dist") and hasattr(distribution.dist, "pmf"):
        return _of_discrete(g, distribution, epsabs, epsrel)
    options: dict[str, Any] = {"epsabs": epsabs, "epsrel": epsrel, "limit": limit}
    if callable(getattr(distribution, "pdf", None)):
        low, high = _turn(distribution) or (_scalar(end) for end in distribution.support())
        quantile = getattr(distribution, "ppf", None) or distribution.icdf
        # Quantiles far out may be inexact; a break point need not be exact.
        with np.errstate(all="ignore"):
            try:
                points = _near(quantile, bounded=math.isfinite(low) and math.isfinite(high))
            except (ValueError, RuntimeError):  # SciPy's own search for a quantile can fail
                points = _around(_scalar(distribution.mean()), _scalar(distribution.std()))
        # Right beside an end other than 0 there are too few floats for the rules of singular ends.
        points = [q for q in points if q - low > _beside(low) and high - q > _beside(high)]
        return _of_density(
            g, distribution, distribution.pdf, low=low, high=high, points=points, mass=1.0, options=options
        )
    if isinstance(distribution, str | Node | Formula) or callable(distribution):
        low, high = limit_number(support[0], "support", name), limit_number(support[1], "support", name)
        density = as_integrand(distribution, function=name)
        mass = integral_of(density, low, high, points=None, function=name, **options)
        points = () if mass.subintervals is None else tuple(mass.subintervals.low.tolist())
        few = [point for point in points if math.isfinite(point)][:20]
        source = density.source
        return _of_density(g, source, density, low=low, high=high, points=few, mass=mass.value, options=options)
    raise InputError(
        message(
            "expectation: distribution must be a frozen distribution of scipy.stats, a table {table} or a density; got "
            "{kind}",
            table="{value: probability}",
            kind=type(distribution).__name__,
        )
    )


def _near(quantile: Callable[[float], Any], *, bounded: bool) -> list[float]:
    """Return the quantiles at which the range is cut, without the outermost of a heavy tail and of a bounded range.

    From such a point on the tail goes on for millions of units, where the map to a finite range, whose unit is 1, has
    no node: of E[√|X|] of a Cauchy variable 2·10⁻⁵ would be missed unseen.
    """
    # Beside an end of a bounded range SciPy's search for the outermost can fail, and nothing is far there.
    points = [_scalar(quantile(q)) for q in (_QUANTILES[1:-1] if bounded else _QUANTILES)]
    if bounded:
        return sorted(points)
    lower, middle, upper = points[3:6]
    reach = _HEAVY * (upper - lower)
    kept, ends = points[1:-1], [point for point in (points[0], points[-1]) if abs(point - middle) <= reach]
    kept += ends
    if not _WIDTHS[0] <= upper - lower <= _WIDTHS[1]:
        kept += [middle + times * (point - middle) for point in ends for times in _FARTHER]
    return sorted(kept)


def _around(middle: float, deviation: float) -> list[float]:
    """Return places at which the range is cut where no quantiles are to be had."""
    if not (math.isfinite(middle) and math.isfinite(deviation)):
        return [0.0]
    return [middle + steps * deviation for steps in (-9.0, -3.0, -1.0, 0.0, 1.0, 3.0, 9.0)]


def _turn(distribution: Any) -> tuple[float, float] | None:
    """Return one turn of a distribution on the circle, over which its density integrates to 1; None of others.

    SciPy's von Mises density goes round and round on the whole line; its ``expect`` takes one turn, as this does.
    """
    family: Any = getattr(distribution, "dist", None)
    if getattr(family, "name", "") != "vonmises":
        return None
    _, loc, scale = family._parse_args(*distribution.args, **distribution.kwds)
    return float(loc - math.pi * scale), float(loc + math.pi * scale)


def _of_density(
    g: Any,
    distribution: Any,
    density: Callable[[Any], Any],
    *,
    low: float,
    high: float,
    points: list[float],
    mass: float,
    options: dict[str, Any],
) -> Integral:
    function = as_integrand(g, function="expectation")

    def product(x: Any) -> Any:
        places = np.atleast_1d(np.asarray(x, np.float64))
        weight = np.asarray(density(places), np.float64)
        # Where the density is 0, g counts nothing, however large or undefined it is.
        value = np.where(weight == 0.0, 0.0, function(places) * weight)
        return value if np.ndim(x) else float(value[0])

    integrand = Integrand(
        product, vectorized=True, function="expectation", source=Weighted(function.source, distribution, mass)
    )
    found = integral_of(integrand, low, high, points=points, function="expectation", **options)
    return _checked_mass(found, mass, 1e-7)


def _checked_mass(found: Integral, mass: float, allowed: float) -> Integral:
    """Return the expectation, flagged where the probabilities do not add up to 1."""
    if abs(mass - 1.0) <= allowed:
        return found
    text = message("The density integrates to {mass}, not to 1; the value is not divided by that.", mass=f"{mass:.6g}")
    if not math.isfinite(mass):
        text = message("The area under the density is not finite: say with support= where it is not 0.")
    warn(WorkingsWarning(text))
    return _result(found.value, found.error, Status("not_a_density", text), found)


def _result(value: float, error: float, status: Status, like: Integral) -> Integral:
    return Integral(
        value,
        error,
        status,
        like.evaluations,
        like.integrand,
        like.limits,
        like.args,
        like.subintervals,
        like.epsabs,
        like.epsrel,
    )


def _of_table(g: Any, table: Mapping[Any, Any], epsabs: float, epsrel: float) -> Integral:
    try:
        values = np.array([float(value) for value in table])
        weights = np.array([float(weight) for weight in table.values()])
    except (TypeError, ValueError):
        values = weights = np.array([math.nan])
    if not len(values) or not (np.isfinite(values).all() and np.isfinite(weights).all() and (weights >= 0).all()):
        raise InputError(
            message(
                "expectation: a table must give each value, a finite number, a probability that is not negative; "
                "got {got}",
                got=repr(dict(table)),
            )
        )
    mass = math.fsum(weights.tolist())
    function = as_integrand(g, function="expectation")
    found = _summed(function, values, weights)
    integral = Integral(
        *found,
        Status("converged", message("All values of the table were added up.")),
        function.evaluations,
        Weighted(function.source, dict(zip(values.tolist(), weights.tolist(), strict=True)), mass),
        (float(values.min()), float(values.max())),
        (),
        None,
        epsabs,
        epsrel,
    )
    return _flagged_nan(_checked_mass(integral, mass, _TOTAL))


def _flagged_nan(found: Integral) -> Integral:
    if math.isfinite(found.value):
        return found
    text = message("g is NaN or infinite at a value that has a probability; the expectation is undefined.")
    warn(ConvergenceWarning(text))
    return _result(math.nan, math.inf, Status("not_finite", text), found)


def _summed(function: Integrand, values: Array, weights: Array) -> tuple[float, float]:
    """Return Σ g(x)·P and what rounding may have done to it."""
    kept = weights > 0
    if not kept.any():
        return 0.0, 0.0
    terms = function(values[kept]) * weights[kept]
    size = float(np.abs(terms).sum())
    if not math.isfinite(size):
        return math.nan, math.inf
    # The sum is exact; g and the probabilities, themselves computed, are off by some units in the last place.
    return math.fsum(terms.tolist()), ROUNDING * size


def _of_discrete(g: Any, distribution: Any, epsabs: float, epsrel: float) -> Integral:
    """Add up outward from the median, in chunks that double, until what is left is less than the tolerance."""
    function = as_integrand(g, function="expectation")
    low, high = (_scalar(end) for end in distribution.support())
    middle = _scalar(distribution.ppf(0.5))
    parts: list[float] = []
    rounding = rest = mass = 0.0
    for start, end, step in ((middle, high, 1), (middle - 1, low, -1)):
        at, count = start, 64
        taken, beyond = 0, math.inf
        last: Array = np.zeros(0)
        while taken < _MOST_TERMS:
            left = abs(end - at) + 1 if (end - at) * step >= 0 else 0
            if left == 0:
                beyond = 0.0
                break
            chunk = at + step * np.arange(int(min(count, left)), dtype=np.float64)
            weights = np.asarray(distribution.pmf(chunk), np.float64)
            value, error = _summed(function, chunk, weights)
            parts.append(value)
            rounding += error
            mass += math.fsum(weights.tolist())
            taken += len(chunk)
            at = float(chunk[-1]) + step
            last = np.abs(np.nan_to_num(function(chunk[-2:]) * weights[-2:]))
            beyond = _tail(last, taken, abs(value))
            if last[-1] == 0.0 and _left_over(distribution, float(chunk[-1]), step) > _UNLIKELY:
                beyond = math.inf  # g is 0 here, and may be large where the other values lie
            if beyond <= 0.1 * max(epsabs, epsrel * abs(math.fsum(parts))) and mass > 0.4:
                break
            count *= 2
        rest += beyond
    value = math.fsum(parts)
    error = rounding + rest
    tolerance = max(epsabs, epsrel * abs(value))
    if not math.isfinite(value):
        status = Status(
            "not_finite",
            message("g is NaN or infinite at a value that has a probability; the expectation is undefined."),
        )
        value, error = math.nan, math.inf
    elif error <= tolerance:
        status = Status(
            "converged",
            message(
                "The estimated error {error:.3g} is within the tolerance {tolerance:.3g}.",
                error=error,
                tolerance=tolerance,
            ),
        )
    else:
        status = Status(
            "limit",
            message(
                "The sum is divergent, or slowly convergent: after {count} values about {error} may be left.",
                count=function.evaluations,
                error=f"{error:.3g}",
            ),
        )
    if not status.converged:
        warn(ConvergenceWarning(status.text))
    return Integral(
        value,
        error,
        status,
        function.evaluations,
        Weighted(function.source, distribution, mass),
        (low, high),
        (),
        None,
        epsabs,
        epsrel,
    )


def _left_over(distribution: Any, at: float, step: int) -> float:
    """Return the probability of all values beyond ``at``."""
    return _scalar(distribution.sf(at) if step > 0 else distribution.cdf(at - 1))


def _tail(last: Array, taken: int, chunk: float) -> float:
    """Return about how much lies beyond the last two terms: a power of their place falls most slowly.

    Terms like k^-s leave k·t/(s - 1) beyond t; s is read off the last two. Terms that do not fall so leave infinity.
    """
    if len(last) < 2 or last[-1] == 0.0:
        return 0.0 if chunk == 0.0 or taken > 64 else math.inf
    if not last[0] > last[1]:
        return math.inf
    power = math.log(last[0] / last[1]) * taken
    return float(last[1]) * taken / (power - 1.0) if power > 1.0001 else math.inf


def _beside(end: float) -> float:
    return _BESIDE * abs(end) if math.isfinite(end) else 0.0


def _scalar(value: Any) -> float:
    array = np.asarray(value, np.float64)
    if array.size != 1:
        raise InputError(
            message(
                "expectation: distribution must have numbers as parameters; got arrays of shape {shape}",
                shape=str(array.shape),
            )
        )
    return float(array.reshape(-1)[0])
