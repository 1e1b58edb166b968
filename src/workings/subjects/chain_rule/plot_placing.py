"""Where a graph's nodes and words stand: wide or upright, as fits a telephone, and the words clear of all else."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from workings.chart import INK, SECOND
from workings.expression import Symbol, display_width, to_text
from workings.subjects.chain_rule.plot_graph import Graph
from workings.subjects.chain_rule.plot_layout import Laid, lay_out

__all__ = ["HALF_SIDE", "RADIUS", "Box", "Placed", "Words", "in_node", "placed"]

# All of these are pixels. A telephone shows so much across; a wider picture shrinks there, and its letters with it.
_TELEPHONE = 380
RADIUS, HALF_SIDE = 17, 15
_SMALL, _SIZE = 10.5, 11.5
_LEADING = 14
_WIDEST = 260
_PER_CHARACTER = 0.62  # of the type size: the mean advance of DejaVu Sans, the widest of the faces
# A formula of more characters stands at no node and no arrow: it is told when it is pointed at. The second limit is for
# a picture that would be too wide otherwise.
_LONGEST = (22, 10)
# What stands in one line at an arrow, or below a node, has at most so many characters.
_LINE = 16
# A node holds a name of so many characters.
_LONGEST_IN_NODE = 3
# Where on its way a label may stand, the best first: nearer to where it comes from, so that crossings stay clear.
_SHARES = (0.44, 0.38, 0.5, 0.32, 0.56, 0.26, 0.62, 0.7)

Place = tuple[float, float]
Box = tuple[float, float, float, float]
Edge = tuple[Symbol, Symbol]
_Dots = NDArray[np.float64]
_Key = TypeVar("_Key")


@dataclass(frozen=True)
class Words:
    """Lines of text, each with its colour, about a height; the text begins, ends or has its middle at ``x``."""

    lines: tuple[tuple[str, str], ...]
    x: float
    y: float
    align: Literal["left", "center", "right"]
    size: float

    @property
    def box(self) -> Box:
        """From where to where they reach: left, top, right, bottom."""
        width = max(_width(text, self.size) for text, _ in self.lines)
        left = self.x - {"left": 0.0, "center": 0.5, "right": 1.0}[self.align] * width
        half = len(self.lines) * _LEADING / 2
        return left, self.y - half, left + width, self.y + half

    @property
    def rows(self) -> list[tuple[float, float, str, str]]:
        """Each line's place, text and colour."""
        top = self.y - (len(self.lines) - 1) * _LEADING / 2
        return [(self.x, top + place * _LEADING, *line) for place, line in enumerate(self.lines)]


@dataclass(frozen=True, eq=False)
class Placed:
    """A graph with its places, in pixels.

    Parameters
    ----------
    nodes
        The middle of each node.
    ways
        The points that each arrow's line runs through, from node to node.
    words
        What stands at the nodes.
    labels
        What stands at the arrows of marked ways.
    upright
        Whether the layers stand one below the other rather than side by side.
    """

    nodes: Mapping[Symbol, Place]
    ways: Mapping[Edge, tuple[Place, ...]]
    words: tuple[Words, ...]
    labels: Mapping[Edge, Words]
    upright: bool

    @property
    def box(self) -> Box:
        """From where to where all of it reaches."""
        boxes = [_around(place) for place in self.nodes.values()]
        boxes += [each.box for each in (*self.words, *self.labels.values())]
        boxes += [(x, y, x, y) for way in self.ways.values() for x, y in way]
        left, top, right, bottom = np.array(boxes).T
        return float(left.min()), float(top.min()), float(right.max()), float(bottom.max())


def in_node(name: Symbol) -> bool:
    """Whether a name fits into its node; a longer one stands first of the words there."""
    return len(to_text(name)) <= _LONGEST_IN_NODE


def placed(graph: Graph) -> Placed:
    """Return the places of a graph: its layers side by side, the whole to the left, or one below the other.

    The first of these that fits a telephone, else the narrowest: side by side, upright, and the same with the long
    formulas left to be pointed at.
    """
    laid = lay_out(graph.root, graph.edges)
    ways = [_Lettering(graph, laid, upright, longest) for longest in _LONGEST for upright in (False, True)]
    return next((way for way in ways if way.width <= _TELEPHONE), min(ways, key=lambda way: way.width)).placed()


