"""A formula, or several that share parts, made into one function of numbers and arrays."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression.compiling.locks import compiling
from workings.expression.compiling.operands import Grid, as_operand, common_shape
from workings.expression.compiling.plan import Plan, make_plan
from workings.expression.compiling.program import Program, write_program
from workings.expression.compiling.scalar import NotNumbersError, scalar_function
from workings.expression.compiling.tape import play_blocks
from workings.expression.compiling.whole import Whole, whole_function
from workings.expression.nodes import Node
from workings.language import message
from workings.once import cached_property

if TYPE_CHECKING:
    from workings.expression.compiling.kernel import Kernel

__all__ = ["Compiled", "compile_nodes"]

FEW_ELEMENTS = 16_384
"""Arrays of fewer elements are computed by NumPy: compiling takes longer than a hundred such calls."""

FEW_ROWS = 256
"""A cost over fewer rows is computed by NumPy. A cost is asked for again and again, and its sums take longest."""

LONGEST = 4_000
"""Steps: a longer program is played as a tape, because LLVM's time grows faster than the program."""


def compile_nodes(outputs: Sequence[Node], arguments: Sequence[str], *, rows: Collection[str] = ()) -> Compiled:
    """Return one function that computes all outputs from the arguments.

    Parameters
    ----------
    outputs
        The formulas; parts that they share are computed once.
    arguments
        The names of the function's arguments, in order.
    rows
        The arguments that are columns of data: ``sum`` and ``mean`` run over their rows. Without any, they run over all
        elements that their argument broadcasts to.

    Raises
    ------
    InputError
        If a name in a formula is not among the arguments, or a formula holds an equation, an index or a sum with an
        index (:func:`~workings.expression.evaluate` takes the last two).

    Notes
    -----
    Nothing is compiled yet: that waits for the first call with arrays that are worth it. The same formulas, asked for
    again, give the same object.

    Examples
    --------
    >>> from workings.expression import exp, sin, symbols
    >>> from workings.expression.compiling import compile_nodes
    >>> x, z = symbols("x z")
    >>> value_and_slope = compile_nodes([sin(x * z), z * exp(x)], ["x", "z"])
    >>> value_and_slope(0.0, 2.0)
    (0.0, 2.0)
    >>> value_and_slope(np.array([0.0, 1.0]), 0.0)
    (array([0., 0.]), array([0., 0.]))
    """
    program = write_program(outputs, arguments)
    key = _Key(program, frozenset(rows))
    return _known(key) if len(program.steps) <= LONGEST else _made(key)


