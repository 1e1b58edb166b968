"""The tables of a formula's descent and fit: every cell that says how it follows is checked."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import workings as wk
from workings.errors import WorkingError
from workings.working import Derived


def rows():
    x = np.linspace(0.0, 4.0, 30)
    return {"x": x, "y": 2 * np.exp(-0.7 * x) + 0.5 + 0.05 * np.sin(9 * x)}


def fit(model, names, **options):
    return wk.fit_formula(model, "y", rows(), start=dict.fromkeys(names, 1.0), **options).explain()


WORKINGS = {
    "three": lambda: fit("a*exp(-k*x) + c", ["a", "k", "c"]),
    "four": lambda: fit("a + b*x + c*x^2 + d*x^3", "abcd"),
    "weighted": lambda: fit("a + b*x + c*x^2 + d*x^3", "abcd", sample_weight=np.linspace(1, 2, 30)),
    "huber": lambda: fit("a*x + b", "ab", loss="huber"),
    "letters": lambda: fit("D*x + A*x^2 + Q*x^3 + J", ["D", "A", "Q", "J"]),
    "descent": lambda: wk.gradient_descent("(x - 1)^2 + 3*(y + 2)^2 + x*y", {"x": 0.0, "y": 0.0}).explain(),
    "rows": lambda: wk.gradient_descent("mean((m*x + b - y)^2)", {"m": 0, "b": 0}, data=rows()).explain(),
}


def spoilt(working, key, row, place, off):
    def changed(step):
        if step.key != key:
            return dataclasses.replace(step, substeps=tuple(map(changed, step.substeps)))
        cells = [list(each) for each in step.table.rows]
        cells[row][place] = dataclasses.replace(cells[row][place], value=cells[row][place].value + off)
        return dataclasses.replace(step, table=dataclasses.replace(step.table, rows=tuple(map(tuple, cells))))

    return dataclasses.replace(working, steps=tuple(map(changed, working.steps)))


@pytest.mark.parametrize("name", WORKINGS)
def test_every_cell_of_the_way_and_of_the_parameters_is_checked(name):
    working = WORKINGS[name]()
    working.verify()
    for key, checked in (("way", 2), ("parameters", 1)):
        table = working.step(key).table
        found = 0
        for row in (0, len(table.rows) - 1):
            for place, cell in enumerate(table.rows[row]):
                if isinstance(cell, Derived):
                    found += 1
                    with pytest.raises(WorkingError, match=key):
                        spoilt(working, key, row, place, 1e-6 * abs(cell.value) + 10 * cell.absolute + 1e-12).verify()
        assert found >= checked * 2


@pytest.mark.parametrize("name", ["three", "four", "weighted"])
def test_a_wrong_standard_error_is_caught(name):
    working = WORKINGS[name]()
    closed = working.at(part="errors")
    assert closed.verify().equations >= 4
    lines = [step for step in working.walk() if step.key.startswith("error_") and step.value is not None]
    assert len(lines) == len(working.step("parameters").table.rows)
    for line in lines:

        def changed(step, line=line):
            if step is line:
                return dataclasses.replace(step, value=step.value * (1 + 1e-6))
            return dataclasses.replace(step, substeps=tuple(map(changed, step.substeps)))

        with pytest.raises(WorkingError, match=line.key):
            dataclasses.replace(working, steps=tuple(map(changed, working.steps))).verify()


def test_a_standard_error_that_is_not_derived_is_said_to_be_the_fits():
    yes = {"x": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0], "y": [0, 0, 1, 0, 1, 1]}
    working = wk.fit_formula("sigmoid(w*x + b)", "y", yes, start={"w": 0, "b": 0}, loss="log").explain()
    assert "they are not derived here" in working.to_text("en")


@pytest.mark.parametrize("name", WORKINGS)
def test_a_summary_is_at_most_two_screens_and_its_parts_open(name):
    working = WORKINGS[name]()
    for lang in ("en", "ko"):
        assert len(working.to_text(lang).splitlines()) <= 150
    for part in [step.key for step in working.walk() if step.closed]:
        assert working.at(part=part).to_html("ko")


def test_of_absolute_errors_it_is_said_why_a_slope_is_left_and_no_standard_error_is_there():
    rng = np.random.default_rng(1)
    x = np.arange(9.0)
    data = {"x": x, "y": 2 * x + 1 + rng.normal(size=9)}
    fit = wk.fit_formula("a*x + b", "y", data, start={"a": 1, "b": 0}, loss="absolute")
    assert fit.converged
    assert max(map(abs, fit.gradient.values())) > 0.1
    text = fit.explain().to_text("en", width=400)
    assert "its slope changes sign there and need not be 0. No standard errors are estimated" in text
