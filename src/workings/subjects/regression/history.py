"""What an iteration leaves behind: its cost and largest slope at every step, parameters and slopes at some."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["History", "HistoryKeeper"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class History:
    """The way that an iteration went.

    Parameters
    ----------
    cost
        The cost at iterations 0, 1, ..., shape (iterations + 1,).
    gradient_norm
        The largest absolute partial derivative at the same iterations, same shape.
    kept
        The iterations whose parameters are kept, in order: 0, 1, 2, 3, the powers of ten, an even choice of the others,
        and always the last.
    parameters, gradients
        The parameters there and the partial derivatives by them, shape (kept, outputs, columns); where there is an
        intercept it is the last column.
    """

    cost: Array
    gradient_norm: Array
    kept: NDArray[np.int64]
    parameters: Array
    gradients: Array

    def __len__(self) -> int:
        return len(self.cost)

    def __repr__(self) -> str:
        return (
            f"History({len(self)} iterates, cost {self.cost[0]:.6g} -> {self.cost[-1]:.6g}, "
            f"gradient {self.gradient_norm[0]:.3g} -> {self.gradient_norm[-1]:.3g})"
        )

    def at(self, iteration: int) -> Array | None:
        """Return the parameters at ``iteration``, shape (outputs, columns), or None where they were not kept."""
        place = self._place(iteration)
        return None if place is None else self.parameters[place]

    def gradient_at(self, iteration: int) -> Array | None:
        """Return the partial derivatives at ``iteration``, shape (outputs, columns), or None where not kept."""
        place = self._place(iteration)
        return None if place is None else self.gradients[place]

    def _place(self, iteration: int) -> int | None:
        place = int(np.searchsorted(self.kept, iteration))
        return None if place == len(self.kept) or self.kept[place] != iteration else place


class HistoryKeeper:
    """Collects a history while it happens; when more than ``most`` iterates are held, every other one is let go."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._stride = 1
        self._cost: list[float] = []
        self._norm: list[float] = []
        self._kept: dict[int, tuple[Array, Array]] = {}

    def add(self, number: int, cost: float, gradient: Array, parameters: Array) -> None:
        """Take in the next iterate."""
        self._cost.append(cost)
        self._norm.append(float(np.abs(gradient).max(initial=0.0)))
        before = number - 1
        if before in self._kept and not self._stays(before):
            del self._kept[before]
        self._kept[number] = parameters, gradient
        while len(self._kept) > self._most and self._stride <= number:
            self._stride *= 2
            self._kept = {k: value for k, value in self._kept.items() if k == number or self._stays(k)}

    def history(self) -> History:
        """Return what was collected."""
        kept = sorted(self._kept)
        return History(
            np.array(self._cost),
            np.array(self._norm),
            np.array(kept, np.int64),
            np.array([self._kept[k][0] for k in kept]),
            np.array([self._kept[k][1] for k in kept]),
        )

    def _stays(self, number: int) -> bool:
        return number <= 3 or number % self._stride == 0 or _is_power_of_ten(number)


def _is_power_of_ten(number: int) -> bool:
    return str(number).rstrip("0") == "1"
