"""What the rules of the grammar build: nodes, and beside each where it stood, how deep and how large it is."""

from __future__ import annotations

from typing import NamedTuple

from workings.expression.nodes import Apply, Node, Symbol
from workings.expression.reading.faults import Fault
from workings.expression.reading.limits import MAX_DEPTH, MAX_NODES
from workings.expression.reading.refusals import too_deep, too_large
from workings.language import message

__all__ = ["CONDITIONS", "Definition", "Piece", "applied", "chained", "condition_for_value", "deepened"]

CONDITIONS = {"less", "at_most", "greater", "at_least", "equal", "different", "both", "either", "negation"}
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
        How many parentheses, calls, signs and powers nest in it.
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
        return isinstance(self.node, Apply) and self.node.operation.name in CONDITIONS


class Definition(NamedTuple):
    """A name, where it stood, and what it is defined as."""

    name: str
    at: int
    body: Piece


def chained(operation: str, left: Piece, right: Piece) -> Piece:
    """Return a sum or a product: of any number of terms it is no deeper than they are.

    Raises
    ------
    Fault
        If it is too large, or one of the two is a condition.
    """
    for piece in (left, right):
        if piece.condition:
            raise condition_for_value(piece)
    size = left.size + right.size + 1
    if size > MAX_NODES:
        raise too_large(right.at)
    return Piece(Apply(operation, (left.node, right.node)), left.at, max(left.depth, right.depth), size)


def applied(operation: str, at: int, *args: Piece, deeper: bool = True) -> Piece:
    """Return an operation on what stands inside it, one level deeper unless it is a comparison or joins conditions.

    Raises
    ------
    Fault
        If it is too deep or too large, or a condition stands in place of a value, or a value in place of a condition.
    """
    conditions = _OF_CONDITIONS.get(operation, 0)
    for place, piece in enumerate(args):
        if place >= conditions:
            if piece.condition:
                raise condition_for_value(piece)
        elif not piece.condition and not isinstance(piece.node, Symbol):  # a name may stand for a column of yes and no
            raise _value_for_condition(piece)
    depth, size = deeper + max(piece.depth for piece in args), 1 + sum(piece.size for piece in args)
    if depth > MAX_DEPTH:
        raise too_deep(at)
    if size > MAX_NODES:
        raise too_large(at)
    return Piece(Apply(operation, [piece.node for piece in args]), at, depth, size)


def deepened(piece: Piece) -> Piece:
    """Return what stands in parentheses: the same node, one level deeper.

    Raises
    ------
    Fault
        If it is too deep.
    """
    if piece.depth >= MAX_DEPTH:
        raise too_deep(piece.at)
    return piece._replace(depth=piece.depth + 1)


def condition_for_value(piece: Piece) -> Fault:
    """Return what is said of a condition where a value must stand."""
    return Fault(
        message(
            "formula: a value must stand at column {column}; got a condition, {condition}; "
            "try where({condition}, 1, 0)",
            condition=piece.node,
        ),
        piece.at,
    )


def _value_for_condition(piece: Piece) -> Fault:
    return Fault(
        message(
            "formula: a condition must stand at column {column}; got a value, {value}; try {value} ≠ 0",
            value=piece.node,
        ),
        piece.at,
    )
