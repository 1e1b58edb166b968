"""The mergeable states of a formula's fit at given parameters: sums over the rows, and their factor."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from workings.arrays import SummaryFormatError, pack, unpack
from workings.arrays.sums import two_sum
from workings.errors import WorkingsError
from workings.language import message
from workings.subjects.regression.formula_columns import as_columns
from workings.subjects.regression.formula_program import FitProgram, program_from_json
from workings.subjects.regression.summary import triangular

__all__ = ["FormulaBend", "FormulaFactor", "FormulaSums"]

Array = NDArray[np.float64]

_FUNCTION = "fit_formula"
# Rows of the table whose factor is taken at once: with its copies it stays in memory.
_BLOCK = 1 << 16


class _RowSums(ABC):
    """Sums over rows at given parameters, each in two parts, the second of which is what additions rounded off.

    So where the rows were cut hardly matters.
    """

    kind: ClassVar[str]

    def __init__(self, program: FitProgram, at: Array, size: int) -> None:
        self.program = program
        self.at = np.asarray(at, dtype=np.float64)
        self.count = 0
        self.sums = np.zeros(size)
        self.lost = np.zeros(size)

    def update(self, batch: Any, /) -> None:
        """Take in a batch of columns, in one pass."""
        columns = as_columns(batch, self.program.columns, function=_FUNCTION)
        count = len(columns[self.program.target])
        if count:
            self._add(count, np.array(self._of(columns), dtype=np.float64), np.zeros_like(self.sums))

    def merge(self, other: Self, /) -> None:
        """Take in what another has seen."""
        self._add(other.count, other.sums, other.lost)

    def to_bytes(self) -> bytes:
        """Return the state, versioned, its program included."""
        fields = {"program": self.program.to_json(), "count": self.count}
        return pack(self.kind, 1, fields, {"at": self.at, "sums": self.sums, "lost": self.lost, **self._besides()})

    @abstractmethod
    def _of(self, columns: dict[str, Array]) -> tuple[float, ...]:
        """Return the sums over columns."""

    def _besides(self) -> dict[str, Array]:
        """Return what else the state holds."""
        return {}

    def _add(self, count: int, sums: Array, lost: Array) -> None:
        with np.errstate(all="ignore"):  # a cost that is infinite stays so
            self.sums, error = two_sum(self.sums, sums)
            self.lost = self.lost + lost + np.where(np.isfinite(error), error, 0.0)
        self.count += count


class FormulaSums(_RowSums):
    """The cost of a formula over rows at given parameters, its slopes, and its Gauss-Newton matrix.

    Parameters
    ----------
    program
        What is summed.
    at
        The parameters.
    """

    kind = "formula sums"

    def __init__(self, program: FitProgram, at: Array) -> None:
        size = len(program.parameters)
        super().__init__(program, at, 1 + size + size * (size + 1) // 2)

    def result(self) -> tuple[float, Array, Array]:
        """Return the cost summed over the rows, its gradient, and the matrix."""
        size = len(self.at)
        whole = self.sums + self.lost
        matrix = np.zeros((size, size))
        matrix[np.triu_indices(size)] = whole[1 + size :]
        return float(whole[0]), whole[1 : 1 + size], matrix + np.triu(matrix, 1).T

    @classmethod
    def from_bytes(cls, data: bytes, /) -> Self:
        """Return the state that ``to_bytes`` wrote; it goes on taking batches.

        Raises
        ------
        SummaryFormatError
            If the bytes are no such state.
        """
        fields, arrays = unpack(cls.kind, 1, data)
        state = cls(_program(fields["program"]), arrays["at"])
        state.count, state.sums, state.lost = fields["count"], arrays["sums"], arrays["lost"]
        return state

    def _of(self, columns: dict[str, Array]) -> tuple[float, ...]:
        return self.program.sums(*self.at.tolist(), *columns.values())


class FormulaBend(_RowSums):
    """How the model bends along a direction: Σ s c ∂q/∂θ ∂²q/∂v² at given parameters.

    Parameters
    ----------
    program, at
        As for :class:`FormulaSums`.
    along
        v.
    """

    kind = "formula bend"

    def __init__(self, program: FitProgram, at: Array, along: Array) -> None:
        super().__init__(program, at, len(program.parameters))
        self.along = np.asarray(along, dtype=np.float64)

    def result(self) -> Array:
        """Return the sums."""
        return self.sums + self.lost

    @classmethod
    def from_bytes(cls, data: bytes, /) -> Self:
        """Return the state that ``to_bytes`` wrote; it goes on taking batches.

        Raises
        ------
        SummaryFormatError
            If the bytes are no such state.
        """
        fields, arrays = unpack(cls.kind, 1, data)
        state = cls(_program(fields["program"]), arrays["at"], arrays["along"])
        state.count, state.sums, state.lost = fields["count"], arrays["sums"], arrays["lost"]
        return state

    def _besides(self) -> dict[str, Array]:
        return {"along": self.along}

    def _of(self, columns: dict[str, Array]) -> tuple[float, ...]:
        bends = self.program.bends
        if bends is None:
            return (0.0,) * len(self.at)
        return bends(*self.at.tolist(), *self.along.tolist(), *columns.values())


class FormulaFactor:
    """For squared errors: the triangular R of the rows √s·[∂p/∂θ, y - p], from which a step loses half as many digits.

    Parameters
    ----------
    program, at
        As for :class:`FormulaSums`.
    """

    def __init__(self, program: FitProgram, at: Array) -> None:
        self.program = program
        self.at = np.asarray(at, dtype=np.float64)
        self.count = 0
        self.factor: Array = np.zeros((0, len(self.at) + 1))

    def update(self, batch: Any, /) -> None:
        """Take in a batch of columns."""
        columns = as_columns(batch, self.program.columns, function=_FUNCTION)
        count = len(columns[self.program.target])
        for first in range(0, count, _BLOCK):
            part = [values[first : first + _BLOCK] for values in columns.values()]
            height = len(part[0])
            table = np.empty((height, len(self.at) + 1))
            for k, values in enumerate(self.program.rows(*self.at.tolist(), *part)):
                table[:, k] = values
            self._add(height, table)

    def merge(self, other: Self, /) -> None:
        """Take in what another has seen."""
        self._add(other.count, other.factor)

    def _add(self, count: int, rows: Array) -> None:
        if not count:
            return
        finite = np.isfinite(rows).all() and np.isfinite(self.factor).all()
        self.factor = triangular([self.factor, rows]) if finite else np.full((1, rows.shape[1]), np.nan)
        self.count += count

    def result(self) -> Array:
        """Return R, with as many rows as columns."""
        size = self.factor.shape[1]
        whole = np.zeros((size, size))
        whole[: len(self.factor)] = self.factor
        return whole

    def to_bytes(self) -> bytes:
        """Return the state, versioned, its program included."""
        fields = {"program": self.program.to_json(), "count": self.count}
        return pack("formula factor", 1, fields, {"at": self.at, "factor": self.factor})

    @classmethod
    def from_bytes(cls, data: bytes, /) -> Self:
        """Return the state that ``to_bytes`` wrote; it goes on taking batches.

        Raises
        ------
        SummaryFormatError
            If the bytes are no such state.
        """
        fields, arrays = unpack("formula factor", 1, data)
        state = cls(_program(fields["program"]), arrays["at"])
        state.count, state.factor = fields["count"], arrays["factor"]
        return state


def _program(text: Any) -> FitProgram:
    try:
        return program_from_json(text)
    except (WorkingsError, json.JSONDecodeError, KeyError, TypeError) as error:
        raise SummaryFormatError(
            message("state: these bytes are not a saved {expected}; they may be cut short", expected="formula")
        ) from error
