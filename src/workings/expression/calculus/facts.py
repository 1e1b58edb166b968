"""What is known of the parts of an expression: which are positive, which are not 0."""

from __future__ import annotations

from collections.abc import Iterable

from workings.expression.calculus.coefficient import number_of
from workings.expression.nodes import Apply, Node, Number
from workings.expression.traverse import free_symbols

__all__ = ["Facts", "strict_parts"]

_DEEP = 8  # how far into an expression its sign is looked for
_POSITIVE = frozenset({"exp", "cosh", "sigmoid", "softplus", "normal_pdf", "normal_cdf", "erfc", "pi", "e"})
_LOGARITHMS = frozenset({"log", "log2", "log10"})


class Facts:
    """Parts that are known to be positive or different from 0, on top of what can be seen: exp(x) > 0, x² + 1 > 0.

    Parameters
    ----------
    outer
        What is known besides.
    """

    def __init__(self, outer: Facts | None = None) -> None:
        self._positive: set[Node] = set(outer._positive) if outer else set()
        self._nonzero: set[Node] = set(outer._nonzero) if outer else set()
        self._at_least_zero: set[Node] = set(outer._at_least_zero) if outer else set()
        self._conditions: dict[Node, bool] = dict(outer._conditions) if outer else {}

    def positive(self, node: Node) -> bool:
        """Whether it is known to be > 0."""
        return self._sign(node, _DEEP) == 2

    def nonzero(self, node: Node) -> bool:
        """Whether it is known to be ≠ 0."""
        return self._nonzero_within(node, _DEEP)

    def at_least_zero(self, node: Node) -> bool:
        """Whether it is known to be ≥ 0."""
        return self._sign(node, _DEEP) >= 1

    def holds(self, condition: Node) -> bool | None:
        """Whether a condition is known to hold, or not to; None where neither is known."""
        return self._conditions.get(condition)

    def learn_positive(self, node: Node) -> None:
        """Take it that a part is > 0."""
        while node not in self._positive:
            self._positive.add(node)
            self.learn_nonzero(node)
            if isinstance(node, Apply) and node.operation.name == "sqrt":
                node = node.args[0]

    def learn_nonzero(self, node: Node) -> None:
        """Take it that a part is ≠ 0, and so are its factors."""
        stack = [node]
        while stack:
            here = stack.pop()
            if here in self._nonzero:
                continue
            self._nonzero.add(here)
            if isinstance(here, Apply):
                name, args = here.operation.name, here.args
                if name == "multiply":
                    stack.extend(args)
                elif name == "subtract":
                    stack.append(Apply("subtract", args[::-1]))
                elif name in ("divide", "power", "negate", "absolute", "sign"):
                    stack.append(args[0])

    def learn_condition(self, condition: Node, holds: bool = True) -> None:
        """Take it that a condition holds, or does not."""
        stack = [(condition, holds)]
        while stack:
            here, true = stack.pop()
            self._conditions[here] = true
            if not isinstance(here, Apply):
                continue
            name, args = here.operation.name, here.args
            if true and name in _THREE_WAYS:
                self._conditions |= {Apply(other, args): other == name for other in _THREE_WAYS}
            if name == "negation":
                stack.append((args[0], not true))
            elif name == ("both" if true else "either"):
                stack.extend((arg, true) for arg in args)
            elif name in _OPPOSITES:
                self._learn_comparison(name if true else _OPPOSITES[name], args[0], args[1])

    def _learn_comparison(self, name: str, left: Node, right: Node) -> None:
        if type(left) is Number and name in _MIRRORED:
            name, left, right = _MIRRORED[name], right, left
        if type(right) is not Number:
            return
        limit = right.value
        if (name == "greater" and limit >= 0) or (name in ("at_least", "equal") and limit > 0):
            self.learn_positive(left)
        elif name == "at_least" and limit == 0:
            self._at_least_zero.add(left)
        elif (
            (name == "different" and limit == 0)
            or (name == "less" and limit <= 0)
            or (name in ("at_most", "equal") and limit < 0)
        ):
            self.learn_nonzero(left)

    def learn_domain(self, root: Node, *, smooth: bool, variables: Iterable[Node] = ()) -> None:
        """Take it that an expression has a value, or with ``smooth`` also a derivative by the variables.

        1/x has a value only where x ≠ 0, √x a derivative only where x > 0.
        """
        moving = frozenset(variables)
        for part in strict_parts(root):
            name, args = part.operation.name, part.args
            if name == "divide":
                self.learn_nonzero(args[1])
            elif name in _LOGARITHMS:
                self.learn_positive(args[0])
            elif name == "tan":
                self.learn_nonzero(Apply("cos", args))
            elif name == "sqrt":
                self._learn_root(args[0], smooth)
            elif name == "cbrt" and smooth:
                self.learn_nonzero(args[0])
            elif name == "power":
                self._learn_power(args[0], args[1], smooth=smooth, moving=moving)

    def _learn_root(self, node: Node, positive: bool) -> None:
        if positive:
            self.learn_positive(node)
        else:
            self._at_least_zero.add(node)

    def _learn_power(self, base: Node, exponent: Node, *, smooth: bool, moving: frozenset[Node]) -> None:
        number = number_of(exponent)
        if number is not None:
            if not isinstance(number.value, int):
                self._learn_root(base, smooth or number.value < 0)
            elif number.value < 0:
                self.learn_nonzero(base)
        elif smooth and not moving.isdisjoint(free_symbols(exponent)):
            self.learn_positive(base)

    def _nonzero_within(self, node: Node, depth: int) -> bool:
        if node in self._nonzero or self._sign(node, depth) == 2:
            return True
        if type(node) is Number:
            return node.value != 0
        if not isinstance(node, Apply) or not depth:
            return False
        name, args = node.operation.name, node.args
        if name in ("negate", "absolute", "sqrt", "sign"):
            return self._nonzero_within(args[0], depth - 1)
        if name in ("multiply", "divide"):
            return self._nonzero_within(args[0], depth - 1) and self._nonzero_within(args[1], depth - 1)
        if name == "power":
            return self._nonzero_within(args[0], depth - 1)
        return False

    def _sign(self, node: Node, depth: int) -> int:
        """Return 2 for what is > 0, 1 for what is ≥ 0, 0 for what may be anything."""
        if node in self._positive:
            return 2
        if type(node) is Number:
            return 2 if node.value > 0 else int(node.value == 0)
        if node in self._at_least_zero:
            return 2 if node in self._nonzero else 1
        if not isinstance(node, Apply) or not depth:
            return 0
        name, args = node.operation.name, node.args
        if name in _POSITIVE:
            return 2
        if name == "add":
            first, second = self._sign(args[0], depth - 1), self._sign(args[1], depth - 1)
            return max(first, second) if first and second else 0
        if name in ("multiply", "divide"):
            if args[0] is args[1]:
                return 2 if self._nonzero_within(args[0], depth - 1) else 1
            return min(self._sign(args[0], depth - 1), self._sign(args[1], depth - 1))
        if name == "power":
            return self._sign_of_power(args[0], args[1], depth - 1)
        if name in ("absolute", "sqrt", "relu"):
            if name == "absolute" and self._nonzero_within(args[0], depth - 1):
                return 2
            return 2 if self._sign(args[0], depth - 1) == 2 else 1
        return 0

    def _sign_of_power(self, base: Node, exponent: Node, depth: int) -> int:
        sign = self._sign(base, depth)
        if sign == 2:
            return 2
        number = number_of(exponent)
        if number is not None and number.value % 2 == 0:
            return 2 if number.value == 0 or self._nonzero_within(base, depth) else 1
        return 0


_OPPOSITES = {
    "greater": "at_most",
    "at_most": "greater",
    "less": "at_least",
    "at_least": "less",
    "equal": "different",
    "different": "equal",
}
_MIRRORED = {
    "greater": "less",
    "less": "greater",
    "at_least": "at_most",
    "at_most": "at_least",
    "equal": "equal",
    "different": "different",
}


def strict_parts(root: Node) -> Iterable[Apply]:
    """Yield the operations without whose values the whole has none: no case of a ``where``, nothing in a condition."""
    seen: set[Node] = {root}
    stack = [root]
    while stack:
        here = stack.pop()
        if not isinstance(here, Apply) or here.operation.name in _OPPOSITES or here.operation.name in _JOINS:
            continue
        yield here
        for child in here.args[:0] if here.operation.name == "where" else here.args:
            if child not in seen:
                seen.add(child)
                stack.append(child)


_THREE_WAYS = ("greater", "equal", "less")
_JOINS = frozenset({"both", "either", "negation", "iverson"})
