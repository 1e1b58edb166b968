"""The way of an iteration over named parameters, thinned so that it never outgrows a fixed number of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workings.language import grouped
from workings.subjects.regression.iteration import Status

__all__ = ["FormulaPath", "PathKeeper", "Position"]

Array = NDArray[np.float64]

_MOST = 500


@dataclass(frozen=True, eq=False)
class Position:
    """Where an iteration over parameters stands.

    Parameters
    ----------
    number
        0 at the start, then one more a step.
    parameters, gradient
        One number a parameter.
    cost
        The cost there.
    step
        With what size the step that led here was made: the learning rate of a descent, the damping of
        Levenberg-Marquardt; 0 at the start.
    velocity
        Of a descent with momentum: the gradients so far, each momentum times what it was a step before.
    next_step
        What the next step tries first.
    stop
        Set by a step that could not go on; the other fields are then those of the position before it.
    """

    number: int
    parameters: Array
    cost: float
    gradient: Array
    step: float
    velocity: Array
    next_step: float
    stop: Status | None = None


@dataclass(frozen=True, eq=False)
class FormulaPath:
    """The way that an iteration went: some of its positions, at most about five hundred.

    Parameters
    ----------
    names
        The parameters.
    iterations
        Which iterations are kept: 0 to 3, each power of ten and the one after it, an even choice of the others, and
        always the last two.
    parameters
        The parameters there, shape (kept, parameters).
    cost, gradient_norm, step
        The cost, the largest absolute partial derivative, and with what size the step that led there was made.
    positions
        The same, as the algorithm had them.
    """

    names: tuple[str, ...]
    iterations: NDArray[np.int64]
    parameters: Array
    cost: Array
    gradient_norm: Array
    step: Array
    positions: tuple[Position, ...]

    def __len__(self) -> int:
        return len(self.iterations)

    def at(self, iteration: int) -> Mapping[str, float] | None:
        """Return the parameters at ``iteration``, or None where they were not kept."""
        position = self.position(iteration)
        return None if position is None else dict(zip(self.names, position.parameters.tolist(), strict=True))

    def position(self, iteration: int) -> Position | None:
        """Return the position at ``iteration``, or None where it was not kept."""
        place = int(np.searchsorted(self.iterations, iteration))
        kept = place < len(self.iterations) and self.iterations[place] == iteration
        return self.positions[place] if kept else None

    def __repr__(self) -> str:
        return (
            f"FormulaPath({len(self)} of {grouped(self.iterations[-1] + 1)} iterations, "
            f"cost {self.cost[0]:.6g} -> {self.cost[-1]:.6g})"
        )


class PathKeeper:
    """Collects a path while it happens; when it holds too many positions, every other one is let go."""

    def __init__(self, names: tuple[str, ...], most: int = _MOST) -> None:
        self._names = names
        self._most = most
        self._stride = 1
        self._kept: dict[int, Position] = {}

    def add(self, at: Position) -> None:
        """Take in the next position."""
        past = at.number - 2
        if past in self._kept and not self._stays(past):
            del self._kept[past]
        self._kept[at.number] = at
        while len(self._kept) > self._most and self._stride <= at.number:
            self._stride *= 2
            self._kept = {k: p for k, p in self._kept.items() if k >= at.number - 1 or self._stays(k)}

    def path(self) -> FormulaPath:
        """Return what was collected."""
        positions = tuple(self._kept[k] for k in sorted(self._kept))
        return FormulaPath(
            self._names,
            np.array([p.number for p in positions], np.int64),
            np.array([p.parameters for p in positions]),
            np.array([p.cost for p in positions]),
            np.array([np.abs(p.gradient).max(initial=0.0) for p in positions]),
            np.array([p.step for p in positions]),
            positions,
        )

    def _stays(self, number: int) -> bool:
        return number <= 3 or number % self._stride == 0 or _is_power_of_ten(number) or _is_power_of_ten(number - 1)


def _is_power_of_ten(number: int) -> bool:
    while number >= 10 and number % 10 == 0:
        number //= 10
    return number == 1
