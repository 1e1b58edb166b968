"""What is added, what is multiplied, and what is short enough to be written: small questions to a formula."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from workings.expression import Apply, Node, postorder

__all__ = ["factors", "free_letter", "is_short", "operation_of", "terms"]

# An expression of more nodes, counted as often as they are written, does not read in three lines.
_SHORT = 90


def free_letter(letters: str, taken: Iterable[str]) -> str:
    """Return the first letter that no name uses, alone or with a subscript."""
    used = {name.partition("_")[0] for name in taken}
    found = next((letter for letter in letters if letter not in used), None)
    return (
        found if found is not None else next(f"{letters[0]}_{k}" for k in count() if f"{letters[0]}_{k}" not in taken)
    )


def is_short(node: Node) -> bool:
    """Return whether an expression reads in a line or three; another is named, not written.

    Examples
    --------
    >>> from workings.expression import symbol
    >>> from workings.subjects.chain_rule.explain_terms import is_short
    >>> x = symbol("x")
    >>> is_short(x**2 + 1), is_short(sum((x + k for k in range(100)), x))
    (True, False)
    """
    sizes: dict[Node, int] = {}
    for part in postorder(node):
        sizes[part] = 1 + sum(sizes[child] for child in part.children)
        if sizes[part] > _SHORT:
            return False
    return True


def terms(node: Node) -> list[tuple[int, Node]]:
    """Return what is added up, each with its sign: x - (y + z) is x, -y, -z written (1, x), (-1, y), (-1, z)."""
    found: list[tuple[int, Node]] = []
    waiting = [(1, node)]
    while waiting:
        sign, here = waiting.pop()
        match operation_of(here):
            case "add":
                left, right = here.children
                waiting += [(sign, right), (sign, left)]
            case "subtract":
                left, right = here.children
                waiting += [(-sign, right), (sign, left)]
            case _:
                found.append((sign, here))
    return found


def factors(node: Node) -> list[Node]:
    """Return what is multiplied, in the order in which it is read."""
    found: list[Node] = []
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if operation_of(here) == "multiply":
            waiting += reversed(here.children)
        else:
            found.append(here)
    return found


def operation_of(node: Node) -> str:
    """Return the name of the operation that a node is, "" if it is none."""
    return node.operation.name if isinstance(node, Apply) else ""
