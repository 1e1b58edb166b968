"""The pictures of a report: each as the specification that a page draws, and as the still image for one that cannot."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workings.chart import spec, static_svg
from workings.study.charts import coefficient_picture, descent_picture, residual_picture
from workings.subjects.roc.plot_comparison import comparison_picture
from workings.subjects.roc.plot_curves import curves_picture
from workings.subjects.roc.plot_threshold import retained_thresholds, threshold_picture

if TYPE_CHECKING:
    import altair as alt

    from workings.study.results import Study

__all__ = ["Figure", "figures"]


@dataclass(frozen=True)
class Figure:
    """A picture: its specification, its text alternative, and the still image for a page without scripts."""

    id: str
    spec: Mapping[str, Any]
    description: str
    still: str


def figures(study: Study) -> dict[str, Figure]:
    """Return the pictures that a study has something for, by name."""
    return {name: _figure(name, chart) for name, chart in _charts(study)}


def _charts(study: Study) -> Iterator[tuple[str, alt.TopLevelMixin]]:
    if study.roc is not None and study.threshold is not None:
        also = {study.threshold, *(row.threshold for row in study.thresholds if math.isfinite(row.threshold))}
        yield (
            "threshold",
            threshold_picture(
                study.roc,
                retained_thresholds(study.roc, sorted(also)),
                study.threshold,
                positive=study.positive or "1",
                negative=study.negative or "0",
                score=study.score,
                interval=study.intervals.get("auc"),
            ),
        )
    if study.curves:
        yield "curves", curves_picture(study.curves)
    if study.comparison is not None:
        yield "comparison", comparison_picture(study.comparison)
    if study.residuals is not None:
        yield "residuals", residual_picture(study.residuals)
    if study.descent is not None:
        yield "descent", descent_picture(study.descent)
    if study.coefficients:
        yield "coefficients", coefficient_picture(study.coefficients)


def _figure(name: str, chart: alt.TopLevelMixin) -> Figure:
    content = {key: part for key, part in spec(chart).items() if key != "title"}  # the page has the heading
    still = base64.b64encode(static_svg(content).encode()).decode()
    return Figure(name, content, str(content.get("description", "")), f"data:image/svg+xml;base64,{still}")
