"""A working for a terminal: numbered lines, fractions in two dimensions, aligned by display width, plain text only."""

from __future__ import annotations

from itertools import zip_longest

from workings.expression import Box, Node, Partial, display_width, in_ascii, to_box, to_text
from workings.language import Language, Message, message, use_language
from workings.working.account import checked, scope_note
from workings.working.blocks import (
    beside,
    cut,
    narrowest_cell,
    one_line,
    padded,
    wrapped,
    wrapped_cell,
    wrapped_formula,
)
from workings.working.cells import cell, heading, is_numeric, rows_left_out, shown_rows
from workings.working.chain import Link, chain
from workings.working.conventions import in_a_sentence
from workings.working.model import Step, Table, Working
from workings.working.resting import how_to_open, parts_closed, size_of_part
from workings.working.sentences import sentence
from workings.working.verification import Verification

__all__ = ["render_text"]

_NARROWEST_TITLE, _WIDEST_TITLE = 19, 28
_NARROWEST = 40
_RELATION_WIDTH = 3
_NEAR_MARGIN = 1
_NARROWEST_COLUMN = 6


def render_text(working: Working, lang: Language | None = None, *, width: int = 80, ascii_only: bool = False) -> str:
    """Return ``working`` as text; see :meth:`Working.to_text`."""
    with use_language(lang):
        return _Page(working, max(width, _NARROWEST), ascii_only).written()


