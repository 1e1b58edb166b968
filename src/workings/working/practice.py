"""Practice: a working asked instead of told. A hint on demand, an answer checked, then the line."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from workings.errors import FormulaError, InputError
from workings.expression import Apply, Equation, Node, Number, Symbol, to_text
from workings.expression.legible import legible
from workings.expression.traverse import free_symbols, postorder
from workings.language import Message, grouped, message
from workings.once import room as open_room
from workings.working.answers import same_formula, same_number
from workings.working.chain import chain
from workings.working.digits import shown
from workings.working.model import Derived, Step, Working
from workings.working.resting import parts_closed

__all__ = ["SUBJECTS", "Practice", "Verdict", "practise"]

SUBJECTS = {
    "convolution": message("convolution"),
    "sigmoid": message("sigmoid"),
    "normalization": message("normalisation"),
    "chain-rule": message("chain rule"),
    "confusion": message("confusion matrix"),
    "roc": message("ROC curve"),
    "integration": message("integration"),
    "regression": message("regression"),
}
"""What there are problems of, and how each is called."""

_MOST_QUESTIONS = 12  # of a problem: its first lines


@dataclass(frozen=True)
class Verdict:
    """What became of an answer.

    Attributes
    ----------
    right
        Whether it is right.
    why
        What to say about it.
    line
        The line in full, as the working has it, once it has been answered; "" until then.
    """

    right: bool
    why: Message
    line: str = ""


class Practice:
    """A working whose lines are asked for, one after the other: those that it shows, not those of closed parts.

    Parameters
    ----------
    working
        The working. It is verified first: nothing unverified is asked.
    most
        Ask no more than so many lines, the first ones; by default all.

    Attributes
    ----------
    right, tried
        How many questions were answered right at the first go, and how many have been dealt with.

    Raises
    ------
    InputError
        If no line of the working has a value or a formula to ask for.

    Examples
    --------
    >>> import workings as wk
    >>> practice = wk.explain(wk.sigmoid, 0.7).practise()
    >>> print(practice.question)
    Definition: σ(x) = ?
    >>> practice.answer("exp(x)/(1 + exp(x))").right
    True
    >>> print(practice.question)
    The exponential: exp(-x) = ?
    >>> practice.answer("0.497").right, practice.right
    (True, 2)
    """

    def __init__(self, working: Working, most: int | None = None) -> None:
        working.verify()
        self.working = working
        self._steps: list[Step] = []
        self._told: list[list[Step]] = [[]]  # what is said before each question
        closed = _in_closed_parts(working)
        for step in working.walk():
            if id(step) in closed:
                continue
            if _is_number(step) or _is_formula(step):
                self._told[-1] += _given_by(closed.values(), step)
                for told in self._told[-1]:
                    closed.pop(id(told), None)
                self._steps.append(step)
                self._told.append([])
            elif step.definition or _defined(step):
                self._told[-1].append(step)
        if not self._steps:
            raise InputError(message("practise: the working must have a line with a value to ask for; it has none"))
        self._steps = self._steps[:most]
        self._place = 0
        self._hints = 0
        self._missed = False
        self.right = self.tried = 0

    @property
    def done(self) -> bool:
        """Whether every question has been dealt with."""
        return self._place == len(self._steps)

    @property
    def questions(self) -> int:
        """How many there are."""
        return len(self._steps)

    @property
    def given(self) -> list[str]:
        """What the questions start from, a line each."""
        asked = [_right(step) for step in self._steps]
        # The cells of a table are not asked for, but a sum of them may be: it rests on what they follow from.
        parts = {part for node in asked for part in postorder(node)}
        tables = [step.table for top in self.working.steps for step in top.walk() if step.table is not None]
        cells = [cell for table in tables for row in table.rows for cell in row if isinstance(cell, Derived)]
        needed = [*asked, *(cell.right for cell in cells if cell.left in parts)]
        used = {symbol.name for node in needed for symbol in free_symbols(node)}
        # What is asked for is not given away: n of P + N, though it is an input too.
        used -= {step.left.name for step in self._steps if _is_number(step) and isinstance(step.left, Symbol)}
        return [
            f"{name} = {_shown_input(entry.value)}" + (f"  ({entry.description})" if entry.description else "")
            for name, entry in self.working.inputs.items()
            if name in used
        ]

    @property
    def told(self) -> list[str]:
        """What the question rests on besides, a line each: definitions, and what closed parts have worked out."""
        told = self._told[self._place]
        lines = (step for step in told if step.statement is not None)
        return [
            *(to_text(legible(each)) for step in told for each in _defined(step)),
            *(f"{step.title}: {_line(step) if step.definition else _in_short(step)}" for step in lines),
        ]

    @property
    def question(self) -> Message:
        """What is asked now."""
        step = self._step()
        return message("{title}: {left} = ?", title=step.title, left=_asked(step))

    def hint(self) -> Message:
        """Return a hint: first the rule in symbols, then the same with the numbers in."""
        step = self._step()
        self._hints += 1
        symbols = step.statement.right if isinstance(step.statement, Equation) else None
        numbers = step.substitution.right if isinstance(step.substitution, Equation) else step.substitution
        if _is_formula(step):
            names = ", ".join(sorted(symbol.name for symbol in free_symbols(_right(step))))
            return message("it is a formula in {names}", names=names)
        if self._hints == 1 and symbols is not None:
            return message("{left} = {right}", left=_asked(step), right=_read(symbols))
        if numbers is not None and not isinstance(numbers, Number):
            return message("work out {numbers}", numbers=_read(numbers))
        return step.note or message("the rule is: {rule}", rule=step.rule.title)

    def answer(self, text: str) -> Verdict:
        """Check an answer: a number, or any formula of the same values. What cannot be read is no answer.

        Raises
        ------
        FormulaError
            If it is neither a number nor a formula; the question stays open and nothing is counted.
        InputError
            If every question has been dealt with, or the answer has names in it where a number is asked for.
        """
        step = self._step()
        right = same_formula(_right(step), text) if _is_formula(step) else same_number(step.value, step.shown, text)
        if not right:
            self._missed = True
            return Verdict(False, message("not yet; try again, or ask for a hint"))
        self.right += not self._missed
        return Verdict(True, message("that is right"), self._next(step))

    def skip(self) -> Verdict:
        """Leave the question, and see its line."""
        return Verdict(False, message("here is the line"), self._next(self._step()))

    def run(self, ask: Callable[[str], str] = input, say: Callable[[str], Any] = print) -> None:
        """Ask every question that is left, in a terminal or a notebook: ? for a hint, ! for the line, q to stop.

        Parameters
        ----------
        ask
            Shows a prompt and returns what is typed; EOFError (Ctrl-D) ends the practice. So does KeyboardInterrupt
            (Ctrl-C), which is passed on once the score has been said.
        say
            Shows a sentence.
        """
        for line in (str(self.working.question), *self.given):
            say(line)
        say(str(message("? gives a hint, ! the line, q ends.")))
        try:
            self._ask_all(ask, say)
        except EOFError:
            say("")  # the cursor stands behind the prompt
        except KeyboardInterrupt:
            say("")
            say(self._score())
            raise
        say(self._score())

    def _ask_all(self, ask: Callable[[str], str], say: Callable[[str], Any]) -> None:
        place = -1
        while not self.done:
            if place != self._place:
                place = self._place
                for line in self.told:
                    say(line)
            typed = ask(f"{self.question} ").strip()
            if typed == "q":
                return
            say(self._reply(typed))

    def _score(self) -> str:
        return str(message("{right} of {tried} right at the first go.", right=self.right, tried=self.tried))

    def _reply(self, typed: str) -> str:
        if typed == "?" or not typed:
            return str(self.hint())
        if typed == "!":
            return self.skip().line
        try:
            verdict = self.answer(typed)
        except (FormulaError, InputError) as error:
            return str(error)
        return f"{verdict.why}: {verdict.line}" if verdict.right else str(verdict.why)

    def _step(self) -> Step:
        if self.done:
            raise InputError(message("practise: every question has been dealt with; start anew with practise()"))
        return self._steps[self._place]

    def _next(self, step: Step) -> str:
        self._place += 1
        self.tried += 1
        self._hints, self._missed = 0, False
        return _line(step)

    def __repr__(self) -> str:
        """Return the question that is open, or the score."""
        if self.done:
            return self._score()
        return f"{self.working.question}\n{self.question}"


def practise(subject: str, seed: int = 0) -> Practice:
    """Return a problem of a subject, to be worked out line by line.

    Parameters
    ----------
    subject
        One of "convolution", "sigmoid", "normalization", "chain-rule", "confusion", "roc", "integration", "regression".
    seed
        Which problem: the same number gives the same one.

    Returns
    -------
    Practice
        ``question``, ``hint()``, ``answer(text)``; ``run()`` asks them all.

    Raises
    ------
    InputError
        If there is no such subject.

    Examples
    --------
    >>> import workings as wk
    >>> wk.practise("sigmoid", seed=3).questions > 3
    True
    """
    if subject not in SUBJECTS:
        raise InputError(
            message(
                "practise: subject must be one of {subjects}; got {got}",
                subjects=", ".join(SUBJECTS),
                got=repr(subject),
            )
        )
    room = f"workings.subjects.{subject.replace('-', '_')}.problem"
    working = open_room(room).problem(Random(seed))  # noqa: S311 - a seed to be repeated, no secret
    return Practice(working, _MOST_QUESTIONS)


def _in_closed_parts(working: Working) -> dict[int, Step]:
    """Return the lines of closed parts by their identity; none if all that can be asked for stand there."""
    found = {id(step): step for part in parts_closed(working) for step in part.walk()}
    shown_here = (step for step in working.walk() if id(step) not in found)
    return found if any(_is_number(step) or _is_formula(step) for step in shown_here) else {}


def _given_by(lines: Iterable[Step], step: Step) -> list[Step]:
    """Return those lines, which are not asked for, that give what a line's right side uses."""
    used = set(postorder(_right(step)))
    return [line for line in lines if _is_number(line) and line.left in used]


