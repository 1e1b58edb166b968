"""Where the nodes of a dependency graph stand: in layers from the whole to the variables, with few crossings."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

__all__ = ["Laid", "lay_out"]

_SWEEPS = 6

_Name = TypeVar("_Name", bound=Hashable)


@dataclass(frozen=True)
class Laid(Generic[_Name]):
    """A laid out graph.

    Parameters
    ----------
    places
        Of each node, its layer (0 for the whole) and its height (0 in the middle, 1 a node further down).
    ways
        Of each edge, the places that its line runs through, both ends included: an edge over several layers bends
        around the nodes between.
    """

    places: Mapping[_Name, tuple[float, float]]
    ways: Mapping[tuple[_Name, _Name], tuple[tuple[float, float], ...]]

    @property
    def width(self) -> int:
        """How many layers there are."""
        return 1 + max(int(layer) for layer, _ in self.places.values())

    @property
    def height(self) -> float:
        """How many nodes the tallest layer holds."""
        heights = [height for way in self.ways.values() for _, height in way] + [h for _, h in self.places.values()]
        return max(heights) - min(heights) + 1


def lay_out(root: _Name, edges: Mapping[_Name, Sequence[_Name]]) -> Laid[_Name]:
    """Return the layout of a graph without cycles: each node a layer below all that lead to it, leaves in the last.

    Parameters
    ----------
    root
        The node that leads to all others.
    edges
        Where each node leads, in the order in which it should be drawn.

    Examples
    --------
    >>> from workings.subjects.chain_rule.plot_layout import lay_out
    >>> lay_out("y", {"y": ["u", "v"], "u": ["x"], "v": ["x"]}).places
    {'y': (0, 0.0), 'u': (1, -0.5), 'v': (1, 0.5), 'x': (2, 0.0)}

    Source
    ------
    K. Sugiyama, S. Tagawa and M. Toda (1981), "Methods for visual understanding of hierarchical system structures",
    IEEE Transactions on Systems, Man, and Cybernetics 11(2), 109-125: layers, waypoints, barycentres.
    """
    depth = _depths(root, edges)
    layers: list[list[Hashable]] = [[] for _ in range(1 + max(depth.values()))]
    for node, layer in depth.items():
        layers[layer].append(node)
    chains: dict[tuple[_Name, _Name], list[Hashable]] = {}
    for above, below in [(name, each) for name in depth for each in edges.get(name, ())]:
        # An edge over several layers has a waypoint in each: what it passes moves aside.
        points: list[Hashable] = [("way", above, below, layer) for layer in range(depth[above] + 1, depth[below])]
        for layer, point in enumerate(points, depth[above] + 1):
            layers[layer].append(point)
        chains[above, below] = [above, *points, below]
    _order(layers, [link for chain in chains.values() for link in pairwise(chain)])
    places = {
        node: (layer, place - (len(nodes) - 1) / 2)
        for layer, nodes in enumerate(layers)
        for place, node in enumerate(nodes)
    }
    ways = {edge: tuple(places[node] for node in chain) for edge, chain in chains.items()}
    return Laid({node: places[node] for node in depth}, ways)


def _depths(root: _Name, edges: Mapping[_Name, Sequence[_Name]]) -> dict[_Name, int]:
    """Return each node's layer, those that lead nowhere in the last, in the order in which they are first reached."""
    finished: dict[_Name, None] = {}
    stack = [(root, False)]
    while stack:
        node, ready = stack.pop()
        if node in finished:
            continue
        if ready:
            finished[node] = None
        else:
            stack.append((node, True))
            stack.extend((below, False) for below in edges.get(node, ()))
    depth = dict.fromkeys(reversed(finished), 0)
    for node in depth:
        for below in edges.get(node, ()):
            depth[below] = max(depth[below], depth[node] + 1)
    last = max(depth.values())
    return {node: layer if edges.get(node) else last for node, layer in depth.items()} | (
        {root: 0} if last == 0 else {}
    )


def _order(layers: list[list[Hashable]], links: Sequence[tuple[Hashable, Hashable]]) -> None:
    """Sort each layer by the mean place of its neighbours, down and up again, so that few lines cross."""
    above: dict[Hashable, list[Hashable]] = {}
    below: dict[Hashable, list[Hashable]] = {}
    for a, b in links:
        below.setdefault(a, []).append(b)
        above.setdefault(b, []).append(a)
    for sweep in range(_SWEEPS):
        beside = above if sweep % 2 == 0 else below
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            place = {node: k - (len(nodes) - 1) / 2 for nodes in layers for k, node in enumerate(nodes)}
            means = {node: _mean([place[each] for each in beside.get(node, ())], place[node]) for node in layer}
            layer.sort(key=means.__getitem__)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