class _Page:
    def __init__(self, working: Working, width: int, ascii_only: bool) -> None:
        self._working = working
        self._outcome: Verification = working.verification
        self._width = width
        self._ascii = ascii_only
        self._labels = dict(_labelled(working.steps, ""))
        titles = [display_width(self._say(step.title)) for step in self._labels if step.statement is not None]
        self._label_width = max((len(label) for label in self._labels.values()), default=1)
        fitting = max((title for title in titles if title <= _WIDEST_TITLE), default=0)
        self._title_width = min(max(fitting, _NARROWEST_TITLE), width // 3)
        self._indent = 4 + self._label_width + self._title_width + 2

    def written(self) -> str:
        working = self._working
        lines = [*wrapped(self._say(working.question), self._width), ""]
        for step in self._labels:
            lines += self._step(step)
        if lines[-1]:
            lines.append("")
        if working.result is not None:
            lines += [*self._labelled(message("Result"), self._say(working.result), 0), ""]
        foot = [
            *((message("Convention"), self._say(in_a_sentence(convention))) for convention in working.conventions),
            *((step.title, self._remark(step)) for step in working.steps if step.place == "remark"),
            *((message("Note"), self._say(note)) for note in working.notes),
            *((message("Closer look"), self._say(how_to_open(parts))) for parts in [parts_closed(working)] if parts),
            (message("Checked"), " ".join(self._say(text) for text in checked(self._outcome))),
        ]
        widest = max(display_width(self._say(label)) for label, _ in foot)
        for label, text in foot:
            lines += self._labelled(label, text, widest)
        return self._plain("\n".join(line.rstrip() for line in lines))

    def _step(self, step: Step) -> list[str]:
        label = "  " + padded(self._labels[step], self._label_width, right="." not in self._labels[step]) + "  "
        title = self._say(step.title)
        if step.closed:
            title = f"{title}: {self._say(size_of_part(step))}"
        content = self._formula(step, self._width - self._indent)
        # What is too wide for the right half stands below its title, over the page's whole width; so do notes there.
        below_title = not content
        if content is None and not step.brief:
            content, below_title = self._broken(step, self._width - len(label)), True
        elif content is None or (step.brief and self._is_stacked(step, content)):
            lower = self._lower(step, self._width - len(label))
            # Below its title it takes a row more, and where it stands in one row none is left free below it.
            if content is None or 1 + _rows(lower) < _rows(content):
                content, below_title = lower, True
        indent = " " * (len(label) if below_title else self._indent)
        if display_width(title) <= self._title_width and not below_title:
            lines = [label + padded(title, self._title_width) + "  " + content[0]]
            lines += [indent + line for line in content[1:]]
        else:
            room = self._width - len(label)
            lines = [(label if not place else " " * len(label)) + t for place, t in enumerate(wrapped(title, room))]
            lines += [indent + line for line in content]
        below: list[str] = []
        if step.table is not None:
            below += [" " * len(label) + line for line in self._table(step.table, self._width - len(label))]
        for note in (step.note, scope_note(step, self._outcome)):
            if note is not None:
                below += [indent + line for line in wrapped(self._say(note), self._width - len(indent))]
        tall = len(content) > 1 or step.table is not None
        return [*lines, *below, ""] if tall else [*lines, *below]

    def _formula(self, step: Step, room: int) -> list[str] | None:
        """Return a line's parts side by side, going on below at a relation where the room ends; None if one is wider.

        Relations stand below each other: behind the left side where that is short, else near the margin.
        """
        links = chain(step)
        flat = "".join(self._relation(link.relation) + self._one_line(link) for link in links)
        if links and (_is_arithmetic(step) or self._is_flat(links)) and display_width(flat) <= room:
            return [flat]
        parts = [self._part(link.part) for link in links]
        widest = max((part.width for part in parts[1:]), default=0) + _RELATION_WIDTH
        if any(part.width > room for part in parts[:1]) or _NEAR_MARGIN + widest > room:
            return None
        short = bool(parts) and parts[0].width <= room // 3 and parts[0].width + widest <= room
        return self._set(links, parts, room, parts[0].width if short else _NEAR_MARGIN)

    def _is_stacked(self, step: Step, content: list[str]) -> bool:
        """Whether parts stand below each other for want of room: in more rows than the tallest of them has."""
        return len(content) > max((len(self._part(link.part).lines) for link in chain(step)), default=0)

    def _lower(self, step: Step, room: int) -> list[str]:
        """Return a line's parts over the whole width, that of a derivative on one line where that is shorter."""
        written = self._formula(step, room) or self._broken(step, room)
        links = chain(step)
        if len(links) < 2 or not isinstance(links[0].part, Partial):
            return written
        text = "".join(self._relation(link.relation) + self._one_line(link) for link in links)
        # Beside what fills its lines ∂J/∂m need not stand in three.
        return [text] if display_width(text) <= room else min(written, self._broken(step, room, flat=True), key=len)

    def _broken(self, step: Step, room: int, *, flat: bool = False) -> list[str]:
        """Return a line's parts as :meth:`_formula` does; one that is too wide is written on one line and broken.

        ``flat`` writes each part on one line.
        """
        links = chain(step)
        boxes = [one_line(self._one_line(link)) if flat else self._part(link.part) for link in links]
        margin = boxes[0].width if boxes[0].width <= room // 4 else _NEAR_MARGIN
        if any(room - margin < box.width + _RELATION_WIDTH <= room - _NEAR_MARGIN for box in boxes[1:]):
            margin = _NEAR_MARGIN
        free = [room] + [room - margin - _RELATION_WIDTH] * (len(links) - 1)
        parts = [
            box if box.width <= width else self._in_lines(link, width)
            for link, box, width in zip(links, boxes, free, strict=True)
        ]
        return self._set(links, parts, room, margin)

    def _in_lines(self, link: Link, width: int) -> Box:
        """Return a part in lines filled up to ``width``, so that nothing is set beside it."""
        lines = wrapped_formula(self._one_line(link), width)
        return Box(tuple(padded(line, width) for line in lines), 0, width)

    def _set(self, links: tuple[Link, ...], parts: list[Box], room: int, margin: int) -> list[str]:
        """Return parts in rows of at most ``room``: as many beside each other as fit, relations at the margin."""
        rows: list[Box] = []
        for link, part in zip(links, parts, strict=True):
            relation = one_line(self._relation(link.relation))
            if rows and (longer := beside((rows[-1], relation, part))).width <= room:
                rows[-1] = longer
            else:
                rows.append(beside((one_line(" " * margin), relation, part)) if rows else part)
        return [line for row in rows for line in row.lines]

    def _is_flat(self, links: tuple[Link, ...]) -> bool:
        """Whether nothing but the name of a derivative would be taller than a line: ∂v/∂x = 2·x reads as it stands."""
        first, *rest = (link.part for link in links)
        return isinstance(first, Partial) and all(
            not isinstance(part, Node) or len(to_box(part, ascii=self._ascii).lines) == 1 for part in rest
        )

    def _part(self, part: Node | Message) -> Box:
        """Return a formula in two dimensions, words on a line."""
        return to_box(part, ascii=self._ascii) if isinstance(part, Node) else one_line(self._say(part))

    def _relation(self, relation: str) -> str:
        sign = ":  " if relation == ":" else f" {relation} " if relation else ""
        return self._plain(sign)

    def _remark(self, step: Step) -> str:
        text = "".join(self._relation(link.relation) + self._one_line(link) for link in chain(step))
        for note in (step.note, scope_note(step, self._outcome)):
            if note is not None:
                text = f"{text}: {self._say(note)}"
        return text

    def _one_line(self, link: Link) -> str:
        return to_text(link.part, ascii=self._ascii) if isinstance(link.part, Node) else self._say(link.part)

    def _table(self, table: Table, room: int) -> list[str]:
        rows, cut_at = shown_rows(table)
        grid = [[heading(column) for column in table.columns], *([cell(value) for value in row] for row in rows)]
        texts = [[self._cell(value) for value in row] for row in grid]
        widths = [max(map(display_width, column)) for column in zip(*texts, strict=True)]
        rights = [is_numeric(table, place) for place in range(len(table.columns))]
        # Where the columns do not fit, the widest of words and formulas give way: a number cut short would be another.
        least = [_NARROWEST_COLUMN] * len(widths)
        for row, written in zip(grid, texts, strict=True):
            for place, (value, text) in enumerate(zip(row, written, strict=True)):
                if not isinstance(value, str):
                    least[place] = max(least[place], min(narrowest_cell(text), room // 3))
        words = [place for place, right in enumerate(rights) if not right]
        while sum(widths) + 2 * (len(widths) - 1) > room:
            wide = [place for place in words if widths[place] > least[place]]
            if not wide:
                break
            widths[max(wide, key=widths.__getitem__)] -= 1

        def lines_of(number: int, places: list[int]) -> list[str]:
            cells = [self._in_cell(grid[number][k], texts[number][k], widths[k]) for k in places]
            return [
                "  ".join(padded(text, widths[k], right=rights[k]) for k, text in zip(places, line, strict=True))
                for line in zip_longest(*cells, fillvalue="")
            ]

        lines: list[str] = []
        for places in _side_by_side(widths, room):
            rule = ("-" if self._ascii else "─") * (sum(widths[k] for k in places) + 2 * (len(places) - 1))
            lines += [*([""] if lines else []), *lines_of(0, places), rule]
            for number in range(1, len(texts)):
                if cut_at is not None and number == cut_at + 1:
                    lines.append("..." if self._ascii else "⋮")
                lines += lines_of(number, places)
        for note in (rows_left_out(table), table.note):
            if note is not None:
                lines += wrapped(self._say(note), room)
        return lines

    def _cell(self, value: Node | Message | str) -> str:
        if value == "":
            return ""
        return to_text(value, ascii=self._ascii) if isinstance(value, Node) else self._say(value)

    def _in_cell(self, value: Node | Message | str, text: str, width: int) -> list[str]:
        """Return a cell in lines: what was worked out is whole, a name from outside is cut where it does not fit."""
        return [cut(text, width, "~" if self._ascii else "…")] if isinstance(value, str) else wrapped_cell(text, width)

    def _labelled(self, label: Message, text: str, label_width: int) -> list[str]:
        name = self._say(label)
        head = "  " + padded(name, label_width) + "  "
        room = max(self._width - display_width(head), _NARROWEST // 2)
        first, *rest = wrapped(text, room)
        return [head + first, *(" " * display_width(head) + line for line in rest)]

    def _say(self, text: Message | str) -> str:
        return sentence(text, None, escape=self._plain, formula=lambda node: to_text(node, ascii=self._ascii))

    def _plain(self, text: str) -> str:
        return in_ascii(text) if self._ascii else text


def _labelled(steps: tuple[Step, ...], prefix: str) -> list[tuple[Step, str]]:
    """Number the lines: 1, 2, 3, and what a part holds 3.1, 3.2."""
    labels: list[tuple[Step, str]] = []
    lines = [step for step in steps if step.place == "line"]
    for place, step in enumerate(lines, 1):
        label = f"{prefix}{place}"
        labels += [(step, label), *_labelled(() if step.closed else step.substeps, f"{label}.")]
    return labels


def _side_by_side(widths: list[int], room: int) -> list[list[int]]:
    """Return which columns stand side by side: all that fit, and the rest below them, each time after the first."""
    parts = [[0]]
    for place in range(1, len(widths)):
        whole = [*parts[-1], place]
        if sum(widths[k] for k in whole) + 2 * (len(whole) - 1) > room and len(parts[-1]) > 1:
            parts.append([0, place])
        else:
            parts[-1].append(place)
    return parts


def _rows(content: list[str]) -> int:
    """Return how many rows a formula takes, with the one that is left free below it where it has several."""
    return len(content) + (len(content) > 1)


def _is_arithmetic(step: Step) -> bool:
    """Whether a line is plain arithmetic on numbers, which reads best as one would type it: 1 / 1.11114 ≈ 0.89998."""
    return step.value is not None and not any(
        isinstance(link.part, Node) and link.part.symbolic for link in chain(step)
    )
