"""The way of an iteration over a formula's parameters, told: cost and slope at a choice of iterations, each checked."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from workings.expression import Node, Symbol, absolute, equation, maximum, symbol
from workings.language import Message, message
from workings.subjects.regression.formula_notation import Notation
from workings.subjects.regression.formula_path import FormulaPath
from workings.working import Derivation, Derived, Table, digits_known
from workings.working.model import Cell

__all__ = ["tell_way"]

_LISTED = (0, 1, 2, 3, 5, 10, 20, 50, 100, 1_000, 10_000, 100_000)
# Of more rows of data the cells of the first and of the last iteration alone are worked again.
_MANY = 100_000


def tell_way(
    w: Derivation,
    path: FormulaPath,
    letters: Notation,
    *,
    cost: Node,
    slopes: Sequence[Node],
    step: Symbol,
    off: tuple[float, float],
    rows: int = 1,
    note: Message | None = None,
) -> None:
    """Add the table of the way, from the parameters that each iteration had.

    Parameters
    ----------
    w, path, letters
        Where, what, and in which letters.
    cost, slopes
        The cost and its slopes, in the parameters.
    step
        The letter of what the algorithm chose for each step.
    off
        How far rounding may have moved a cost and a slope.
    rows
        How many rows of data there are.
    note
        How a step is made.
    """
    last = int(path.iterations[-1])
    wanted = {0, last} if rows > _MANY else {*_LISTED, last}
    kept = path.iterations
    chosen = sorted({int(np.searchsorted(kept, k)) for k in wanted if k <= last})
    steepest: Node | None = None
    for slope in slopes:
        steepest = absolute(slope) if steepest is None else maximum(steepest, absolute(slope))
    cells: list[tuple[Cell, ...]] = []
    for at in chosen:
        k = int(kept[at])
        for name, value in zip(letters.parameters, path.parameters[at].tolist(), strict=True):
            raised = letters.at(name, k)
            w.given(raised.name, value, message("{name} at iteration {k}", name=name, k=k))
        there = equation(letters.at(letters.cost, k), letters.there(cost, k))
        size = None if steepest is None else letters.there(steepest, k)
        made = float(path.step[at]) if at else None
        cells.append(
            (k, _cell(float(path.cost[at]), there, off[0]), _cell(float(path.gradient_norm[at]), size, off[1]), made)
        )
    columns = (symbol("k"), letters.cost, message("largest partial derivative"), step)
    # Whole, so that cells that together take very many operations are recounted rather than worked term by term.
    table = Table(
        columns,
        tuple(cells),
        total=last + 1 if len(cells) < last + 1 else None,
        note=_what_is_checked(step),
        whole=True,
    )
    w.table("way", table, title=message("The way down"), note=note)


def _what_is_checked(step: Symbol) -> Message:
    return message(
        "Cost and slope are worked again from the parameters of each row; {step} is what the algorithm chose.",
        step=step,
    )


def _cell(value: float, statement: Node | None, off: float) -> float | Derived:
    if statement is None or not math.isfinite(value):
        return value
    return Derived(value, statement, off, digits_known(value, off))
