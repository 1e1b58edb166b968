"""The integral of a function of one variable: check the limits, choose the path, run, and say what came of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from workings.errors import ConvergenceWarning, InputError, warn
from workings.expression import Node, free_symbols
from workings.expression.formula import Formula
from workings.language import message
from workings.subjects.integration.adaptive import Adaptive, run
from workings.subjects.integration.integrand import Integrand, as_integrand
from workings.subjects.integration.named import placed
from workings.subjects.integration.panels import State
from workings.subjects.integration.path import path_between
from workings.subjects.integration.quick import quick
from workings.subjects.integration.result import Integral, Subintervals
from workings.subjects.integration.status import Status
from workings.subjects.integration.support import found_support

__all__ = ["EPSABS", "EPSREL", "LIMIT", "check_tolerances", "integral_of", "integrate", "limit_number"]

EPSABS = EPSREL = 1.49e-8
"""scipy.integrate.quad's: the square root of the machine's epsilon."""

LIMIT = 50

# Where half the values are below so much of the largest, there is a peak, or its foot.
_FOOT = 1e-3
# What QUADPACK refuses as a relative tolerance alone.
_LEAST_EPSREL = max(50 * float(np.finfo(np.float64).eps), 5e-29)


def integrate(
    f: Callable[..., Any] | Formula | Node | str,
    a: float,
    b: float,
    args: Any = (),
    *,
    epsabs: float = EPSABS,
    epsrel: float = EPSREL,
    limit: int = LIMIT,
    points: Iterable[float] | None = None,
    vectorized: bool | None = None,
    complex_func: bool = False,
) -> Integral:
    r"""Return the definite integral :math:`\int_a^b f(t)\,dt`, with an estimate of its error.

    Parameters
    ----------
    f
        A Python function ``f(t, *args)``, a formula or a formula's text; of a formula the first variable is integrated
        over, and ``args`` are the others in order. Of ``"cos(w*x)"`` that is w: ``args={"w": 2}`` says what is meant.
    a, b
        The limits; infinite ones are meant as such. From b to a the integral is the negative one.
    args
        What f takes besides, as a tuple or by name; one value that is no tuple stands for itself.
    epsabs, epsrel
        The error may be the larger of ``epsabs`` and ``epsrel``·|integral|.
    limit
        How many subintervals there may be.
    points
        Places inside the limits where f jumps, peaks, bends or is singular; with infinite limits too.
    vectorized
        Whether f takes an array and gives one value for each element. None tries f on an array and on its elements, and
        uses arrays only if the two agree; False calls it with one number at a time.
    complex_func
        Whether f is complex: the real and the imaginary part are then integrated each, and value and error are complex.

    Returns
    -------
    Integral
        Unpacks as ``value, error``; also ``status``, ``converged``, ``evaluations``, ``subintervals``.

    Raises
    ------
    InputError
        If f is none of these, is complex without ``complex_func`` or gives no numbers; if a limit, a point or a
        tolerance is no number; if ``limit`` is below 1; if ``epsabs`` is 0 and ``epsrel`` is below 1.1e-14.

    Warns
    -----
    ConvergenceWarning
        If the tolerance is not met, or the value cannot be trusted: the integral seems to diverge, the integrand is
        undefined on a stretch, or was 0 wherever it was tried. The text names the cause and the place.

    Notes
    -----
    Gauss's rule with 10 and Kronrod's with 21 nodes (QUADPACK, 1983), all subintervals that need it bisected together;
    an end at which bisection is of little use is left to the double-exponential rule (Takahasi & Mori, 1974), and where
    f jumps or bends inside, the place is found by second differences and cut at. When the tolerance is met, the
    integrand is looked at once more between the nodes, for peaks that they missed.

    ``scipy.integrate.quad`` returns ``0, 0`` for a peak that no node met; here it is found, or the result is flagged
    with an infinite error. The error is an estimate, as every rule's: an integrand that differs from 0 only where it
    was never looked at has none.

    Examples
    --------
    >>> import math
    >>> import workings as wk
    >>> area, error = wk.integrate("x^2 + 2x + 1", 0, 10)
    >>> print(f"{area:.6f}")
    443.333333
    >>> print(f"{wk.integrate(lambda t: math.exp(-t * t), -math.inf, math.inf).value:.12f}")
    1.772453850906
    """
    f, args = placed(f, args, function="integrate", argument="args")
    if complex_func:
        options = {"epsabs": epsabs, "epsrel": epsrel, "limit": limit, "points": points, "vectorized": vectorized}
        return _complex(f, a, b, args, options)
    integrand = as_integrand(f, args, function="integrate", vectorized=vectorized)
    return integral_of(integrand, a, b, epsabs=epsabs, epsrel=epsrel, limit=limit, points=points, function="integrate")


def integral_of(
    integrand: Integrand,
    a: Any,
    b: Any,
    *,
    epsabs: float,
    epsrel: float,
    limit: int,
    points: Iterable[float] | None,
    function: str,
) -> Integral:
    """Return the integral of what is known to be an integrand; :func:`integrate` says the rest."""
    low, high = limit_number(a, "a", function), limit_number(b, "b", function)
    check_tolerances(epsabs, epsrel, limit, function)
    inner = () if points is None else _points(points, function)
    if low == high:
        status = Status("converged", message("The limits are equal: the integral is 0."))
        return _result(0.0, 0.0, status, integrand, limits=(low, high), cut=None, epsabs=epsabs, epsrel=epsrel)
    sign = 1.0
    if low > high:
        low, high, sign = high, low, -1.0
    if not inner and math.isfinite(high - low):
        found = quick(integrand, low, high, max(epsabs, 0.0), epsrel)
        if found is not None:
            value, error, status, cut = found
            return _result(
                sign * value,
                error,
                status,
                integrand,
                limits=(float(a), float(b)),
                cut=_signed(cut, sign),
                epsabs=epsabs,
                epsrel=epsrel,
            )
    path = path_between(low, high, inner)
    method = Adaptive(integrand, path, epsabs=epsabs, epsrel=epsrel, limit=max(limit, len(path)))
    at, status = run(method)
    if status.converged and at.absolute <= max(epsabs, 0.0) and _next_to_nothing(at) and not _is_zero(integrand):
        places = [place for place in found_support(integrand, path) if low < place < high]
        if places:
            path = path_between(low, high, (*inner, *places))
            method = Adaptive(integrand, path, epsabs=epsabs, epsrel=epsrel, limit=max(limit, len(path)))
            at, status = run(method)
        if at.absolute == 0.0:
            status = _nothing_seen(integrand)
    error = at.error if status.name != "nothing_seen" else math.inf
    value = at.value
    if status.name == "not_finite":
        value, error = math.nan, math.inf
    if status.name == "divergent":
        error = math.inf
    if not status.converged:
        warn(ConvergenceWarning(status.text))
    return _result(
        sign * value,
        error,
        status,
        integrand,
        limits=(float(a), float(b)),
        cut=_cut(at, method, sign),
        epsabs=epsabs,
        epsrel=epsrel,
    )


def _result(
    value: Any,
    error: Any,
    status: Status,
    integrand: Integrand,
    *,
    limits: tuple[float, float],
    cut: Subintervals | None,
    epsabs: float,
    epsrel: float,
) -> Integral:
    return Integral(
        value, error, status, integrand.evaluations, integrand.source, limits, integrand.args, cut, epsabs, epsrel
    )


def _complex(f: Any, a: Any, b: Any, args: Any, options: dict[str, Any]) -> Integral:
    vectorized = options.pop("vectorized")
    parts = [
        integral_of(
            as_integrand(f, args, function="integrate", vectorized=vectorized, part=part),
            a,
            b,
            function="integrate",
            **options,
        )
        for part in ("real", "imag")
    ]
    real, imaginary = parts
    worse = real if not real.converged else imaginary
    return Integral(
        complex(real.value, imaginary.value),  # pyright: ignore[reportArgumentType]
        complex(real.error, imaginary.error),  # pyright: ignore[reportArgumentType]
        worse.status,
        real.evaluations + imaginary.evaluations,
        real.integrand,
        real.limits,
        real.args,
        None,
        real.epsabs,
        real.epsrel,
    )


def limit_number(value: Any, name: str, function: str) -> float:
    """Return a limit as a number, which may be infinite but not NaN."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if math.isnan(number):
        raise InputError(
            message(
                "{function}: {name} must be a number or infinity; got {got}",
                function=function,
                name=name,
                got=repr(value),
            )
        )
    return number


