"""The model file: JSON that a person can read, versioned, checked at every field when it is read, and without code."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NoReturn, cast

import numpy as np
from numpy.typing import NDArray

from workings.errors import ModelError
from workings.language import Message, message
from workings.outputs import replacing
from workings.study.features import Feature, FeatureKind, Term, terms_of
from workings.study.labels import Label, show_label
from workings.study.model import Model, ModelKind, Normalizer, Target

__all__ = ["MODEL_FORMAT", "MODEL_VERSION", "model_from_json", "model_to_json", "read_model", "write_model"]

MODEL_FORMAT = "workings model"
MODEL_VERSION = 1
_ABSENT = object()


def write_model(model: Model, path: str | Path) -> None:
    """Write a model as JSON; the file appears whole or not at all.

    Raises
    ------
    DataError
        If the folder does not exist or cannot be written.
    """
    text = json.dumps(model_to_json(model), ensure_ascii=False, indent=1, allow_nan=False)
    with replacing(path) as beside:
        beside.write_text(text + "\n", encoding="utf-8")


def read_model(path: str | Path) -> Model:
    """Read a model that ``write_model`` wrote, trusting nothing in it.

    Raises
    ------
    ModelError
        If there is no such file, it is not JSON, ends early, is another format or version, lacks a field, has a field
        of the wrong type or size, or holds NaN or infinity.
    """
    name = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ModelError(
            message('model file "{path}": there is no such file; write one with: workings fit --model', path=name)
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(
            message('model file "{path}": cannot be read ({error})', path=name, error=str(error))
        ) from None
    try:
        document = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ModelError(
            message(
                'model file "{path}": must be whole JSON; got a mistake at line {line}, column {column}; '
                "it may be cut short: write it again with workings fit --model",
                path=name,
                line=error.lineno,
                column=error.colno,
            )
        ) from None
    except (RecursionError, ValueError) as error:
        if isinstance(error, _NotFiniteError):
            raise ModelError(
                message(
                    'model file "{path}": must hold finite numbers; got {value}; fit the model again',
                    path=name,
                    value=str(error),
                )
            ) from None
        raise ModelError(
            message('model file "{path}": is nested too deeply, or holds too long a number, to be a model', path=name)
        ) from None
    try:
        return model_from_json(document)
    except ModelError as error:
        raise ModelError(message('model file "{path}": {problem}', path=name, problem=error.text)) from None


def model_to_json(model: Model) -> dict[str, Any]:
    """Return the model as plain data, every float at full precision."""
    from importlib.metadata import version

    return {
        "format": MODEL_FORMAT,
        "version": MODEL_VERSION,
        "written_by": f"workings {version('workings')}",
        "kind": model.kind,
        "target": {
            "name": model.target.name,
            "kind": model.target.kind,
            "classes": list(model.target.classes),
            "positive": model.target.positive,
        },
        "features": [
            {"name": f.name, "kind": f.kind, "fill": f.fill, "categories": list(f.categories)} for f in model.features
        ],
        "missing": model.missing,
        "normalize": model.normalize,
        "terms": [
            {"feature": term.feature, "category": term.category, "center": center, "scale": scale}
            for term, center, scale in zip(model.terms, model.center.tolist(), model.scale.tolist(), strict=True)
        ],
        "coefficients": model.coefficients.tolist(),
        "intercepts": model.intercepts.tolist(),
        "threshold": model.threshold,
        "training": dict(model.training),
    }


def model_from_json(document: object) -> Model:
    """Return the model that ``model_to_json`` described.

    Raises
    ------
    ModelError
        As :func:`read_model`.
    """
    top = _Fields(document, "")
    found = top.take("format", (str,))
    if found != MODEL_FORMAT:
        raise ModelError(message("its format must be {expected}; got {found}", expected=MODEL_FORMAT, found=found))
    version = top.take("version", (int,))
    if version != MODEL_VERSION:
        raise ModelError(
            message(
                "its version must be {expected}; got {found}; fit the model again with this version of workings",
                expected=MODEL_VERSION,
                found=version,
            )
        )
    top.take("written_by", (str,))
    kind = cast("ModelKind", top.choice("kind", ("linear", "logistic")))
    target = _target(top, kind)
    features = tuple(_feature(entry) for entry in top.entries("features"))
    terms, center, scale = _terms(top, features)
    outputs = len(target.classes) if len(target.classes) > 2 else 1
    model = Model(
        kind=kind,
        target=target,
        features=features,
        terms=terms,
        normalize=cast("Normalizer", top.choice("normalize", ("z-score", "min-max", "none"))),
        center=center,
        scale=scale,
        coefficients=top.matrix("coefficients", outputs, len(terms)),
        intercepts=top.matrix("intercepts", outputs, None),
        threshold=top.take("threshold", (float, int)),
        missing=cast("Literal['fill', 'drop']", top.choice("missing", ("fill", "drop"))),
        training=_facts(top.take("training", (dict,))),
    )
    top.finish()
    if model.missing == "fill" and any(feature.fill is None for feature in features):
        raise ModelError(message('"fill" must be given for every feature, because "missing" is "fill"'))
    return model


class _NotFiniteError(ValueError):
    """A NaN or an infinity where JSON has none."""


def _refuse_constant(name: str) -> NoReturn:
    raise _NotFiniteError(name)


class _Fields:
    """One JSON object, whose fields are taken one by one, each checked; a field that nobody took is refused."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise ModelError(
                message('"{where}" must be an object; got {found}', where=where or "/", found=_show(value))
            )
        self._fields = dict(cast("dict[str, Any]", value))
        self._where = where

    def take(self, name: str, types: tuple[type, ...]) -> Any:
        value = self._fields.pop(name, _ABSENT)
        where = self._path(name)
        if value is _ABSENT:
            raise ModelError(message('the field "{where}" is missing; the file may be cut short', where=where))
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            expected = " | ".join(str(_TYPE_NAMES[kind]) for kind in types)
            raise ModelError(
                message('"{where}" must be {expected}; got {found}', where=where, expected=expected, found=_show(value))
            )
        if float in types and not _is_finite(value):
            raise ModelError(message('"{where}" must be finite; got {found}', where=where, found=_show(value)))
        return value

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        value = self.take(name, (str,))
        if value not in choices:
            raise ModelError(
                message(
                    '"{where}" must be {expected}; got {found}',
                    where=self._path(name),
                    expected=" | ".join(choices),
                    found=_show(value),
                )
            )
        return value

    def entries(self, name: str) -> list[_Fields]:
        values = self.take(name, (list,))
        return [_Fields(value, f"{self._path(name)}/{place}") for place, value in enumerate(values)]

    def texts(self, name: str) -> tuple[str, ...]:
        values = self.take(name, (list,))
        for place, value in enumerate(values):
            _Fields({str(place): value}, self._path(name)).take(str(place), (str,))
        if len(set(values)) < len(values):
            raise ModelError(message('"{where}" must not hold a value twice', where=self._path(name)))
        return tuple(values)

    def matrix(self, name: str, rows: int, columns: int | None) -> NDArray[np.float64]:
        """Return an array of finite numbers of shape (rows, columns), or (rows,) where ``columns`` is None."""
        values = self.take(name, (list,))
        shape = (rows,) if columns is None else (rows, columns)
        lines = values if columns is not None else [values]
        flat: list[object] = []
        for line in lines:
            if not isinstance(line, list):
                raise _wrong_shape(self._path(name), shape)
            flat.extend(cast("list[object]", line))
        if len(values) != rows or any(len(line) != (columns if columns is not None else rows) for line in lines):
            raise _wrong_shape(self._path(name), shape)
        for value in flat:
            _Fields({name: value}, self._where).take(name, (float, int))
        return np.array(flat, np.float64).reshape(shape)

    def finish(self) -> None:
        if self._fields:
            raise ModelError(message('"{where}" is not a field of a model', where=self._path(next(iter(self._fields)))))

    def _path(self, name: str) -> str:
        return f"{self._where}/{name}" if self._where else name


