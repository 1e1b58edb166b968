"""The S of the sigmoid under sliders for weight, bias and threshold, with your own scores on it.

What moves is computed in the page: σ(w·x + b) is one expression, and three sliders have too many stops for a table.
"""

from __future__ import annotations

import json
import math
from typing import Any

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, INK, MUTED, SECOND, inline, retained, themed, with_power_of_ten
from workings.errors import InputError
from workings.language import Message, message
from workings.subjects.sigmoid import compute
from workings.subjects.sigmoid.plot_family import plot_log_sigmoid, plot_logit, plot_sigmoid_derivative, score_grid
from workings.subjects.sigmoid.told import told_values
from workings.working import plotter, shown

__all__ = ["plot_log_sigmoid", "plot_logit", "plot_sigmoid", "plot_sigmoid_derivative"]

_MOST_SCORES = 300
# So few scores have their numbers written out, a row each.
_FEW = 8
# With its axis the curve is no wider than a page of 400 pixels.
_MOST_WEIGHT, _WIDTH, _HEIGHT, _ROW = 5.0, 300, 240, 19

# Enough for a smooth curve at the greatest weight.
_CURVE_POINTS = 601

_SCORES = alt.NamedData(name="scores")
# 1 / (1 + exp(-z)) is 0 from z = -709.8 down, where this form keeps its digits.
_SIGMOID = "(datum.z < 0 ? exp(datum.z) / (1 + exp(datum.z)) : 1 / (1 + exp(-datum.z)))"
_WRITTEN = "format({value}, '.5~g')"


@plotter(compute.sigmoid)
def plot_sigmoid(
    x: Any, /, out: NDArray[Any] | None = None, *, weight: float = 1.0, bias: float = 0.0, threshold: float = 0.5
) -> alt.VConcatChart:
    """Return the curve σ(w·x + b) with the scores on it, and below it what each becomes; sliders move w, b and t.

    Parameters
    ----------
    x
        One score or many, as for ``sigmoid``; of many at most 300 are drawn, evenly chosen in order of size.
    out
        As for ``sigmoid``.
    weight, bias, threshold
        Where the sliders start; by default at what ``sigmoid`` itself computes, and at 0.5.

    Raises
    ------
    InputError
        If no score is a number, weight or bias is not finite, or the threshold is not from 0 to 1.
    """
    scores, _ = told_values(compute.sigmoid, x, out)
    missing = int(np.isnan(scores).sum())
    scores = np.sort(scores[~np.isnan(scores)])
    if not scores.size:
        raise InputError(message("plot: x must hold at least one number"))
    if not (math.isfinite(weight) and math.isfinite(bias) and 0.0 <= threshold <= 1.0):
        raise InputError(
            message(
                "plot: weight and bias must be finite, and threshold from 0 to 1; got {weight}, {bias} and {threshold}",
                weight=weight,
                bias=bias,
                threshold=threshold,
            )
        )
    drawn = scores[retained(len(scores), _MOST_SCORES)]
    reach = float(score_grid(scores)[-1])
    with np.errstate(over="ignore", invalid="ignore"):
        high = int((np.asarray(compute.sigmoid(weight * scores + bias)) >= threshold).sum())
    below = _rows_panel(len(drawn)) if len(drawn) <= _FEW else _count_panel()
    picture = alt.vconcat(_curve_panel(reach, few=len(drawn) <= 30), below, spacing=14).add_params(
        _slider("weight", message("Weight w"), weight, (-_MOST_WEIGHT, _MOST_WEIGHT), 0.1),
        _slider("bias", message("Bias b"), bias, (-math.ceil(reach), math.ceil(reach)), 0.1),
        _slider("threshold", message("Threshold t"), threshold, (0.0, 1.0), 0.01),
    )
    picture.datasets = {
        _SCORES.name: inline(
            row=range(1, len(drawn) + 1),
            # JSON has no infinity; times any weight but 0 this is one again, or as good as one.
            x=np.clip(drawn, -1e308, 1e308),
            # What lies beyond the picture stands at its edge.
            at=np.clip(drawn, -reach, reach),
            endless=np.isinf(drawn),
            said=[str(shown(value)).replace("-", "−") for value in drawn],
        ).values
    }
    return themed(
        picture,
        title=message("The sigmoid"),
        subtitle=_left_out(len(drawn), len(scores), missing),
        description=message(
            "The S-shaped curve of σ(w·x + b), from 0 to 1. With the weight {weight}, the bias {bias} and the "
            "threshold {threshold}, scores at the threshold or above: {high} of {count}. Three sliders move them.",
            weight=f"{weight:.5g}",
            bias=f"{bias:.5g}",
            threshold=f"{threshold:.5g}",
            high=high,
            count=len(scores),
        ),
    )


