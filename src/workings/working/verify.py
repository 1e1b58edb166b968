"""Checking a working: every line is evaluated again, by code that no kernel and no explainer shares.

For each line three things are held against each other: what its statement is worth, evaluated from the inputs at 50
digits (never from what is shown, nor from what a kernel returned); the value that was computed; and the digits that
are shown, both those put in and the result that follows from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from workings.errors import InputError, WorkingError, WorkingsError
from workings.expression import (
    Apply,
    Elided,
    Equation,
    Indexed,
    Node,
    Number,
    Reduction,
    Symbol,
    absolute,
    evaluate,
    free_symbols,
    operation_count,
    postorder,
    substitute,
)
from workings.language import Message, message
from workings.working.digits import read, rounding
from workings.working.model import Convention, Input, InputSummary, Step, Table, Working
from workings.working.precision import precise
from workings.working.rule import Rule

__all__ = ["LineCheck", "Scope", "Verification", "verify"]

Scope = Literal["inputs", "recount", "state"]

# Up to here a line is evaluated term by term at 50 digits; beyond, it is recounted with exact integers and math.fsum.
TERM_BY_TERM = 10_000
_WEIGHT: dict[Scope, int] = {"inputs": 0, "recount": 1, "state": 2}
_EPSILON = 2.0**-52
# "=" is true of digits to the last of 50, of a long sum of floats to those that floats have.
_EQUAL, _EQUAL_AS_FLOATS = 1e-40, 1e-12
_JOINS = {"sum": "add", "product": "multiply", "minimum": "minimum", "maximum": "maximum"}
_CONDITIONS = {"=": "equal", "≠": "different", "<": "less", "≤": "at_most", ">": "greater", "≥": "at_least"}


@dataclass(frozen=True)
class LineCheck:
    """How one line came out.

    Parameters
    ----------
    key
        The line's key.
    scope
        "inputs": from the inputs, term by term at 50 digits. "recount": from the inputs, with exact integers and
        exactly rounded float64 sums, because that takes over 10,000 operations. "state": from a state that was merged
        while the data streamed by.
    error
        How far the computed value lies from the evaluated one, relative to it.
    difference, rounding
        How far the result shown lies from the evaluated one and from what its digits give, whichever is more; and how
        far it may.
    """

    key: str
    scope: Scope
    error: float
    difference: float
    rounding: float


@dataclass(frozen=True)
class Verification:
    """What was checked, and how it came out.

    Parameters
    ----------
    equations
        How many lines were checked. Definitions are not counted.
    largest_error
        The largest relative error of a computed value.
    scope
        How many lines were evaluated from what: "inputs", "recount", "state".
    difference, rounding
        Of the line that comes nearest to what rounding allows: its difference, and what is allowed.
    cells
        How many cells of tables were checked besides.
    lines
        The lines one by one.
    """

    equations: int
    largest_error: float
    scope: Mapping[Scope, int]
    difference: float
    rounding: float
    cells: int
    lines: tuple[LineCheck, ...]


def verify(working: Working) -> Verification:
    """Check every line of ``working``; see :meth:`Working.verify`."""
    check = _Check(working)
    for step in working.steps:
        check.step(step)
    for convention in working.conventions:
        check.convention(convention)
    return check.outcome()


class _Check:
    def __init__(self, working: Working) -> None:
        self._exact: dict[str | Node, Any] = {}  # values at 50 digits, and arrays as they were given
        self._floats: dict[str | Node, Any] = {}  # the same for recounts
        self._scopes: dict[str | Node, Scope] = {}
        self._lines: list[LineCheck] = []
        self._cells = 0
        for given in working.inputs.values():
            self._start(given)

    def _start(self, given: Input) -> None:
        if isinstance(given.value, InputSummary):
            raise WorkingsError(
                message("verify: input {name} must be there in full; only its summary was kept", name=given.name)
            )
        self._exact[given.name] = self._floats[given.name] = given.value
        self._scopes[given.name] = "state" if given.source == "state" else "inputs"

    def step(self, step: Step) -> None:
        for below in step.substeps:
            self.step(below)
        if step.table is not None:
            self._table(step, step.table)
        if step.statement is None or step.definition:
            return
        if step.value is None:
            self._numbers_put_in(step)
        elif step.value is True:
            self._claim(step)
        else:
            self._line(step)

    def outcome(self) -> Verification:
        lines = tuple(self._lines)
        nearest = max(lines, key=lambda line: line.difference / line.rounding if line.rounding else 0.0, default=None)
        return Verification(
            equations=len(lines),
            largest_error=max((line.error for line in lines), default=0.0),
            scope=dict(Counter(line.scope for line in lines)),
            difference=nearest.difference if nearest else 0.0,
            rounding=nearest.rounding if nearest else 0.0,
            cells=self._cells,
            lines=lines,
        )

    # One line

    def _line(self, step: Step) -> None:
        right, value = step.right, step.value
        if right is None or value is None:
            return
        true, scope = self._evaluated(step, right)
        if np.isnan(value) or np.isinf(value):
            self._not_finite(step, true)
        elif not _finite(true) or abs(true - precise(value)) > self._allowed(step, right, true):
            raise _disagreement(
                message(
                    "verify: line {key}: {statement} is {true} when evaluated again; {value} was computed",
                    key=step.key,
                    statement=str(right),
                    true=_text(true),
                    value=repr(value),
                )
            )
        difference, allowed = self._shown(step, true)
        error = abs(true - precise(value)) / (abs(true) or 1) if _finite(true) else 0
        if step.place != "sentence":
            self._lines.append(LineCheck(step.key, scope, float(error), float(difference), float(allowed)))
        self._learn(step.left, true, scope)

    def _evaluated(self, step: Step, node: Node) -> tuple[Any, Scope]:
        """Return what ``node`` is worth from the inputs, and how that was found out."""
        try:
            count = operation_count(node, self._floats)
            if count <= TERM_BY_TERM:
                true, scope = evaluate(node, self._exact, arithmetic="mpmath"), "inputs"
            else:
                true, scope = evaluate(node, self._floats), "recount"
        except InputError as cause:
            raise _disagreement(
                message("verify: line {key} cannot be evaluated: {cause}", key=step.key, cause=cause.text)
            ) from cause
        scopes: list[Scope] = [scope, *(self._scopes[key] for key in self._sources(node))]
        worst = max(scopes, key=_WEIGHT.__getitem__)
        return (true if isinstance(true, bool) else precise(true)), worst

    def _sources(self, node: Node) -> set[str | Node]:
        """Return what is known and stands in ``node``; what stands only inside another known part does not count."""
        found: set[str | Node] = set()
        waiting = [node]
        seen: set[Node] = set()
        while waiting:
            part = waiting.pop()
            if part in seen:
                continue
            seen.add(part)
            key = _key(part)
            if key in self._scopes:
                found.add(key)
            else:
                waiting.extend(part.children)
        return found

    def _allowed(self, step: Step, right: Node, true: Any) -> Any:
        """Return how far the computed value may lie from the true one."""
        if isinstance(step.value, int):
            return precise(min(step.tolerance * abs(step.value), 0.25) + step.absolute)
        size = max(abs(true), abs(precise(step.value)))
        # What cancels keeps the rounding of what was cancelled: x - mean of a constant column is 1e-17, not 0.
        return step.tolerance * size + step.absolute + 64 * _EPSILON * self._cancelled(right)

    def _cancelled(self, right: Node) -> Any:
        """Return the size of what a sum or difference adds up, where that is not the size of the result."""
        if isinstance(right, Apply) and right.operation.name in ("add", "subtract"):
            parts = right.args
        elif isinstance(right, Reduction) and right.kind == "sum":
            parts = (Reduction("sum", absolute(right.body), right.index, right.lower, right.upper),)
        else:
            return precise(0)
        sizes = (abs(precise(evaluate(part, self._floats))) for part in parts)
        return max(sizes, default=precise(0))

    def _not_finite(self, step: Step, true: Any) -> None:
        """Undefined must be undefined, and infinite the same infinity."""
        value = float(step.value or 0)
        agrees = true != true if np.isnan(value) else true == precise(value)  # noqa: PLR0124 -- NaN differs from itself
        if not agrees or (np.isnan(value) and step.shown is not None):
            raise _disagreement(
                message(
                    "verify: line {key}: {statement} is {true} when evaluated again; {value} was computed",
                    key=step.key,
                    statement=str(step.right),
                    true=_text(true),
                    value=repr(step.value),
                )
            )

    def _learn(self, node: Node | None, true: Any, scope: Scope) -> None:
        if node is None:
            return
        key = _key(node)
        whole = _finite(true) and abs(true) < 2**62 and true == int(true)
        self._exact[key] = int(true) if whole else true
        self._floats[key] = int(true) if whole else float(true)
        self._scopes[key] = scope

    # What is shown

    def _shown(self, step: Step, true: Any) -> tuple[Any, Any]:
        """Check the digits put in, and the result shown against the truth and against what those digits give."""
        substitution = step.substitution
        if isinstance(substitution, Equation) and isinstance(step.statement, Equation):
            if substitution.left is not step.statement.left:
                raise _not_the_statement(step, step.statement.left, substitution.left)
            substitution = substitution.right
        if substitution is None or step.right is None:
            raise _disagreement(message("verify: line {key} has a value and no numbers put in", key=step.key))
        self._same_with_numbers(step, step.right, substitution)
        if not _finite(true):
            return 0, 0
        if step.shown is None:
            raise _disagreement(message("verify: line {key} has a value and shows none", key=step.key))
        says = precise(read(step.shown.text))
        again = precise(evaluate(self._from_digits(substitution), self._floats, arithmetic="mpmath"))
        slack = step.tolerance * abs(says) + step.absolute
        allowed = precise(rounding(step.shown))
        rough = any(isinstance(part, Elided) for part in postorder(substitution))
        equal = (_EQUAL_AS_FLOATS if rough else _EQUAL) * abs(says)
        if not _finite(again) or abs(again - says) > (equal if step.exact else allowed + slack):
            raise _disagreement(
                message(
                    "verify: line {key}: the digits shown, {substitution}, give {again}; the line says {shown}",
                    key=step.key,
                    substitution=str(substitution),
                    again=_text(again),
                    shown=step.shown.text,
                )
            )
        cancelled = 64 * _EPSILON * self._cancelled(step.right)
        if abs(true - says) > allowed + slack + cancelled:
            raise _disagreement(
                message(
                    "verify: line {key}: {statement} is {true} when evaluated again; the line says {shown}",
                    key=step.key,
                    statement=str(step.right),
                    true=_text(true),
                    shown=step.shown.text,
                )
            )
        difference = max(abs(again - says), abs(true - says))
        # The decimal 17.99 and the float 17.99 differ in the 17th digit; that is no difference to report.
        return (0 if difference <= _EQUAL_AS_FLOATS * abs(says) else difference), allowed

    def _from_digits(self, node: Node) -> Node:
        """Return ``node`` with numbers worth the digits shown, and long sums worth what a recount gives."""
        worth: dict[Node, Node] = {}
        for part in postorder(node):
            if isinstance(part, Elided):
                worth[part] = Number(float(evaluate(part.reduction, self._floats)))
            elif isinstance(part, Number) and np.isfinite(float(part.value)):
                worth[part] = Number(read(part.text))
        return substitute(node, worth)

    def _numbers_put_in(self, step: Step) -> None:
        if step.statement is not None and step.substitution is not None:
            self._same_with_numbers(step, step.statement, step.substitution)

    def _same_with_numbers(self, step: Step, symbols: Node, numbers: Node) -> None:
        """See that ``numbers`` is ``symbols`` with numbers put in, each what stands there to its digits."""
        waiting = [(symbols, numbers)]
        while waiting:
            a, b = waiting.pop()
            if a is b:
                continue
            if isinstance(b, Number):
                self._right_number(step, a, b)
            elif isinstance(a, Reduction):
                waiting.extend(self._terms(step, a, b))
            elif type(a) is type(b) and len(a.children) == len(b.children) and a.rebuilt(b.children) is b:
                waiting.extend(zip(a.children, b.children, strict=True))
            else:
                raise _not_the_statement(step, a, b)

    def _terms(self, step: Step, reduction: Reduction, numbers: Node) -> list[tuple[Node, Node]]:
        """Return the terms of a sum beside those that are shown for it."""
        lower, upper = (int(evaluate(bound, self._floats)) for bound in (reduction.lower, reduction.upper))
        if isinstance(numbers, Elided):
            if numbers.reduction is not reduction:
                raise _not_the_statement(step, reduction, numbers.reduction)
            first = list(zip(range(lower, upper + 1), numbers.first, strict=False))
            last = list(zip(range(upper, lower - 1, -1), reversed(numbers.last), strict=False))
            places = first + last
        else:
            places = []
            for k in range(upper, lower, -1):
                if not isinstance(numbers, Apply) or numbers.operation.name != _JOINS[reduction.kind]:
                    raise _not_the_statement(step, reduction, numbers)
                numbers, term = numbers.args
                places.append((k, term))
            places.append((lower, numbers))
        return [(substitute(reduction.body, {reduction.index: Number(k)}), term) for k, term in places]

    def _right_number(self, step: Step, symbols: Node, number: Number) -> None:
        known = _key(symbols) in self._exact or isinstance(symbols, Indexed)
        empty = isinstance(symbols, Reduction)
        if not (known or empty) or (free_symbols(symbols) - self._names()):
            raise _not_the_statement(step, symbols, number)
        true = precise(evaluate(symbols, self._exact, arithmetic="mpmath"))
        says = precise(read(number.text)) if np.isfinite(float(number.value)) else precise(number.value)
        same = true == says
        if not same and not (_finite(true) and abs(true - says) <= self._leaf_rounding(number)):
            raise _disagreement(
                message(
                    "verify: line {key}: {number} is put in for {symbols}, which is {true}",
                    key=step.key,
                    number=number.text,
                    symbols=str(symbols),
                    true=_text(true),
                )
            )

    def _leaf_rounding(self, number: Number) -> Any:
        """A number that is put in may be off by its last digit, and by what a kernel's own rounding moved it."""
        return precise(rounding(number)) * (1 + precise(1e-6))

    def _names(self) -> set[Symbol]:
        return {Symbol(key) for key in self._exact if isinstance(key, str)}

    # Claims, tables, conventions

    def _claim(self, step: Step) -> None:
        condition, substitution = step.statement, step.substitution
        if condition is None or substitution is None:
            raise _disagreement(message("verify: line {key} claims nothing", key=step.key))
        holds, scope = self._evaluated(step, _as_condition(condition))
        self._same_with_numbers(step, condition, substitution)
        digits = _as_condition(self._from_digits(substitution))
        if not bool(holds) or not bool(evaluate(digits, self._floats, arithmetic="mpmath")):
            raise _disagreement(
                message(
                    "verify: line {key} claims {condition}, with the numbers {substitution}; that does not hold",
                    key=step.key,
                    condition=str(condition),
                    substitution=str(substitution),
                )
            )
        if step.place != "sentence":
            self._lines.append(LineCheck(step.key, scope, 0.0, 0.0, 0.0))

    def _table(self, step: Step, table: Table) -> None:
        """Check the cells of each column whose heading says how they follow from the others."""
        checked = [(place, head) for place, head in enumerate(table.columns) if isinstance(head, Equation)]
        if not checked:
            return
        for row in table.rows:
            cells = dict(self._exact)
            for head, cell in zip(table.columns, row, strict=True):
                node = head.left if isinstance(head, Equation) else head
                if isinstance(node, Node) and not isinstance(cell, str | Message | None):
                    cells[_key(node)] = cell.value if isinstance(cell, Number) else cell
            for place, head in checked:
                self._cell(step, head, row[place], cells)

    def _cell(self, step: Step, head: Equation, cell: Any, cells: Mapping[str | Node, Any]) -> None:
        if isinstance(cell, str | Message) or cell is None:
            return
        others = {key: value for key, value in cells.items() if key != _key(head.left)}
        true = precise(evaluate(head.right, others, arithmetic="mpmath"))
        says = precise(cell.value if isinstance(cell, Number) else cell)
        self._cells += 1
        undefined = true != true and says != says  # noqa: PLR0124 -- NaN differs from itself
        if (
            true != says
            and not undefined
            and not abs(true - says) <= step.tolerance * max(abs(true), abs(says), 1e-300)
        ):
            raise _disagreement(
                message(
                    "verify: table {key}: {statement} is {true} when evaluated again; the cell says {value}",
                    key=step.key,
                    statement=str(head.right),
                    true=_text(true),
                    value=_text(says),
                )
            )

    def convention(self, convention: Convention) -> None:
        """Check what the rival is said to give, where a statement says from what."""
        if convention.statement is None or convention.rival_value is None:
            return
        statement = convention.statement
        right = statement.right if isinstance(statement, Equation) else statement
        step = Step("convention", convention.chosen, Rule.EVALUATE, statement=right, value=convention.rival_value)
        true, _ = self._evaluated(step, right)
        if np.isnan(convention.rival_value) or np.isinf(convention.rival_value):
            self._not_finite(step, true)
        elif not _finite(true) or abs(true - precise(convention.rival_value)) > self._allowed(step, right, true):
            raise _disagreement(
                message(
                    "verify: the convention's rival, {statement}, is {true} when evaluated again; {value} was computed",
                    statement=str(right),
                    true=_text(true),
                    value=repr(convention.rival_value),
                )
            )


def _disagreement(text: Message) -> WorkingError:
    return WorkingError(text)


def _not_the_statement(step: Step, expected: Node, got: Node) -> WorkingError:
    return WorkingError(
        message(
            "verify: line {key}: {expected} must stand there with its numbers in; got {got}",
            key=step.key,
            expected=str(expected),
            got=str(got),
        )
    )


def _as_condition(node: Node) -> Node:
    return Apply(_CONDITIONS[node.relation], node.children) if isinstance(node, Equation) else node


def _finite(value: Any) -> bool:
    return value == value and abs(value) != float("inf")  # noqa: PLR0124 -- NaN differs from itself


def _text(value: Any) -> str:
    return str(value) if isinstance(value, bool) else value.context.nstr(value, 15)


def _key(node: Node) -> str | Node:
    return node.name if isinstance(node, Symbol) else node
