"""The builder with which explainers write a working: it puts the numbers in and chooses the digits."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from workings.errors import WorkingError
from workings.expression import Equation, Node, evaluate, free_symbols, postorder
from workings.language import Message, message
from workings.working.digits import shown
from workings.working.model import Convention, Derived, Input, Place, Step, Table, Working
from workings.working.put_in import Known, condition_with_numbers, line_with_numbers, put_in
from workings.working.rule import Rule

__all__ = ["Derivation"]


class Derivation:
    """Builds a :class:`Working` line by line.

    What is given or derived is known to the lines below it: a symbol, an element ``x_3``, a partial derivative, or
    any expression that was a line of its own. Each line then shows its statement with the numbers put in, to as many
    digits as it takes that recomputing from the digits shown gives the result that is shown.

    Parameters
    ----------
    subject
        The room, such as "sigmoid".
    question
        What is to be found out.
    significant
        With how many significant digits to begin.

    Examples
    --------
    >>> from workings.expression import equation, symbols
    >>> from workings.language import message
    >>> from workings.working import Derivation, Rule
    >>> TP, FN, recall = symbols("TP FN recall")
    >>> w = Derivation("confusion", message("How many of the sick were found?"))
    >>> w.given("TP", 45, message("sick and found"))
    >>> w.given("FN", 3, message("sick and missed"))
    >>> step = w.line("recall", equation(recall, TP / (TP + FN)), 45 / 48, rule=Rule.RATIO)
    >>> w.conclude(message("{recall} of the sick were found.", recall=step.shown))
    >>> print(w.build().to_text())
    How many of the sick were found?
    <BLANKLINE>
      1  Divide                           TP          45
                              recall = ───────── = ──────── = 0.9375
                                        TP + FN     45 + 3
    <BLANKLINE>
      Result  0.9375 of the sick were found.
    <BLANKLINE>
      Checked  1 line, evaluated again at 50 digits; no difference.
    """

    def __init__(self, subject: str, question: Message, *, significant: int = 5) -> None:
        self._subject = subject
        self._question = question
        self._significant = significant
        self._inputs: dict[str, Input] = {}
        self._known = Known()
        self._steps: list[list[Step]] = [[]]
        self._keys: set[str] = set()
        self._conventions: list[Convention] = []
        self._notes: list[Message] = []
        self._result: Message | None = None

    def given(
        self,
        name: str,
        value: Any,
        description: Message | None = None,
        *,
        source: Literal["rows", "state"] = "rows",
    ) -> None:
        """Start from ``value``, a number or an array (kept by reference), under the symbol of this name.

        ``source="state"`` says that it was merged from pieces while the data streamed by.
        """
        self._inputs[name] = Input(name, value, description, source)
        self._known.learn(name, value)

    def define(self, key: str, statement: Node, *, title: Message | None = None, note: Message | None = None) -> Step:
        """Introduce a symbol or a rule: shown, and not counted among the lines that were checked."""
        title = title or Rule.DEFINITION.title
        return self._add(Step(key, title, Rule.DEFINITION, statement, note=note, definition=True))

    def put_in(self, key: str, statement: Node, *, title: Message | None = None, note: Message | None = None) -> Step:
        """Show a definition with the numbers in it, both sides, before it is worked out. It has no value to count."""
        title = title or Rule.SUBSTITUTE.title
        substitution = put_in(statement, self._known, self._significant)
        return self._add(Step(key, title, Rule.SUBSTITUTE, statement, substitution, note=note))

    def line(
        self,
        key: str,
        statement: Node,
        value: float | None = None,
        *,
        title: Message | None = None,
        rule: Rule = Rule.EVALUATE,
        note: Message | None = None,
        tolerance: float = 1e-9,
        absolute: float = 0.0,
        digits: int | None = None,
        brief: bool = False,
        folded: bool = False,
        place: Place = "line",
    ) -> Step:
        """Derive one value.

        Parameters
        ----------
        key
            The line's name, unique in the working.
        statement
            ``equation(left, right)``, of which the left side then is known; or a bare expression, which is shown with
            the numbers in and then is known itself wherever it stands.
        value
            What was computed, at full precision. By default it is evaluated from what is known.
        title, rule, note
            What the line does (the rule's title by default), why it follows, what to notice.
        tolerance, absolute
            How far the value may lie from the statement's true value: relative, and absolute.
        digits
            With how many significant digits this line begins.
        brief
            Leave the right side in symbols out, where a definition above says it.
        folded
            Leave the right side with the numbers in out, where it is too long to be read; it is checked all the same.
        place
            "line", "remark" (below the result, under its title), or "sentence" (only quoted).
        """
        right = statement.right if isinstance(statement, Equation) else statement
        self._see_that_all_is_known(key, right)
        if value is None:
            value = evaluate(right, self._known.values)
        plain = _plain(value)
        substitution, shown, exact = line_with_numbers(
            right, plain, self._known, digits or self._significant, off=absolute
        )
        if isinstance(statement, Equation):
            substitution = Equation(statement.left, substitution)
        step = Step(
            key, title or rule.title, rule, statement, substitution, plain, shown, exact, tolerance, absolute,
            note=note, brief=brief, folded=folded, place=place,
        )  # fmt: skip
        self._known.learn(step.left or statement, plain, shown)
        return self._add(step)

    def remark(self, key: str, statement: Node, value: float | None = None, *, title: Message, **how: Any) -> Step:
        """Derive one value that stands below the result, under its own heading. It is checked like any line."""
        return self.line(key, statement, value, title=title, place="remark", **how)

    def claim(
        self,
        key: str,
        condition: Node,
        *,
        title: Message | None = None,
        rule: Rule = Rule.COMPARE,
        note: Message | None = None,
        digits: int | None = None,
        place: Place = "line",
    ) -> Step:
        """Claim that a condition holds: a comparison (``at_least(p, t)``) or an equation with another relation.

        With ``place="sentence"`` it is checked and not listed: quote its ``substitution`` in a sentence.
        """
        self._see_that_all_is_known(key, condition)
        substitution = condition_with_numbers(condition, self._known, digits or self._significant)
        step = Step(key, title or rule.title, rule, condition, substitution, True, note=note, place=place)
        return self._add(step)

    def table(
        self,
        key: str,
        table: Table,
        *,
        title: Message | None = None,
        note: Message | None = None,
        rule: Rule = Rule.TABLE,
        tolerance: float = 1e-9,
        absolute: float = 0.0,
    ) -> Step:
        """Show rows. A column whose heading is an equation is checked, cell by cell, and so is a ``Derived`` cell.

        ``tolerance`` and ``absolute`` say how far a cell may lie from its true value, as for a line.
        """
        for row in table.rows:
            for cell in row:
                if isinstance(cell, Derived):
                    self._see_that_all_is_known(key, cell.right)
                    if not cell.words:  # of what stands in words there is no number to be put in
                        self._known.learn(cell.left, cell.value)
        title = title or rule.title
        return self._add(Step(key, title, rule, table=table, note=note, tolerance=tolerance, absolute=absolute))

    @contextmanager
    def part(
        self,
        key: str,
        title: Message | None = None,
        *,
        rule: Rule = Rule.PART,
        note: Message | None = None,
        closed: bool = False,
    ) -> Generator[None]:
        """Gather the lines of a ``with`` block below one heading; if ``closed``, they are shown when asked for."""
        self._steps.append([])
        try:
            yield
        except BaseException:
            self._steps.pop()
            raise
        substeps = tuple(self._steps.pop())
        self._add(Step(key, title or rule.title, rule, substeps=substeps, note=note, closed=closed))

    def convention(
        self,
        name: Message | None,
        chosen: Message,
        rival: Message,
        rival_value: float | None = None,
        statement: Node | None = None,
    ) -> None:
        """Say what was chosen where the field has two habits, and what the rival gives (checked with a statement).

        With a ``rival_value``, the sentence ``rival`` has a place for it, ``{value}``, which is filled in here.
        What was said before, as of one kink for every variable, is not said again.
        """
        if rival_value is not None:
            rival = replace(rival, values={**rival.values, "value": shown(rival_value)})
        if not any((said.name, said.chosen, said.rival) == (name, chosen, rival) for said in self._conventions):
            self._conventions.append(Convention(name, chosen, rival, rival_value, statement))

    def note(self, text: Message) -> None:
        """Say something about the whole, below the result."""
        self._notes.append(text)

    def conclude(self, text: Message) -> None:
        """Say the answer."""
        self._result = text

    def build(self, more: Callable[..., Working] | None = None) -> Working:
        """Return the working. ``more(**where)`` gives the working of a closer look, for ``Working.at``."""
        return Working(
            self._subject,
            self._question,
            tuple(self._steps[0]),
            self._result,
            tuple(self._conventions),
            dict(self._inputs),
            tuple(self._notes),
            more,
        )

    def _add(self, step: Step) -> Step:
        if step.key in self._keys:
            raise WorkingError(message("Derivation: a step's key must be unique; got {key} twice", key=step.key))
        self._keys.add(step.key)
        self._steps[-1].append(step)
        return step

    def _see_that_all_is_known(self, key: str, node: Node) -> None:
        """Refuse a line that rests on something without a value: neither given nor derived above it."""
        covered = {part for part in postorder(node) if part in self._known.values}
        if node in covered:
            return
        names = {symbol.name for symbol in free_symbols(node) if symbol.name not in self._known.values}
        hidden = {symbol.name for part in covered for symbol in free_symbols(part)}
        if unknown := sorted(names - hidden):
            raise WorkingError(
                message(
                    "Derivation: everything in line {key} must be given or derived above it; {names} has no value",
                    key=key,
                    names=", ".join(unknown),
                )
            )


def _plain(value: Any) -> float | int:
    """Return a Python number: counts and truths as int, anything else as float."""
    if isinstance(value, bool | np.bool_ | np.integer):
        return int(value)
    return value if isinstance(value, int) else float(value)