def _left_out(drawn: int, count: int, missing: int) -> Message | None:
    """Return what is not drawn of the scores."""
    if drawn < count and missing:
        return message(
            "{drawn} of {count} scores, evenly chosen by size; not drawn besides: {missing} NaN",
            drawn=str(drawn),
            count=count,
            missing=missing,
        )
    if drawn < count:
        return message("{drawn} of {count} scores, evenly chosen by size", drawn=str(drawn), count=count)
    return message("Not drawn: {missing} NaN", missing=missing) if missing else None


def _slider(name: str, words: Message, start: float, ends: tuple[float, float], step: float) -> alt.Parameter:
    bind = alt.binding_range(min=min(ends[0], start), max=max(ends[1], start), step=step, name=str(words))
    return alt.param(name=name, value=start, bind=bind)


def _moved(chart: alt.Chart, at: str) -> alt.Chart:
    """Compute z = w·x + b, p = σ(z) and the decision of each row."""
    return (
        chart.transform_calculate(z=f"weight * {at} + bias")
        .transform_calculate(p=_SIGMOID)
        .transform_calculate(yes="datum.p >= threshold")
    )


def _curve_panel(reach: float, *, few: bool) -> alt.LayerChart:
    """Draw the curve, the threshold with the score at which the curve meets it, and the scores."""
    scale = alt.Scale(domain=[-reach, reach], nice=False)
    across = alt.X("at:Q", title=str(message("Score x")), scale=scale)
    up = alt.Y("p:Q", title=str(message("Probability σ(w·x + b)")), scale=alt.Scale(domain=[0, 1], nice=False)).axis(
        values=[0, 0.25, 0.5, 0.75, 1], format=".2~f"
    )
    curve = (
        _moved(alt.Chart(inline(at=np.linspace(-reach, reach, _CURVE_POINTS))), "datum.at")
        .mark_line(color=ACCENT)
        .encode(across, up)
    )
    one = alt.Chart(alt.InlineData(values=[{}]))
    limit = one.transform_calculate(p="threshold", written=f"'t = ' + {_WRITTEN.format(value='threshold')}")
    dashed: dict[str, Any] = {"color": MUTED, "strokeDash": [4, 4], "strokeWidth": 1}
    quiet: dict[str, Any] = {"color": MUTED, "fontSize": 11.5}
    # Where σ(w·x + b) = t: w·x + b = log(t / (1 - t)).
    boundary = (
        one.transform_calculate(at="(log(threshold / (1 - threshold)) - bias) / weight")
        .transform_calculate(written=f"'x = ' + {_WRITTEN.format(value='datum.at')}")
        .transform_filter(f"isFinite(datum.at) && abs(datum.at) <= {reach!r}")
    )
    beside = boundary.encode(across, y=alt.value(_HEIGHT - 4), text="written:N")
    formula = one.transform_calculate(
        written=f"'σ(' + {_WRITTEN.format(value='weight')} + '·x ' + (bias < 0 ? '− ' : '+ ') + "
        f"{_WRITTEN.format(value='abs(bias)')} + ')'"
    )
    rows = _moved(alt.Chart(_SCORES), "datum.x").encode(
        across,
        up,
        tooltip=[
            alt.Tooltip("said:N", title=str(message("Score x"))),
            alt.Tooltip("z:Q", title="w·x + b", format=".5~g"),
            alt.Tooltip("p:Q", title=str(message("Probability")), format=".5~g"),
        ],
    )
    mark: dict[str, Any] = {"shape": "circle", "filled": True, "stroke": SECOND}
    mark |= {"size": 65, "opacity": 0.9} if few else {"size": 18, "opacity": 0.5, "strokeWidth": 1}
    layers = [
        limit.mark_rule(**dashed).encode(up),
        limit.mark_text(align="right", baseline="bottom", dy=-3, **quiet).encode(
            up, x=alt.value(_WIDTH - 4), text="written:N"
        ),
        boundary.mark_rule(**dashed).encode(across),
        # Clear of the curve: beyond the boundary where it rises, before it where it falls.
        beside.transform_filter("weight > 0").mark_text(align="left", baseline="bottom", dx=5, **quiet),
        beside.transform_filter("weight < 0").mark_text(align="right", baseline="bottom", dx=-5, **quiet),
        curve,
        # Yes is a full point and no an empty one.
        rows.transform_filter("datum.yes").mark_point(fill=SECOND, **mark),
        rows.transform_filter("!datum.yes").mark_point(fill="white", **mark),
        formula.mark_text(align="left", baseline="top", color=ACCENT, fontSize=13, fontWeight=600).encode(
            x=alt.value(8), y=alt.value(6), text="written:N"
        ),
    ]
    return alt.LayerChart(layer=layers, width=_WIDTH, height=_HEIGHT)


