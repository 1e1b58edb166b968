"""A fitted model as a file can hold it: plain numbers and names, enough to predict with and nothing that runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workings.arrays.blas import rows_product
from workings.study.features import Feature, FeatureKind, Term, design_matrix, terms_of
from workings.study.labels import Label
from workings.working import Explainable

__all__ = ["Model", "ModelKind", "Normalizer", "Target"]

ModelKind = Literal["linear", "logistic"]
Normalizer = Literal["z-score", "min-max", "none"]


@dataclass(frozen=True)
class Target:
    """What the model predicts.

    Attributes
    ----------
    name, kind
        The column and what it holds.
    classes
        Its values, in order; empty where the model predicts a number.
    positive
        Of two classes, the one whose probability the model gives; None otherwise.
    """

    name: str
    kind: FeatureKind
    classes: tuple[Label, ...] = ()
    positive: Label | None = None


@dataclass(frozen=True, eq=False)
class Model(Explainable):
    """A linear or logistic model of a table's columns.

    With x the p terms of a row (see :mod:`workings.study.features`), their centre c and scale s from the training rows,
    weights w and intercept b::

        score = b + sum over j of w_j (x_j - c_j) / s_j

    A linear model predicts the score. A logistic model of two classes gives the probability 1 / (1 + exp(-score)) of
    the positive one, and decides for it from ``threshold`` on. With three classes and more there is a score a class
    (*one-vs-rest*): its sigmoids are divided by their sum, and the class with the largest is predicted.

    Attributes
    ----------
    kind
        "linear" or "logistic".
    target, features
        What is predicted, and from which columns.
    terms
        The columns of the design matrix that the model uses, p of them: those that were constant are left out.
    normalize, center, scale
        How terms are normalised: shape (p,) each.
    coefficients, intercepts
        Shapes (k, p) and (k,): k is the number of classes from three on, else 1.
    threshold
        From which probability on the decision is the positive class.
    missing
        "fill" (each feature's ``fill`` stands in) or "drop" (a row with a missing value gets no prediction).
    training
        Facts about the fit, for the reader: rows, iterations, cost, seed and so on.
    """

    kind: ModelKind
    target: Target
    features: tuple[Feature, ...]
    terms: tuple[Term, ...]
    normalize: Normalizer
    center: NDArray[np.float64]
    scale: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    threshold: float = 0.5
    missing: Literal["fill", "drop"] = "fill"
    training: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def positive(self) -> Label:
        """The class whose probability a model of two classes gives (of more: the last, which means nothing)."""
        return self.target.classes[-1] if self.target.positive is None else self.target.positive

    def normalized(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the model's terms of a design matrix of ``features``, normalised, shape (rows, p)."""
        place = {term: k for k, term in enumerate(terms_of(self.features))}
        kept = [place[term] for term in self.terms]
        normalized = np.empty((len(matrix), len(kept)))
        for column, term in enumerate(kept):
            normalized[:, column] = (matrix[:, term] - self.center[column]) / self.scale[column]
        return normalized

    def scores(self, columns: Any, *, first_row: int = 1) -> NDArray[np.float64]:
        """Return the score of each row of an Arrow table or batch, shape (rows, k); NaN where a value is missing."""
        terms = self.normalized(design_matrix(self.features, columns, first_row=first_row))
        return rows_product(terms, self.coefficients.T) + self.intercepts

    def probabilities(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of the positive class (rows, 1), or of each class (rows, k), from the scores."""
        from workings.subjects.sigmoid import sigmoid

        each = np.asarray(sigmoid(scores), np.float64)
        if each.shape[1] == 1:
            return each
        total = each.sum(axis=1, keepdims=True)
        # All k sigmoids underflow to 0 only below scores of about -745: there each class is as likely as any other.
        return np.divide(each, total, out=np.full_like(each, 1 / each.shape[1]), where=total != 0)

    def decisions(self, probabilities: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return the place in ``target.classes`` of the class decided for, -1 where there is no probability."""
        undecided = np.isnan(probabilities.sum(axis=1))
        if probabilities.shape[1] > 1:
            places = np.argmax(np.where(undecided[:, None], 0.0, probabilities), axis=1)
        else:
            yes = list(self.target.classes).index(self.positive)
            places = np.where(probabilities[:, 0] >= self.threshold, yes, 1 - yes)
        return np.where(undecided, -1, places).astype(np.intp)
