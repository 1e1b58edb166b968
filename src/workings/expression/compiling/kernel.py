"""A plan compiled for large arrays: LLVM's loop, run piece by piece over the thread pool."""

from __future__ import annotations

import ctypes
import itertools
import math
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.arrays.threads import run_together, thread_count
from workings.expression.compiling.lanes import LANES
from workings.expression.compiling.layout import BLOCK, LETTERS, Layout
from workings.expression.compiling.machine import code_of
from workings.expression.compiling.module import write_module
from workings.expression.compiling.operands import Block, Grid

__all__ = ["Kernel", "letters_of"]

_STAGE = (ctypes.c_int64, *[ctypes.c_void_p] * 4)
_EACH = (ctypes.c_int64, *_STAGE[:4], ctypes.c_int64, ctypes.c_void_p)
_PIECE = 4 * BLOCK  # elements that a thread takes at a time


def letters_of(grid: Grid) -> str:
    """Return for each array the letter of the type that the loop reads: what it cannot read becomes float64."""
    return "".join(letter if letter in LETTERS else "d" for letter in grid.letters)


class Kernel:
    """The compiled functions of a plan.

    Parameters
    ----------
    layout
        The plan and the types of its arrays.
    """

    def __init__(self, layout: Layout) -> None:
        plan = layout.plan
        self._code = code = code_of(*write_module(layout))
        self._passes = [
            (
                code.function(f"stage_{number}", *_STAGE),
                len(stage.aggregates),
                [(layout.aggregate_places[k], plan.program.steps[k].name == "mean") for k in stage.aggregates],
            )
            for number, stage in enumerate(plan.stages)
            if stage.loops
        ]
        self._finish = code.function("finish", ctypes.c_void_p, ctypes.c_void_p)
        # Where it is not written, what is called here is never asked for: see Compiled.each.
        self._each = code.function("each", *_EACH) if plan.one_array else self._finish
        self._numbers = ctypes.c_double * (layout.row_count_place + 1)
        self._results = ctypes.c_double * len(plan.program.outputs)
        self._sources = ctypes.c_void_p * max(1, len(layout.array_places))
        self._targets = ctypes.c_void_p * max(1, len(layout.output_places))

    def run(self, numbers: list[float], grid: Grid, outputs: list[NDArray[Any]], rows: int) -> list[float]:
        """Fill the outputs that are arrays and return a number for every output; it says nothing for those.

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
        table = self._numbers(*numbers)
        table[-1] = rows
        pieces = grid.blocks(_PIECE)
        for function, vectors, aggregates in self._passes:
            sums = [np.empty((-(-(p.stop - p.start) // BLOCK), vectors, 2, LANES)) for p in pieces]
            self._pass(function, grid, pieces, outputs, table, sums)
            for number, (place, mean) in enumerate(aggregates):
                total = _total([part[:, number] for part in sums])
                table[place] = total / grid.size if mean and grid.size else math.nan if mean else total
        results = self._results()
        self._finish(table, results)
        return list(results)

    def run_each(
        self, tables: NDArray[np.float64], arrays: list[NDArray[np.float64]], out: NDArray[np.float64]
    ) -> None:
        """Fill each row of ``out`` with the one output that is an array, for that row's numbers; in this thread.

        Parameters
        ----------
        tables
            (rows, arguments + 1) the arguments of each row; for an array what is not looked at.
        arrays
            The arrays, as long as a row of ``out``.
        out
            The rows.
        """
        targets = _address(out) + out.strides[0] * np.arange(len(out))
        sources = self._sources(*map(_address, arrays))
        self._each(len(out), out.shape[1], sources, _address(targets), _address(tables), tables.shape[1], None)

    def _pass(  # noqa: PLR0917 -- one caller
        self,
        function: Any,
        grid: Grid,
        pieces: list[Block],
        outputs: list[NDArray[Any]],
        table: Any,
        sums: list[NDArray[np.float64]],
    ) -> None:
        """Run a stage over all elements: each thread takes the next piece as soon as it is done with one."""
        numbers = itertools.count()
        widest = max((piece.stop - piece.start for piece in pieces), default=0)

        def work() -> None:
            scratch = [None if letter in LETTERS else np.empty(widest) for letter in grid.letters]
            for number in numbers:
                if number >= len(pieces):
                    return
                piece = pieces[number]
                loaded = [grid.load(k, piece, room) for k, room in enumerate(scratch)]
                sources = self._sources(*map(_address, loaded))
                targets = self._targets(*[_address(output[piece.start :]) for output in outputs])
                function(piece.stop - piece.start, sources, targets, table, _address(sums[number]))

        if len(pieces) > 1:
            run_together([work] * min(thread_count(), len(pieces)))
        else:
            work()


def _total(parts: list[NDArray[np.float64]]) -> float:
    """Return the sum of partial sums and of what they lost, rounded once.

    Where an overflow or an infinity came on the way, what was lost is NaN, and the plain sums say what the sum is.
    """
    try:
        total = math.fsum(chain.from_iterable(part.ravel().tolist() for part in parts))
    except (OverflowError, ValueError):
        total = math.nan
    if math.isnan(total):
        with np.errstate(all="ignore"):
            total = float(sum(part[:, 0].sum() for part in parts))
    return total


def _address(array: NDArray[Any]) -> int:
    return array.__array_interface__["data"][0]
