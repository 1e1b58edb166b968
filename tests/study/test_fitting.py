from __future__ import annotations

import json
import warnings
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import roc_auc_score

import workings as wk
from workings.errors import ConvergenceWarning, DataError, InputError, WorkingError
from workings.study.derivations import explain_units
from workings.study.split import split_rows


@pytest.fixture(scope="module")
def cancer() -> pl.DataFrame:
    data = load_breast_cancer()
    frame = pl.DataFrame(data.data, schema=[str(name) for name in data.feature_names])
    return frame.with_columns(diagnosis=pl.Series(data.target_names[data.target].astype(str)))


@pytest.fixture(scope="module")
def cancer_study(cancer: pl.DataFrame) -> wk.Study:
    return wk.fit(cancer, target="diagnosis")


def test_a_yes_or_no_target_reaches_the_optimum_of_scikit_learn(cancer: pl.DataFrame, cancer_study: wk.Study) -> None:
    y = (cancer["diagnosis"] == "malignant").to_numpy().astype(int)
    X = cancer.drop("diagnosis").to_numpy()
    split = split_rows(len(y), 0.25, 0, 1 - (y == 0).astype(np.intp))
    mean, sd = X[split.train].mean(axis=0), X[split.train].std(axis=0)
    peer = LogisticRegression(tol=1e-12, max_iter=10_000).fit((X[split.train] - mean) / sd, y[split.train])
    model = cancer_study.model
    assert model is not None
    assert model.positive == "malignant"
    assert model.coefficients == pytest.approx(peer.coef_, abs=2e-4)
    p = peer.predict_proba((X[split.test] - mean) / sd)[:, 1]
    assert cancer_study.metrics["auc"] == pytest.approx(roc_auc_score(y[split.test], p), abs=1e-12)
    assert cancer_study.descent is not None
    assert cancer_study.descent.converged


