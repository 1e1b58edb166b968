"""What the commands and their options are for, said in the reader's language when the command is built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from workings.language import Language, Message, message

__all__ = ["asked_language", "translate_helps"]

# Choices that take no more letters stand in a line, also where the page is narrow.
_FEW = 24


def asked_language(arguments: Sequence[str]) -> Language | None:
    """Return the language that the command line asks for, before it is parsed: helps and usage errors come first.

    Examples
    --------
    >>> asked_language(["fit", "-h", "--lang", "ko"]), asked_language(["fit", "--lang=en"]), asked_language(["fit"])
    ('ko', 'en', None)
    """
    asked = [value for name, value in pairwise(arguments) if name == "--lang"]
    asked += [argument.removeprefix("--lang=") for argument in arguments if argument.startswith("--lang=")]
    return "ko" if asked[-1:] == ["ko"] else "en" if asked[-1:] == ["en"] else None


def translate_helps(command: Any) -> None:
    """Say what a command, its options and the commands below it are for in the active language.

    Parameters
    ----------
    command
        What Typer has built; its helps are English sentences of the catalogue.
    """
    command.help = _said(command.help)
    command.format_help = partial(_write_help, command.format_help)
    command.options_metavar = str(message("[OPTIONS]"))
    command.get_usage = partial(_said_usage, command.get_usage)
    for parameter in command.params:
        parameter.help = _said(parameter.help)
        parameter.display_type_rich = partial(_parted, parameter.display_type_rich)
        is_option = parameter.param_type_name == "option"
        parameter.rich_help_panel = str(message("Options") if is_option else message("Arguments"))
    if hasattr(command, "subcommand_metavar"):
        command.subcommand_metavar = str(message("COMMAND [ARGS]..."))
    for below in getattr(command, "commands", {}).values():
        translate_helps(below)
        below.rich_help_panel = str(message("Commands"))


def _said(sentence: str | None) -> str | None:
    return None if sentence is None else str(Message(sentence))


def _said_usage(write: Callable[[Any], str], context: Any) -> str:
    return write(context).replace("Usage:", str(message("Usage:")), 1)


def _parted(write: Callable[..., str | None], ctx: Any) -> str | None:
    """Return the choices of a parameter; more than a line holds are broken between two of them, not within one."""
    said = write(ctx=ctx)
    return said.replace("|", " | ") if said is not None and len(said) > _FEW else said


def _write_help(write: Callable[[Any, Any], None], context: Any, formatter: Any) -> None:
    """Write a help as Typer does, in whole lines and with its own words in the active language."""
    # Not before a help is asked for: it takes a while to import.
    from rich.text import Text
    from typer import rich_utils

    usage = message("Usage:")

    class Folding(rich_utils.OptionHighlighter):
        highlights = (*rich_utils.OptionHighlighter.highlights, rf"(?P<usage>{usage} )")

        # A line that wide characters fill keeps the space behind its last word (Rich counts characters where it takes
        # the space off), is then too long for its cell, and would lose that word to an ellipsis.
        def __call__(self, text: str | Text) -> Text:
            highlighted = super().__call__(text)
            highlighted.overflow = "fold"
            return highlighted

    rich_utils.highlighter = Folding()
    said = {"REQUIRED_LONG_STRING": message("required"), "DEFAULT_STRING": message("default: {value}", value="{}")}
    for name, text in said.items():
        setattr(rich_utils, name, f"[{text}]")
    write(context, formatter)
