"""Derivatives explained: by the chain rule in symbols, then with numbers, each line by a rule that has a name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workings.errors import InputError
from workings.expression.formula import Formula, SimplifiedFormula, as_formula, formula
from workings.language import message
from workings.subjects.chain_rule import compute
from workings.subjects.chain_rule.explain_derivative import told_derivative
from workings.subjects.chain_rule.explain_direction import DirectionStory
from workings.subjects.chain_rule.explain_gradient import told_gradient
from workings.subjects.chain_rule.explain_matrix import told_hessian, told_jacobian
from workings.subjects.chain_rule.explain_simplified import told_simplified
from workings.subjects.chain_rule.explain_unknown import of_unknown_functions, told_unknown
from workings.subjects.chain_rule.explain_value import told_value
from workings.subjects.chain_rule.results import Gradient, Hessian, Jacobian, ValueAndGradient
from workings.subjects.chain_rule.variables import parameters, variable_of
from workings.working import Working, explainer

__all__ = [
    "check_order",
    "explain_differentiate",
    "explain_directional_derivative",
    "explain_formula",
    "explain_gradient",
    "explain_hessian",
    "explain_jacobian",
    "explain_simplified",
    "explain_value",
    "explain_value_and_gradient",
]

Variables = str | Iterable[str] | None

_HIGHEST_ORDER = 10  # each order is told from the one before, and a difference of order n has 2^n terms


def check_order(order: int) -> None:
    """Refuse a derivative of so high an order that its derivation would be read by nobody, and take for ever.

    Raises
    ------
    InputError
        If the order is above 10.
    """
    if order > _HIGHEST_ORDER:
        raise InputError(
            message(
                "explain: a derivative must be of order {most} at most to be told line by line; got {order}; "
                "try differentiate, which takes any",
                most=_HIGHEST_ORDER,
                order=order,
            )
        )


@explainer(formula)
def explain_formula(text_or_function: Any, /, *, rows: Iterable[str] | str = (), **definitions: Any) -> Working:
    """Return how a formula is worked out; ``at(x=1, z=2)`` puts numbers in and checks every line."""
    return told_value(formula(text_or_function, rows=rows, **definitions))


@explainer(Formula)
def explain_value(found: Formula, /, *args: Any, **values: Any) -> Working:
    """Return how a formula is worked out: with its values, or in symbols, where ``at`` takes them."""
    return told_value(found, args, values)


@explainer(SimplifiedFormula)
def explain_simplified(found: SimplifiedFormula) -> Working:
    """Return every rule that made a formula shorter; ``at(x=1, z=2)`` chooses where its two sides are compared."""
    return told_simplified(found)


@explainer(compute.differentiate)
def explain_differentiate(f: Any, /, *variables: str, rows: Iterable[str] = ()) -> Working:
    """Return the derivation of a derivative in symbols; ``at(x=1, z=2)`` puts numbers in and checks every line.

    Functions may be unknown: of ``"y = f(u, v); u = g(x, z); v = h(x, z)"`` the chain rule itself is told.
    """
    unknown = of_unknown_functions(f)
    if unknown is not None and len(variables) < 2:
        return told_unknown(unknown, variables)
    check_order(len(variables))
    formula = as_formula(f, rows=rows)
    # What is refused is refused by the function itself.
    last = compute.differentiate(formula, *variables)
    by = [variable_of(formula, name, "differentiate") for name in variables or parameters(formula)]
    before = [compute.differentiate(formula, *by[:order]) for order in range(1, len(by))]
    return told_derivative(formula, [*before, last], by)


@explainer(compute.gradient)
def explain_gradient(f: Any, /, variables: Variables = None, *, rows: Iterable[str] = ()) -> Working:
    """Return the derivation of all partial derivatives; ``at(x=1, z=2)`` puts numbers in and checks every line.

    Functions may be unknown, as for ``differentiate``.
    """
    unknown = of_unknown_functions(f)
    if unknown is not None:
        return told_unknown(unknown, [variables] if isinstance(variables, str) else [*(variables or ())])
    return told_gradient(compute.gradient(f, variables, rows=rows))


@explainer(compute.value_and_gradient)
def explain_value_and_gradient(f: Any, /, variables: Variables = None, *, rows: Iterable[str] = ()) -> Working:
    """Return the derivation of the value and of all partial derivatives; ``at(x=1, z=2)`` puts numbers in."""
    return told_gradient(compute.value_and_gradient(f, variables, rows=rows))


@explainer(compute.hessian)
def explain_hessian(f: Any, /, variables: Variables = None, *, rows: Iterable[str] = ()) -> Working:
    """Return all second derivatives as formulas; ``at(x=1, z=2)`` puts numbers in and checks every one."""
    return explain_found_hessian(compute.hessian(f, variables, rows=rows))


@explainer(compute.jacobian)
def explain_jacobian(
    fs: Sequence[Any] | Mapping[str, Any], /, variables: Variables = None, *, rows: Iterable[str] = ()
) -> Working:
    """Return the derivatives of several formulas; ``at(x=1, z=2)`` puts numbers in and checks every one."""
    return told_jacobian(compute.jacobian(fs, variables, rows=rows))


@explainer(compute.directional_derivative)
def explain_directional_derivative(
    f: Any, direction: Mapping[str, float] | Sequence[float], /, *, rows: Iterable[str] = ()
) -> Working:
    """Return the slope along a direction as the sum of its parts; ``at(x=1, z=2)`` puts numbers in."""
    formula = as_formula(f, rows=rows)
    along = compute.directional_derivative(formula, direction)
    named = direction if isinstance(direction, Mapping) else dict(zip(parameters(formula), direction, strict=True))
    named = {variable_of(formula, name, "directional_derivative"): step for name, step in named.items()}
    return DirectionStory(formula, named, compute.gradient(formula, list(named)), along).told()


@explainer(Gradient, ValueAndGradient)
def explain_found_gradient(found: Gradient | ValueAndGradient) -> Working:
    """Return the derivation of a gradient that was found before."""
    return told_gradient(found)


@explainer(Hessian)
def explain_found_hessian(found: Hessian) -> Working:
    """Return the derivation of a Hessian that was found before."""
    return told_hessian(found, compute.gradient(found.formula, list(found)))


@explainer(Jacobian)
def explain_found_jacobian(found: Jacobian) -> Working:
    """Return the derivation of a Jacobian that was found before."""
    return told_jacobian(found)
