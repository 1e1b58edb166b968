from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sklearn import metrics as sk
from tests.memory import PEAK

import workings as wk
from workings.errors import DataError, InputError, WorkingError
from workings.study.binary import Judgement
from workings.study.labels import Orientation


def scored(rows: int = 400, seed: int = 0) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(seed)
    label = generator.integers(0, 2, rows)
    return {
        "label": label,
        "score": np.round(1 / (1 + np.exp(-generator.normal(label * 1.5 - 0.7))), 2),
        "other": np.round(generator.random(rows) * 0.5 + label * 0.2, 3),
        "weight": generator.integers(0, 5, rows) / 4,
    }


def test_every_metric_is_what_scikit_learn_gives() -> None:
    data = scored()
    y, s = data["label"], data["score"]
    study = wk.evaluate(pl.DataFrame(data), label="label", score="score", threshold=0.4)
    decided = s >= 0.4
    expected = {
        "auc": sk.roc_auc_score(y, s),
        "average_precision": sk.average_precision_score(y, s),
        "accuracy": sk.accuracy_score(y, decided),
        "recall": sk.recall_score(y, decided),
        "precision": sk.precision_score(y, decided),
        "specificity": sk.recall_score(1 - y, ~decided),
        "f1": sk.f1_score(y, decided),
        "mcc": sk.matthews_corrcoef(y, decided),
        "cohen_kappa": sk.cohen_kappa_score(y, decided),
        "balanced_accuracy": sk.balanced_accuracy_score(y, decided),
    }
    assert {name: study.metrics[name] for name in expected} == pytest.approx(expected, rel=1e-12)
    tn, fp, fn, tp = sk.confusion_matrix(y, decided).ravel().tolist()
    assert [study.metrics[name] for name in ("tn", "fp", "fn", "tp")] == [tn, fp, fn, tp]
    assert study.metrics["rows_read"] == study.metrics["rows_used"] == 400


def test_weights_count_as_they_do_in_scikit_learn_and_leave_no_interval() -> None:
    data = scored()
    y, s, w = data["label"], data["score"], data["weight"]
    study = wk.evaluate(pl.DataFrame(data), label="label", score="score", weight="weight")
    assert study.metrics["auc"] == pytest.approx(sk.roc_auc_score(y, s, sample_weight=w), rel=1e-12)
    assert study.metrics["recall"] == pytest.approx(sk.recall_score(y, s >= 0.5, sample_weight=w), rel=1e-12)
    assert "auc_low" not in study.metrics
    assert study.intervals == {}


def test_the_comparison_is_the_paired_test_of_both_scores() -> None:
    data = scored()
    study = wk.evaluate(pl.DataFrame(data), label="label", score="score", compare="other")
    alone = wk.compare_auc(data["label"], data["score"], data["other"])
    assert study.metrics["p_value"] == alone.p_value
    assert study.metrics["difference"] == study.metrics["auc_a"] - study.metrics["auc_b"] == alone.difference


@pytest.mark.parametrize("kind", ["csv", "parquet", "pandas", "polars", "arrow"])
def test_the_source_does_not_matter(kind: str, tmp_path: Path) -> None:
    data = scored()
    frame = pl.DataFrame(data)
    if kind == "csv":
        frame.write_csv(tmp_path / "t.csv")
    if kind == "parquet":
        frame.write_parquet(tmp_path / "t.parquet")
    source: Any = {
        "csv": tmp_path / "t.csv",
        "parquet": str(tmp_path / "t.parquet"),
        "pandas": pd.DataFrame(data),
        "polars": frame,
        "arrow": pa.table(data),
    }[kind]
    study = wk.evaluate(source, label="label", score="score", compare="other")
    assert study.metrics == wk.evaluate(frame, label="label", score="score", compare="other").metrics


@pytest.mark.parametrize("rows_a_group", [1, 7, 400])
def test_how_a_file_is_cut_does_not_change_a_bit(rows_a_group: int, tmp_path: Path) -> None:
    table = pa.table(scored())
    pq.write_table(table, tmp_path / "t.parquet", row_group_size=rows_a_group)
    cut = wk.evaluate(tmp_path / "t.parquet", label="label", score="score", weight="weight")
    assert dict(cut.metrics) == dict(wk.evaluate(table, label="label", score="score", weight="weight").metrics)


@pytest.mark.parametrize("labels", [("no", "yes"), (False, True), (0.0, 1.0), (-1, 1), ("benign", "malignant")])
def test_how_labels_are_written_does_not_change_a_number(labels: tuple[Any, Any]) -> None:
    data = scored()
    written = pl.DataFrame({**data, "label": [labels[k] for k in data["label"]]})
    study = wk.evaluate(written, label="label", score="score")
    assert study.metrics == wk.evaluate(pl.DataFrame(data), label="label", score="score").metrics


