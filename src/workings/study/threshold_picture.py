"""One picture, one slider: what a threshold does to the curve, to the scores and to the four counts, all at once.

The slider runs over the places of the retained thresholds, not over their values: so it snaps to them, wherever they
lie and however many they are. Everything that moves reads one row of one table, made in Python from the curve's own
counts; the page's arithmetic is a filter.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import altair as alt

from workings.chart import ACCENT, INK, MUTED, SECOND, inline, themed
from workings.language import Message, message

if TYPE_CHECKING:
    from workings.subjects.roc import RocCurve
    from workings.subjects.roc.histogram import ScoreHistogram

__all__ = ["Retained", "retained_thresholds", "threshold_picture"]

_RETAINED = 400
_BINS = 40
# The table that everything that moves reads: kept once, at the top of the specification.
_STEPS = alt.NamedData(name="steps")
_SIDE = 280
_CELL = 92
_CROWDED = 0.35
# What lies on the positive side of the threshold is drawn full, the rest pale: in the histogram and in the cells.
_FULL, _PALE = 1.0, 0.28


@dataclass(frozen=True)
class Retained:
    """A threshold that the slider stops at, and the decisions that it makes."""

    threshold: float
    tp: float
    fp: float
    fn: float
    tn: float

    @property
    def tpr(self) -> float:
        """The share of the positives that is found (a curve has at least one)."""
        return self.tp / (self.tp + self.fn)

    @property
    def fpr(self) -> float:
        """The share of the negatives that is taken for positive (a curve has at least one)."""
        return self.fp / (self.fp + self.tn)

    @property
    def accuracy(self) -> float:
        """The share of all rows that is decided rightly."""
        return (self.tp + self.tn) / (self.tp + self.fp + self.fn + self.tn)

    @property
    def precision(self) -> float:
        """The share of the rows called positive that are; NaN where none is called so."""
        called = self.tp + self.fp
        return self.tp / called if called else math.nan


def retained_thresholds(curve: RocCurve, also: Sequence[float] = (), limit: int = _RETAINED) -> list[Retained]:
    """Return the thresholds that the slider stops at, from the lowest to above every score.

    Parameters
    ----------
    curve
        The curve; about ``limit`` of its thresholds are retained, those that keep its shape.
    also
        Thresholds that must be among them: the chosen one, those of the table.
    limit
        How many of the curve's own thresholds to retain.
    """
    points = curve.thin(limit)
    columns = (points.thresholds, points.tp, points.fp, points.fn, points.tn)
    steps = {float(t): Retained(float(t), *map(_plain, counts)) for t, *counts in zip(*columns, strict=True)}
    for threshold in also:
        cells = curve.confusion_at(threshold).cells
        steps[float(threshold)] = Retained(float(threshold), *map(_plain, cells))
    return [steps[threshold] for threshold in sorted(steps)]


def threshold_picture(
    curve: RocCurve,
    retained: Sequence[Retained],
    chosen: float,
    *,
    positive: str,
    negative: str,
    score: str | None = None,
    interval: tuple[float, float] | None = None,
) -> alt.ConcatChart:
    """Return the curve, the histogram and the four counts, all moved by one slider.

    Parameters
    ----------
    curve
        Whose histogram and area are shown.
    retained
        What the slider stops at, in increasing order.
    chosen
        Where it starts (the retained threshold nearest to it).
    positive, negative
        The two classes as they are shown.
    score
        The score's name, for its axis.
    interval
        The area's 95 % interval, where there is one.
    """
    histogram = _histogram(curve)
    start = min(range(len(retained)), key=lambda i: abs(retained[i].threshold - chosen))
    slider = alt.param(
        name="step",
        value=start,
        bind=alt.binding_range(min=0, max=len(retained) - 1, step=1, name=str(message("Threshold"))),
    )
    panels = [
        _curve_panel(retained[start], float(curve.auc), interval),
        _histogram_panel(histogram, positive, negative, score),
        alt.vconcat(_cells_panel(positive, negative), _readout_panel(), spacing=42, bounds="flush"),
    ]
    picture = (
        alt.concat(*panels, columns=3, spacing={"row": 84, "column": 104}, bounds="flush")
        .add_params(slider)
        .resolve_scale(color="independent")
    )
    picture.datasets = {_STEPS.name: _rows(retained, *_ends(histogram))}
    here = retained[start]
    return themed(
        picture,
        title=message("What the threshold does"),
        description=message(
            "ROC curve with an area of {auc}; below it the diagonal of a coin. Beside it the scores of {negative} and "
            "{positive}, and the four counts. At the threshold {threshold} the sensitivity is {tpr} and the false "
            "positive rate {fpr}; a slider moves the threshold over {count} values.",
            auc=f"{float(curve.auc):.4f}",
            negative=negative,
            positive=positive,
            threshold=_name(here.threshold),
            tpr=f"{here.tpr:.4f}",
            fpr=f"{here.fpr:.4f}",
            count=len(retained),
        ),
    )


def _curve_panel(start: Retained, area: float, interval: tuple[float, float] | None) -> alt.LayerChart:
    unit = alt.Scale(domain=[0, 1], nice=False)
    ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    x = alt.X("fpr:Q", title=str(message("False positive rate")), scale=unit).axis(values=ticks, format=".1f")
    y = alt.Y("tpr:Q", title=str(message("True positive rate (sensitivity)")), scale=unit).axis(
        values=ticks, format=".1f", labelFlush=True
    )
    curve = alt.Chart(_STEPS).encode(x=x, y=y)
    moving = curve.transform_filter("datum.i == step")
    ends = alt.Chart(inline(fpr=[0, 1], tpr=[0, 1])).encode(x=x, y=y)
    mark = alt.Chart(inline(fpr=[start.fpr], tpr=[start.tpr])).encode(x=x, y=y)
    words = alt.Chart(inline(fpr=[0.97], tpr=[0.06], area=[str(_area(area, interval))])).encode(x=x, y=y)
    tooltip = [
        alt.Tooltip("name:N", title=str(message("Threshold"))),
        alt.Tooltip("tpr:Q", title=str(message("True positive rate (sensitivity)")), format=".4f"),
        alt.Tooltip("fpr:Q", title=str(message("False positive rate")), format=".4f"),
    ]
    layers = [
        curve.mark_area(color=ACCENT, opacity=0.07, tooltip=None).encode(y=y.stack(None), order=alt.value(0)),
        ends.mark_line(color=MUTED, strokeDash=[4, 4], strokeWidth=1),
        curve.mark_line(color=ACCENT).encode(order="i:Q"),
        mark.mark_point(color=INK, filled=False, size=150, strokeWidth=1.2, opacity=1),
        moving.mark_rule(color=SECOND, strokeDash=[2, 2]).encode(y2=alt.datum(0)),
        moving.mark_rule(color=SECOND, strokeDash=[2, 2]).encode(x2=alt.datum(0)),
        moving.mark_point(color=SECOND, size=110, opacity=1, stroke="white", strokeWidth=1.5).encode(tooltip=tooltip),
        words.mark_text(align="right", color=INK).encode(text="area:N"),
    ]
    return alt.LayerChart(layer=layers, width=_SIDE, height=_SIDE, title=_heading(message("ROC curve")))


def _histogram_panel(histogram: ScoreHistogram, positive: str, negative: str, score: str | None) -> alt.LayerChart:
    """Draw the negatives upward and the positives downward, each as a share of its class: the rows of the matrix."""
    edges = histogram.edges.tolist()
    low, high = _ends(histogram)
    up = (histogram.negatives / histogram.negatives.sum()).tolist()
    down = (histogram.positives / histogram.positives.sum()).tolist()
    top = max(*up, *down) * 1.18
    bins = len(up)
    rows = inline(
        left=edges[:-1] * 2,
        right=edges[1:] * 2,
        share=[*up, *(-share for share in down)],
        size=[*up, *down],
        count=[*histogram.negatives, *histogram.positives],
        actual=[negative] * bins + [positive] * bins,
        side=[0] * bins + [1] * bins,
        zero=[0] * (2 * bins),
    )
    # Where most of a class lies in one bin, the few that went astray would not be seen on a plain axis.
    crowded = top > _CROWDED
    words = message("Share of each class (square-root axis)") if crowded else message("Share of each class")
    scale = alt.Scale(domain=[-top, top], nice=False, type="sqrt" if crowded else "linear")
    x = alt.X("left:Q", title=score or str(message("Score")), scale=alt.Scale(domain=[low, high], nice=False)).axis(
        titleLimit=_SIDE
    )
    y = alt.Y(
        "share:Q",
        title=str(words),
        scale=scale,
        axis=alt.Axis(labelExpr="format(abs(datum.value), '.0%')", tickCount=6),
    )
    colour = alt.Color("side:N", scale=alt.Scale(domain=[0, 1], range=[SECOND, ACCENT]), legend=None)
    # The threshold's position joins every bin, and cuts the one in which it lies.
    bars = alt.Chart(rows).mark_bar(strokeWidth=0).encode(x=x, x2="right:Q", y=y, y2="zero:Q", color=colour)
    tooltip = [
        alt.Tooltip("actual:N", title=str(message("Actual"))),
        alt.Tooltip("left:Q", title=str(message("From")), format=".4~g"),
        alt.Tooltip("right:Q", title=str(message("To")), format=".4~g"),
        alt.Tooltip("count:Q", title=str(message("Rows")), format=",.6~g"),
    ]
    pale = bars.encode(opacity=alt.value(_PALE), tooltip=tooltip)
    full = (
        bars.transform_calculate(now="step")
        .transform_lookup("now", from_=alt.LookupData(_STEPS, "i", ["x"]))
        .transform_calculate(left="max(datum.left, datum.x)")
        .transform_filter("datum.left < datum.right")
        .encode(opacity=alt.value(_FULL), tooltip=tooltip)
    )
    line = alt.Chart(_STEPS).transform_filter("datum.i == step").encode(x=alt.X("x:Q"))
    middle = (low + high) / 2
    words = line.encode(y=alt.value(9), text="name:N")
    # Each class is named in the corner where its scores should not be.
    corners = alt.Chart(inline(actual=[negative, positive], side=[0, 1])).encode(text="actual:N", color=colour)
    above = corners.transform_filter("datum.side == 0").mark_text(align="right", limit=150)
    below = corners.transform_filter("datum.side == 1").mark_text(align="left", limit=150)
    layers = [
        pale,
        full,
        alt.Chart(inline(share=[0])).mark_rule(color=MUTED, strokeWidth=1).encode(y=y),
        line.mark_rule(color=INK, strokeWidth=1.5),
        words.transform_filter(f"datum.x <= {middle!r}").mark_text(align="left", dx=5, fontWeight=600),
        words.transform_filter(f"datum.x > {middle!r}").mark_text(align="right", dx=-5, fontWeight=600),
        above.encode(x=alt.value(_SIDE - 4), y=alt.value(26)),
        below.encode(x=alt.value(4), y=alt.value(_SIDE - 10)),
    ]
    return alt.LayerChart(layer=layers, width=_SIDE, height=_SIDE, title=_heading(message("Scores by actual class")))


def _cells_panel(positive: str, negative: str) -> alt.LayerChart:
    """Draw the four counts: rows are actual, columns predicted, the negative class first."""
    if positive == negative:  # only as text: 1 and "1", say
        positive = f"{positive} (+)"
    names = {
        "tn": (negative, negative, message("true negatives")),
        "fp": (negative, positive, message("false positives")),
        "fn": (positive, negative, message("false negatives")),
        "tp": (positive, positive, message("true positives")),
    }
    cells = inline(
        cell=list(names),
        actual=[actual for actual, _, _ in names.values()],
        predicted=[predicted for _, predicted, _ in names.values()],
        words=[str(words) for _, _, words in names.values()],
        side=[0, 0, 1, 1],
        called=[0, 1, 0, 1],
    )
    order = [negative, positive]
    x = alt.X("predicted:N", sort=order, title=str(message("Predicted"))).axis(
        labelAngle=0, labelLimit=_CELL - 6, domain=False, ticks=False
    )
    y = alt.Y("actual:N", sort=order, title=str(message("Actual"))).axis(labelLimit=74, domain=False, ticks=False)
    ground = (
        alt.Chart(cells)
        .mark_rect(stroke="white", strokeWidth=2)
        .encode(
            x=x,
            y=y,
            color=alt.Color("side:N", scale=alt.Scale(domain=[0, 1], range=[SECOND, ACCENT]), legend=None),
            opacity=alt.Opacity("called:Q", scale=alt.Scale(domain=[0, 1], range=[_PALE, _FULL]), legend=None),
        )
    )
    moving = (
        alt.Chart(_STEPS)
        .transform_filter("datum.i == step")
        .transform_fold(["tn", "fp", "fn", "tp"], as_=["cell", "count"])
        .transform_lookup("cell", from_=alt.LookupData(cells, "cell", ["actual", "predicted", "words", "called"]))
        .encode(
            x=x,
            y=y,
            color=alt.Color("called:N", scale=alt.Scale(domain=[0, 1], range=[INK, "white"]), legend=None),
        )
    )
    counts = moving.mark_text(fontSize=21, fontWeight=600, dy=-7).encode(text=alt.Text("count:Q", format=",.3~f"))
    below = moving.mark_text(fontSize=10, dy=15, limit=_CELL - 4).encode(text="words:N")
    return alt.LayerChart(
        layer=[ground, counts, below], width=2 * _CELL, height=2 * _CELL, title=_heading(message("Decisions"))
    ).resolve_scale(color="independent")


def _readout_panel() -> alt.LayerChart:
    """Write out the rates at the threshold, a line each."""
    names = {
        "accuracy": message("Accuracy"),
        "tpr": message("Sensitivity (recall)"),
        "tnr": message("Specificity"),
        "precision": message("Precision"),
    }
    words = inline(
        rate=list(names),
        words=[str(name) for name in names.values()],
        undefined=[str(message("undefined"))] * len(names),
    )
    lines = (
        alt.Chart(_STEPS)
        .transform_filter("datum.i == step")
        .transform_calculate(tnr="1 - datum.fpr")
        .transform_fold(list(names), as_=["rate", "value"])
        .transform_lookup("rate", from_=alt.LookupData(words, "rate", ["words", "undefined"]))
        .transform_calculate(shown="isValid(datum.value) ? format(datum.value, '.4f') : datum.undefined")
        .encode(y=alt.Y("rate:N", sort=list(names), axis=None))
    )
    name = lines.mark_text(align="left", color=MUTED, fontSize=11.5).encode(x=alt.value(0), text="words:N")
    value = lines.mark_text(align="right", fontSize=11.5).encode(x=alt.value(2 * _CELL), text="shown:N")
    return alt.LayerChart(layer=[name, value], width=2 * _CELL, height=72)


def _heading(words: Message) -> alt.Title:
    return alt.Title(str(words), frame="group")  # placed by the panel's own edge, so that the headings stand in a line


def _rows(retained: Sequence[Retained], low: float, high: float) -> list[Any]:
    return inline(
        i=range(len(retained)),
        x=[min(max(step.threshold, low), high) for step in retained],
        name=[_name(step.threshold) for step in retained],
        tpr=[step.tpr for step in retained],
        fpr=[step.fpr for step in retained],
        tp=[step.tp for step in retained],
        fp=[step.fp for step in retained],
        fn=[step.fn for step in retained],
        tn=[step.tn for step in retained],
        accuracy=[step.accuracy for step in retained],
        precision=[step.precision for step in retained],
    ).values


def _histogram(curve: RocCurve) -> ScoreHistogram:
    """Return the scores by class; probabilities that fill most of [0, 1] are given all of it."""
    found = curve.histogram(_BINS)
    low, high = _ends(found)
    return (
        curve.histogram([k / _BINS for k in range(_BINS + 1)]) if low >= 0 and high <= 1 < high - low + 0.5 else found
    )


def _ends(histogram: ScoreHistogram) -> tuple[float, float]:
    return float(histogram.edges[0]), float(histogram.edges[-1])


def _area(area: float, interval: tuple[float, float] | None) -> Message:
    if interval is None:
        return message("AUC {area}", area=f"{area:.4f}")
    low, high = interval
    return message("AUC {area} [{low}, {high}]", area=f"{area:.4f}", low=f"{low:.4f}", high=f"{high:.4f}")


def _name(threshold: float) -> str:
    """Write a threshold as the slider shows it; the last one calls no row positive."""
    return str(message("above every score")) if math.isinf(threshold) else f"{threshold:.6g}"


def _plain(value: Any) -> float:
    number = float(value)
    return int(number) if number.is_integer() else number
