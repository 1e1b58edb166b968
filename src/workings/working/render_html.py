"""A working as HTML with MathML: a fragment for a page, one step for a place in it, or a document of its own."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from workings.expression import Node, Number, Partial, display_width, mathml_pieces, postorder, to_mathml, to_text
from workings.language import Language, Message, get_language, message, use_language
from workings.working.account import checked, scope_note, shared_scope
from workings.working.cells import cell, heading, is_numeric, rows_left_out, shown_rows
from workings.working.chain import chain
from workings.working.conventions import in_a_sentence
from workings.working.model import Step, Table, Working
from workings.working.sentences import sentence
from workings.working.verification import Verification

__all__ = ["STYLE", "render_html", "render_in_notebook", "step_to_html", "steps_to_html"]

# For a page that embeds fragments as well: every rule is below .working or .working-step.
STYLE = """
.working { max-width: 46rem; line-height: 1.5; }
.working-steps { padding-left: 2.2rem; }
.working-step { margin: 0.7rem 0; break-inside: avoid; }
.working-title { font-weight: 600; }
.working-step summary { cursor: pointer; }
.working-formula { margin: 0 0 0 1rem; padding: 0.4rem 0; overflow-x: auto; }
.working-formula .working-link { display: inline-block; white-space: nowrap; padding: 0.2rem 0; }
.working-formula .working-long { white-space: normal; }
.working-inline { white-space: nowrap; }
.working-note { margin: 0.2rem 0; color: #555; }
.working-scope { margin: 0; color: #767676; font-size: 0.75em; line-height: 1.3; }
.working-scroll { overflow-x: auto; }
.working-table { border-collapse: collapse; margin: 0.5rem 0; font-variant-numeric: tabular-nums; }
.working-table th, .working-table td { padding: 0.15rem 0.7rem; border-bottom: 1px solid #ddd; text-align: left; }
.working-table .working-number { text-align: right; }
.working-foot { display: grid; grid-template-columns: max-content 1fr; gap: 0.3rem 1rem; margin: 0.8rem 0; }
.working-foot dt { font-weight: 600; }
.working-foot dd { margin: 0; }
""".strip()

_PAGE_STYLE = """
body { font-family: system-ui, "Noto Sans", "Noto Sans CJK KR", sans-serif; }
body { margin: 2rem auto; padding: 0 1rem; max-width: 48rem; }
""".strip()

# A notebook has styles of its own, which may take a list's numbers and a heading's size away, and may be dark.
_NOTEBOOK_STYLE = """
.working-question { font-size: 1.2em; font-weight: 600; margin: 0.4rem 0 0.8rem; }
.working-steps { list-style: decimal; }
.working-note, .working-scope { color: inherit; opacity: 0.75; }
.working-table { margin-left: 1rem; }
.working-table th, .working-table td { border-bottom-color: #8888; }
""".strip()


# A formula of no more columns fits a line of a telephone.
_SHORT = 24

# A browser may break a line before and after any formula; signs and Korean particles that touch it stay with it.
_ONE = r"<math\b(?:(?!</math>).)*</math>"
_TOUCHING = r"(?:[).,:;가-힣]|&quot;)"
_TOUCHED = re.compile(rf"\({_ONE}{_TOUCHING}*|{_ONE}{_TOUCHING}+", re.DOTALL)


def render_html(working: Working, lang: Language | None = None, *, document: bool = False) -> str:
    """Return ``working`` as HTML; see :meth:`Working.to_html`."""
    with use_language(lang):
        fragment = _section(working)
        if not document:
            return fragment
        title = sentence(working.question, None, escape=html.escape, formula=lambda node: html.escape(to_text(node)))
        return (
            f'<!DOCTYPE html>\n<html lang="{get_language()}">\n<head>\n<meta charset="utf-8"/>\n'
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n"
            '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
            f"<title>{title}</title>\n<style>\n{_PAGE_STYLE}\n{STYLE}\n</style>\n</head>\n"
            f"<body>\n{fragment}\n</body>\n</html>\n"
        )


def render_in_notebook(working: Working) -> str:
    """Return ``working`` as HTML that brings its style along, in the language that is spoken."""
    return f"<style>\n{STYLE}\n{_NOTEBOOK_STYLE}\n</style>\n{_section(working)}"


def step_to_html(working: Working, key: str, lang: Language | None = None) -> str:
    """Return one step of ``working``, with what is below it, as an HTML fragment; the working is verified first.

    Raises
    ------
    WorkingsError
        If there is no step of this key.
    WorkingError
        If a line of the working disagrees.
    """
    return steps_to_html(working, (key,), lang)


def steps_to_html(working: Working, keys: Iterable[str], lang: Language | None = None) -> str:
    """Return some steps of ``working`` as :func:`step_to_html` does; what their checks share is said once below them.

    Raises
    ------
    WorkingsError
        If there is no step of one of these keys.
    WorkingError
        If a line of the working disagrees.
    """
    steps = [working.step(key) for key in keys]
    with use_language(lang):
        outcome = working.verification.only({below.key for step in steps for below in step.walk()})
        contents = [_content(step, outcome) for step in steps]
        if contents and (shared := shared_scope(outcome)) is not None:
            contents[-1] += f'\n<p class="working-scope">{_say(shared)}</p>'
        return "".join(f'<div class="working-step">{content}</div>' for content in contents)


def _section(working: Working) -> str:
    outcome = working.verification
    out = [
        f'<section class="working" lang="{get_language()}">',
        f'<h2 class="working-question">{_say(working.question)}</h2>',
        _steps(working.steps, outcome),
    ]
    if working.result is not None:
        out.append(f'<p class="working-result"><strong>{_say(message("Result"))}</strong> {_say(working.result)}</p>')
    out.append('<dl class="working-foot">')
    out += [_term(message("Convention"), _say(in_a_sentence(each))) for each in working.conventions]
    for step in working.steps:
        if step.place == "remark":
            notes = "".join(f": {_say(note)}" for note in (step.note, scope_note(step, outcome)) if note is not None)
            out.append(_term(step.title, _formula(step) + notes))
    out += [_term(message("Note"), _say(note)) for note in working.notes]
    out.append(_term(message("Checked"), " ".join(_say(text) for text in checked(outcome))))
    return "\n".join([*out, "</dl>", "</section>"])


def _steps(steps: tuple[Step, ...], outcome: Verification) -> str:
    items = [f'<li class="working-step">{_content(step, outcome)}</li>' for step in steps if step.place == "line"]
    return "\n".join(['<ol class="working-steps">', *items, "</ol>"])


def _content(step: Step, outcome: Verification) -> str:
    title = f'<span class="working-title">{_say(step.title)}</span>'
    if step.closed:
        return f"<details><summary>{title}</summary>\n{_below(step, outcome)}\n</details>"
    return f"{title}\n{_below(step, outcome)}"


def _below(step: Step, outcome: Verification) -> str:
    """Return what stands below a step's title."""
    out: list[str] = []
    if step.statement is not None:
        out.append(f'<div class="working-formula">{_formula(step)}</div>')
    if step.table is not None:
        out.append(_table(step.table))
    for kind, note in (("note", step.note), ("scope", scope_note(step, outcome))):
        if note is not None:
            out.append(f'<p class="working-{kind}">{_say(note)}</p>')
    if step.substeps:
        out.append(_steps(step.substeps, outcome))
    return "\n".join(out)


def _formula(step: Step) -> str:
    """Return a line's parts, each whole; a narrow page breaks between them, before a relation."""
    out: list[str] = []
    for link in chain(step):
        sign = f"{html.escape(link.relation)} " if link.relation else ""
        parts = [_say(link.part)] if not isinstance(link.part, Node) else _math_in_pieces(link.part)
        if len(parts) == 1:
            out.append(f'<span class="working-link">{sign}{parts[0]}</span>')
        else:
            first = f'<span class="working-inline">{sign}{parts[0]}</span>'
            out.append(f'<span class="working-link working-long">{first}{"".join(parts[1:])}</span>')
    return " ".join(out)


def _math(node: Node) -> str:
    return _in_full_size(to_mathml(node, display="inline"))


def _math_in_pieces(node: Node) -> list[str]:
    """Return a formula, where it is long in pieces between which a line may be broken."""
    if display_width(to_text(node)) <= _SHORT:
        return [_math(node)]
    return [_in_full_size(piece) for piece in mathml_pieces(node)]


def _in_full_size(element: str) -> str:
    # A fraction in a line of its own has figures of full size.
    return element.replace("<math ", '<math displaystyle="true" ', 1)


def _table(table: Table) -> str:
    rows, cut = shown_rows(table)
    places = range(len(table.columns))
    kinds = [' class="working-number"' if is_numeric(table, place) else "" for place in places]
    heads = zip(kinds, table.columns, strict=True)
    out = ['<div class="working-scroll"><table class="working-table">', "<thead><tr>"]
    out += [f'<th scope="col"{kind}>{_cell(heading(column))}</th>' for kind, column in heads]
    out.append("</tr></thead><tbody>")
    for place, row in enumerate(rows):
        if place == cut:
            out.append(f'<tr><td colspan="{len(table.columns)}">⋮</td></tr>')
        cells = zip(kinds, row, strict=True)
        out.append("<tr>" + "".join(f"<td{kind}>{_cell(cell(value))}</td>" for kind, value in cells) + "</tr>")
    out.append("</tbody></table></div>")
    for note in (rows_left_out(table), table.note):
        if note is not None:
            out.append(f'<p class="working-note">{_say(note)}</p>')
    return "\n".join(out)


def _cell(value: Node | Message | str) -> str:
    if isinstance(value, Node):
        return _inline(value)
    return _say(value) if value != "" else ""


def _term(label: Message, content: str) -> str:
    return f"<dt>{_say(label)}</dt><dd>{content}</dd>"


def _say(text: Message | str) -> str:
    said = sentence(text, None, escape=html.escape, formula=_inline)
    return _TOUCHED.sub(r'<span class="working-inline">\g<0></span>', said)


def _inline(node: Node) -> str:
    if isinstance(node, Number):
        return html.escape(to_text(node)).replace("-", "\N{MINUS SIGN}")
    # A derivative is a fraction whose letters must be read; in figures of half the size they are not.
    return (
        _math(node) if any(isinstance(part, Partial) for part in postorder(node)) else to_mathml(node, display="inline")
    )
