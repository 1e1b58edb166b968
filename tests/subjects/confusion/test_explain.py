"""The working of a confusion matrix: complete, true, and not to be fooled by a wrong count or a wrong rate."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workings as wk
from workings.errors import UndefinedWarning, WorkingError
from workings.subjects.confusion import RATES, compute, explain_rates
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.subjects.confusion.rates import Cells

COUNT = st.one_of(st.integers(0, 3), st.integers(0, 10**7))
SMALL = ([1, 1, 0, 0, 1], [1, 0, 0, 1, 1])


def keys(working):
    return {step.key for step in working.walk()}


@settings(max_examples=40)
@given(st.tuples(COUNT, COUNT, COUNT, COUNT))
def test_every_rate_of_any_counts_has_a_line_that_verifies(cells):
    tp, fp, fn, tn = cells
    cm = wk.ConfusionMatrix.from_counts([[tn, fp], [fn, tp]], ("no", "yes"), threshold=0.5)
    working = cm.explain()
    working.verify()
    assert set(RATES) | {"tp", "fp", "fn", "tn"} <= keys(working)
    for name, value in cm.rates.items():
        step = working.step(name)
        if math.isnan(value):
            assert step.note is not None
            assert str(RATES[name].cause(cm.cells)) in str(step.note)
        else:
            assert step.value == value
            if RATES[name].proportion is not None:
                assert (working.step(f"{name}_low").value, working.step(f"{name}_high").value) == cm.interval(name)


def test_it_reads_as_a_teacher_writes():
    text = wk.ConfusionMatrix.from_counts([[340, 17], [11, 201]], ("benign", "malignant")).explain().to_text()
    assert "How good are the predictions?" in text
    assert '201 rows of the class "malignant" were' in text
    assert 'actual \\ predicted  "benign"  "malignant"  total' in text
    assert "541 of 569 rows were predicted right: the accuracy is 0.95079." in text
    assert "many textbooks have the predictions in the rows" in text


def test_the_rows_are_counted_again():
    working = wk.explain(wk.confusion_matrix, *SMALL)
    result = working.verify()
    assert {line.key: line.scope for line in result.lines}["tp"] == "inputs"
    assert [working.step(key).value for key in ("tp", "fp", "fn", "tn")] == [2, 1, 1, 1]
    assert [row[-1] for row in working.step("rows").table.rows] == ["TP", "FN", "TN", "FP", "TP"]
    many = np.arange(30_000)
    result = wk.explain(wk.confusion_matrix, many % 2, many % 3 == 1).verify()
    assert {line.key: line.scope for line in result.lines}["tp"] == "recount"


def test_text_weights_and_chosen_labels_are_counted_again():
    for options in (
        {"sample_weight": [1.5, 2, 0.25, 1, 3]},
        {"sample_weight": [1, 2, 3, 4, 5]},
        {"labels": ["b", "a"]},
    ):
        working = wk.explain(wk.confusion_matrix, list("abbac"), list("aabbc"), **{"labels": ["a", "b"], **options})
        working.verify()
    assert working.step("tp").value == 1
    with pytest.warns(UndefinedWarning):
        wk.explain(wk.confusion_matrix, [0, 0, 1], [0, 0, 0], normalize="pred").verify()


@pytest.mark.parametrize("weights", [None, [1, 2, 3, 4, 5], [0.5, 1.5, 2.5, 1, 0.25]])
def test_three_classes_are_worked_and_each_against_the_rest(weights):
    working = wk.explain(wk.confusion_matrix, list("abcab"), list("abbac"), sample_weight=weights)
    working.verify()
    assert {"accuracy", "error_rate", "balanced_accuracy", "mcc", "cohen_kappa", "right"} <= keys(working)
    assert ("accuracy_low" in keys(working)) == (weights is None)
    assert working.at(label="b").step("recall").value == pytest.approx(
        2 / 7 if weights == [1, 2, 3, 4, 5] else 0.5, abs=1
    )
    state = wk.confusion_matrix(list("abcab"), list("abbac"), sample_weight=weights).explain()
    state.verify()
    assert state.step("mcc").value == working.step("mcc").value


def test_many_classes_keep_the_working_small():
    rng = np.random.default_rng(0)
    cm = wk.ConfusionMatrix.from_counts(rng.integers(0, 9, (80, 80)))
    working = cm.explain()
    working.verify()
    assert "matrix" not in keys(working)
    assert len(working.step("classes").table.rows) == 50


def test_one_class_alone_is_worked():
    wk.ConfusionMatrix.from_counts([[5]]).explain().verify()
    wk.ConfusionMatrix.from_counts(np.zeros((3, 3), int)).explain().verify()


def test_thresholds_are_worked_with_each_rows_cell():
    working = wk.explain(wk.threshold_table, [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], [0.3, 0.5])
    assert working.verify().cells == 4
    assert [row[3:] for row in working.step("rows").table.rows] == [
        ("TN", "TN"),
        ("FP", "TN"),
        ("TP", "FN"),
        ("TP", "TP"),
    ]
    assert working.at(threshold=0.5).step("recall").value == 0.5
    weighted = wk.explain(wk.threshold_table, [0, 1, 1], [0.1, 0.4, 0.6], sample_weight=[1, 2, 0.5])
    weighted.verify()
    one_class = wk.explain(wk.threshold_table, [1, 1], [0.1, 0.4], [0.3])
    one_class.verify()


def test_it_speaks_two_languages_and_round_trips():
    working = wk.explain(wk.confusion_matrix, *SMALL)
    assert working.from_json(working.to_json()).step("mcc").value == working.step("mcc").value
    for render in (working.to_html, working.to_markdown, working.to_latex):
        assert "MCC" in render()


# Faults are planted, and found.


@pytest.mark.parametrize("cell", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_a_kernel_that_miscounts_is_found(monkeypatch, cell):
    count = compute.count_label_pairs

    def wrong(*columns):
        labels, counts = count(*columns)
        counts[cell] += 1
        return labels, counts

    monkeypatch.setattr(compute, "count_label_pairs", wrong)
    with pytest.raises(WorkingError, match=r"verify: line (tp|fp|fn|tn)"):
        wk.explain(wk.confusion_matrix, *SMALL).verify()


@pytest.mark.parametrize("name", sorted(RATES))
def test_a_rate_that_is_wrong_is_found(monkeypatch, name):
    right = ConfusionMatrix.rates.fget

    def wrong(cm):
        return {**right(cm), name: right(cm)[name] * (1 + 1e-6)}

    monkeypatch.setattr(ConfusionMatrix, "rates", property(wrong))
    with pytest.raises(WorkingError, match=f"verify: line {name}"):
        wk.ConfusionMatrix.from_counts([[40, 7], [11, 31]]).explain().verify()


def test_an_interval_that_is_wrong_is_found(monkeypatch):
    monkeypatch.setattr(ConfusionMatrix, "interval", lambda cm, name, level: (0.5, 0.6))
    with pytest.raises(WorkingError, match="_low"):
        wk.ConfusionMatrix.from_counts([[40, 7], [11, 31]]).explain().verify()


def test_a_value_in_place_of_an_undefined_one_is_found(monkeypatch):
    right = ConfusionMatrix.rates.fget
    monkeypatch.setattr(ConfusionMatrix, "rates", property(lambda cm: {**right(cm), "precision": 0.0}))
    monkeypatch.setattr(ConfusionMatrix, "interval", lambda cm, name, level: (0.0, 1.0))
    with pytest.raises(WorkingError, match="precision"):
        wk.ConfusionMatrix.from_counts([[5, 0], [5, 0]]).explain().verify()


def test_every_share_with_an_interval_is_worked():
    shares = {name for name, rate in RATES.items() if rate.proportion is not None}
    assert shares == set(explain_rates._SHARES)
    assert Cells(5, 2, 3, 7).total == 17