@pytest.mark.filterwarnings("ignore::workings.errors.UndefinedWarning")
def test_rows_with_missing_values_are_refused_or_left_out_with_their_numbers() -> None:
    frame = pl.DataFrame({"y": [0, 1, None, 1, 0, 1], "s": [0.1, None, 0.3, 0.9, float("nan"), 0.7]})
    with pytest.raises(DataError, match=r'"y".*1 missing \(row 3\)'):
        wk.evaluate(frame, label="y", score="s")
    with pytest.raises(DataError, match=r'"s".*2 missing \(row 2, 5\)'):
        wk.evaluate(frame.with_columns(y=pl.lit([0, 1, 1, 1, 0, 1]).explode()), label="y", score="s")
    study = wk.evaluate(frame, label="y", score="s", drop_missing=True)
    (dropped,) = study.data.dropped
    assert (dropped.count, dropped.first_rows, study.data.rows_used) == (3, (2, 3, 5), 3)
    assert study.data.rows_read == study.data.rows_used + dropped.count


def test_row_numbers_hold_across_blocks() -> None:
    score = np.linspace(0, 1, 200_000)
    score[150_000] = np.inf
    frame = pl.DataFrame({"y": np.arange(200_000) % 2, "s": score})
    with pytest.raises(DataError, match=r"1 infinite \(row 150001\);"):
        wk.evaluate(frame, label="y", score="s")


@pytest.mark.filterwarnings("ignore::workings.errors.UndefinedWarning")
def test_a_third_label_late_in_the_file_is_refused() -> None:
    frame = pl.DataFrame({"y": [0, 1] * 60_000 + [2], "s": np.linspace(0, 1, 120_001)})
    with pytest.raises(DataError, match=r"two values.*\(0, 1, 2\)"):
        wk.evaluate(frame, label="y", score="s")
    assert wk.evaluate(frame, label="y", score="s", positive=2).metrics["positives"] == 1


def test_a_condition_chooses_the_rows() -> None:
    frame = pl.DataFrame(scored())
    study = wk.evaluate(frame, label="label", score="score", where="weight > 0.5")
    kept = frame.filter(pl.col("weight") > 0.5)
    assert study.metrics == wk.evaluate(kept, label="label", score="score").metrics


def test_one_column_cannot_play_two_parts() -> None:
    with pytest.raises(InputError, match='score must be another column than label; got "y"'):
        wk.evaluate(pl.DataFrame({"y": [0, 1]}), label="y", score="y")
    with pytest.raises(InputError, match="compare must be left out where rows are weighted"):
        wk.evaluate(pl.DataFrame(scored()), label="label", score="score", compare="other", weight="weight")


@pytest.mark.filterwarnings("ignore::workings.errors.UndefinedWarning")
def test_a_count_that_does_not_agree_with_the_curve_is_an_error() -> None:
    curve = wk.roc_curve([0, 1, 1], [0.1, 0.6, 0.7])
    judged = Judgement(curve, np.array([[1, 0], [1, 1]]), 0.5, Orientation(1, 0, wk.evaluate.__doc__))  # type: ignore[arg-type]
    with pytest.raises(WorkingError, match="disagree"):
        judged.matrix()


@pytest.mark.filterwarnings("ignore::workings.errors.UndefinedWarning")
def test_float32_scores_are_decided_in_their_own_precision(tmp_path: Path) -> None:
    scores = np.array([0.7, 0.69999, 0.3, 0.1], np.float32)
    study = wk.evaluate(pa.table({"y": [1, 1, 0, 0], "s": scores}), label="y", score="s", threshold=0.7)
    assert study.metrics["tp"] == 1


def test_the_json_holds_every_number_at_full_precision(tmp_path: Path) -> None:
    study = wk.evaluate(pl.DataFrame(scored()), label="label", score="score")
    study.to_json(tmp_path / "n.json")
    document = json.loads((tmp_path / "n.json").read_text())
    assert document["metrics"] == dict(study.metrics)
    assert document["equations_verified"] > 50


@pytest.mark.filterwarnings("ignore::workings.errors.UndefinedWarning")
def test_a_rate_that_is_undefined_is_null_in_json_with_its_cause() -> None:
    frame = pl.DataFrame({"y": [0, 1, 1], "s": [0.1, 0.2, 0.3]})
    study = wk.evaluate(frame, label="y", score="s", threshold=0.9)
    assert np.isnan(study.metrics["precision"])
    document = json.loads(study.to_json())
    assert document["metrics"]["precision"] is None
    assert document["undefined"]["precision"] == "no row was predicted positive"


def test_every_metric_can_be_opened_into_a_line_that_verifies() -> None:
    study = wk.evaluate(pl.DataFrame(scored()), label="label", score="score", compare="other", drop_missing=True)
    free = {"rows_read", "positives", "negatives", "threshold"}
    assert set(study.metrics) - free <= set(study.places)
    for metric in set(study.metrics) - free:
        working, step = study.places[metric]
        value = study.workings[working].step(step).value
        assert value is None or value == pytest.approx(study.metrics[metric], rel=1e-12)
    assert all(found.equations > 0 for found in study.verifications.values())