def test_nothing_of_the_rows_held_out_enters_the_fit(cancer: pl.DataFrame, cancer_study: wk.Study) -> None:
    rows = np.arange(cancer.height)
    y = (cancer["diagnosis"] == "malignant").to_numpy().astype(np.intp)
    test = split_rows(len(y), 0.25, 0, y).test
    spoilt = cancer.with_columns(
        pl.when(pl.Series(np.isin(rows, test))).then(pl.col("mean radius") * 1000).otherwise(pl.col("mean radius"))
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        again = wk.fit(spoilt, target="diagnosis")
    assert again.model is not None
    assert cancer_study.model is not None
    assert again.model.coefficients.tobytes() == cancer_study.model.coefficients.tobytes()
    assert again.model.center.tobytes() == cancer_study.model.center.tobytes()


def test_every_class_is_held_out_alike(cancer_study: wk.Study) -> None:
    assert cancer_study.data.split is not None
    assert (cancer_study.data.split.train, cancer_study.data.split.test) == (427, 142)
    assert cancer_study.data.split.stratified
    assert cancer_study.metrics["positives"] == 53


def test_a_number_reaches_the_least_squares() -> None:
    frame = pl.from_pandas(load_diabetes(as_frame=True).frame)
    study = wk.fit(frame, target="target")
    assert study.kind == "linear"
    split = split_rows(frame.height, 0.25, 0)
    X, y = frame.drop("target").to_numpy(), frame["target"].to_numpy()
    peer = LinearRegression().fit(X[split.train], y[split.train])
    raw = [c.raw for c in study.coefficients]
    assert raw == pytest.approx(peer.coef_.tolist(), rel=1e-6)
    assert study.metrics["r2"] == pytest.approx(peer.score(X[split.test], y[split.test]), abs=1e-9)
    errors = y[split.test] - peer.predict(X[split.test])
    assert study.metrics["rmse"] == pytest.approx(np.sqrt(np.mean(errors**2)), rel=1e-9)
    assert study.metrics["mae"] == pytest.approx(np.mean(np.abs(errors)), rel=1e-9)
    assert study.residuals is not None
    assert sum(study.residuals.counts) == study.residuals.count == len(split.test)


def test_three_classes_are_judged_one_against_the_rest() -> None:
    data = load_iris()
    frame = pl.DataFrame(data.data, schema=list(data.feature_names)).with_columns(
        kind=pl.Series(data.target_names[data.target].astype(str))
    )
    study = wk.fit(frame, target="kind")
    assert study.kind == "one-vs-rest"
    assert list(study.curves) == ["setosa", "versicolor", "virginica"]
    assert study.metrics["auc_macro"] == pytest.approx(np.mean([c.auc for c in study.curves.values()]))
    assert study.confusion is not None
    assert study.confusion.counts.sum() == study.metrics["rows_test"]
    predicted = wk.predict(study, frame).predictions
    assert predicted is not None
    shares = np.array([predicted[f"probability_{name}"].to_numpy() for name in study.curves])
    assert shares.sum(axis=0) == pytest.approx(np.ones(150))
    best = np.array(list(study.curves))[shares.argmax(axis=0)]
    assert predicted["prediction"].to_pylist() == best.tolist()


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([0, 1] * 20, "logistic"),
        ([1.5, 2.5] * 20, "logistic"),
        (["a", "b"] * 20, "logistic"),
        ([True, False] * 20, "logistic"),
        (["a", "b", "c", "d"] * 10, "one-vs-rest"),
        ([1, 2, 3, 4] * 10, "one-vs-rest"),
        ([1.0, 2.0, 3.0, 4.0] * 10, "one-vs-rest"),
        ([1, 2, 3, 4, 5] * 8, "linear"),  # eight rows a value: fewer than ten
        ([0.5, 1, 2, 3] * 10, "linear"),  # not whole
        (list(range(40)), "linear"),
    ],
)
def test_the_kind_of_model_follows_the_stated_rule(values: list[object], kind: str) -> None:
    generator = np.random.default_rng(0)
    frame = pl.DataFrame({"y": values, "x": generator.normal(size=40), "z": generator.normal(size=40)}, strict=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        study = wk.fit(frame, target="y")
    assert study.kind == kind
    assert any('"y" is predicted as' in str(note) for note in study.notes)


def test_numbers_of_few_values_are_a_number_when_asked() -> None:
    frame = pl.DataFrame({"y": [1, 2, 3] * 20, "x": np.arange(60.0) % 7})
    assert wk.fit(frame, target="y", kind="linear").kind == "linear"


@pytest.mark.parametrize("normalize", ["z-score", "min-max", "none"])
def test_how_columns_are_normalised_does_not_change_a_linear_model(normalize: str) -> None:
    generator = np.random.default_rng(1)
    x = generator.normal(3, 2, (200, 2))
    frame = pl.DataFrame({"a": x[:, 0], "b": x[:, 1], "y": x @ [2.0, -1.0] + 5 + generator.normal(size=200)})
    study = wk.fit(frame, target="y", normalize=normalize)  # type: ignore[arg-type]
    peer = wk.fit(frame, target="y")
    assert study.metrics["r2"] == pytest.approx(peer.metrics["r2"], abs=1e-9)
    assert [c.raw for c in study.coefficients] == pytest.approx([c.raw for c in peer.coefficients], rel=1e-7)


def test_a_fit_that_does_not_arrive_warns_and_says_so() -> None:
    generator = np.random.default_rng(0)
    frame = pl.DataFrame(
        {"y": generator.integers(0, 2, 100), "a": generator.random(100) * 1e7, "b": generator.random(100)}
    )
    with pytest.warns(ConvergenceWarning):
        study = wk.fit(frame, target="y", normalize="none")
    assert study.descent is not None
    assert not study.descent.converged
    assert study.model is not None
    assert study.model.training["converged"] is False
    assert any("before it arrived" in str(note) for note in study.notes)


def test_rows_held_out_with_a_category_of_their_own_are_left_out_and_counted() -> None:
    size = 80
    generator = np.random.default_rng(0)
    y = generator.integers(0, 2, size)
    held_out = split_rows(size, 0.25, 0, y.astype(np.intp)).test
    colours = np.array(["red", "blue"])[np.arange(size) % 2].astype(object)
    colours[held_out[0]] = "mauve"
    frame = pl.DataFrame({"y": y, "x": generator.normal(size=size), "colour": colours.tolist()})
    study = wk.fit(frame, target="y")
    assert study.data.rows_read == size
    assert study.data.rows_used == size - 1
    assert [(d.count, d.first_rows) for d in study.data.dropped] == [(1, (int(held_out[0]) + 1,))]
    assert study.model is not None
    with pytest.raises(DataError, match='"mauve"'):
        wk.predict(study, frame)


def test_the_positive_class_can_be_named(cancer: pl.DataFrame) -> None:
    study = wk.fit(cancer, target="diagnosis", positive="benign", features=["mean radius"])
    assert study.positive == "benign"
    assert study.metrics["auc"] > 0.9
    with pytest.raises(InputError, match="does not have two classes"):
        wk.fit(pl.DataFrame({"y": np.arange(50.0), "x": np.arange(50.0)}), target="y", positive=1)


def test_a_weight_counts_as_that_many_rows() -> None:
    generator = np.random.default_rng(2)
    x = generator.normal(size=60)
    frame = pl.DataFrame({"x": x, "y": 3 * x + generator.normal(size=60), "w": generator.integers(1, 4, 60)})
    split = split_rows(60, 0.25, 0)
    train = frame[split.train.tolist()]
    study = wk.fit(frame, target="y", weight="w")
    peer = LinearRegression().fit(train[["x"]].to_numpy(), train["y"].to_numpy(), sample_weight=train["w"].to_numpy())
    assert study.coefficients[0].raw == pytest.approx(peer.coef_[0], rel=1e-9)


@pytest.mark.parametrize("target", ["diagnosis", "mean radius"])
def test_a_model_file_predicts_what_the_study_predicts(cancer: pl.DataFrame, target: str, tmp_path: Path) -> None:
    from workings.study.modelfile import write_model

    study = wk.fit(cancer, target=target)
    assert study.model is not None
    write_model(study.model, tmp_path / "m.json")
    from_file = wk.predict(tmp_path / "m.json", cancer).predictions
    from_study = wk.predict(study, cancer).predictions
    assert from_file is not None
    assert from_file.equals(from_study)
    assert from_file.num_rows == 569


@pytest.mark.filterwarnings("ignore::workings.errors.UndefinedWarning")
def test_predictions_keep_columns_and_rows_in_their_order() -> None:
    frame = pl.DataFrame({"x": range(40), "y": [k > 20 for k in range(40)]})
    study = wk.fit(frame, target="y")
    new = pl.DataFrame({"who": ["b", "a", "c"], "unused": [1, 2, 3], "x": [39, None, 0]})
    predicted = wk.predict(study, new)
    assert predicted.predictions is not None
    assert predicted.predictions.column_names == ["who", "unused", "x", "prediction", "probability_true"]
    assert predicted.predictions["who"].to_pylist() == ["b", "a", "c"]
    assert predicted.predictions["prediction"].to_pylist()[::2] == [True, False]
    assert "as the model says: 1." in str(predicted.notes[0])
    assert predicted.metrics["rows_read"] == 3


@pytest.mark.filterwarnings("ignore::workings.errors.UndefinedWarning")
def test_a_model_fitted_without_missing_values_gives_such_rows_no_prediction() -> None:
    frame = pl.DataFrame({"x": [*range(40), None], "y": [*(k > 20 for k in range(40)), True]})
    study = wk.fit(frame, target="y", drop_missing=True)
    assert study.data.dropped[0].count == 1
    predicted = wk.predict(study, pl.DataFrame({"x": [1, None, 39]}))
    assert predicted.predictions is not None
    assert predicted.predictions["prediction"].to_pylist() == [False, None, True]
    assert predicted.predictions["probability_true"].null_count == 1
    assert predicted.metrics["rows_without_prediction"] == 1
    assert "(row 2)" in str(predicted.notes[0])


@pytest.mark.filterwarnings("ignore::workings.errors.UndefinedWarning")
def test_a_column_without_any_value_is_all_missing_when_predicting() -> None:
    frame = pl.DataFrame({"x": range(40), "c": ["p", "q"] * 20, "y": [k > 20 for k in range(40)]})
    study = wk.fit(frame, target="y")
    new = pl.DataFrame({"x": [1, 2], "c": [None, None]})
    assert wk.predict(study, new).predictions is not None


@pytest.mark.parametrize("target", ["y", "n", "k"])
def test_every_metric_of_a_fit_can_be_opened(target: str) -> None:
    generator = np.random.default_rng(3)
    x = generator.normal(size=90)
    frame = pl.DataFrame(
        {
            "x": x,
            "z": generator.normal(size=90),
            "y": np.where(x + generator.normal(size=90) > 0, "yes", "no"),
            "n": 2 * x + generator.normal(size=90),
            "k": np.digitize(x + generator.normal(size=90), [-0.5, 0.5]),
        }
    )
    study = wk.fit(frame, target=target, features=["x", "z"])
    free = {"rows_read", "rows_train", "positives", "negatives", "threshold"}
    assert set(study.metrics) - free <= set(study.places)
    assert all(found.equations > 0 for found in study.verifications.values())
    assert json.loads(study.to_json())["metrics"].keys() == study.metrics.keys()


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (np.arange(40.0), 3 * np.arange(40.0) + 5),  # exactly a line: no error is left to have digits
        (np.arange(40.0) % 7, 3 * np.arange(40.0) + 5e9),  # far from zero
        (1e6 + np.arange(40.0) % 7, np.arange(40.0) * 1e8),
    ],
)
def test_numbers_of_any_size_are_fitted_and_every_line_verifies(x: np.ndarray, y: np.ndarray) -> None:
    study = wk.fit(pl.DataFrame({"x": x, "y": y}), target="y")
    assert all(found.equations > 0 for found in study.verifications.values())


