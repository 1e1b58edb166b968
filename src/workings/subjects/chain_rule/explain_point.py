"""Where a derivative is worked out: the values of the variables, and what follows from them at 50 digits."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from difflib import get_close_matches
from fractions import Fraction
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workings.errors import InputError
from workings.expression import Apply, Node, Reduction, Symbol, equation, evaluate, free_symbols, postorder, substitute
from workings.expression.abridge import abridged
from workings.expression.formula import Formula
from workings.expression.names import normal_name
from workings.language import Message, message
from workings.subjects.chain_rule.explain_rules import listed
from workings.working import Derived, shown
from workings.working.digits import own_digits
from workings.working.precision import precise

__all__ = ["Point", "as_float", "column_at", "conditioned", "number_at", "values_at"]

_LETTERS = "abc"
_LONGEST_WHOLE = 10**15
_LARGEST = sys.float_info.max
# What has no value is named; of more numbers, names and signs only where it begins and ends.
_SAID = 40
# Verification works lines of up to 10,000 operations out at 50 digits; a row takes some ten of them.
_MOST_ROWS_AT_50_DIGITS = 500


class Point:
    """Values for the variables, and for everything that has been worked out from them.

    Parameters
    ----------
    values
        The variables' values by name: numbers, or arrays for columns. Fractions stand for decimals: 0.1 is a tenth
        here, as it reads, where the float 0.1 is only nearest to it.
    """

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = dict(values)
        self.exact: dict[str | Node, Any] = {**values}
        self._rounded: dict[str | Node, Any] = {**self.floats}
        self.count: int = max((len(value) for value in values.values() if np.ndim(value)), default=0)
        """How many rows of data there are."""
        self.is_large = self.count > _MOST_ROWS_AT_50_DIGITS
        """Whether there are so many that sums over them are worked out in floats, exactly rounded."""

    @property
    def floats(self) -> dict[str, Any]:
        """The variables' values as compiled code takes them."""
        return {name: float(value) if isinstance(value, Fraction) else value for name, value in self.values.items()}

    def learn(self, node: Node, value: Any) -> None:
        """Remember what something is worth, at 50 digits."""
        key = node.name if isinstance(node, Symbol) else node
        self.exact[key], self._rounded[key] = value, as_float(value)

    def __getitem__(self, node: Node) -> Any:
        """Return what an expression is worth at 50 digits; of a sum over many rows, in floats."""
        if self.is_large and any(isinstance(part, Reduction) for part in postorder(node)):
            return precise(evaluate(node, self._rounded))
        return evaluate(node, self.exact, arithmetic="mpmath")

    def learn_parts(self, node: Node) -> None:
        """Remember what every part of an expression is worth: what stands still while a variable moves stays known."""
        if self.is_large or node in self.exact or any(isinstance(part, Reduction) for part in postorder(node)):
            return
        for part in postorder(node):
            if isinstance(part, Apply) and part.args and part not in self.exact:
                self.learn(part, self[part])

    def with_name(self, name: Symbol, value: Fraction, node: Node) -> Any:
        """Return what an expression is worth where another name has a value too, for this once."""
        self.learn(name, value)
        try:
            return self[node]
        finally:
            del self.exact[name.name], self._rounded[name.name]

    def derived(self, left: Node, right: Node, computed: float | None = None) -> Derived:
        """Return a cell that follows from an expression, and remember what it is worth.

        ``computed`` is what compiled code made of it; by default the cell holds the nearest float.
        """
        value = self[right]
        self.learn(left, value)
        return Derived(as_float(value) if computed is None else computed, equation(left, right))

    def said(self) -> Message:
        """Return the point in words: x = 1, z = 2."""
        given = ((name, value) for name, value in self.values.items() if np.ndim(value) == 0)
        return listed([equation(Symbol(name), shown(value)) for name, value in given])

    def refuse_undefined(self, node: Node) -> None:
        """Refuse the point if an expression has no finite value there, or a part of it has none that a float holds.

        Raises
        ------
        InputError
            If so; the message names the part that has none.
        """
        finite = math.isfinite(as_float(self[node]))
        if any(isinstance(part, Reduction) for part in postorder(node)):
            if finite:
                return
            raise InputError(
                message(
                    "at: there must be a finite value at the point; over these rows it is {value}; try others",
                    value=shown(as_float(self[node])),
                )
            )
        known = dict(self.exact)  # each part is worked out from those below it: a long formula takes no square of time
        for part in postorder(node):
            if isinstance(part, Apply) and part.args:
                known[part] = evaluate(part, known, arithmetic="mpmath")
        taken = _taken_parts(node, known)
        for part in postorder(node):
            value: Any = known[part] if part in taken and part in known else 0
            if math.isfinite(as_float(value)) or (finite and not is_finite(value)):
                continue
            places = {"part": abridged(part, _SAID), "point": self.said()}
            if is_finite(value):
                raise InputError(
                    message(
                        "at: there must be a value that a float holds; {part} is {size} at {point}; try another point",
                        **places,
                        size=value.context.nstr(value, 3),
                    )
                )
            needs = self._needs(part) if isinstance(part, Apply) else ""
            raise InputError(
                message(
                    "at: there must be a finite value at the point; {part} has none at {point}{needs}; "
                    "try another point",
                    **places,
                    needs=needs,
                )
            )

    def _needs(self, part: Apply) -> Message | str:
        """Return the condition under which an operation has a value, about what stands in it, if it does not hold."""
        if not part.operation.defined:
            return ""
        condition = _condition(part.operation.defined, part)
        return "" if self[condition] else message(", for it needs {condition}", condition=condition)

    def kinks(self, node: Node) -> list[Apply]:
        """Return the parts whose derivative is a choice at this point: |x| at 0."""
        found: list[Apply] = []
        for part in postorder(node):
            if isinstance(part, Apply) and part.operation.kink and bool(self[_condition(part.operation.kink, part)]):
                found.append(part)
        return found


