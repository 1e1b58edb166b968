"""A fitted model judged on the rows that were held out: two classes, several, or a number."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.language import Message, message
from workings.study.account import DataAccount
from workings.study.binary import binary_study, judge
from workings.study.derivations import explain_errors, explain_macro, explain_units
from workings.study.descent import Fitted
from workings.study.labels import Orientation, show_label
from workings.study.names import metric_names
from workings.study.page import Headline, Place, Residuals
from workings.study.results import Study
from workings.study.targets import ReadTarget
from workings.study.told_account import explain_account
from workings.study.told_matrix import explain_matrix_totals
from workings.subjects.confusion import ConfusionMatrix
from workings.subjects.regression.nearness import squared_deviations
from workings.subjects.roc import RocCurve
from workings.working import Working

__all__ = ["HeldOut", "judge_model"]

_SHOWN_RESIDUALS = 2000
_BINS = 30


@dataclass(frozen=True, eq=False)
class HeldOut:
    """The rows held out: their numbers or classes, the model's scores (rows, k), and their weights."""

    values: NDArray[Any]
    scores: NDArray[np.float64]
    weights: NDArray[np.float64] | None


def judge_model(
    fitted: Fitted, read: ReadTarget, held_out: HeldOut, account: DataAccount, notes: tuple[Message, ...]
) -> Study:
    """Return the study of a fitted model."""
    if read.kind == "linear":
        study = _judge_numbers(fitted, held_out, account, notes)
    elif len(read.target.classes) == 2:
        study = _judge_two(fitted, read, held_out, account, notes)
    else:
        study = _judge_several(fitted, held_out, account, notes)
    metrics = {**study.metrics, "cost": float(fitted.estimator.cost_), "iterations": int(fitted.estimator.n_iter_)}
    derivations: dict[str, Callable[[], Working]] = {"data": study.derivations["data"]}
    places = dict(study.given_places)
    several = len(fitted.model.intercepts) > 1
    if several:
        labels = [show_label(label) for label in fitted.model.target.classes]
        derivations["model"] = fitted.explain_all
        derivations |= {f"model/{label}": partial(fitted.explain, place) for place, label in enumerate(labels)}
        places["coefficients"] = (f"model/{labels[0]}", "coefficients")
        places |= _places_of_coefficients(labels, fitted)
    else:
        derivations["model"] = fitted.explain
    derivations.update(study.derivations)
    derivations["units"] = partial(explain_units, fitted.units, len(fitted.largest))
    return replace(
        study,
        metrics=metrics,
        names=metric_names(metrics),
        descent=fitted.descent,
        coefficients=fitted.coefficients,
        intercept=None if several else float(fitted.model.intercepts[0]),
        model=fitted.model,
        derivations=derivations,
        given_places=places,
    )


def _places_of_coefficients(labels: list[str], fitted: Fitted) -> dict[str, Place]:
    """Return where the coefficients on the page are derived, which are numbered through all classes."""
    terms = len(fitted.model.terms)
    places: dict[str, Place] = {}
    for number in fitted.largest:
        place, term = divmod(number, terms)
        places[f"coef_{number}"] = (f"model/{labels[place]}", f"coef_{term}")
    return places


def _judge_two(
    fitted: Fitted, read: ReadTarget, held_out: HeldOut, account: DataAccount, notes: tuple[Message, ...]
) -> Study:
    model = fitted.model
    classes = list(model.target.classes)
    yes = classes.index(model.positive)
    orientation = Orientation(
        model.positive,
        classes[1 - yes],
        message("you named it") if read.positive_reason is None else read.positive_reason,
    )
    judged = judge(
        held_out.values == yes,
        model.probabilities(held_out.scores)[:, 0],
        held_out.weights,
        threshold=model.threshold,
        orientation=orientation,
    )
    return binary_study(
        judged,
        kind="logistic",
        title=message("Can {target} = {value} be predicted?", target=model.target.name, value=judged.labels[1]),
        lead=message(
            "A logistic model of {terms} {terms:column|columns}, fitted on {train} rows and judged on {test} "
            "{test:other|others}; it says yes from a probability of {threshold} on.",
            terms=str(len(model.terms)),
            train=model.training["rows"],
            test=len(held_out.values),
            threshold=f"{model.threshold:g}",
        ),
        target=model.target.name,
        score=None,
        account=account,
        account_working=partial(explain_account, account),
        notes=notes,
    )


