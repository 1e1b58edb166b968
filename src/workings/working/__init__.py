"""What a worked explanation is: steps built from expressions, checked line by line, rendered anywhere."""

from workings.working.derive import Derivation
from workings.working.digits import (
    clear_of_rounding,
    digits_known,
    half_unit,
    read,
    rounded_up,
    rounding,
    shown,
    told_as,
)
from workings.working.explainable import Explainable
from workings.working.model import Convention, Derived, Input, InputSummary, Place, Step, Table, Working
from workings.working.practice import Practice, practise
from workings.working.registry import explain, explainer, plot, plotter
from workings.working.render_html import STYLE, step_to_html, steps_to_html
from workings.working.rule import Rule
from workings.working.values import Scope
from workings.working.verification import LineCheck, Verification

__all__ = [
    "STYLE",
    "Convention",
    "Derivation",
    "Derived",
    "Explainable",
    "Input",
    "InputSummary",
    "LineCheck",
    "Place",
    "Practice",
    "Rule",
    "Scope",
    "Step",
    "Table",
    "Verification",
    "Working",
    "clear_of_rounding",
    "digits_known",
    "explain",
    "explainer",
    "half_unit",
    "plot",
    "plotter",
    "practise",
    "read",
    "rounded_up",
    "rounding",
    "shown",
    "step_to_html",
    "steps_to_html",
    "told_as",
]
