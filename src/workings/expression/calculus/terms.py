"""Products and sums taken apart: -2·x²/z is the coefficient -2, x² above and z below the fraction bar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from workings.expression.calculus.coefficient import MINUS_ONE, ONE, Coefficient, number_of
from workings.expression.calculus.combine import raised
from workings.expression.calculus.facts import Facts
from workings.expression.nodes import Apply, Node, Number, Symbol
from workings.once import cached_property

__all__ = [
    "Exponent",
    "Powers",
    "Term",
    "collected",
    "is_positive_constant",
    "multiplied",
    "read_term",
    "read_terms",
    "times_term",
]

Exponent = int | Fraction
Powers = Mapping[Node, Exponent]

_FACTORS = 64  # a product of more is not taken apart further
_TERMS = 256
_LARGEST_POWER = 10**6
_POWER_BITS = 128
_SPINE = 16


@dataclass(frozen=True, eq=False)
class Term:
    """A product: coefficient · Π base^exponent, over Π base^exponent. All exponents are positive."""

    coefficient: Coefficient
    above: Powers
    below: Powers

    @cached_property
    def key(self) -> tuple[frozenset[tuple[Node, Exponent]], frozenset[tuple[Node, Exponent]]]:
        """What like terms have in common: all but the coefficient."""
        return frozenset(self.above.items()), frozenset(self.below.items())

    def scaled(self, coefficient: Coefficient) -> Term:
        """Return it times a number."""
        if coefficient is ONE:
            return self
        product = self.coefficient * coefficient
        if product.fits:
            return Term(product, self.above, self.below)
        size, under = abs(coefficient).over_and_under()
        above = {**self.above, size: self.above.get(size, 0) + 1}
        below = self.below if under is None else {**self.below, under: self.below.get(under, 0) + 1}
        return Term(-self.coefficient if coefficient.value < 0 else self.coefficient, above, below)


class _Factors:
    """A product in the making. A factor that stands above and below is cancelled where it is known not to be 0."""

    def __init__(self, facts: Facts, decimals: dict[Node, int] | None = None) -> None:
        self.coefficient = ONE
        self.decimals = {} if decimals is None else decimals
        self.powers: dict[Node, Exponent] = {}
        self.kept_above: dict[Node, Exponent] = {}
        self.kept_below: dict[Node, Exponent] = {}
        self._facts = facts
        self._nonzero: dict[Node, bool] = {}

    def scale(self, number: Coefficient) -> None:
        """Multiply by a number, which is a factor of its own where the product would be too long to be written."""
        product = self.coefficient * number
        if product.fits:
            self.coefficient = product
            return
        size, under = abs(number).over_and_under()
        self.put(size, 1)
        if under is not None:
            self.put(under, -1)
        if number.value < 0:
            self.coefficient = -self.coefficient

    def put(self, base: Node, exponent: Exponent) -> None:
        if isinstance(base, Apply) and base.operation.name == "subtract" and isinstance(exponent, int):
            turned = Apply("subtract", base.args[::-1])
            if turned in self.powers:  # (x - 1)/(1 - x) is -1
                base = turned
                self.coefficient = -self.coefficient if exponent % 2 else self.coefficient
        known = self.powers.get(base, 0)
        if known and (known > 0) != (exponent > 0) and not self.nonzero(base):
            side = self.kept_above if exponent > 0 else self.kept_below
            side[base] = side.get(base, 0) + abs(exponent)
            return
        total = _plain(known + exponent)
        if total:
            self.powers[base] = total
        else:
            del self.powers[base]

    def nonzero(self, base: Node) -> bool:
        found = self._nonzero.get(base)
        if found is None:
            found = self._nonzero[base] = self._facts.nonzero(base)
        return found

    def at_least_zero(self, base: Node) -> bool:
        return self._facts.at_least_zero(base)

    def join(self) -> None:
        """Put factors together that say more together: |u|·sign(u) is u, u over ∛u² is ∛u."""
        for base in list(self.powers):
            if not isinstance(base, Apply) or base not in self.powers:
                continue
            if base.operation.name == "absolute":
                sign = Apply("sign", base.args)
                if self.powers[base] == self.powers.get(sign) == 1:
                    del self.powers[base], self.powers[sign]
                    self.put(base.args[0], 1)
            elif base.operation.name == "cbrt":
                self._join_root(base)

    def _join_root(self, root: Apply) -> None:
        inner = root.args[0]
        thirds, wholes = self.powers[root], self.powers.get(inner, 0)
        whole = isinstance(thirds, int) and isinstance(wholes, int)
        if not whole or thirds * wholes >= 0 or not self.nonzero(inner):
            return
        total = thirds + 3 * wholes
        del self.powers[root], self.powers[inner]
        quotient, rest = divmod(abs(total), 3)
        for base, exponent in ((inner, quotient), (root, rest)):
            if exponent:
                self.put(base, exponent if total > 0 else -exponent)

    def term(self) -> Term:
        above = {base: exponent for base, exponent in self.powers.items() if exponent > 0}
        below = {base: -exponent for base, exponent in self.powers.items() if exponent < 0}
        for base, exponent in self.kept_above.items():
            above[base] = above.get(base, 0) + exponent
        for base, exponent in self.kept_below.items():
            below[base] = below.get(base, 0) + exponent
        return Term(self.coefficient, above, below)


def read_term(node: Node, facts: Facts, known: Mapping[Node, Node], decimals: dict[Node, int] | None = None) -> Term:
    """Return a product or quotient taken apart.

    Parameters
    ----------
    node
        The expression. What is no product, quotient or power is one factor.
    facts
        What is known not to be 0.
    known
        What stands for parts that have been worked on.
    decimals
        Is told which factors have powers that are written as decimals.
    """
    if isinstance(whole := known.get(node, node), Symbol):
        return Term(ONE, {whole: 1}, {})
    factors = _Factors(facts, decimals)
    stack: list[tuple[Node, Exponent]] = [(node, 1)]
    count = 0
    while stack:
        here, exponent = stack.pop()
        here = _known(here, known)
        count += 1
        parts = _apart(here, exponent, factors) if count <= _FACTORS else None
        if parts is None:
            factors.put(here, exponent)
        else:
            stack.extend(reversed(parts))
    factors.join()
    return factors.term()


def _known(node: Node, known: Mapping[Node, Node]) -> Node:
    found = known.get(node, node)
    if isinstance(found, Apply) and found.operation.name == "power":
        args = tuple(known.get(arg, arg) for arg in found.args)
        return found if args == found.args else raised(*args)
    return found


def _apart(node: Node, exponent: Exponent, factors: _Factors) -> list[tuple[Node, Exponent]] | None:
    """Return the factors of node^exponent, None if it is one; numbers go into the coefficient."""
    if type(node) is Number:
        return _number_apart(node, exponent, factors)
    if not isinstance(node, Apply):
        return None
    name, args = node.operation.name, node.args
    whole = isinstance(exponent, int)
    if name == "negate" and whole:
        if exponent % 2:
            factors.coefficient = factors.coefficient * MINUS_ONE
        return [(args[0], exponent)]
    if name == "multiply" and whole:
        return [(args[0], exponent), (args[1], exponent)]
    if name == "divide" and whole and (exponent > 0 or factors.nonzero(args[1])):
        return [(args[0], exponent), (args[1], -exponent)]
    if name == "power":
        return _power_apart(args[0], args[1], exponent, factors)
    if name == "exp" and whole:
        number, rest = _multiple(args[0])
        return None if number == 1 else [(Apply("exp", (rest,)), number * exponent)]
    if name == "sqrt" and type(args[0]) is not Number and factors.at_least_zero(args[0]):
        return [(args[0], Fraction(exponent, 2))]
    return None


def _number_apart(node: Number, exponent: Exponent, factors: _Factors) -> list[tuple[Node, Exponent]] | None:
    number = number_of(node)
    if number is None or not isinstance(exponent, int) or (number.value == 0 and exponent < 0):
        return None
    if not _short(number, exponent):
        return None
    power = number
    for _ in range(abs(exponent) - 1):
        power = power * number
    product = factors.coefficient * power if exponent > 0 else factors.coefficient / power
    if not product.fits:
        return None
    factors.coefficient = product
    return []


def _short(number: Coefficient, exponent: int) -> bool:
    if abs(exponent) == 1:
        return True
    value = number.value
    return abs(exponent) * max(value.numerator.bit_length(), value.denominator.bit_length()) <= _POWER_BITS


def _power_apart(base: Node, exponent: Node, outer: Exponent, factors: _Factors) -> list[tuple[Node, Exponent]] | None:
    inner = number_of(exponent)
    if inner is None:
        return _symbolic_power_apart(base, exponent, outer, factors)
    value = inner.value
    if inner.decimal:
        factors.decimals[base] = inner.decimal
    if not value or abs(value) > _LARGEST_POWER or abs(outer) > _LARGEST_POWER:
        return None
    if isinstance(value, int) and isinstance(outer, int):
        return [(base, value * outer)] if outer > 0 or value > 0 or factors.nonzero(base) else None
    # (x²)^(1/2) is |x|, and (x^(1/2))² is x for x ≥ 0 only.
    if outer in (1, -1) or factors.at_least_zero(base):
        product = _plain(Fraction(value) * outer)
        return [(base, product)] if outer > 0 or factors.nonzero(base) else None
    return None


def _symbolic_power_apart(
    base: Node, exponent: Node, outer: Exponent, factors: _Factors
) -> list[tuple[Node, Exponent]] | None:
    """Return x^(n - 1) as x^n over x, so that x·x^(n - 1) is seen to be x^n; and e^(-2·x) as (e^(-x))²."""
    if not isinstance(exponent, Apply) or not isinstance(outer, int):
        return None
    if is_positive_constant(base):
        number, rest = _multiple(exponent)
        return None if number == 1 else [(Apply("power", (base, rest)), number * outer)]
    if exponent.operation.name not in ("add", "subtract") or outer != 1:
        return None
    left, right = exponent.args
    shift = number_of(right)
    if shift is None or not isinstance(shift.value, int) or not shift.value or not factors.nonzero(base):
        return None
    return [(raised(base, left), 1), (base, shift.value if exponent.operation.name == "add" else -shift.value)]


def _multiple(node: Node) -> tuple[int, Node]:
    """Return 2 and -x for -2·x, 1 and x for x."""
    negative = isinstance(node, Apply) and node.operation.name == "negate"
    inner = node.children[0] if negative else node
    factors: list[Node] = []
    here = inner
    while isinstance(here, Apply) and here.operation.name == "multiply" and len(factors) < _SPINE:
        here, last = here.args
        factors.append(last)
    number = number_of(here) if type(here) is Number else None
    if number is None or not isinstance(number.value, int) or not factors or not 1 < number.value <= _LARGEST_POWER:
        return 1, node
    rest = factors.pop()
    while factors:
        rest = Apply("multiply", (rest, factors.pop()))
    return number.value, Apply("negate", (rest,)) if negative else rest


def multiplied(number: int, node: Node) -> Node:
    """Return a whole number times an expression, -2·x·z for 2 and -x·z: what reading a power takes apart."""
    negative = isinstance(node, Apply) and node.operation.name == "negate"
    factors: list[Node] = []
    here = node.children[0] if negative else node
    while isinstance(here, Apply) and here.operation.name == "multiply" and len(factors) < _SPINE:
        here, last = here.args
        factors.append(last)
    product = Apply("multiply", (Number(number), here))
    while factors:
        product = Apply("multiply", (product, factors.pop()))
    return Apply("negate", (product,)) if negative else product


def is_positive_constant(node: Node) -> bool:
    """Whether it is a positive number, π or e."""
    if type(node) is Number:
        return node.value > 0
    return isinstance(node, Apply) and node.operation.name in ("e", "pi")


def times_term(a: Term, b: Term, facts: Facts) -> Term:
    """Return the product of two terms."""
    factors = _Factors(facts)
    factors.coefficient = a.coefficient
    factors.scale(b.coefficient)
    for term in (a, b):
        for base, exponent in term.above.items():
            factors.put(base, exponent)
    for term in (a, b):
        for base, exponent in term.below.items():
            factors.put(base, -exponent)
    factors.join()
    return factors.term()


def read_terms(
    node: Node, facts: Facts, known: Mapping[Node, Node], decimals: dict[Node, int] | None = None
) -> list[Term]:
    """Return a sum taken apart, each term a product taken apart."""
    terms: list[Term] = []
    stack: list[tuple[Node, Coefficient]] = [(node, ONE)]
    while stack:
        here, sign = stack.pop()
        here = known.get(here, here)
        name = here.operation.name if isinstance(here, Apply) else ""
        if isinstance(here, Apply) and name in ("add", "subtract") and len(terms) + len(stack) < _TERMS:
            stack.append((here.args[1], sign if name == "add" else -sign))
            stack.append((here.args[0], sign))
        elif isinstance(here, Apply) and name == "negate":
            stack.append((here.args[0], -sign))
        else:
            terms.append(read_term(here, facts, known, decimals).scaled(sign))
    return terms


def collected(terms: Iterable[Term]) -> list[Term]:
    """Return a sum with like terms added up, those that cancel left out."""
    totals: dict[object, Term] = {}
    for term in terms:
        known = totals.get(term.key)
        if known is None:
            totals[term.key] = term
            continue
        coefficient = known.coefficient + term.coefficient
        if coefficient.fits:
            totals[term.key] = Term(coefficient, term.above, term.below)
        else:
            totals[len(totals)] = term
    return [term for term in totals.values() if term.coefficient.value != 0]


def _plain(value: Exponent) -> Exponent:
    return value if isinstance(value, int) or value.denominator != 1 else value.numerator