@dataclass(frozen=True, eq=False)
class _Key:
    """What makes two compiled formulas the same: their arguments and their steps."""

    program: Program
    rows: frozenset[str]

    @cached_property
    def _identity(self) -> tuple[object, ...]:
        return (self.program.arguments, self.program.structure, self.rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._identity == other._identity

    def __hash__(self) -> int:
        return hash(self._identity)


def _made(key: _Key) -> Compiled:
    return Compiled(key.program, key.rows)


_known = lru_cache(maxsize=256)(_made)


def forget() -> None:
    """Forget all compiled formulas, so that each is compiled anew when it is next asked for."""
    _known.cache_clear()


class Compiled:
    """A compiled formula, or several: call it with the arguments' values, in order, for the outputs, in order.

    Values are numbers or arrays of any real dtype, which broadcast. An output is a float where no array reaches it,
    else an array of the shape to which all arrays that the formulas need broadcast: float64, or float32 where all of
    them are float32. A condition counts 1 where it holds, else 0. Undefined mathematics is NaN or infinite, as
    IEEE 754 has it, and nothing warns.

    Where ``rows`` were named and a sum or mean stands in a formula, other arguments that are arrays are points: every
    output is computed for each of them, over all rows.

    Raises
    ------
    InputError
        If a value is not a real number or an array of them, the shapes do not broadcast, or a sum has no rows.

    Notes
    -----
    All computation is in float64. ``+ - * /`` and square roots are rounded once, alike in every way to compute. An
    elementary function is within 2 units in the last place in machine code and within 4 in NumPy, so that numbers,
    small and large arrays may differ in their last digits, and in nothing else. A sum is that of the terms as computed,
    rounded about once, on any number of threads.
    """

    def __init__(self, program: Program, rows: frozenset[str]) -> None:
        self._program = program
        self._rows = rows
        self._needed = sorted(_needed_arguments(program))
        self._scalar: Callable[..., tuple[float, ...]] | None = None
        self._plans: dict[tuple[bool, ...], Plan] = {}
        self._wholes: dict[tuple[bool, ...], Whole] = {}
        self._kernels: dict[tuple[tuple[bool, ...], str, bool], Kernel] = {}

    def __call__(self, *values: Any) -> tuple[Any, ...]:
        """Return the outputs, in order."""
        names = self._program.arguments
        if len(values) != len(names):
            raise InputError(
                message(
                    "compiled formula: there must be {count} {count:value|values}, {names}; got {got}",
                    count=len(names),
                    names=", ".join(names),
                    got=len(values),
                )
            )
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

    def each(self, first: NDArray[np.float64], *others: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the first output for each value of the first argument, over arrays of all others: (values, elements).

        What does not depend on the others is computed once for each value.

        Parameters
        ----------
        first
            (values,) of the first argument.
        others
            (elements,) of each other argument.
        """
        plan = self._plan(tuple(k > 0 and k in self._needed for k in range(1 + len(others))))
        shape = len(first), len(others[0]) if others else 1
        if not plan.one_array or prod(shape) < FEW_ELEMENTS or not self._has_machine_code:
            found = self(first[:, None], *(other[None, :] for other in others))[0]
            return np.ascontiguousarray(np.broadcast_to(found, shape))
        arrays = [np.ascontiguousarray(others[k - 1]) for k, held in enumerate(plan.arrays) if held]
        tables = np.zeros((len(first), 2 + len(others)))
        tables[:, 0] = first
        out = np.empty(shape)
        self._kernel(plan, Grid(arrays, arrays[0].shape), narrow=False).run_each(tables, arrays, out)
        return out

    def _arrays(self, given: tuple[Any, ...]) -> tuple[Any, ...]:
        names = self._program.arguments
        values = [as_operand(value, name) for value, name in zip(given, names, strict=True)]
        held = [k for k in self._needed if isinstance(values[k], np.ndarray)]
        if self._program.aggregates and self._rows:
            points = [k for k in held if names[k] not in self._rows]
            if points:
                return self._each_point(values, points)
        rows = self._row_count(values)
        plan = self._plan(tuple(k in held for k in range(len(values))))
        if not held:
            return tuple(map(float, self._whole(plan)([np.float64(value) for value in values], rows)))
        shape = common_shape([values[k] for k in held], [names[k] for k in held])
        dtype = np.float32 if all(values[k].dtype == np.float32 for k in held) else np.float64
        fewest = FEW_ROWS if self._program.aggregates else FEW_ELEMENTS
        uneven = any(values[k].shape != shape for k in held) and not self._even(plan, values, shape)
        if prod(shape) < fewest or uneven:
            wide = [np.asarray(value, np.float64)[()] for value in values]
            found = _apart(self._whole(plan)(wide, rows), wide)
        else:
            found = self._large(plan, values, Grid([values[k] for k in held], shape), rows, dtype)
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

    def _large(self, plan: Plan, values: list[Any], grid: Grid, rows: int, dtype: type) -> list[Any]:
        numbers = [0.0 if isinstance(value, np.ndarray) else value for value in values]
        outputs = {k: np.empty(grid.size, dtype) for k, is_array in enumerate(plan.row_outputs) if is_array}
        kernel = self._kernel(plan, grid, narrow=dtype is np.float32) if self._has_machine_code else None
        if kernel is not None:
            found: list[Any] = kernel.run(numbers, grid, list(outputs.values()), rows)
        else:
            found = play_blocks(plan, [np.float64(number) for number in numbers], grid, outputs, rows)
        return [outputs.get(k, value) for k, value in enumerate(found)]

    @cached_property
    def _has_machine_code(self) -> bool:
        """Whether it is short enough to be compiled, and every step of it has a form in machine code."""
        from workings.expression.compiling.lanes import can_be_written

        return len(self._program.steps) <= LONGEST and all(map(can_be_written, self._program.steps))

    def _kernel(self, plan: Plan, grid: Grid, *, narrow: bool) -> Kernel:
        from workings.expression.compiling.kernel import Kernel, letters_of
        from workings.expression.compiling.layout import Layout
        from workings.expression.compiling.machine import host

        key = (plan.arrays, letters_of(grid), narrow)
        if key not in self._kernels:
            with compiling():
                if key not in self._kernels:
                    letters = iter(key[1])
                    types = tuple(next(letters) if is_array else "" for is_array in plan.arrays)
                    self._kernels[key] = Kernel(Layout(plan, types, host().skills, narrow=narrow))
        return self._kernels[key]

    def _whole(self, plan: Plan) -> Whole:
        if plan.arrays not in self._wholes:
            self._wholes[plan.arrays] = whole_function(plan)
        return self._wholes[plan.arrays]

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


def _apart(found: list[Any], given: list[Any]) -> list[Any]:
    """Return results of which none is another, or an argument."""
    taken = set(map(id, given))
    for place, value in enumerate(found):
        if id(value) in taken:
            found[place] = value.copy()
        taken.add(id(value))
    return found


def _in_shape(value: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    whole = np.asarray(value, dtype=dtype)
    if whole.shape == shape:
        return whole
    if whole.size == prod(shape):
        return whole.reshape(shape)
    return np.broadcast_to(whole, shape).copy()
