"""The derivations that are a study's own: errors of predicted numbers, averages, what several classes add up to."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.expression import absolute, equation, indexed, sqrt, symbol, total
from workings.language import message
from workings.study.page import Descent
from workings.subjects.regression.explain_spread import tell_spread
from workings.subjects.regression.narration import tell_arrival
from workings.working import Derivation, Rule, Table, Working

__all__ = [
    "explain_descent",
    "explain_errors",
    "explain_fall",
    "explain_macro",
    "explain_no_area",
    "explain_predictions",
    "explain_units",
]

_MOST_UNITS = 200


def explain_predictions(metrics: Mapping[str, float | int]) -> Working:
    """Return how the rows predicted add up."""
    w = Derivation("study", message("What was predicted how often?"))
    kinds = [name for name in metrics if name not in {"rows_read", "rows_without_prediction"}]
    whole: Any = symbol("u")
    w.given("u", metrics["rows_without_prediction"], message("rows without a prediction"))
    for place, name in enumerate(kinds, start=1):
        part = f"r_{place}"
        w.given(part, metrics[name], message("rows predicted {label}", label=name.partition("/")[2] or "…"))
        whole = whole + symbol(part)
    w.line("rows_read", equation(symbol("n"), whole), metrics["rows_read"], rule=Rule.SUM)
    return w.build()


def explain_units(terms: Sequence[tuple[str, float, float, float]], told: int = 1) -> Working:
    """Return how each coefficient per unit of its column follows from the fitted one.

    Parameters
    ----------
    terms
        Name, coefficient as fitted, the scale that its column was divided by, and their quotient: one at least. The
        first is worked in full.
    told
        How many of them have a line, ``unit_0`` and on; the table lists some more.
    """
    w = Derivation("study", message("What does one unit of a column add to the score?"))
    listed = tuple(terms[: max(told, _MOST_UNITS)])
    w.given("β", np.array([fitted for _, fitted, _, _ in listed]), message("the coefficients as fitted"))
    w.given("s", np.array([scale for _, _, scale, _ in listed]), message("what each column was divided by"))
    k = symbol("k")
    fitted, scale = indexed("β", k), indexed("s", k)
    for place, (name, _, _, quotient) in enumerate(listed[:told]):
        at = place + 1
        w.line(
            f"unit_{place}",
            equation(indexed("u", at), indexed("β", at) / indexed("s", at)),
            quotient,
            title=message("Per unit of {column}", column=name),
            rule=Rule.RATIO,
            note=message(
                "{fitted} is the coefficient as fitted, {scale} what its column was divided by when it was normalised.",
                fitted=indexed("β", at),
                scale=indexed("s", at),
            )
            if not place
            else None,
            place="sentence" if place else "line",
        )
    columns = (message("Term"), fitted, scale, equation(indexed("u", k), fitted / scale))
    left_out = len(terms) if len(terms) > _MOST_UNITS else None
    w.table("units", Table(columns, listed[:_MOST_UNITS], total=left_out))
    return w.build()


def explain_errors(
    actual: NDArray[np.float64], predicted: NDArray[np.float64], metrics: Mapping[str, float | int]
) -> Working:
    """Return R², RMSE and MAE from the numbers and their predictions, term by term."""
    w = Derivation("study", message("How far are the predictions from the numbers?"))
    n, i = symbol("n"), symbol("i")
    y, p = symbol("y"), symbol("p")
    w.given("n", len(actual), message("rows held out"))
    w.given("y", actual, message("the number of each row"))
    w.given("p", predicted, message("the prediction for each row"))
    y_i, p_i = indexed(y, i), indexed(p, i)
    squared, spread = symbol("SSE"), symbol("SST")
    tell_spread(
        w,
        actual,
        None,
        keys=("mean", "sst"),
        mean=symbol("m"),
        y_i=y_i,
        mean_of=lambda body: total(body, i, 1, n) / n,
        sum_of=lambda body: total(body, i, 1, n),
    )
    w.line(
        "sse",
        equation(squared, total((y_i - p_i) ** 2, i, 1, n)),
        title=message("Sum of squared errors"),
        rule=Rule.SUM,
    )
    r2 = equation(symbol("R2", latex="R^2"), 1 - squared / spread)
    title = message("Coefficient of determination (R²)")
    if math.isnan(metrics["r2"]):
        w.define("r2", r2, title=title, note=message("All numbers held out are equal: SST is 0, and R² undefined."))
    else:
        w.line("r2", r2, metrics["r2"], title=title, rule=Rule.RATIO)
    rmse = equation(symbol("RMSE"), sqrt(squared / n))
    w.line("rmse", rmse, metrics["rmse"], title=message("Root mean squared error (RMSE)"), rule=Rule.SQUARE_ROOT)
    mae = equation(symbol("MAE"), total(absolute(y_i - p_i), i, 1, n) / n)
    w.line("mae", mae, metrics["mae"], title=message("Mean absolute error (MAE)"), rule=Rule.MEAN)
    w.convention(
        message("R²"),
        message("R² compares with the mean of the held-out rows"),
        message("some compare with the mean of the rows that the model was fitted on"),
    )
    return w.build()


def explain_no_area(positives: float, negatives: float) -> Working:
    """Return why the AUC is undefined: one class has no weight, so that there is no pair to order."""
    w = Derivation("study", message("Why is the AUC undefined?"))
    P, N = symbol("P"), symbol("N")
    w.given("P", positives, message("weight of the positive rows"))
    w.given("N", negatives, message("weight of the negative rows"))
    w.given("U", 0, message("weight of the pairs in the right order"))
    w.line(
        "auc",
        equation(symbol("AUC"), symbol("U") / (P * N)),
        math.nan,
        title=message("Area under the ROC curve (AUC)"),
        rule=Rule.RATIO,
        note=message("A class without weight leaves no pair of a positive and a negative row to order."),
    )
    return w.build()


def explain_descent(
    costs: Mapping[str, float], cost: float, noted: int, slope: float, tolerance: float, *, arrived: bool
) -> Working:
    """Return how the classes' costs add up to the cost of the descent, how many steps it took, and where it ended.

    Parameters
    ----------
    costs
        The cost of each class's question at the end.
    cost
        Their sum, as the descent has it.
    noted
        How many costs were noted on the way, the first before any step.
    slope, tolerance, arrived
        The largest partial derivative at the end, what was asked of it, and whether that was reached.
    """
    w = Derivation("study", message("How did the descent on all questions together end?"))
    whole: Any = None
    for place, (label, each) in enumerate(costs.items(), start=1):
        name = f"J_{place}"
        w.given(name, each, message("cost of {label} against the rest", label=label), source="state")
        whole = symbol(name) if whole is None else whole + symbol(name)
    w.line("cost", equation(symbol("J"), whole), cost, title=message("Cost at the end"), rule=Rule.SUM)
    w.given("N", noted, message("how many costs were noted, from the start to the end"))
    steps = equation(symbol("K"), symbol("N") - 1)
    w.line("iterations", steps, noted - 1, title=message("Steps taken"), rule=Rule.DIFFERENCE)
    tell_arrival(w, slope, [tolerance], arrived=arrived)
    return w.build()


def explain_fall(descent: Descent) -> Working:
    """Return how far the cost of a fit fell, in how many steps, and how steep it still is."""
    w = Derivation("study", message("How far did the descent fall?"))
    costs = [float(cost) for cost in descent.cost]
    w.given("J_0", costs[0], message("the cost before any step"), source="state")
    w.given("J", costs[-1], message("the cost at the end"), source="state")
    w.given("N", len(costs), message("how many costs were noted, from the start to the end"))
    steps = equation(symbol("K"), symbol("N") - 1)
    w.line("iterations", steps, len(costs) - 1, title=message("Steps taken"), rule=Rule.DIFFERENCE)
    start, end = symbol("J_0"), symbol("J")
    fallen = equation(symbol("F"), start - end)
    w.line("fall", fallen, costs[0] - costs[-1], title=message("How far the cost fell"), rule=Rule.DIFFERENCE)
    if costs[0] > 0.0:
        share = equation(symbol("S"), symbol("F") / start)
        w.line("share", share, (costs[0] - costs[-1]) / costs[0], title=message("Of what it was"), rule=Rule.RATIO)
    last = len(costs) - 1
    wanted = sorted({k for k in (0, 1, 2, 10, 100, 1_000, 10_000, 100_000, last) if k <= last})
    rows = tuple((int(descent.iterations[k]), costs[k], float(descent.gradient[k])) for k in wanted)
    heads = (symbol("k"), symbol("J"), message("largest partial derivative"))
    w.table(
        "way",
        Table(heads, rows, total=len(costs) if len(rows) < len(costs) else None),
        title=message("The way down"),
        note=message("As the descent noted them; the working of the model works the first steps from the rows."),
    )
    w.conclude(message("The fit {status}.", status=descent.status))
    return w.build()


def explain_macro(areas: Mapping[str, float], macro: float) -> Working:
    """Return the mean of the classes' AUCs."""
    w = Derivation("study", message("How good are the curves of all classes together?"))
    whole: Any = None
    for place, (label, area) in enumerate(areas.items(), start=1):
        name = f"AUC_{place}"
        w.given(name, area, message("AUC of {label} against the rest", label=label), source="state")
        whole = symbol(name) if whole is None else whole + symbol(name)
    w.line(
        "auc_macro",
        equation(symbol("macro"), whole / len(areas)),
        macro,
        title=message("Mean of the classes' AUCs"),
        rule=Rule.MEAN,
    )
    w.convention(
        message("Averaging"),
        message("every class counts alike (macro)"),
        message("some weight each class by its rows"),
    )
    return w.build()
