"""Every way to compute a formula, each made to do it: what ``Compiled`` chooses by the size of its arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from workings.expression import Node
from workings.expression.compiling.kernel import Kernel, letters_of
from workings.expression.compiling.layout import Layout
from workings.expression.compiling.machine import host
from workings.expression.compiling.operands import Grid
from workings.expression.compiling.plan import make_plan
from workings.expression.compiling.program import Program, write_program
from workings.expression.compiling.scalar import scalar_function
from workings.expression.compiling.tape import play_blocks
from workings.expression.compiling.whole import whole_function

__all__ = ["WAYS", "by_kernel", "by_numbers", "by_tape", "by_whole"]

Way = Callable[[Sequence[Node], Sequence[str], Sequence[Any]], list[Any]]


def by_numbers(outputs: Sequence[Node], names: Sequence[str], values: Sequence[Any]) -> list[Any]:
    """Call the function of numbers for every element."""
    function = scalar_function(write_program(outputs, names))
    arrays = np.broadcast_arrays(*values)
    found = [function(*(float(v) for v in point)) for point in zip(*(a.ravel() for a in arrays), strict=True)]
    return [np.array(column).reshape(arrays[0].shape) for column in zip(*found, strict=True)]


def by_whole(outputs: Sequence[Node], names: Sequence[str], values: Sequence[Any]) -> list[Any]:
    """Let NumPy broadcast whole arrays."""
    _, plan, _ = _prepared(outputs, names, values)
    return whole_function(plan)([np.asarray(v, np.float64)[()] for v in values], _rows(values))


def by_tape(outputs: Sequence[Node], names: Sequence[str], values: Sequence[Any]) -> list[Any]:
    """Play NumPy's operations block by block."""
    _, plan, grid = _prepared(outputs, names, values)
    results = {k: np.empty(grid.size) for k, is_array in enumerate(plan.row_outputs) if is_array}
    numbers = [np.float64(0.0 if np.ndim(v) else v) for v in values]
    found = play_blocks(plan, numbers, grid, results, grid.size)
    return [results[k].reshape(grid.shape) if k in results else value for k, value in enumerate(found)]


def by_kernel(outputs: Sequence[Node], names: Sequence[str], values: Sequence[Any]) -> list[Any]:
    """Run machine code."""
    _, plan, grid = _prepared(outputs, names, values)
    letters = iter(letters_of(grid))
    types = tuple(next(letters) if is_array else "" for is_array in plan.arrays)
    kernel = Kernel(Layout(plan, types, host().skills))
    results = {k: np.empty(grid.size) for k, is_array in enumerate(plan.row_outputs) if is_array}
    numbers = [0.0 if np.ndim(v) else float(v) for v in values]
    found = kernel.run(numbers, grid, list(results.values()), grid.size)
    return [results[k].reshape(grid.shape) if k in results else value for k, value in enumerate(found)]


WAYS: dict[str, Way] = {"numbers": by_numbers, "whole": by_whole, "tape": by_tape, "kernel": by_kernel}


def _prepared(outputs: Sequence[Node], names: Sequence[str], values: Sequence[Any]) -> tuple[Program, Any, Grid]:
    program = write_program(outputs, names)
    plan = make_plan(program, tuple(np.ndim(v) > 0 for v in values))
    arrays = [v for v in values if np.ndim(v)]
    return program, plan, Grid(arrays, np.broadcast_shapes(*(a.shape for a in arrays)))


def _rows(values: Sequence[Any]) -> int:
    return max((np.size(v) for v in values if np.ndim(v)), default=1)
