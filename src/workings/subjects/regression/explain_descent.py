"""A gradient descent on a formula, told: the slopes by the chain rule, single steps, the way, and the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import Node, Symbol, absolute, at_most, equation, number, partial, symbol
from workings.language import Message, message
from workings.subjects.chain_rule.explain_rules import listed
from workings.subjects.chain_rule.explain_terms import is_short
from workings.subjects.regression.formula_columns import as_columns
from workings.subjects.regression.formula_cost import FormulaCost
from workings.subjects.regression.formula_descent import Descent, gradient_descent
from workings.subjects.regression.formula_notation import notation
from workings.subjects.regression.formula_parameters import parameter_symbols
from workings.subjects.regression.formula_path import Position
from workings.subjects.regression.formula_slopes import told_slopes
from workings.subjects.regression.formula_way import tell_way
from workings.working import Derivation, Derived, Rule, Table, Working, digits_known, explainer, shown, told_as

__all__ = ["explain_descent", "explain_gradient_descent"]

Array = NDArray[np.float64]

# So many steps are read first, the others when they are asked for.
_READ = 2
_TOLD = (0, 1, 2, 10, 100, 1_000, 10_000, 100_000)
# The parameters whose slopes and steps get a line each: of more, the steepest at the start.
_MOST_LINES = 4
# By how much a slope may be off: this part of what is added up in it.
_ROUNDING = 1e-13
# A slope of at least so many times that has the digits that are shown of it.
_TOLD_SLOPE = 1e7


@explainer(gradient_descent)
def explain_gradient_descent(f: Any, start: Mapping[str, float], /, **options: Any) -> Working:
    """Return the descent's derivation.

    Parameters
    ----------
    f, start, **options
        As :func:`gradient_descent` takes them.
    """
    return explain_descent(gradient_descent(f, start, **options))


@explainer(Descent)
def explain_descent(descent: Descent, data: Any = None) -> Working:
    """Return how a descent went; ``at(iteration=10)`` tells one step, if its place was kept.

    Parameters
    ----------
    descent
        What is told.
    data
        The columns, where they were too many for the descent to keep.

    Raises
    ------
    InputError
        If it kept no columns and none are given.
    """
    told = _Story(descent, data)
    return told.whole()


class _Story:
    def __init__(self, descent: Descent, data: Any) -> None:
        formula = descent.formula
        self.descent = descent
        self.path = descent.path
        self.columns = _columns_of(descent, data)
        symbols = parameter_symbols(formula, self.path.names)
        self.letters = notation(symbols, tuple(self.columns))
        self.node = self.letters.summed(formula.node)
        start = dict(zip(self.path.names, self.path.positions[0].parameters.tolist(), strict=True))
        slopes, self.note = told_slopes(formula.node, symbols, start, self.columns)
        self.slopes = [self.letters.summed(slope) for slope in slopes]
        first = np.abs(self.path.positions[0].gradient)
        steepest = np.argsort(-first, kind="stable")[:_MOST_LINES]
        self.lines = sorted(int(place) for place in steepest)
        self.rounding = _ROUNDING * self._size(float(first.max(initial=0.0)))

    def _size(self, steepest: float) -> float:
        """Return how large the terms of the slopes are: no less than the steepest, and than what the parameters add.

        Where the descent begins near a minimum the slopes are small and their terms are not: these show in how the
        slopes change with the parameters.
        """
        cost = FormulaCost(self.descent.formula, self.path.names, dict(self.columns))
        for at in (self.path.positions[0], self.path.positions[-1]):
            change = cost.value(at.parameters * (1.0 + 1e-4))[1] - at.gradient
            steepest = max(steepest, 1e4 * float(np.nan_to_num(np.abs(change), posinf=0.0).max(initial=0.0)))
        return steepest

    def whole(self) -> Working:
        """Tell all of it."""
        w = Derivation("regression", self._question())
        self._given(w)
        self._definitions(w)
        for number_ in self._numbers():
            self._step(w, number_)
        tell_way(
            w,
            self.path,
            self.letters,
            cost=self.node,
            slopes=self.slopes,
            step=self.letters.rate,
            off=(self._cost_rounding, self.rounding + 1e-12 * float(np.nanmax(self.path.gradient_norm))),
            rows=max((len(values) for values in self.columns.values()), default=1),
        )
        self._end(w)
        values = listed([told_as(symbol(name), v) for name, v in self.descent.minimum.items()], 6)
        w.conclude(
            message("The descent {status}. It ended at {values}.", status=self.descent.status.text, values=values)
        )
        return w.build(more=self._closer)

    def _closer(self, iteration: Any = None) -> Working:
        kept = [p.number for p in self.path.positions[:-1] if self.path.position(p.number + 1) is not None]
        if iteration not in kept:
            raise InputError(
                message(
                    "at: iteration must be one whose step was kept; got {got}; try one of {kept}",
                    got=repr(iteration),
                    kept=", ".join(map(str, kept[:12])),
                )
            )
        w = Derivation("regression", message("What does step {k} of the descent do?", k=int(iteration) + 1))
        self._given(w)
        self._definitions(w)
        self._step(w, int(iteration), alone=True)
        after = self.path.position(int(iteration) + 1)
        w.conclude(message("The cost is then {cost}.", cost=shown(after.cost if after else self.descent.cost)))
        return w.build()

    def _question(self) -> Message:
        return message("Where is {cost} least, going downhill from the start?", cost=self.letters.cost)

    def _given(self, w: Derivation) -> None:
        if self.columns:
            count = len(next(iter(self.columns.values())))
            w.given(self.letters.count.name, count, message("the number of rows"))
        for name, values in self.columns.items():
            w.given(name, values, message("the column {name}", name=name))

    def _definitions(self, w: Derivation) -> None:
        letters, descent = self.letters, self.descent
        if is_short(self.node):
            w.define("cost_rule", equation(letters.cost, self.node), title=message("What is to be lowered"))
        with w.part("slopes", message("Its slopes, by the chain rule")):
            for place in self.lines:
                name, slope = letters.parameters[place], self.slopes[place]
                if is_short(slope):
                    w.define(f"slope_{name.name}", equation(partial(letters.cost, name), slope))
            if self.note is not None:
                w.note(self.note)
        name = letters.parameters[self.lines[0]]
        after, before, slope = Symbol(f"{name.name}'"), name, partial(letters.cost, name)
        if not descent.momentum:
            w.define(
                "step_rule",
                equation(after, before - letters.rate * slope),
                title=message("A step against the slope"),
                note=self._why_this_rate(),
            )
            return
        v, pushed = symbol("v"), symbol("v'")
        mu = symbol("μ")
        w.given("μ", descent.momentum, message("the momentum"))
        w.define("velocity_rule", equation(pushed, mu * v + slope), title=message("The slopes so far, fading"))
        along = slope + mu * pushed if descent.nesterov else pushed
        w.define(
            "step_rule",
            equation(after, before - letters.rate * along),
            title=message("A step against them"),
            note=self._why_this_rate(),
        )

    def _why_this_rate(self) -> Message:
        if self.descent.learning_rate == "auto":
            return message(
                "Each step is tried with one over the curvature along the step before, and halved until the cost falls "
                "by a tenth of what the slope promises."
            )
        return message("The learning rate is {rate} in every step.", rate=shown(float(self.descent.learning_rate)))

    def _numbers(self) -> list[int]:
        """Return which steps are told: 0, 1, 2, 10, 100, ... and the last."""
        last = int(self.path.iterations[-1])
        wanted = sorted({k for k in (*_TOLD, last - 1) if 0 <= k < last})
        return [k for k in wanted if self.path.position(k) and self.path.position(k + 1)]

    def _step(self, w: Derivation, k: int, *, alone: bool = False) -> None:
        """Work one step: the cost and the slopes where it starts, and where it leads; ``alone`` if it was asked for."""
        before, after = self.path.position(k), self.path.position(k + 1)
        if before is None or after is None:
            return
        letters = self.letters
        with w.part(f"iteration_{k}", message("Iteration {k}", k=k), closed=k >= _READ and not alone):
            for place, name in enumerate(letters.parameters):
                raised = letters.at(name, k)
                w.given(
                    raised.name, float(before.parameters[place]), message("{name} at iteration {k}", name=name, k=k)
                )
            if is_short(self.node):
                self._cost_line(w, k, before)
            rate = letters.at(letters.rate, k)
            w.given(rate.name, after.step, message("the learning rate of this step"))
            for place in self.lines:
                self._slope_and_step(w, k, place, before, after)

    def _cost_line(self, w: Derivation, k: int | None, at: Position) -> None:
        letters = self.letters
        w.line(
            f"cost_{'end' if k is None else k}",
            equation(letters.at(letters.cost, k), letters.there(self.node, k)),
            at.cost,
            title=message("The cost"),
            brief=bool(self.columns),
            absolute=self._cost_rounding,
            digits=max(1, digits_known(at.cost, self._cost_rounding)),
        )

    @property
    def _cost_rounding(self) -> float:
        return _ROUNDING * max(1.0, abs(self.path.positions[0].cost))

    def _slope_and_step(self, w: Derivation, k: int, place: int, before: Position, after: Position) -> None:
        letters, name = self.letters, self.letters.parameters[place]
        slope = partial(letters.cost, letters.at(name, k))
        value = float(before.gradient[place])
        if is_short(self.slopes[place]) and abs(value) >= _TOLD_SLOPE * self.rounding:
            w.line(
                f"slope_{k}_{name.name}",
                equation(slope, letters.there(self.slopes[place], k)),
                value,
                title=message("The slope for {column}", column=name),
                rule=Rule.DERIVATIVE,
                brief=True,
                absolute=self.rounding,
            )
        else:
            # Of a slope that is nearly nothing the last digits are rounding: it is taken as it was computed.
            slope = letters.at(symbol(f"g_{name.name}"), k)
            w.given(slope.name, value, message("the slope for {name} as it was computed", name=name), source="state")
        along: Node = slope
        if self.descent.momentum:
            along = self._velocity(w, place, slope, before, after)
        rate, new = letters.at(letters.rate, k), letters.at(name, k + 1)
        w.line(
            f"step_{k}_{name.name}",
            equation(new, letters.at(name, k) - rate * along),
            float(after.parameters[place]),
            rule=Rule.STEP,
            absolute=4.0 * after.step * self.rounding,
        )

    def _velocity(self, w: Derivation, place: int, slope: Node, before: Position, after: Position) -> Node:
        """Add the slopes so far to this one, and return what the step goes along."""
        k = before.number
        name = self.letters.parameters[place].name
        old = self.letters.at(symbol(f"v_{name}"), k)
        new = self.letters.at(symbol(f"v_{name}"), k + 1)
        dropped = not np.allclose(after.velocity, self.descent.momentum * before.velocity + before.gradient)
        w.given(old.name, 0.0 if dropped else float(before.velocity[place]), message("the slopes so far"))
        w.line(
            f"velocity_{k}_{name}",
            equation(new, symbol("μ") * old + slope),
            float(after.velocity[place]),
            rule=Rule.SUM,
            absolute=self.rounding,
            note=message("The slopes so far led uphill and are dropped.") if dropped and k else None,
        )
        return slope + symbol("μ") * new if self.descent.nesterov and not dropped else new

    def _end(self, w: Derivation) -> None:
        letters, descent, last = self.letters, self.descent, self.path.positions[-1]
        for place, name in enumerate(letters.parameters):
            value = descent.minimum[self.path.names[place]]
            w.given(name.name, value, message("{name} at the end", name=name))
        bound = number(max(descent.tol, self.rounding))
        told = [place for place in self.lines if descent.converged and is_short(self.slopes[place])]
        cost = is_short(self.node) and descent.cost == last.cost
        if cost or told:
            with w.part("end", message("At the end"), closed=True):
                if cost:
                    self._cost_line(w, None, last)
                for place in told:
                    name = letters.parameters[place]
                    title = message("The cost is level in {name}", name=name)
                    w.claim(f"level_{name.name}", at_most(absolute(self.slopes[place]), bound), title=title)
        rows = tuple(
            (name, Derived(value, letter))
            for (name, value), letter in zip(descent.minimum.items(), letters.parameters, strict=True)
        )
        w.table(
            "parameters",
            Table((message("parameter"), message("value")), rows),
            title=message("Where it ended"),
        )


def _columns_of(descent: Descent, data: Any) -> Mapping[str, Array]:
    if data is not None:
        return as_columns(data, descent.formula.columns, function="explain")
    if descent.columns is not None:
        return descent.columns
    raise InputError(
        message(
            "explain: data must be given, the columns that were descended on; they were too many to keep; "
            "try descent.explain(data)"
        )
    )
