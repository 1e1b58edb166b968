"""What a number opens into: the line of the working that gives it, and the lines above that this one rests on."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from workings.errors import WorkingError
from workings.expression import equation, symbol
from workings.language import message
from workings.working import Convention, Rule, Step, Working
from workings.working.put_in import Known, line_with_numbers
from workings.working.render_html import steps_to_html
from workings.working.resting import resting_on

if TYPE_CHECKING:
    from workings.study.page import Place
    from workings.study.results import Study

__all__ = ["opened", "opened_rival", "place_of"]

_SIGNIFICANT = 5


def opened(study: Study, metrics: Iterable[str] = (), places: Iterable[Place] = ()) -> str:
    """Return what numbers that stand together open into, as HTML: the lines that give them, and those they rest on.

    Parameters
    ----------
    study
        Whose numbers they are.
    metrics
        Their names among its metrics.
    places
        Or where they are derived.

    Raises
    ------
    WorkingError
        If one of them is derived nowhere, or a line of its working does not verify.
    """
    keys: dict[str, list[str]] = {}
    for working, step in (*(place_of(study, metric) for metric in metrics), *places):
        keys.setdefault(working, []).append(step)
    lines = (
        steps_to_html(study.workings[name], [step.key for step in resting_on(study.workings[name], wanted)])
        for name, wanted in keys.items()
    )
    return f'<div class="working">{"".join(lines)}</div>'


def opened_rival(working: Working, convention: Convention) -> str:
    """Return what the number of a convention's rival opens into, as HTML; "" where the rival gives none.

    Raises
    ------
    WorkingError
        If a line does not verify.
    """
    statement, value = convention.statement, convention.rival_value
    if statement is None or value is None:
        return ""
    known = Known()
    for given in working.inputs.values():
        known.learn(given.name, given.value)
    for step in working.walk():
        if step.left is not None and step.shown is not None:
            known.learn(step.left, step.value, step.shown)
    substitution, number, exact = line_with_numbers(statement, value, known, _SIGNIFICANT)
    rival, title = symbol("v"), message("What the other habit gives")
    whole, with_numbers = equation(rival, statement), equation(rival, substitution)
    line = Step("rival", title, Rule.EVALUATE, whole, with_numbers, value, number, exact, absolute=1e-15)
    longer = replace(working, steps=(*working.steps, line), result=None, conventions=(), notes=(), checked=None)
    steps = resting_on(longer, ["rival"])
    # Checked with the lines that it rests on, and no others.
    own = replace(longer, steps=steps)
    return f'<div class="working">{steps_to_html(own, [step.key for step in steps])}</div>'


def place_of(study: Study, metric: str) -> Place:
    """Return where a metric is derived; the ends of its interval, such as ``recall_low``, may stand beside it.

    Raises
    ------
    WorkingError
        If it is derived nowhere, or as another number: a report shows none that cannot be opened.
    """
    place = study.places.get(metric) or _beside(study, metric)
    if place is None:
        raise WorkingError(message("report: {metric} is shown, but no line of any working gives it", metric=metric))
    working, key = place
    line, said = study.workings[working].step(key).value, study.metrics.get(metric)
    if line is not None and said is not None and not _same(line, said):
        raise WorkingError(
            message(
                "report: {metric} is shown as {said}, but the line {line} gives {value}",
                metric=metric,
                said=repr(said),
                line=f"{working}/{key}",
                value=repr(line),
            )
        )
    return place


def _beside(study: Study, metric: str) -> Place | None:
    """Return the place of an interval's end in the working of what it is the interval of."""
    whole = metric.removesuffix("_low").removesuffix("_high")
    if whole not in study.places:
        return None
    working, _ = study.places[whole]
    found = any(step.key == metric for step in study.workings[working].walk())
    return (working, metric) if found else None


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9) or (math.isnan(one) and math.isnan(other))
