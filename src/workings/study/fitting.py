"""From a table to a fitted model, judged on rows that it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any, Literal, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workings.data import Table, open_table
from workings.errors import DataError, InputError
from workings.language import Message, message
from workings.study.account import DataAccount, Dropped, Omitted, SplitAccount, SplitGroup
from workings.study.descent import Fitted, fit_model
from workings.study.evaluation import Progress
from workings.study.features import Feature, design_matrix, missing_rows
from workings.study.judging import HeldOut, judge_model
from workings.study.labels import Label, list_labels, show_label
from workings.study.model import Normalizer
from workings.study.preparation import (
    choose_columns,
    encoded,
    filled,
    learn_features,
    rows_with_unknown_categories,
    take_rows,
)
from workings.study.results import Study
from workings.study.split import Split, split_rows
from workings.study.targets import ReadTarget, read_target
from workings.study.weights import check_kind, check_training, read_weights
from workings.working import shown

__all__ = ["fit"]

_NAMED_ROWS = 5
_NAMED_COLUMNS = 10


def fit(
    source: Any,
    *,
    target: str,
    features: Sequence[str] | None = None,
    kind: Literal["auto", "linear", "logistic"] = "auto",
    normalize: Normalizer = "z-score",
    positive: Label | None = None,
    weight: str | None = None,
    test_size: float = 0.25,
    seed: int = 0,
    where: str | None = None,
    table: str | None = None,
    query: str | None = None,
    drop_missing: bool = False,
    progress: Progress | None = None,
) -> Study:
    """Fit a linear or logistic model by gradient descent, and judge it on rows that were held out.

    What is done to the data is done by rules, and each use of one is in ``Study.data`` and ``Study.notes``:

    - A row without a target or weight is left out. A missing number or date is filled with the mean of the training
      rows, a missing boolean or text with their most frequent value (with ``drop_missing``, such rows are left out).
    - The rows are split at random from ``seed``, each class by itself. Everything below is learnt on the training rows.
    - Text becomes one column of 0 and 1 a category, less the first in order, the reference level. A text column with
      more than 100 different values, or a column of a type that is neither number, boolean, date nor text, is left
      out (refused if you named it). Booleans count 0 and 1, dates days since 1970-01-01.
    - A column that does not vary in the training rows is left out.
    - Every column is normalised, the columns of 0 and 1 too; the coefficients are given in both units.

    Parameters
    ----------
    source, weight, where, table, query, progress
        As in :func:`evaluate`; the rows that are used are held in memory.
    target
        The column to predict.
    features
        The columns to predict it from; by default all others.
    kind
        "logistic" for classes (three and more: each against the rest), "linear" for a number, "auto" to decide by what
        the column holds: text, booleans, two different numbers, and up to ten different whole numbers with ten rows
        each on average are classes.
    normalize
        "z-score": less the mean, divided by the standard deviation; "min-max": to 0 to 1; "none".
    positive
        Of two classes the positive one; by default as in :func:`evaluate`.
    test_size
        The share of rows that is held out, between 0 and 1.
    seed
        Any whole number from 0; the same seed splits the same rows alike.
    drop_missing
        Leave out rows with a missing value, rather than fill it.

    Returns
    -------
    Study
        The model, how the descent went, and how good the model is on the rows held out.

    Raises
    ------
    DataError
        If the source cannot be read, a column is not there or cannot be used, the target does not vary, a number is
        infinite, or there are fewer training rows than parameters.
    InputError
        If an option is out of its range or does not fit the target.

    Examples
    --------
    >>> import polars as pl
    >>> import workings as wk
    >>> frame = pl.DataFrame({"size": range(40), "heavy": [k > 18 or k % 6 == 0 for k in range(40)]})
    >>> study = wk.fit(frame, target="heavy")
    >>> study.kind, study.data.split.test, round(study.metrics["auc"], 4)
    ('logistic', 10, 0.9167)
    """
    _check_options(kind, normalize, test_size, seed)
    with open_table(source, table=table, query=query, where=where) as rows:
        names = _feature_names(rows.columns, target, features, weight)
        wanted = rows.select([target, *names, *([weight] if weight is not None else [])])
        if weight is not None:
            check_kind(wanted, weight)
        columns = _read(wanted, progress)
        description = rows.description
    read = read_target(columns.column(target), target, kind, positive)
    weights = None if weight is None else read_weights(columns.column(weight), weight)
    chosen = choose_columns(columns, names, asked=features is not None)
    dropped, keep = _complete_rows(columns, read, weights, list(chosen.kinds) if drop_missing else [], weight)
    if not keep.any():
        raise DataError(message("fit: every row has a missing value, so that none is left; fill them first"))
    kept = np.flatnonzero(keep)
    values = read.values[kept]
    if read.kind == "logistic":
        _refuse_lost_classes(read, values)
    split = split_rows(len(kept), test_size, seed, values if read.kind == "logistic" else None)
    train, test = kept[split.train], kept[split.test]
    training = take_rows(columns, train)
    learnt, empty = learn_features(training, chosen.kinds, "drop" if drop_missing else "fill")
    test, unseen = _without_unknown_categories(columns, learnt, test)
    if unseen is not None:
        dropped = (*dropped, unseen)
    if len(test) == 0 or (read.kind == "linear" and len(test) < 2):
        raise DataError(
            message(
                "fit: too few rows are held out to judge the model: {count}; "
                "add rows, or raise --test-size (test_size=)",
                count=len(test),
            )
        )
    if read.kind == "logistic":
        _refuse_missing_classes(read, read.values[test])
    train_weights = None if weights is None else weights[train]
    if weights is not None and weight is not None:
        check_training(weight, (weights[train], weights[test]), read.values[train], read.target.classes)
    fitted = fit_model(
        read,
        design_matrix(learnt, training),
        read.values[train],
        train_weights,
        features=learnt,
        normalize=normalize,
        missing="drop" if drop_missing else "fill",
        facts={"rows": len(train), "rows_held_out": len(test), "seed": seed, "test_size": test_size},
    )
    omitted = (*chosen.omitted, *empty)
    used = np.concatenate([train, test])
    account = DataAccount(
        source=description,
        rows_read=columns.num_rows,
        rows_used=len(used),
        dropped=dropped,
        filled=filled(take_rows(columns, used), training, learnt),
        encoded=encoded(learnt),
        omitted=omitted,
        constant=fitted.constant,
        classes=_classes(read, used),
        positive_reason=read.positive_reason,
        split=SplitAccount(
            len(train),
            len(test),
            seed,
            stratified=read.kind == "logistic",
            test_size=test_size,
            groups=_groups(read, values, split),
            lost=len(split.test) - len(test),
        ),
        normalized=_normalized(normalize),
        weights=weight,
        columns=len(learnt),
        terms=len(fitted.model.terms),
    )
    held_out = HeldOut(
        read.values[test],
        fitted.model.scores(take_rows(columns, test)),
        None if weights is None else weights[test],
    )
    return judge_model(fitted, read, held_out, account, tuple(_notes(read, account, fitted, learnt)))


def _check_options(kind: str, normalize: str, test_size: float, seed: int) -> None:
    _check_choice("kind", kind, ("auto", "linear", "logistic"))
    _check_choice("normalize", normalize, ("z-score", "min-max", "none"))
    if not isinstance(cast("Any", test_size), Real) or not 0 < test_size < 1:
        raise InputError(
            message(
                "fit: test_size must be a share between 0 and 1; got {value}; try 0.25, a quarter of the rows",
                value=str(test_size),
            )
        )
    if not isinstance(cast("Any", seed), Integral) or seed < 0:
        raise InputError(message("fit: seed must be a whole number from 0; got {value}; try 0", value=str(seed)))


def _check_choice(argument: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise InputError(
            message(
                'fit: {argument} must be one of {choices}; got "{value}"',
                argument=argument,
                choices=", ".join(f'"{choice}"' for choice in choices),
                value=value,
            )
        )


def _feature_names(columns: Sequence[str], target: str, asked: Sequence[str] | None, weight: str | None) -> list[str]:
    asked = [asked] if isinstance(asked, str) else asked  # one name is no sequence of letters
    names = list(dict.fromkeys(asked)) if asked is not None else [n for n in columns if n not in {target, weight}]
    if weight == target:
        raise InputError(
            message('fit: weight must be another column than target; got "{column}" for both', column=target)
        )
    for name in names:
        if name in {target, weight}:
            raise InputError(
                message(
                    'fit: features must not hold the target or the weight; got "{column}"; leave it out', column=name
                )
            )
    if not names:
        raise DataError(
            message("fit: the table must have a column to predict from; got none beside the target; add columns")
        )
    return names


def _read(rows: Table, progress: Progress | None) -> Any:
    batches: list[pa.RecordBatch] = []
    done = 0
    for batch in rows.batches():
        batches.append(batch)
        done += batch.num_rows
        if progress is not None:
            progress(done, rows.rows)
    return pa.Table.from_batches(batches, rows.schema)


def _complete_rows(
    columns: Any, read: ReadTarget, weights: NDArray[np.float64] | None, complete: Sequence[str], weight: str | None
) -> tuple[tuple[Dropped, ...], NDArray[np.bool_]]:
    """Return which rows are used, and why the others are not; each row is counted under its first reason."""
    keep = np.ones(columns.num_rows, bool)
    dropped: list[Dropped] = []

    def leave_out(mask: NDArray[np.bool_], reason: Message) -> None:
        mask = mask & keep
        if mask.any():
            first = tuple(int(row) + 1 for row in np.flatnonzero(mask)[:_NAMED_ROWS])
            dropped.append(Dropped(reason, int(mask.sum()), first))
            keep[mask] = False

    leave_out(read.missing, message('the target "{column}" is missing', column=read.target.name))
    if weights is not None and weight is not None:
        leave_out(np.isnan(weights), message('the weight "{column}" is missing', column=weight))
    for name in complete:
        leave_out(missing_rows(columns.column(name)), message('"{column}" is missing', column=name))
    return tuple(dropped), keep


def _refuse_lost_classes(read: ReadTarget, values: NDArray[Any]) -> None:
    """Refuse where leaving rows out has left a class with fewer than two rows."""
    counts = np.bincount(values, minlength=len(read.target.classes))
    if (counts < 2).any():
        raise DataError(
            message(
                'target column "{column}": each class must keep two rows or more; after rows with missing values were '
                'left out, "{value}" has {count}; fill the missing values instead',
                column=read.target.name,
                value=show_label(read.target.classes[int(np.argmin(counts))]),
                count=int(counts.min()),
            )
        )


def _refuse_missing_classes(read: ReadTarget, values: NDArray[Any]) -> None:
    present = np.bincount(values, minlength=len(read.target.classes)) > 0
    if not present.all():
        raise DataError(
            message(
                'target column "{column}": no row of the class "{value}" is held out; '
                "raise --test-size (test_size=), or choose another --seed (seed=)",
                column=read.target.name,
                value=show_label(read.target.classes[int(np.argmin(present))]),
            )
        )


def _without_unknown_categories(
    columns: Any, features: Sequence[Feature], test: NDArray[np.intp]
) -> tuple[NDArray[np.intp], Dropped | None]:
    """Leave out the held-out rows with a category that no training row has: the model could not predict them."""
    unknown = rows_with_unknown_categories(take_rows(columns, test), features)
    if not unknown.any():
        return test, None
    first = tuple(int(row) + 1 for row in test[unknown][:_NAMED_ROWS])
    reason = message("they hold a category that no training row has")
    return test[~unknown], Dropped(reason, int(unknown.sum()), first)


def _classes(read: ReadTarget, rows: NDArray[np.intp]) -> tuple[tuple[str, int], ...]:
    if read.kind == "linear":
        return ()
    counts = np.bincount(read.values[rows], minlength=len(read.target.classes))
    return tuple((show_label(label), int(n)) for label, n in zip(read.target.classes, counts, strict=True))


def _groups(read: ReadTarget, values: NDArray[Any], split: Split) -> tuple[SplitGroup, ...]:
    """Return what was split by itself: each class, or all rows."""
    if read.kind == "linear":
        return (SplitGroup(None, len(values), len(split.test)),)
    size = len(read.target.classes)
    rows, held_out = (np.bincount(codes, minlength=size).tolist() for codes in (values, values[split.test]))
    return tuple(map(SplitGroup, map(show_label, read.target.classes), rows, held_out))


def _normalized(normalize: Normalizer) -> Message | None:
    if normalize == "z-score":
        return message("each column less its mean, divided by its standard deviation, both of the training rows")
    if normalize == "min-max":
        return message("each column from its smallest to its largest value in the training rows, brought to 0 to 1")
    return None


def _notes(read: ReadTarget, account: DataAccount, fitted: Fitted, features: Sequence[Feature]) -> list[Message]:
    name, classes = read.target.name, read.target.classes
    notes: list[Message] = []
    if not classes:
        notes.append(message('"{column}" is predicted as a number: {why}.', column=name, why=read.why))
    elif len(classes) == 2:
        notes.append(message('"{column}" is predicted as yes or no: {why}.', column=name, why=read.why))
        notes.append(
            message(
                'The positive class of "{column}" is "{value}": {why}.',
                column=name,
                value=show_label(fitted.model.positive),
                why=read.positive_reason,
            )
        )
    else:
        notes.append(
            message(
                '"{column}" is predicted as one of {count} classes ({classes}), each against the rest: {why}.',
                column=name,
                count=len(classes),
                classes=list_labels(classes),
                why=read.why,
            )
        )
    notes.extend(
        message(
            "Left out because {reason}: {count} of {read} rows (row {rows}).",
            count=dropped.count,
            read=account.rows_read,
            reason=dropped.reason,
            rows=dropped.first_rows_in_words,
        )
        for dropped in account.dropped
    )
    notes.extend(
        message(
            'Missing values of "{column}" were filled with {value}, {rule} of the training rows: {count}.',
            count=entry.count,
            column=entry.column,
            value=entry.value if isinstance(entry.value, str) else shown(entry.value),
            rule=message("the most frequent value")
            if next(f.kind for f in features if f.name == entry.column) in {"text", "boolean"}
            else message("the mean"),
        )
        for entry in account.filled[:_NAMED_COLUMNS]
    )
    if len(account.filled) > _NAMED_COLUMNS:
        more = len(account.filled) - _NAMED_COLUMNS
        notes.append(
            message("Missing values of {count} more {count:column|columns} were filled by these rules.", count=more)
        )
    notes.extend(
        message(
            '"{column}" was one-hot encoded: {count} {count:category|categories}, measured against "{reference}".',
            column=entry.column,
            count=len(entry.categories),
            reference=entry.categories[0],
        )
        for entry in account.encoded[:_NAMED_COLUMNS]
    )
    if len(account.encoded) > _NAMED_COLUMNS:
        more = len(account.encoded) - _NAMED_COLUMNS
        notes.append(message("{count} more text {count:column was|columns were} one-hot encoded.", count=more))
    notes.extend(_left_out(account.omitted))
    if account.constant:
        notes.append(
            message(
                "Left out because they have one value in all training rows: {columns}.", columns=_few(account.constant)
            )
        )
    notes.append(fitted.arrived)
    return notes


def _left_out(omitted: Sequence[Omitted]) -> list[Message]:
    notes = [
        message('"{column}" was left out: {reason}.', column=o.column, reason=o.reason)
        for o in omitted[:_NAMED_COLUMNS]
    ]
    if len(omitted) > len(notes):
        notes.append(
            message(
                "{count} more {count:column was|columns were} left out for such reasons.",
                count=len(omitted) - len(notes),
            )
        )
    return notes


def _few(names: Sequence[str]) -> str:
    listed = ", ".join(f'"{name}"' for name in names[:_NAMED_COLUMNS])
    return f"{listed}, … ({len(names)})" if len(names) > _NAMED_COLUMNS else listed
