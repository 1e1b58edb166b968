"""From a table in memory to the numbers a model is fitted on: which columns, which rows, filled and encoded how.

Everything that is learnt here (what stands in for a missing value, which categories there are, what is constant) is
learnt from the training rows alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workings.errors import DataError
from workings.language import Message, message
from workings.study.account import Encoded, Filled, Omitted
from workings.study.features import (
    Feature,
    FeatureKind,
    coded,
    kind_of_column,
    missing_rows,
    numbers_of,
    show_kind,
)

__all__ = ["MOST_CATEGORIES", "Chosen", "choose_columns", "learn_features", "rows_with_unknown_categories"]

MOST_CATEGORIES = 100
# So many categories may well be written as numbers (1 to 5, a postcode's district) beside a word.
_FEW_NUMBERS = 10
# 1,5 and 1,234.5 and 12 %: numbers to a reader, texts to a program that must not guess which comma is meant.
_DRESSED_NUMBER = re.compile(r"[-+]?(\d+,\d+|\d{1,3}(,\d{3})+(\.\d+)?|\d+([.,]\d+)?\s*%)")


@dataclass(frozen=True)
class Chosen:
    """The columns that can enter the model, and those that cannot with the reason."""

    kinds: dict[str, FeatureKind]
    omitted: tuple[Omitted, ...]


def choose_columns(columns: Any, names: Sequence[str], *, asked: bool) -> Chosen:
    """Return which of the columns can enter a model.

    A column without any value, of a type that is neither number, boolean, date nor text, or of text with more than 100
    different values cannot.

    Parameters
    ----------
    columns
        An Arrow table.
    names
        The candidates.
    asked
        Whether the user named them: then one that cannot enter is refused rather than left out.

    Raises
    ------
    DataError
        If a column that was asked for cannot enter, or none is left.
    """
    kinds: dict[str, FeatureKind] = {}
    omitted: list[Omitted] = []
    for name in names:
        column = columns.column(name)
        kind = kind_of_column(column.type)
        if kind == "text":
            _refuse_numbers_with_marks(column, name)
        reason = _reason_to_omit(column, kind)
        if reason is None and kind is not None:
            kinds[name] = kind
        elif reason is not None and asked:
            raise DataError(
                message(
                    'feature "{column}": cannot enter the model: {reason}; leave it out', column=name, reason=reason
                )
            )
        elif reason is not None:
            omitted.append(Omitted(name, reason))
    if not kinds:
        raise DataError(message("fit: the table must have a column to predict from; none of its columns can be used"))
    return Chosen(kinds, tuple(omitted))


def _refuse_numbers_with_marks(column: Any, name: str) -> None:
    """Refuse numbers that a mark such as NA, a comma or a percent sign has made into text.

    As categories each number would stand alone, with nothing learnt of its size.
    """
    texts: list[str] = coded(column)[1]
    dressed = [text for text in texts if _DRESSED_NUMBER.fullmatch(text.strip())]
    if dressed and len(texts) > _FEW_NUMBERS and all(_reads_as_number(text) or text in dressed for text in texts):
        raise DataError(
            message(
                'feature "{column}": must hold numbers or categories; got {count} different texts such as "{value}"; '
                "write a number with a point and nothing else, as 1234.5, without grouping, decimal comma or percent "
                "sign, or leave the column out with --features (features=)",
                column=name,
                count=len(texts),
                value=dressed[0],
            )
        )
    marks = [text for text in texts if not _reads_as_number(text)]
    if marks and len(texts) - len(marks) > max(len(marks), _FEW_NUMBERS):
        raise DataError(
            message(
                'feature "{column}": must hold numbers or categories; got {count} different numbers and "{mark}" among '
                "them, which makes them text; leave such cells empty, or leave the column out with --features "
                "(features=)",
                column=name,
                count=len(texts) - len(marks),
                mark=marks[0],
            )
        )


def _reads_as_number(text: str) -> bool:
    try:
        return not math.isnan(float(text))
    except ValueError:
        return False


def _reason_to_omit(column: Any, kind: FeatureKind | None) -> Message | None:
    if len(column) == 0 or missing_rows(column).all():
        return message("it holds no value")
    if kind is None:
        return message("it holds {kind}", kind=show_kind(None, column.type))
    if kind == "text":
        different = len(coded(column)[1])
        if different > MOST_CATEGORIES:
            return message(
                "it holds {count} different texts, more than the {most} categories that a column may have",
                count=different,
                most=MOST_CATEGORIES,
            )
    return None


def learn_features(
    columns: Any, kinds: dict[str, FeatureKind], rule: Literal["fill", "drop"]
) -> tuple[tuple[Feature, ...], tuple[Omitted, ...]]:
    """Learn each feature's categories and what stands in for its missing values from the training rows.

    Parameters
    ----------
    columns
        An Arrow table of the training rows.
    kinds
        The features and their kinds.
    rule
        "fill": the mean of numbers and dates, the most frequent of booleans and texts (of equals the first).
        "drop": nothing stands in.

    Returns
    -------
    features, omitted
        The features, and those that hold no value in the training rows.
    """
    features: list[Feature] = []
    omitted: list[Omitted] = []
    for name, kind in kinds.items():
        feature = _learn(columns.column(name), name, kind)
        if feature is None:
            omitted.append(Omitted(name, message("it holds no value in the training rows")))
        else:
            features.append(feature if rule == "fill" else replace(feature, fill=None))
    return tuple(features), tuple(omitted)


def _learn(column: Any, name: str, kind: FeatureKind) -> Feature | None:
    if kind == "text":
        codes, texts = coded(column)
        rows = np.bincount(codes[codes >= 0], minlength=len(texts))
        counts = {text: int(count) for text, count in zip(texts, rows, strict=True)}
        categories = tuple(sorted(text for text in texts if counts[text]))
        if not categories:
            return None
        return Feature(name, kind, max(categories, key=lambda text: counts[text]), categories)
    values = numbers_of(column, kind, name)
    values = values[~np.isnan(values)]
    if not len(values):
        return None
    mean = float(values.mean())
    if kind == "boolean":
        return Feature(name, kind, float(mean > 0.5))
    if not np.isfinite(mean):  # the sum overflowed: halve first
        mean = float((values / len(values)).sum())
    return Feature(name, kind, mean)


def rows_with_unknown_categories(columns: Any, features: Sequence[Feature]) -> NDArray[np.bool_]:
    """Return which rows hold a text that the training rows did not."""
    unknown = np.zeros(columns.num_rows, bool)
    for feature in features:
        if feature.kind == "text":
            codes, texts = coded(columns.column(feature.name))
            known = np.array([*(text in feature.categories for text in texts), True], bool)
            unknown |= ~known[codes]
    return unknown


def filled(columns: Any, training: Any, features: Sequence[Feature]) -> tuple[Filled, ...]:
    """Return which columns' missing values are filled, how many, with what, and from which values that follows.

    Parameters
    ----------
    columns, training
        Arrow tables of the rows used, and of those among them that the model is fitted on.
    features
        What was learnt from the latter.
    """
    account: list[Filled] = []
    for feature in features:
        count = int(missing_rows(columns.column(feature.name)).sum())
        if count and feature.fill is not None:
            column = training.column(feature.name)
            values: NDArray[np.float64] | None = None
            if feature.kind in {"number", "date"}:
                numbers = numbers_of(column, feature.kind, feature.name)
                values = numbers[~np.isnan(numbers)]
            account.append(
                Filled(
                    feature.name,
                    count,
                    feature.fill,
                    in_training=int(missing_rows(column).sum()),
                    present=values,
                    frequencies=_frequencies(column) if values is None else (),
                )
            )
    return tuple(account)


def _frequencies(column: Any) -> tuple[tuple[str, int], ...]:
    """Return each text of a column, or 0 and 1 for false and true, with its rows, in order."""
    codes, found = coded(column)
    rows = np.bincount(codes[codes >= 0], minlength=len(found)).tolist()
    named = (str(int(value)) if isinstance(value, bool) else str(value) for value in found)
    return tuple(sorted((name, count) for name, count in zip(named, rows, strict=True) if count))


def encoded(features: Sequence[Feature]) -> tuple[Encoded, ...]:
    """Return which columns were one-hot encoded."""
    return tuple(Encoded(feature.name, feature.categories) for feature in features if feature.kind == "text")


def take_rows(columns: Any, rows: NDArray[np.intp]) -> Any:
    """Return these rows of an Arrow table."""
    return columns.take(pa.array(rows))
