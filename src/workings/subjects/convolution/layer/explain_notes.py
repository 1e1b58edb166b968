"""What is to be noticed at a place of a feature map."""

from __future__ import annotations

import numpy as np

from workings.language import message
from workings.subjects.convolution.layer.explain_window import Where
from workings.subjects.convolution.layer.layer import Layer
from workings.working import Derivation

__all__ = ["tell_notes"]


def tell_notes(w: Derivation, layer: Layer, where: Where) -> None:
    """Say what is to be noticed at a place: edges, stride, gaps and groups, and values that are no numbers."""
    g = layer.geometry
    rows = where.row - 1 - g.before[0] + np.arange(g.kernel[0]) * g.dilation[0]
    columns = where.column - 1 - g.before[1] + np.arange(g.kernel[1]) * g.dilation[1]
    inside = int(((rows >= 0) & (rows < g.height)).sum()) * int(((columns >= 0) & (columns < g.width)).sum())
    if outside := g.kernel[0] * g.kernel[1] - inside:
        w.note(
            message(
                "{count} of the {all} places of this window {count:lies outside the image and counts|lie outside "
                "the image and count} as 0: at an edge the sum has fewer terms.",
                count=outside,
                all=g.kernel[0] * g.kernel[1],
            )
        )
    if g.size[1] > 1:
        w.note(
            message(
                "at({places}) gives a table of several values, each with its window.",
                places=f"i={where.i}, j=range(0, {min(g.size[1], 10)})",
            )
        )
    if max(g.stride) > 1:
        w.note(
            message(
                "The next window lies {across} {across:column|columns} to the right, that of the next row {down} "
                "{down:row|rows} below: the stride makes the feature map smaller than the image.",
                across=g.stride[1],
                down=g.stride[0],
            )
        )
    if max(g.dilation) > 1:
        w.note(
            message(
                "The window leaves gaps: its pixels lie {down} {down:row|rows} and {across} {across:column|columns} "
                "apart.",
                down=g.dilation[0],
                across=g.dilation[1],
            )
        )
    if g.groups > 1:
        c = where.c
        first = layer.first_channel(c)
        w.note(
            message(
                "Filter {filter} belongs to group {group} of {groups}, and sees only the channels {first} to {last}.",
                filter=c + 1,
                group=layer.group(c) + 1,
                groups=g.groups,
                first=first + 1,
                last=first + g.group_channels,
            )
            if g.group_channels > 1
            else message(
                "Filter {filter} belongs to group {group} of {groups}, and sees only channel {first}.",
                filter=c + 1,
                group=layer.group(c) + 1,
                groups=g.groups,
                first=first + 1,
            )
        )
    if lost := int((~np.isfinite(layer.maps)).sum()):
        w.note(
            message(
                "Not finite: {count} of the {all} values of the feature maps, where a window meets a NaN or ∞, or the "
                "sum is beyond the largest float.",
                count=lost,
                all=layer.maps.size,
            )
        )
