"""Any text can be drawn: what SVG cannot hold, and what would end an expression, is replaced before it gets there."""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["drawable"]

# SVG is XML, which has no way to write control characters (vl-convert aborts the whole process on one): each is shown
# as its picture (␛ for escape), and what is no character at all as the replacement character.
_UNDRAWABLE = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n\r"},
    0x7F: 0x2421,
    **dict.fromkeys([*range(0xD800, 0xE000), 0xFFFE, 0xFFFF], 0xFFFD),
}
# Vega-Lite writes titles into the expressions of tooltips and descriptions, and escapes quotes there but not these.
_UNQUOTABLE = re.compile("[\\\\\t\n\r\u0085\u2028\u2029]+")


def drawable(content: dict[str, Any]) -> dict[str, Any]:
    r"""Return a specification in which every text, names of fields too, can be drawn, and every title be quoted.

    Examples
    --------
    >>> from workings.chart.drawable import drawable
    >>> drawable({"title": "two\nlines", "datasets": {"d": [{"name": "\x1b[31m"}]}})
    {'title': 'two lines', 'datasets': {'d': [{'name': '␛[31m'}]}}
    """
    return cast("dict[str, Any]", _drawable(content, "", inside=True))


def _drawable(content: Any, key: str, *, inside: bool) -> Any:
    """``inside`` the specification "title" is a title; inside its data it is a name like any other."""
    if isinstance(content, str):
        text = content if content.isprintable() else content.translate(_UNDRAWABLE)
        return _UNQUOTABLE.sub(" ", text) if inside and key == "title" else text
    if isinstance(content, dict):
        return {
            _drawable(name, "", inside=inside): _drawable(part, name, inside=inside and name not in _DATA)
            for name, part in cast("dict[str, Any]", content).items()
        }
    if isinstance(content, list):
        return [_drawable(part, key, inside=inside) for part in cast("list[Any]", content)]
    return content


_DATA = ("datasets", "values")
