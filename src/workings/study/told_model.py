"""A fitted model, told: what becomes of a row on its way to a prediction; and of one row, with its own numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workings.data import open_table
from workings.errors import InputError
from workings.expression import Node, equation, indexed, sigmoid, symbol, total
from workings.language import Message, message
from workings.study.features import Feature, design_matrix, terms_of
from workings.study.labels import show_label
from workings.study.model import Model
from workings.subjects.regression.explain_prediction import tell_decision
from workings.working import Derivation, Derived, Rule, Table, Working, shown

__all__ = ["explain_model"]

Array = NDArray[np.float64]

# So many terms have a row, those that weigh most first.
_MOST_TERMS = 20
_TYPES = {"number": pa.float64(), "boolean": pa.bool_(), "date": pa.timestamp("us"), "text": pa.string()}
j = symbol("j")
_X, _Z, _W = indexed("x", j), indexed("z", j), indexed("w", j)


def explain_model(model: Model, source: Any = None) -> Working:
    """Return how a model makes a prediction of a row.

    ``at(row=17)`` tells one prediction of ``source`` (the first row is row 0); ``at(area=120, district="Mapo")`` that
    of these values, by the model's columns.

    Parameters
    ----------
    model
        The model.
    source
        The table whose rows are asked about, as in :func:`predict`.
    """
    w = Derivation("study", message("How does the model predict {target}?", target=model.target.name))
    _define(w, model)
    several = len(model.coefficients) > 1
    weights = model.coefficients[0] if not several else np.abs(model.coefficients).max(axis=0)
    order = np.argsort(-np.abs(weights), kind="stable")[:_MOST_TERMS].tolist()
    count = len(model.terms)
    if not several:
        c, s, weight = symbol("c"), symbol("s"), symbol("w")
        per_unit = equation(symbol("u"), weight / s)
        rows = tuple(
            (
                str(model.terms[k]),
                float(model.center[k]),
                float(model.scale[k]),
                float(weights[k]),
                float(weights[k] / model.scale[k]),
            )
            for k in order
        )
        w.table(
            "terms",
            Table((message("Term"), c, s, weight, per_unit), rows, total=count if len(rows) < count else None),
            title=message("The terms, those that weigh most first"),
            note=message(
                "c and s are the centre and the scale that were learnt from the training rows, w the coefficient of "
                "the normalised column, u what one unit of the column itself adds to the score."
            ),
        )
    w.conclude(
        message(
            "A model of {terms} {terms:column|columns}: .at(row=0) of explain(model, table) or .at({name}=...) works "
            "one prediction.",
            terms=count,
            name=model.features[0].name,
        )
    )
    return w.build(more=_closer(model, source))


def _define(w: Derivation, model: Model) -> None:
    several, q, b = len(model.coefficients) > 1, symbol("q"), symbol("b")
    column = _X if model.normalize == "none" else _Z
    if model.normalize != "none":
        w.define("normalised", equation(_Z, _normalised()), title=message("Each column normalised"))
    weight = indexed("w", symbol("k"), j) if several else _W
    score = indexed(q, symbol("k")) if several else q
    intercept = indexed(b, symbol("k")) if several else b
    rule = equation(score, intercept + total(weight * column, j, 1, symbol("p")))
    w.define("score_rule", rule, title=message("The score of a class") if several else message("The score"))
    if model.kind == "linear":
        w.note(message("The score is the prediction."))
    elif not several:
        w.define("model", equation(symbol("P"), sigmoid(q)), title=message("The probability"))
        w.note(
            message(
                "From a probability of {threshold} on the decision is {label}.",
                threshold=shown(model.threshold),
                label=show_label(model.positive),
            )
        )
    else:
        of_all = total(sigmoid(indexed(q, symbol("l"))), symbol("l"), 1, symbol("K"))
        share = equation(indexed("P", symbol("k")), sigmoid(indexed(q, symbol("k"))) / of_all)
        w.define("model", share, title=message("The probability of a class"))
        w.note(message("The class with the largest probability is predicted."))


def _normalised() -> Node:
    return (_X - indexed("c", j)) / indexed("s", j)


def _closer(model: Model, source: Any) -> Callable[..., Working]:
    def closer(**where: Any) -> Working:
        names = [feature.name for feature in model.features]
        if set(where) == {"row"} and "row" not in names:
            return _Row(model, _row_of(model, source, where["row"])).told(
                message("What is predicted for row {row}, counted from 1?", row=where["row"] + 1)
            )
        unknown = [name for name in where if name not in names]
        if unknown or not where:
            raise InputError(
                message(
                    "at: row, or values of the model's columns {names}, must be given; got {got}",
                    names=", ".join(names[:12]),
                    got=", ".join(unknown) or message("none"),
                )
            )
        return _Row(model, _row_from(model.features, where)).told(
            message("What is predicted for {target} from these values?", target=model.target.name)
        )

    return closer


def _row_of(model: Model, source: Any, row: Any) -> Any:
    if source is None:
        raise InputError(
            message("at: a row is one of a table, which must be given; try explain(model, table).at(row=0)")
        )
    if not isinstance(row, int | np.integer) or isinstance(row, bool) or row < 0:
        raise InputError(message("at: row must be a whole number from 0 on; got {got}", got=repr(row)))
    first = 0
    with open_table(source) as rows:
        for batch in rows.select([feature.name for feature in model.features]).batches():
            if row < first + batch.num_rows:
                return batch.slice(row - first, 1)
            first += batch.num_rows
    raise InputError(message("at: row must be a whole number from 0 to {last}; got {got}", last=first - 1, got=row))


def _row_from(features: tuple[Feature, ...], values: Mapping[str, Any]) -> Any:
    arrays: list[Any] = []
    for feature in features:
        try:
            arrays.append(pa.array([values.get(feature.name)], _TYPES[feature.kind]))
        except (pa.ArrowInvalid, pa.ArrowTypeError) as cause:
            raise InputError(
                message(
                    "at: {name} must be of the kind of the model's column; got {got}",
                    name=feature.name,
                    got=repr(values[feature.name]),
                )
            ) from cause
    return pa.RecordBatch.from_arrays(arrays, names=[feature.name for feature in features])


class _Row:
    """One row on its way to a prediction."""

    def __init__(self, model: Model, batch: Any) -> None:
        self.model = model
        matrix = design_matrix(model.features, batch)
        place = {term: k for k, term in enumerate(terms_of(model.features))}
        self.x: Array = matrix[0, [place[term] for term in model.terms]]
        if np.isnan(self.x).any():
            missing = [str(term) for term, value in zip(model.terms, self.x.tolist(), strict=True) if math.isnan(value)]
            raise InputError(
                message("at: every column of the model must have a value; {names} has none", names=", ".join(missing))
            )
        self.scores: Array = model.scores(batch)[0]

    def told(self, question: Message) -> Working:
        """Tell it."""
        model, several = self.model, len(self.model.coefficients) > 1
        w = Derivation("study", question)
        w.given("p", len(model.terms), message("the number of columns"))
        w.given("x", self.x, message("the row's values"))
        if model.normalize != "none":
            w.given("c", model.center, message("the centre of each column"))
            w.given("s", model.scale, message("the scale of each column"))
            w.define("normalised", equation(_Z, _normalised()), title=message("Each column normalised"))
        w.given("w", model.coefficients if several else model.coefficients[0], message("the coefficients"))
        w.given("b", model.intercepts if several else float(model.intercepts[0]), message("the intercept"))
        if several:
            self._classes(w)
            return w.build()
        self._products(w)
        q, value = symbol("q"), float(self.scores[0])
        self._score(w, "score", (q, symbol("b"), _W), value, message("The score"))
        if model.kind == "linear":
            w.conclude(message("{guess} is predicted.", guess=shown(value)))
        else:
            tell_decision(w, q, value, model.threshold, show_label(model.positive), probability=symbol("P"))
        return w.build()

    def _column(self) -> Node:
        return _X if self.model.normalize == "none" else _normalised()

    def _score(self, w: Derivation, key: str, line: tuple[Node, Node, Node], value: float, title: Message) -> None:
        """Add a score, which is an intercept and the columns with their weights."""
        left, intercept, weight = line
        model = self.model
        z = (self.x - model.center) / model.scale
        size = float(np.abs(model.coefficients).max(axis=0) @ np.abs(z)) + float(np.abs(model.intercepts).max())
        body = intercept + total(weight * self._column(), j, 1, symbol("p"))
        w.line(key, equation(left, body), value, title=title, rule=Rule.SUM, absolute=1e-13 * size)

    def _products(self, w: Derivation) -> None:
        model = self.model
        z = (self.x - model.center) / model.scale
        weights = model.coefficients[0]
        order = np.argsort(-np.abs(weights * z), kind="stable")[:_MOST_TERMS].tolist()
        plain = model.normalize == "none"
        rows: list[tuple[Any, ...]] = []
        for k in order:
            at = k + 1
            x, column = indexed("x", at), indexed("z", at)
            normal = (
                Derived(float(z[k]), equation(column, (x - indexed("c", at)) / indexed("s", at))) if not plain else 0
            )
            product = indexed("w", at) * (x if plain else (x - indexed("c", at)) / indexed("s", at))
            cells = [str(model.terms[k]), Derived(float(self.x[k]), x)]
            cells += [] if plain else [normal]
            rows.append(
                (*cells, Derived(float(weights[k]), indexed("w", at)), Derived(float(weights[k] * z[k]), product))
            )
        heads = (message("Term"), _X, *(() if plain else (_Z,)), _W, _W * (_X if plain else _Z))
        count = len(model.terms)
        w.table(
            "products",
            Table(heads, tuple(rows), total=count if len(rows) < count else None),
            title=message("Value times coefficient, the largest first"),
        )

    def _classes(self, w: Derivation) -> None:
        model = self.model
        labels = [show_label(label) for label in model.target.classes]
        for k, (label, value) in enumerate(zip(labels, self.scores.tolist(), strict=True), start=1):
            left, title = indexed("q", k), message("The score of {label}", label=label)
            self._score(w, f"score_{k}", (left, indexed("b", k), indexed("w", k, j)), value, title)
        each = 1.0 / (1.0 + np.exp(-self.scores))
        parts: Node = sigmoid(indexed("q", 1))
        for k in range(2, len(labels) + 1):
            parts = parts + sigmoid(indexed("q", k))
        T = symbol("T")
        w.line("sum", equation(T, parts), title=message("The sigmoids added up"), rule=Rule.SUM)
        found = model.probabilities(self.scores[None])[0]
        rows = tuple(
            (
                label,
                Derived(float(self.scores[k]), indexed("q", k + 1), 1e-12 * (1.0 + abs(float(self.scores[k])))),
                Derived(float(each[k]), sigmoid(indexed("q", k + 1)), 1e-12),
                Derived(float(found[k]), sigmoid(indexed("q", k + 1)) / T, 1e-12),
            )
            for k, label in enumerate(labels)
        )
        k = symbol("k")
        heads = (message("class"), indexed("q", k), sigmoid(indexed("q", k)), indexed("P", k))
        w.table("classes", Table(heads, rows), title=message("The probability of each class"))
        best = int(np.argmax(found))
        w.conclude(
            message("{label} is predicted, with the probability {p}.", label=labels[best], p=shown(float(found[best])))
        )
