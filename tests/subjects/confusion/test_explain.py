"""The working of a confusion matrix: complete, true, and not to be fooled by a wrong count or a wrong rate."""

from __future__ import annotations

import dataclasses
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

from ..planted import unaccounted, unseen

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
    cm = wk.ConfusionMatrix.from_counts([[340, 17], [11, 201]], ("benign", "malignant"))
    text = cm.explain().to_text()
    assert "How good are the predictions?" in text
    assert "541 of 569. The accuracy is 0.95079" in text
    assert 'actual \\ predicted  "benign"  "malignant"  total' in text
    assert 'predicted \\ actual  "benign"  "malignant"  total' in text
    assert "many textbooks have the predictions there, as the second" in " ".join(text.split())
    opened = cm.explain().at(part="counts").to_text()
    assert 'Of the class "malignant" and predicted "malignant": 201.' in " ".join(opened.split())


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_it_is_a_screenful_or_two_and_all_of_it_on_demand(lang):
    cm = wk.ConfusionMatrix.from_counts([[340, 17], [11, 201]], ("benign", "malignant"))
    assert len(cm.explain().to_text(lang).splitlines()) < 120
    assert len(wk.explain(wk.confusion_matrix, *SMALL).to_text(lang).splitlines()) < 140
    whole = cm.explain().at(part="all")
    assert whole.verify().equations == cm.explain().verify().equations
    for name in RATES:
        assert whole.step(name).value == cm.rates[name]
    text = whole.to_text(lang)
    assert "(201 × 340 - 17 × 11)" in text or "201 × 340 - 17 × 11" in text


@pytest.mark.parametrize("layout", ["matrix", "matrix_of_predictions"])
@pytest.mark.parametrize(("row", "column"), [(0, 1), (1, 2), (2, 3)])
def test_a_count_that_is_wrong_in_either_layout_is_found(layout, row, column):
    working = wk.ConfusionMatrix.from_counts([[40, 7], [11, 31]]).explain()
    step = working.step(layout)
    rows = [list(cells) for cells in step.table.rows]
    rows[row][column] = dataclasses.replace(rows[row][column], value=rows[row][column].value + 1)
    wrong = dataclasses.replace(step, table=dataclasses.replace(step.table, rows=tuple(map(tuple, rows))))
    with pytest.raises(WorkingError, match=f"table {layout}"):
        dataclasses.replace(working, steps=tuple(wrong if s is step else s for s in working.steps)).verify()


def test_both_layouts_hold_the_same_counts():
    working = wk.ConfusionMatrix.from_counts([[40, 7], [11, 31]]).explain()
    tables = [working.step(key).table for key in ("matrix", "matrix_of_predictions")]
    first, second = ([[cell.value for cell in row[1:]] for row in table.rows] for table in tables)
    assert first == [[40, 7, 47], [11, 31, 42], [51, 38, 89]]
    assert second == [list(column) for column in zip(*first, strict=True)]


def test_a_count_that_is_wrong_at_any_threshold_is_found(monkeypatch):
    right = compute.count_at_thresholds
    monkeypatch.setattr(compute, "count_at_thresholds", lambda *a: right(*a) + np.array([0, 0, 1]))
    with pytest.raises(WorkingError, match="table thresholds"):
        wk.explain(wk.threshold_table, [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], [0.3, 0.5, 0.7]).verify()
    many = np.arange(5000)
    monkeypatch.setattr(compute, "count_at_thresholds", lambda *a: right(*a) + 1)
    with pytest.raises(WorkingError, match="table thresholds"):
        wk.explain(wk.threshold_table, many % 3 == 0, many / 5000, [0.3, 0.5, 0.7]).verify()


def test_the_rows_are_counted_again():
    working = wk.explain(wk.confusion_matrix, *SMALL)
    result = working.verify()
    assert {line.key: line.scope for line in result.lines}["tp"] == "inputs"
    assert [working.step(key).value for key in ("tp", "fp", "fn", "tn")] == [2, 1, 1, 1]
    assert [str(row[-1]) for row in working.step("rows").table.rows] == ["TP", "FN", "TN", "FP", "TP"]
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


