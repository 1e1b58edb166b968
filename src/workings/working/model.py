"""What a worked explanation is: a tree of typed data that can be checked, translated and rendered anywhere."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from workings.errors import InputError, WorkingsError
from workings.expression import Equation, Node, Number
from workings.language import Language, Message, message
from workings.once import cached_property
from workings.working.rule import Rule

if TYPE_CHECKING:
    from workings.working.practice import Practice
    from workings.working.verification import Verification

__all__ = ["Convention", "Derived", "Input", "InputSummary", "Place", "Step", "Table", "Working"]

# Where a step stands: as a numbered line, below the result, or only inside the sentence that quotes it.
Place = Literal["line", "remark", "sentence"]


def _bound(told: Derived | Step) -> None:
    """Take a bound for none that is infinite or NaN: with it every number would pass."""
    if not math.isfinite(told.absolute):
        object.__setattr__(told, "absolute", 0.0)


@dataclass(frozen=True, eq=False)
class Derived:
    """A number in a cell of a table whose rows follow each from a formula of its own, or in a sentence.

    Parameters
    ----------
    value
        What was computed, at full precision; it is what the cell or the sentence shows.
    statement
        ``equation(left, right)``: the value is checked against the right side, and the left side is then known to the
        cells and lines below; or a bare expression, which is known itself.
    absolute
        How far the value may lie from the statement's true value, beside what its table allows.
    digits
        How many significant digits are shown; None for as many as any number has. Of 0 the cell says how far from zero
        the value may be: rounding has left nothing of it.
    words
        What stands in place of the values 0, 1, 2, ...: a class by its place, a decision. The value is checked.
    """

    value: float | int
    statement: Node
    absolute: float = 0.0
    digits: int | None = None
    words: tuple[Message | str, ...] = ()

    def __post_init__(self) -> None:
        _bound(self)

    def __str__(self) -> str:
        from workings.working.cells import cell

        return str(cell(self))

    @property
    def right(self) -> Node:
        """What the statement says the value is."""
        return self.statement.right if isinstance(self.statement, Equation) else self.statement

    @property
    def left(self) -> Node:
        """What becomes known by this cell."""
        return self.statement.left if isinstance(self.statement, Equation) else self.statement


Cell = Node | Message | Derived | str | int | float | None


@dataclass(frozen=True, eq=False)
class Table:
    """Rows that say it better than lines.

    Parameters
    ----------
    columns
        The headings. One that is an equation says how its cells follow from the others of their row (and from what
        is known): its left side is the heading, and every cell below is checked against its right side.
    rows
        The cells: numbers at full precision (shown to the digits that they have), text, messages or nodes; a
        :class:`Derived` number is checked against its own statement.
    total
        How many rows there are in truth, where ``rows`` holds only some; None if it holds them all.
    note
        What to notice.
    whole
        True if every row is drawn, however many there are: they were asked for.
    """

    columns: tuple[Node | Message | str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int | None = None
    note: Message | None = None
    whole: bool = False


@dataclass(frozen=True, eq=False)
class InputSummary:
    """What is kept of a long array where the array itself cannot go, as in a JSON file."""

    shape: tuple[int, ...]
    dtype: str
    first: tuple[float, ...]
    last: tuple[float, ...]
    minimum: float
    maximum: float


@dataclass(frozen=True, eq=False)
class Input:
    """Something that the derivation starts from.

    Parameters
    ----------
    name
        The symbol's name.
    value
        A number, or an array by reference (never copied), or the summary that is left of one.
    description
        What it is, in words.
    source
        "rows" if it was given or read row by row, "state" if it was merged from pieces while data streamed by.
    """

    name: str
    value: Any
    description: Message | None = None
    source: Literal["rows", "state"] = "rows"


@dataclass(frozen=True, eq=False)
class Step:
    """One line: a rule, the statement in symbols, the same with the numbers in, and the value.

    Parameters
    ----------
    key
        The name by which a step is found and an error names it; unique in its working.
    title
        What this line does.
    rule
        Why it follows.
    statement
        The line in symbols: an equation, an expression, or the condition that is claimed.
    substitution
        The same with the numbers in, to the digits that are shown.
    value
        What was computed, at full precision; True for a claim; NaN where it is undefined; None if nothing is.
    shown
        The value as the reader sees it; None where it is undefined.
    exact
        True if the digits shown in ``substitution`` give ``shown`` exactly (``=`` rather than ``≈``).
    tolerance, absolute
        How far ``value`` may lie from the statement's true value: relative, and absolute.
    table, substeps, note
        Rows, lines that this one consists of, and what to notice here.
    definition
        True for a line that introduces a symbol: it is shown, and not counted among what was checked.
    brief
        True if the symbols' right side was said above and is not repeated.
    folded
        True if what the numbers make of the symbols is too long to be read: it is checked, and not shown.
    place
        Where the step stands.
    closed
        True for a part of which a page has the title and the number of lines; :meth:`Working.at` opens it. All of its
        lines are checked.
    """

    key: str
    title: Message
    rule: Rule
    statement: Node | None = None
    substitution: Node | None = None
    value: float | int | bool | None = None
    shown: Number | None = None
    exact: bool = False
    tolerance: float = 1e-9
    absolute: float = 0.0
    table: Table | None = None
    substeps: tuple[Step, ...] = ()
    note: Message | None = None
    definition: bool = False
    brief: bool = False
    folded: bool = False
    place: Place = "line"
    closed: bool = False

    def __post_init__(self) -> None:
        _bound(self)

    @property
    def right(self) -> Node | None:
        """What the statement says the value is: the right side of an equation, else the statement itself."""
        if isinstance(self.statement, Equation) and self.statement.relation == "=":
            return self.statement.right
        return self.statement

    @property
    def left(self) -> Node | None:
        """What becomes known by this line: the left side of an equation, else the statement itself."""
        if isinstance(self.statement, Equation) and self.statement.relation == "=":
            return self.statement.left
        return self.statement

    def walk(self) -> Iterator[Step]:
        """Yield this step and all below it, in reading order."""
        waiting: list[Step] = [self]
        while waiting:
            step = waiting.pop()
            yield step
            waiting.extend(reversed(step.substeps))

    @property
    def lines(self) -> int:
        """How many lines and rows of tables a part holds, itself and the headings of smaller parts not counted."""
        lines = (step for step in self.walk() if step.place == "line" and not step.substeps)
        return sum(len(step.table.rows) if step.table is not None else 1 for step in lines)


@dataclass(frozen=True, eq=False)
class Convention:
    """What was chosen where the field has two habits, and what the rival would have given.

    Parameters
    ----------
    name
        What there is to choose, or None where the choice says it.
    chosen, rival
        The two habits, each as the half of a sentence that a semicolon joins.
    rival_value
        What the rival gives for this data; the sentence ``rival`` says it.
    statement
        From what the rival's value follows; it is then checked like a line.
    """

    name: Message | None
    chosen: Message
    rival: Message
    rival_value: float | int | None = None
    statement: Node | None = None


@dataclass(frozen=True, eq=False)
class Working:
    """A derivation: the question, the lines with your own numbers, the result, and what was chosen on the way.

    Made by a :class:`~workings.working.Derivation`. It holds the caller's arrays by reference, so verify it before
    they change.

    Parameters
    ----------
    subject
        The room it comes from, such as "sigmoid".
    question
        What is to be found out.
    steps
        The lines in the order of the derivation.
    result
        The answer as a sentence.
    conventions
        The choices.
    inputs
        What it starts from, by symbol name.
    notes
        What else to know.
    more
        Gives the working of a closer look; asked by :meth:`at`, whose arguments it takes.
    checked
        The outcome of a check that can no longer be repeated (a long input was not kept in a JSON file).
    """

    subject: str
    question: Message
    steps: tuple[Step, ...]
    result: Message | None = None
    conventions: tuple[Convention, ...] = ()
    inputs: Mapping[str, Input] = field(default_factory=dict[str, Input])
    notes: tuple[Message, ...] = ()
    more: Callable[..., Working] | None = None
    checked: Verification | None = None

    def walk(self) -> Iterator[Step]:
        """Yield every step, substeps included, in the order of the derivation."""
        for step in self.steps:
            yield from step.walk()

    def step(self, key: str) -> Step:
        """Return the step of this key.

        Raises
        ------
        WorkingsError
            If there is none; the message names those that there are.
        """
        for step in self.walk():
            if step.key == key:
                return step
        keys = ", ".join(step.key for step in self.walk())
        raise WorkingsError(
            message("step: key must be that of a step; got {key}; try one of {keys}", key=repr(key), keys=keys)
        )

    def at(self, *place: Any, **where: Any) -> Working:
        """Return a closer look at one element, iteration, row or threshold.

        ``at(3)`` where elements are counted, ``at(row=17)`` or ``at(threshold=0.5)`` where they have names. A part
        that is closed is opened by its key, ``at(part="interval")``, with the lines that it rests on; all parts are
        by ``at(part="all")``.

        Raises
        ------
        WorkingsError
            If this working has no closer look, or none of these names.
        """
        if not place and set(where) == {"part"}:
            from workings.working.resting import opened_part, opens

            if opens(self, where["part"]):
                return opened_part(self, where["part"])
        if self.more is None:
            raise WorkingsError(message("at: this working has no closer look; every line is already shown"))
        looks = inspect.signature(self.more)
        try:
            looks.bind(*place, **where)
        except TypeError:
            raise InputError(
                message(
                    "at: a closer look must be named by {names}; got {got}",
                    names=", ".join(looks.parameters),
                    got=", ".join([*map(repr, place), *where]) or "-",
                )
            ) from None
        return self.more(*place, **where)

    def practise(self) -> Practice:
        """Return the same lines asked instead of told: ``question``, ``hint()``, ``answer(text)``, or ``run()``."""
        from workings.working.practice import Practice

        return Practice(self)

    def verify(self) -> Verification:
        """Evaluate every line again at 50 digits and hold it against what was computed and what is shown.

        Returns
        -------
        Verification
            How many lines, the largest error, and for each line from what it was evaluated.

        Raises
        ------
        WorkingError
            If a line disagrees; the message names the line and both values.
        WorkingsError
            If an input is no longer there in full.
        """
        from workings.working.verify import verify

        return verify(self)

    @cached_property
    def verification(self) -> Verification:
        """The outcome of :meth:`verify`, done once; every rendering ends with it."""
        return self.checked if self.checked is not None else self.verify()

    def to_text(self, lang: Language | None = None, width: int = 80, ascii: bool = False) -> str:
        """Return the working for a terminal, ``width`` columns wide; ``ascii`` uses no other characters.

        Raises
        ------
        WorkingError
            If a line does not verify: nothing unverified is rendered. The other renderers do the same.
        """
        from workings.working.render_text import render_text

        return render_text(self, lang, width=width, ascii_only=ascii)

    def to_markdown(self, lang: Language | None = None) -> str:
        """Return the working as Markdown with formulas in LaTeX."""
        from workings.working.render_markdown import render_markdown

        return render_markdown(self, lang)

    def to_html(self, lang: Language | None = None, document: bool = False) -> str:
        """Return the working as an HTML fragment with MathML, or as a self-contained ``document``."""
        from workings.working.render_html import render_html

        return render_html(self, lang, document=document)

    def to_latex(self, lang: Language | None = None) -> str:
        """Return the working as a whole LaTeX document, for xelatex or pdflatex; Korean needs kotex."""
        from workings.working.render_latex import render_latex

        return render_latex(self, lang)

    def to_json(self, lang: Language | None = None) -> str:
        """Return the working as JSON, which :meth:`from_json` reads; with ``lang``, its sentences rendered besides."""
        from workings.working.render_json import render_json

        return render_json(self, lang)

    @classmethod
    def from_json(cls, text: str) -> Working:
        """Return the working that :meth:`to_json` wrote.

        Raises
        ------
        WorkingsError
            If the text is no JSON, not a working, or of another version.
        """
        from workings.working.read_json import read_json

        return read_json(text)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<Working {self.subject}: {self.question}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Show itself in a notebook: HTML where that can be shown, else Markdown or text."""
        _, html = self._mime_()
        return {"text/html": html, "text/markdown": self.to_markdown(), "text/plain": self.to_text()}

    def _mime_(self) -> tuple[str, str]:
        """Show itself in marimo, which of several forms would make tabs."""
        from workings.working.render_html import render_in_notebook

        return "text/html", render_in_notebook(self)
