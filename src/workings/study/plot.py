"""A study as a picture: curve, scores and counts under one slider; the curves of all classes; or the errors."""

from __future__ import annotations

from typing import Any

from workings.errors import InputError
from workings.language import message
from workings.study.charts import residual_picture
from workings.study.evaluation import evaluate
from workings.study.fitting import fit
from workings.study.formula_fitting import fit_formula
from workings.study.results import Study
from workings.subjects.roc.plot_curves import curves_picture
from workings.subjects.roc.plot_threshold import retained_thresholds, threshold_picture
from workings.working import plotter

__all__ = ["plot_evaluate", "plot_fit", "plot_fit_formula", "plot_study"]


@plotter(Study)
def plot_study(study: Study) -> Any:
    """Return the picture that a study's report shows first.

    Raises
    ------
    InputError
        If nothing was judged, as by :func:`predict`, or the curve is undefined.
    """
    if study.roc is not None and study.threshold is not None:
        also = [row.threshold for row in study.thresholds]
        return threshold_picture(
            study.roc,
            retained_thresholds(study.roc, also),
            study.threshold,
            positive=study.positive or "",
            negative=study.negative or "",
            score=study.score,
            interval=study.intervals.get("auc"),
        )
    if study.curves:
        return curves_picture(study.curves)
    if study.residuals is not None:
        return residual_picture(study.residuals)
    raise InputError(
        message("plot: study must have a curve or errors to show; got none; judge rows with evaluate or fit")
    )


@plotter(evaluate)
def plot_evaluate(source: Any, **how: Any) -> Any:
    """Return the picture of what :func:`evaluate` finds."""
    return plot_study(evaluate(source, **how))


@plotter(fit)
def plot_fit(source: Any, **how: Any) -> Any:
    """Return the picture of what :func:`fit` finds."""
    return plot_study(fit(source, **how))


@plotter(fit_formula)
def plot_fit_formula(model: Any, target: Any, data: Any, /, **how: Any) -> Any:
    """Return the picture of what :func:`fit_formula` finds."""
    return fit_formula(model, target, data, **how).plot()
