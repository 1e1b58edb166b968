"""Checking a working: every line is evaluated again, by code that no kernel and no explainer shares.

For each line three things are held against each other: what its statement is worth, evaluated from the inputs at 50
digits (never from what is shown, nor from what a kernel returned); the value that was computed; and the digits that
are shown, both those put in and the result that follows from them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from workings.errors import InputError, WorkingError
from workings.expression import Apply, Elided, Equation, Node, Number, evaluate, postorder
from workings.language import Message, message
from workings.working.check_digits import LEAST_APART, check_numbers_put_in, worth_its_digits
from workings.working.check_said import check_digits_of_cell, check_symbols_in_row, definition_holds
from workings.working.digits import read, rounding, shown
from workings.working.model import Convention, Derived, Step, Table, Working
from workings.working.precision import is_finite, precise
from workings.working.rule import Rule
from workings.working.values import Scope, TrueValues, name_or_node
from workings.working.verification import LineCheck, Verification

__all__ = ["verify"]

# A float64 operation rounds to 2**-53 of what it gives; a difference keeps a few of what was subtracted: 64 halves.
_LEFT_BY_CANCELLATION = 64 * 2.0**-52
# "=" is true of digits to the last of 50; of a long sum of floats, to those that floats have.
_EQUAL, _EQUAL_AS_FLOATS = 1e-40, 1e-12
_CONDITIONS = {"=": "equal", "≠": "different", "<": "less", "≤": "at_most", ">": "greater", "≥": "at_least"}


def verify(working: Working) -> Verification:
    """Check every line of ``working``; see :meth:`Working.verify`."""
    check = _Check(working)
    check.steps(working.steps)
    for convention in working.conventions:
        check.convention(convention)
    for text in (working.question, working.result, *working.notes):
        check.sentence("sentence", text)
    return Verification.of(check.lines, check.cells, check.definitions)


class _Check:
    def __init__(self, working: Working) -> None:
        self._values = TrueValues(working.inputs)
        self._told: set[str | Node] = set()
        self.lines: list[LineCheck] = []
        self.cells = self.definitions = 0

    def steps(self, steps: Sequence[Step]) -> None:
        """Check lines one after the other, and then the definitions among them, whose symbols have values by now."""
        for step in steps:
            self.step(step)
        self.definitions += sum(definition_holds(step, self._values) for step in steps if step.definition)

    def step(self, step: Step) -> None:
        self.steps(step.substeps)
        if step.table is not None:
            self._table(step, step.table)
        self._derive(step)
        for text in (step.title, step.note):
            self.sentence(step.key, text)

    def _derive(self, step: Step) -> None:
        if step.statement is None or step.definition:
            return
        if step.value is None:
            if step.substitution is not None:
                check_numbers_put_in(step.key, step.statement, step.substitution, self._values)
        elif step.value is True:
            self._claim(step, step.statement)
        else:
            self._line(step, step.value)

    def convention(self, convention: Convention) -> None:
        """Check what the rival is said to give, where a statement says from what."""
        if convention.statement is not None and convention.rival_value is not None:
            step = Step("convention", convention.chosen, Rule.EVALUATE, convention.statement)
            self._value(step, convention.rival_value)
        if convention.rival_value is not None:
            self._quoted(convention.rival, convention.rival_value)
        for text in (convention.chosen, convention.rival):
            self.sentence("convention", text)

    def sentence(self, key: str, text: Message | None) -> None:
        """Check the numbers in a sentence that say from what they follow."""
        if not isinstance(text, Message):
            return
        for said in text.values.values():
            if isinstance(said, Message):
                self.sentence(key, said)
            elif isinstance(said, Derived):
                self._value(Step(key, text, Rule.EVALUATE, said.statement, absolute=said.absolute), said.value)

    def _quoted(self, rival: Message, value: float) -> None:
        """Check that a sentence has the rival's value as it was computed."""
        says = rival.values.get("value")
        if isinstance(says, Number) and says != shown(value):
            raise WorkingError(
                message(
                    "verify: a convention says {value}; {computed} was computed", value=says.text, computed=repr(value)
                )
            )

    def _line(self, step: Step, value: float) -> None:
        true, scope = self._value(step, value)
        self._numbers(step)
        difference, allowed = self._result(step, true) if is_finite(true) else self._no_number(step, true)
        error = abs(true - precise(value)) / (abs(true) or 1) if is_finite(true) else 0
        if step.place != "sentence":
            line = LineCheck(step.key, scope, float(error), float(difference), float(allowed))
            self.lines.append(line)
        off = abs(true - precise(value)) if is_finite(true) and math.isfinite(value) else 0
        self._learn(step, step.left, true, scope, off, seen=None if step.shown is None else step.shown.text)

    def _value(self, step: Step, value: float) -> tuple[Any, Scope]:
        """Hold the computed value against the statement's, and return the statement's."""
        right = _required(step, step.right)
        true, scope = self._evaluated(step, right)
        if math.isnan(value):
            agrees = true != true and step.shown is None  # noqa: PLR0124 -- NaN differs from itself
        elif math.isinf(value) or not is_finite(true):
            agrees = true == precise(value)
        else:
            size = max(abs(true), abs(precise(value)))
            allowed = precise(step.tolerance) * size + step.absolute + LEAST_APART
            if isinstance(value, int):
                # A count is a whole number: within a quarter of the true one there is no other.
                allowed = min(precise(step.tolerance) * size, precise(0.25)) + step.absolute
            agrees = self._near(right, abs(true - precise(value)), allowed)
        if not agrees:
            raise WorkingError(
                message(
                    "verify: line {key}: {statement} is {true} when evaluated again; {value} was computed",
                    key=step.key,
                    statement=str(right),
                    true=_text(true),
                    value=repr(value),
                )
            )
        return true, scope

    def _near(self, right: Node, difference: Any, allowed: Any) -> bool:
        """Whether a difference is allowed, or is what cancellation left: x - mean of a constant column is 1e-17."""
        if difference <= allowed:
            return True
        left = self._values.size(right) * _LEFT_BY_CANCELLATION
        return bool(difference <= allowed + left)

    def _evaluated(self, step: Step, node: Node, *, recount: bool = False) -> tuple[Any, Scope]:
        try:
            true, scope = self._values.evaluated(node, recount=recount)
            return (self._values.settled(node, true) if is_finite(true) else true), scope
        except InputError as cause:
            raise WorkingError(
                message("verify: line {key} cannot be evaluated: {cause}", key=step.key, cause=cause.text)
            ) from cause

    def _numbers(self, step: Step) -> None:
        """Check that the line's right side with numbers in is its right side in symbols."""
        substitution, statement = _required(step, step.substitution), step.statement
        if isinstance(statement, Equation) and isinstance(substitution, Equation):
            check_numbers_put_in(step.key, statement.left, substitution.left, self._values)
        check_numbers_put_in(step.key, _required(step, step.right), _right(substitution), self._values)

    def _result(self, step: Step, true: Any) -> tuple[Any, Any]:
        """Hold the result shown against the truth and against what the digits put in give."""
        shown, right = step.shown, _required(step, step.right)
        if shown is None:
            raise WorkingError(message("verify: line {key} has a value and shows none", key=step.key))
        substitution = _right(_required(step, step.substitution))
        says, allowed = precise(read(shown.text)), precise(rounding(shown))
        again = precise(evaluate(worth_its_digits(substitution, self._values), self._values.exact, arithmetic="mpmath"))
        slack = step.tolerance * abs(says) + step.absolute + LEAST_APART
        rough = any(isinstance(part, Elided) for part in postorder(substitution))
        equal = (_EQUAL_AS_FLOATS if rough else _EQUAL) * abs(says)
        if not is_finite(again) or abs(again - says) > (equal if step.exact else allowed + slack):
            raise WorkingError(
                message(
                    "verify: line {key}: the digits shown, {substitution}, give {again}; the line says {shown}",
                    key=step.key,
                    substitution=str(substitution),
                    again=_text(again),
                    shown=shown.text,
                )
            )
        if not self._near(right, abs(true - says), allowed + slack):
            raise WorkingError(
                message(
                    "verify: line {key}: {statement} is {true} when evaluated again; the line says {shown}",
                    key=step.key,
                    statement=str(right),
                    true=_text(true),
                    shown=shown.text,
                )
            )
        difference = max(abs(again - says), abs(true - says))
        # The decimal 17.99 and the float 17.99 differ in the 17th digit; that is no difference to report.
        return (0 if difference <= _EQUAL_AS_FLOATS * abs(says) else difference), allowed

    def _no_number(self, step: Step, true: Any) -> tuple[Any, Any]:
        """See that of NaN nothing is shown, and of ∞ itself."""
        if step.shown is not None and precise(step.shown.value) != true:
            raise WorkingError(
                message(
                    "verify: line {key}: {statement} is {true} when evaluated again; the line says {shown}",
                    key=step.key,
                    statement=str(step.right),
                    true=_text(true),
                    shown=step.shown.text,
                )
            )
        return 0, 0

    def _claim(self, step: Step, condition: Node) -> None:
        """A claim holds, and holds for who reads only the digits."""
        substitution = _required(step, step.substitution)
        holds, scope = self._evaluated(step, _as_condition(condition))
        check_numbers_put_in(step.key, condition, substitution, self._values)
        digits = _as_condition(worth_its_digits(substitution, self._values))
        if not (holds is True and evaluate(digits, self._values.exact, arithmetic="mpmath") is True):
            raise WorkingError(
                message(
                    "verify: line {key} claims {condition}, with the numbers {substitution}; that does not hold",
                    key=step.key,
                    condition=str(condition),
                    substitution=str(substitution),
                )
            )
        if step.place != "sentence":
            self.lines.append(LineCheck(step.key, scope))

    def _table(self, step: Step, table: Table) -> None:
        """Check the cells that say how they follow, and of each column whose heading says it from the others."""
        derived = [cell for row in table.rows for cell in row if isinstance(cell, Derived)]
        for text in (table.note, *(head for head in table.columns if isinstance(head, Message))):
            self.sentence(step.key, text)
        # A table that was asked for whole may be long.
        recount = table.whole and self._values.recounted(cell.right for cell in derived)
        for cell in derived:
            self._derived(step, cell, recount=recount)
        for row in () if recount else table.rows:
            check_symbols_in_row(step, row, self._values)
        for cell in (cell for row in table.rows for cell in row if isinstance(cell, Number)):
            check_digits_of_cell(step, cell)
        checked = [(place, head) for place, head in enumerate(table.columns) if isinstance(head, Equation)]
        for row in table.rows if checked else ():
            cells = dict(self._values.exact)
            for head, value in zip(table.columns, row, strict=True):
                node = head.left if isinstance(head, Equation) else head
                if isinstance(node, Node) and (number := _number(value)) is not None:
                    cells[name_or_node(node)] = number
            for place, head in checked:
                self._cell(step, head, _number(row[place]), cells)

    def _cell(self, step: Step, head: Equation, value: Any, cells: Mapping[str | Node, Any]) -> None:
        if value is None:
            return
        others = {key: each for key, each in cells.items() if key != name_or_node(head.left)}
        try:
            true = precise(evaluate(head.right, others, arithmetic="mpmath"))
        except InputError as cause:
            raise WorkingError(
                message("verify: line {key} cannot be evaluated: {cause}", key=step.key, cause=cause.text)
            ) from cause
        self._cell_agrees(step, head.right, true, value)

    def _derived(self, step: Step, cell: Derived, *, recount: bool) -> None:
        true, scope = self._evaluated(step, cell.right, recount=recount)
        self._cell_agrees(step, cell.right, precise(true), cell.value, cell.absolute)
        off = abs(true - precise(cell.value)) if is_finite(true) and math.isfinite(cell.value) else 0
        self._learn(step, cell.left, true, scope, off)

    def _learn(
        self, step: Step, left: Node | None, true: Any, scope: Scope, off: Any = 0, *, seen: str | None = None
    ) -> None:
        """Remember what a line derived. Two lines that give one thing different values cannot both be right."""
        if left is None:
            return
        key = name_or_node(left)
        if key in self._told and is_finite(true) and is_finite(self._values.exact[key]):
            before, now = precise(self._values.exact[key]), precise(true)
            allowed = precise(step.tolerance) * max(abs(now), abs(before)) + step.absolute + LEAST_APART
            if not self._near(left if step.right is None else step.right, abs(now - before), allowed):
                raise WorkingError(
                    message(
                        "verify: line {key}: {left} is {true} here and {before} above",
                        key=step.key,
                        left=str(left),
                        true=_text(now),
                        before=_text(before),
                    )
                )
        self._told.add(key)
        self._values.learn(left, true, scope, off, seen=seen)

    def _cell_agrees(self, step: Step, right: Node, true: Any, value: Any, absolute: float = 0.0) -> None:
        says = precise(value)
        self.cells += 1
        if is_finite(true) and is_finite(says):
            allowed = step.tolerance * max(abs(true), abs(says)) + step.absolute + absolute + LEAST_APART
            agrees = abs(true - says) <= allowed
        else:
            agrees = true == says or (true != true and says != says)  # noqa: PLR0124 -- NaN differs from itself
        if not agrees:
            raise WorkingError(
                message(
                    "verify: table {key}: {statement} is {true} when evaluated again; the cell says {value}",
                    key=step.key,
                    statement=str(right),
                    true=_text(true),
                    value=_text(says),
                )
            )


def _required(step: Step, node: Node | None) -> Node:
    if node is None:
        raise WorkingError(message("verify: line {key} has a value, and not what it follows from", key=step.key))
    return node


def _right(node: Node) -> Node:
    return node.right if isinstance(node, Equation) else node


def _as_condition(node: Node) -> Node:
    return Apply(_CONDITIONS[node.relation], node.children) if isinstance(node, Equation) else node


def _number(value: Any) -> Any:
    """Return the number in a cell, None where it holds none."""
    if value is None or isinstance(value, str | Message):
        return None
    if isinstance(value, Derived):
        return value.value
    if isinstance(value, Node):
        return value.value if isinstance(value, Number) else None
    return value


def _text(value: Any) -> str:
    return str(value) if isinstance(value, bool) else value.context.nstr(value, 15)