def _rows_panel(count: int) -> alt.LayerChart:
    """Write out each score, w·x + b, its probability and the decision."""
    words = {"yes": str(message("yes")), "no": str(message("no"))}
    rows = (
        _moved(alt.Chart(_SCORES), "datum.x")
        .transform_calculate(
            z_said="datum.endless && weight != 0 ? (datum.z > 0 ? '∞' : '−∞') : "
            f"replace({with_power_of_ten('datum.z')}, 'Infinity', '∞')",
            # What five digits cannot tell from 0 or 1 is neither.
            p_said=f"datum.p > 0.999995 ? '> 0.99999' : datum.p > 0 ? {with_power_of_ten('datum.p')} : "
            f"'< {shown(5e-324)}'",
        )
        .transform_lookup(
            "yes",
            from_=alt.LookupData(inline(yes=[True, False], decision=[words["yes"], words["no"]]), "yes", ["decision"]),
        )
        .encode(y=alt.Y("row:O", axis=None, scale=alt.Scale(domain=list(range(count + 1)))))
    )
    places = {"said": 52, "z_said": 124, "p_said": 220, "decision": 290}
    heads = ["x", "w·x + b", "σ(w·x + b)", str(message("decision"))]
    top = alt.Chart(inline(row=[0] * 4, place=list(places.values()), words=heads)).encode(
        y=alt.Y("row:O", axis=None, scale=alt.Scale(domain=list(range(count + 1))))
    )
    layers: list[alt.Chart] = [
        top.mark_text(align="right", color=MUTED, fontSize=11.5).encode(
            x=alt.X("place:Q", axis=None, scale=alt.Scale(domain=[0, _WIDTH], nice=False, zero=False)), text="words:N"
        )
    ]
    layers += [
        rows.mark_text(align="right", fontSize=11.5, color=INK).encode(x=alt.value(place), text=f"{field}:N")
        for field, place in places.items()
    ]
    return alt.LayerChart(layer=layers, width=_WIDTH, height=_ROW * (count + 1))


def _count_panel() -> alt.Chart:
    """Write out how many of the scores drawn are decided with yes."""
    said = str(message("Decision yes (full points): {yes} of {all} scores drawn", yes="%1", all="%2"))
    return (
        _moved(alt.Chart(_SCORES), "datum.x")
        .transform_calculate(one="datum.yes ? 1 : 0")
        .transform_aggregate(high="sum(one)", all="count()")
        .transform_calculate(words=f"replace(replace({json.dumps(said)}, '%1', datum.high), '%2', datum.all)")
        .mark_text(align="left", fontSize=11.5, color=INK)
        .encode(x=alt.value(0), text="words:N")
        .properties(width=_WIDTH, height=_ROW)
    )