def _judge_several(fitted: Fitted, held_out: HeldOut, account: DataAccount, notes: tuple[Message, ...]) -> Study:
    model = fitted.model
    labels = tuple(show_label(label) for label in model.target.classes)
    probabilities = model.probabilities(held_out.scores)
    predicted = model.decisions(probabilities)
    size = len(labels)
    cell = held_out.values * size + predicted
    if held_out.weights is None:
        counts: NDArray[Any] = np.bincount(cell, minlength=size * size)
    else:
        counts = np.array([math.fsum(held_out.weights[cell == place]) for place in range(size * size)])
    matrix = ConfusionMatrix.from_counts(counts.reshape(size, size), labels)
    curves: dict[str, RocCurve] = {}
    for place, label in enumerate(labels):
        orientation = Orientation(label, None, message("it is this class against the rest"))
        curves[label] = judge(
            held_out.values == place,
            probabilities[:, place],
            held_out.weights,
            threshold=0.5,
            orientation=orientation,
        ).curve
    areas = {label: float(curve.auc) for label, curve in curves.items()}
    macro = math.fsum(areas.values()) / size
    metrics: dict[str, float | int] = {
        "rows_read": account.rows_read,
        "rows_used": account.rows_used,
        "rows_train": model.training["rows"],
        "rows_test": len(held_out.values),
        **matrix.rates,
        "auc_macro": macro,
        **{f"auc/{label}": area for label, area in areas.items()},
    }
    derivations: dict[str, Callable[[], Working]] = {
        "data": partial(explain_account, account),
        "confusion": matrix.explain,
        "macro": partial(explain_macro, areas, macro),
        "matrix/totals": partial(explain_matrix_totals, matrix),
        **{f"class/{label}": curve.explain for label, curve in curves.items()},
    }
    names = metric_names(metrics)
    intervals = {} if matrix.weighted else {"accuracy": matrix.interval("accuracy")}
    return Study(
        kind="one-vs-rest",
        title=message("Can {target} be predicted?", target=model.target.name),
        lead=message(
            "{classes} logistic models of {terms} {terms:column|columns}, each for one class against the rest, "
            "fitted on {train} rows and judged on {test} {test:other|others}; the class with the largest "
            "probability is predicted.",
            classes=str(size),
            terms=str(len(model.terms)),
            train=model.training["rows"],
            test=len(held_out.values),
        ),
        target=model.target.name,
        data=account,
        metrics=metrics,
        names=names,
        undefined={
            name: message("its value is 0/0 for these counts") for name, value in metrics.items() if math.isnan(value)
        },
        notes=notes,
        headline=(
            Headline(
                "accuracy",
                names["accuracy"],
                metrics["accuracy"],
                intervals.get("accuracy"),
                note=message("share of all rows that are called right"),
                percent=True,
            ),
            Headline("auc_macro", names["auc_macro"], macro),
        ),
        rates=tuple(matrix.rates),
        intervals=intervals,
        confusion=matrix,
        curves=curves,
        derivations=derivations,
        given_places={f"auc/{label}": (f"class/{label}", "auc") for label in labels},
    )


def _judge_numbers(fitted: Fitted, held_out: HeldOut, account: DataAccount, notes: tuple[Message, ...]) -> Study:
    model = fitted.model
    actual, predicted = held_out.values, held_out.scores[:, 0]
    errors = actual - predicted
    squared = math.fsum(errors**2)
    spread = squared_deviations(actual)
    metrics: dict[str, float | int] = {
        "rows_read": account.rows_read,
        "rows_used": account.rows_used,
        "rows_train": model.training["rows"],
        "rows_test": len(actual),
        "r2": 1 - squared / spread if spread else math.nan,
        "rmse": math.sqrt(squared / len(actual)),
        "mae": math.fsum(np.abs(errors)) / len(actual),
    }
    undefined = {} if spread else {"r2": message("all numbers held out are equal")}
    names = metric_names(metrics)
    shown = np.unique(np.linspace(0, len(actual) - 1, min(len(actual), _SHOWN_RESIDUALS)).astype(np.intp))
    # As many bins as the square root of the rows: of 15 errors, 40 bins would show 15 spikes.
    counts, edges = np.histogram(errors, bins=min(_BINS, math.isqrt(len(errors)) + 1))
    notes_of_weights = (
        (message("The rows held out are judged without their weights: R², RMSE and MAE count each row once."),)
        if held_out.weights is not None
        else ()
    )
    return Study(
        kind="linear",
        title=message("Can {target} be predicted?", target=model.target.name),
        lead=message(
            "A linear model of {terms} {terms:column|columns}, fitted on {train} rows and judged on {test} "
            "{test:other|others}.",
            terms=str(len(model.terms)),
            train=model.training["rows"],
            test=len(actual),
        ),
        target=model.target.name,
        data=account,
        metrics=metrics,
        names=names,
        undefined=undefined,
        notes=(*notes, *notes_of_weights),
        headline=(
            Headline("r2", names["r2"], metrics["r2"], note=message("share of the variation that is predicted")),
            Headline("rmse", names["rmse"], metrics["rmse"], note=message("in the unit of the target")),
            Headline("mae", names["mae"], metrics["mae"], note=message("in the unit of the target")),
        ),
        residuals=Residuals(
            predicted=predicted[shown].tolist(),
            actual=actual[shown].tolist(),
            count=len(actual),
            edges=edges.tolist(),
            counts=counts.tolist(),
        ),
        derivations={
            "data": partial(explain_account, account),
            "residuals": partial(explain_errors, actual, predicted, metrics),
        },
        # The model's own working has an R², an RMSE and an MAE too: those of the rows that it was fitted on.
        given_places={name: ("residuals", name) for name in ("r2", "rmse", "mae")},
    )
