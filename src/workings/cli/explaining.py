"""``workings explain``: a derivation of one of the subjects, printed or written to a file.

Each subject is a command of its own below ``explain``, since each asks for other things; what they all give is a
working, in one of five formats.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from workings.cli.options import Help, Language, split_names
from workings.errors import InputError
from workings.language import message

if TYPE_CHECKING:
    from workings.working import Working

__all__ = ["chain_rule", "explain_app", "read_point"]

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

explain_app = typer.Typer(
    name="explain",
    help=message("Derive a result line by line, with your own numbers, every line checked.").sentence,
    no_args_is_help=True,
    add_help_option=False,
)


@explain_app.callback()
def options(show_help: Help = False) -> None:
    """Take the options that stand before a subject."""


@explain_app.command(
    "chain-rule",
    help=message("Differentiate a formula by the chain rule, in symbols and with the numbers of a point.").sentence,
    add_help_option=False,
)
def chain_rule(
    formula: Annotated[
        str,
        typer.Argument(
            metavar="FORMULA",
            help=message('As "sin(x^2)", or a system: "y = u*v; u = x*z; v = x^2 + z".').sentence,
            show_default=False,
        ),
    ],
    *,
    wrt: Annotated[
        list[str] | None,
        typer.Option(
            "--wrt",
            metavar="X",
            help=message(
                "By which variable; several, X,Z, one after the other. By default by all: the gradient."
            ).sentence,
        ),
    ] = None,
    order: Annotated[
        int | None, typer.Option("--order", metavar="N", help=message("How many times by that variable.").sentence)
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option("--at", metavar="X=1,Z=2", help=message("The point whose numbers are put in.").sentence),
    ] = None,
    plot: Plot = None,
    form: Formatted = None,
    output: Output = None,
    lang: Language = None,
    show_help: Help = False,
) -> None:
    """Run :func:`workings.explain` on :func:`workings.differentiate` or :func:`workings.gradient`."""
    from workings.subjects.chain_rule import differentiate, gradient
    from workings.working import explain
    from workings.working import plot as picture_of

    variables = _repeated(split_names(wrt) or [], order)
    point = read_point(at or [])
    _check_outputs(output, plot)
    if variables:
        working = explain(differentiate, formula, *variables)
        picture = (lambda: picture_of(differentiate, formula, *variables)) if plot is not None else None
    else:
        working = explain(gradient, formula)
        picture = (lambda: picture_of(gradient, formula)) if plot is not None else None
    _hand_over(working.at(**point) if point else working, form, output, picture and picture(), plot)


def read_point(given: list[str]) -> dict[str, Fraction | int]:
    """Return the numbers in ``x=1,z=2``, once or several times; each is worth exactly what its digits say.

    Raises
    ------
    InputError
        If a part is not a name, an equals sign and a number, or a name comes twice.

    Examples
    --------
    >>> read_point(["x=0.1,z=-2", "b=1e3"])
    {'x': Fraction(1, 10), 'z': -2, 'b': 1000}
    """
    found: dict[str, Fraction | int] = {}
    for part in (part for text in given for part in re.split(r"[,;]", text) if part.strip()):
        name, equals, digits = (piece.strip() for piece in part.partition("="))
        value = _number(digits)
        if not name or not equals or value is None:
            raise InputError(
                message("--at must be names with their numbers, such as x=1,z=2; got {part}", part=part.strip())
            )
        if name in found:
            raise InputError(message("--at must give each variable one number; got {name} twice", name=name))
        found[name] = value.numerator if value.denominator == 1 else value
    return found


def _number(digits: str) -> Fraction | None:
    """Return a number of at most a few hundred digits, None for anything else: 1e999999999 would fill the memory."""
    if not re.fullmatch(r"[-+−]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?|[-+−]?\d+/\d*[1-9]\d*", digits):
        return None
    return Fraction(digits.replace("−", "-"))


def _repeated(variables: list[str], order: int | None) -> list[str]:
    if order is None:
        return variables
    if len(variables) != 1 or order < 1:
        raise InputError(
            message(
                "--order must be 1 or more, of one variable named by --wrt; got {order} and {variables}; "
                "try --wrt x --order 2, or --wrt x,z for a mixed derivative",
                order=order,
                variables=", ".join(variables) or "-",
            )
        )
    from workings.subjects.chain_rule.explain import check_order

    check_order(order)  # before a list of a thousand million names is made
    return variables * order


def _check_outputs(*paths: Path | None) -> None:
    from workings.cli.output import check_places

    check_places(*paths)


def _hand_over(working: Working, form: Format | None, output: Path | None, picture: Any, plot: Path | None) -> None:
    """Print a working, or write it; with its picture, if one was asked for, both or none."""
    from workings.chart import save
    from workings.cli.terminal import say
    from workings.outputs import replacing_all

    form = form or _BY_ENDING.get(output.suffix.lower() if output is not None else "", "text")
    text = _written(working, form, to_file=output is not None).rstrip("\n")
    wanted = [path for path in (output, plot) if path is not None]
    with replacing_all(wanted) as drafts:
        draft = dict(zip(wanted, drafts, strict=True))
        if output is not None:
            draft[output].write_text(text + "\n", encoding="utf-8")
        if plot is not None:
            save(picture, draft[plot])
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
            width = _IN_A_PIPE
            if sys.stdout.isatty() and not to_file:
                width = min(shutil.get_terminal_size().columns, _WIDEST)
            return working.to_text(width=width, ascii=not to_file and not _can_say(_SIGNS))


def _can_say(signs: str) -> bool:
    """Whether standard output has these signs; what it lacks would be printed as escapes."""
    try:
        signs.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


COMMANDS: Mapping[str, Any] = {"chain-rule": chain_rule}
