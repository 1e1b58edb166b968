"""A formula, or several that share parts, made into one function of numbers and arrays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from workings.errors import InputError
from workings.expression.compiling.locks import compiling
from workings.expression.compiling.operands import Grid, as_operand, common_shape
from workings.expression.compiling.plan import Plan, make_plan
from workings.expression.compiling.program import Program, write_program
from workings.expression.compiling.scalar import NotNumbersError, scalar_function
from workings.expression.compiling.tape import play_blocks, play_whole
from workings.expression.nodes import Node
from workings.language import message

if TYPE_CHECKING:
    from workings.expression.compiling.kernel import Kernel

__all__ = ["Compiled", "compile_nodes"]

SMALL = 16_384
"""Arrays of fewer elements are computed by NumPy: compiling takes longer than a hundred such calls."""


def compile_nodes(outputs: Sequence[Node], arguments: Sequence[str], *, rows: Collection[str] = ()) -> Compiled:
    """Return one function that computes all outputs from the arguments.

    Parameters
    ----------
    outputs
        The formulas; parts that they share are computed once.
    arguments
        The names of the function's arguments, in order.
    rows
        The arguments that are columns of data: ``sum`` and ``mean`` run over their rows.

    Raises
    ------
    InputError
        If a name in a formula is not among the arguments.
    """
    return Compiled(write_program(outputs, arguments), frozenset(rows))


class Compiled:
    """A compiled formula: call it with the arguments' values in order.

    Values are numbers or arrays of any real dtype, which broadcast. An output is a float where no array reaches it,
    else an array of the shape to which all arrays broadcast; float64, or float32 where all arrays are float32.
    Undefined mathematics is NaN or infinite, as IEEE 754 has it; nothing warns.
    """

    def __init__(self, program: Program, rows: frozenset[str]) -> None:
        self._program = program
        self._rows = rows
        self._needed = _needed_arguments(program)
        self._scalar: Callable[..., tuple[float, ...]] | None = None
        self._plans: dict[tuple[bool, ...], Plan] = {}
        self._kernels: dict[tuple[tuple[str, ...], bool], Kernel] = {}

    def __call__(self, *values: Any) -> tuple[Any, ...]:
        """Return the outputs, in order."""
        try:
            return self.scalar(*values)
        except NotNumbersError:
            pass  # left first, so that what is refused below does not tell of it
        return self._arrays(values)

    @property
    def scalar(self) -> Callable[..., tuple[float, ...]]:
        """The function of numbers alone, which the call tries first."""
        if self._scalar is None:
            self._scalar = scalar_function(self._program)
        return self._scalar

    def _arrays(self, given: tuple[Any, ...]) -> tuple[Any, ...]:
        names = self._program.arguments
        if len(given) != len(names):
            raise InputError(
                message(
                    "compiled formula: there must be {count} values, {names}; got {got}",
                    count=len(names),
                    names=", ".join(names),
                    got=len(given),
                )
            )
        values = [as_operand(value, name) for value, name in zip(given, names, strict=True)]
        points = [
            k for k in self._needed if isinstance(values[k], np.ndarray) and self._rows and names[k] not in self._rows
        ]
        if points and self._program.aggregates:
            return self._each_point(values, points)
        arrays = tuple(k in self._needed and isinstance(value, np.ndarray) for k, value in enumerate(values))
        rows = self._row_count(values)
        plan = self._plan(arrays)
        held = [k for k, is_array in enumerate(arrays) if is_array]
        if not held:
            return tuple(map(float, play_whole(plan, [np.float64(value) for value in values], rows)))
        shape = common_shape([values[k] for k in held], [names[k] for k in held])
        dtype = np.float32 if all(values[k].dtype == np.float32 for k in held) else np.float64
        if prod(shape) < SMALL or not self._even(plan, values, shape):
            wide = [v.astype(np.float64, copy=False) if isinstance(v, np.ndarray) else np.float64(v) for v in values]
            found = play_whole(plan, wide, rows)
        else:
            found = self._large(plan, values, held, shape, rows, dtype)
        return tuple(
            _in_shape(value, shape, dtype) if is_array else float(value)
            for value, is_array in zip(found, plan.row_outputs, strict=True)
        )

    def _each_point(self, values: list[Any], points: list[int]) -> tuple[Any, ...]:
        """Return the outputs for each point of the arguments that are not columns: every one has its own sums."""
        names = self._program.arguments
        shape = common_shape([values[k] for k in points], [names[k] for k in points])
        grids = {k: np.broadcast_to(values[k], shape) for k in points}
        found = [
            self(*(float(grids[k][place]) if k in grids else value for k, value in enumerate(values)))
            for place in np.ndindex(shape)
        ]
        if not found:
            return tuple(np.empty(shape) for _ in self._program.outputs)
        return tuple(np.array(column).reshape(shape + np.shape(column[0])) for column in zip(*found, strict=True))

    def _even(self, plan: Plan, values: list[Any], shape: tuple[int, ...]) -> bool:
        """Whether every sum runs over all elements, so that one loop serves all."""
        return all(np.broadcast_shapes(*(values[k].shape for k in reached)) == shape for reached in plan.reach.values())

    def _large(  # noqa: PLR0917 -- one caller
        self, plan: Plan, values: list[Any], held: list[int], shape: tuple[int, ...], rows: int, dtype: type
    ) -> list[Any]:
        grid = Grid(tuple(values[k] for k in held), shape)
        numbers = [0.0 if isinstance(value, np.ndarray) else value for value in values]
        outputs = {k: np.empty(grid.size, dtype) for k, is_array in enumerate(plan.row_outputs) if is_array}
        kernel = self._kernel(plan, grid, narrow=dtype is np.float32)
        if kernel is not None:
            found: list[Any] = kernel.run(numbers, grid, list(outputs.values()), rows)
        else:
            found = play_blocks(plan, [np.float64(number) for number in numbers], grid, outputs, rows)
        return [outputs.get(k, value) for k, value in enumerate(found)]

    def _kernel(self, plan: Plan, grid: Grid, *, narrow: bool) -> Kernel | None:
        """Return the machine code of a plan, or None for what is too long or has no form in it."""
        from workings.expression.compiling.kernel import LONGEST, Kernel, letters_of
        from workings.expression.compiling.lanes import can_be_written
        from workings.expression.compiling.layout import Layout

        steps = self._program.steps
        if len(steps) > LONGEST or not all(map(can_be_written, steps)):
            return None
        found = iter(letters_of(grid))
        letters = tuple(next(found) if is_array else "" for is_array in plan.arrays)
        key = (letters, narrow)
        if key not in self._kernels:
            with compiling():
                if key not in self._kernels:
                    self._kernels[key] = Kernel(Layout(plan, letters, narrow=narrow))
        return self._kernels[key]

    def _plan(self, arrays: tuple[bool, ...]) -> Plan:
        if arrays not in self._plans:
            self._plans[arrays] = make_plan(self._program, arrays)
        return self._plans[arrays]

    def _row_count(self, values: list[Any]) -> int:
        """Return how many rows the columns have, which a sum of what is the same in every row needs."""
        if not self._program.has_sum:
            return 1
        names = self._program.arguments
        columns = [
            k
            for k, name in enumerate(names)
            if isinstance(values[k], np.ndarray) and (not self._rows or name in self._rows)
        ]
        if not columns:
            raise InputError(
                message(
                    "compiled formula: a sum over rows must have a column of data; got only numbers for {names}",
                    names=", ".join(names),
                )
            )
        return prod(common_shape([values[k] for k in columns], [names[k] for k in columns]))


def _needed_arguments(program: Program) -> frozenset[int]:
    """Return which arguments the outputs depend on."""
    wanted = set(program.outputs)
    for k in range(len(program.steps) - 1, -1, -1):
        if k in wanted:
            wanted.update(program.steps[k].args)
    return frozenset(int(program.steps[k].number) for k in wanted if program.steps[k].name == "argument")


def _in_shape(value: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    whole = np.asarray(value, dtype=dtype)
    if whole.size == prod(shape):
        return whole.reshape(shape)
    return np.broadcast_to(whole, shape).copy()
