"""A study and the functions that make one, explained: each part's derivation, the headline's first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workings.errors import InputError
from workings.language import message
from workings.study.account import DataAccount
from workings.study.derivations import explain_fall
from workings.study.evaluation import evaluate
from workings.study.fitting import fit
from workings.study.formula_fitting import fit_formula
from workings.study.model import Model
from workings.study.page import Descent
from workings.study.prediction import predict
from workings.study.results import Study
from workings.study.told_account import explain_account
from workings.study.told_model import explain_model
from workings.working import Working, explainer

__all__ = [
    "explain_data",
    "explain_evaluate",
    "explain_fit",
    "explain_fit_formula",
    "explain_fitted_model",
    "explain_predict",
    "explain_study",
    "explain_way",
]


@explainer(evaluate)
def explain_evaluate(source: Any, **how: Any) -> Working:
    """Return the derivation of what :func:`evaluate` finds; ``.at(part=...)`` gives the other parts."""
    return explain_study(evaluate(source, **how))


@explainer(fit)
def explain_fit(source: Any, **how: Any) -> Working:
    """Return the derivation of what :func:`fit` finds; ``.at(part=...)`` gives the other parts."""
    return explain_study(fit(source, **how))


@explainer(fit_formula)
def explain_fit_formula(model: Any, target: Any, data: Any, /, **how: Any) -> Working:
    """Return the derivation of what :func:`fit_formula` finds."""
    return fit_formula(model, target, data, **how).explain()


@explainer(predict)
def explain_predict(model: Any, source: Any, **how: Any) -> Working:
    """Return the derivation of what :func:`predict` finds."""
    return explain_study(predict(model, source, **how))


@explainer(DataAccount)
def explain_data(account: DataAccount) -> Working:
    """Return which rows the numbers rest on: read, left out, split, filled and encoded."""
    return explain_account(account)


@explainer(Descent)
def explain_way(descent: Descent) -> Working:
    """Return how far a fit's cost fell, in how many steps."""
    return explain_fall(descent)


@explainer(Model)
def explain_fitted_model(model: Model, source: Any = None) -> Working:
    """Return how a model predicts; ``.at(row=17)`` works one row of ``source``, ``.at(area=120)`` these values."""
    return explain_model(model, source)


@explainer(Study)
def explain_study(study: Study, part: str | None = None) -> Working:
    """Return the derivation of the headline, or of another ``part``: a key of ``study.workings``.

    ``study.explain().at(part="confusion")`` is another way to ask for a part.

    Raises
    ------
    InputError
        If the study has no such part; the message lists those that there are.
    """
    if part is None:
        first = study.headline[0].metric if study.headline else "rows_used"
        part = study.places[first][0] if first in study.places else next(iter(study.workings))
    if part not in study.workings:
        raise InputError(
            message(
                "explain: part must be one of {parts}; got {got}",
                parts=", ".join(f'"{key}"' for key in study.workings),
                got=repr(part),
            )
        )
    working = study.workings[part]

    def closer(**where: Any) -> Working:
        return explain_study(study, where["part"]) if "part" in where else working.at(**where)

    return replace(working, more=closer)