def as_float(value: Any) -> float:
    """Return a number of 50 digits as the nearest float, infinite where it is beyond the largest."""
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def is_finite(value: Any) -> bool:
    """Return whether a number of 50 digits is one, however large."""
    return value == value and abs(value) != math.inf  # noqa: PLR0124 -- NaN differs from itself


def values_at(formula: Formula, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a value for each variable of a formula and for the data that it keeps: numbers, and columns of one length.

    Raises
    ------
    InputError
        If a variable has no value, a name is no variable, or a value is not one finite number, or a column of them.
    """
    given = {name if name in formula.variables else normal_name(name): value for name, value in given.items()}
    _check_names(given, formula.variables)
    columns = set(formula.rows) if formula.aggregated else set[str]()
    found: dict[str, Any] = {
        name: column_at(name, given[name]) if name in columns else number_at(name, given[name])
        for name in formula.variables
    }
    found |= formula.data
    lengths = {name: len(value) for name, value in found.items() if np.ndim(value)}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name}: {length}" for name, length in lengths.items())
        raise InputError(message("at: columns must have one length; got {lengths}", lengths=said))
    return found


def _check_names(given: Mapping[str, Any], variables: tuple[str, ...]) -> None:
    """Refuse a point that gives no value for a variable, or one for what is none.

    Raises
    ------
    InputError
        If so.
    """
    for name in given:
        if name not in variables:
            near = get_close_matches(name, variables, n=1)
            raise InputError(
                message(
                    "at: {name} must be a variable of the formula; it has {variables}{suggestion}",
                    name=name,
                    variables=", ".join(variables),
                    suggestion=message("; did you mean {near}?", near=near[0]) if near else "",
                )
            )
    missing = [name for name in variables if name not in given]
    if missing:
        raise InputError(
            message(
                "at: there must be a value for every variable, {variables}; got none for {missing}; try {example}",
                variables=", ".join(variables),
                missing=", ".join(missing),
                example=f"at({', '.join(f'{name}=1' for name in variables)})",
            )
        )


def number_at(name: str, value: Any) -> int | Fraction:
    """Return one variable's value: an int, or a Fraction that says exactly what its digits say.

    Raises
    ------
    InputError
        If it is not one finite real number.
    """
    one = value.reshape(-1)[0] if isinstance(value, np.ndarray) and value.size == 1 else value
    plain = one.item() if isinstance(one, np.generic) else one
    if isinstance(plain, bool) or not isinstance(plain, Real) or not _is_finite_float(plain):
        raise InputError(
            message(
                "at: {name} must be one finite number; got {got}; try {name}=1",
                name=name,
                got=repr(value)[:80],
            )
        )
    if isinstance(plain, int | Fraction):
        return plain
    exact = Fraction(str(own_digits(one)))
    # A whole number of many digits is shown rounded, as the float that it was.
    return exact.numerator if exact.denominator == 1 and abs(exact) < _LONGEST_WHOLE else exact


def _is_finite_float(value: Any) -> bool:
    return bool(-_LARGEST <= value <= _LARGEST)


def conditioned(node: Node, point: Point) -> float:
    """Return how far a float may be off because its inputs are floats: as far as a last digit of them moves it."""
    true, moved = point[node], 0.0
    for name in free_symbols(node):
        value = point.values.get(name.name, 0)
        if np.ndim(value) == 0 and value:
            nudged = point[substitute(node, {name: name * (1 + 2.0**-40)})]
            moved += abs(as_float(nudged - true)) * 2.0**-10
    return moved


def column_at(name: str, value: Any) -> NDArray[Any]:
    """Return a column of data as an array.

    Raises
    ------
    InputError
        If it is not one row or more of finite numbers.
    """
    array = np.asarray(value)
    if array.ndim != 1 or not len(array) or array.dtype.kind not in "iuf" or not np.isfinite(array).all():
        raise InputError(
            message(
                "at: {name} must be a column of finite numbers; got {got}; try {name}=[1, 2, 3]",
                name=name,
                got=repr(value)[:80],
            )
        )
    return array


def _taken_parts(root: Node, known: Mapping[str | Node, Any]) -> set[Node]:
    """Return the parts that have a say in a value: of cases, the one that is taken."""
    found: set[Node] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node in found:
            continue
        found.add(node)
        if isinstance(node, Apply) and node.operation.name == "where":
            waiting += (node.args[0], node.args[1 if known.get(node.args[0]) else 2])
        else:
            waiting += node.children
    return found


def _condition(text: str, part: Apply) -> Node:
    """Return a condition of the table of operations with an operation's own arguments in it."""
    from workings.expression.reading import parse

    whole = parse(f"where({text}, 1, 0)").root
    return substitute(whole.children[0], dict(zip(map(Symbol, _LETTERS), part.args, strict=False)))
