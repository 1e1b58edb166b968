from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workings.errors import ModelError
from workings.study.features import Feature, Term
from workings.study.model import Model, Target
from workings.study.modelfile import read_model, write_model


@pytest.fixture
def model() -> Model:
    return Model(
        kind="logistic",
        target=Target("ill", "text", ("no", "예"), "예"),
        features=(Feature("age", "number", 40.5), Feature("=sex", "text", "m", ("f", "m"))),
        terms=(Term("age"), Term("=sex", "m")),
        normalize="z-score",
        center=np.array([40.0, 0.1]),
        scale=np.array([12.0, 0.3]),
        coefficients=np.array([[0.1, 1 / 3]]),
        intercepts=np.array([-1e-17]),
        training={"rows": 10, "converged": True, "penalty_C": 1.0, "note": None},
    )


def test_a_model_comes_back_to_the_bit(model: Model, tmp_path: Path) -> None:
    write_model(model, tmp_path / "m.json")
    again = read_model(tmp_path / "m.json")
    assert again.coefficients.tobytes() == model.coefficients.tobytes()
    assert again.intercepts.tobytes() == model.intercepts.tobytes()
    assert (again.center.tolist(), again.scale.tolist()) == (model.center.tolist(), model.scale.tolist())
    assert (again.target, again.features, again.terms) == (model.target, model.features, model.terms)
    assert (again.kind, again.normalize, again.missing, again.threshold) == ("logistic", "z-score", "fill", 0.5)
    assert again.training == model.training


def test_the_file_can_be_read_by_a_person(model: Model, tmp_path: Path) -> None:
    write_model(model, tmp_path / "m.json")
    text = (tmp_path / "m.json").read_text(encoding="utf-8")
    assert '"예"' in text
    assert "0.3333333333333333" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(version=2), "version must be 1; got 2"),
        (lambda d: d.update(format="pickle"), "format must be workings model"),
        (lambda d: d.pop("coefficients"), '"coefficients" is missing'),
        (lambda d: d.update(extra=1), '"extra" is not a field'),
        (lambda d: d.update(threshold="0.5"), '"threshold" must be a number'),
        (lambda d: d.update(threshold=True), '"threshold" must be'),
        (lambda d: d.update(coefficients=[[0.1]]), "shape"),
        (lambda d: d.update(coefficients=[[0.1, "x"]]), "must be a number"),
        (lambda d: d.update(coefficients=[0.1, 0.2]), "shape"),
        (lambda d: d.update(intercepts=[10**400]), "must be finite"),
        (lambda d: d["terms"][0].update(scale=0.0), "scale must be above 0"),
        (lambda d: d["terms"][0].update(feature="weight"), "must come from one of the features"),
        (lambda d: d["terms"].append(d["terms"][0]), "once"),
        (lambda d: d["features"][0].update(kind="image"), '"features/0/kind" must be'),
        (lambda d: d["features"][1].update(categories=["m", "m"]), "twice"),
        (lambda d: d["features"][0].update(name="=sex"), "twice"),
        (lambda d: d["features"][0].update(fill=None), '"fill" must be given'),
        (lambda d: d["target"].update(positive="maybe"), "positive"),
        (lambda d: d["target"].update(classes=["no"]), "classes"),
        (lambda d: d["training"].update(code=["import os"]), '"training/code" must be'),
        (lambda d: d.update(kind="tree"), '"kind" must be linear | logistic'),
    ],
)
def test_a_file_that_is_not_exactly_a_model_is_refused(model: Model, tmp_path: Path, change: Any, said: str) -> None:
    path = tmp_path / "m.json"
    write_model(model, path)
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))
    with pytest.raises(ModelError) as refused:
        read_model(path)
    assert said in str(refused.value)
    assert str(path) in str(refused.value)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_numbers_that_are_not_finite_are_refused(model: Model, tmp_path: Path, number: str) -> None:
    path = tmp_path / "m.json"
    write_model(model, path)
    path.write_text(path.read_text().replace("0.3333333333333333", number))
    with pytest.raises(ModelError, match="finite"):
        read_model(path)


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", "null", '"x"', "[" * 100_000, "9" * 5000])
def test_what_is_not_a_json_object_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.json"
    path.write_text(text)
    with pytest.raises(ModelError):
        read_model(path)


def test_every_truncation_is_refused(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    write_model(model, path)
    text = path.read_text().rstrip()
    for end in range(0, len(text), 37):
        path.write_text(text[:end])
        with pytest.raises(ModelError):
            read_model(path)


def test_bytes_that_are_no_text_and_a_folder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ModelError, match="cannot be read"):
        read_model(tmp_path / "m.json")
    with pytest.raises(ModelError, match="cannot be read"):
        read_model(tmp_path)
    with pytest.raises(ModelError, match="no such file"):
        read_model(tmp_path / "none.json")


def test_probabilities_of_classes_add_up_even_where_all_sigmoids_vanish(model: Model) -> None:
    probabilities = model.probabilities(np.array([[-800.0, -900.0, -1000.0], [0.0, 0.0, 40.0]]))
    assert probabilities[0].tolist() == [1 / 3, 1 / 3, 1 / 3]
    assert probabilities.sum(axis=1).tolist() == [1.0, 1.0]
