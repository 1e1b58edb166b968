"""How each step of a program is written in lanes: the table of what can be compiled to machine code."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from workings.expression.compiling.lanes.exponential import (
    cosh,
    exp,
    expm1,
    normal_pdf,
    sigmoid,
    sinh,
    softplus,
    tanh,
)
from workings.expression.compiling.lanes.inverse import acos, asin, atan, atan2
from workings.expression.compiling.lanes.logarithm import acosh, asinh, atanh, log, log1p, log2, log10
from workings.expression.compiling.lanes.powers import cbrt, power, whole_power
from workings.expression.compiling.lanes.special import (
    digamma,
    erf,
    erfc,
    gamma,
    loggamma,
    normal_cdf,
    normal_quantile,
)
from workings.expression.compiling.lanes.trigonometric import cos, sin, tan
from workings.expression.compiling.lanes.values import DOUBLES, Lanes, Truths
from workings.expression.compiling.lanes.writer import Skills, Writer
from workings.expression.compiling.program import Step

__all__ = ["can_be_written", "is_function", "write_function", "write_step"]

_ARITHMETIC: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "negate": lambda a: -a,
    "absolute": abs,
    "sqrt": Lanes.sqrt,
    "where": Truths.choose,
    "equal": Lanes.equals,
    "different": Lanes.differs,
    "less": lambda a, b: a < b,
    "at_most": lambda a, b: a <= b,
    "greater": lambda a, b: a > b,
    "at_least": lambda a, b: a >= b,
    "both": lambda a, b: a & b,
    "either": lambda a, b: a | b,
    "negation": lambda a: ~a,
    "condition": lambda a: a.differs(0.0),
    "iverson": lambda a: a.choose(1.0, 0.0),
    "floor": Lanes.floor,
    "sign": lambda a: (a > 0.0).choose(1.0, (a < 0.0).choose(-1.0, a + 0.0)),  # +0 of -0, as NumPy's
    "relu": lambda a: a.at_least(0.0) + 0.0,
    "maximum": lambda a, b: ((a > b) | a.differs(a)).choose(a, b),
    "minimum": lambda a, b: ((a < b) | a.differs(a)).choose(a, b),
}
"""Steps of a few instructions."""

_FUNCTIONS: dict[str, Callable[..., Lanes]] = {
    "power": power,
    "cbrt": cbrt,
    "exp": exp,
    "expm1": expm1,
    "log": log,
    "log1p": log1p,
    "log2": log2,
    "log10": log10,
    "sin": sin,
    "cos": cos,
    "tan": tan,
    "asin": asin,
    "acos": acos,
    "atan": atan,
    "atan2": atan2,
    "sinh": sinh,
    "cosh": cosh,
    "tanh": tanh,
    "asinh": asinh,
    "acosh": acosh,
    "atanh": atanh,
    "sigmoid": sigmoid,
    "softplus": softplus,
    "normal_pdf": normal_pdf,
    "normal_cdf": normal_cdf,
    "normal_quantile": normal_quantile,
    "erf": erf,
    "erfc": erfc,
    "gamma": gamma,
    "loggamma": loggamma,
    "digamma": digamma,
}
"""Elementary functions, of dozens of instructions."""

_READ = frozenset({"argument", "number", "sum", "mean", "whole_power"})


def can_be_written(step: Step) -> bool:
    """Whether a step has a form in lanes."""
    return step.name in _READ or step.name in _ARITHMETIC or step.name in _FUNCTIONS


def is_function(step: Step) -> bool:
    """Whether a step is an elementary function, of dozens of instructions."""
    return step.name in _FUNCTIONS or step.name == "whole_power"


def write_step(writer: Writer, step: Step, args: list[Any], *, apart: bool = False) -> Any:
    """Write a step's instructions and return its value.

    Parameters
    ----------
    writer
        Where to.
    step
        The step.
    args
        The values of its arguments.
    apart
        Whether an elementary function is called, as a function of the module, instead of being written out here.
    """
    if step.name in _ARITHMETIC:
        return _ARITHMETIC[step.name](*args)
    if not apart:
        return _function(step)(*args)
    name = f"step.{step.name}.{int(step.number)}".replace("-", "minus.")
    writer.apart[name] = step
    given = ", ".join(f"{DOUBLES} {arg.text}" for arg in args)
    return Lanes(writer, writer.value(f"call {DOUBLES} @{name}({given})"))


def _function(step: Step) -> Callable[..., Lanes]:
    if step.name == "whole_power":
        return partial(whole_power, exponent=int(step.number))
    return _FUNCTIONS[step.name]


def write_function(name: str, step: Step, *, skills: Skills) -> tuple[str, Writer]:
    """Return a function of the module that computes a step, and the writer that says what else it needs."""
    writer = Writer(skills)
    args = [Lanes(writer, f"%x{k}") for k in range(len(step.args))]
    value = _function(step)(*args)
    head = (
        f"define internal {DOUBLES} @{name}({', '.join(f'{DOUBLES} {arg.text}' for arg in args)}) noinline nounwind {{"
    )
    return "\n".join([head, "entry:", *writer.lines, f"  ret {DOUBLES} {value.text}", "}"]), writer
