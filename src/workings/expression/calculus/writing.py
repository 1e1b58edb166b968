"""Terms written down again: -2·x² / z, numbers in front, names before functions; and how long that is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction

from workings.expression.calculus.coefficient import MINUS_ONE, TWO_NODE, Coefficient
from workings.expression.calculus.order import POLYNOMIAL, Order
from workings.expression.calculus.terms import Exponent, Powers, Term, is_positive_constant, multiplied
from workings.expression.nodes import Apply, Node, Number

__all__ = ["Writer"]

_LONG = 10**9  # longer than anything that is compared


class Writer:
    """Writes terms and sums, and says how long they are before they are written.

    Parameters
    ----------
    kept
        What a person wrote. A difference that is none of it is turned round rather than given a minus sign.
    """

    def __init__(self, kept: Collection[Node] = ()) -> None:
        self.kept = kept
        self.order = Order()
        self.decimals: dict[Node, int] = {}
        """What is raised to powers that are written as decimals, x^1.5, and how (as in :class:`Coefficient`)."""
        self._sizes: dict[Node, int] = {}

    def size(self, node: Node) -> int:
        """Return how many numbers, names and signs an expression takes, shared parts counted as often as they stand."""
        sizes = self._sizes
        stack = [node]
        while stack:
            here = stack[-1]
            if here in sizes:
                stack.pop()
                continue
            waiting = [child for child in here.children if child not in sizes]
            if waiting:
                stack.extend(waiting)
                continue
            stack.pop()
            own = max(1, len(here.text) - 2) if isinstance(here, Number) else 1
            sizes[here] = min(_LONG, own + sum(sizes[child] for child in here.children))
        return sizes[node]

    def size_of_term(self, term: Term) -> int:
        """Return how long a term is, its sign left out."""
        above, below = self._size_of_powers(term.above), self._size_of_powers(term.below)
        over, under = term.coefficient.over_and_under()
        if over.value != 1:
            above += self.size(over) + bool(above)
        if under is not None:
            below += self.size(under) + bool(below)
        return (above or 1) + (below + 1 if below else 0)

    def size_of_sum(self, terms: Sequence[Term]) -> int:
        """Return how long a sum is."""
        if not terms:
            return 1
        every_negative = all(term.coefficient.value < 0 for term in terms)
        return sum(map(self.size_of_term, terms)) + len(terms) - 1 + every_negative

    def _size_of_powers(self, powers: Powers) -> int:
        total = -1
        for base, exponent in powers.items():
            total += self.size(base) + 1
            if exponent != 1:
                total += 1 if exponent == Fraction(1, 2) else 2 if isinstance(exponent, int) else 4
        return max(total, 0)

    def degree(self, term: Term) -> Exponent:
        """Return the degree of a term in the names, and the sums of names, that are its factors."""
        up = sum(exponent * self.order.degree(base) for base, exponent in term.above.items())
        down = sum(exponent * self.order.degree(base) for base, exponent in term.below.items())
        return up - down

    def write_sum(self, terms: Sequence[Term]) -> Node:
        """Return terms added up, of highest degree first, numbers last, not starting with a minus if that can be."""
        if not terms:
            return Number(0)
        ordered = sorted(terms, key=self._place)
        first = next((place for place, term in enumerate(ordered) if term.coefficient.value > 0), 0)
        ordered.insert(0, ordered.pop(first))
        total = self.write_term(ordered[0])
        for term in ordered[1:]:
            negative = term.coefficient.value < 0
            part = self.write_term(term.scaled(MINUS_ONE) if negative else term)
            total = Apply("subtract" if negative else "add", (total, part))
        return total

    def _place(self, term: Term) -> tuple[bool, Exponent, tuple[object, ...]]:
        powers = sorted((*self.order.key(base), -exponent) for base, exponent in term.above.items())
        lower = sorted((*self.order.key(base), exponent) for base, exponent in term.below.items())
        return (not term.above and not term.below, -self.degree(term), (*powers, (_LONG,), *lower))

    def write_term(self, term: Term) -> Node:
        """Return a term as an expression, its sign in front."""
        coefficient = term.coefficient
        above, below = self._joined(term)
        over, under = coefficient.over_and_under()
        negative = coefficient.value < 0
        factors = self._factors(above)
        if negative:
            alone = over.value == 1 and len(factors) == 1
            for place, factor in enumerate(factors):
                if _is_difference(factor) and (alone or self._may_turn(factor)):
                    factors[place] = Apply("subtract", factor.children[::-1])
                    negative = False
                    break
        top = _product(over, factors)
        lower = self._factors(below)
        node = top if under is None and not lower else Apply("divide", (top, _product(under, lower)))
        return Apply("negate", (node,)) if negative else node

    def _may_turn(self, difference: Node) -> bool:
        """Whether a - b may be written b - a: if nobody wrote it so, and it is no 1 - σ(x)."""
        return difference not in self.kept and self.order.key(difference)[0] == POLYNOMIAL

    def _joined(self, term: Term) -> tuple[Powers, Powers]:
        """Return the powers with x^n·x and x^n/x written as x^(n + 1) and x^(n - 1)."""
        above, below = dict(term.above), dict(term.below)
        for base, exponent in term.above.items():
            if not _is_symbolic_power(base) or exponent != 1:
                continue
            root, name = base.children
            for powers, operation in ((above, "add"), (below, "subtract")):
                shift = powers.get(root)
                if isinstance(shift, int):
                    del powers[root], above[base]
                    raised = Apply("power", (root, Apply(operation, (name, Number(shift)))))
                    above[raised] = above.get(raised, 0) + 1
                    break
        return above, below

    def _factors(self, powers: Powers) -> list[Node]:
        ordered = sorted(powers.items(), key=lambda power: self.order.key(power[0]))
        return [self._power(base, exponent) for base, exponent in ordered]

    def _power(self, base: Node, exponent: Exponent) -> Node:
        if exponent == 1:
            return base
        if isinstance(exponent, int):
            if isinstance(base, Apply) and base.operation.name == "exp":
                return Apply("exp", (multiplied(exponent, base.args[0]),))
            if _is_symbolic_power(base) and is_positive_constant(base.children[0]):
                # (e^(-x))² as e^(-2·x)
                return Apply("power", (base.children[0], multiplied(exponent, base.children[1])))
            return Apply("power", (base, Number(exponent) if exponent != 2 else TWO_NODE))
        if exponent == Fraction(1, 2) and base not in self.decimals:
            return Apply("sqrt", (base,))
        return Apply("power", (base, Coefficient(exponent, self.decimals.get(base, 0)).node()))


def _product(number: Number | None, factors: list[Node]) -> Node:
    parts = factors if number is None or (number.value == 1 and factors) else [number, *factors]
    product = parts[0]
    for part in parts[1:]:
        product = Apply("multiply", (product, part))
    return product


def _is_difference(node: Node) -> bool:
    return isinstance(node, Apply) and node.operation.name == "subtract"


def _is_symbolic_power(node: Node) -> bool:
    return isinstance(node, Apply) and node.operation.name == "power" and type(node.args[1]) is not Number
