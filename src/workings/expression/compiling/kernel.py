"""A plan compiled for large arrays: LLVM's loop, run piece by piece over the thread pool."""

from __future__ import annotations

import ctypes
import itertools
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays.threads import run_together, thread_count
from workings.expression.compiling.lanes import LANES
from workings.expression.compiling.layout import BLOCK, LETTERS, Layout
from workings.expression.compiling.machine import code_of
from workings.expression.compiling.module import write_module
from workings.expression.compiling.operands import Block, Grid
from workings.expression.compiling.sums import combined

__all__ = ["LONGEST", "Kernel", "letters_of"]

LONGEST = 4_000
"""Steps: a longer program is played as a tape, because LLVM's time grows faster than the program."""

_STAGE = (ctypes.c_int64, *[ctypes.c_void_p] * 4)
_PIECE = 4 * BLOCK  # elements that a thread takes at a time


def letters_of(grid: Grid) -> tuple[str, ...]:
    """Return for each array the letter of the type that the loop reads: what it cannot read becomes float64."""
    return tuple(array.dtype.char if grid.reads(k, LETTERS) else "d" for k, array in enumerate(grid.arrays))


class Kernel:
    """The compiled functions of a plan.

    Parameters
    ----------
    layout
        The plan and the types of its arrays.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._code = code = code_of(*write_module(layout))
        self._stages = [
            code.function(f"stage_{number}", *_STAGE) if stage.loops else None
            for number, stage in enumerate(layout.plan.stages)
        ]
        self._finish = code.function("finish", ctypes.c_void_p, ctypes.c_void_p)

    def run(self, numbers: list[float], grid: Grid, outputs: list[NDArray[Any]], rows: int) -> list[float]:
        """Fill the outputs that are arrays and return a number for every output, NaN for those that are arrays.

        Parameters
        ----------
        numbers
            The arguments; for an array what is not looked at.
        grid
            The arrays.
        outputs
            For each output that is an array a flat array to fill.
        rows
            How many rows the columns have.
        """
        plan, aggregates = self._layout.plan, self._layout.aggregate_places
        table = np.array([*numbers, *[0.0] * len(aggregates), float(rows)])
        pieces = grid.blocks(_PIECE)
        for function, stage in zip(self._stages, plan.stages, strict=True):
            if function is None:
                continue
            sums = [np.empty((-(-(p.stop - p.start) // BLOCK), len(stage.aggregates), 2, LANES)) for p in pieces]
            self._pass(function, grid, pieces, outputs, table, sums)
            for place, k in enumerate(stage.aggregates):
                total = combined([_parts(part[:, place]) for part in sums])
                mean = plan.program.steps[k].name == "mean"
                table[aggregates[k]] = (total / grid.size if grid.size else math.nan) if mean else total
        results = np.full(len(plan.program.outputs), math.nan)
        self._finish(_address(table), _address(results))
        return results.tolist()

    def _pass(  # noqa: PLR0917 -- one caller
        self,
        function: Any,
        grid: Grid,
        pieces: list[Block],
        outputs: list[NDArray[Any]],
        table: NDArray[np.float64],
        sums: list[NDArray[np.float64]],
    ) -> None:
        """Run a stage over all elements: each thread takes the next piece as soon as it is done with one."""
        numbers = itertools.count()
        widest = max((piece.stop - piece.start for piece in pieces), default=0)

        def work() -> None:
            scratch = [None if grid.reads(k, LETTERS) else np.empty(widest) for k in range(len(grid.arrays))]
            for number in numbers:
                if number >= len(pieces):
                    return
                piece = pieces[number]
                sources = [grid.load(k, piece, room) for k, room in enumerate(scratch)]
                targets = [output[piece.start : piece.stop] for output in outputs]
                here = (_pointers(sources), _pointers(targets), table, sums[number])
                function(piece.stop - piece.start, *map(_address, here))

        run_together([work] * min(thread_count(), len(pieces)))


def _parts(pairs: NDArray[np.float64]) -> list[float]:
    """Return partial sums and what they lost; an overflow or an infinity on the way leaves the plain sums alone."""
    sums, lost = pairs[:, 0].ravel(), pairs[:, 1].ravel()
    return np.concatenate((sums, lost) if np.isfinite(lost).all() else (sums,)).tolist()


def _pointers(arrays: list[NDArray[Any]]) -> NDArray[np.uintp]:
    return np.array([_address(array) for array in arrays] or [0], dtype=np.uintp)


def _address(array: NDArray[Any]) -> int:
    return array.__array_interface__["data"][0]
