"""Pictures inside a page that needs no network, no server, and no script beyond the call that draws them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from html import escape
from typing import Any

import altair as alt

from workings.chart.save import spec, vl_version
from workings.language import get_language

__all__ = ["content_security_policy", "embed_script", "figure_json", "javascript_bundle", "offline_page"]

# `ast` has Vega interpret its expressions instead of compiling them with `new Function`, so that the page can forbid
# eval. SVG prints sharp, can be searched, and can be read aloud. Where a row of panels does not fit, they stand in one
# column.
_EMBED = """\
for (const source of document.querySelectorAll('script[type="application/json"][data-chart]')) {
  const place = document.getElementById(source.dataset.chart), spec = JSON.parse(source.textContent);
  if (spec.concat && place.clientWidth < 680) spec.columns = 1;
  const options = {ast: true, actions: false, renderer: "svg", defaultStyle: false};
  if (source.dataset.bind) options.bind = document.getElementById(source.dataset.bind);
  vegaEmbed(place, spec, options);
}
"""


# A slider's number is the place of its stop; what that stop is stands in the picture.
_STYLE = """\
body { font-family: sans-serif; }
.vega-bindings { position: sticky; bottom: 0; padding: 0.5em; background: white; }
.vega-bind label { display: flex; gap: 0.7em; max-width: 40em; }
.vega-bind input { flex: 1; }
.vega-bind label > span:last-child:not(.vega-bind-name) { display: none; }
"""


@cache
def javascript_bundle() -> str:
    """Return Vega, Vega-Lite and Vega-Embed as one script (0.9 MB) that defines ``vegaEmbed``: once to a page."""
    import vl_convert

    return vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version())


def embed_script() -> str:
    """Return the few lines that draw each ``<script type="application/json" data-chart="ID">`` into the element ID.

    With ``data-bind="OTHER"``, its sliders stand in the element OTHER.
    """
    return _EMBED


def figure_json(content: Mapping[str, Any]) -> str:
    r"""Return a specification as JSON that can stand inside a ``<script>`` element.

    ``<``, ``>`` and ``&`` are written as escapes, so that no value can close the element or open a comment.

    Examples
    --------
    >>> from workings.chart import figure_json
    >>> figure_json({"title": "</script>"})
    '{"title":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def content_security_policy(scripts: Iterable[str]) -> str:
    """Return a policy under which a page loads nothing and runs these scripts alone, each known by its SHA-256.

    Whatever a column's name or a value may smuggle into the page has no hash here, and so cannot run.
    """
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests) or "'none'"
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def offline_page(chart: alt.TopLevelMixin) -> str:
    """Return one self-contained HTML page that shows the picture and keeps its sliders and tooltips."""
    content = spec(chart)
    title = content.get("title", "")
    text = title if isinstance(title, str) else title.get("text", "")
    heading = text if isinstance(text, str) else " ".join(text)
    bundle, script = javascript_bundle(), embed_script()
    return (
        f'<!doctype html>\n<html lang="{get_language()}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{content_security_policy([bundle, script])}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(heading)}</title>\n'
        f"<style>\n{_STYLE}</style>\n"
        f"</head>\n<body>\n"
        f'<div id="chart" role="img" aria-label="{escape(str(content.get("description", heading)))}"></div>\n'
        f'<script type="application/json" data-chart="chart">{figure_json(content)}</script>\n'
        f"<script>{bundle}</script>\n<script>{script}</script>\n</body>\n</html>\n"
    )
