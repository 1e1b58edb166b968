"""The size of a picture does not grow with the data: at most 5,000 rows, chosen before they enter the picture."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any, cast

import altair as alt
import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.language import message

__all__ = ["MAX_ROWS", "check_size", "inline", "retained"]

MAX_ROWS = 5_000


# Beyond it JavaScript, and whoever reads the specification for it, has no whole numbers.
_LARGEST_WHOLE = 2**53


def inline(**columns: Iterable[object]) -> alt.InlineData:
    """Return columns of equal length as a picture's data.

    NumPy numbers become plain ones. NaN and infinities, which JSON has no word for, become null: the mark is left out.

    Raises
    ------
    InputError
        If the columns differ in length, or have more than ``MAX_ROWS`` rows.

    Examples
    --------
    >>> from workings.chart import inline
    >>> inline(t=[0.5, float("nan")], name=["a", "b"]).values
    [{'t': 0.5, 'name': 'a'}, {'t': None, 'name': 'b'}]
    """
    plain = {name: [_plain(value) for value in values] for name, values in columns.items()}
    lengths = {len(values) for values in plain.values()}
    if len(lengths) > 1:
        found = ", ".join(f"{name}: {len(values)}" for name, values in plain.items())
        raise InputError(message("inline: columns must have one length; got {found}", found=found))
    count = lengths.pop() if lengths else 0
    if count > MAX_ROWS:
        raise InputError(_too_many(count))
    return alt.InlineData(values=[{name: values[i] for name, values in plain.items()} for i in range(count)])


def retained(count: int, limit: int) -> NDArray[np.intp]:
    """Return at most ``limit`` indices, evenly spaced over 0 .. ``count`` - 1, both ends among them.

    Raises
    ------
    InputError
        If ``limit`` is less than 2.

    Examples
    --------
    >>> from workings.chart import retained
    >>> retained(9, 3).tolist(), retained(2, 3).tolist()
    ([0, 4, 8], [0, 1])
    """
    if limit < 2:
        raise InputError(message("retained: limit must be at least 2; got {limit}", limit=limit))
    if count <= limit:
        return np.arange(count)
    return np.round(np.linspace(0, count - 1, limit)).astype(np.intp)


def check_size(chart: alt.TopLevelMixin) -> int:
    """Return how many rows of data the picture holds.

    Raises
    ------
    InputError
        If they are more than ``MAX_ROWS``: a picture is made from a result, not from raw rows.
    """
    count = _rows(chart.to_dict(validate=False))
    if count > MAX_ROWS:
        raise InputError(_too_many(count))
    return count


def _too_many(count: int) -> Any:
    return message(
        "plot: a picture must hold at most {limit} rows; got {count}; try a summary of them, or fewer",
        limit=MAX_ROWS,
        count=count,
    )


def _rows(spec: Mapping[str, Any]) -> int:
    """Count the rows of a specification: each named data set once, inline data wherever it stands."""
    count = sum(len(rows) for rows in spec.get("datasets", {}).values() if isinstance(rows, list))
    waiting: list[Any] = [{key: part for key, part in spec.items() if key != "datasets"}]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(cast("list[Any]", part))
        elif isinstance(part, dict):
            node = cast("dict[str, Any]", part)
            data = node.get("data")
            values = cast("dict[str, Any]", data).get("values") if isinstance(data, dict) else None
            count += len(cast("list[Any]", values)) if isinstance(values, list) else 0
            waiting.extend(value for key, value in node.items() if key != "data")
    return count


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, int) and abs(value) > _LARGEST_WHOLE:
        return float(value)
    return value