@pytest.mark.parametrize(
    ("counts", "rare", "common"), [([[970, 10], [15, 5]], "ill", "well"), ([[2, 1], [9, 188]], "well", "ill")]
)
def test_a_class_that_is_nearly_absent_is_pointed_out(counts, rare, common):
    text = " ".join(wk.ConfusionMatrix.from_counts(counts, ("well", "ill")).explain().to_text("en").split())
    assert f'The class "{rare}" has only' in text
    assert f'whoever calls every row "{common}" has an accuracy of 0.9' in text
    assert 'A false positive is "well" called "ill", a false negative "ill" called "well".' in text
    assert "has only" not in wk.ConfusionMatrix.from_counts([[5, 2], [3, 7]]).explain().to_text("en")


def test_one_class_alone_is_worked():
    alone = wk.ConfusionMatrix.from_counts([[5]]).explain()
    alone.verify()
    assert "How good are the predictions of one class?" in alone.to_text("en")
    wk.ConfusionMatrix.from_counts(np.zeros((3, 3), int)).explain().verify()


def test_thresholds_are_worked_with_each_rows_cell():
    working = wk.explain(wk.threshold_table, [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8], [0.3, 0.5])
    assert working.verify().cells == 30
    assert [[str(cell) for cell in row[3:]] for row in working.step("rows").table.rows] == [
        ["no, TN", "no, TN"],
        ["yes, FP", "no, TN"],
        ["yes, TP", "no, FN"],
        ["yes, TP", "yes, TP"],
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
    working = wk.ConfusionMatrix.from_counts([[40, 7], [11, 31]]).explain()
    with pytest.raises(WorkingError, match=f"verify: (table rates|line {name})"):
        working.verify()
    # The line finds it too, without the table above it.
    with pytest.raises(WorkingError, match=f"verify: line {name}"):
        dataclasses.replace(working, steps=tuple(step for step in working.steps if step.key != "rates")).verify()


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


FEW = ([1, 0, 1, 1, 0, 0, 1, 0], [0.9, 0.3, 0.4, 0.5, 0.7, 0.2, 0.5, 0.5])
WORKED = {
    "rows": lambda: wk.explain(wk.confusion_matrix, ["익음", "덜 익음", "익음"], ["익음", "익음", "덜 익음"]),
    "weights": lambda: wk.explain(wk.confusion_matrix, *SMALL, sample_weight=[1.5, 2, 0.25, 1, 3]),
    "counts": lambda: wk.ConfusionMatrix.from_counts([[970, 10], [15, 5]], ("well", "ill")).explain(cost_fn=5),
    "one class absent": lambda: wk.explain(wk.confusion_matrix, [0, 0, 0, 0], [0, 1, 0, 0]),
    "three classes": lambda: wk.explain(wk.confusion_matrix, list("abcabcca"), list("abbaccca")),
    "report": lambda: wk.confusion_matrix(list("abcabcca"), list("abbaccca")).report().explain(),
    "thresholds": lambda: wk.explain(wk.threshold_table, *FEW, [0.3, 0.5, 0.7]),
    "weighted thresholds": lambda: wk.threshold_table(*FEW, [0.3, 0.5], sample_weight=np.arange(1, 9) / 4).explain(),
}


@pytest.mark.parametrize("case", WORKED)
def test_no_number_and_no_cell_can_be_changed_unseen(case):
    working = WORKED[case]()
    assert not unaccounted(working)
    # The cases share most of their lines: each takes every third change, beginning at another.
    assert unseen(working, every=(list(WORKED).index(case) % 3, 3)) == []


def test_the_rival_of_a_threshold_is_counted_where_the_rows_are_few():
    said = wk.explain(wk.threshold_table, *FEW, [0.3, 0.5, 0.7]).conventions[0]
    assert said.rival_value == 1 + 3 + 1
    assert "would change: 5 in this table" in said.rival.render("en")


@pytest.mark.parametrize("predicted", [[1, 1, 0, 1], [1, 0, 0, 0], [1, 0, 0, 1]])
def test_the_summaries_of_a_matrix_without_errors_of_one_kind_are_told(predicted: list[int]) -> None:
    told = wk.explain(wk.confusion_matrix, [1, 0, 0, 1], predicted).at(part="summaries").to_text("en")
    assert "MCC" in told
