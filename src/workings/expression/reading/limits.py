"""How much formula text from a stranger may ask for. Trees that a program builds have no such limits."""

from __future__ import annotations

__all__ = ["MAX_CHARACTERS", "MAX_DEPTH", "MAX_NAMES", "MAX_NODES", "MAX_WRITTEN"]

MAX_CHARACTERS = 4_096
MAX_DEPTH = 100  # calls, fractions, powers, signs and parentheses within each other; a sum of many terms is not deep
MAX_NODES = 2_000  # numbers, names and operations, as often as they are written
MAX_NAMES = 64
MAX_WRITTEN = 50_000  # nodes when every definition is put in: u = 2t + t; v = 2u + u; ... triples at each step
