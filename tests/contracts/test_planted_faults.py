"""A kernel, a step, a number and a cell that are deliberately wrong are caught, in every subject."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

import workings as wk
from workings.errors import WorkingError
from workings.expression import Equation, Number, equation
from workings.subjects.chain_rule import compute as chain_rule
from workings.subjects.confusion import compute as confusion
from workings.subjects.convolution import compute as convolution
from workings.subjects.integration import compute as integration
from workings.subjects.normalization import compute as normalization
from workings.subjects.regression.estimators import LinearRegression
from workings.subjects.roc import area
from workings.subjects.sigmoid import compute as sigmoid
from workings.working import Derived, Step, Working

from .every_working import SUBJECTS, working

# So little is a kernel off; a count is off by one.
OFF = 1 + 1e-6
X, Y = [0.0, 1.0, 2.0, 4.0], [1.0, 2.5, 5.5, 9.0]
TRUTH, SCORE = [0, 1, 0, 1, 1, 0], [0.1, 0.8, 0.5, 0.6, 0.3, 0.2]


def _fitted(right: Any) -> Callable[..., Any]:
    def fit(self: Any, *args: Any, **options: Any) -> Any:
        model = right(self, *args, **options)
        model.coef_ = model.coef_ * OFF
        return model

    return fit


def _miscounted(right: Any) -> Callable[..., Any]:
    def counted(*args: Any, **options: Any) -> Any:
        found = right(*args, **options)
        return type(found).from_counts(found.counts + np.array([[0, 0], [0, 1]]), found.labels)

    return counted


# Of each subject: where its answer is made, how it is spoilt, and what is then explained.
KERNELS: dict[str, tuple[Any, str, Callable[[Any], Any], Callable[[], Working]]] = {
    "convolution": (
        convolution,
        "automatic",
        lambda right: lambda *args: right(*args) * OFF,
        lambda: wk.explain(wk.convolve, [1.5, 2.0, 3.0], [1.0, -0.5]),
    ),
    "sigmoid": (
        sigmoid,
        "sigmoid",
        lambda right: lambda *args, **how: right(*args, **how) * OFF,
        lambda: wk.explain(wk.sigmoid, 0.7),
    ),
    "normalization": (
        normalization,
        "z_score_normalize",
        lambda right: lambda *args, **how: right(*args, **how) * OFF,
        lambda: wk.explain(wk.z_score_normalize, [3.0, 20.0, 3000.0]),
    ),
    "confusion": (
        confusion,
        "confusion_matrix",
        _miscounted,
        lambda: wk.explain(wk.confusion_matrix, TRUTH, [0, 1, 1, 1, 0, 0]),
    ),
    "roc": (
        area,
        "twice_area",
        lambda right: lambda *args: right(*args) + 1,
        lambda: wk.explain(wk.roc_curve, TRUTH, SCORE),
    ),
    "integration": (
        integration,
        "integrate",
        lambda right: lambda *args, **how: replace(right(*args, **how), value=right(*args, **how).value * OFF),
        lambda: wk.explain(wk.integrate, "x^2 + 2x + 1", 0, 10),
    ),
    "regression": (
        LinearRegression,
        "fit",
        _fitted,
        lambda: LinearRegression().fit(np.array(X)[:, None], Y).explain(),
    ),
    "chain-rule": (
        chain_rule,
        "differentiate",
        lambda right: lambda f, *names, **how: f.alike(right(f, *names, **how).node * OFF),
        lambda: wk.explain(wk.differentiate, "y = u*v; u = x*z; v = x^2 + z", "x").at(x=1, z=2),
    ),
}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_kernel_that_is_a_little_wrong_is_caught(subject, monkeypatch):
    where, name, spoil, told = KERNELS[subject]
    told().verify()
    monkeypatch.setattr(where, name, spoil(getattr(where, name)))
    with pytest.raises(WorkingError):
        told().verify()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_number_that_is_off_by_one_in_its_last_digit_is_caught(subject):
    spoilt = [replace(step, shown=_next(step.shown)) for step in _some(_lines(subject))]
    assert spoilt
    assert not [step.key for step in spoilt if not _caught(subject, step)]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_value_that_is_a_little_wrong_is_caught(subject):
    spoilt = [replace(step, value=_off(step.value)) for step in _some(_lines(subject))]
    assert not [step.key for step in spoilt if not _caught(subject, step)]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_step_that_says_something_else_is_caught(subject):
    spoilt = [
        replace(step, statement=equation(step.statement.left, step.statement.right + 1))
        for step in _some(_lines(subject))
        if isinstance(step.statement, Equation)
    ]
    assert spoilt
    assert not [step.key for step in spoilt if not _caught(subject, step)]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_cell_that_says_how_it_follows_and_is_wrong_is_caught(subject):
    missed: list[tuple[str, int, int]] = []
    places = [(step, *place) for step in _working(subject).walk() for place in _checked_cells(step)]
    for step, row, column in _some(places):
        cell = step.table.rows[row][column]
        rows = [list(cells) for cells in step.table.rows]
        rows[row][column] = _off_cell(cell) if isinstance(cell, Derived) else _off(cell)
        table = replace(step.table, rows=tuple(map(tuple, rows)))
        if not _caught(subject, replace(step, table=table)):
            missed.append((step.key, row, column))
    assert not missed


def _off_cell(cell: Derived) -> Derived:
    # One that is shown to fewer digits, because rounding left no more, is off in those that it has.
    wrong = _off(cell.value)
    farther = 0.0 if cell.digits is None else math.copysign(10.0 * cell.absolute, wrong - cell.value)
    return replace(cell, value=wrong + farther)


def _some(of: Iterable[Any]) -> list[Any]:
    """Return about twenty of these, from the first on."""
    all_of = list(of)
    return all_of[:: max(1, len(all_of) // 20)]


def _working(subject: str) -> Working:
    return working(f"{subject} problem 1")


def _lines(subject: str) -> Iterator[Step]:
    """Yield the lines that give a number to more digits than rounding leaves uncertain."""
    for step in _working(subject).walk():
        if step.shown is None or step.value in (None, True) or not math.isfinite(step.value):
            continue
        if abs(step.value) > 1e6 * step.absolute:
            yield step


def _checked_cells(step: Step) -> Iterator[tuple[int, int]]:
    if step.table is None:
        return
    for row, cells in enumerate(step.table.rows):
        for column, (head, cell) in enumerate(zip(step.table.columns, cells, strict=True)):
            value = cell.value if isinstance(cell, Derived) else cell
            number = isinstance(value, (int, float, np.number)) and math.isfinite(value)
            if number and (isinstance(cell, Derived) or isinstance(head, Equation)):
                yield row, column


def _off(value: Any) -> Any:
    return value + 1 if isinstance(value, (int, np.integer)) else value * OFF or 1e-6


def _next(shown: Number | None) -> Number:
    assert shown is not None
    digits = Decimal(shown.text)
    return Number(shown.value, str(digits + Decimal((0, (1,), int(digits.as_tuple().exponent)))))


def _caught(subject: str, step: Step) -> bool:
    def put(steps: tuple[Step, ...]) -> tuple[Step, ...]:
        return tuple(step if each.key == step.key else replace(each, substeps=put(each.substeps)) for each in steps)

    found = _working(subject)
    try:
        replace(found, steps=put(found.steps)).verify()
    except WorkingError:
        return True
    return False
