r"""A working as a LaTeX document for ``xelatex`` or ``pdflatex``: what is wide is broken, kotex sets what is Korean."""

from __future__ import annotations

import re
import unicodedata

from workings.expression import Node, display_width, symbol, to_box, to_latex, to_text
from workings.expression.names import GREEK, latex_escape
from workings.language import Language, Message, message, use_language
from workings.working.account import checked, scope_note
from workings.working.cells import cell, heading, is_numeric, rows_left_out, shown_rows
from workings.working.chain import Link, chain
from workings.working.conventions import in_a_sentence
from workings.working.model import Step, Table, Working
from workings.working.resting import how_to_open, parts_closed, size_of_part
from workings.working.sentences import sentence

__all__ = ["formula_latex", "render_latex"]

# How signs in prose are set; formulas have commands of their own for them.
_SIGNS = {
    "≥": r"\ge", "≤": r"\le", "≈": r"\approx", "≠": r"\ne", "×": r"\times", "·": r"\cdot", "−": "-", "∞": r"\infty",
    "→": r"\to", "∂": r"\partial", "√": r"\surd", "∧": r"\land", "∨": r"\lor", "¬": r"\lnot", "ℓ": r"\ell",
    "∫": r"\int", "∇": r"\nabla", "∈": r"\in", "±": r"\pm", "⋮": r"\vdots",
} | {letter: to_latex(symbol(letter)) for letter in GREEK.values()}  # fmt: skip
# 10⁻¹⁵ and x₁ as Unicode writes them.
_SHIFTED = {"<super>": "^", "<sub>": "_"}
_WORDS = {
    "…": r"\dots{}", "\N{THIN SPACE}": r"\,", "\N{NARROW NO-BREAK SPACE}": r"\,",
    "’": "'", "‘": "`", "“": "``", "”": "''", "–": "--",
}  # fmt: skip
_KOREAN = re.compile("[\u1100-\u11ff\u3130-\u318f\u4e00-\u9fff\uac00-\ud7a3]")
_LAST_LATIN = 0x17F
_NOT_IN_FONTS = frozenset("ĦħĸĿŀŉŦŧſ")
# A longer word may be broken after each ten characters.
_LONGEST_WORD = 30

# In characters: what a line of formulas, what of one between words, and what a table holds; and about how many
# characters wide the two spaces around a column are.
_LINE, _AMONG_WORDS, _TABLE, _GAP = 68, 50, 92, 2.7
# What LaTeX does not break is written in another way from this width on.
_ROOM = 56
_NARROWEST_COLUMN = 12

_PREAMBLE = r"""\documentclass[fleqn]{article}
\usepackage[a4paper,margin=25mm]{geometry}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[T1]{fontenc}
  \IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\fi
\usepackage{amsmath,amssymb,array,graphicx}
"""
_MACROS = r"""\newlength{\leftside}
\newlength{\fitsize}
\newsavebox{\measured}
% A line of which a part is too long: each relation begins a new line, and what does not fit goes on further in.
\newcommand{\longline}[1]{\par\nopagebreak\smallskip\leftskip=\mathindent
  \lineskiplimit=3pt \lineskip=4pt \binoppenalty=10000
  \settowidth{\leftside}{$\displaystyle#1$}\ifdim\leftside>.15\linewidth\setlength{\leftside}{1em}\fi
  \further\noindent$\displaystyle#1$\ignorespaces}
\newcommand{\further}{\hangafter=1 \hangindent=\dimexpr\leftside+2.5em\relax}
\newcommand{\by}[2]{$\displaystyle{}#1\nobreak#2$}
\newcommand{\nextby}{\par\further\noindent\hspace*{\leftside}\by}
% What is wider than the line is made smaller.
\newcommand{\fitted}[1]{%
  \ifmmode\sbox{\measured}{$\displaystyle#1$}\setlength{\fitsize}{.7\linewidth}%
  \else\sbox{\measured}{#1}\setlength{\fitsize}{.9\linewidth}\fi
  \ifdim\wd\measured>\fitsize\resizebox{\fitsize}{!}{\usebox{\measured}}\else\usebox{\measured}\fi}
\begin{document}
\raggedright
\abovedisplayskip=6pt plus 2pt \belowdisplayskip=\abovedisplayskip
\abovedisplayshortskip=\abovedisplayskip \belowdisplayshortskip=\abovedisplayskip
"""


