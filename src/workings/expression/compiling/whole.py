"""A plan as one Python function of small arrays, each value held whole and in its own shape; NumPy broadcasts.

For arrays of a few thousand elements what counts is how few calls are made. The source is written from the steps as
that of the function of numbers is: with names of ours only, one assignment a step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from workings.expression.compiling.forms import array_form
from workings.expression.compiling.plan import Plan
from workings.expression.compiling.program import AGGREGATES
from workings.expression.compiling.sums import accurate_sum

__all__ = ["Whole", "whole_function"]

Whole = Callable[[list[Any], int], list[Any]]
"""A function of the arguments, float64 numbers and arrays, and the number of rows; it returns the outputs."""

LONGEST = 4_000
"""Longer programs are played step by step: Python takes 10 ms to compile a thousand lines."""

# What Python's own signs do on NumPy's numbers and arrays, without the search for a function.
_SIGNS = {
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "divide": "{0} / {1}",
    "negate": "-{0}",
    "equal": "{0} == {1}",
    "different": "{0} != {1}",
    "less": "{0} < {1}",
    "at_most": "{0} <= {1}",
    "greater": "{0} > {1}",
    "at_least": "{0} >= {1}",
    "both": "{0} & {1}",
    "either": "{0} | {1}",
    "negation": "~{0}",
}


def whole_function(plan: Plan) -> Whole:
    """Return the function that computes a plan's outputs."""
    # The steps that the outputs need; they stand after their arguments already.
    order = sorted({k for stage in plan.stages for k in (*stage.uniform, *stage.elementwise, *stage.aggregates)})
    formula = _written(plan, order) if len(order) <= LONGEST else _step_by_step(plan, order)

    def quiet(values: list[Any], rows: int) -> list[Any]:
        with np.errstate(all="ignore"):
            return formula(values, rows)

    return quiet


def _written(plan: Plan, order: list[int]) -> Whole:
    names: dict[str, Any] = {"mean": _mean, "sum": _sum}
    lines = ["def formula(values, rows):"]
    for k in order:
        name, args, number = plan.program.steps[k]
        cells = [f"t{arg}" for arg in args]
        if name == "argument":
            lines.append(f"    t{k} = values[{int(number)}]")
        elif name == "number":
            names[f"t{k}"] = np.float64(number)
        elif name in AGGREGATES and not plan.elementwise[args[0]]:  # what every row has alike needs no sum
            lines.append(f"    t{k} = {cells[0]}" + (" * rows" if name == "sum" else ""))
        elif name in AGGREGATES:
            lines.append(f"    t{k} = {name}({cells[0]})")
        elif name in _SIGNS:
            lines.append(f"    t{k} = {_SIGNS[name].format(*cells)}")
        else:
            names[f"f{k}"] = array_form(name, number)
            lines.append(f"    t{k} = f{k}({', '.join(cells)})")
    lines.append(f"    return [{', '.join(f't{k}' for k in plan.program.outputs)}]")
    exec(compile("\n".join(lines), "<compiled formula>", "exec"), names)  # noqa: S102 -- our source, with our names
    return names["formula"]


def _step_by_step(plan: Plan, order: list[int]) -> Whole:
    def formula(values: list[Any], rows: int) -> list[Any]:
        known: dict[int, Any] = {}
        for k in order:
            name, args, number = plan.program.steps[k]
            if name == "argument":
                known[k] = values[int(number)]
            elif name == "number":
                known[k] = np.float64(number)
            elif name in AGGREGATES and not plan.elementwise[args[0]]:
                known[k] = known[args[0]] * (rows if name == "sum" else 1)
            elif name in AGGREGATES:
                known[k] = (_sum if name == "sum" else _mean)(known[args[0]])
            else:
                known[k] = array_form(name, number)(*[known[arg] for arg in args])
        return [known[k] for k in plan.program.outputs]

    return formula


def _sum(values: Any) -> np.float64:
    return np.float64(accurate_sum(values))


def _mean(values: Any) -> np.float64:
    return np.float64(accurate_sum(values) / values.size) if values.size else np.float64(np.nan)