def _points(points: Iterable[float], function: str) -> tuple[float, ...]:
    try:
        found = tuple(
            float(point)
            for point in np.ravel(np.asarray(points if hasattr(points, "__len__") else list(points), np.float64))
        )
    except (TypeError, ValueError):
        found = (math.nan,)
    if not all(math.isfinite(point) for point in found):
        raise InputError(
            message("{function}: points must be finite numbers; got {got}", function=function, got=repr(points))
        )
    return found


def check_tolerances(epsabs: float, epsrel: float, limit: int, function: str) -> None:
    """Raise InputError unless the tolerances leave room for rounding and there may be a subinterval."""
    if math.isnan(epsabs) or math.isnan(epsrel) or (epsabs <= 0 and epsrel < _LEAST_EPSREL):
        raise InputError(
            message(
                "If 'epsabs'<=0, 'epsrel' must be greater than both 5e-29 and 50*(machine epsilon). {function}: epsabs "
                "and epsrel must allow some error; got {epsabs} and {epsrel}",
                function=function,
                epsabs=repr(epsabs),
                epsrel=repr(epsrel),
            )
        )
    if int(limit) != limit or limit < 1:
        raise InputError(
            message("{function}: limit must be a whole number from 1 on; got {got}", function=function, got=repr(limit))
        )