def test_numbers_too_large_for_their_squares_are_refused_by_the_column() -> None:
    x = np.arange(40.0)
    with pytest.raises(DataError, match=r'"x".*too large'):
        wk.fit(pl.DataFrame({"x": x * 1e300, "y": x % 3}), target="y", kind="linear")
    with pytest.raises(DataError, match=r'"y".*too large'):
        wk.fit(pl.DataFrame({"x": x % 7, "y": x * 1e300}), target="y")


@pytest.mark.filterwarnings("ignore::workings.errors.UndefinedWarning")
def test_numbers_held_out_that_are_equal_leave_r2_undefined_with_its_cause() -> None:
    y = np.full(40, 2.5)
    y[split_rows(40, 0.25, 0).train[0]] = 7.0
    study = wk.fit(pl.DataFrame({"x": np.arange(40.0) % 7, "y": y}), target="y", kind="linear")
    document = json.loads(study.to_json())
    assert document["metrics"]["r2"] is None
    assert document["undefined"]["r2"] == "all numbers held out are equal"


def test_weights_that_leave_nothing_to_learn_or_to_judge_by_are_refused() -> None:
    data = load_iris()
    frame = pl.DataFrame(data.data, schema=["a", "b", "c", "d"]).with_columns(y=pl.Series(data.target))
    with pytest.raises(DataError, match=r'every training row of a class.*it is for "1"; give some of its rows'):
        wk.fit(frame.with_columns(w=(pl.col("y") != 1).cast(float)), target="y", weight="w")
    held_out = split_rows(150, 0.25, 0, data.target.astype(np.intp)).test
    weights = np.ones(150)
    weights[held_out] = 0
    with pytest.raises(DataError, match="must not be zero in all of the rows held out"):
        wk.fit(frame.with_columns(w=pl.Series(weights)), target="y", weight="w")
    train = split_rows(150, 0.25, 0, None).train
    weights = np.ones(150)
    weights[train] = 0
    with pytest.raises(DataError, match="must not be zero in all of the training rows"):
        wk.fit(frame.with_columns(w=pl.Series(weights)), target="a", kind="linear", weight="w")


