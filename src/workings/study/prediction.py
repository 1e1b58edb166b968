"""A fitted model put to use: a prediction for every row, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from workings.data import Table, open_table, write_table
from workings.data.columns import nearest
from workings.errors import DataError, ModelError
from workings.language import Message, message
from workings.study.account import DataAccount
from workings.study.derivations import explain_predictions
from workings.study.evaluation import Progress
from workings.study.features import Feature, kind_of_column, missing_rows, show_kind
from workings.study.labels import show_label
from workings.study.model import Model
from workings.study.modelfile import read_model
from workings.study.names import metric_names
from workings.study.results import Study
from workings.study.tally import Tally
from workings.working import shown

__all__ = ["predict"]

_NAMED_ROWS = 5


def predict(
    model: Model | Study | str | Path,
    source: Any,
    *,
    output: str | Path | None = None,
    where: str | None = None,
    table: str | None = None,
    query: str | None = None,
    progress: Progress | None = None,
) -> Study:
    """Predict every row of a table with a fitted model.

    The table must have the model's columns, of the same names and kinds, in any order and among any others. A missing
    value is filled by the model's rule, which was learnt when it was fitted; a model that was fitted without rows with
    missing values gives such a row no prediction.

    Every column of the table is kept as it is. ``prediction`` follows; for a model of two classes
    ``probability_<positive>``, from whose threshold on the prediction is the positive class; for more classes one
    ``probability_<class>`` each.

    Parameters
    ----------
    model
        A model, a study that has one, or the path of a model file.
    source, where, table, query, progress
        As in :func:`evaluate`.
    output
        Where to write the predictions: ``.csv``, ``.parquet`` and the like. Without it they are in
        ``Study.predictions``.

    Returns
    -------
    Study
        What was predicted how often, and the predictions where they were not written.

    Raises
    ------
    ModelError
        If the model file is not one, or the study has no model.
    DataError
        If a column of the model is not in the table or is of another kind, a text is a category that the model has not
        seen, a number is infinite, or the output cannot be written.

    Examples
    --------
    >>> import polars as pl
    >>> import workings as wk
    >>> frame = pl.DataFrame({"size": range(40), "heavy": [k > 18 or k % 6 == 0 for k in range(40)]})
    >>> model = wk.fit(frame, target="heavy").model
    >>> wk.predict(model, pl.DataFrame({"size": [2, 37]})).predictions["prediction"].to_pylist()
    [False, True]
    """
    fitted = _model(model)
    with open_table(source, table=table, query=query, where=where) as rows:
        _check_columns(fitted, rows)
        added = _added(fitted)
        _refuse_taken_names(rows, added)
        seen = _Seen()
        batches = _predicted(fitted, rows, added, seen, progress)
        schema = pa.schema([*rows.schema, *added])
        if output is None:
            predictions = pa.Table.from_batches(batches, schema)
        else:
            write_table(output, batches, schema=schema)
            predictions = None
        description = rows.description
    account = DataAccount(source=description, rows_read=seen.rows, rows_used=seen.rows)
    metrics = _metrics(fitted, seen)
    return Study(
        kind="predict",
        title=message("What is {target}?", target=fitted.target.name),
        lead=message(
            "{rows} {rows:row|rows} predicted with a model of {terms} {terms:column|columns}.",
            rows=seen.rows,
            terms=len(fitted.terms),
        ),
        target=fitted.target.name,
        data=account,
        metrics=metrics,
        names=metric_names(metrics),
        notes=tuple(_notes(fitted, seen)),
        threshold=fitted.threshold if fitted.target.positive is not None else None,
        model=fitted,
        predictions=predictions,
        predicted=None if len(fitted.coefficients) > 1 else seen.tally,
        derivations={"data": partial(explain_predictions, metrics)},
    )


@dataclass
class _Seen:
    """What went by: rows, how often each class was predicted, missing values by column."""

    rows: int = 0
    without: int = 0
    first_without: list[int] = field(default_factory=list[int])
    classes: dict[str, int] = field(default_factory=dict[str, int])
    missing: dict[str, int] = field(default_factory=dict[str, int])
    tally: Tally = field(default_factory=Tally)


def _model(model: Model | Study | str | Path) -> Model:
    if isinstance(model, Model):
        return model
    if isinstance(model, Study):
        if model.model is None:
            raise ModelError(message("predict: model must be a fitted model; got a study without one; fit one first"))
        return model.model
    return read_model(model)


def _check_columns(model: Model, rows: Table) -> None:
    """Refuse a table that lacks a column of the model or has one of another kind."""
    for feature in model.features:
        if feature.name not in rows.columns:
            near = nearest(feature.name, rows.columns)
            if near is not None:
                raise DataError(
                    message(
                        'predict: the table must have the model\'s column "{column}"; it is missing; the nearest is '
                        '"{near}": rename it if it is meant',
                        column=feature.name,
                        near=near,
                    )
                )
            raise DataError(
                message(
                    'predict: the table must have the model\'s column "{column}"; it is missing; add it',
                    column=feature.name,
                )
            )
        dtype = rows.schema.field(feature.name).type
        kind = kind_of_column(dtype)
        # A column without any value has no kind of its own: every value of it is missing.
        if kind != feature.kind and not pa.types.is_null(dtype):
            raise DataError(
                message(
                    'predict: column "{column}" must hold {expected}, as when the model was fitted; got {kind}',
                    column=feature.name,
                    expected=show_kind(feature.kind),
                    kind=show_kind(kind, dtype),
                )
            )


def _added(model: Model) -> list[pa.Field]:
    """Return the columns that a prediction adds."""
    if model.kind == "linear":
        return [pa.field("prediction", pa.float64())]
    dtype = {"boolean": pa.bool_(), "text": pa.string()}.get(model.target.kind)
    if dtype is None:
        whole = all(isinstance(label, int) for label in model.target.classes)
        dtype = pa.int64() if whole else pa.float64()
    shown = model.target.classes if model.target.positive is None else (model.positive,)
    return [
        pa.field("prediction", dtype),
        *(pa.field(f"probability_{show_label(label)}", pa.float64()) for label in shown),
    ]


def _refuse_taken_names(rows: Table, added: list[pa.Field]) -> None:
    for column in added:
        if column.name in rows.columns:
            raise DataError(
                message(
                    'predict: the table must not have a column "{column}" already, because the predictions get that '
                    "name; rename or drop it",
                    column=column.name,
                )
            )


def _predicted(
    model: Model, rows: Table, added: list[pa.Field], seen: _Seen, progress: Progress | None
) -> Iterator[pa.RecordBatch]:
    schema = pa.schema([*rows.schema, *added])
    for batch in rows.batches():
        for feature in model.features:
            count = int(missing_rows(batch.column(feature.name)).sum())
            if count:
                seen.missing[feature.name] = seen.missing.get(feature.name, 0) + count
        scores = model.scores(_typed(model.features, batch), first_row=seen.rows + 1)
        columns = _columns(model, scores, added, seen)
        seen.rows += batch.num_rows
        if progress is not None:
            progress(seen.rows, rows.rows)
        yield pa.RecordBatch.from_arrays([*batch.columns, *columns], schema=schema)


def _typed(features: tuple[Feature, ...], batch: Any) -> Any:
    """Return the model's columns of a batch; one without any value gets the type that its feature has."""
    types = {"number": pa.float64(), "boolean": pa.bool_(), "date": pa.timestamp("us"), "text": pa.string()}
    arrays = [
        column.cast(types[feature.kind]) if pa.types.is_null(column.type) else column
        for feature in features
        for column in [batch.column(feature.name)]
    ]
    return pa.RecordBatch.from_arrays(arrays, names=[feature.name for feature in features])


