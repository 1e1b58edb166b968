"""What all pictures share: one theme, a limit on their size, saving, and embedding in a page that works offline."""

from workings.chart.axes import powers_of_ten, with_power_of_ten
from workings.chart.embed import (
    content_security_policy,
    embed_script,
    figure_json,
    javascript_bundle,
    offline_page,
)
from workings.chart.limits import MAX_ROWS, check_size, inline, retained
from workings.chart.save import save, spec, static_png, static_svg, write_whole
from workings.chart.theme import ACCENT, DASHES, FAINT, FONTS, INK, MUTED, SECOND, SERIES, theme, themed

__all__ = [
    "ACCENT",
    "DASHES",
    "FAINT",
    "FONTS",
    "INK",
    "MAX_ROWS",
    "MUTED",
    "SECOND",
    "SERIES",
    "check_size",
    "content_security_policy",
    "embed_script",
    "figure_json",
    "inline",
    "javascript_bundle",
    "offline_page",
    "powers_of_ten",
    "retained",
    "save",
    "spec",
    "static_png",
    "static_svg",
    "theme",
    "themed",
    "with_power_of_ten",
    "write_whole",
]
