"""An expectation, worked: an area under g times the density, or a sum of g times probabilities, term by term."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.expression import Node, Symbol, equation, indexed, number, substitute, symbol, symbols, total
from workings.expression import integral as definite
from workings.language import message
from workings.subjects.integration.densities import density_of, distribution_name
from workings.subjects.integration.expectation import Weighted, expectation
from workings.subjects.integration.explain_cuts import limit
from workings.subjects.integration.explain_rule import Body, tell_rule, traced
from workings.subjects.integration.integrand import as_integrand
from workings.subjects.integration.polynomial import coefficients, signed_sum, times
from workings.subjects.integration.result import Integral, Subintervals
from workings.subjects.integration.second_rule import second_rule
from workings.working import Derivation, Derived, Rule, Table, Working, explainer, shown

__all__ = ["Terms", "explain_expectation", "explain_weighted", "terms_of"]

Array = NDArray[np.float64]

_MOST_ROWS, _MOST_TERMS = 20, 1 << 20
# Of a discrete distribution the values are told as far as they are more probable than this.
_NEGLIGIBLE = 1e-20


@explainer(expectation)
def explain_expectation(g: Any, distribution: Any, **options: Any) -> Working:
    """Return the working of ``expectation`` with the same arguments; of a table or a discrete one, ``at(row=3)``."""
    return explain_weighted(expectation(g, distribution, **options))


def explain_weighted(found: Integral) -> Working:
    """Return the working of an expectation that was computed."""
    given: Weighted = found.integrand
    if found.subintervals is None:
        return _added(found, given)
    return _integrated(found, given)


# An area.


def _integrated(found: Integral, given: Weighted) -> Working:
    cut, (low, high) = found.subintervals, found.limits
    if cut is None:
        raise TypeError(found)
    x = symbol("x")
    inside = _in_x(given.g, x)
    density, name = _density(given.distribution, x)
    question = (
        message("What is the expectation of g(X), where X has the density p?")
        if name is None
        else message("What is the expectation of g(X), where X is distributed as {name}?", name=name)
    )
    w = Derivation("integration", question)
    g_of_x, p_of_x = Symbol("g(x)"), Symbol("p(x)")
    if inside is not None:
        w.define("function", equation(g_of_x, inside), title=message("The function of X"))
    if density is not None:
        w.define("density", equation(p_of_x, density), title=message("The density of X"))
    w.define(
        "wanted",
        equation(
            Symbol("E[g(X)]"),
            definite((inside if inside is not None else g_of_x) * p_of_x, x, limit(low), limit(high)),
        ),
        title=message("The expectation is an area under g times p"),
        note=message("Each value g(x) counts as much as X is likely to lie near x."),
    )
    body: Body | None = (inside * density, x) if inside is not None and density is not None else None
    weight = _as_density(given.distribution)
    function = as_integrand(given.g, function="explain")

    def product(places: Array) -> Array:
        weights = np.asarray(weight(places), np.float64)
        return np.where(weights == 0.0, 0.0, function(places) * weights)

    tell_rule(w, found, cut, body, product)
    if math.isfinite(found.value):
        _tell_mass(w, given, cut, density, weight)
    _tell_moments(w, found, given, inside)
    _conclude(w, found)
    return w.build()


def _in_x(g: Any, x: Symbol) -> Node | None:
    """Return g as a node in x, whatever its variable was called; None where it cannot be traced."""
    try:
        number_of = float(g)
    except (TypeError, ValueError):
        body = traced(g, ())
        return None if body is None else substitute(body[0], {body[1]: x})
    return number(number_of)


def _density(distribution: Any, x: Symbol) -> tuple[Node | None, str | None]:
    """Return a density as a node in x, where it is known as one, and how the distribution is called."""
    if hasattr(distribution, "support"):
        return density_of(distribution, x), distribution_name(distribution)
    return _in_x(distribution, x), None


def _as_density(distribution: Any) -> Any:
    return distribution.pdf if hasattr(distribution, "pdf") else as_integrand(distribution, function="explain")


def _tell_mass(w: Derivation, given: Weighted, cut: Subintervals, density: Node | None, weight: Any) -> None:
    """Check that the density is one: that its own area, on the same subintervals, is 1."""

    def of_places(places: Array) -> Array:
        return np.asarray(weight(places), np.float64)

    rule = second_rule(cut, of_places)
    if rule is None or not rule.settled:
        return
    i, j, m, x = symbols("i j m x")
    w.given("Y", rule.places, message("the nodes of the same rule for the density alone"))
    w.given("V", rule.weights, message("their weights"))
    if density is None:
        w.given("p", rule.values, message("the density at those nodes, as it gave them"))
        term: Node = indexed("p", i, j)
    else:
        term = substitute(density, {x: indexed("Y", i, j)})
    w.line(
        "mass",
        equation(symbol("M"), total(total(indexed("V", i, j) * term, j, 1, rule.places.shape[1]), i, 1, m)),
        math.fsum(rule.areas.tolist()),
        title=message("The area under the density alone"),
        rule=Rule.SUM,
        folded=True,
        note=message("Of a density it is 1.")
        if abs(given.mass - 1.0) <= 1e-7
        else message("It is not 1: p is no density, and the value is not divided by its area."),
    )


def _tell_moments(w: Derivation, found: Integral, given: Weighted, inside: Node | None, beyond: float = 0.0) -> None:
    """Check the expectation of a polynomial up to degree 2 by the distribution's mean and variance."""
    known = inside is not None and all(hasattr(given.distribution, name) for name in ("mean", "var"))
    of = list(coefficients(inside, "x") or ()) if known and inside is not None else []
    if not 1 < len(of) <= 3 or not math.isfinite(found.value):
        return
    mean, spread = (float(np.asarray(part)) for part in (given.distribution.mean(), given.distribution.var()))
    if not math.isfinite(mean) or (len(of) == 3 and not math.isfinite(spread)):
        return
    mu, variance = symbols("μ v")
    w.given("μ", mean, message("the mean of X, as SciPy has it in closed form"))
    terms = [(of[0], number(abs(of[0]))), (of[1], times(abs(of[1]), mu))]
    if len(of) > 2:
        w.given("v", spread, message("its variance, likewise"))
        terms.append((of[2], times(abs(of[2]), variance + mu**2)))
    kept = [(factor < 0, term) for factor, term in reversed(terms) if factor]
    if kept:
        w.line(
            "moments",
            equation(Symbol("E[g(X)]"), signed_sum(kept)),
            found.value,
            title=message("By mean and variance"),
            note=message("E[X²] is the variance and the square of the mean; sums and factors go through E.")
            if len(of) > 2
            else message("Sums and factors go through E."),
            absolute=(found.error if math.isfinite(found.error) else 0.0)
            + beyond
            + 1e-12 * (abs(found.value) + abs(mean)),
        )


