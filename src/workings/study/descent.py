"""The fit itself: constant columns out, the rest normalised, gradient descent from zero, and what it came to."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workings.errors import DataError
from workings.language import Message, message
from workings.once import cached_property
from workings.study.derivations import explain_descent
from workings.study.features import Feature, Term, terms_of
from workings.study.labels import show_label
from workings.study.model import Model, Normalizer
from workings.study.page import MOST_TERMS, Coefficient, Descent
from workings.study.targets import ReadTarget
from workings.subjects.regression import Rows
from workings.working import Working, explain

__all__ = ["Fitted", "fit_model"]


@dataclass(frozen=True, eq=False)
class Fitted:
    """A fitted model with the story of its fit.

    Attributes
    ----------
    model
        What a file can hold.
    estimator
        The fitted estimator, which can explain itself.
    descent
        Its way, for the report.
    arrived
        Whether and where the descent arrived, in words.
    constant
        The terms that were left out because they did not vary.
    rows
        The normalised training rows, by reference.
    """

    model: Model
    estimator: Any
    descent: Descent
    arrived: Message
    constant: tuple[str, ...]
    rows: Rows

    def explain(self, place: int = 0) -> Working:
        """Return how the coefficients came about; of three classes and more, those of the class at ``place``."""
        return self._told[place]

    def explain_all(self) -> Working:
        """Return how the costs of all classes add up, how many steps were taken together, and where they ended."""
        each = [float(working.step("cost").value or 0.0) for working in self._told]
        labels = [show_label(label) for label in self.model.target.classes]
        estimator = self.estimator
        return explain_descent(
            dict(zip(labels, each, strict=True)),
            estimator.cost_,
            len(estimator.history_),
            float(estimator.history_.gradient_norm[-1]),
            estimator.tol,
            arrived=estimator.status_.converged,
        )

    @cached_property
    def _told(self) -> list[Working]:
        """How the coefficients of each question came about, each explained once."""
        return [self._tell(place) for place in range(len(self.model.coefficients))]

    def _tell(self, place: int) -> Working:
        names = [str(term) for term in self.model.terms]
        classes = self.model.target.classes
        terms = len(names)
        asked = [number - place * terms for number in self.largest if number // terms == place]
        rows = (self.rows.X, self.rows.y, self.rows.weight)
        if not classes:
            return explain(self.estimator, *rows, names=names, coefficients=asked)
        several = len(self.model.coefficients) > 1
        # The estimator numbers the classes from 0; of two it knows which question is asked.
        which = {"label": place} if several else {}
        working = explain(self.estimator, *rows, names=names, coefficients=asked, **which)
        label = classes[place] if several else self.model.positive
        return replace(
            working,
            question=message(
                "Which weights make the log-loss for {label} least, and how were they found?", label=show_label(label)
            ),
        )

    @cached_property
    def largest(self) -> list[int]:
        """The coefficients that a page shows, the largest first: each by its place among those of all classes."""
        values = self.model.coefficients.ravel()
        return np.argsort(-np.abs(values), kind="stable")[:MOST_TERMS].tolist()

    @property
    def coefficients(self) -> tuple[Coefficient, ...]:
        """Each coefficient per normalised unit and per the column's own unit."""
        model = self.model
        several = len(model.coefficients) > 1
        return tuple(
            Coefficient(f"{label}: {term}" if several else str(term), float(value), float(value / scale))
            for label, line in zip(model.target.classes if several else ("",), model.coefficients, strict=True)
            for term, value, scale in zip(model.terms, line, model.scale, strict=True)
        )

    @property
    def units(self) -> list[tuple[str, float, float, float]]:
        """Each coefficient's name, its value as fitted, the scale of its column and their quotient, largest first."""
        scales = np.tile(self.model.scale, len(self.model.coefficients))
        rows = [
            (one.name, one.value, float(scale), one.value / float(scale))
            for one, scale in zip(self.coefficients, scales, strict=True)
        ]
        return sorted(rows, key=lambda row: -abs(row[1]))


