"""Every result of the confusion and the ROC room explains itself and draws itself; every number in it is checked."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import workings as wk
from workings.chart import spec
from workings.errors import WorkingError
from workings.expression import Equation, display_width
from workings.language import use_language
from workings.subjects import confusion, roc
from workings.working import Derived, Step, Working

RNG = np.random.default_rng(5)
Y, S = RNG.random(300) < 0.4, np.round(RNG.normal(size=300), 2)
W = RNG.integers(0, 4, 300) / 3
TRUTH, SAID = RNG.integers(0, 4, 300), RNG.integers(0, 4, 300)
FEW = ([0, 1, 0, 1, 1, 0], [0.1, 0.8, 0.5, 0.6, 0.3, 0.2])
CURVE = wk.roc_curve(Y, S)
MATRIX = wk.confusion_matrix(TRUTH, SAID)

# What is merged batch by batch, and gives a result when asked for it.
STATES = {"ConfusionCounts", "PairedScores", "RocSummary"}
RESULTS: dict[str, Callable[[], Any]] = {
    "AucComparison": lambda: wk.compare_auc(Y, S, S + W),
    "ClassReport": lambda: MATRIX.report(("precision", "f2", "mcc")),
    "ConfusionMatrix": lambda: MATRIX,
    "ConfusionTable": lambda: MATRIX.table("predicted"),
    "CurveBand": lambda: CURVE.band(0.9),
    "CurvePoints": lambda: CURVE.thin(20),
    "OperatingPoint": lambda: CURVE.best_threshold("cost", cost_fp=1, cost_fn=2),
    "PrecisionRecallCurve": lambda: wk.precision_recall_curve(Y, S),
    "RocCurve": lambda: CURVE,
    "ScoreHistogram": lambda: CURVE.histogram(12),
    "ThresholdTable": lambda: wk.threshold_table(Y, S),
    "TieGroups": lambda: CURVE.groups,
}
MADE: dict[str, Callable[[], Working]] = {
    **{name: lambda made=made: made().explain() for name, made in RESULTS.items()},
    "few points": lambda: wk.roc_curve(*FEW).explain(),
    "few rows": lambda: wk.explain(wk.roc_curve, *FEW),
    "few weighted rows": lambda: wk.explain(wk.roc_curve, *FEW, sample_weight=[1, 2, 0.5, 1, 0.25, 3]),
    "rows": lambda: wk.explain(wk.roc_curve, Y, S),
    "weighted rows": lambda: wk.explain(wk.roc_curve, Y, S, sample_weight=W),
    "precision of rows": lambda: wk.explain(wk.precision_recall_curve, Y, S),
    "thresholds of few rows": lambda: wk.explain(wk.threshold_table, *FEW),
    "thresholds of rows": lambda: wk.explain(wk.threshold_table, Y, S, None),
    "thresholds of weighted rows": lambda: wk.explain(wk.threshold_table, Y, S, None, sample_weight=W),
    "a table of weights": lambda: wk.threshold_table(*FEW, sample_weight=[1, 2, 0.5, 1, 0.25, 3]).explain(),
    "two classes": lambda: wk.confusion_matrix(*FEW[:1], [0, 1, 1, 1, 0, 0]).explain(),
    "three classes": lambda: wk.explain(wk.confusion_matrix, [0, 1, 2, 2, 1], [0, 1, 1, 2, 1]),
    "classes of rows": lambda: wk.explain(wk.confusion_matrix, TRUTH, SAID),
    "classes of weighted rows": lambda: wk.explain(wk.confusion_matrix, TRUTH, SAID, sample_weight=W),
}


def results() -> set[str]:
    """Return the names of the two rooms' result types."""
    rooms = {name: getattr(room, name) for room in (confusion, roc) for name in room.__all__}
    return {name for name, made in rooms.items() if isinstance(made, type)} - STATES


def test_no_result_is_forgotten():
    assert set(RESULTS) == results()


@pytest.mark.parametrize("name", RESULTS)
def test_it_explains_and_draws_itself(name):
    result = RESULTS[name]()
    for lang in ("en", "ko"):
        with use_language(lang):
            assert result.explain().to_text()
            assert spec(result.plot())["config"]
            assert spec(wk.plot(result)) == spec(result.plot())


def test_many_rates_and_thresholds_keep_to_the_page():
    for working in (
        MATRIX.report(tuple(confusion.RATES)).explain(),
        wk.explain(wk.threshold_table, *wk.datasets.mango(), None),
    ):
        working.verify()
        for lang in ("en", "ko"):
            assert max(map(display_width, working.to_text(lang).splitlines())) <= 80


def tables(working: Working) -> Iterator[tuple[Step, int, int, Any]]:
    """Yield every cell that holds a number, but those that number the rows."""
    for step in working.walk():
        if step.table is None:
            continue
        numbered = str(step.table.columns[0]) == "row"
        for row, cells in enumerate(step.table.rows):
            for column, cell in enumerate(cells):
                value = cell.value if isinstance(cell, Derived) else cell
                if isinstance(value, (int, float)) and np.isfinite(value) and not (numbered and column == 0):
                    yield step, row, column, cell


@pytest.mark.parametrize("name", MADE)
def test_a_wrong_number_in_any_cell_is_caught(name):
    working = MADE[name]()
    working.verify()
    cells = list(tables(working))
    # As many as are tried of every table: its first and its last row, and some between them.
    chosen = [found for found in cells if found[1] in (0, len(found[0].table.rows) // 2, len(found[0].table.rows) - 1)]
    missed = [(step.key, row, column) for step, row, column, cell in chosen if not _caught(working, step, row, column)]
    assert not missed


def _caught(working: Working, step: Step, row: int, column: int) -> bool:
    rows = [list(cells) for cells in step.table.rows]
    cell = rows[row][column]
    assert isinstance(cell, Derived) or any(isinstance(head, Equation) for head in step.table.columns)
    value = cell.value if isinstance(cell, Derived) else cell
    wrong = value + 1 if isinstance(value, int) else value * (1 + 1e-4) or 1e-4
    rows[row][column] = dataclasses.replace(cell, value=wrong) if isinstance(cell, Derived) else wrong
    other = dataclasses.replace(step, table=dataclasses.replace(step.table, rows=tuple(map(tuple, rows))))

    def within(one: Step) -> Step:
        return other if one is step else dataclasses.replace(one, substeps=tuple(map(within, one.substeps)))

    # Only what stands in this table and above it is needed to see that the cell is wrong.
    try:
        dataclasses.replace(working, steps=tuple(map(within, working.steps))).verify()
    except WorkingError:
        return True
    return False