# A sum.


@dataclass(frozen=True, eq=False)
class Terms:
    """The values of a discrete variable that are told, from the least on, with probabilities and g of each.

    Parameters
    ----------
    x, p, g
        (n,) each.
    beyond
        About how much of the sum lies in the values that are left out.
    all
        Whether there is none left out.
    """

    x: Array
    p: Array
    g: Array
    beyond: float
    all: bool


def terms_of(found: Integral) -> Terms:
    """Return the terms of an expectation over a table or a discrete distribution."""
    given: Weighted = found.integrand
    beyond, everything = 0.0, True
    if isinstance(given.distribution, Mapping):
        x, p = (np.array(list(part), np.float64) for part in (given.distribution.keys(), given.distribution.values()))
        order = np.argsort(x, kind="stable")
        x, p = x[order], p[order]
    else:
        low, high = (float(end) for end in found.limits)
        x, p = _outward(given.distribution, low, high)
        everything = bool(x[0] <= low and x[-1] >= high)
    g = as_integrand(given.g, function="explain")(x)
    if not isinstance(given.distribution, Mapping):
        # The terms beyond fall at least as the last one does over as many values again.
        beyond = 0.0 if everything else float(np.abs(g[-1] * p[-1])) * len(x)
        beyond += 1e-12 * float(np.abs(g * p).sum())
    return Terms(x, p, g, beyond, everything)


def _outward(distribution: Any, low: float, high: float) -> tuple[Array, Array]:
    """Return values with their probabilities, from the median on to either side until they count for nothing."""
    middle = float(distribution.ppf(0.5))
    sides: list[Array] = []
    for start, end, step in ((middle, high, 1), (middle - 1, low, -1)):
        parts: list[Array] = []
        at, count = start, 256
        while (left := (end - at) * step + 1) > 0 and sum(map(len, parts)) < _MOST_TERMS:
            parts.append(at + step * np.arange(int(min(count, left)), dtype=np.float64))
            if float(distribution.pmf(parts[-1][-1])) < _NEGLIGIBLE:
                break
            at, count = float(parts[-1][-1]) + step, 2 * count
        sides.append(np.concatenate(parts) if parts else np.zeros(0))
    x = np.concatenate([sides[1][::-1], sides[0]])
    return x, np.asarray(distribution.pmf(x), np.float64)


