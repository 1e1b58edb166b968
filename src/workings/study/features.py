"""From columns of a table to the columns of numbers that a model is fitted on: read, fill, encode.

One feature of the table gives one number a row (numbers, booleans as 0 and 1, dates as days since 1970-01-01) or, for
text, one column of 0 and 1 a category but the first (*one-hot*; the first, in the order of its characters, is the
reference level against which the others are measured: with it too, the columns would always add up to one).
The same code serves a fit and a prediction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workings.errors import DataError
from workings.language import Message, message

__all__ = [
    "Feature",
    "FeatureKind",
    "Term",
    "coded",
    "design_matrix",
    "kind_of_column",
    "missing_rows",
    "show_kind",
    "terms_of",
]

FeatureKind = Literal["number", "boolean", "date", "text"]
_SECONDS_A_DAY = 86400.0


@dataclass(frozen=True)
class Feature:
    """One column of the table as the model takes it.

    Attributes
    ----------
    name, kind
        Its name and what it holds.
    fill
        What stands in for a missing value: the mean of the training rows (numbers, dates in days), or their most
        frequent value (0 or 1 of booleans, text). None where rows with missing values are left out.
    categories
        The texts that the training rows hold, in order; the first is the reference level. Empty for other kinds.
    """

    name: str
    kind: FeatureKind
    fill: float | str | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True)
class Term:
    """One column of the design matrix: a feature, and for text the category that it is 1 for."""

    feature: str
    category: str | None = None

    def __str__(self) -> str:
        return self.feature if self.category is None else f"{self.feature} = {self.category}"


def kind_of_column(dtype: Any) -> FeatureKind | None:
    """Return what a column of this Arrow type is to a model, None where it can be nothing to one (lists, bytes)."""
    if pa.types.is_boolean(dtype):
        return "boolean"
    if pa.types.is_integer(dtype) or pa.types.is_floating(dtype):
        return "number"
    if pa.types.is_string(dtype):
        return "text"
    if pa.types.is_date(dtype) or pa.types.is_timestamp(dtype):
        return "date"
    return None


def show_kind(kind: FeatureKind | None, dtype: object = None) -> Message:
    """Return what a column holds, in words."""
    if kind == "number":
        return message("numbers")
    if kind == "boolean":
        return message("true and false")
    if kind == "date":
        return message("dates")
    if kind == "text":
        return message("text")
    return message("values of type {dtype}", dtype=str(dtype))


def terms_of(features: Sequence[Feature]) -> tuple[Term, ...]:
    """Return the columns that the features give, in order."""
    terms: list[Term] = []
    for feature in features:
        if feature.kind == "text":
            terms.extend(Term(feature.name, category) for category in feature.categories[1:])
        else:
            terms.append(Term(feature.name))
    return tuple(terms)


def numbers_of(column: Any, kind: FeatureKind, name: str, first_row: int = 1) -> NDArray[np.float64]:
    """Return a column of numbers, booleans or dates as float64, missing values as NaN.

    Raises
    ------
    DataError
        If a value is infinite.
    """
    if kind == "date":
        column = column.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
    if kind == "boolean":
        column = column.cast(pa.int8())
    column = column.cast(pa.float64(), safe=False)
    values = column.to_numpy() if isinstance(column, pa.ChunkedArray) else column.to_numpy(zero_copy_only=False)
    if kind == "date":
        return values / (_SECONDS_A_DAY * 1e6)
    infinite = np.isinf(values)
    if infinite.any():
        raise DataError(
            message(
                'column "{column}": must hold finite numbers; row {row} holds {value}; '
                "correct it or leave such rows out with --where",
                column=name,
                row=first_row + int(np.argmax(infinite)),
                value=str(values[infinite][0]),
            )
        )
    return values


def missing_rows(column: Any) -> NDArray[np.bool_]:
    """Return which rows of a column hold no value (null or NaN)."""
    mask = column.is_null(nan_is_null=True)
    return mask.to_numpy() if isinstance(mask, pa.ChunkedArray) else mask.to_numpy(zero_copy_only=False)


def codes_of(column: Any, categories: Sequence[str]) -> NDArray[np.intp]:
    """Return each text's place among the categories: -1 where it is missing, -2 where it is none of them."""
    codes, values = coded(column)
    place = {category: k for k, category in enumerate(categories)}
    # One more entry at the end, so that -1 (missing) is looked up as -1.
    places = np.array([*(place.get(value, -2) for value in values), -1], np.intp)
    return places[codes]


def coded(column: Any) -> tuple[NDArray[np.intp], list[Any]]:
    """Return each value's place in the list of different values, -1 where it is missing, and that list."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    encoded = column.dictionary_encode()
    codes = np.array(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False), np.intp)
    codes[missing_rows(column)] = -1
    return codes, encoded.dictionary.to_pylist()


def design_matrix(features: Sequence[Feature], columns: Any, *, first_row: int = 1) -> NDArray[np.float64]:
    """Return the numbers that a model takes, shape (rows, terms), missing values filled by each feature's rule.

    Parameters
    ----------
    features
        What the model takes.
    columns
        An Arrow record batch or table that holds those columns.
    first_row
        The number of its first row, for the messages.

    Raises
    ------
    DataError
        If a text is none of its feature's categories, or a number is infinite; the column, row and value are named.
    """
    terms = terms_of(features)
    matrix = np.zeros((columns.num_rows, len(terms)), order="F")
    place = 0
    for feature in features:
        column = columns.column(feature.name)
        if feature.kind == "text":
            codes = codes_of(column, feature.categories)
            if (codes == -2).any():
                _refuse_unknown_category(feature, column, codes, first_row)
            if feature.fill is not None:
                codes[codes == -1] = feature.categories.index(str(feature.fill))
            for level in range(1, len(feature.categories)):
                matrix[:, place] = codes == level
                if feature.fill is None:
                    matrix[codes == -1, place] = np.nan
                place += 1
        else:
            values = numbers_of(column, feature.kind, feature.name, first_row)
            matrix[:, place] = values
            if feature.fill is not None:
                matrix[np.isnan(values), place] = feature.fill
            place += 1
    return matrix


def _refuse_unknown_category(feature: Feature, column: Any, codes: NDArray[np.intp], first_row: int) -> None:
    at = int(np.argmax(codes == -2))
    value = str(column[at].as_py())
    near = get_close_matches(value, feature.categories, n=1, cutoff=0.6)
    known = ", ".join(f'"{category}"' for category in feature.categories[:6])
    raise DataError(
        message(
            'column "{column}": row {row} holds the category "{value}", which the model has not seen; '
            "it knows {known}; correct the value or fit the model again with such rows",
            column=feature.name,
            row=first_row + at,
            value=value,
            known=f'"{near[0]}"' if near else known + (", …" if len(feature.categories) > 6 else ""),
        )
    )
