"""A plan played as a tape of NumPy operations, for formulas that are too long to compile or have no machine code.

It goes through the elements in blocks that stay in the processor's cache, and writes every operation into a buffer that
nothing needs any more: for a graph of a hundred thousand steps it holds as many buffers as are alive at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays import parallel_blocks
from workings.expression.compiling.forms import array_form, may_overwrite
from workings.expression.compiling.operands import Block, Grid
from workings.expression.compiling.plan import Plan, Stage
from workings.expression.compiling.program import CONDITIONS, Program
from workings.expression.compiling.sums import combined, folded

__all__ = ["play_blocks"]

BLOCK = 8192
"""Elements in a block: 64 KiB a buffer, a dozen of which stay in a processor's second cache."""


class _Buffers:
    """Which buffer each step of a stage writes, so that one is used again as soon as nothing needs what it holds."""

    def __init__(self, program: Program, stage: Stage) -> None:
        self.dtypes: list[Any] = []
        self.of: dict[int, int] = {}
        last: dict[int, int] = {}
        for k in stage.elementwise:
            last.update(dict.fromkeys(program.steps[k].args, k))
        for k in stage.aggregates:
            last[program.steps[k].args[0]] = len(program.steps)
        last.update((k, len(program.steps)) for _, k in stage.outputs)
        free: dict[Any, list[int]] = {bool: [], float: []}
        for k in stage.elementwise:
            step = program.steps[k]
            if step.name == "argument":
                continue
            ended = {arg for arg in step.args if last[arg] == k and arg in self.of}
            if may_overwrite(step.name):
                self._release(ended, free)
            dtype = bool if step.name in CONDITIONS else float
            if not free[dtype]:
                free[dtype].append(len(self.dtypes))
                self.dtypes.append(dtype)
            self.of[k] = free[dtype].pop()
            if not may_overwrite(step.name):
                self._release(ended, free)

    def _release(self, steps: set[int], free: dict[Any, list[int]]) -> None:
        for k in steps:
            free[self.dtypes[self.of[k]]].append(self.of[k])


def play_blocks(plan: Plan, values: list[Any], grid: Grid, outputs: dict[int, NDArray[Any]], rows: int) -> list[Any]:
    """Write the outputs that are arrays, flat, into ``outputs``, and return all that are not.

    Parameters
    ----------
    plan
        The plan.
    values
        For each argument its number; for an array what is not looked at.
    grid
        The arrays, in the order of their arguments.
    outputs
        For each output that is an array, a flat array of as many elements as the grid has.
    rows
        How many rows the columns have.
    """
    program = plan.program
    blocks = grid.blocks(BLOCK)
    known: dict[int, Any] = {}
    for stage in plan.stages:
        with np.errstate(all="ignore"):
            _play_uniform(program, stage.uniform, values, known, rows)
        if stage.loops:
            sums = _play_stage(plan, stage, known, grid, blocks, outputs)
            for k, parts in zip(stage.aggregates, sums, strict=True):
                total = combined(parts)
                mean = program.steps[k].name == "mean"
                known[k] = np.float64(total / grid.size if mean else total)
    return [None if k in outputs else known[step] for k, step in enumerate(program.outputs)]


def _play_uniform(
    program: Program, steps: tuple[int, ...], values: list[Any], known: dict[int, Any], rows: int
) -> None:
    """Add to ``known`` the steps that are the same for every element."""
    for k in steps:
        name, args, number = program.steps[k]
        if name == "argument":
            known[k] = values[int(number)]
        elif name == "number":
            known[k] = np.float64(number)
        elif name == "mean":
            known[k] = known[args[0]]
        elif name == "sum":
            known[k] = np.float64(rows) * known[args[0]]
        else:
            known[k] = array_form(name, number)(*[known[arg] for arg in args])


def _play_stage(  # noqa: PLR0917 -- one caller
    plan: Plan,
    stage: Stage,
    known: dict[int, Any],
    grid: Grid,
    blocks: list[Block],
    outputs: dict[int, NDArray[Any]],
) -> list[list[list[float]]]:
    """Play one pass and return, for each aggregate, the parts of its sum block by block."""
    steps = plan.program.steps
    buffered = _Buffers(plan.program, stage)
    calls = [
        (array_form(steps[k].name, steps[k].number), steps[k].args, k, buffered.of[k])
        for k in stage.elementwise
        if steps[k].name != "argument"
    ]
    arrays = {k: place for place, k in enumerate(k for k, is_array in enumerate(plan.arrays) if is_array)}
    read = [(k, arrays[int(steps[k].number)]) for k in stage.elementwise if steps[k].name == "argument"]
    bodies = [steps[k].args[0] for k in stage.aggregates]

    def play(first: int, last: int) -> list[list[list[float]]]:
        widest = max((block.stop - block.start for block in blocks[first:last]), default=0)
        buffers = [np.empty(widest, dtype) for dtype in buffered.dtypes]
        scratch = [None if grid.letters[place] == "d" else np.empty(widest) for _, place in read]
        cells = dict(known)
        sums: list[list[list[float]]] = [[] for _ in bodies]
        with np.errstate(all="ignore"):
            for block in blocks[first:last]:
                size = block.stop - block.start
                for (k, place), room in zip(read, scratch, strict=True):
                    cells[k] = grid.load(place, block, room)
                for function, args, k, buffer in calls:
                    cells[k] = function(*[cells[arg] for arg in args], out=buffers[buffer][:size])
                for number, k in stage.outputs:
                    outputs[number][block.start : block.stop] = cells[k]
                for parts, body in zip(sums, bodies, strict=True):
                    parts.append(folded(cells[body]))
        return sums

    pieces = parallel_blocks(play, len(blocks), smallest=2, align=1)
    return [[part for piece in pieces for part in piece[k]] for k in range(len(bodies))]
