"""A program as one Python function of numbers: a formula at a point costs what the same costs typed by hand.

The source is written from the steps, with names of ours only (x0, x1, ... for the arguments, t0, t1, ... for the
steps), one assignment a step, so that no formula is too deep for Python's parser. Python raises where IEEE 754 goes on
(1/0, log(0), exp(1000)): there, and only there, the steps are played again one by one with NumPy's numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from workings.expression.compiling.forms import array_form
from workings.expression.compiling.program import Program, Step

__all__ = ["LONGEST", "NotNumbersError", "scalar_function"]

LONGEST = 4_000
"""Programs of more steps are played step by step: Python takes 10 ms to compile a thousand lines."""

_FORMS = {
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "divide": "{0} / {1}",
    "negate": "-{0}",
    "absolute": "abs({0})",
    "power": "pow({0}, {1})",
    "where": "{1} if {0} else {2}",
    # Written so that NaN on either side is the answer.
    "maximum": "{0} if {0} > {1} or {0} != {0} else {1}",
    "minimum": "{0} if {0} < {1} or {0} != {0} else {1}",
    "equal": "{0} == {1}",
    "different": "{0} != {1}",
    "less": "{0} < {1}",
    "at_most": "{0} <= {1}",
    "greater": "{0} > {1}",
    "at_least": "{0} >= {1}",
    "both": "{0} and {1}",
    "either": "{0} or {1}",
    "negation": "not {0}",
    "condition": "{0} != 0.0",
    "iverson": "1.0 if {0} else 0.0",
    "mean": "{0}",
    "relu": "{0} if {0} > 0.0 or {0} != {0} else 0.0",
    # The sign of a zero is NumPy's: +0 of sign(-0), -0 of floor(-0).
    "sign": "1.0 if {0} > 0.0 else -1.0 if {0} < 0.0 else {0} + 0.0",
    "floor": "{0} if {0} == 0.0 else float(floor({0}))",
}
_MATH = (
    *(
        "erf",
        "erfc",
        "floor",
        "sqrt",
        "cbrt",
        "exp",
        "expm1",
        "log",
        "log1p",
        "log2",
        "log10",
        "sin",
        "cos",
        "tan",
        "asin",
        "acos",
        "atan",
    ),
    *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "atan2", "pow"),
)


def _sigmoid(x: float) -> float:
    e = math.exp(-abs(x))
    return (1.0 if x >= 0.0 else e) / (1.0 + e)


def _softplus(x: float) -> float:
    return (x if x > 0.0 else 0.0) + math.log1p(math.exp(-abs(x)))


_NAMES: dict[str, Any] = {
    **{name: getattr(math, name) for name in _MATH},
    "abs": abs,
    "float": float,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
}


class NotNumbersError(TypeError):
    """The arguments are not all numbers: the formula has to be computed for arrays."""


def as_number(value: Any) -> float:
    """Return a real number as a float; an array is for other ways to compute."""
    if type(value) is int or type(value) is bool or isinstance(value, (np.floating, np.integer, np.bool_)):
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    raise NotNumbersError


def scalar_function(program: Program) -> Callable[..., tuple[float, ...]]:
    """Return the function that takes the arguments as numbers and returns the outputs.

    It raises :class:`NotNumbersError` for what is not a float, an integer or a truth value.
    """
    if len(program.steps) > LONGEST or program.has_sum:
        return _step_by_step(program)
    names: dict[str, Any] = {**_NAMES, "number": as_number, "again": _step_by_step(program)}
    values = ", ".join(f"x{k}" for k in range(len(program.arguments)))
    lines = [f"def formula({values}):"]
    lines += [f"    if type(x{k}) is not float: x{k} = number(x{k})" for k in range(len(program.arguments))]
    lines += ["    try:"]
    lines += [f"        {line}" for k, step in enumerate(program.steps) if (line := _line(k, step, program, names))]
    lines += [f"        return ({''.join(f'{_cell(k, program)}, ' for k in program.outputs)})"]
    lines += ["    except (ArithmeticError, ValueError):", f"        return again({values})"]
    exec(compile("\n".join(lines), "<compiled formula>", "exec"), names)  # noqa: S102 -- our source, with our names
    return names["formula"]


def _cell(k: int, program: Program) -> str:
    step = program.steps[k]
    return f"x{int(step.number)}" if step.name == "argument" else f"t{k}"


def _line(k: int, step: Step, program: Program, names: dict[str, Any]) -> str:
    """Return the assignment of one step; a number is a name of its own, so that no digits stand in the source."""
    if step.name == "argument":
        return ""
    if step.name == "number":
        names[f"t{k}"] = step.number
        return ""
    cells = [_cell(arg, program) for arg in step.args]
    if step.name == "whole_power":
        names[f"n{k}"] = step.number
        return f"t{k} = pow({cells[0]}, n{k})"
    if step.name in _FORMS:
        return f"t{k} = {_FORMS[step.name].format(*cells)}"
    if step.name in _NAMES:
        return f"t{k} = {step.name}({', '.join(cells)})"
    names[f"f{k}"] = _quiet(array_form(step.name, step.number))
    return f"t{k} = float(f{k}({', '.join(cells)}))"


def _quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a NumPy function that does not warn."""

    def call(*args: float) -> Any:
        with np.errstate(all="ignore"):
            return function(*args)

    return call


def _step_by_step(program: Program) -> Callable[..., tuple[float, ...]]:
    """Return a function that never raises on undefined mathematics, as NumPy's numbers do not."""

    def formula(*given: Any) -> tuple[float, ...]:
        values = [np.float64(value if type(value) is float else as_number(value)) for value in given]
        if program.has_sum:
            raise NotNumbersError
        cells: list[Any] = []
        with np.errstate(all="ignore"):
            for step in program.steps:
                if step.name == "argument":
                    cells.append(values[int(step.number)])
                elif step.name == "number":
                    cells.append(np.float64(step.number))
                elif step.name == "mean":
                    cells.append(cells[step.args[0]])
                else:
                    cells.append(array_form(step.name, step.number)(*[cells[arg] for arg in step.args]))
        return tuple(float(cells[k]) for k in program.outputs)

    return formula