def _next_to_nothing(at: State) -> bool:
    """Return whether the integrand was 0 at all nodes, or is all at a few: a peak's foot, the rest between them."""
    sizes = np.abs(at.panels.nodes)
    return at.absolute == 0.0 or float(np.median(sizes)) <= _FOOT * float(sizes.max())


def _is_zero(integrand: Integrand) -> bool:
    """Return whether the integrand is known to be 0 everywhere: a formula that has no variable, or simplifies to 0."""
    source = integrand.source
    return isinstance(source, Formula) and not free_symbols(source.simplify().formula.node)


def _nothing_seen(integrand: Integrand) -> Status:
    return Status(
        "nothing_seen",
        message(
            "The integrand was 0 at all {count} places that were tried; if it is not 0 everywhere, say where with "
            "points=.",
            count=integrand.evaluations,
        ),
    )


def _cut(at: State, method: Adaptive, sign: float) -> Subintervals:
    panels, path = at.panels, method.path
    ends = path.places(panels.piece, np.stack([panels.low, panels.high], axis=1))
    low, high = ends.min(axis=1), ends.max(axis=1)
    order = np.argsort(low)
    backwards = path.kind[panels.piece] > 0
    return Subintervals(
        low[order],
        high[order],
        sign * panels.value[order],
        panels.error[order],
        panels.settled[order],
        at.rounds,
        raised=panels.raised[order],
        nodes=np.where(backwards[:, None], panels.nodes[:, ::-1], panels.nodes)[order],
        pieces=path.ends,
        breaks=tuple(method.breaks),
    )


def _signed(cut: Subintervals, sign: float) -> Subintervals:
    return cut if sign > 0 else replace(cut, value=-cut.value)