def _added(found: Integral, given: Weighted) -> Working:
    k, n, x = symbols("k n x")
    terms = terms_of(found)
    table = isinstance(given.distribution, Mapping)
    question = (
        message("What is the expectation of g(X), where X has the probabilities of the table?")
        if table
        else message(
            "What is the expectation of g(X), where X is distributed as {name}?",
            name=distribution_name(given.distribution),
        )
    )
    w = Derivation("integration", question)
    inside = _in_x(given.g, x)
    if inside is not None:
        w.define("function", equation(Symbol("g(x)"), inside), title=message("The function of X"))
    probability = None if table else density_of(given.distribution, x)
    if probability is not None:
        w.define("probability", equation(Symbol("P(X = x)"), probability), title=message("The probability of each x"))
    w.given("x", terms.x, message("the values of X"))
    w.given("p", terms.p, message("their probabilities"))
    w.given("n", len(terms.x), message("how many values"))
    if inside is None:
        w.given("g", terms.g, message("g of each, as it gave them"))

    def g_of(index: Node | int) -> Node:
        return indexed("g", index) if inside is None else substitute(inside, {x: indexed("x", index)})

    w.define(
        "wanted",
        equation(Symbol("E[g(X)]"), total(indexed("p", k) * g_of(k), k, 1, n)),
        title=message("The expectation is the mean of g, weighted by the probabilities"),
    )
    _tell_terms(w, terms, g_of, probability, x)
    if math.isfinite(found.value):
        w.line(
            "sum",
            equation(Symbol("E[g(X)]"), total(indexed("p", k) * g_of(k), k, 1, n)),
            found.value,
            title=message("The products together"),
            rule=Rule.SUM,
            brief=True,
            folded=len(terms.x) > 4,
            absolute=found.error * (not table) + terms.beyond + 1e-14 * float(np.abs(terms.g * terms.p).sum()),
        )
    w.line(
        "mass",
        equation(symbol("M"), total(indexed("p", k), k, 1, n)),
        math.fsum(terms.p.tolist()),
        title=message("The probabilities together"),
        rule=Rule.SUM,
        folded=len(terms.x) > 4,
    )
    if table and abs(given.mass - 1.0) > 1e-9:
        w.note(message("The probabilities do not add up to 1; the value is not divided by their sum."))
    if not table:
        if not terms.all:
            w.note(
                message(
                    "The values from {low} to {high} are told; those beyond add less than {beyond}.",
                    low=shown(terms.x[0]),
                    high=shown(terms.x[-1]),
                    beyond=shown(max(terms.beyond, 1e-300), 2),
                )
            )
        _tell_moments(w, found, given, inside, terms.beyond)
    _conclude(w, found)
    return w.build()


def _tell_terms(w: Derivation, terms: Terms, g_of: Any, probability: Node | None, x: Symbol) -> None:
    count = len(terms.x)
    kept = list(range(count))
    if count > _MOST_ROWS:
        # The likeliest, in their order.
        kept = sorted(np.argsort(-terms.p, kind="stable")[:_MOST_ROWS].tolist())
    rows: list[tuple[Any, ...]] = []
    for row in kept:
        at = row + 1
        value, p, g = terms.x[row].item(), terms.p[row].item(), terms.g[row].item()
        chance = indexed("p", at) if probability is None else substitute(probability, {x: indexed("x", at)})
        product = Derived(p * g, indexed("p", at) * g_of(at))
        rows.append((Derived(value, indexed("x", at)), Derived(p, chance), Derived(g, g_of(at)), product))
    heads = (x, Symbol("P(X = x)"), Symbol("g(x)"), Symbol("g(x)") * Symbol("P(X = x)"))
    w.table(
        "terms",
        Table(heads, tuple(rows), total=count if count > len(rows) else None),
        title=message("Each value of X"),
        note=None if count <= _MOST_ROWS else message("The {count} likeliest values are shown.", count=len(rows)),
        # Probabilities far out are differences of large logarithms.
        tolerance=max(1e-9, 1e-14 * float(np.abs(terms.x).max())),
    )


def _conclude(w: Derivation, found: Integral) -> None:
    if math.isfinite(found.value) and found.converged:
        w.conclude(
            message(
                "E[g(X)] is {value}, with an estimated error of {error}.",
                value=shown(found.value, 12),
                error=shown(found.error, 2),
            )
        )
        w.note(
            message(
                "A simulation would come near this value and not prove it: its error falls with the root of its size."
            )
        )
    elif found.status.name == "not_a_density" and math.isfinite(found.value):
        w.conclude(
            message(
                "What was asked for comes to {value}. {status}", value=shown(found.value, 12), status=found.status.text
            )
        )
    else:
        w.conclude(
            message(
                "No expectation is given: it does not exist, or could not be found. {status}", status=found.status.text
            )
        )
