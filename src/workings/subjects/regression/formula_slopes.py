"""The slopes of a formula as they are told: as they read best, where they are defined on the rows at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from workings.expression import Node, Symbol
from workings.expression.calculus import gradient
from workings.expression.calculus.zero_base import with_zero_bases
from workings.expression.compiling import compile_nodes
from workings.language import Message, message

__all__ = ["ToldSlopes", "told_slopes"]

Array = NDArray[np.float64]


class ToldSlopes(NamedTuple):
    """Slopes by the parameters, and what is to be said of them."""

    nodes: tuple[Node, ...]
    note: Message | None


def told_slopes(
    node: Node, symbols: Sequence[Symbol], parameters: Mapping[str, float], columns: Mapping[str, Array]
) -> ToldSlopes:
    """Return the derivatives of an expression by its parameters.

    Parameters
    ----------
    node, symbols
        The expression and its parameters.
    parameters, columns
        Numbers at which the slopes are to be defined: x^k·log(x) is not where x is 0.
    """
    rows = tuple(columns)
    slopes = gradient(node, symbols, rows=rows)
    held = with_zero_bases(slopes)
    if held == slopes:
        return ToldSlopes(slopes, None)
    values = compile_nodes(slopes, (*parameters, *rows), rows=rows)(*parameters.values(), *columns.values())
    if not any(np.isnan(value).any() for value in values):
        return ToldSlopes(slopes, None)
    return ToldSlopes(
        held,
        message(
            "A power of 0 is 0 for every exponent above 0, so its slope by the exponent is 0. The rule would give 0 "
            "times log(0): log(1) is put there instead."
        ),
    )
