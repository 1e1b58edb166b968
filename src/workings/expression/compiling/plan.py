"""Which steps are computed once and which for every row, and in how many passes over the rows.

What holds no array is *uniform*: computed once. The rest is computed for every element, in *stages*: an aggregate
(a sum or mean over rows) ends a stage, because what needs it cannot begin before every row has been seen. A stage
computes again the few elementwise steps that an earlier one had, which is cheaper than keeping them for every row.
"""

from __future__ import annotations

from dataclasses import dataclass

from workings.expression.compiling.program import AGGREGATES, Program
from workings.once import cached_property

__all__ = ["Plan", "Stage", "make_plan"]


@dataclass(frozen=True, eq=False)
class Stage:
    """One pass over the rows.

    Parameters
    ----------
    uniform
        The uniform steps that are computed before it, in order: those that an earlier stage has not computed.
    elementwise
        The steps computed for every element, in order, arguments among them.
    aggregates
        The aggregates that it completes.
    outputs
        Which of the program's outputs it writes, as (number of the output, step).
    """

    uniform: tuple[int, ...]
    elementwise: tuple[int, ...]
    aggregates: tuple[int, ...]
    outputs: tuple[tuple[int, int], ...]

    @property
    def loops(self) -> bool:
        """Whether there is anything to do for every element."""
        return bool(self.aggregates or self.outputs)


@dataclass(frozen=True, eq=False)
class Plan:
    """How a program is computed where some of its arguments are arrays.

    Parameters
    ----------
    program
        The program.
    arrays
        For each argument whether it is an array.
    stages
        The passes, in order; the last may only compute uniform steps.
    elementwise
        For each step whether its value changes from element to element.
    """

    program: Program
    arrays: tuple[bool, ...]
    stages: tuple[Stage, ...]
    elementwise: tuple[bool, ...]

    @cached_property
    def reach(self) -> dict[int, frozenset[int]]:
        """For each aggregate over rows the arguments that are arrays in its body."""
        reached: list[int] = []  # sets of arguments, as bits
        for k, step in enumerate(self.program.steps):
            bits = 0
            if step.name == "argument":
                bits = self.elementwise[k] << int(step.number)
            elif self.elementwise[k] or step.name in AGGREGATES:
                for arg in step.args:
                    bits |= reached[arg] if self.elementwise[arg] else 0
            reached.append(bits)
        return {
            k: frozenset(n for n in range(len(self.arrays)) if reached[k] >> n & 1)
            for stage in self.stages
            for k in stage.aggregates
        }

    @cached_property
    def row_outputs(self) -> tuple[bool, ...]:
        """For each output whether it is an array."""
        return tuple(self.elementwise[step] for step in self.program.outputs)

    @property
    def one_array(self) -> bool:
        """Whether all there is to compute is one array, in one pass and without a sum."""
        return self.row_outputs == (True,) and len(self.stages) == 1 and not self.stages[0].aggregates


def make_plan(program: Program, arrays: tuple[bool, ...]) -> Plan:
    """Return the passes that compute a program whose arguments are arrays where ``arrays`` says so."""
    steps, levels = program.steps, program.levels
    elementwise: list[bool] = []
    for step in steps:
        if step.name == "argument":
            elementwise.append(arrays[int(step.number)])
        else:
            elementwise.append(step.name not in AGGREGATES and any(elementwise[arg] for arg in step.args))
    needed = _needed(program)
    stages: list[Stage] = []
    for level in range(max((levels[step] for step in needed), default=0) + 1):
        uniform = tuple(
            k
            for k in needed
            if not elementwise[k]
            and levels[k] == level
            and not (steps[k].name in AGGREGATES and elementwise[steps[k].args[0]])
        )
        aggregates = tuple(
            k
            for k in needed
            if steps[k].name in AGGREGATES and levels[k] == level + 1 and elementwise[steps[k].args[0]]
        )
        outputs = tuple(
            (number, k) for number, k in enumerate(program.outputs) if elementwise[k] and levels[k] == level
        )
        wanted = {steps[k].args[0] for k in aggregates} | {k for _, k in outputs}
        for k in reversed(needed):
            if k in wanted:
                wanted.update(arg for arg in steps[k].args if elementwise[arg])
        stages.append(Stage(uniform, tuple(k for k in needed if k in wanted), aggregates, outputs))
    return Plan(program, arrays, tuple(stages), tuple(elementwise))


def _needed(program: Program) -> list[int]:
    """Return the steps that the outputs need, in order: folding and powers leave some that nothing needs."""
    wanted = set(program.outputs)
    for k in range(len(program.steps) - 1, -1, -1):
        if k in wanted:
            wanted.update(program.steps[k].args)
    return sorted(wanted)
