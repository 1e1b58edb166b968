"""Where the compiled loop finds what it reads and writes: the tables that it is called with."""

from __future__ import annotations

from dataclasses import dataclass, field

from workings.expression.compiling.lanes import Skills
from workings.expression.compiling.plan import Plan, Stage
from workings.once import cached_property

__all__ = ["BLOCK", "LETTERS", "Layout"]

BLOCK = 32_768
"""Rows whose sum is kept as one pair of vectors; blocks are the same whatever the number of threads."""

LETTERS = "dfliq?"
"""The array types that the loop reads as they are, by NumPy's letters; it computes in float64."""


@dataclass(frozen=True, eq=False)
class Layout:
    """The tables of a plan's functions.

    Parameters
    ----------
    plan
        The plan.
    letters
        For each argument the letter of its array's type, or "" for a number.
    skills
        What the processor can do.
    narrow
        Whether outputs are float32.
    """

    plan: Plan
    letters: tuple[str, ...]
    skills: Skills = field(default_factory=Skills)
    narrow: bool = False

    @cached_property
    def array_places(self) -> dict[int, int]:
        """The place of each argument that is an array in the table of arrays."""
        arrays = [k for k, letter in enumerate(self.letters) if letter]
        return {k: place for place, k in enumerate(arrays)}

    @cached_property
    def output_places(self) -> dict[int, int]:
        """The place of each output that is an array in the table of outputs."""
        rows = [k for k, is_array in enumerate(self.plan.row_outputs) if is_array]
        return {k: place for place, k in enumerate(rows)}

    @cached_property
    def aggregate_places(self) -> dict[int, int]:
        """The place of each aggregate's value in the table of numbers, behind the arguments."""
        found = [k for stage in self.plan.stages for k in stage.aggregates]
        return {k: len(self.letters) + place for place, k in enumerate(found)}

    @property
    def row_count_place(self) -> int:
        """The place of the number of rows in the table of numbers."""
        return len(self.letters) + len(self.aggregate_places)

    def kept(self, stage: Stage) -> list[int]:
        """Return the uniform steps that a stage's elementwise steps need, numbers written in the formula aside."""
        steps = self.plan.program.steps
        needed = {
            arg
            for k in stage.elementwise
            for arg in steps[k].args
            if not self.plan.elementwise[arg] and steps[arg].name != "number"
        }
        return sorted(needed)