def render_latex(working: Working, lang: Language | None = None) -> str:
    """Return ``working`` as a LaTeX document; see :meth:`Working.to_latex`."""
    with use_language(lang):
        body = _compilable("\n".join(_body(working)))
    korean = "\\usepackage{kotex}\n" if _KOREAN.search(body) else ""
    return f"{_PREAMBLE}{korean}{_MACROS}{body}\n\\end{{document}}\n"


def formula_latex(step: Step) -> str:
    """Return a line for display mathematics: relations stand below each other where there are several."""
    links = chain(step)
    written = [_part(link, None) for link in links]
    signs = [_relation(link.relation) for link in links]
    if len(links) <= 2:
        return " ".join(f"{sign} {part}".strip() for sign, part in zip(signs, written, strict=True))
    lines = [f"{written[0]} &{signs[1]} {written[1]}"]
    lines += [f"&{sign} {part}" for sign, part in zip(signs[2:], written[2:], strict=True)]
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def _line(step: Step) -> list[str]:
    """Return a line that stands alone: as display mathematics where it fits, else so that LaTeX may break it."""
    links = chain(step)
    left, *rights = map(_width, links)
    if left + max(rights, default=0) <= _LINE:
        return [r"\[", formula_latex(step), r"\]"]
    first, *others = links
    lines = [rf"{{\longline{{{_part(first, _ROOM)}}}"]
    for place, link in enumerate(others):
        lines.append(rf"\{'nextby' if place else 'by'}{{{_relation(link.relation)}}}{{{_part(link, _ROOM)}}}")
    return [*lines, r"\par}\smallskip"]


def _among_words(step: Step) -> str:
    """Return a line as it stands in a sentence."""
    parts = (f"{_relation(link.relation)} {_part(link, _ROOM)}".strip() for link in chain(step))
    return rf"$\displaystyle {' '.join(parts)}$"


def _part(link: Link, room: int | None) -> str:
    if not isinstance(link.part, Node):
        return rf"\text{{{_say(link.part)}}}"
    return to_latex(link.part, room=room if room is not None and _width(link) > room else None)


def _width(link: Link) -> int:
    sign = 3 if link.relation else 0
    return sign + (_node_width(link.part) if isinstance(link.part, Node) else display_width(_say(link.part)))


def _node_width(node: Node) -> int:
    """Return how many characters wide a formula is set, names with characters that are written by their codes too."""
    codes = sum(not character.isascii() and _set(character).startswith("[") for character in to_text(node))
    return to_box(node).width + len("U+0000]") * codes


def _body(working: Working) -> list[str]:
    outcome = working.verification
    lines = [rf"\section*{{\boldmath {_say(working.question)}}}", ""]

    def steps(below: tuple[Step, ...], prefix: str) -> None:
        numbered = [step for step in below if step.place == "line"]
        for place, step in enumerate(numbered, 1):
            label = f"{prefix}{place}"
            lines.append(rf"\textbf{{{label}}}\quad {_say(step.title)}")
            lines.extend(_content(step))
            lines.extend(_say(note) + r"\par" for note in (step.note, scope_note(step, outcome)) if note is not None)
            if step.closed:
                lines.append(_say(size_of_part(step)) + r"\par")
            lines.append(r"\medskip")
            lines.append("")
            steps(() if step.closed else step.substeps, f"{label}.")

    steps(working.steps, "")
    foot: list[tuple[Message, str]] = []
    if working.result is not None:
        foot.append((message("Result"), _say(working.result)))
    foot += [(message("Convention"), _say(in_a_sentence(convention))) for convention in working.conventions]
    for step in working.steps:
        if step.place == "remark":
            notes = "".join(f": {_say(note)}" for note in (step.note, scope_note(step, outcome)) if note is not None)
            foot.append((step.title, f"{_among_words(step)}{notes}"))
    foot += [(message("Note"), _say(note)) for note in working.notes]
    if parts := parts_closed(working):
        foot.append((message("Closer look"), _say(how_to_open(parts))))
    foot.append((message("Checked"), " ".join(_say(text) for text in checked(outcome))))
    lines += [r"\begin{description}", *(rf"\item[{{{_say(label)}}}] {text}" for label, text in foot)]
    lines.append(r"\end{description}")
    return lines


def _content(step: Step) -> list[str]:
    lines: list[str] = []
    if step.statement is not None:
        lines += _line(step)
    if step.table is not None:
        lines += _table(step.table)
    return lines or [r"\par\nopagebreak"]


