"""One prediction, told: the inputs, their products with the coefficients, the sum, and what follows from it."""

from __future__ import annotations

import math

import numpy as np

from workings.errors import InputError
from workings.expression import Node, Symbol, at_least, equation, exp, indexed, less, sigmoid, symbol, total
from workings.language import message
from workings.subjects.regression.letters import Letters
from workings.subjects.regression.told_fit import MOST_LINES, Fit
from workings.working import Derivation, Rule, Table, Working, shown

__all__ = ["predict_class", "predict_number", "tell_decision"]


def predict_number(fit: Fit, letters: Letters, row: int) -> Working:
    """Return how a number is predicted for a row of the data."""
    w = Derivation("regression", message("What is predicted for row {row}, counted from 1?", row=row + 1))
    score, value = _weighted_sum(w, fit, letters, row, symbol("ŷ"))
    y, e = symbol("y"), symbol("e")
    w.given("y", float(fit.rows.y[row]), message("the true value of this row"))
    w.remark(
        "error",
        equation(e, score - y),
        value - float(fit.rows.y[row]),
        title=message("Error"),
        absolute=1e-15 * fit.size,
    )
    w.conclude(
        message(
            "{guess} is predicted; the true value is {truth}.", guess=shown(value), truth=shown(float(fit.rows.y[row]))
        )
    )
    return w.build()


def predict_class(fit: Fit, letters: Letters, row: int, threshold: float, label: str) -> Working:
    """Return how a probability and a decision come about for a row of the data."""
    if not 0.0 <= threshold <= 1.0:
        raise InputError(message("at: threshold must be a number from 0 to 1; got {got}", got=repr(threshold)))
    w = Derivation(
        "regression", message("How probable is {label} for row {row}, counted from 1?", label=label, row=row + 1)
    )
    z, value = _weighted_sum(w, fit, letters, row, symbol("z"))
    yes = tell_decision(w, z, value, threshold, label)
    truth = bool(fit.rows.y[row])
    w.note(
        message("That is right: in truth it is {label}.", label=label)
        if yes and truth
        else message("That is wrong: in truth it is not {label}.", label=label)
        if yes
        else message("That is wrong: in truth it is {label}.", label=label)
        if truth
        else message("That is right: in truth it is not {label}.", label=label)
    )
    return w.build()


def tell_decision(
    w: Derivation, z: Node, value: float, threshold: float, label: str, *, probability: Symbol | None = None
) -> bool:
    """Tell the probability and the decision that follow from a score, and return the decision.

    Parameters
    ----------
    w, z, value
        Where, and the score, which is known there.
    threshold, label
        From which probability on the decision is yes, and of what.
    probability
        The letter of the probability: p if not given.
    """
    p, t = symbol("p") if probability is None else probability, symbol("t")
    small = math.exp(-abs(value))
    chance = (1.0 if value >= 0 else small) / (1.0 + small)
    w.define("sigmoid", equation(p, sigmoid(z)), title=message("The sigmoid of the score"))
    if value > -30.0:
        w.line("exponential", exp(-z), math.exp(-value), rule=Rule.EXPONENTIAL)
        w.line("denominator", 1 + exp(-z), 1.0 + math.exp(-value), title=message("The denominator"))
        rule: Node = 1 / (1 + exp(-z))
    else:
        w.line("exponential", exp(z), small, rule=Rule.EXPONENTIAL)
        w.line("denominator", 1 + exp(z), 1.0 + small, title=message("The denominator"))
        rule = exp(z) / (1 + exp(z))
    seen = w.line("probability", equation(p, rule), chance, title=message("The probability"))
    w.given("t", threshold, message("the threshold"))
    yes = chance >= threshold
    claim = w.claim("decision", (at_least if yes else less)(p, t), place="sentence")
    places = {"p": seen.shown, "label": label, "claim": claim.substitution}
    if yes:
        w.conclude(message("{p} is the probability of {label}: the decision is yes ({claim}).", **places))
    else:
        w.conclude(message("{p} is the probability of {label}: the decision is no ({claim}).", **places))
    return yes


def _weighted_sum(w: Derivation, fit: Fit, letters: Letters, row: int, left: Node) -> tuple[Node, float]:
    values, columns = np.asarray(fit.rows.X[row], np.float64), fit.columns
    weights = fit.parameters[:columns]
    x, slope = symbol("x"), symbol(letters.slope)
    products = values * weights
    value = math.fsum(products)
    if letters.fit_intercept:
        w.given("b", float(fit.parameters[columns]), message("the intercept"))
        value = math.fsum([*products, fit.parameters[columns]])
    if letters.single:
        w.given("x", float(values[0]), message("the value of {column}", column=fit.names[0]))
        w.given(letters.slope, float(weights[0]), message("its coefficient"))
        body: Node = slope * x
    else:
        j = symbol("j")
        w.given("x", values, message("the row's values"))
        w.given(letters.slope, weights, message("the coefficients"))
        w.given("p", columns, message("the number of columns"))
        body = total(indexed(slope, j) * indexed(x, j), j, 1, symbol("p"))
        order = np.argsort(-np.abs(products), kind="stable")[:MOST_LINES].tolist()
        every = list(zip(fit.names, values.tolist(), weights.tolist(), products.tolist(), strict=True))
        rows = tuple(every[k] for k in order)
        product = equation(slope * x, slope * x)
        w.table(
            "products",
            Table(
                (message("column"), x, slope, product),
                rows,
                total=columns if len(rows) < columns else None,
            ),
            title=message("Value times coefficient, the largest first"),
        )
    score = body + symbol("b") if letters.fit_intercept else body
    size = float(np.abs(products).sum()) + abs(value)
    title = message("The sum")
    if letters.single:
        title = message("The sum, with {column} = {value}", column=fit.names[0], value=shown(float(values[0])))
    w.line("score", equation(left, score), value, title=title, rule=Rule.SUM, absolute=1e-14 * size)
    return left, value
