"""A picture as a specification, as a still image, and as a file that is either whole or absent."""

from __future__ import annotations

import os
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import altair as alt

from workings.chart.drawable import drawable
from workings.errors import InputError
from workings.language import message
from workings.outputs import replacing

__all__ = ["save", "spec", "static_png", "static_svg", "vl_version", "write_whole"]

_ENDINGS = (".html", ".svg", ".png", ".pdf")


def spec(chart: alt.TopLevelMixin) -> dict[str, Any]:
    """Return the picture's Vega-Lite specification, checked against its schema, each of its data sets inside once."""
    with alt.data_transformers.enable("default", consolidate_datasets=True, max_rows=None):
        return drawable(chart.to_dict())


def static_svg(picture: alt.TopLevelMixin | Mapping[str, Any]) -> str:
    """Return the picture (or its specification) as SVG text, as it stands before anyone touches it.

    No browser is needed. The picture's description is the image's name for those who hear the page (``role="img"``,
    ``aria-label``).
    """
    import vl_convert

    content = dict(picture) if isinstance(picture, Mapping) else spec(picture)
    drawn = vl_convert.vegalite_to_svg(content, vl_version=vl_version())
    label = escape(str(content.get("description", "")))
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)


def static_png(chart: alt.TopLevelMixin, *, scale: float = 2.0) -> bytes:
    """Return the picture as a PNG image of ``scale`` pixels to the unit."""
    import vl_convert

    return vl_convert.vegalite_to_png(spec(chart), vl_version=vl_version(), scale=scale)


def save(chart: alt.TopLevelMixin, path: str | os.PathLike[str], *, scale: float = 2.0) -> Path:
    """Write the picture to a file whose ending says the format, and return its path.

    Parameters
    ----------
    chart
        An Altair chart.
    path
        Ending in .html (one file that works offline, sliders included), .svg, .png or .pdf.
    scale
        Pixels to the unit, for .png.

    Raises
    ------
    InputError
        If the ending is another.
    DataError
        If the folder does not exist or cannot be written. Nothing is left behind.

    Examples
    --------
    >>> import altair as alt, tempfile, pathlib
    >>> from workings.chart import inline, save
    >>> bars = alt.Chart(inline(x=[1, 2], y=[3.0, 4.0])).mark_bar().encode(x="x:Q", y="y:Q")
    >>> save(bars, pathlib.Path(tempfile.mkdtemp()) / "bars.svg").name
    'bars.svg'
    """
    import vl_convert

    from workings.chart.embed import offline_page

    file = Path(path)
    match file.suffix.lower():
        case ".html":
            content = offline_page(chart).encode()
        case ".svg":
            content = static_svg(chart).encode()
        case ".png":
            content = static_png(chart, scale=scale)
        case ".pdf":
            content = vl_convert.vegalite_to_pdf(spec(chart), vl_version=vl_version())
        case ending:
            raise InputError(
                message(
                    "save: path must end in one of {endings}; got {ending}",
                    endings=", ".join(_ENDINGS),
                    ending=ending or str(file),
                )
            )
    return write_whole(file, content)


def write_whole(path: str | os.PathLike[str], content: bytes | str) -> Path:
    """Write a file that is either whole or not there, as :func:`workings.outputs.replacing`, and return its path."""
    with replacing(path) as draft:
        draft.write_bytes(content.encode() if isinstance(content, str) else content)
    return Path(path)


def vl_version() -> str:
    """Return the Vega-Lite version that Altair writes ("v6.4.1"), as vl-convert names it ("6.4")."""
    return ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
