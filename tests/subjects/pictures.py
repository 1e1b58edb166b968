"""What a picture draws: the rows of each layer, whether they stand in it or among its named data sets."""

from __future__ import annotations

from typing import Any

from workings.chart import spec

__all__ = ["panels", "rows_of_layers"]


def rows_of_layers(chart: Any) -> list[list[dict[str, Any]]]:
    """Return the rows of each layer of a layered picture."""
    return _layers(spec(chart), spec(chart))


def panels(chart: Any) -> list[list[list[dict[str, Any]]]]:
    """Return the rows of each layer of each part of a picture in parts."""
    whole = spec(chart)
    return [_layers(whole, part) for part in whole["concat"]]


def _layers(whole: dict[str, Any], part: dict[str, Any]) -> list[list[dict[str, Any]]]:
    rows = []
    for layer in part["layer"]:
        data = layer.get("data", part.get("data"))
        rows.append(data["values"] if "values" in data else whole["datasets"][data["name"]])
    return rows