class _Lettering:
    """One way to write a graph: wide or upright, with formulas of at most so many characters."""

    def __init__(self, graph: Graph, laid: Laid[Symbol], upright: bool, longest: int) -> None:
        self.graph, self.laid, self.upright, self.longest = graph, laid, upright, longest
        layers = Counter(layer for layer, _ in laid.places.values())
        self.alone = {name for name, (layer, _) in laid.places.items() if upright and layers[layer] == 1}
        """Beside a node that is alone in its layer there is room enough."""
        labels = [self.at_arrow(edge) for edge in graph.labels]
        nodes = [self.at_node(name) for name in graph.edges]
        beside_others = [self.at_node(name) for name in graph.edges if name not in self.alone]
        over_arrows = max((_width(text, _SIZE) for lines in labels for text in lines), default=0.0)
        over_nodes = max((_width(text, _SMALL) for lines in beside_others for text, _ in lines), default=0.0)
        high, low = max(map(len, labels), default=0) * _LEADING, max(map(len, nodes), default=0) * _LEADING
        if upright:
            self.along = 56.0 + RADIUS + max(high, low)
            self.beside = max(110.0, 1.5 * over_arrows + 20, over_nodes + 3 * RADIUS)
        else:
            self.along = min(max(110.0, over_arrows + 2 * RADIUS + 46, over_nodes + 24), _WIDEST)
            self.beside = 54.0 + low + high

    @property
    def width(self) -> float:
        """How far the outermost nodes stand apart."""
        return self.beside * (self.laid.height - 1) if self.upright else self.along * (self.laid.width - 1)

    def at_arrow(self, edge: Edge) -> tuple[str, ...]:
        """Return the lines at an arrow: its partial derivative, the formula of that, its number."""
        name, formula, number = self.graph.label(edge)
        parts = (name, formula if len(formula) <= self.longest else "", number)
        return tuple(filter(None, parts)) if self.upright else _folded(parts)

    def at_node(self, name: Symbol) -> tuple[tuple[str, str], ...]:
        """Return the lines at a node, each with its colour: its formula, its number, the slope by it."""
        body, number, slope = self.graph.words(name)
        beside = () if in_node(name) else (to_text(name),)
        longest = _LONGEST[0] if name in self.alone else self.longest
        if len(body) > longest:
            body = "" if number else f"{body[: longest - 1]}…"
        parts = tuple(filter(None, (*beside, body, number)))
        lines = parts if self.upright else _folded(parts)
        return (*((line, INK) for line in lines), *([(slope, SECOND)] if slope else []))

    def placed(self) -> Placed:
        """Return the places of all nodes and words."""
        nodes = {name: self._pixels(place) for name, place in self.laid.places.items()}
        ways = {edge: tuple(map(self._pixels, way)) for edge, way in self.laid.ways.items()}
        dots = {edge: _dots(way) for edge, way in ways.items()}
        words = self._words(nodes, _all(dots))
        boxes = [*map(_around, nodes.values()), *(each.box for each in words)]
        return Placed(nodes, ways, words, self._labels(ways, dots, boxes), self.upright)

    def _pixels(self, place: Place) -> Place:
        layer, height = place
        return (
            (height * self.beside, layer * self.along) if self.upright else (layer * self.along, height * self.beside)
        )

    def _words(self, nodes: Mapping[Symbol, Place], dots: _Dots) -> tuple[Words, ...]:
        """Return the words below the nodes; of an upright graph beside them, where fewer lines run."""
        found: list[Words] = []
        for name, (x, y) in nodes.items():
            lines = self.at_node(name)
            if not lines:
                continue
            if self.upright:
                right = Words(lines, x + RADIUS + 6, y, "left", _SMALL)
                left = Words(lines, x - RADIUS - 6, y, "right", _SMALL)
                taken = [*(_around(place) for place in nodes.values()), *(each.box for each in found)]
                found.append(min(right, left, key=partial(_cost, dots, taken)))
            else:
                found.append(Words(lines, x, y + RADIUS + 4 + len(lines) * _LEADING / 2, "center", _SMALL))
        return tuple(found)

    def _labels(
        self, ways: Mapping[Edge, Sequence[Place]], dots: Mapping[Edge, _Dots], taken: list[Box]
    ) -> dict[Edge, Words]:
        """Return the words at the arrows, each at that place of its way where it covers least of all else."""
        found: dict[Edge, Words] = {}
        for edge in self.graph.labels:
            lines = tuple((line, INK) for line in self.at_arrow(edge))
            others = _all({other: each for other, each in dots.items() if other != edge})
            tried = [Words(lines, *_along(ways[edge], share), "center", _SIZE) for share in _SHARES]
            costs = [
                sum(5.0 * _shared(words.box, box) for box in taken) + 40.0 * _covered(others, words.box) + 10.0 * place
                for place, words in enumerate(tried)
            ]
            found[edge] = tried[costs.index(min(costs))]
            taken.append(found[edge].box)
        return found


def _folded(parts: Iterable[str]) -> tuple[str, ...]:
    """Return parts in as few lines as they fit, each part whole."""
    lines: list[str] = []
    for part in filter(None, parts):
        if lines and len(lines[-1]) + 1 + len(part) <= _LINE:
            lines[-1] += f" {part}"
        else:
            lines.append(part)
    return tuple(lines)


def _width(text: str, size: float) -> float:
    return display_width(text) * _PER_CHARACTER * size


def _along(way: Sequence[Place], share: float) -> Place:
    """Return the place this share of a way's length from its start."""
    points = np.asarray(way)
    upto = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    here = share * upto[-1]
    return float(np.interp(here, upto, points[:, 0])), float(np.interp(here, upto, points[:, 1]))


def _dots(way: Sequence[Place]) -> _Dots:
    """Return places all along a way, about six pixels apart."""
    length = sum(math.dist(a, b) for a, b in pairwise(way))
    return np.array([_along(way, share) for share in np.linspace(0, 1, 2 + int(length / 6))])


def _all(dots: Mapping[_Key, _Dots]) -> _Dots:
    return np.concatenate([*dots.values(), np.empty((0, 2))])


def _around(place: Place) -> Box:
    x, y = place
    return x - RADIUS - 2, y - RADIUS - 2, x + RADIUS + 2, y + RADIUS + 2


def _covered(dots: _Dots, box: Box) -> int:
    left, top, right, bottom = box
    x, y = dots[:, 0], dots[:, 1]
    return int(((x > left - 3) & (x < right + 3) & (y > top) & (y < bottom)).sum())


def _cost(dots: _Dots, taken: Sequence[Box], words: Words) -> float:
    """Return how much words cover: of other words and nodes before any arrow, for those can be followed behind them."""
    return _covered(dots, words.box) + 100.0 * sum(_shared(words.box, box) for box in taken)


def _shared(a: Box, b: Box) -> float:
    """Return the area that two boxes share, a gap of four pixels between lines of text counted in."""
    across = min(a[2], b[2]) - max(a[0], b[0]) + 4
    down = min(a[3], b[3]) - max(a[1], b[1])
    return max(across, 0.0) * max(down, 0.0)
