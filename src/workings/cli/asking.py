"""``workings explain`` and ``workings plot``: each subject a command of its own below them.

Both ask the same questions (:mod:`workings.cli.questions`): what a question reads from its words is explained by one
and drawn by the other.
"""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_type_hints

import typer

from workings.cli.asked import Asked, Question
from workings.cli.options import Help, Language
from workings.cli.questions import QUESTIONS
from workings.language import message

if TYPE_CHECKING:
    from workings.working import Working

__all__ = ["COMMANDS", "explain_app", "plot_app"]

Format = Literal["text", "markdown", "html", "latex", "json"]
_BY_ENDING: dict[str, Format] = {
    ".txt": "text", ".md": "markdown", ".html": "html", ".htm": "html", ".tex": "latex", ".json": "json",
}  # fmt: skip
_WIDEST, _IN_A_PIPE = 110, 80
# What every working for a terminal is drawn with.
_SIGNS = "∂·─²×≈"

Formatted = Annotated[
    Format | None,
    typer.Option(
        "--format",
        help=message("How the derivation is written; by default as the file's ending says, else text.").sentence,
        show_default=False,
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help=message("Write here; else it is printed.").sentence),
]
Plot = Annotated[
    Path | None,
    typer.Option("--plot", metavar="FILE", help=message("Write a picture here (.html, .svg, .png or .pdf).").sentence),
]
Picture = Annotated[
    Path,
    typer.Option(
        "--output", "-o", metavar="FILE", help=message("Write the picture here (.html, .svg, .png or .pdf).").sentence
    ),
]

explain_app = typer.Typer(
    name="explain",
    help=message("Derive a result line by line, with your own numbers, every line checked.").sentence,
    no_args_is_help=True,
    add_help_option=False,
)
plot_app = typer.Typer(
    name="plot",
    help=message("Draw a result: one file that works offline, in a browser or in print.").sentence,
    no_args_is_help=True,
    add_help_option=False,
)


@explain_app.callback()
def explain_options(show_help: Help = False) -> None:
    """Take the options that stand before a subject."""


@plot_app.callback()
def plot_options(show_help: Help = False) -> None:
    """Take the options that stand before a subject."""


def _explaining(question: Question) -> Callable[..., None]:
    def explain(
        *,
        plot: Plot = None,
        form: Formatted = None,
        output: Output = None,
        lang: Language = None,
        show_help: Help = False,
        **words: Any,
    ) -> None:
        _check_outputs(output, plot)
        asked = question.read(**words)
        _hand_over(asked, form, output, plot)

    return _with_words(explain, question)


def _plotting(question: Question) -> Callable[..., None]:
    def plot(*, output: Picture, lang: Language = None, show_help: Help = False, **words: Any) -> None:
        from workings.chart import save
        from workings.cli.terminal import say

        _check_outputs(output)
        save(question.read(**words).picture(), output)
        say(message("Picture: {path}", path=str(output)))

    # Where to look closer is said to a derivation, and to a picture that has a place for it.
    return _with_words(plot, question, without=None if question.draws_at else "at")


def _with_words(command: Callable[..., None], question: Question, without: str | None = None) -> Callable[..., None]:
    """Give a command its question's parameters before its own, as Typer reads them."""
    known: dict[str, inspect.Parameter] = {}
    for function in (question.read, command):
        hints = get_type_hints(function, include_extras=True)
        for name, parameter in inspect.signature(function).parameters.items():
            if name != without and parameter.kind is not inspect.Parameter.VAR_KEYWORD:
                known[name] = parameter.replace(annotation=hints[name], kind=inspect.Parameter.KEYWORD_ONLY)
    command.__signature__ = inspect.Signature(list(known.values()))  # pyright: ignore[reportFunctionMemberAccess]
    command.__annotations__ = {name: parameter.annotation for name, parameter in known.items()}
    return command


COMMANDS: Mapping[str, Callable[..., None]] = {question.name: _explaining(question) for question in QUESTIONS}
for _question in QUESTIONS:
    explain_app.command(_question.name, help=_question.explains.sentence, add_help_option=False)(
        COMMANDS[_question.name]
    )
    plot_app.command(_question.name, help=_question.draws.sentence, add_help_option=False)(_plotting(_question))


def _check_outputs(*paths: Path | None) -> None:
    from workings.cli.output import check_places

    check_places(*paths)


def _hand_over(asked: Asked, form: Format | None, output: Path | None, plot: Path | None) -> None:
    """Print a derivation, or write it; with its picture, if one was asked for, both or none."""
    from workings.chart import save
    from workings.cli.terminal import say
    from workings.outputs import replacing_all

    form = form or _BY_ENDING.get(output.suffix.lower() if output is not None else "", "text")
    text = _written(asked.working(), form, to_file=output is not None).rstrip("\n")
    wanted = [path for path in (output, plot) if path is not None]
    with replacing_all(wanted) as drafts:
        draft = dict(zip(wanted, drafts, strict=True))
        if output is not None:
            draft[output].write_text(text + "\n", encoding="utf-8")
        if plot is not None:
            save(asked.picture(), draft[plot])
    if output is None:
        print(text)
    else:
        say(message("Derivation: {path}", path=str(output)))
    if plot is not None:
        say(message("Picture: {path}", path=str(plot)))


def _written(working: Working, form: Format, *, to_file: bool) -> str:
    match form:
        case "markdown":
            return working.to_markdown()
        case "html":
            return working.to_html(document=True)
        case "latex":
            return working.to_latex()
        case "json":
            return working.to_json()
        case _:
            from workings.cli.terminal import can_say

            width = _IN_A_PIPE
            if not to_file:
                # As wide as COLUMNS says, where that is set; else as the terminal is.
                width = min(shutil.get_terminal_size((_IN_A_PIPE, 24)).columns, _WIDEST)
            return working.to_text(width=width, ascii=not to_file and not can_say(_SIGNS))
