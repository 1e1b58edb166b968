"""What the other convention gives of two functions: the second one moved and not turned around, a correlation."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import held_warnings
from workings.expression import Node, Symbol, at_least, indexed, substitute, symbols, total
from workings.language import message
from workings.subjects.convolution.functions import Limits
from workings.subjects.integration import integrate
from workings.subjects.integration.integrand import as_integrand
from workings.subjects.integration.second_rule import SecondRule, second_rule
from workings.working import Derivation, shown

__all__ = ["tell_unturned"]

Array = NDArray[np.float64]
Body = tuple[Node, Symbol]

# The value is quoted to five digits, and so exact it must be.
_ENOUGH = 1e-7
# What cancels to less than this part of its terms is 0.
_NOTHING = 1e-12


def tell_unturned(
    w: Derivation,
    calls: tuple[Any, Any],
    bodies: tuple[Body | None, Body | None],
    limits: Limits,
    t: float,
    *,
    value: float,
) -> None:
    """Say that g is turned around, and what ∫ f(τ)·g(τ - t) dτ is, where g is not.

    The value comes from the double-exponential rule on the subintervals of ``integrate``, where both agree; it is
    checked term by term like a line.

    Parameters
    ----------
    w
        Where it is told.
    calls, bodies
        f and g as they were given, and as nodes where they are known as such.
    limits
        Where f is taken and where g is.
    t, value
        The place, and what the convolution is there.
    """
    chosen = message("g is turned around and moved by t, as mathematics defines a convolution")
    (begin, end), (first, last) = limits
    low, high = max(begin, first + t), min(end, last + t)
    if low >= high:
        w.given("lambda", low, message("where both would begin, were g not turned around"))
        w.given("rho", high, message("where they would end"))
        lower, upper = symbols("lambda rho")
        w.claim("apart_unturned", at_least(lower, upper), place="sentence")
        w.convention(
            None,
            chosen,
            message("moved and not turned around (a correlation), g would overlap f nowhere, and the integral be 0"),
        )
        return
    found = _correlated(calls, t, low, high)
    if found is None:
        w.convention(
            None,
            chosen,
            message("moved and not turned around, ∫ f(τ)·g(τ - t) dτ is a correlation; no rule settles on it here"),
        )
        return
    j, k = symbols("j k")
    weight = indexed("V", k, j)
    w.given("V", found.weights, message("the weights of a rule for f(τ)·g(τ - t)"))
    of_f, of_g = bodies
    if of_f is not None and of_g is not None:
        w.given("Y", found.places, message("its nodes"))
        (one, x), (other, y) = of_f, of_g
        at = indexed("Y", k, j)
        term = substitute(one, {x: at}) * substitute(other, {y: at - shown(t, 17)})
    else:
        w.given("p", found.values, message("f(τ)·g(τ - t) at its nodes, as f and g gave it"))
        term = indexed("p", k, j)
    rows, nodes = found.places.shape
    area, off = math.fsum(found.areas.tolist()), math.fsum(found.within.tolist())
    # A sum that cancels to less than it is off by is 0.
    area = area if abs(area) > off else 0.0
    same = abs(area - value) <= _ENOUGH * abs(value)
    w.convention(
        None,
        chosen,
        message("moved and not turned around, ∫ f(τ)·g(τ - t) dτ, a correlation, is {value} here, too")
        if same
        else message("moved and not turned around, ∫ f(τ)·g(τ - t) dτ, a correlation, would be {value}"),
        area,
        total(total(weight * term, j, 1, nodes), k, 1, rows),
    )


def _correlated(calls: tuple[Any, Any], t: float, low: float, high: float) -> SecondRule | None:
    """Return the rule for ∫ f(τ)·g(τ - t) dτ, None where it and ``integrate`` do not settle on one value."""
    f, g = (as_integrand(each, (), function="explain") for each in calls)

    def product(places: Array) -> Array:
        along = np.atleast_1d(np.asarray(places, np.float64))
        values = f(along) * g(along - t)
        return values if np.ndim(places) else values[0]

    with held_warnings(), np.errstate(all="ignore"):
        whole = integrate(product, low, high, vectorized=True)
        if not whole.converged or whole.subintervals is None:
            return None
        rule = second_rule(whole.subintervals, product)
    if rule is None or not rule.settled:
        return None
    off, area = math.fsum(rule.within.tolist()), math.fsum(rule.areas.tolist())
    size = math.fsum(rule.absolute.tolist())
    exact = off <= _ENOUGH * abs(area) or abs(area) <= off <= _NOTHING * size
    return rule if exact and abs(area - whole.value) <= whole.error + off else None
