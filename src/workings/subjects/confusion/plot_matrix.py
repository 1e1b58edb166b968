"""The confusion matrix as a picture: right on the diagonal, wrong beside it, darker where there is more of it."""

from __future__ import annotations

from typing import Any, Literal
from unicodedata import east_asian_width

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.chart import ACCENT, FAINT, INK, MUTED, SECOND, inline, themed
from workings.language import Message, grouped, message
from workings.subjects.confusion.matrix import ConfusionMatrix

__all__ = ["MOST_CLASSES", "distinct_names", "matrix_picture"]

MOST_CLASSES = 40
_WIDTH = 300
# A cell's side in pixels: at least, at most, and from where on there is room for the count, the share, larger type.
_LEAST, _MOST, _COUNTED, _SHARED, _LARGE = 10, 114, 26, 46, 90
# From this share on the ground is so dark that white reads better.
_DARK = 0.7


def matrix_picture(matrix: ConfusionMatrix, rows: Literal["actual", "predicted"] = "actual") -> alt.LayerChart:
    """Return the matrix with each cell's count and its share, by default of the actual class.

    Parameters
    ----------
    matrix
        The matrix.
    rows
        What stands in the rows.
    """
    places = _largest(matrix)
    counts = matrix.counts[np.ix_(places, places)]
    names = distinct_names([matrix.labels[k] for k in places.tolist()])
    size = min(max(_LEAST, _WIDTH // len(names)), _MOST)
    data = _cells(matrix, counts, _shares(matrix, places), names)
    small = min(11, size)
    columns = "predicted" if rows == "actual" else "actual"
    titles = {"actual": str(message("Actual")), "predicted": str(message("Predicted"))}
    x, y = (
        alt.X(f"{columns}:N", sort=names, title=titles[columns]).axis(
            orient="top",
            labelAngle=0 if size > 60 or max(map(_width, names)) < size else -90,
            labelLimit=max(size - 6, 80),
            labelFontSize=small,
            domain=False,
            ticks=False,
        ),
        alt.Y(f"{rows}:N", sort=names, title=titles[rows]).axis(
            labelLimit=110, labelFontSize=small, domain=False, ticks=False
        ),
    )
    base = alt.Chart(data).encode(x=x, y=y)
    tooltip = [
        alt.Tooltip("actual:N", title=str(message("Actual"))),
        alt.Tooltip("predicted:N", title=str(message("Predicted"))),
        alt.Tooltip("count:Q", title=str(message("Rows")), format=",.6~g"),
        alt.Tooltip("share:Q", title=str(_share_of(matrix)), format=".2%"),
    ]
    grounds = [
        base.transform_filter(f"datum.right == {right}")
        .mark_rect(stroke=FAINT, strokeWidth=1)
        .encode(color=_ground(colour), tooltip=tooltip)
        for right, colour in ((0, SECOND), (1, ACCENT))
    ]
    return themed(
        alt.LayerChart(
            layer=[*grounds, *_words(base, size, called=len(matrix.labels) == 2)],
            width=size * len(names),
            height=size * len(names),
        ).resolve_scale(color="independent"),
        title=_title(matrix),
        subtitle=_share_of(matrix)
        if len(names) == len(matrix.labels)
        else message(
            "{shares}; the {shown} most frequent of {count} classes",
            shares=_share_of(matrix),
            shown=len(names),
            count=len(matrix.labels),
        ),
        description=_description(matrix, counts, names, rows),
    )


def _ground(colour: str) -> alt.Color:
    """Return white to ``colour`` by the square root of the share, or the rare mistakes would not be seen."""
    scale = alt.Scale(type="sqrt", domain=[0, 1], range=["white", colour], interpolate="rgb")
    return alt.Color("share:Q", scale=scale, legend=None)


def _words(base: alt.Chart, size: int, *, called: bool) -> list[alt.Chart]:
    """Write into each cell, as there is room: its count, what it is called where there are two classes, its share."""
    if size < _COUNTED:
        return []
    ink = alt.Color("ink:N", scale=alt.Scale(domain=[0, 1, 2], range=[INK, "white", MUTED]), legend=None)
    base = base.encode(color=ink)
    if size < _SHARED:
        return [base.mark_text(fontSize=10).encode(text="number:N")]
    big = size >= _LARGE
    rise, drop = (20, 24) if called else (10, 14) if big else (7, 9)
    lines = [
        base.mark_text(fontSize=22 if big else 13, fontWeight=600, dy=-rise).encode(text="number:N"),
        base.mark_text(fontSize=12 if big else 10, dy=drop).encode(text="percent:N"),
    ]
    return [*lines, base.mark_text(fontSize=11, dy=4, limit=size - 8).encode(text="words:N")] if called else lines


def _cells(matrix: ConfusionMatrix, counts: NDArray[Any], shares: NDArray[Any], names: list[str]) -> alt.InlineData:
    size = range(len(names))
    cells = [(i, j) for i in size for j in size]
    called = [""] * len(cells)
    if len(matrix.labels) == 2:
        parts = (
            message("true negatives"),
            message("false positives"),
            message("false negatives"),
            message("true positives"),
        )
        called = [str(part) for part in parts]
    return inline(
        actual=[names[i] for i, _ in cells],
        predicted=[names[j] for _, j in cells],
        count=[counts[cell] for cell in cells],
        share=[shares[cell] for cell in cells],
        number=[_number(counts[cell].item()) for cell in cells],
        percent=["" if np.isnan(shares[cell]) else f"{shares[cell]:.1%}" for cell in cells],
        words=called,
        right=[int(i == j) for i, j in cells],
        ink=[1 if shares[cell] >= _DARK else 0 if counts[cell] else 2 for cell in cells],
    )


def _largest(matrix: ConfusionMatrix) -> NDArray[np.intp]:
    """Return the places of the classes to draw, in their order: of very many, those with the most actual rows."""
    if len(matrix.labels) <= MOST_CLASSES:
        return np.arange(len(matrix.labels))
    return np.sort(np.argsort(-matrix.counts.sum(axis=1), kind="stable")[:MOST_CLASSES])


def _shares(matrix: ConfusionMatrix, places: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the share of each cell among the rows of its actual class, or as the matrix is normalised."""
    axis = {None: 1, "true": 1, "pred": 0, "all": None}[matrix.normalize]
    with np.errstate(invalid="ignore"):
        shares = matrix.counts / matrix.counts.sum(axis=axis, keepdims=True)
    return shares[np.ix_(places, places)]


def _share_of(matrix: ConfusionMatrix) -> Message:
    if matrix.normalize == "pred":
        return message("Share of the predicted class")
    if matrix.normalize == "all":
        return message("Share of all rows")
    return message("Share of the actual class")


def distinct_names(labels: list[Any]) -> list[str]:
    """Return the labels as text, each different: 1 and "1" are told apart."""
    names: list[str] = []
    for label in labels:
        text = name = str(label)
        times = 1
        while name in names:
            times += 1
            name = f"{text} ({times})"
        names.append(name)
    return names


def _width(name: str) -> int:
    """Return about how many pixels a name takes; Hangul and its like take two places."""
    return sum(12 if east_asian_width(letter) in "WF" else 7 for letter in name)


def _title(matrix: ConfusionMatrix) -> Message:
    if matrix.threshold is None:
        return message("Confusion matrix")
    return message("Confusion matrix at the threshold {threshold}", threshold=f"{matrix.threshold:.6g}")


def _description(matrix: ConfusionMatrix, counts: NDArray[Any], names: list[str], rows: str) -> Message:
    if len(matrix.labels) == 2:
        tp, fp, fn, tn = matrix.cells
        return message(
            "Of {positives} {positives:row that is|rows that are} {positive}, {tp} {tp:is|are} predicted so and "
            "{fn} {fn:is|are} not; of {negatives} {negatives:row that is|rows that are} {negative}, {tn} {tn:is|are} "
            "predicted so and {fp} {fp:is|are} not.",
            positives=_number(tp + fn),
            negatives=_number(fp + tn),
            positive=names[1],
            negative=names[0],
            tp=_number(tp),
            fn=_number(fn),
            tn=_number(tn),
            fp=_number(fp),
        )
    wrong = counts - np.diag(np.diag(counts))
    i, j = np.unravel_index(int(wrong.argmax()), wrong.shape)
    values = {
        "classes": len(names),
        "right": _number(np.diag(matrix.counts).sum().item()),
        "total": _number(matrix.total),
        "times": _number(wrong[i, j].item()),
        "actual": names[int(i)],
        "predicted": names[int(j)],
    }
    if rows == "predicted":
        return message(
            "Rows are predicted classes and columns actual ones, {classes} of each. On the diagonal, predicted "
            "rightly: {right} of {total} {total:row|rows}. The most frequent mistake: {times} {times:row|rows} of "
            "{actual} predicted as {predicted}.",
            **values,
        )
    return message(
        "Rows are actual classes and columns predicted ones, {classes} of each. On the diagonal, predicted rightly: "
        "{right} of {total} {total:row|rows}. The most frequent mistake: {times} {times:row|rows} of {actual} "
        "predicted as {predicted}.",
        **values,
    )


def _number(value: float) -> str:
    return grouped(value if isinstance(value, int) else f"{value:.6g}")