def _target(top: _Fields, kind: ModelKind) -> Target:
    fields = _Fields(top.take("target", (dict,)), "target")
    name = fields.take("name", (str,))
    target_kind = cast("FeatureKind", fields.choice("kind", ("number", "boolean", "date", "text")))
    raw = fields.take("classes", (list,))
    of_kind = {"number": (float, int), "boolean": (bool,), "text": (str,), "date": ()}[target_kind]
    classes: tuple[Label, ...] = tuple(
        _Fields({str(k): value}, "target/classes").take(str(k), of_kind) for k, value in enumerate(raw)
    )
    positive: Any = fields.take("positive", (str, float, int, bool, type(None)))
    fields.finish()
    if len({show_label(label) for label in classes}) < len(classes) or (kind == "logistic") != (len(classes) >= 2):
        raise ModelError(
            message(
                '"{where}" must list the classes of a logistic model, each once, and be empty otherwise',
                where="target/classes",
            )
        )
    if (len(classes) == 2) != (positive is not None) or (positive is not None and positive not in classes):
        raise ModelError(
            message('"{where}" must be one of two classes, and null for more or none', where="target/positive")
        )
    return Target(name, target_kind, classes, positive)


def _feature(fields: _Fields) -> Feature:
    name = fields.take("name", (str,))
    kind = cast("FeatureKind", fields.choice("kind", ("number", "boolean", "date", "text")))
    fill = fields.take("fill", (str, type(None)) if kind == "text" else (float, int, type(None)))
    categories = fields.texts("categories")
    fields.finish()
    if (kind == "text") != bool(categories) or (kind == "text" and fill is not None and fill not in categories):
        raise ModelError(message('feature "{name}": its categories do not fit its kind or its fill', name=name))
    return Feature(name, kind, fill, categories)


