"""A fit of a formula, told: the model, the slopes by the chain rule, the way, the end, and how sure each number is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import (
    Node,
    Operand,
    absolute,
    at_most,
    equation,
    indexed,
    number,
    partial,
    substitute,
    symbol,
    total,
)
from workings.expression.calculus import derivative, gradient_to_compute
from workings.expression.calculus.combine import times
from workings.expression.compiling import compile_nodes
from workings.language import Message, message
from workings.subjects.chain_rule.explain_rules import listed
from workings.subjects.chain_rule.explain_terms import is_short
from workings.subjects.regression.explain_formula_errors import tell_errors
from workings.subjects.regression.formula_columns import as_columns
from workings.subjects.regression.formula_fit import fit_formula
from workings.subjects.regression.formula_fitted import FormulaFit
from workings.subjects.regression.formula_loss import loss_in_letters
from workings.subjects.regression.formula_notation import notation
from workings.subjects.regression.formula_parameters import parameter_symbols
from workings.subjects.regression.formula_slopes import told_slopes
from workings.subjects.regression.formula_way import tell_way
from workings.working import (
    Derivation,
    Derived,
    Rule,
    Table,
    Working,
    digits_known,
    explainer,
    rounded_up,
    told_as,
)

__all__ = ["explain_fit_formula", "explain_formula_fit"]

Array = NDArray[np.float64]

# By how much a sum over rows may be off: this part of what is added up in it.
_ROUNDING = 1e-13


@explainer(fit_formula)
def explain_fit_formula(model: Any, target: Any, data: Any, /, **options: Any) -> Working:
    """Return the fit's derivation.

    Parameters
    ----------
    model, target, data, **options
        As :func:`fit_formula` takes them.
    """
    return explain_formula_fit(fit_formula(model, target, data, **options))


@explainer(FormulaFit)
def explain_formula_fit(fit: FormulaFit, data: Any = None) -> Working:
    """Return how a fit came about; ``at(row=0)`` tells one row's prediction.

    Parameters
    ----------
    fit
        What is told.
    data
        The columns that it was fitted on, where they were too many for it to keep.

    Raises
    ------
    InputError
        If it did not keep all rows and none are given.
    """
    return _Story(fit, _rows_of(fit, data)).whole()


class _Story:
    def __init__(self, fit: FormulaFit, rows: Mapping[str, Array]) -> None:
        self.fit = fit
        self.rows = rows
        symbols = parameter_symbols(fit.model, tuple(fit.parameters))
        self.letters = notation(symbols, tuple(rows), taken=("S", "R", "V"))
        letters = self.letters
        # Where a sum or mean over rows stands in the model it is written out first.
        self.model = letters.in_row(letters.summed(fit.model.node))
        self.p = indexed(letters.prediction, letters.row)
        self.y = indexed(symbol(fit.target), letters.row)
        y, p, self.loss = loss_in_letters(fit.loss)
        put_in: dict[Node, Operand] = {y: self.y, p: self.p}
        self.row_cost = substitute(self.loss, put_in)
        self.row_slope = substitute(derivative(self.loss, p), put_in)
        read = {name: rows[name] for name in fit.model.columns}
        slopes, self.note = told_slopes(fit.model.node, symbols, fit.parameters, read)
        self.slopes = [letters.in_row(letters.summed(slope)) for slope in slopes]
        self.weights = letters.count if fit.weight is None else symbol("S")
        computed, partials = gradient_to_compute(fit.model.node, symbols, rows=tuple(read))
        found = compile_nodes((computed, *partials), (*fit.parameters, *read), rows=tuple(read))(
            *fit.parameters.values(), *read.values()
        )
        table = [np.broadcast_to(np.asarray(column, np.float64), len(rows[fit.target])) for column in found]
        self.predicted, self.table = table[0], np.stack(table[1:], axis=1)

    def whole(self) -> Working:
        """Tell all of it."""
        fit = self.fit
        w = Derivation("regression", self._question())
        self._given(w)
        self._definitions(w)
        note = message(
            "Steps of Gauss and Newton with Levenberg and Marquardt's damping λ: each goes where the cost would be "
            "least if the predictions changed by their slopes alone, and is held back by λ where that leads too far."
        )
        self._way(w, note)
        self._end(w)
        self._quality(w)
        self._parameters(
            w, tell_errors(w, fit, self.letters, [self._slope(place) for place in range(len(self.slopes))])
        )
        values = listed([told_as(symbol(name), value) for name, value in fit.parameters.items()], 6)
        w.conclude(message("The fit {status}. It ended at {values}.", status=fit.status.text, values=values))
        return w.build(more=self._closer)

    def _question(self) -> Message:
        return message(
            "Which values make {model} fit {target} best?",
            model=self.fit.model.node if is_short(self.fit.model.node) else message("the model"),
            target=self.fit.target,
        )

    def _given(self, w: Derivation) -> None:
        count = len(self.rows[self.fit.target])
        w.given(self.letters.count.name, count, message("the number of rows"))
        for name, values in self.rows.items():
            w.given(name, values, message("the column {name}", name=name))
        if self.fit.weight is not None:
            size = total(indexed(symbol(self.fit.weight), self.letters.row), self.letters.row, 1, self.letters.count)
            w.line("weight", equation(self.weights, size), title=message("The sum of the weights"), rule=Rule.SUM)

    def _mean(self, body: Node) -> Node:
        return self.letters.mean(body, self.fit.weight, self.weights)

    def _definitions(self, w: Derivation) -> None:
        letters = self.letters
        if is_short(self.model):
            w.define("model", equation(self.p, self.model), title=message("What the model predicts for a row"))
        w.define("cost_rule", equation(letters.cost, self._mean(self.row_cost)), title=message("The cost"))
        with w.part("chain_rule", message("The slopes, by the chain rule")):
            for place, (name, slope) in enumerate(zip(letters.parameters, self.slopes, strict=True)):
                if is_short(slope):
                    told = equation(partial(self.p, name), slope)
                    w.define(f"prediction_by_{name.name}", equation(self._slope(place), told))
            if self.note is not None:
                w.note(self.note)
            for place, name in enumerate(letters.parameters):
                slope = self._mean(times(self.row_slope, self._slope(place)))
                w.define(f"cost_by_{name.name}", equation(partial(letters.cost, name), slope))

    def _end(self, w: Derivation) -> None:
        fit, letters = self.fit, self.letters
        for name, value in zip(letters.parameters, fit.parameters.values(), strict=True):
            w.given(name.name, value, message("{name} at the end", name=name))
        self._give_predictions(w)
        with w.part("end", message("At the end"), closed=True):
            off = self._cost_rounding
            w.line(
                "cost",
                equation(letters.cost, self._mean(self.row_cost)),
                fit.cost,
                title=message("The cost at the end"),
                brief=True,
                absolute=off,
                digits=max(1, digits_known(fit.cost, off)),
            )
            for place, name in enumerate(letters.parameters if fit.converged and fit.loss != "absolute" else ()):
                body = absolute(self._mean(times(self.row_slope, self._slope(place))))
                bound = number(rounded_up(self._level(place)))
                title = message("The cost is level in {name}", name=name)
                w.claim(f"level_{name.name}", at_most(body, bound), title=title)

    @property
    def _cost_rounding(self) -> float:
        return _ROUNDING * max(self._cost_unit, abs(float(self.fit.path.cost[0])))

    @property
    def _size(self) -> float:
        """The largest of a target and of its prediction."""
        return float(np.max(np.abs([self.predicted, self.rows[self.fit.target]]), initial=0.0))

    @property
    def _cost_unit(self) -> float:
        """The loss of an error as large as the target, at most 1: what a cost that starts lower still rounds by."""
        if self.fit.loss in ("squared", "huber"):
            return min(1.0, self._size**2)
        return min(1.0, self._size) if self.fit.loss == "absolute" else 1.0

    def _way(self, w: Derivation, note: Message) -> None:
        model: dict[Node, Operand] = {self.p: self.model}
        slopes = [self._mean(times(substitute(self.row_slope, model), slope)) for slope in self.slopes]
        size = max(self._rounding(place) for place in range(len(slopes)))
        tell_way(
            w,
            self.fit.path,
            self.letters,
            cost=self._mean(substitute(self.row_cost, model)),
            slopes=slopes,
            step=symbol("λ"),
            off=(self._cost_rounding, size + 1e-12 * float(np.nanmax(self.fit.path.gradient_norm))),
            rows=len(self.rows[self.fit.target]),
            note=note,
        )

    def _parameters(self, w: Derivation, errors: Mapping[str, Node]) -> None:
        """Add the table of the parameters; a standard error that was derived is held against its line."""
        fit = self.fit
        rows: list[tuple[str, Derived, Derived | float]] = []
        for letter, (name, value) in zip(self.letters.parameters, fit.parameters.items(), strict=True):
            error = fit.standard_errors[name]
            derived = Derived(error, errors[name], 1e-7 * error) if name in errors else error
            rows.append((name, Derived(value, letter), derived))
        columns = (message("parameter"), message("value"), message("standard error"))
        taken = message("The standard errors are those of the fit; they are not derived here.")
        shown = any(math.isfinite(error) for error in fit.standard_errors.values())
        note = taken if shown and not errors else None
        if fit.loss == "absolute":
            note = message(
                "The sum of absolute errors is least at a corner of the cost, where predictions meet rows: its slope "
                "changes sign there and need not be 0. No standard errors are estimated: they would go by how densely "
                "the errors lie around 0."
            )
        w.table("parameters", Table(columns, tuple(rows), note=note), title=message("The parameters"))

    def _give_predictions(self, w: Derivation) -> None:
        """Start from each row's prediction and its slopes, and see that the model gives them."""
        letters = self.letters
        w.given(letters.prediction.name, self.predicted, message("the prediction of each row"))
        w.given(
            letters.slopes.name, self.table, message("the slopes of each row's prediction, a column for each parameter")
        )
        unit = self._size
        seen: list[tuple[str, Node, Node, Array, float]] = [("predictions", self.p, self.model, self.predicted, unit)]
        parameters = self.fit.parameters.values()
        for place, (name, slope, at) in enumerate(zip(letters.parameters, self.slopes, parameters, strict=True)):
            numbers, per = self.table[:, place], abs(at) or 1.0
            seen.append((f"slopes_{name.name}", self._slope(place), slope, numbers, unit / per))
        for key, value, formula, numbers, unit in seen:
            if is_short(formula):
                off = total(absolute(value - formula), letters.row, 1, letters.count)
                bound = number(rounded_up(1e-11 * (float(np.abs(numbers).sum()) + unit)))
                w.claim(key, at_most(off, bound), place="sentence")

    def _slope(self, place: int) -> Node:
        """Return the slope of a row's prediction by a parameter, by its letter."""
        return indexed(self.letters.slopes, self.letters.row, place + 1)

    def _level(self, place: int) -> float:
        """Return what the slope at the end is below: what was computed, and the rounding of its terms."""
        return 2.0 * abs(self.fit.gradient[list(self.fit.parameters)[place]]) + self._rounding(place)

    def _rounding(self, place: int) -> float:
        errors = np.abs(self.predicted - self.rows[self.fit.target]) + self._size
        size = float(np.max(np.abs(self.table[:, place]) * errors, initial=0.0))
        return 1e-11 * size + 1e-300

    def _quality(self, w: Derivation) -> None:
        fit, letters = self.fit, self.letters
        if fit.loss != "squared" or math.isnan(fit.r2):
            return
        mean, spread = symbol("ȳ"), symbol("V")
        w.line("mean", equation(mean, self._mean(self.y)), title=message("The target's mean"), rule=Rule.MEAN)
        w.line(
            "spread",
            equation(spread, self._mean((self.y - mean) ** 2)),
            title=message("What it spreads around its mean"),
            rule=Rule.VARIANCE,
        )
        w.line(
            "r2",
            equation(symbol("R²"), 1 - letters.cost / spread),
            fit.r2,
            title=message("The share that is explained"),
            absolute=1e-12,
        )

    def _closer(self, row: Any = None) -> Working:
        fit, letters = self.fit, self.letters
        count = len(self.rows[fit.target])
        if not isinstance(row, int | np.integer) or not 0 <= row < count:
            raise InputError(
                message("at: row must be a whole number from 0 to {last}; got {got}", last=count - 1, got=repr(row))
            )
        w = Derivation("regression", message("What does the fitted formula predict for row {row}?", row=int(row)))
        for name in fit.model.columns:
            w.given(name, float(self.rows[name][row]), message("the column {name}", name=name))
        for name, value in fit.parameters.items():
            w.given(name, value, message("{name} at the end", name=name))
        w.given(fit.target, float(self.rows[fit.target][row]), message("the target"))
        step = w.line(
            "prediction",
            equation(letters.prediction, fit.model.node),
            float(self.predicted[row]),
            title=message("The prediction"),
            absolute=1e-12 * self._size,
        )
        w.line(
            "error",
            equation(symbol("e"), symbol(fit.target) - letters.prediction),
            title=message("What is left"),
            rule=Rule.DIFFERENCE,
            absolute=1e-12 * self._size,
        )
        w.conclude(message("The prediction is {value}.", value=step.shown))
        return w.build()


def _rows_of(fit: FormulaFit, data: Any) -> Mapping[str, Array]:
    if data is not None:
        return as_columns(data, fit.program.columns, function="explain")
    if fit.complete:
        return fit.rows
    raise InputError(
        message(
            "explain: data must be given, the columns that were fitted; they were too many to keep; "
            "try fit.explain(data)"
        )
    )
