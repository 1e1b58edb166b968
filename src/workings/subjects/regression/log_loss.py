r"""The mergeable state of logistic regression: the log-loss at given parameters, with its gradient and curvature."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray

from workings.arrays import pack, unpack
from workings.subjects.regression.products import worth_a_loop
from workings.subjects.regression.rows import Rows

__all__ = ["LogLoss"]

Array = NDArray[np.float64]

# From so many scores in a batch on their compiled loop is worth loading.
LARGE = 1 << 12


class LogLoss:
    r"""Sums of the log-loss and its derivatives over rows, for one or several yes/no questions about each.

    .. math:: ℓ_i = \log(1 + e^{-z_i})\ \text{where}\ t_i = 1, \quad \log(1 + e^{z_i})\ \text{where}\ t_i = 0, \qquad
              \frac{∂ℓ_i}{∂w_j} = (σ(z_i) - t_i)\, x_{ij}, \qquad z_i = w \cdot x_i + b

    Parameters
    ----------
    parameters
        Shape (outputs, columns) or (outputs, columns + 1) with the intercept last.
    columns
        The number of columns of X.
    curvature
        Whether second derivatives are summed too.

    Notes
    -----
    A batch is ``Rows(X, y, weight)`` with y the number of each row's class from 0: for one output t = y, for several
    t = 1 in output k where y = k.
    """

    kind = "log-loss"

    def __init__(self, parameters: Array, columns: int, *, curvature: bool = False) -> None:
        self.parameters = parameters
        self.columns = columns
        self.count = 0
        self.weight = 0.0
        self.cost = 0.0
        self.gradient: Array = np.zeros_like(parameters)
        outputs, width = parameters.shape
        self.second: Array | None = np.zeros((outputs, width, width)) if curvature else None
        # The nearest that any row comes to the wrong side, max over rows of ±z, for each output: below zero, the
        # hyperplane parts the classes.
        self.nearest: Array = np.full(outputs, -np.inf)

    def update(self, batch: Rows, /) -> None:
        """Take in a batch of rows."""
        self.count += len(batch.X)
        self.weight += float(len(batch.X)) if batch.weight is None else float(batch.weight.sum())
        found = _in_a_loop if worth_a_loop(batch, 1) else _by_products
        cost, gradient, second, nearest = found(batch, self.parameters, self.columns, self.second is not None)
        self.cost += cost
        self.gradient += gradient
        self.nearest = np.maximum(self.nearest, nearest)
        if self.second is not None:
            self.second += second

    def merge(self, other: Self, /) -> None:
        """Take in what another state, at the same parameters, has seen."""
        self.count += other.count
        self.weight += other.weight
        self.cost += other.cost
        self.gradient += other.gradient
        self.nearest = np.maximum(self.nearest, other.nearest)
        if self.second is not None and other.second is not None:
            self.second += other.second

    def result(self) -> Self:
        """Return the sums themselves."""
        return self

    def to_bytes(self) -> bytes:
        """Return the state, versioned."""
        arrays = {"parameters": self.parameters, "gradient": self.gradient, "nearest": self.nearest}
        if self.second is not None:
            arrays["second"] = self.second
        fields = {name: getattr(self, name) for name in ("columns", "count", "weight", "cost")}
        return pack(self.kind, 1, fields, arrays)

    @classmethod
    def from_bytes(cls, data: bytes, /) -> Self:
        """Return the state that ``to_bytes`` wrote."""
        fields, arrays = unpack(cls.kind, 1, data)
        state = cls(arrays["parameters"], fields["columns"])
        state.count, state.weight, state.cost = fields["count"], fields["weight"], fields["cost"]
        state.gradient, state.nearest, state.second = arrays["gradient"], arrays["nearest"], arrays.get("second")
        return state


def _in_a_loop(batch: Rows, parameters: Array, columns: int, curvature: bool) -> tuple[float, Array, Array, Array]:
    """Return the sum of the losses, its slopes and bends, and the nearest of each output, by the compiled loop."""
    from workings.subjects.regression.kernel import log_losses

    outputs, width = parameters.shape
    # The loop has a column of ones after those of X, and takes three columns at a time.
    sides = -(-(columns + 1) // 3) * 3
    asked, gradient = np.zeros((2, outputs, sides))
    asked[:, :width] = parameters
    second, nearest = np.zeros((outputs, sides, sides) if curvature else (0, 0, 0)), np.empty(outputs)
    weight = np.zeros(0) if batch.weight is None else np.asarray(batch.weight, np.float64)
    cost = log_losses(batch.X, batch.y, weight, asked, gradient, second, nearest)
    return cost, gradient[:, :width], second[:, :width, :width], nearest


def _by_products(batch: Rows, parameters: Array, columns: int, curvature: bool) -> tuple[float, Array, Array, Array]:
    """Return the same by matrix products."""
    X = np.asarray(batch.X, np.float64)
    outputs, width = parameters.shape
    z = X @ parameters[:, :columns].T
    if width > columns:
        z += parameters[:, columns]
    sign = np.where(batch.y[:, None] == (np.arange(outputs) if outputs > 1 else 1), -1.0, 1.0)
    cost, slope, bend, nearest = (_compiled if z.size >= LARGE else _defined)(z, sign, batch.weight)
    gradient, second = np.empty((outputs, width)), np.empty((outputs, width, width) if curvature else (0, 0, 0))
    gradient[:, :columns] = slope.T @ X
    if width > columns:
        gradient[:, columns] = slope.sum(axis=0)
    for k in range(len(second)):
        second[k, :columns, :columns] = X.T @ (bend[:, k, None] * X)
        if width > columns:
            second[k, columns, :columns] = second[k, :columns, columns] = bend[:, k] @ X
            second[k, columns, columns] = bend[:, k].sum()
    return cost, gradient, second, nearest


def _defined(z: Array, sign: Array, weight: Array | None) -> tuple[float, Array, Array, Array]:
    """Return the sum of the losses, each score's slope and bend, and the nearest that each output has."""
    # In m = ±z the loss of a row of either class is log(1 + exp(m)) and its derivative ±σ(m). The textbook forms
    # -log σ(z) and σ(z) - 1 give infinity and 0 at z = -800 and z = 40, where these give 800 and -4.2e-18.
    m = sign * z
    e = np.exp(-np.abs(m))
    loss = np.maximum(m, 0.0) + np.log1p(e)
    slope = sign * np.where(m >= 0.0, 1.0, e) / (1.0 + e)
    bend = e / (1.0 + e) ** 2
    if weight is not None:
        loss *= weight[:, None]
        slope *= weight[:, None]
        bend *= weight[:, None]
        m = np.where(weight[:, None] > 0.0, m, -np.inf)
    return float(loss.sum()), slope, bend, m.max(axis=0, initial=-np.inf)


def _compiled(z: Array, sign: Array, weight: Array | None) -> tuple[float, Array, Array, Array]:
    """Return the same by the compiled loop."""
    from workings.subjects.regression.kernel import losses

    rows, outputs = z.shape
    loss, slope, bend = np.empty((3, outputs, rows))
    nearest = np.full((outputs, rows), -np.inf)
    each = np.ones(rows) if weight is None else np.asarray(weight, np.float64)
    z, sign = np.ascontiguousarray(z.T), np.ascontiguousarray(sign.T)
    for k in range(outputs):
        losses(z[k], sign[k], each, rows, loss[k], slope[k], bend[k], nearest[k])
    return float(loss.sum()), slope.T, bend.T, nearest.max(axis=1)