def _defined(step: Step) -> list[Equation]:
    """Return what a table says each name in its first cells is, of symbols alone: u = x·z, v = x² + z."""
    rows = step.table.rows if step.table is not None else ()
    return [
        Equation(row[0], row[1])
        for row in rows
        if len(row) > 1 and isinstance(row[0], Symbol) and isinstance(row[1], Apply)
    ]


def _is_number(step: Step) -> bool:
    value = step.value
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and step.shown is not None
        and not step.definition
        and step.place != "sentence"
    )


def _is_formula(step: Step) -> bool:
    """Whether a definition's right side can be typed: numbers, plain names, and what a formula may apply to them."""
    if not (step.definition and isinstance(step.statement, Equation) and step.statement.relation == "="):
        return False
    parts = list(postorder(step.statement.right))
    names = [part for part in parts if isinstance(part, Symbol)]
    return (
        all(isinstance(part, Number | Symbol | Apply) for part in parts)
        and len(names) > 0
        and all(name.name.isidentifier() for name in names)
        and not isinstance(step.statement.right, Symbol)
    )


def _right(step: Step) -> Node:
    return step.statement.right if isinstance(step.statement, Equation) else step.statement or Number(0)


def _asked(step: Step) -> str:
    if isinstance(step.statement, Equation):
        return _read(step.statement.left)
    return _read(step.statement) if step.statement is not None else ""


def _read(node: Node) -> str:
    return to_text(legible(node))


def _line(step: Step) -> str:
    """Return a line as it is read: left = right = right with numbers ≈ value."""
    parts: list[str] = []
    for link in chain(step):
        parts += [str(link.relation)] if link.relation else []
        parts.append(to_text(link.part) if isinstance(link.part, Node) else str(link.part))
    return " ".join(parts)


def _in_short(step: Step) -> str:
    """Return a line that is told without being asked: left ≈ value."""
    return f"{_asked(step)} {'=' if step.exact else '≈'} {to_text(step.shown) if step.shown is not None else ''}"


def _shown_input(value: Any) -> str:
    """Return a number or a short array as it is typed; of a long one the first and the last."""
    array = np.asarray(value)
    if array.size == 1:
        return grouped(shown(array.item()).text)
    if array.ndim > 1:
        return ", ".join(f"[{_shown_input(row)}]" for row in array)
    texts = [grouped(shown(number).text) for number in array.tolist()]
    return ", ".join(texts if len(texts) <= 12 else [*texts[:6], "…", texts[-1]])
