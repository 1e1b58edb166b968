"""What the errors weigh: the cost of the decisions, and a kappa for which some errors are worse than others."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.errors import InputError, undefined_metric, warn
from workings.language import message
from workings.subjects.confusion import overall
from workings.subjects.confusion.rates import ONE_CLASS

__all__ = ["WeighedErrors"]


class WeighedErrors:
    """The questions to a confusion matrix that say what each kind of error weighs."""

    counts: NDArray[Any]
    labels: tuple[Any, ...]

    def cost(self, costs: ArrayLike | None = None, *, cost_fp: float = 1.0, cost_fn: float = 1.0) -> float:
        r"""Return what all decisions cost, :math:`\sum_{jk} c_{jk} C_{jk}`.

        Parameters
        ----------
        costs
            (k, k) what it costs that a row of class j (rows) was predicted as k (columns); gains are negative.
        cost_fp, cost_fn
            For two classes, without a table: what a false positive and a false negative cost.

        Raises
        ------
        InputError
            If the table is not (k, k) finite numbers, is missing for more than two classes, or comes with the two
            costs; or if one of these is NaN or infinite.

        Examples
        --------
        >>> import workings as wk
        >>> cm = wk.ConfusionMatrix.from_counts([[50, 5], [10, 35]])
        >>> cm.cost(cost_fp=1, cost_fn=20)
        205.0
        >>> cm.mean_cost([[0, 1], [20, 0]])
        2.05
        """
        return float(_sum_of_products(self._costs(costs, cost_fp, cost_fn).tolist(), self.counts.tolist()))

    def mean_cost(self, costs: ArrayLike | None = None, *, cost_fp: float = 1.0, cost_fn: float = 1.0) -> float:
        """Return what the decision on a row costs on average: :meth:`cost` over the number (or weight) of rows.

        Raises
        ------
        InputError
            As :meth:`cost`.
        """
        total = self.counts.sum().item()
        cost = self.cost(costs, cost_fp=cost_fp, cost_fn=cost_fn)
        if total:
            return cost / total
        warn(undefined_metric(message("The mean cost is undefined and given as NaN: there are no rows")))
        return math.nan

    def weighted_kappa(self, weights: Literal["linear", "quadratic"] | ArrayLike = "linear") -> float:
        r"""Return Cohen's kappa with errors that weigh differently, for classes in an order.

        .. math:: 1 - \frac{\sum_{jk} w_{jk} C_{jk}}{\sum_{jk} w_{jk} a_j b_k / n}

        with :math:`a_j` the rows of class j and :math:`b_k` those predicted as k. The classes are taken in the order of
        ``labels``: text is sorted by the alphabet, which is seldom the order that is meant.

        Parameters
        ----------
        weights
            "linear", :math:`|j - k|`; "quadratic", :math:`(j - k)^2`; or a table (k, k) of what each pair weighs.

        Returns
        -------
        float
            NaN, with a warning, where no error is possible by chance.

        Raises
        ------
        InputError
            If ``weights`` is another word, or no (k, k) table of numbers that are finite and not negative.

        Source
        ------
        Cohen (1968), "Weighted kappa", Psychological Bulletin 70, 213.

        Examples
        --------
        >>> import workings as wk
        >>> round(wk.confusion_matrix([1, 2, 3, 3], [1, 2, 2, 3]).weighted_kappa("quadratic"), 4)
        0.8
        """
        name = "weighted_kappa"
        if isinstance(weights, str):
            table = self._apart(weights)
        else:
            table = self._table(weights, name, "weights")
            if (table < 0).any():
                raise InputError(
                    message("weighted_kappa: weights must not be negative; got {least}", least=float(table.min()))
                )
        counts = overall.in_unit(self.counts.tolist())
        actual, predicted = ([sum(line) for line in lines] for lines in (counts, zip(*counts, strict=True)))
        pairs = [[a * b for b in predicted] for a in actual]
        seen, by_chance = (_sum_of_products(table.tolist(), cells) for cells in (counts, pairs))
        if by_chance:
            return (by_chance - sum(actual) * seen) / by_chance
        cause = ONE_CLASS if sum(actual) else message("there are no rows")
        warn(
            undefined_metric(message("Weighted kappa is undefined and given as NaN: {cause}", cause=cause)),
        )
        return math.nan

    def _apart(self, weights: str) -> NDArray[Any]:
        """Return how many places two classes are apart, or its square."""
        if weights not in ("linear", "quadratic"):
            raise InputError(
                message(
                    'weighted_kappa: weights must be "linear", "quadratic" or a table; got {got}', got=repr(weights)
                )
            )
        places = np.arange(len(self.labels))
        apart = np.abs(places[:, None] - places)
        return apart if weights == "linear" else apart**2

    def _costs(self, costs: ArrayLike | None, cost_fp: float, cost_fn: float) -> NDArray[Any]:
        if costs is not None:
            if (cost_fp, cost_fn) != (1.0, 1.0):
                raise InputError(message("cost: costs must be a table or cost_fp and cost_fn, not both; leave one out"))
            return self._table(costs, "cost", "costs")
        if len(self.labels) != 2:
            raise InputError(
                message(
                    "cost: costs must be a table of {size} x {size} numbers for {size} classes, rows actual and "
                    "columns predicted; got none; cost_fp and cost_fn are for two classes",
                    size=len(self.labels),
                )
            )
        return self._table([[0, cost_fp], [cost_fn, 0]], "cost", "costs")

    def _table(self, values: ArrayLike, function: str, argument: str) -> NDArray[Any]:
        table = np.asarray(values)
        size = len(self.labels)
        if table.shape != (size, size) or table.dtype.kind not in "iuf" or not np.isfinite(table).all():
            raise InputError(
                message(
                    "{function}: {argument} must be a table of {size} x {size} finite numbers, rows actual and columns "
                    "predicted; got {dtype} of shape {shape}",
                    function=function,
                    argument=argument,
                    size=size,
                    dtype=str(table.dtype),
                    shape=str(table.shape),
                )
            )
        return table


def _sum_of_products(table: list[list[float]], cells: list[list[float]]) -> float:
    """Return the sum of each cell times what it weighs: a whole number of whole ones."""
    products = [w * c for ws, cs in zip(table, cells, strict=True) for w, c in zip(ws, cs, strict=True) if w]
    return sum(products) if all(isinstance(product, int) for product in products) else math.fsum(products)
