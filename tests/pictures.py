"""What a picture is tested by: its data, the words in it, and that words from outside stay data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from workings.chart import spec

HOSTILE = "</script><b>\"'\n=1+1 한글 🎯"

# What Vega evaluates stands under these keys.
EVALUATED = frozenset({"expr", "labelExpr", "calculate", "filter", "test"})


def tables(picture: alt.TopLevelMixin | Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """Return the rows of every table in a picture."""
    content = picture if isinstance(picture, Mapping) else spec(picture)
    return list(content["datasets"].values())


def table(picture: alt.TopLevelMixin | Mapping[str, Any], *columns: str) -> list[tuple[Any, ...]]:
    """Return these columns of the one table in a picture that has them all."""
    found = [rows for rows in tables(picture) if rows and set(columns) <= set(rows[0])]
    assert len(found) == 1, f"{len(found)} tables have the columns {columns}"
    return [tuple(row[column] for column in columns) for row in found[0]]


def expressions(node: Any) -> list[str]:
    """Return every piece of a specification that Vega will evaluate."""
    found: list[str] = []
    if isinstance(node, dict):
        for key, part in node.items():
            if key in EVALUATED and isinstance(part, str):
                found.append(part)
            elif key not in {"datasets", "values"}:
                found += expressions(part)
    elif isinstance(node, list):
        for part in node:
            found += expressions(part)
    return found


def holds_as_data(picture: alt.TopLevelMixin, *, fragments: tuple[str, ...] = ("script", "한글")) -> bool:
    """Return whether words from outside are in the picture, but in no expression and in no field's name."""
    content = spec(picture)
    assert not [text for text in expressions(content) if any(fragment in text for fragment in fragments)]
    for rows in tables(content):
        assert all(set(row) == set(rows[0]) and all(name.isidentifier() for name in row) for row in rows)
    return all(fragment in str(content) for fragment in fragments)


def layers(picture: Any) -> list[list[dict[str, Any]]]:
    """Return the rows of each layer of a layered picture."""
    content = spec(picture)
    return _layers(content, content)


def panels(picture: Any) -> list[list[list[dict[str, Any]]]]:
    """Return the rows of each layer of each panel of a picture in panels."""
    content = spec(picture)
    return [_layers(content, panel) for panel in content["concat"]]


def _layers(content: dict[str, Any], panel: dict[str, Any]) -> list[list[dict[str, Any]]]:
    found = (layer.get("data", panel.get("data")) for layer in panel["layer"])
    return [data["values"] if "values" in data else content["datasets"][data["name"]] for data in found]
