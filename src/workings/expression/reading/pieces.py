"""What the rules of the grammar build: nodes, and beside each where it stood, how deep and how large it is."""

from __future__ import annotations

from typing import NamedTuple

from workings.expression.nodes import Apply, Node, Symbol
from workings.expression.operations import OPERATIONS, Binding, Operation
from workings.expression.reading.faults import Fault
from workings.expression.reading.limits import MAX_DEPTH, MAX_NODES
from workings.expression.reading.refusals import shortened, too_deep, too_large
from workings.language import message

__all__ = ["Definition", "Piece", "applied", "condition_for_value"]

_CONDITIONS = {"less", "at_most", "greater", "at_least", "equal", "different", "both", "either", "negation"}
_OF_CONDITIONS = {"both": 2, "either": 2, "negation": 1, "where": 1, "iverson": 1}  # how many of the first arguments


class Piece(NamedTuple):
    """A part of a formula as it was read.

    Parameters
    ----------
    node
        Its node.
    at
        The place that an error about it points at.
    depth
        How many calls, fractions, powers, signs and parentheses that are needed nest in it: a sum of many terms is as
        deep as its deepest term.
    size
        How many numbers, names and operations it is made of, as often as they are written.
    """

    node: Node
    at: int
    depth: int = 0
    size: int = 1

    @property
    def condition(self) -> bool:
        """Whether it holds or does not, rather than having a value."""
        return isinstance(self.node, Apply) and self.node.operation.name in _CONDITIONS


class Definition(NamedTuple):
    """A name, where it stood, and what it is defined as."""

    name: str
    at: int
    body: Piece


def applied(operation: str, at: int, *args: Piece) -> Piece:
    """Return an operation on what was read before.

    Raises
    ------
    Fault
        If it is too deep or too large, or a condition stands in place of a value, or a value in place of a condition.
    """
    row = OPERATIONS[operation]
    conditions = _OF_CONDITIONS.get(operation, 0)
    for place, piece in enumerate(args):
        if place >= conditions:
            if piece.condition:
                raise condition_for_value(piece)
        elif not piece.condition and not isinstance(piece.node, Symbol):  # a name may stand for a column of yes and no
            raise _value_for_condition(piece)
    size = 1 + sum(piece.size for piece in args)
    if size > MAX_NODES:
        raise too_large(args[-1].at)
    depth = max(piece.depth + _inward(row, place, piece.node) for place, piece in enumerate(args))
    if depth > MAX_DEPTH:
        raise too_deep(at)
    return Piece(Apply(row, [piece.node for piece in args]), at, depth, size)


def _inward(row: Operation, place: int, node: Node) -> bool:
    """Whether an argument stands one level deeper: of the signs between two, only one that needs parentheses does.

    So the depth is the tree's, whether or not parentheses were typed, and text that is written of it is no deeper.
    """
    if row.layout != "infix":
        return True
    binding = node.operation.binding if isinstance(node, Apply) else Binding.ATOM
    return binding < row.binding or (place == 1 and binding == row.binding)


def condition_for_value(piece: Piece) -> Fault:
    """Return what is said of a condition where a value must stand."""
    return Fault(
        message(
            "formula: a value must stand at column {column}; got a condition, {condition}; "
            "try where({condition}, 1, 0)",
            condition=shortened(str(piece.node)),
        ),
        piece.at,
    )


def _value_for_condition(piece: Piece) -> Fault:
    return Fault(
        message(
            "formula: a condition must stand at column {column}; got a value, {value}; try {value} ≠ 0",
            value=shortened(str(piece.node)),
        ),
        piece.at,
    )
