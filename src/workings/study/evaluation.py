"""How good is a score at finding a label? One pass over the rows, whatever their number."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from numbers import Real
from typing import Any, cast

import pyarrow as pa

from workings.data import Table, open_table
from workings.engine import fold
from workings.errors import DataError, InputError
from workings.language import Message, message
from workings.study.account import DataAccount, Dropped
from workings.study.binary import Judgement, binary_study
from workings.study.features import kind_of_column, missing_rows, show_kind
from workings.study.labels import (
    Label,
    Orientation,
    choose_positive,
    find_label,
    list_labels,
    no_such_label,
    show_label,
)
from workings.study.results import Study
from workings.study.scored import FirstRows, ScoredColumns, ScoredRows
from workings.study.told_account import explain_account
from workings.study.weights import check_not_negative, check_total

__all__ = ["Progress", "evaluate"]

Progress = Callable[[int, int | None], None]
_TOO_MANY_VALUES = 10_000


def evaluate(
    source: Any,
    *,
    label: str,
    score: str,
    threshold: float = 0.5,
    positive: Label | None = None,
    weight: str | None = None,
    where: str | None = None,
    compare: str | None = None,
    table: str | None = None,
    query: str | None = None,
    cost_fp: float = 1.0,
    cost_fn: float = 1.0,
    drop_missing: bool = False,
    progress: Progress | None = None,
) -> Study:
    """Judge the scores in one column of a table by the true labels in another.

    The rows are read once, in batches, and never held as a table: what stays is the scores split by class.

    Parameters
    ----------
    source
        A path (CSV, TSV, Parquet, Arrow, JSON lines, compressed or not), a glob of those, ``"-"``, a database address
        (``duckdb:///``, ``sqlite:///``, ``postgresql://``), or a pandas, Polars or PyArrow frame.
    label, score
        The columns of the true class (two values: numbers, booleans or text) and of the score (larger says positive).
    threshold
        The decision is positive where score >= threshold, compared in the precision of the scores.
    positive
        The value of ``label`` that is positive. By default true, the larger number, the word that says yes, or the
        later text; which one, and why, is said. With it, a label may have more values: all others are negative.
    weight
        A column of weights, none negative. The DeLong interval has no sound form under weights and is left out.
    where
        A condition on the rows, in SQL.
    compare
        A second score column, compared with the first by the paired DeLong test.
    table, query
        What to read from a database.
    cost_fp, cost_fn
        What one false positive and one false negative cost, for the threshold of least cost.
    drop_missing
        Leave out rows with a missing label, score or weight, and count them, where they are otherwise refused.
    progress
        Called with the rows done and their number, None where it is not known.

    Returns
    -------
    Study
        The curve, the matrix at the threshold, all metrics, and what was done to the data; every line verified.

    Raises
    ------
    DataError
        If the source cannot be read, a column is not there, is not what it must be, has missing values (without
        ``drop_missing``) or infinite ones, or the rows are of one class.
    InputError
        If the threshold or a cost is not a finite number, or two parts are given to one column.

    Examples
    --------
    >>> import polars as pl
    >>> import workings as wk
    >>> frame = pl.DataFrame({"ill": [0, 0, 1, 1], "risk": [0.1, 0.4, 0.35, 0.8]})
    >>> study = wk.evaluate(frame, label="ill", score="risk")
    >>> study.metrics["auc"], study.metrics["recall"]
    (0.75, 0.5)
    """
    _check_numbers(threshold=threshold, cost_fp=cost_fp, cost_fn=cost_fn)
    _check_parts(label=label, score=score, compare=compare, weight=weight)
    if compare is not None and weight is not None:
        raise InputError(
            message(
                "evaluate: compare must be left out where rows are weighted; the paired DeLong test is one of rows "
                "that count alike; compare without weights"
            )
        )
    names = [label, score, *(name for name in (compare, weight) if name is not None)]
    with open_table(source, table=table, query=query, columns=names, where=where) as rows:
        orientation = _orientation(rows, label, positive)
        columns = ScoredColumns(label, score, orientation, threshold, compare, weight)
        _refuse_what_is_not_numbers(rows, columns.names[1:])
        seen = fold(rows.batches(), lambda: ScoredRows(columns), ScoredRows.update, progress=progress, total=rows.rows)
        _refuse_what_cannot_be_judged(seen, rows.name, drop_missing)
        notes = tuple(_notes(seen))
        account = DataAccount(
            source=rows.description,
            rows_read=seen.read,
            rows_used=seen.used,
            dropped=_dropped(seen),
            classes=_classes(seen),
            positive_reason=orientation.why,
            weights=weight,
            scores=(seen.lowest, seen.highest),
        )
    judged = Judgement(
        seen.roc.result(),
        seen.cells if weight is None else seen.weighted_cells(),
        threshold,
        seen.orientation,
        (cost_fp, cost_fn),
    )
    return binary_study(
        judged,
        kind="evaluate",
        title=message(
            "How well does {score} find {label} = {value}?", score=score, label=label, value=judged.labels[1]
        ),
        lead=message(
            "{rows} rows, of which {positives} {positives:is|are} positive; the decision is positive from "
            "{threshold} on.",
            rows=seen.used,
            positives=seen.cells[1].sum(),
            threshold=f"{threshold:g}",
        ),
        target=label,
        score=score,
        account=account,
        account_working=partial(explain_account, account),
        notes=notes,
        comparison=seen.pairs.result() if seen.pairs is not None else None,
        comparison_names=(score, compare) if compare is not None else None,
    )


def _check_numbers(**numbers: float) -> None:
    for name, value in numbers.items():
        if not isinstance(cast("Any", value), Real) or not abs(value) < math.inf or (name != "threshold" and value < 0):
            raise InputError(
                message(
                    "evaluate: {argument} must be a finite number (a cost not below 0); got {value}; "
                    "give a number such as 0.5",
                    argument=name,
                    value=repr(value) if isinstance(cast("Any", value), str) else str(value),
                )
            )


def _check_parts(**parts: str | None) -> None:
    taken: dict[str, str] = {}
    for part, name in parts.items():
        if name is not None and name in taken:
            raise InputError(
                message(
                    'evaluate: {part} must be another column than {other}; got "{column}" for both; name two columns',
                    part=part,
                    other=taken[name],
                    column=name,
                )
            )
        if name is not None:
            taken[name] = part


def _refuse_what_is_not_numbers(rows: Table, names: Iterable[str]) -> None:
    """Refuse a score or weight that does not hold numbers; the first value that is none is named."""
    for name in names:
        dtype = rows.schema.field(name).type
        kind = kind_of_column(dtype)
        if kind in {"number", "boolean"}:
            continue
        if kind != "text":
            raise DataError(
                message(
                    'column "{column}": must hold numbers; got {kind}; name another column',
                    column=name,
                    kind=show_kind(kind, dtype),
                )
            )
        row, value = _first_text(rows, name)
        raise DataError(
            message(
                'column "{column}": must hold numbers; got text, such as "{value}" in row {row}; '
                "name another column, or correct these values",
                column=name,
                value=value,
                row=row,
            )
        )


def _first_text(rows: Table, name: str) -> tuple[int, str]:
    """Return the first value that does not read as a number, and its row; the first value if all do."""
    row, first = 0, (1, "")
    for batch in rows.select([name]).batches():
        for value in batch.column(name).to_pylist():
            row += 1
            if value is not None and not first[1]:
                first = (row, str(value))
            if value is not None and not _reads_as_number(str(value)):
                return row, str(value)
    return first


def _reads_as_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _orientation(rows: Table, label: str, asked: Label | None) -> Orientation:
    """Find the label's values, reading no further than that needs, and decide which one is positive."""
    kind = kind_of_column(rows.schema.field(label).type)
    if kind is None or kind == "date":
        raise DataError(
            message(
                'label column "{column}": must hold two values, as numbers, text or true and false; got {kind}; '
                "name another column",
                column=label,
                kind=show_kind(kind, rows.schema.field(label).type),
            )
        )
    values: dict[Label, None] = {}
    for batch in rows.select([label]).batches():
        present = batch.column(label).filter(pa.array(~missing_rows(batch.column(label))))
        for value in present.unique().to_pylist():
            values.setdefault(value)
        if asked is None and len(values) >= 2:
            return choose_positive(list(values), label)
        if asked is not None and values:
            found = find_label(asked, list(values))
            if found is not None:
                return Orientation(found, None, message("you named it"))
        if len(values) > _TOO_MANY_VALUES:
            break
    if asked is not None and len(values) >= 2:
        raise DataError(no_such_label(asked, list(values), label))
    raise DataError(_one_class(label, list(values), rows.name))


def _one_class(label: str, values: list[Label], source: str) -> Message:
    if not values:
        return message(
            '{source}: label column "{column}": must have two classes; got no label in any row; name another column',
            source=source,
            column=label,
        )
    return message(
        '{source}: label column "{column}": must have two classes; got only "{value}" in every row; '
        "add rows of the other class or name another column",
        source=source,
        column=label,
        value=show_label(values[0]),
    )


def _refuse_what_cannot_be_judged(seen: ScoredRows, source: str, drop_missing: bool) -> None:
    columns = seen.columns
    for name, found in seen.infinite.items():
        if found.count:
            raise DataError(
                message(
                    'column "{column}": must hold finite numbers; {count} infinite (row {rows}); '
                    "correct them or leave such rows out with --where (where=)",
                    column=name,
                    count=found.count,
                    rows=str(found),
                )
            )
    if columns.weight is not None:
        check_not_negative(columns.weight, seen.negative_weights.count, str(seen.negative_weights))
    if columns.orientation.negative is not None and seen.other_labels:
        values = [columns.orientation.negative, columns.orientation.positive, *seen.other_labels]
        choose_positive(values, columns.label)
    if not drop_missing:
        for name, found in seen.missing.items():
            if found.count:
                raise DataError(_missing(name, found))
    if columns.weight is not None and seen.used:
        check_total(columns.weight, seen.total_weight)
    if seen.used == 0:
        raise DataError(
            message(
                "{source}: every row has a missing value, so there is nothing left to judge; fill them", source=source
            )
        )
    if (seen.cells.sum(axis=1) == 0).any():
        orientation = seen.orientation
        only = orientation.positive if seen.cells[1].any() else orientation.negative
        raise DataError(_one_class(columns.label, [] if only is None else [only], source))


def _missing(name: str, found: FirstRows) -> Message:
    return message(
        'column "{column}": must have a value in every row; {count} missing (row {rows}); '
        "fill them, or leave those rows out with --drop-missing (drop_missing=True)",
        column=name,
        count=found.count,
        rows=str(found),
    )


def _dropped(seen: ScoredRows) -> tuple[Dropped, ...]:
    if not seen.incomplete.count:
        return ()
    incomplete = [name for name, found in seen.missing.items() if found.count]
    reason = message("a value is missing in {columns}", columns=", ".join(f'"{name}"' for name in incomplete))
    return (Dropped(reason, seen.incomplete.count, tuple(seen.incomplete.rows)),)


def _classes(seen: ScoredRows) -> tuple[tuple[str, int], ...]:
    orientation, rows = seen.orientation, seen.cells.sum(axis=1)
    negative = (
        show_label(orientation.negative) if orientation.negative is not None else list_labels(list(seen.other_labels))
    )
    return ((show_label(orientation.positive), int(rows[1])), (negative, int(rows[0])))


def _notes(seen: ScoredRows) -> Iterator[Message]:
    columns, orientation = seen.columns, seen.orientation
    yield message(
        'The positive class of "{column}" is "{value}": {why}.',
        column=columns.label,
        value=show_label(orientation.positive),
        why=orientation.why,
    )
    if orientation.negative is None:
        yield message(
            '"{column}" has more than two values: all others together are the negative class ({values}).',
            column=columns.label,
            values=list_labels(list(seen.other_labels)),
        )
    if seen.incomplete.count:
        yield message(
            "Left out because a value is missing: {count} of {read} rows (row {rows}).",
            count=seen.incomplete.count,
            read=seen.read,
            rows=str(seen.incomplete),
        )
    if seen.lowest < 0 or seen.highest > 1:
        yield message(
            "The scores run from {low} to {high}, outside 0 to 1: their order is meaningful, so the curve and the AUC "
            "hold, but {threshold} may not be a sensible threshold for them.",
            low=f"{seen.lowest:.6g}",
            high=f"{seen.highest:.6g}",
            threshold=f"{columns.threshold:.6g}",
        )
    if columns.weight is not None:
        totals = seen.weighted_cells().sum(axis=1)
        for total, value in zip(totals, (orientation.negative, orientation.positive), strict=True):
            if total == 0:
                yield message(
                    'Every weight in the class "{value}" is zero: its rate, the curve and the AUC are undefined.',
                    value="…" if value is None else show_label(value),
                )
