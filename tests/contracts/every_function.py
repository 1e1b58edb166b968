"""One call of every public function and estimator that computes, large enough for compiled loops and the thread pool.

The data are made once and never written to, so that the calls may run in any order and all at once. What a call gives
is taken down to its bits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

import numpy as np
import pyarrow as pa
from scipy import stats

import workings as wk

__all__ = ["CALLS", "DATA", "NOT_CALLED", "bits"]

ROWS = 300_000


@dataclass(frozen=True)
class Data:
    """What the calls are given."""

    @cached_property
    def scores(self) -> np.ndarray:
        return np.random.default_rng(1).normal(size=ROWS) * 3

    @cached_property
    def probabilities(self) -> np.ndarray:
        return np.random.default_rng(2).uniform(size=ROWS)

    @cached_property
    def labels(self) -> np.ndarray:
        return (self.scores + np.random.default_rng(3).normal(size=ROWS) * 4 > 1).astype(np.int64)

    @cached_property
    def weights(self) -> np.ndarray:
        return np.random.default_rng(4).uniform(0.5, 2.0, ROWS)

    @cached_property
    def table(self) -> np.ndarray:
        return np.random.default_rng(5).normal(size=(40_000, 8)) * np.logspace(-3, 3, 8) + 5

    @cached_property
    def target(self) -> np.ndarray:
        X = self.table / np.logspace(-3, 3, 8)
        return X @ np.arange(1.0, 9.0) + np.random.default_rng(6).normal(size=len(X))

    @cached_property
    def image(self) -> np.ndarray:
        return np.random.default_rng(7).normal(size=(300, 400))

    @cached_property
    def images(self) -> np.ndarray:
        return np.random.default_rng(8).normal(size=(2, 3, 64, 64)).astype(np.float32)

    @cached_property
    def filters(self) -> np.ndarray:
        return np.random.default_rng(9).normal(size=(8, 3, 3, 3)).astype(np.float32)

    @cached_property
    def columns(self) -> pa.Table:
        rows = slice(0, 20_000)
        columns = {
            "label": self.labels[rows],
            "score": self.probabilities[rows],
            "other": self.scores[rows],
            "x": self.table[rows, 0],
            "z": self.table[rows, 1],
            "y": self.target[rows],
        }
        return pa.table(columns)


DATA = Data()


def _fitted(model: Any) -> tuple[Any, ...]:
    y = DATA.labels[: len(DATA.table)] if isinstance(model, wk.LogisticRegression) else DATA.target
    model.fit(DATA.table, y)
    return model.coef_, model.intercept_, model.predict(DATA.table[:1000])


def _standardised() -> tuple[Any, ...]:
    first, rest = np.array_split(DATA.table, 2)
    scaler = wk.StandardScaler().fit(first).merge(wk.StandardScaler().partial_fit(rest))
    return scaler.mean_, scaler.var_, scaler.transform(DATA.table), scaler.inverse_transform(DATA.table)


def _stretched() -> tuple[Any, ...]:
    scaler = wk.MinMaxScaler((-1, 1)).fit(DATA.table)
    return scaler.data_min_, scaler.data_max_, scaler.transform(DATA.table)


def _roc_curve() -> tuple[Any, ...]:
    curve = wk.roc_curve(DATA.labels, DATA.scores)
    best = curve.best_threshold()
    return curve.fpr, curve.tpr, curve.auc, curve.auc_interval(), curve.partial_auc(0.3), best.threshold


def _compared() -> tuple[Any, ...]:
    found = wk.compare_auc(DATA.labels, DATA.scores, DATA.probabilities)
    return found.difference, found.z, found.p_value


def _family() -> tuple[Any, ...]:
    found = wk.integrate_family(lambda x, w: np.cos(w * x) * np.exp(-(x**2)), 0, 10, np.linspace(0, 40, 300))
    return found.value, found.error


def _evaluated() -> Mapping[str, Any]:
    return wk.evaluate(DATA.columns, label="label", score="score", compare="other").metrics


def _predicted() -> Any:
    study = wk.fit(DATA.columns, target="y", features=["x", "z"])
    table = wk.predict(study, DATA.columns).predictions
    assert table is not None
    return study.metrics, [column.to_numpy() for column in table.columns if pa.types.is_floating(column.type)]


def _descended() -> tuple[Any, ...]:
    found = wk.gradient_descent("mean((w*x + b - y)^2)", {"w": 0.0, "b": 0.0}, data=DATA.columns, max_iter=50, tol=0.0)
    return dict(found.minimum), found.cost


def _integral(found: Any) -> tuple[Any, ...]:
    return found.value, found.error, found.evaluations


def _at(found: Any) -> Any:
    return found.text()


# Every public name that computes, and calls of it.
CALLS: dict[str, Sequence[Callable[[], Any]]] = {
    "sigmoid": [lambda: wk.sigmoid(DATA.scores), lambda: wk.sigmoid(DATA.scores.astype(np.float32))],
    "log_sigmoid": [lambda: wk.log_sigmoid(DATA.scores)],
    "sigmoid_derivative": [lambda: wk.sigmoid_derivative(DATA.scores)],
    "logit": [lambda: wk.logit(DATA.probabilities)],
    "min_max_normalize": [lambda: wk.min_max_normalize(DATA.table, (-1, 1)), lambda: wk.min_max_normalize(DATA.image)],
    "z_score_normalize": [lambda: wk.z_score_normalize(DATA.table), lambda: wk.z_score_normalize(DATA.image, axis=1)],
    "StandardScaler": [_standardised],
    "MinMaxScaler": [_stretched],
    "convolve": [
        lambda: wk.convolve(DATA.scores, DATA.weights[:31]),
        lambda: wk.convolve(DATA.image, DATA.image[:5, :5], "same"),
        lambda: wk.convolve(DATA.labels, DATA.labels[:50]),
        lambda: wk.convolve(DATA.scores, DATA.weights[:4001]),
    ],
    "correlate": [lambda: wk.correlate(DATA.scores.astype(np.complex64), 1j * DATA.weights[:9].astype(np.float32))],
    "fftconvolve": [lambda: wk.fftconvolve(DATA.image, DATA.image[:50, :50])],
    "oaconvolve": [lambda: wk.oaconvolve(DATA.scores, DATA.weights[:500])],
    "conv2d": [lambda: wk.conv2d(DATA.images, DATA.filters, padding=1)],
    "convolve_functions": [lambda: wk.convolve_functions("exp(-x^2)", "exp(-abs(x))", np.linspace(-2, 2, 9))],
    "filters": [lambda: wk.filters.gaussian(9, 1.5), wk.filters.sobel_x],
    "confusion_matrix": [
        lambda: wk.confusion_matrix(DATA.labels, (DATA.scores > 0).astype(np.int64)).counts,
        lambda: wk.confusion_matrix(DATA.labels, DATA.labels[::-1], sample_weight=DATA.weights).counts,
    ],
    "threshold_table": [lambda: wk.threshold_table(DATA.labels, DATA.scores, (-1.0, 0.0, 2.0)).tp],
    "roc_curve": [_roc_curve],
    "roc_auc_score": [
        lambda: wk.roc_auc_score(DATA.labels, DATA.scores),
        lambda: wk.roc_auc_score(DATA.labels, DATA.scores, sample_weight=DATA.weights),
    ],
    "precision_recall_curve": [lambda: tuple(wk.precision_recall_curve(DATA.labels, DATA.scores))],
    "average_precision_score": [lambda: wk.average_precision_score(DATA.labels, DATA.scores)],
    "compare_auc": [_compared],
    "auc": [lambda: wk.auc(np.arange(float(ROWS)), DATA.scores)],
    "trapezoid": [lambda: wk.trapezoid(DATA.scores, dx=0.1)],
    "simpson": [lambda: wk.simpson(DATA.image, dx=0.1)],
    "cumulative_trapezoid": [lambda: wk.cumulative_trapezoid(DATA.scores, initial=0)],
    "riemann_sum": [lambda: wk.riemann_sum("sin(x)^2", 0, 3, 100_000, "midpoint")],
    "integrate": [
        lambda: _integral(wk.integrate("exp(-x^2)", -np.inf, np.inf)),
        lambda: _integral(wk.integrate(lambda t: np.cos(30 * t) * np.exp(-t), 0, 10)),
    ],
    "integrate_family": [_family],
    "integrate_box": [lambda: _integral(wk.integrate_box("exp(-x^2 - y^2)", [-1, -1], [1, 1]))],
    "expectation": [lambda: _integral(wk.expectation("x^2", stats.norm(1, 2)))],
    "formula": [lambda: wk.formula("a*x^2 + sin(x)/(1 + x^2)")(a=DATA.weights, x=DATA.scores)],
    "differentiate": [
        lambda: _at(wk.differentiate("sin(x)^3*exp(-x)", "x", "x")),
        lambda: wk.differentiate("sin(x)^3*exp(-x)", "x")(x=DATA.probabilities),
    ],
    "gradient": [lambda: {name: each.text() for name, each in wk.gradient("x^2*y + log(x)").items()}],
    "jacobian": [lambda: wk.jacobian(["x*y", "sin(x) + y"])(x=1.5, y=2.5)],
    "hessian": [lambda: wk.hessian("x^2*y + exp(x*y)")(x=0.5, y=0.25)],
    "directional_derivative": [lambda: _at(wk.directional_derivative("x^2*y", {"x": 0.6, "y": 0.8}))],
    "value_and_gradient": [lambda: wk.value_and_gradient("log(1 + exp(-a*x))")(DATA.weights, DATA.scores)],
    "LinearRegression": [
        lambda: _fitted(wk.LinearRegression()),
        lambda: _fitted(wk.LinearRegression(solver="gradient_descent", max_iter=100)),
    ],
    "LogisticRegression": [
        lambda: _fitted(wk.LogisticRegression()),
        lambda: _fitted(wk.LogisticRegression(solver="gradient_descent", max_iter=20)),
    ],
    "gradient_descent": [_descended],
    "fit_formula": [lambda: dict(wk.fit_formula("A*x + B", "y", DATA.columns, start={"A": 0.0, "B": 0.0}).parameters)],
    "evaluate": [_evaluated],
    "fit": [lambda: wk.fit(DATA.columns, target="label", features=["score", "other"]).metrics],
    "predict": [_predicted],
    "explain": [
        lambda: wk.explain(wk.sigmoid, 2.197).to_text(),
        lambda: wk.explain(wk.roc_curve, [0, 1, 1], [0.1, 0.7, 0.4]).to_text(),
    ],
    "plot": [lambda: wk.plot(wk.sigmoid, [-1.0, 2.0]).to_dict()],
}

# The public names without a call of their own.
NOT_CALLED = {
    "AucComparison": "what compare_auc gives",
    "ConfusionMatrix": "what confusion_matrix gives",
    "Descent": "what gradient_descent gives",
    "Formula": "what formula gives",
    "FormulaFit": "what fit_formula gives",
    "Integral": "what integrate gives",
    "IntegralFamily": "what integrate_family gives",
    "RocCurve": "what roc_curve gives",
    "Study": "what evaluate, fit and predict give",
    "practise": "asks about what the others compute; it is tried in tests/working",
    "datasets": "computes nothing: a sample as it is written down",
    "set_language": "computes nothing, and sets the language of the whole process",
}


def bits(value: Any) -> Any:
    """Return a result as nested tuples of text and numbers, which are equal only if every bit is."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, sha256(value.tobytes()).hexdigest()
    if isinstance(value, Mapping):
        return tuple((str(key), bits(each)) for key, each in value.items())
    if isinstance(value, (tuple, list)):
        return tuple(bits(each) for each in value)
    if isinstance(value, np.generic):
        return value.dtype.str, value.tobytes()
    if isinstance(value, float):
        return value.hex()
    if value is None or isinstance(value, (int, str)):
        return value
    raise TypeError(f"{type(value)} has no bits to compare")
