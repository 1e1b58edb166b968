r"""A working as a LaTeX document that compiles with any engine: amsmath for formulas, kotex where Hangul stands."""

from __future__ import annotations

import re
import unicodedata

from workings.expression import Node, to_latex
from workings.expression.names import latex_escape
from workings.language import Language, Message, message, use_language
from workings.working.account import checked, scope_note
from workings.working.cells import cell, heading, is_numeric, rows_left_out, shown_rows
from workings.working.chain import chain
from workings.working.conventions import in_a_sentence
from workings.working.model import Step, Table, Working
from workings.working.sentences import sentence

__all__ = ["formula_latex", "render_latex"]

# How signs in prose are set; formulas have commands of their own for them.
_SIGNS = {
    "≥": r"\ge", "≤": r"\le", "≈": r"\approx", "≠": r"\ne", "×": r"\times", "·": r"\cdot", "−": "-", "∞": r"\infty",
    "→": r"\to", "∂": r"\partial", "Σ": r"\sum", "√": r"\surd", "σ": r"\sigma", "μ": r"\mu", "β": r"\beta",
    "α": r"\alpha", "θ": r"\theta", "π": r"\pi", "Φ": r"\Phi", "∧": r"\land", "∨": r"\lor", "¬": r"\lnot",
}  # fmt: skip
_WORDS = {"…": r"\dots{}", "\N{THIN SPACE}": r"\,", "’": "'", "‘": "`", "“": "``", "”": "''", "–": "--", "⋮": r"\vdots"}
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_LAST_LATIN = 0x17F


def render_latex(working: Working, lang: Language | None = None) -> str:
    """Return ``working`` as a LaTeX document; see :meth:`Working.to_latex`."""
    with use_language(lang):
        body = "\n".join(_body(working))
    korean = r"\usepackage{kotex}" + "\n" if _HANGUL.search(body) else ""
    return (
        "\\documentclass{article}\n\\usepackage[T1]{fontenc}\n\\usepackage{amsmath,amssymb}\n"
        f"{korean}\\setlength{{\\parindent}}{{0pt}}\n\\begin{{document}}\n{_compilable(body)}\n\\end{{document}}\n"
    )


def formula_latex(step: Step) -> str:
    """Return a line for display mathematics: relations stand below each other where there are several."""
    links = chain(step)
    written = [to_latex(link.part) if isinstance(link.part, Node) else rf"\text{{{_say(link.part)}}}" for link in links]
    signs = [_relation(link.relation) for link in links]
    if len(links) <= 2:
        return " ".join(f"{sign} {part}".strip() for sign, part in zip(signs, written, strict=True))
    lines = [f"{written[0]} &{signs[1]} {written[1]}"]
    lines += [f"&{sign} {part}" for sign, part in zip(signs[2:], written[2:], strict=True)]
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def _body(working: Working) -> list[str]:
    outcome = working.verification
    lines = [rf"\section*{{{_say(working.question)}}}", ""]

    def steps(below: tuple[Step, ...], prefix: str) -> None:
        numbered = [step for step in below if step.place == "line"]
        for place, step in enumerate(numbered, 1):
            label = f"{prefix}{place}"
            lines.append(rf"\textbf{{{label}}}\quad {_say(step.title)}")
            lines.extend(_content(step))
            lines.extend(_say(note) + r"\par" for note in (step.note, scope_note(step, outcome)) if note is not None)
            lines.append(r"\medskip")
            lines.append("")
            steps(step.substeps, f"{label}.")

    steps(working.steps, "")
    foot: list[tuple[Message, str]] = []
    if working.result is not None:
        foot.append((message("Result"), _say(working.result)))
    foot += [(message("Convention"), _say(in_a_sentence(convention))) for convention in working.conventions]
    for step in working.steps:
        if step.place == "remark":
            notes = "".join(f": {_say(note)}" for note in (step.note, scope_note(step, outcome)) if note is not None)
            foot.append((step.title, f"${formula_latex(step)}${notes}"))
    foot += [(message("Note"), _say(note)) for note in working.notes]
    foot.append((message("Checked"), " ".join(_say(text) for text in checked(outcome))))
    lines += [r"\begin{description}", *(rf"\item[{{{_say(label)}}}] {text}" for label, text in foot)]
    lines.append(r"\end{description}")
    return lines


def _content(step: Step) -> list[str]:
    lines: list[str] = []
    if step.statement is not None:
        lines += [r"\[", formula_latex(step), r"\]"]
    if step.table is not None:
        lines += _table(step.table)
    return lines or [r"\par"]


def _table(table: Table) -> list[str]:
    rows, cut = shown_rows(table)
    columns = range(len(table.columns))
    layout = "".join("r" if is_numeric(table, place) else "l" for place in columns)
    lines = [r"\begin{center}\small", rf"\begin{{tabular}}{{{layout}}}"]
    lines += [" & ".join(_cell(heading(column)) for column in table.columns) + r" \\ \hline"]
    for place, row in enumerate(rows):
        if place == cut:
            lines.append(r"$\vdots$" + " &" * (len(table.columns) - 1) + r" \\")
        lines.append(" & ".join(_cell(cell(value)) for value in row) + r" \\")
    lines += [r"\end{tabular}", r"\end{center}"]
    lines += [_say(note) + r"\par" for note in (rows_left_out(table), table.note) if note is not None]
    return lines


def _cell(value: Node | Message | str) -> str:
    if value == "":
        return ""
    # A cell that begins with [ would be read as the optional argument of the \\ before it.
    return f"${to_latex(value)}$" if isinstance(value, Node) else f"{{}}{_say(value)}"


def _relation(relation: str) -> str:
    return {"": "", ":": r":\quad", "≈": r"\approx", "≠": r"\ne", "≤": r"\le", "≥": r"\ge"}.get(relation, relation)


def _say(text: Message | str) -> str:
    return sentence(text, None, escape=_escape, formula=lambda node: f"${to_latex(node)}$")


def _escape(text: str) -> str:
    # latex_escape trims what it is given; the spaces beside a formula must stay.
    core = text.strip(" ")
    if not core:
        return text
    start = len(text) - len(text.lstrip(" "))
    end = len(text) - len(text.rstrip(" "))
    return " " * start + latex_escape(core) + " " * end


def _compilable(body: str) -> str:
    """Replace what fonts may lack: signs by commands, anything else beyond Latin and Hangul by its code."""
    return "".join(
        character if ord(character) <= _LAST_LATIN and character not in "×·" else _set(character) for character in body
    )


def _set(character: str) -> str:
    if character in _SIGNS:
        return rf"\ensuremath{{{_SIGNS[character]}}}"
    if character in _WORDS:
        return _WORDS[character]
    if ord(character) <= _LAST_LATIN:
        return character
    if _HANGUL.match(character) or unicodedata.name(character, "").startswith("CJK UNIFIED"):
        return character
    return f"[U+{ord(character):04X}]"
