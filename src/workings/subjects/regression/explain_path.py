"""Where plain descent stands after k steps, told in closed form: no step before it has to be taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from workings.expression import (
    Node,
    absolute,
    at_most,
    equation,
    evaluate,
    indexed,
    largest,
    number,
    sqrt,
    symbol,
    total,
)
from workings.language import Message, message
from workings.subjects.regression.estimators import LinearRegression
from workings.subjects.regression.letters import Letters
from workings.subjects.regression.objectives import SquaredCost
from workings.working import Derivation, Rule, Table, Working, explainer, rounded_up, shown

__all__ = ["explain_path"]

Array = NDArray[np.float64]

# The coefficients of so many columns get a line each, the largest first.
_MOST_LINES = 6


@explainer(LinearRegression.path_at)
def explain_path(model: LinearRegression, iteration: int) -> Working:
    """Return how ``model.path_at(iteration)`` comes about; of several targets the first is told.

    Parameters
    ----------
    model, iteration
        As :meth:`LinearRegression.path_at` takes them.
    """
    coef, intercept = model.path_at(iteration)
    parameters = np.append(np.atleast_2d(coef)[0], np.atleast_1d(intercept)[:1] if model.fit_intercept else [])
    return _Path(model, int(iteration), parameters).told()


class _Path:
    def __init__(self, model: LinearRegression, k: int, parameters: Array) -> None:
        self.k = k
        self.parameters = parameters
        self.fit_intercept = bool(model.fit_intercept)
        moments = model.moments_
        self.columns = moments.columns
        self.weight = moments.weight
        cost = SquaredCost(moments, alpha=model.alpha, fit_intercept=self.fit_intercept)
        self.H = cost.second_derivatives()
        self.pull = -cost.value(np.zeros((moments.targets, len(self.H))))[1][0]
        self.rate = 0.0 if model.learning_rate_ is None else model.learning_rate_.value
        known = getattr(model, "feature_names_in_", None)
        self.names: Sequence[str] = ["x"] if self.columns == 1 else [f"x_{j + 1}" for j in range(self.columns)]
        self.names = self.names if known is None else [str(name) for name in known]
        self.letters = Letters(self.columns, "m" if self.columns == 1 else "w", "ŷ", self.fit_intercept, False)
        kept = model.history_.at(k)
        self._exact: dict[Any, Any] = {}
        self.walked = None if kept is None else kept[0]
        self.w = Derivation(
            "regression",
            message("Where does plain descent stand after {k} {k:step|steps}, without taking them?", k=k),
        )

    def told(self) -> Working:
        w = self.w
        w.given("k", self.k, message("the number of steps"))
        w.given("η", self.rate, message("the learning rate"))
        H, theta, g, k = symbol("H"), symbol("θ"), symbol("g"), symbol("k")
        w.define(
            "step",
            equation(symbol("θ'"), theta - symbol("η") * (H * theta - g)),
            title=message("One step"),
            note=message(
                "The cost is quadratic: its slopes are Hθ - g, with H its second derivatives and -g its slopes at zero."
            ),
        )
        lamda = symbol("λ")
        w.define(
            "series",
            equation(symbol("f"), (1 - (1 - symbol("η") * lamda) ** k) / lamda),
            title=message("Where H acts as a number λ, the steps add up to a geometric series"),
            note=message("From zero the k steps are η·g·(1 + (1 - ηλ) + … + (1 - ηλ)ᵏ⁻¹) = f·g."),
        )
        if self.columns == 1:
            self._one_column()
        else:
            self._several_columns()
        self._beside_the_walk()
        rows: list[tuple[Message | str, float]] = [
            (name, float(value)) for name, value in zip(self.names, self.parameters.tolist(), strict=False)
        ]
        if self.fit_intercept:
            rows.append((message("intercept"), float(self.parameters[-1])))
        w.table(
            "parameters",
            Table((message("column"), message("coefficient")), tuple(rows[:60])),
            title=message("The coefficients"),
        )
        w.conclude(
            message(
                "After {k} {k:step|steps} of {rate} times the slopes the coefficients are those of the table.",
                k=self.k,
                rate=shown(self.rate),
            )
        )
        return w.build()

    def _one_column(self) -> None:
        w, state = self.w, "state"
        a, p = symbol("a"), symbol("p")
        w.given("a", float(self.H[0, 0]), message("the mean of x², with the penalty"), source=state)
        w.given("p", float(self.pull[0]), message("the mean of x·y"), source=state)
        self._means_defined()
        name = message("The coefficient of {column}", column=self.names[0])
        m, slack = self.letters.coefficient(self.k), self._slack()
        value = float(self.parameters[0])
        if not self.fit_intercept:
            self._series("f", a, message("The series for λ = a"))
            w.line("coef_0", equation(m, symbol("f") * p), value, title=name, absolute=slack)
            return
        c, q = symbol("c"), symbol("q")
        w.given("c", float(self.H[0, 1]), message("the mean of x"), source=state)
        w.given("q", float(self.pull[1]), message("the mean of y"), source=state)
        first, second = symbol("λ_1"), symbol("λ_2")
        root = sqrt((a - 1) ** 2 + 4 * c**2)
        self._derived("λ_1", (a + 1 + root) / 2, message("The larger eigenvalue of H"))
        self._series("f_1", first, message("The series for the larger"))
        f1, f2, s = symbol("f_1"), symbol("f_2"), symbol("s")
        forms = f1 * p, f1 * q
        if self._is_flat():
            note = message("The column is constant. Along the other direction the slopes are 0, and nothing moves.")
            w.define("λ_2", equation(second, number(0)), title=message("The smaller is 0"), note=note)
        elif float(self.H[0, 0]) != 1.0 or float(self.H[0, 1]) != 0.0:
            self._derived("λ_2", (a - c**2) / first, message("The smaller, from their product a - c²"))
            self._series("f_2", second, message("The series for the smaller"))
            note = message("A function of H with two eigenvalues is f₂ + s·(H - λ₂), by Sylvester's formula.")
            self._derived("s", (f1 - f2) / (first - second), message("How f changes between them"), note)
            forms = f2 * p + s * ((a - second) * p + c * q), f2 * q + s * (c * p + (1 - second) * q)
        w.line("coef_0", equation(m, forms[0]), value, title=name, absolute=slack)
        b = equation(self.letters.intercept(self.k), forms[1])
        w.line("intercept", b, float(self.parameters[1]), title=message("The intercept"), absolute=slack)

    def _derived(self, name: str, right: Node, title: Message, note: Message | None = None) -> None:
        """Derive a number of its own, evaluated with 50 digits: a - c² of a column far from zero would leave a few."""
        known = {key: given.value for key, given in self.w.build().inputs.items()} | self._exact
        exact = evaluate(right, known, arithmetic="mpmath")
        # Of what cancels to nothing, as f does between eigenvalues after one step, nothing is left.
        exact = exact if abs(exact) > 1e-40 else exact * 0
        self._exact[name] = exact
        self.w.line(name, equation(symbol(name), right), float(exact), title=title, note=note)

    def _several_columns(self) -> None:
        w, size = self.w, len(self.H)
        values, vectors = linalg.eigh(self.H, check_finite=False)
        used = values > np.finfo(float).eps * values[-1] * size
        values, vectors = values[used], vectors[:, used]
        w.given("H", self.H, message("the second derivatives of the cost, the intercept last"), source="state")
        w.given("g", self.pull, message("the means of the columns times y, and of y"), source="state")
        w.given("λ", values, message("the eigenvalues of H that are not 0"), source="state")
        w.given("V", vectors, message("their directions, of length 1, a column each"), source="state")
        w.given("p", size, message("the number of parameters"))
        w.given("R", len(values), message("the number of directions"))
        j, i, r, p, R = (symbol(name) for name in ("j", "i", "r", "p", "R"))
        V, lamda = symbol("V"), symbol("λ")
        turned = total(indexed("H", j, i) * indexed(V, i, r), i, 1, p)
        stretched = indexed(lamda, r) * indexed(V, j, r)
        title = message("Along each direction H acts as its number λ")
        w.define("directions", equation(turned, stretched), title=title)
        bound = number(rounded_up(1e-13 * size * float(values[-1])))
        off = largest(largest(absolute(turned - stretched), j, 1, p), r, 1, R)
        w.claim("seen", at_most(off, bound), place="sentence")
        series = (1 - (1 - symbol("η") * indexed(lamda, r)) ** symbol("k")) / indexed(lamda, r)
        along = total(indexed(V, i, r) * indexed("g", i), i, 1, p)
        alone = (1 - (1 - symbol("η") * lamda) ** symbol("k")) / lamda
        with mpmath.workdps(50):
            found = [
                float((1 - (1 - mpmath.mpf(self.rate) * mpmath.mpf(one)) ** self.k) / mpmath.mpf(one))
                for one in values.tolist()
            ]
        cells = tuple(zip(range(1, len(values) + 1), values.tolist(), found, strict=True))
        w.table(
            "series_by_direction",
            Table((symbol("r"), lamda, equation(symbol("f"), alone)), cells[:60]),
            title=message("The series along each direction"),
        )
        order = np.argsort(-np.abs(self.parameters[: self.columns]), kind="stable")[:_MOST_LINES].tolist()
        for place in [*sorted(order), *([self.columns] if self.fit_intercept else [])]:
            intercept = place == self.columns
            left = self.letters.intercept(self.k) if intercept else self.letters.coefficient(self.k, place + 1)
            name = message("The intercept")
            if not intercept:
                name = message("The coefficient of {column}", column=self.names[place])
            w.line(
                "intercept" if intercept else f"coef_{place}",
                equation(left, total(indexed(V, place + 1, r) * series * along, r, 1, R)),
                float(self.parameters[place]),
                title=name,
                rule=Rule.SUM,
                absolute=self._slack(),
                folded=True,
            )

    def _means_defined(self) -> None:
        """Say what the letters of the means are."""
        w, letters = self.w, self.letters
        i = symbol("i")
        x, y = letters.x(i), letters.y(i)
        told: list[tuple[str, Node]] = [("a", x**2), ("p", x * y)]
        told += [("c", x), ("q", y)] if self.fit_intercept else []
        with w.part("means", message("The means in H and g")):
            for name, body in told:
                w.define(f"mean_{name}", equation(symbol(name), letters.mean_over_rows(body)))

    def _series(self, name: str, eigenvalue: Node, title: Message) -> None:
        self._derived(name, (1 - (1 - symbol("η") * eigenvalue) ** symbol("k")) / eigenvalue, title)

    def _beside_the_walk(self) -> None:
        """Hold the closed form against the steps that the fit took, where that iteration was kept."""
        if self.walked is None:
            return
        w = self.w
        place = int(np.argmax(np.abs(self.parameters)))
        intercept = place == self.columns
        letter = self.letters.intercept(self.k) if intercept else self.letters.coefficient(self.k, place + 1)
        if (
            not intercept
            and self.columns > 1
            and place not in np.argsort(-np.abs(self.parameters[: self.columns]), kind="stable")[:_MOST_LINES]
        ):
            return
        w.given("θ_k", float(self.walked[place]), message("the same as the fit came to it, step by step"))
        bound = number(rounded_up(max(self._slack(), 1e-300)))
        w.claim(
            "walked",
            at_most(absolute(letter - symbol("θ_k")), bound),
            title=message("The fit, step by step, came to {value}", value=shown(float(self.walked[place]))),
        )

    def _is_flat(self) -> bool:
        a, c = float(self.H[0, 0]), float(self.H[0, 1])
        return a - c * c <= 1e-14 * a

    def _slack(self) -> float:
        """Return how far rounding may have moved the iterate: see :meth:`LinearRegression.path_at`."""
        values = linalg.eigvalsh(self.H, check_finite=False)
        top = float(values[-1])
        if not top > 0.0:
            return 1e-12
        small = values[values > np.finfo(float).eps * len(values) * top]
        steps = min(float(self.k + 1), top / float(small[0]))
        size = float(np.abs(self.parameters).max(initial=0.0) + np.linalg.norm(self.pull) / top)
        return 8 * (self.columns + 4) * steps * np.finfo(float).eps * size