def _terms(
    top: _Fields, features: tuple[Feature, ...]
) -> tuple[tuple[Term, ...], NDArray[np.float64], NDArray[np.float64]]:
    names = [feature.name for feature in features]
    if len(set(names)) < len(names):
        raise ModelError(message('"{where}" must not hold a value twice', where="features"))
    known = set(terms_of(features))
    terms: list[Term] = []
    numbers: list[tuple[float, float]] = []
    for fields in top.entries("terms"):
        term = Term(fields.take("feature", (str,)), fields.take("category", (str, type(None))))
        numbers.append((float(fields.take("center", (float, int))), float(fields.take("scale", (float, int)))))
        fields.finish()
        if term not in known or term in terms:
            raise ModelError(message('term "{term}": must come from one of the features, once', term=str(term)))
        if numbers[-1][1] <= 0:
            raise ModelError(message('term "{term}": its scale must be above 0', term=str(term)))
        terms.append(term)
    center, scale = np.array(numbers, np.float64).reshape(-1, 2).T
    return tuple(terms), center.copy(), scale.copy()


def _facts(training: dict[str, Any]) -> Mapping[str, Any]:
    fields = _Fields(training, "training")
    return {name: fields.take(name, (str, float, int, bool, type(None))) for name in training}


_TYPE_NAMES: dict[type, Message] = {
    str: message("text"),
    int: message("a whole number"),
    float: message("a number"),
    bool: message("true or false"),
    list: message("a list"),
    dict: message("an object"),
    type(None): message("null"),
}


def _is_finite(value: object) -> bool:
    try:
        return not isinstance(value, int | float) or math.isfinite(value)
    except OverflowError:  # a whole number beyond float64
        return False


def _wrong_shape(where: str, shape: tuple[int, ...]) -> ModelError:
    return ModelError(
        message(
            '"{where}" must be numbers of shape {shape}; the file may have been edited', where=where, shape=str(shape)
        )
    )


def _show(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:39] + "…"
