"""A study as a picture: curve, scores and counts under one slider; the curves of all classes; or the errors."""

from __future__ import annotations

from typing import Any

from workings.errors import InputError
from workings.language import message
from workings.study.charts import (
    class_picture,
    coefficient_picture,
    descent_picture,
    prediction_picture,
    residual_picture,
)
from workings.study.evaluation import evaluate
from workings.study.fitting import fit
from workings.study.formula_fitting import fit_formula
from workings.study.labels import show_label
from workings.study.model import Model
from workings.study.page import Coefficient, Descent
from workings.study.prediction import predict
from workings.study.results import Study
from workings.subjects.roc.plot_curves import curves_picture
from workings.subjects.roc.plot_threshold import retained_thresholds, threshold_picture
from workings.working import plotter

__all__ = [
    "plot_descent",
    "plot_evaluate",
    "plot_fit",
    "plot_fit_formula",
    "plot_model",
    "plot_predict",
    "plot_study",
]


@plotter(Study)
def plot_study(study: Study) -> Any:
    """Return the picture that a study's report shows first.

    Raises
    ------
    InputError
        If the curve is undefined, or no row was predicted.
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
    if study.predicted is not None and study.predicted.count:
        return prediction_picture(study.predicted, label=_positive(study), threshold=study.threshold)
    counts = {name.partition("/")[2]: int(n) for name, n in study.metrics.items() if name.startswith("predicted/")}
    if any(counts.values()):
        return class_picture(counts)
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


@plotter(predict)
def plot_predict(model: Any, source: Any, **how: Any) -> Any:
    """Return the picture of what :func:`predict` finds."""
    return plot_study(predict(model, source, **how))


@plotter(Descent)
def plot_descent(descent: Descent) -> Any:
    """Return the cost and the size of the gradient at each iteration of a study's fit."""
    return descent_picture(descent)


@plotter(Model)
def plot_model(model: Model) -> Any:
    """Return the coefficients as bars; of three classes and more, those of the first class."""
    values = model.coefficients[0].tolist()
    return coefficient_picture([Coefficient(str(term), value) for term, value in zip(model.terms, values, strict=True)])


def _positive(study: Study) -> str | None:
    model = study.model
    return None if model is None or model.target.positive is None else show_label(model.target.positive)


@plotter(fit_formula)
def plot_fit_formula(model: Any, target: Any, data: Any, /, **how: Any) -> Any:
    """Return the picture of what :func:`fit_formula` finds."""
    return fit_formula(model, target, data, **how).plot()
