"""Where the estimated error of each subinterval comes from: Kronrod's sum, Gauss's, and what their distance says."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workings.expression import (
    Node,
    Symbol,
    absolute,
    equation,
    evaluate,
    indexed,
    maximum,
    minimum,
    number,
    symbol,
    symbols,
    total,
)
from workings.language import message
from workings.subjects.integration.explain_cuts import CUTS, Ends
from workings.subjects.integration.result import Subintervals
from workings.subjects.integration.rule import GAUSS, KRONROD, estimate
from workings.working import Derivation, Derived, Table

__all__ = ["Estimates", "tell_estimates"]

Array = NDArray[np.float64]

_EPS = float(np.finfo(np.float64).eps)
# Sums of 21 rounded products are off by so many units of their size.
_UNITS = 16.0
# A spread below so much of ∫|f| is rounding: f is constant, and nothing but the floor is left of the estimate.
_CONSTANT = 4 * _EPS


@dataclass(frozen=True, eq=False)
class Estimates:
    """What a working knows of the estimates, for the subintervals that it tells.

    Parameters
    ----------
    cells
        By subinterval the cell of its estimated error; of one that is missing nothing was computed again.
    raised
        How many of those were raised by what bisecting had shown.
    """

    cells: dict[int, Derived]
    raised: int


def tell_estimates(w: Derivation, cut: Subintervals, ends: Ends, kept: list[int], *, falling: bool) -> Estimates:
    """Tell in a closed part how the estimates follow from the values at the nodes, by QUADPACK's formula.

    Parameters
    ----------
    w
        Where it is told.
    cut, ends
        The subintervals and what their ends follow from.
    kept
        Which of them are told.
    falling
        Whether the upper limit is below the lower one: areas then are negative.
    """
    told = [k for k in kept if not cut.double_exponential[k] and np.isfinite(cut.nodes[k]).all()]
    told = [k for k in told if np.isfinite(cut.error[k]) and np.isfinite(cut.value[k])]
    if not told:
        return Estimates({}, 0)
    values = -cut.nodes[told] if falling else cut.nodes[told]
    w.given("F", values, message("f at the rule's nodes on the subintervals told; times 1/u² on infinite ones"))
    w.given("kappa", KRONROD, message("Kronrod's published weights at the 21 nodes of (-1, 1)"))
    w.given("omega", GAUSS, message("Gauss's at the same nodes, 0 at those that are not his"))
    lifted = [k for k in told if cut.raised[k]]
    if lifted:
        w.given("P", cut.error[lifted], message("estimates that bisecting had raised, as they were kept"))
    places = {CUTS: np.array(ends.cuts)}
    found = _Sums.of(values, np.array([float(evaluate(ends.halves[k], places)) for k in told]))
    with w.part("estimates", message("The rule's sums, and the errors that they estimate"), closed=True):
        _define(w)
        rows: list[tuple[Derived | int, ...]] = []
        cells: dict[int, Derived] = {}
        for row, k in enumerate(told):
            error = float(cut.error[k])
            # That places are rounded, which the rule counts as error besides, the formula does not know.
            moved = 0.1 * math.ulp(ends.sizes[k]) * float(np.ptp(cut.nodes[k]))
            allowed = found.allowed(row, float(cut.value[k])) + moved
            statement = indexed("E", k + 1)
            estimated = Derived(float(found.error[row]) if cut.raised[k] else error, found.estimate(row, k), allowed)
            if cut.raised[k]:
                statement = maximum(statement, indexed("P", lifted.index(k) + 1))
            cells[k] = Derived(error, statement, allowed)
            rows.append((k + 1, *found.cells(row, k, ends.halves[k], float(cut.value[k])), estimated))
        headings = (message("subinterval"), *symbols("H K G R E"))
        w.table(
            "sums", Table(headings, tuple(rows)), title=message("Half its length, both sums, the spread, the error")
        )
    return Estimates(cells, len(lifted))


def _define(w: Derivation) -> None:
    j, height, kronrod, gauss, spread = symbols("j H K G R")
    value = indexed("F", j)
    by_kronrod, by_gauss = indexed("kappa", j), indexed("omega", j)
    w.define(
        "kronrod",
        equation(kronrod, height * total(by_kronrod * value, j, 1, 21)),
        title=message("Kronrod's rule"),
        note=message(
            "H is half the subinterval's length, in u = 1/(1 + |x - c|) where it lies between c and infinity; F are "
            "the values at the nodes, there times 1/u²."
        ),
    )
    w.define("gauss", equation(gauss, height * total(by_gauss * value, j, 1, 21)), title=message("Gauss's rule"))
    w.define(
        "spread",
        equation(spread, height * total(by_kronrod * absolute(value - kronrod / (2 * height)), j, 1, 21)),
        title=message("How far f spreads about its mean"),
    )
    w.define(
        "estimate",
        equation(symbol("E"), _estimate(kronrod, gauss, spread, _floor(height, indexed("F", j), j))),
        title=message("The error that is estimated"),
        note=message(
            "K - G is about the error of G; that of K is far smaller where K - G is small beside R (QUADPACK, 1983). "
            "The last term is what rounding may leave."
        ),
    )


def _estimate(kronrod: Node, gauss: Node, spread: Node, floor: Node) -> Node:
    ratio = number(200) * absolute(kronrod - gauss) / spread
    return maximum(spread * minimum(number(1), ratio ** (number(3) / 2)), floor)


def _floor(height: Node, value: Node, j: Symbol) -> Node:
    size = total(indexed("kappa", j) * absolute(value), j, 1, 21)
    return number(50) / number(2) ** 52 * height * size


@dataclass(frozen=True, eq=False)
class _Sums:
    """The rule's sums on some subintervals, (n,) each, as NumPy adds them; ``size`` is ∫|f|."""

    halves: Array
    gauss: Array
    spread: Array
    error: Array
    size: Array

    @classmethod
    def of(cls, values: Array, halves: Array) -> _Sums:
        kronrod, error, size = estimate(values, halves)
        spread = np.abs(values - (kronrod / (2.0 * halves))[:, None]) @ KRONROD * halves
        return cls(halves, values @ GAUSS * halves, spread, error, size)

    def constant(self, row: int) -> bool:
        """Return whether the values differ by rounding at the most."""
        return bool(self.spread[row] <= _CONSTANT * self.size[row])

    def cells(self, row: int, k: int, half: Node, kronrod: float) -> tuple[Derived, ...]:
        """Return H, K, G and R of subinterval k; K is the area as the rule gave it."""
        j, off = symbol("j"), _UNITS * _EPS * float(self.size[row])
        height, area, value = indexed("H", k + 1), indexed("K", k + 1), indexed("F", row + 1, j)
        by_kronrod = indexed("kappa", j)
        spread = total(by_kronrod * absolute(value - area / (2 * height)), j, 1, 21)
        return (
            Derived(float(self.halves[row]), equation(height, half)),
            Derived(kronrod, equation(area, height * total(by_kronrod * value, j, 1, 21)), off),
            Derived(
                float(self.gauss[row]),
                equation(indexed("G", k + 1), height * total(indexed("omega", j) * value, j, 1, 21)),
                off,
            ),
            Derived(float(self.spread[row]), equation(indexed("R", k + 1), height * spread), off),
        )

    def estimate(self, row: int, k: int) -> Node:
        """Return what the estimated error of subinterval k is, by the formula."""
        j = symbol("j")
        height, kronrod, gauss, spread = (indexed(name, k + 1) for name in "HKGR")
        floor = _floor(height, indexed("F", row + 1, j), j)
        return equation(indexed("E", k + 1), floor if self.constant(row) else _estimate(kronrod, gauss, spread, floor))

    def allowed(self, row: int, kronrod: float) -> float:
        """Return how far the estimate may be off, as the sums that it compares are rounded."""
        off, spread = _UNITS * _EPS * float(self.size[row]), float(self.spread[row])
        if self.constant(row):
            return off
        apart = abs(kronrod - float(self.gauss[row]))
        less, more = (spread * min(1.0, (200.0 * d / spread) ** 1.5) for d in (max(apart - off, 0.0), apart + off))
        return more - less + more * off / spread