def _columns(model: Model, scores: Any, added: list[pa.Field], seen: _Seen) -> list[pa.Array]:
    without = np.isnan(scores[:, 0])
    if without.any():
        seen.without += int(without.sum())
        seen.first_without += [seen.rows + 1 + int(k) for k in np.flatnonzero(without)[:_NAMED_ROWS]]
    if model.kind == "linear":
        seen.tally.update(scores[:, 0])
        return [pa.array(scores[:, 0], mask=without)]
    probabilities = model.probabilities(scores)
    if probabilities.shape[1] == 1:
        seen.tally.update(probabilities[:, 0])
    places = model.decisions(probabilities)
    labels = pa.array(model.target.classes, added[0].type)
    for place, count in enumerate(np.bincount(places[places >= 0], minlength=len(model.target.classes))):
        label = show_label(model.target.classes[place])
        seen.classes[label] = seen.classes.get(label, 0) + int(count)
    prediction = labels.take(pa.array(places, mask=without))
    return [prediction, *(pa.array(probabilities[:, k], mask=without) for k in range(probabilities.shape[1]))]


def _metrics(model: Model, seen: _Seen) -> dict[str, float | int]:
    metrics: dict[str, float | int] = {"rows_read": seen.rows}
    metrics |= {f"predicted/{label}": count for label, count in seen.classes.items()}
    metrics["rows_without_prediction"] = seen.without
    if model.kind == "linear":
        metrics["rows_predicted"] = seen.rows - seen.without
    return metrics


def _notes(model: Model, seen: _Seen) -> Iterator[Message]:
    fills = {feature.name: feature.fill for feature in model.features}
    for name, count in seen.missing.items():
        fill = fills[name]
        if fill is not None:
            yield message(
                'Missing values of "{column}" were filled with {value}, as the model says: {count}.',
                count=count,
                column=name,
                value=fill if isinstance(fill, str) else shown(fill),
            )
    if seen.without:
        yield message(
            "Without a prediction, as the model says, because a value is missing: {count} (row {rows}).",
            count=seen.without,
            rows=", ".join(map(str, seen.first_without[:_NAMED_ROWS])),
        )
