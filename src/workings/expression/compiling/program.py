"""A formula as a list of steps: what every way of computing it starts from.

The outputs' common graph is written down once, each distinct step after its arguments. Equal steps are one step, also
where the order of a commutative operation differs; numbers are folded where float64 folds them to the same digits; a
power by a number becomes what it is (a product, a reciprocal, a root). Nothing here changes a rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from workings.errors import InputError
from workings.expression.nodes import Apply, Node, Number, Symbol
from workings.language import message
from workings.once import cached_property

__all__ = ["AGGREGATES", "CONDITIONS", "LARGEST_WHOLE_POWER", "Program", "Step", "write_program"]

AGGREGATES = frozenset({"sum", "mean"})
"""The steps that make one number of all rows."""

CONDITIONS = frozenset(
    {"equal", "different", "less", "at_most", "greater", "at_least", "both", "either", "negation", "condition"}
)
"""The steps whose value is a truth."""

LARGEST_WHOLE_POWER = 64
"""Powers up to here are computed by squaring, larger ones as any other power."""

_OF_CONDITIONS = frozenset({"both", "either", "negation", "iverson"})
_COMMUTATIVE = frozenset({"add", "multiply", "equal", "different", "both", "either"})
_CONSTANTS = {"pi": math.pi, "e": math.e}
_FOLDED: dict[str, Callable[..., Any]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.true_divide,
    "sqrt": np.sqrt,
}


class Step(NamedTuple):
    """One step: an operation's name, the places of its arguments among the steps, and its number if it has one.

    ``number`` is the value of a "number", the place of an "argument" in the signature, the exponent of a
    "whole_power".
    """

    name: str
    args: tuple[int, ...] = ()
    number: float = 0.0


@dataclass(frozen=True, eq=False)
class Program:
    """A formula, or several that share parts, as steps.

    Parameters
    ----------
    arguments
        The names of the signature.
    steps
        Each after its arguments.
    outputs
        The places of the outputs among the steps.
    levels
        For each step how many aggregates stand one inside another below it: a step of level k needs k passes over
        the rows to be finished before its own.
    """

    arguments: tuple[str, ...]
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]
    levels: tuple[int, ...]

    @property
    def structure(self) -> tuple[object, ...]:
        """What makes two programs the same, whatever their arguments are called."""
        # A dictionary takes -0.0 and 0.0 for one number, and NaN for none: their digits are their own.
        steps = tuple((name, args, float(number).hex()) for name, args, number in self.steps)
        return (len(self.arguments), steps, self.outputs)

    @cached_property
    def aggregates(self) -> bool:
        """Whether a sum or a mean over rows stands in it."""
        return max(self.levels, default=0) > 0

    @cached_property
    def has_sum(self) -> bool:
        """Whether a sum over rows stands in it."""
        return any(step.name == "sum" for step in self.steps)


def write_program(outputs: Sequence[Node], arguments: Sequence[str]) -> Program:
    """Return the steps that compute all outputs from the arguments.

    Raises
    ------
    InputError
        If a name is not among the arguments, or a node has no value of its own (an equation, an indexed element).
    """
    writer = _Writer({name: place for place, name in enumerate(arguments)})
    for place in range(len(arguments)):
        writer.place(Step("argument", (), place))
    done: dict[Node, int] = {}
    for node in _each_after_its_arguments(outputs):
        done[node] = writer.write(node, done)
    places = tuple(writer.real(done[node]) for node in outputs)
    return Program(tuple(arguments), tuple(writer.steps), places, tuple(writer.levels))


def _each_after_its_arguments(outputs: Sequence[Node]) -> Iterator[Node]:
    seen: set[Node] = set()
    stack = [(node, False) for node in reversed(outputs)]
    while stack:
        node, ready = stack.pop()
        if ready:
            yield node
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            if isinstance(node, Apply):
                stack.extend((child, False) for child in reversed(node.args) if child not in seen)


class _Writer:
    def __init__(self, arguments: dict[str, int]) -> None:
        self._arguments = arguments
        self._known: dict[tuple[str, tuple[int, ...], str], int] = {}
        self.steps: list[Step] = []
        self.levels: list[int] = []

    def place(self, step: Step) -> int:
        """Return the place of a step, which is added if it is new."""
        args = tuple(sorted(step.args)) if step.name in _COMMUTATIVE else step.args
        key = (step.name, args, float(step.number).hex())
        if key not in self._known:
            self._known[key] = len(self.steps)
            self.steps.append(step)
            below = max((self.levels[arg] for arg in args), default=0)
            self.levels.append(below + (step.name in AGGREGATES))
        return self._known[key]

    def number(self, value: float) -> int:
        return self.place(Step("number", (), float(value)))

    def real(self, place: int) -> int:
        """Return the step as a number: a condition counts 1 where it holds, else 0."""
        return self.place(Step("iverson", (place,))) if self.steps[place].name in CONDITIONS else place

    def truth(self, place: int) -> int:
        """Return the step as a condition: a number holds unless it is 0."""
        return place if self.steps[place].name in CONDITIONS else self.place(Step("condition", (place,)))

    def write(self, node: Node, done: dict[Node, int]) -> int:
        if isinstance(node, Number):
            return self.number(_float(node.value))
        if isinstance(node, Symbol):
            if node.name not in self._arguments:
                raise InputError(
                    message("compile: arguments must name every variable; got none for {name}", name=node.name)
                )
            return self._arguments[node.name]
        if not isinstance(node, Apply):
            raise InputError(
                message(
                    "compile: a formula must be made of numbers, names and operations; got {got}; "
                    "try evaluate, which takes sums with an index too",
                    got=node,
                )
            )
        name, args = node.operation.name, [done[child] for child in node.args]
        if name == "power" and isinstance(node.args[0], Apply) and node.args[0].operation.name == "e":
            # e itself is no float: its power 700 would lose two digits.
            return self.place(Step("exp", (self.real(args[1]),)))
        return self._operation(name, args)

    def _operation(self, name: str, args: list[int]) -> int:
        if name in _CONSTANTS:
            return self.number(_CONSTANTS[name])
        if name in _OF_CONDITIONS:
            args = [self.truth(arg) for arg in args]
        elif name == "where":
            args = [self.truth(args[0]), self.real(args[1]), self.real(args[2])]
        else:
            args = [self.real(arg) for arg in args]
        if name == "power":
            return self._power(*args)
        if name == "negate" and self.steps[args[0]].name == "number":
            return self.number(-self.steps[args[0]].number)
        if name in _FOLDED and all(self.steps[arg].name == "number" for arg in args):
            with np.errstate(all="ignore"):
                return self.number(float(_FOLDED[name](*(np.float64(self.steps[arg].number) for arg in args))))
        if name == "subtract" and self.steps[args[0]] == Step("number", (), 1.0):
            below = self.steps[args[1]]
            if below.name == "sigmoid":  # 1 - σ(40) would be 0: σ(-40) is 4e-18
                return self.place(Step("sigmoid", (self.place(Step("negate", below.args)),)))
        return self.place(Step(name, tuple(args)))

    def _power(self, base: int, exponent: int) -> int:
        """Return a power; by a number it is written as what rounds the same or better than a general power."""
        step = self.steps[exponent]
        if step.name != "number":
            return self.place(Step("power", (base, exponent)))
        by = step.number
        if by == 0:
            return self.number(1.0)  # also of NaN, as IEEE 754 has it
        if by == 1:
            return base
        if by == -1:
            return self.place(Step("divide", (self.number(1.0), base)))
        if by == 2:
            return self.place(Step("multiply", (base, base)))
        if by == 0.5:
            return self.place(Step("sqrt", (base,)))
        if abs(by) <= LARGEST_WHOLE_POWER and by == int(by):
            return self.place(Step("whole_power", (base,), by))
        return self.place(Step("power", (base, exponent)))


def _float(value: float | Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