def _table(table: Table) -> list[str]:
    rows, cut = shown_rows(table)
    heads = [heading(column) for column in table.columns]
    body = [[cell(value) for value in row] for row in rows]
    columns = zip(heads, *body, strict=True)
    widths = [max(map(_cell_width, column)) for column in columns]
    numeric = [is_numeric(table, place) for place in range(len(heads))]
    layout = "".join(map(_column, widths, _fitting(widths, numeric), numeric))
    lines = [r"\par\nopagebreak\medskip", rf"\hspace*{{\mathindent}}\fitted{{\small\begin{{tabular}}{{{layout}}}"]
    lines += [" & ".join(map(_cell, heads)) + r" \\ \hline\noalign{\vskip2pt}"]
    for place, row in enumerate(body):
        if place == cut:
            lines.append(r"$\vdots$" + " &" * (len(heads) - 1) + r" \\")
        lines.append(" & ".join(map(_cell, row)) + r" \\")
    lines += [r"\end{tabular}}", r"\par\medskip"]
    lines += [_say(note) + r"\par" for note in (rows_left_out(table), table.note) if note is not None]
    return lines


def _fitting(widths: list[int], numeric: list[bool]) -> list[int]:
    """Return how wide each column is set: where they do not fit, the widest of words give way."""
    fitting = list(widths)
    room = _TABLE - _GAP * len(widths)
    while sum(fitting) > room:
        widest = max(range(len(fitting)), key=lambda place: 0 if numeric[place] else fitting[place])
        if numeric[widest] or fitting[widest] <= _NARROWEST_COLUMN:
            break
        fitting[widest] -= 1
    return fitting


def _column(width: int, fitting: int, numeric: bool) -> str:
    if fitting < width:
        return rf">{{\raggedright\arraybackslash}}p{{{fitting / 2:g}em}}"
    return "r" if numeric else "l"


def _cell_width(value: Node | Message | str) -> int:
    if value == "":
        return 0
    return _node_width(value) if isinstance(value, Node) else display_width(_say(value))


def _cell(value: Node | Message | str) -> str:
    if value == "":
        return ""
    # A cell that begins with [ would be read as the optional argument of the \\ before it.
    return _formula(value) if isinstance(value, Node) else f"{{}}{_say(value)}"


def _relation(relation: str) -> str:
    return {"": "", ":": r":\quad", "≈": r"\approx", "≠": r"\ne", "≤": r"\le", "≥": r"\ge"}.get(relation, relation)


def _say(text: Message | str) -> str:
    return sentence(text, None, escape=_escape, formula=_formula)


def _formula(node: Node) -> str:
    room = _ROOM if _node_width(node) > _AMONG_WORDS else None
    return f"${to_latex(node, stacked=False, room=room)}$"


def _escape(text: str) -> str:
    # latex_escape trims what it is given; the spaces beside a formula must stay.
    return re.sub(r"[^ ]+", lambda word: _word(word[0]), text)


def _word(word: str) -> str:
    """Return a word with what LaTeX gives a meaning escaped, and with places where a very long one may be broken."""
    length = len(word) if len(word) <= _LONGEST_WORD else 10
    return r"\allowbreak{}".join(latex_escape(word[start : start + length]) for start in range(0, len(word), length))


def _compilable(body: str) -> str:
    """Replace what fonts may lack: signs by commands, anything else beyond Latin and Korean by its code."""
    return "".join(map(_set, body))


def _set(character: str) -> str:
    if character.isascii():
        return character
    if character in _SIGNS:
        return rf"\ensuremath{{{_SIGNS[character]}}}"
    if character in _WORDS:
        return _WORDS[character]
    kind, _, code = unicodedata.decomposition(character).partition(" ")
    if kind in _SHIFTED and len(code) == 4:
        return rf"\ensuremath{{{_SHIFTED[kind]}{{\mathrm{{{_set(chr(int(code, 16)))}}}}}}}"
    if ord(character) <= _LAST_LATIN and character not in _NOT_IN_FONTS:
        return character
    if _KOREAN.match(character) and _in_korean_fonts(character):
        return character
    return rf"[U+{ord(character):04X}]\allowbreak{{}}"


def _in_korean_fonts(character: str) -> bool:
    """Whether a font for Korean has it: every syllable, and the Chinese characters of the Korean standard."""
    try:
        return len(character.encode("cp949")) == 2
    except UnicodeEncodeError:
        return False
