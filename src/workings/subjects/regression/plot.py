"""A fitted regression, drawn: the rows with the line or curve through them, or the coefficients; and the way down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.chart import ACCENT, INK, SECOND, inline, retained, themed
from workings.language import Message, message
from workings.subjects.regression.estimators import LinearRegression, LogisticRegression
from workings.subjects.regression.explain import names_of, rows_of
from workings.subjects.regression.history import History
from workings.subjects.regression.rows import Rows
from workings.subjects.sigmoid import sigmoid
from workings.working import plotter

__all__ = ["plot_linear", "plot_logistic"]

Array = NDArray[np.float64]

_MOST_POINTS, _MOST_ITERATES, _MOST_COEFFICIENTS, _CURVE_POINTS = 800, 400, 20, 200
_WIDTH, _HEIGHT = 340, 260
# Beyond so many iterations, and so great a fall, an even scale shows only the first and a line along the axis.
_MANY, _FAR = 50, 50.0


@plotter(LinearRegression)
def plot_linear(
    model: LinearRegression,
    X: ArrayLike | None = None,
    y: ArrayLike | None = None,
    *,
    names: Sequence[str] | None = None,
    target: int = 0,
) -> alt.ConcatChart:
    """Return the rows and the line through them (one column) or the coefficients (several), and the cost by iteration.

    Parameters
    ----------
    model
        A fitted model.
    X, y
        The rows that it was fitted on, where it did not keep them.
    names
        The columns' names.
    target
        Which target, where there are several.
    """
    coef = np.atleast_2d(model.coef_)[target]
    intercept = float(
        np.atleast_1d(np.asarray(model.intercept_, np.float64))[-1 if not model.fit_intercept else target]
    )
    called = names_of(model, names, len(coef))
    if len(coef) > 1:
        panel, words = _coefficients(coef, called)
    else:
        rows = rows_of(model, X, y, None)
        values = rows.y if rows.y.ndim == 1 else rows.y[:, target]
        panel, words = _line(rows, values, float(coef[0]), intercept, called[0])
    return _with_the_way(panel, words, _history(model), message("Linear regression"))


@plotter(LogisticRegression)
def plot_logistic(
    model: LogisticRegression,
    X: ArrayLike | None = None,
    y: ArrayLike | None = None,
    *,
    names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    label: Any = None,
) -> alt.ConcatChart:
    """Return the rows and the curve of their probability (one column) or the coefficients, and the cost by iteration.

    Parameters
    ----------
    model
        A fitted model.
    X, y
        The rows that it was fitted on, where it did not keep them.
    names, class_names
        What the columns are called, and the classes in the order of ``classes_``.
    label
        Of three classes and more: whose question is drawn; the first by default.
    """
    two = len(model.classes_) == 2
    yes = 1 if two else 0 if label is None else int(np.flatnonzero(model.classes_ == label)[0])
    question = 0 if two else yes
    coef, intercept = model.coef_[question], float(model.intercept_[question])
    called = names_of(model, names, len(coef))
    said = str(model.classes_[yes] if class_names is None else class_names[yes])
    if len(coef) > 1:
        panel, words = _coefficients(coef, called)
    else:
        rows = rows_of(model, X, y, None)
        panel, words = _curve(
            rows,
            rows.y == (yes if y is None else model.classes_[yes]),
            float(coef[0]),
            intercept,
            name=called[0],
            label=said,
        )
    return _with_the_way(panel, words, _history(model), message("Logistic regression for {label}", label=said))


def _with_the_way(panel: alt.LayerChart, words: Message, history: History | None, title: Message) -> alt.ConcatChart:
    panels, said = [panel], words
    if history is not None:
        panels.append(_way(history))
        said = message(
            "{picture} The cost falls from {first} at iteration 0 to {last} at iteration {iterations}.",
            picture=words,
            first=f"{history.cost[0]:.6g}",
            last=f"{history.cost[-1]:.6g}",
            iterations=f"{len(history) - 1:,}",
        )
    return themed(alt.concat(*panels, columns=2, spacing=40), title=title, description=said)


def _line(rows: Rows, y: Array, slope: float, intercept: float, name: str) -> tuple[alt.LayerChart, Message]:
    x = rows.X[:, 0]
    ends = np.array([x.min(), x.max()])
    across, up = _axis("x", name), _axis("y", str(message("Target")))
    line = alt.Chart(inline(x=ends, y=slope * ends + intercept)).mark_line(color=SECOND)
    words = message(
        "{count} rows over {column} and the line y = {slope} x + {intercept} through them.",
        count=f"{len(x):,}",
        column=name,
        slope=f"{slope:.5g}",
        intercept=f"{intercept:.5g}",
    )
    points = _points(x, y).encode(across, up)
    return alt.LayerChart(layer=[points, line.encode(across, up)], width=_WIDTH, height=_HEIGHT), words


def _curve(
    rows: Rows, yes: NDArray[np.bool_], slope: float, intercept: float, *, name: str, label: str
) -> tuple[alt.LayerChart, Message]:
    x = rows.X[:, 0]
    grid = np.linspace(x.min(), x.max(), _CURVE_POINTS)
    across = _axis("x", name)
    title = str(message("Probability of {label}", label=label))
    up = alt.Y("y:Q", title=title, scale=alt.Scale(domain=[0, 1], nice=False))
    line = alt.Chart(inline(x=grid, y=sigmoid(slope * grid + intercept))).mark_line(color=SECOND)
    words = message(
        "{count} rows over {column}, at 1 where they are {label} and at 0 where they are not, and the curve of the "
        "probability; it passes 0.5 at {middle}.",
        count=f"{len(x):,}",
        column=name,
        label=label,
        middle=f"{-intercept / slope:.5g}" if slope else "∞",
    )
    points = _points(x, yes.astype(np.float64)).encode(across, up)
    return alt.LayerChart(layer=[points, line.encode(across, up)], width=_WIDTH, height=_HEIGHT), words


def _points(x: Array, y: Array) -> alt.Chart:
    """Draw rows, of many an even choice in the order of x."""
    kept = np.argsort(x, kind="stable")[retained(len(x), _MOST_POINTS)]
    few = len(kept) <= 60
    return alt.Chart(inline(x=x[kept], y=y[kept])).mark_point(
        color=ACCENT, filled=True, opacity=0.8 if few else 0.35, size=45 if few else 18
    )


def _coefficients(coef: Array, names: Sequence[str]) -> tuple[alt.LayerChart, Message]:
    """Draw the coefficients as bars from zero, the largest first."""
    order = np.argsort(-np.abs(coef), kind="stable")[:_MOST_COEFFICIENTS]
    # A row is a place in the order, and its name is data: two columns may have one name.
    data = inline(
        place=range(len(order)),
        name=[names[j] for j in order],
        value=coef[order],
        sign=[int(coef[j] >= 0) for j in order],
    )
    base = alt.Chart(data).encode(y=alt.Y("place:O", axis=None))
    bars = base.mark_bar(height=9).encode(
        x=alt.X("value:Q", title=str(message("Coefficient"))),
        color=alt.Color("sign:N", scale=alt.Scale(domain=[0, 1], range=[SECOND, ACCENT]), legend=None),
        tooltip=[
            alt.Tooltip("name:N", title=str(message("Column"))),
            alt.Tooltip("value:Q", title=str(message("Coefficient")), format=".6~g"),
        ],
    )
    called = base.mark_text(align="right", limit=170, fontSize=11.5).encode(x=alt.value(-10), text="name:N")
    zero = alt.Chart(inline(value=[0.0])).mark_rule(color=INK, strokeWidth=1).encode(x="value:Q")
    words = message(
        "The {shown} largest of {count} coefficients; the largest is that of {name}, {value}.",
        shown=len(order),
        count=len(coef),
        name=names[int(order[0])],
        value=f"{float(coef[order[0]]):.5g}",
    )
    height = max(_HEIGHT, 16 * len(order))
    return alt.LayerChart(layer=[bars, zero, called], width=_WIDTH, height=height), words


def _way(history: History) -> alt.LayerChart:
    """Draw the cost by iteration."""
    last = len(history) - 1
    many = last > _MANY
    steps = np.geomspace(1, last + 1, _MOST_ITERATES).astype(int) - 1 if many else np.arange(last + 1)
    kept = np.unique(np.clip(np.append(steps, last), 0, last))
    cost = history.cost[kept]
    steep = cost.min() > 0 and cost.max() / cost.min() > _FAR
    data = inline(iteration=kept, cost=cost, gradient=history.gradient_norm[kept])
    base = alt.Chart(data).encode(
        x=alt.X(
            "iteration:Q",
            title=str(message("Iteration")),
            scale=alt.Scale(type="symlog", nice=False) if many else alt.Scale(nice=False),
            axis=alt.Axis(values=_ticks(last), format=",d") if many else alt.Axis(tickMinStep=1),
        ),
        y=alt.Y(
            "cost:Q",
            title=str(message("Cost J")),
            scale=alt.Scale(type="log") if steep else alt.Scale(zero=False),
            axis=alt.Axis(tickCount=6, format="~g"),
        ),
        tooltip=[
            alt.Tooltip("iteration:Q", title=str(message("Iteration")), format=","),
            alt.Tooltip("cost:Q", title=str(message("Cost J")), format=".6~g"),
            alt.Tooltip("gradient:Q", title=str(message("Largest partial derivative")), format=".3~g"),
        ],
    )
    layers = [base.mark_line(color=ACCENT), base.mark_point(color=ACCENT, size=40 if last <= 30 else 0)]
    return alt.LayerChart(layer=layers, width=_WIDTH, height=_HEIGHT)


def _ticks(last: int) -> list[int]:
    powers = [10**k for k in range(len(str(last)))]
    ticks = [0, *(power for power in powers if power <= last)]
    return [*ticks, last] if last > 2 * ticks[-1] else ticks


def _axis(field: str, title: str) -> Any:
    channel = alt.X if field == "x" else alt.Y
    return channel(f"{field}:Q", title=title, scale=alt.Scale(zero=False))


def _history(model: LinearRegression | LogisticRegression) -> History | None:
    history = getattr(model, "history_", None)
    return history if history is not None and len(history) > 1 and model.solver != "exact" else None
