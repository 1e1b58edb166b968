"""What the commands and their options are for, said in the reader's language when the command is built."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from workings.language import Language, Message, message

__all__ = ["asked_language", "translate_helps"]


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
    for parameter in command.params:
        parameter.help = _said(parameter.help)
        is_option = parameter.param_type_name == "option"
        parameter.rich_help_panel = str(message("Options") if is_option else message("Arguments"))
    for below in getattr(command, "commands", {}).values():
        translate_helps(below)
        below.rich_help_panel = str(message("Commands"))


def _said(sentence: str | None) -> str | None:
    return None if sentence is None else str(Message(sentence))
