"""A family of integrals, worked: what differs from one to the next, their values, and one of them in full."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError, held_warnings
from workings.expression import (
    Node,
    Symbol,
    equation,
    indexed,
    largest,
    number,
    smallest,
    substitute,
    symbol,
    symbols,
    total,
)
from workings.expression import integral as definite
from workings.language import message
from workings.subjects.integration.compute import integrate
from workings.subjects.integration.explain_box import traced_in
from workings.subjects.integration.explain_cuts import limit
from workings.subjects.integration.family import IntegralFamily, integrate_family
from workings.subjects.integration.integrand import as_integrand
from workings.subjects.integration.result import Integral
from workings.subjects.integration.second_rule import SecondRule, second_rule
from workings.working import Derivation, Derived, Rule, Table, Working, explain, explainer, shown

__all__ = ["alone", "explain_family", "explain_integrate_family"]

Array = NDArray[np.float64]

_MOST_ROWS = 10


@explainer(integrate_family)
def explain_integrate_family(f: Any, a: float, b: float, parameters: Any, **options: Any) -> Working:
    """Return the working of ``integrate_family`` with the same arguments; ``at(member=3)`` tells one in full."""
    return explain_family(integrate_family(f, a, b, parameters, **options))


@explainer(IntegralFamily)
def explain_family(family: IntegralFamily) -> Working:
    """Return how the integrals differ and what they came to; ``at(member=3)`` tells one in full, counted from 0."""
    count = len(family)
    a, b = family.limits
    parameters = family.parameters.reshape(count, -1)
    w = Derivation("integration", message("What are the {n} integrals of f, one for each parameter?", n=count))
    body = _in_parameters(family, parameters.shape[1])
    variables = body[1] if body is not None else [symbol("t"), *_letters(parameters.shape[1])]
    called = Symbol(f"f({', '.join(each.name for each in variables)})")
    if body is not None:
        w.define("function", equation(called, body[0]))
    wanted = definite(body[0] if body is not None else called, variables[0], limit(a), limit(b))
    name = Symbol(f"I({', '.join(each.name for each in variables[1:])})")
    w.define("wanted", equation(name, wanted), title=message("One integral for each parameter"))
    half = _MOST_ROWS // 2
    kept = list(range(count)) if count <= _MOST_ROWS else [*range(half), *range(count - half, count)]
    rules = {k: _rule_of(family, k) for k in kept}
    _give(w, {k: rule for k, rule in rules.items() if rule is not None}, known=body is not None)
    rows: list[tuple[Any, ...]] = []
    at, within = 0, 0.0
    for k in kept:
        rule, value = rules[k], family.value[k].item()
        cell: Any = value
        if rule is not None:
            cell = Derived(value, equation(indexed("I", k + 1), _statement(body, parameters[k], at, rule)))
            at += len(rule.places)
            error = family.error[k].item()
            within = max(within, (error if math.isfinite(error) else 0.0) + float(rule.within.sum()))
        rows.append((k, *parameters[k].tolist(), cell, family.error[k].item()))
    w.table(
        "members",
        Table(
            (message("member"), *variables[1:], name, message("estimated error")),
            tuple(rows),
            total=count if count > len(rows) else None,
        ),
        title=message("The members"),
        note=message(
            "Those shown were checked by the double-exponential rule on subintervals of their own; their estimated "
            "errors stand as they were given. at(member=...) tells any of them in full, counted from 0."
        )
        if at
        else message("at(member=...) tells any of them in full, counted from 0."),
        absolute=within,
    )
    if bool(np.isfinite(family.value).all()):
        w.given("V", family.value, message("all values"))
        k = symbol("k")
        w.line("smallest", equation(Symbol("I_min"), smallest(indexed("V", k), k, 1, count)), rule=Rule.MINIMUM)
        w.line("largest", equation(Symbol("I_max"), largest(indexed("V", k), k, 1, count)), rule=Rule.MAXIMUM)
    settled = int(family.converged.sum())
    ends = [shown(float(end), 8) for end in _ends(family.value[np.isfinite(family.error)])]
    w.conclude(
        message(
            "{settled} of {count} {count:integral|integrals} converged; their values lie between {low} and {high}.",
            settled=settled,
            count=count,
            low=ends[0],
            high=ends[1],
        )
        if ends
        else message(
            "{settled} of {count} {count:integral|integrals} converged; none has a value.",
            settled=settled,
            count=count,
        )
    )
    w.note(
        message(
            "All were solved together, with {values} values of f; integrated by themselves: {alone}.",
            values=family.evaluations,
            alone=len(family.alone),
        )
    )

    def more(member: Any) -> Working:
        if not (isinstance(member, int | np.integer) and not isinstance(member, bool) and 0 <= member < count):
            last = count - 1
            raise InputError(message("at: member must be from 0 to {last}; got {got}", last=last, got=repr(member)))
        return explain(family[int(member)])

    return w.build(more)


def _ends(values: NDArray[np.float64]) -> tuple[float, ...]:
    """Return the least and the largest, none of none."""
    return (values.min(), values.max()) if values.size else ()


def alone(found: Integral) -> Integral:
    """Return the integral of one member by itself, with the subintervals that a family does not keep for each."""
    with held_warnings():
        return integrate(found.integrand, *found.limits, args=found.args, epsabs=found.epsabs, epsrel=found.epsrel)


def _letters(count: int) -> list[Symbol]:
    return [symbol("p")] if count == 1 else [symbol(f"p_{k + 1}") for k in range(count)]


def _in_parameters(family: IntegralFamily, count: int) -> tuple[Node, list[Symbol]] | None:
    return traced_in(family.integrand, (), 1 + count)


def _rule_of(family: IntegralFamily, k: int) -> SecondRule | None:
    """Return the second rule for one member, on subintervals found for it alone; None where it does not settle."""
    value = family.value[k].item()
    if not math.isfinite(value):
        return None
    by_itself = alone(family[k])
    if by_itself.subintervals is None or not len(by_itself.subintervals):
        return None
    a, b = family.limits
    f = as_integrand(family.integrand, family[k].args, function="explain")
    rule = second_rule(by_itself.subintervals, f, sign=1.0 if a <= b else -1.0)
    return rule if rule is not None and rule.settled else None


def _give(w: Derivation, rules: dict[int, SecondRule], *, known: bool) -> None:
    """Let the working start from all nodes and weights, one subinterval below the other, members in their order."""
    if not rules:
        return
    widest = max(rule.places.shape[1] for rule in rules.values())

    def stacked(name: str) -> Array:
        return np.concatenate([_widened(getattr(rule, name), widest) for rule in rules.values()])

    w.given("X", stacked("places"), message("the nodes of the double-exponential rule on each subinterval"))
    w.given("W", stacked("weights"), message("their weights"))
    if not known:
        w.given("f", stacked("values"), message("the values of f at those nodes, as it gave them"))


def _widened(rows: Array, width: int) -> Array:
    return np.pad(rows, ((0, 0), (0, width - rows.shape[1])))


def _statement(body: tuple[Node, list[Symbol]] | None, parameters: Array, first: int, rule: SecondRule) -> Node:
    i, j = symbols("i j")
    weight = indexed("W", i, j)
    if body is None:
        term = weight * indexed("f", i, j)
    else:
        node, (x, *others) = body
        values: dict[Node, Any] = {x: indexed("X", i, j)}
        values |= {name: number(value) for name, value in zip(others, parameters.tolist(), strict=True)}
        term = weight * substitute(node, values)
    return total(total(term, j, 1, rule.places.shape[1]), i, first + 1, first + len(rule.places))
