"""Gauss-Newton steps with Levenberg-Marquardt damping, bent where the model is curved."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workings.language import message
from workings.subjects.regression.formula_path import Position
from workings.subjects.regression.formula_quadratic import Quadratic
from workings.subjects.regression.iteration import Status, written

__all__ = ["Damped", "Standing"]

Array = NDArray[np.float64]

_EPS = float(np.finfo(float).eps)
# Of costs that differ by less than this part of themselves rounding decides which is the lower.
_ROUNDING = 1e-13
_FIRST_DAMPING, _LEAST_DAMPING, _MOST_DAMPING = 1e-3, 1e-20, 1e200
# A sum of products loses as many digits as the matrix's condition has; beyond this the factor is asked.
_WELL_CONDITIONED = 1e6
# Half the second-order part of a step may be at most this part of the first-order one (Transtrum and Sethna's α).
_MOST_BENT = 0.75
# Where the last fall was this near to the promised one, and the damping is at most this part of the least curvature,
# nothing holds the steps up: the bend is not asked for, and the damping falls to this part of itself.
_AS_PROMISED, _HARDLY, _FREE = 0.25, 0.1, 0.01
# By what D may shrink in a step. Moré never lets it, which holds a fit that began where a column was huge for long.
_SHRINK = 0.5


@dataclass(frozen=True, eq=False)
class Standing(Position):
    """A position of this algorithm.

    Parameters
    ----------
    near
        The cost's quadratic there, with the scale that steps are measured in.
    plain
        The same with its own scale.
    ratio
        The fall that the last step brought over the promised one; 0 where there is no last step.
    sharp
        Whether the quadratics come from the rows' factor, from here on.
    """

    near: Quadratic | None = None
    plain: Quadratic | None = None
    ratio: float = 0.0
    sharp: bool = False


@dataclass(frozen=True, eq=False)
class Damped:
    r"""Gauss-Newton steps, damped where the cost is not what its quadratic says.

    .. math:: (A + λ D^2)\, δ = -∇J, \qquad A = \sum_i s_i c_i \frac{∂q_i}{∂θ} \frac{∂q_i}{∂θ}^T, \quad
              D^2 = \operatorname{diag} A

    and half of a further step with the second derivative of the model along δ on the right, which bends the way along
    a curved valley. A step that lowers the cost is taken, and the damping λ falls to
    :math:`\max(1/3, 1 - (2ρ - 1)^3)` of itself, where ρ is the fall over the promised one (to a hundredth, once steps
    are hardly damped and fall as promised); else λ grows 2, 4, 8, ... times and the step is tried again.

    Parameters
    ----------
    look
        Gives the quadratic at given parameters whose scale is no less than another; None where it is not finite.
    bend
        Gives Σ s c ∂q/∂θ ∂²q/∂v² at given parameters along v; None for a model that is linear in them.
    sharpen
        Gives the quadratic from the rows' factor; None where the loss has none.
    weight
        The sum of the rows' weights, by which the cost is a mean.
    tol
        It has arrived where the bottom of the quadratic lies less than tol² times the cost below it. For squared
        errors that is the relative offset of Bates and Watts: the part of the errors that the parameters could still
        explain is tol times all of them.
    size
        For squared errors the root of the sum of s y²: the errors are what is left of numbers of that size, and carry
        their rounding.
    nothing
        A cost of this size is what rounding leaves of none.

    Notes
    -----
    K. Levenberg (1944), *Quarterly of Applied Mathematics* 2, 164-168; D. Marquardt (1963), *SIAM Journal* 11,
    431-441 (the diagonal of A); J. Moré (1978), *Lecture Notes in Mathematics* 630, 105-116 (that D does not shrink at
    once; the factor instead of A); H. Nielsen (1999), IMM-REP-1999-05, Technical University of Denmark (how λ
    changes); M. Transtrum and J. Sethna (2012), arXiv:1201.5885, equation 10 (the bend); N. Schraudolph (2002),
    *Neural Computation* 14, 1723-1738 (A for losses other than the squared one); D. Bates and D. Watts (1981),
    *Technometrics* 23, 179-183.
    """

    look: Callable[[Array, Array | float], Quadratic | None]
    bend: Callable[[Array, Array], Array] | None
    sharpen: Callable[[Array, Array | float], Quadratic | None] | None
    weight: float
    tol: float
    size: float = 0.0
    nothing: float = 0.0

    def init(self, start: Array) -> Standing:
        """Return the position at ``start``, where the cost and its slopes have to be finite."""
        near = self.look(start, 0.0)
        if near is None:
            raise FloatingPointError("the cost at the start is not finite")
        at = Standing(0, start, 0.0, near.gradient, 0.0, np.zeros_like(start), _FIRST_DAMPING)
        return self._judged(at, near)

    def step(self, at: Position) -> Standing:
        """Return the next position."""
        if not isinstance(at, Standing) or at.near is None:
            raise TypeError("a position of another algorithm")
        near = at.near
        found = self._tried(at, near)
        if found is None and not at.sharp:
            # The sums can tell no more; the factor may.
            sharper = self._sharpened(at)
            if sharper is not None and sharper.near is not None:
                at, near = sharper, sharper.near
                found = self._tried(at, near)
        if found is None:
            # Parameters that hardly matter may hold all others: see what the others do.
            found = self._tried(replace(at, next_step=_FIRST_DAMPING), near.held(at.parameters))
        return replace(at, stop=self._stalled(at)) if found is None else found

    def _tried(self, at: Standing, near: Quadratic) -> Standing | None:
        """Return the next position, None if no step lowers the cost."""
        damping, growth = at.next_step, 2.0
        while damping <= _MOST_DAMPING:
            change, promise = near.step(damping)
            if (at.parameters + change == at.parameters).all():
                return None
            bent = self._bent(at, near, change, damping)
            parameters = at.parameters if bent is None else at.parameters + bent
            found = None if bent is None else self._seen(parameters, _SHRINK * near.scale, sharp=at.sharp)
            ratio = None if found is None else self._ratio(near, found, promise)
            if found is not None and ratio is not None:
                less = _FREE if _is_right(near, ratio, damping) else max(1 / 3, 1.0 - (2.0 * ratio - 1.0) ** 3)
                following = max(_LEAST_DAMPING, damping * less)
                still = np.zeros_like(parameters)
                to = Standing(
                    at.number + 1,
                    parameters,
                    0.0,
                    found.gradient,
                    damping,
                    still,
                    following,
                    ratio=ratio,
                    sharp=at.sharp,
                )
                return self._judged(to, found)
            damping, growth = damping * growth, 2.0 * growth
        return None

    def terminate(self, at: Position) -> Status | None:
        """End where the quadratic has no lower bottom, or no step lowers the cost."""
        if at.stop is not None:
            return at.stop
        if isinstance(at, Standing) and at.plain is not None and self._at_bottom(at.plain):
            return _arrived(at)
        return None

    def _bent(self, at: Standing, near: Quadratic, change: Array, damping: float) -> Array | None:
        """Return a step with its second-order part, None where that is too large for the step to be trusted."""
        if self.bend is None or _is_right(near, at.ratio, damping):
            return change
        further = -near.solve(self.bend(at.parameters, change), damping)
        if not np.isfinite(further).all():
            return None
        small = 2.0 * np.linalg.norm(near.scale * further) <= _MOST_BENT * np.linalg.norm(near.scale * change)
        return change + 0.5 * further if small else None

    def _seen(self, parameters: Array, least: Array, *, sharp: bool) -> Quadratic | None:
        if not np.isfinite(parameters).all():
            return None
        return self.sharpen(parameters, least) if sharp and self.sharpen is not None else self.look(parameters, least)

    def _judged(self, at: Standing, near: Quadratic) -> Standing:
        """Return a position with its quadratic, from the rows' factor where that is what the end depends on."""
        plain = near.rescaled()
        there = replace(at, cost=near.cost / self.weight, gradient=near.gradient / self.weight, near=near, plain=plain)
        if not at.sharp and self._at_bottom(plain) and plain.condition > _WELL_CONDITIONED:
            return self._sharpened(there) or there
        return there

    def _sharpened(self, at: Standing) -> Standing | None:
        sharper = None if self.sharpen is None else self.sharpen(at.parameters, 0.0)
        if sharper is None:
            return None
        gradient = sharper.gradient / self.weight
        return replace(at, gradient=gradient, near=sharper, plain=sharper.rescaled(), sharp=True)

    def _rounding(self, cost: float) -> float:
        """Return by how much a cost may be off: by its sum's rounding, and by that of the errors in it."""
        return _ROUNDING * abs(cost) + 8 * _EPS * self.size * math.sqrt(abs(cost))

    def _ratio(self, before: Quadratic, after: Quadratic, promise: float) -> float | None:
        """Return a step's fall over the promised one, None if it brought none."""
        fall, rounding = before.cost - after.cost, self._rounding(before.cost)
        if fall > 0.0 and promise > rounding:
            return fall / promise
        # The promise is below the rounding of the costs: only their slopes can tell.
        return 1.0 if abs(fall) <= rounding >= promise and after.promise < before.promise else None

    def _stalled(self, at: Standing) -> Status:
        """Return the status of a step that nothing could shorten enough: arrived, if rounding is what is left."""
        plain = at.plain
        if plain is not None and plain.usable.all() and plain.promise <= self._rounding(plain.cost):
            return _arrived(at)
        return Status(
            "stalled",
            message(
                "stopped at iteration {iteration}: no step lowers the cost any further than rounding; the largest "
                "partial derivative is {gradient}",
                iteration=at.number,
                gradient=written(float(np.abs(at.gradient).max(initial=0.0))),
            ),
        )

    def _at_bottom(self, plain: Quadratic) -> bool:
        return plain.promise <= self.tol**2 * abs(plain.cost) or abs(plain.cost) <= self.nothing


def _is_right(near: Quadratic, ratio: float, damping: float) -> bool:
    """Whether a step fell as promised and is hardly damped: then nothing holds it up."""
    return abs(ratio - 1.0) <= _AS_PROMISED and damping <= _HARDLY * float(near.values.min())


def _arrived(at: Position) -> Status:
    return Status(
        "converged",
        message(
            "converged at iteration {iteration}: the largest partial derivative is {gradient}",
            iteration=at.number,
            gradient=written(float(np.abs(at.gradient).max(initial=0.0))),
        ),
    )
