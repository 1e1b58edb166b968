"""Derivatives explained: by the chain rule in symbols, then with numbers, each line by a rule that has a name."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workings.expression.formula import as_formula
from workings.subjects.chain_rule import compute
from workings.subjects.chain_rule.explain_derivative import told_derivative
from workings.subjects.chain_rule.explain_gradient import told_gradient
from workings.subjects.chain_rule.results import Gradient, ValueAndGradient
from workings.working import Working, explainer

__all__ = ["explain_differentiate", "explain_gradient", "explain_value_and_gradient"]


@explainer(compute.differentiate)
def explain_differentiate(f: Any, /, *variables: str, rows: Iterable[str] = ()) -> Working:
    """Return the derivation of a derivative in symbols; ``at(x=1, z=2)`` puts numbers in and checks every line."""
    formula = as_formula(f, rows=rows)
    derived = [compute.differentiate(formula, *variables[: order + 1]) for order in range(len(variables))]
    return told_derivative(formula, derived, variables)


@explainer(compute.gradient)
def explain_gradient(f: Any, /, variables: str | Iterable[str] | None = None, *, rows: Iterable[str] = ()) -> Working:
    """Return the derivation of all partial derivatives; ``at(x=1, z=2)`` puts numbers in and checks every line."""
    return told_gradient(compute.gradient(f, variables, rows=rows))


@explainer(compute.value_and_gradient)
def explain_value_and_gradient(
    f: Any, /, variables: str | Iterable[str] | None = None, *, rows: Iterable[str] = ()
) -> Working:
    """Return the derivation of the value and of all partial derivatives; ``at(x=1, z=2)`` puts numbers in."""
    return told_gradient(compute.value_and_gradient(f, variables, rows=rows))


@explainer(Gradient, ValueAndGradient)
def explain_found_gradient(found: Gradient | ValueAndGradient) -> Working:
    """Return the derivation of a gradient that was found before."""
    return told_gradient(found)
