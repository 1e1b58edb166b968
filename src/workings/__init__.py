"""Workings computes the mathematics of machine learning at the speed of the hardware, and shows its work.

Every result can be had three ways, with the same arguments: ``wk.roc_curve(y, score)`` computes,
``wk.explain(wk.roc_curve, y, score)`` derives it line by line with your own numbers, and
``wk.plot(wk.roc_curve, y, score)`` draws it. Names are loaded when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workings.once import room as _room

if TYPE_CHECKING:
    from workings.data import datasets
    from workings.expression.formula import Formula, formula
    from workings.language import set_language
    from workings.study import Study, evaluate, fit, fit_formula, predict
    from workings.subjects.chain_rule import (
        differentiate,
        directional_derivative,
        gradient,
        hessian,
        jacobian,
        value_and_gradient,
    )
    from workings.subjects.confusion import ConfusionMatrix, confusion_matrix, threshold_table
    from workings.subjects.convolution import (
        conv2d,
        convolve,
        convolve_functions,
        correlate,
        fftconvolve,
        filters,
        oaconvolve,
    )
    from workings.subjects.integration import (
        Integral,
        IntegralFamily,
        cumulative_trapezoid,
        expectation,
        integrate,
        integrate_box,
        integrate_family,
        riemann_sum,
        simpson,
        trapezoid,
    )
    from workings.subjects.normalization import min_max_normalize, z_score_normalize
    from workings.subjects.normalization.estimators import MinMaxScaler, StandardScaler
    from workings.subjects.regression import Descent, FormulaFit, gradient_descent
    from workings.subjects.regression.estimators import LinearRegression, LogisticRegression
    from workings.subjects.roc import (
        AucComparison,
        RocCurve,
        auc,
        average_precision_score,
        compare_auc,
        precision_recall_curve,
        roc_auc_score,
        roc_curve,
    )
    from workings.subjects.sigmoid import log_sigmoid, logit, sigmoid, sigmoid_derivative
    from workings.working import explain, plot, practise

__version__ = "0.1.0"

# Each public name and the room that it comes from.
_ROOMS = {
    "AucComparison": "workings.subjects.roc",
    "ConfusionMatrix": "workings.subjects.confusion",
    "Descent": "workings.subjects.regression",
    "Formula": "workings.expression.formula",
    "FormulaFit": "workings.subjects.regression",
    "Integral": "workings.subjects.integration",
    "IntegralFamily": "workings.subjects.integration",
    "LinearRegression": "workings.subjects.regression.estimators",
    "LogisticRegression": "workings.subjects.regression.estimators",
    "MinMaxScaler": "workings.subjects.normalization.estimators",
    "RocCurve": "workings.subjects.roc",
    "StandardScaler": "workings.subjects.normalization.estimators",
    "Study": "workings.study",
    "auc": "workings.subjects.roc",
    "average_precision_score": "workings.subjects.roc",
    "compare_auc": "workings.subjects.roc",
    "confusion_matrix": "workings.subjects.confusion",
    "conv2d": "workings.subjects.convolution",
    "convolve": "workings.subjects.convolution",
    "convolve_functions": "workings.subjects.convolution",
    "correlate": "workings.subjects.convolution",
    "cumulative_trapezoid": "workings.subjects.integration",
    "datasets": "workings.data",
    "differentiate": "workings.subjects.chain_rule",
    "directional_derivative": "workings.subjects.chain_rule",
    "evaluate": "workings.study",
    "expectation": "workings.subjects.integration",
    "explain": "workings.working",
    "fftconvolve": "workings.subjects.convolution",
    "filters": "workings.subjects.convolution",
    "fit": "workings.study",
    "fit_formula": "workings.study",
    "formula": "workings.expression.formula",
    "gradient": "workings.subjects.chain_rule",
    "gradient_descent": "workings.subjects.regression",
    "hessian": "workings.subjects.chain_rule",
    "integrate": "workings.subjects.integration",
    "integrate_box": "workings.subjects.integration",
    "integrate_family": "workings.subjects.integration",
    "jacobian": "workings.subjects.chain_rule",
    "log_sigmoid": "workings.subjects.sigmoid",
    "logit": "workings.subjects.sigmoid",
    "min_max_normalize": "workings.subjects.normalization",
    "oaconvolve": "workings.subjects.convolution",
    "plot": "workings.working",
    "practise": "workings.working",
    "precision_recall_curve": "workings.subjects.roc",
    "predict": "workings.study",
    "riemann_sum": "workings.subjects.integration",
    "roc_auc_score": "workings.subjects.roc",
    "roc_curve": "workings.subjects.roc",
    "set_language": "workings.language",
    "sigmoid": "workings.subjects.sigmoid",
    "sigmoid_derivative": "workings.subjects.sigmoid",
    "simpson": "workings.subjects.integration",
    "threshold_table": "workings.subjects.confusion",
    "trapezoid": "workings.subjects.integration",
    "value_and_gradient": "workings.subjects.chain_rule",
    "z_score_normalize": "workings.subjects.normalization",
}

# Formulas live on a floor that knows no derivations and no pictures: this room has theirs.
_HOSTS = {"workings.expression.formula": "workings.subjects.chain_rule"}

__all__ = [
    "AucComparison",
    "ConfusionMatrix",
    "Descent",
    "Formula",
    "FormulaFit",
    "Integral",
    "IntegralFamily",
    "LinearRegression",
    "LogisticRegression",
    "MinMaxScaler",
    "RocCurve",
    "StandardScaler",
    "Study",
    "auc",
    "average_precision_score",
    "compare_auc",
    "confusion_matrix",
    "conv2d",
    "convolve",
    "convolve_functions",
    "correlate",
    "cumulative_trapezoid",
    "datasets",
    "differentiate",
    "directional_derivative",
    "evaluate",
    "expectation",
    "explain",
    "fftconvolve",
    "filters",
    "fit",
    "fit_formula",
    "formula",
    "gradient",
    "gradient_descent",
    "hessian",
    "integrate",
    "integrate_box",
    "integrate_family",
    "jacobian",
    "log_sigmoid",
    "logit",
    "min_max_normalize",
    "oaconvolve",
    "plot",
    "practise",
    "precision_recall_curve",
    "predict",
    "riemann_sum",
    "roc_auc_score",
    "roc_curve",
    "set_language",
    "sigmoid",
    "sigmoid_derivative",
    "simpson",
    "threshold_table",
    "trapezoid",
    "value_and_gradient",
    "z_score_normalize",
]


def __getattr__(name: str) -> Any:
    place = _ROOMS.get(name)
    if place is None:
        raise AttributeError(f"module 'workings' has no attribute {name!r}")
    value = getattr(_room(place), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
