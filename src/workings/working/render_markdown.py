"""A working as Markdown: formulas in LaTeX between dollar signs, tables with pipes."""

from __future__ import annotations

import re

from workings.expression import Node, Number, to_latex, to_text
from workings.language import Language, Message, message, use_language
from workings.working.account import checked, scope_note
from workings.working.cells import cell, heading, is_numeric, rows_left_out, shown_rows
from workings.working.conventions import in_a_sentence
from workings.working.model import Step, Table, Working
from workings.working.render_latex import formula_latex as latex_of_line
from workings.working.resting import how_to_open, parts_closed, size_of_part
from workings.working.sentences import sentence

__all__ = ["render_markdown"]

_MARKED = re.compile(r"([\\`*_{}\[\]|$~#])")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_LIST_MARK = re.compile(r"^(\d+)([.)])(?=\s)|^([-+=])")


def render_markdown(working: Working, lang: Language | None = None) -> str:
    """Return ``working`` as Markdown; see :meth:`Working.to_markdown`."""
    with use_language(lang):
        return "\n\n".join(_paragraphs(working)) + "\n"


def _paragraphs(working: Working) -> list[str]:
    outcome = working.verification
    out = [f"## {_say(working.question)}"]

    def steps(below: tuple[Step, ...], prefix: str) -> None:
        numbered = [step for step in below if step.place == "line"]
        for place, step in enumerate(numbered, 1):
            label = f"{prefix}{place}"
            out.append(f"**{label}** {_say(step.title)}")
            if step.statement is not None:
                out.append(f"$$\n{_line(step)}\n$$")
            if step.table is not None:
                out.append(_table(step.table))
                out.extend(
                    _paragraph(note) for note in (rows_left_out(step.table), step.table.note) if note is not None
                )
            out.extend(_paragraph(note) for note in (step.note, scope_note(step, outcome)) if note is not None)
            if step.closed:
                out[-1] += f": {_say(size_of_part(step))}"
            else:
                steps(step.substeps, f"{label}.")

    steps(working.steps, "")
    if working.result is not None:
        out.append(_labelled(message("Result"), _say(working.result)))
    out += [_labelled(message("Convention"), _say(in_a_sentence(each))) for each in working.conventions]
    for step in working.steps:
        if step.place == "remark":
            notes = "".join(f": {_say(note)}" for note in (step.note, scope_note(step, outcome)) if note is not None)
            out.append(_labelled(step.title, f"${_line(step)}${notes}"))
    out += [_labelled(message("Note"), _say(note)) for note in working.notes]
    if parts := parts_closed(working):
        out.append(_labelled(message("Closer look"), _say(how_to_open(parts))))
    out.append(_labelled(message("Checked"), " ".join(_say(text) for text in checked(outcome))))
    return out


def _line(step: Step) -> str:
    return _without_tags(latex_of_line(step))


def _without_tags(formula: str) -> str:
    """Part what could open a tag where a reader's Markdown lets HTML through: no tag begins with "< "."""
    return _TAG.sub("< ", formula)


def _labelled(label: Message, text: str) -> str:
    return f"**{_say(label)}** {text}"


def _table(table: Table) -> str:
    rows, cut = shown_rows(table)
    lines = [
        _row([_cell(heading(column)) for column in table.columns]),
        _row(["---:" if is_numeric(table, place) else "---" for place in range(len(table.columns))]),
    ]
    for place, row in enumerate(rows):
        if place == cut:
            lines.append(_row(["⋮", *[""] * (len(table.columns) - 1)]))
        lines.append(_row([_cell(cell(value)) for value in row]))
    return "\n".join(lines)


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(value: Node | Message | str) -> str:
    if isinstance(value, Node):
        # A pipe would end the cell, even inside a formula.
        return _formula(value).replace("|", r"\vert ")
    return _say(value) if value != "" else ""


def _paragraph(text: Message) -> str:
    return _LIST_MARK.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[3]}", _say(text))


def _say(text: Message | str) -> str:
    return sentence(text, None, escape=_escape, formula=_formula)


def _formula(node: Node) -> str:
    if isinstance(node, Number):
        return _escape(to_text(node)).replace("-", "\N{MINUS SIGN}")
    return f"${_without_tags(to_latex(node))}$"


def _escape(text: str) -> str:
    escaped = _MARKED.sub(r"\\\1", text.replace("&", "&amp;"))
    return escaped.replace("<", "&lt;").replace(">", "&gt;")