def test_a_study_explains_its_headline_and_every_part() -> None:
    study = wk.evaluate(pl.DataFrame(scored()), label="label", score="score")
    assert study.explain().subject == "roc"
    assert study.explain().at(part="confusion").subject == "confusion"
    with pytest.raises(InputError, match='"data"'):
        study.explain(part="nothing")


@pytest.mark.filterwarnings("ignore::workings.errors.UndefinedWarning")
def test_a_class_of_one_row_has_an_area_without_an_interval_and_a_report(tmp_path: Path) -> None:
    frame = pl.DataFrame({"y": [1, 0, 0, 0], "s": [0.5, 0.2, 0.7, 0.1]})
    study = wk.evaluate(frame, label="y", score="s")
    assert study.metrics["auc"] == 2 / 3
    assert "auc_low" not in study.metrics
    assert json.loads(study.to_json())["metrics"]["auc_low"] is None
    assert study.report(tmp_path / "r.html").exists()


@pytest.mark.parametrize("weight", [1e-150, 1e100, 1e146])
def test_weights_of_any_unit_give_the_same_rates_and_a_report(weight: float, tmp_path: Path) -> None:
    frame = pl.DataFrame(scored()).with_columns(weight=pl.lit(weight))
    study = wk.evaluate(frame, label="label", score="score", weight="weight")
    alike = wk.evaluate(frame.with_columns(weight=1.0), label="label", score="score", weight="weight")
    for name in ("auc", "recall", "mcc", "average_precision", "best_corner_threshold"):
        assert study.metrics[name] == pytest.approx(alike.metrics[name], rel=1e-12), name
    assert "Infinity" not in study.report(tmp_path / "report.html").read_text()


@pytest.mark.parametrize("weight", [5e-324, 1e-160, 1e160, 1e308])
def test_weights_whose_sum_cannot_be_computed_with_are_refused(weight: float) -> None:
    frame = pl.DataFrame(scored()).with_columns(weight=pl.lit(weight))
    with pytest.raises(DataError, match=r'weight column "weight": must add up to a number between 1e-150 and 1e\+150'):
        wk.evaluate(frame, label="label", score="score", weight="weight")


def test_arguments_of_another_type_are_refused_by_name() -> None:
    frame = pd.DataFrame({"y": [0, 1, 0, 1], 1: [0.1, 0.2, 0.3, 0.4]})
    with pytest.raises(InputError, match='a column name must be text; got 1; pandas columns named by numbers are "0"'):
        wk.evaluate(frame, label="y", score=1)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="a column name must be text; got None"):
        wk.evaluate(frame, label=None, score="1")  # type: ignore[arg-type]
    with pytest.raises(InputError, match=r"threshold must be a finite number .*; got '0.3'"):
        wk.evaluate(frame, label="y", score="1", threshold="0.3")  # type: ignore[arg-type]


@pytest.mark.filterwarnings("ignore::workings.errors.UndefinedWarning")
def test_a_class_without_weight_leaves_the_area_undefined_and_the_report_says_so(tmp_path: Path) -> None:
    frame = pl.DataFrame({"y": [1, 0, 0, 1], "s": [0.5, 0.2, 0.7, 0.1], "w": [1.5, 0, 0, 1]})
    study = wk.evaluate(frame, label="y", score="s", weight="w")
    assert np.isnan(study.metrics["auc"])
    assert study.undefined["auc"].sentence == "one class has no weight"
    assert study.report(tmp_path / "r.html").exists()


MEASURE = f"""{PEAK}
import workings as wk
study = wk.evaluate(sys.argv[1], label="label", score="score")
print(study.metrics["rows_used"], study.metrics["auc"], peak_gib())
"""


@pytest.mark.large
def test_a_hundred_million_rows_are_judged_in_less_than_4_gib(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    schema = pa.schema([("label", pa.int8()), ("score", pa.float32())])
    path = tmp_path / "large.parquet"
    with pq.ParquetWriter(path, schema, compression="none", use_dictionary=False) as writer:
        for _ in range(100):
            label = generator.integers(0, 2, 1_000_000, dtype=np.int8)
            score = generator.random(1_000_000, dtype=np.float32) * np.float32(0.7) + label * np.float32(0.3)
            writer.write_table(pa.table([label, score], schema=schema))
    ended = subprocess.run([sys.executable, "-c", MEASURE, str(path)], capture_output=True, text=True, check=True)
    path.unlink()
    rows, auc, gib = ended.stdout.split()
    assert int(rows) == 100_000_000
    # Both uniform on an interval of 0.7, one shifted by 0.3: P(positive > negative) = 1 - (0.4/0.7)^2 / 2.
    assert float(auc) == pytest.approx(1 - (4 / 7) ** 2 / 2, abs=2e-4)
    assert float(gib) < 4