def test_weights_may_be_booleans_and_rows_without_weight_do_not_count() -> None:
    generator = np.random.default_rng(5)
    x = generator.normal(size=200)
    frame = pl.DataFrame({"x": x, "y": x + generator.normal(size=200) > 0, "w": generator.random(200) > 0.3})
    as_numbers = wk.fit(frame.with_columns(pl.col("w").cast(float)), target="y", weight="w")
    assert dict(wk.fit(frame, target="y", weight="w").metrics) == dict(as_numbers.metrics)


def test_arguments_of_another_type_are_refused_by_name() -> None:
    frame = pl.DataFrame({"x": range(40), "y": [k > 18 or k % 6 == 0 for k in range(40)]})
    with pytest.raises(InputError, match="seed must be a whole number"):
        wk.fit(frame, target="y", seed=1.5)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="test_size must be a share between 0 and 1; got a quarter"):
        wk.fit(frame, target="y", test_size="a quarter")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="a column name must be text; got 1"):
        wk.fit(frame, target=1)  # type: ignore[arg-type]


def test_one_feature_may_be_named_alone() -> None:
    frame = pl.DataFrame({"size": range(40), "y": [k > 18 or k % 6 == 0 for k in range(40)]})
    assert [str(each.name) for each in wk.fit(frame, target="y", features="size").coefficients] == ["size"]


def test_weights_that_are_all_zero_are_refused() -> None:
    frame = pl.DataFrame({"x": np.arange(40.0) % 7, "y": np.arange(40) % 2, "w": [0] * 40})
    with pytest.raises(DataError, match="must not be zero in every row"):
        wk.fit(frame, target="y", weight="w")


def test_every_coefficient_of_every_class_opens_and_its_unit_is_checked() -> None:
    iris = load_iris(as_frame=True).frame
    study = wk.fit(iris, target="target")
    assert len(study.coefficients) == 12
    for number, coefficient in enumerate(study.coefficients):
        working, key = study.places[f"coef_{number}"]
        assert working == f"model/{coefficient.name.partition(':')[0]}"
        assert study.workings[working].step(key).value is True  # the claim that the cost is level there
    units = study.workings["units"]
    assert units.verify().cells == 12
    first, *rest = units.step("units").table.rows
    wrong = [(name, fitted, scale, own * 1.001) for name, fitted, scale, own in rest]
    with pytest.raises(WorkingError, match="table units"):
        explain_units([first, *wrong]).verify()
    with pytest.raises(WorkingError, match="line unit"):
        explain_units([*wrong, first]).verify()