def fit_model(
    read: ReadTarget,
    matrix: NDArray[np.float64],
    values: NDArray[Any],
    weights: NDArray[np.float64] | None,
    *,
    features: Sequence[Feature],
    normalize: Normalizer,
    missing: Literal["fill", "drop"],
    facts: Mapping[str, Any],
) -> Fitted:
    """Fit the model of a target.

    Parameters
    ----------
    read
        The target and the kind of model.
    matrix, values, weights
        The training rows: their design matrix, numbers or classes, and weights.
    features
        What the columns of the matrix come from.
    normalize, missing
        By which rules.
    facts
        What the model file says about the fit besides.

    Raises
    ------
    DataError
        If no column varies, or there are fewer rows than parameters.
    """
    terms = terms_of(features)
    varies = np.array([matrix[:, place].min() != matrix[:, place].max() for place in range(len(terms))], bool)
    kept = np.flatnonzero(varies)
    if not len(kept):
        raise DataError(
            message("fit: a column must vary in the training rows; none of {count} does; add columns", count=len(terms))
        )
    parameters = len(kept) + 1
    if len(matrix) < parameters:
        raise DataError(
            message(
                "fit: there must be at least as many training rows as parameters; got {rows} {rows:row|rows} for "
                "{parameters} parameters ({columns} {columns:column|columns} and an intercept); add rows, or name "
                "fewer columns with --features",
                rows=len(matrix),
                parameters=parameters,
                columns=len(kept),
            )
        )
    center, scale = _normalizer(matrix, kept, normalize)
    normalized = np.empty((len(matrix), len(kept)))
    for place, column in enumerate(kept):
        normalized[:, place] = (matrix[:, column] - center[place]) / scale[place]
    _refuse_what_overflows(normalized, [str(terms[k]) for k in kept])
    if read.kind == "linear":
        _refuse_what_overflows(values[:, None], [read.target.name])
    rows = Rows(normalized, _questions(read, values), weights)
    estimator = _descend(read, rows)
    coefficients = np.atleast_2d(np.asarray(estimator.coef_, np.float64))
    model = Model(
        kind=read.kind,
        target=read.target,
        features=_used(features, [terms[k] for k in kept]),
        terms=tuple(terms[k] for k in kept),
        normalize=normalize,
        center=center,
        scale=scale,
        coefficients=coefficients,
        intercepts=np.atleast_1d(np.asarray(estimator.intercept_, np.float64)),
        missing=missing,
        training={
            **facts,
            "solver": "gradient_descent",
            "iterations": int(estimator.n_iter_),
            "converged": bool(estimator.status_.converged),
            "status": str(estimator.status_.text),
            "cost": float(estimator.cost_),
            "penalty_C": float(estimator.C) if read.kind == "logistic" else None,
        },
    )
    constant = tuple(str(term) for term, varied in zip(terms, varies, strict=True) if not varied)
    return Fitted(model, estimator, _way(estimator), _arrival(estimator, read), constant, rows)


def _refuse_what_overflows(columns: NDArray[np.float64], names: Sequence[str]) -> None:
    """Refuse columns whose sum of squares, or whose mean or spread, is beyond what a float can hold."""
    largest = math.sqrt(sys.float_info.max / len(columns)) / 2
    for place, name in enumerate(names):
        if not np.abs(columns[:, place]).max() < largest:  # NaN is not less either
            raise DataError(
                message(
                    'column "{column}": its numbers are too large, or too near each other, for sums of their squares; '
                    "divide or multiply the column first, or leave it out",
                    column=name,
                )
            )


def _normalizer(
    matrix: NDArray[np.float64], kept: NDArray[np.intp], normalize: Normalizer
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if normalize == "none":
        return np.zeros(len(kept)), np.ones(len(kept))
    from workings.subjects.normalization import column_moments

    moments = column_moments(matrix)
    if normalize == "min-max":
        low, high = moments.minimum[kept], moments.maximum[kept]
        return low, high - low
    return moments.mean[kept], np.sqrt(moments.variance()[kept])


def _questions(read: ReadTarget, values: NDArray[Any]) -> NDArray[Any]:
    """Return what the estimator is asked: the numbers, the places of the classes, or of two 1 for the positive one."""
    if len(read.target.classes) != 2:
        return values
    positive = [label == read.target.positive for label in read.target.classes]
    return (values == positive.index(True)).astype(np.intp)


def _descend(read: ReadTarget, rows: Rows) -> Any:
    from workings.subjects.regression.estimators import LinearRegression, LogisticRegression

    estimator = LinearRegression if read.kind == "linear" else LogisticRegression
    return estimator(solver="gradient_descent").fit(rows.X, rows.y, sample_weight=rows.weight)


def _used(features: Sequence[Feature], terms: Sequence[Term]) -> tuple[Feature, ...]:
    """Return the features of which some term is used: a prediction needs no others."""
    names = {term.feature for term in terms}
    return tuple(feature for feature in features if feature.name in names)


def _way(estimator: Any) -> Descent:
    """Return every iteration's cost and slope; which of them a picture shows is the picture's to choose."""
    history = estimator.history_
    return Descent(
        iterations=range(len(history.cost)),
        cost=history.cost.tolist(),
        gradient=history.gradient_norm.tolist(),
        optimum=None,
        converged=bool(estimator.status_.converged),
        status=estimator.status_.text,
    )


def _arrival(estimator: Any, read: ReadTarget) -> Message:
    if read.kind == "logistic":
        return message(
            "Gradient descent on the log-loss with the penalty |w|²/(2C), C = {C}: {status}.",
            C=f"{estimator.C:g}",
            status=estimator.status_.text,
        )
    return message("Gradient descent on the squared errors: {status}.", status=estimator.status_.text)
