"""What is wrong with the words of a command line, in the reader's language: what was found, and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin, get_type_hints

import typer

from workings.cli import asking, commands
from workings.language import Message, message

__all__ = ["UsageError", "usage_refusal", "with_signs"]

# Typer has a copy of Click of its own, and hands on this one of its usage errors; the others are known by their names.
UsageError: type[Exception] = typer.BadParameter.__mro__[1]

_SIGNED = re.compile(r"-([\d.]|inf$|pi\b)")


def with_signs(arguments: Sequence[str]) -> list[str]:
    """Return the words with numbers (-2, "-1 0 1", -inf) signed by a minus that is not taken for an option's dash.

    What follows an option is its value, and stays as it is.

    Examples
    --------
    >>> with_signs(["explain", "sigmoid", "-2 0", "--at", "-1"])
    ['explain', 'sigmoid', '−2 0', '--at', '-1']
    >>> with_signs(["explain", "integration", "1/x^2", "-2", "-1/2"])
    ['explain', 'integration', '1/x^2', '−2', '−1/2']
    """
    return [
        "−" + word[1:] if _SIGNED.match(word) and (_SIGNED.match(before) or not before.startswith("-")) else word
        for before, word in zip(["", *arguments], arguments, strict=False)
    ]


def usage_refusal(error: Any, arguments: Sequence[str]) -> Message | str:
    """Return the sentence for a usage error; Typer's own for one that is not known here.

    Parameters
    ----------
    error
        What Typer raised while it parsed.
    arguments
        The words of the command line.
    """
    words = [word for word in arguments if not word.startswith("-")]
    command = error.ctx.command_path if error.ctx is not None else " ".join(["workings", *words[:1]])
    known = getattr(getattr(error.ctx, "command", None), "commands", None)
    text = str(error.format_message())
    match type(error).__name__:
        case "NoSuchOption":
            return _no_such_option(error.option_name, error.possibilities or (), command)
        case "MissingParameter":
            return message("{name} is missing; {command} --help says what it is", name=_name(error), command=command)
        case "BadOptionUsage":
            return message(
                "{option} needs a value; {command} --help says which", option=error.option_name, command=command
            )
        case "BadParameter" if error.param is not None:
            return _bad_value(error, arguments)
        case _ if known is not None:
            # Behind the commands that were found stands the one that was not.
            rest = words[len(command.split()) - 1 :]
            return _no_such_command(rest[0] if rest else "", known, command)
        case _ if extra := re.match(r"Got unexpected extra .*\((.*)\)$", text):
            return message(
                "there is no place for {words}; {command} --help says what there is", words=extra[1], command=command
            )
        case _:
            return text


def _no_such_option(option: str, near: Sequence[str], command: str) -> Message:
    if near:
        return message(
            "there is no option {option}; did you mean {near}?",
            option=option,
            near=get_close_matches(option, near, n=1, cutoff=0.0)[0],
        )
    return message(
        "there is no option {option}; {command} --help lists those that there are", option=option, command=command
    )


def _no_such_command(name: str, known: Sequence[str], command: str) -> Message:
    near = get_close_matches(name, known, n=1)
    if near:
        return message("there is no command {name}; did you mean {near}?", name=name, near=near[0])
    return message(
        "there is no command {name}; {command} --help lists those that there are", name=name, command=command
    )


def _bad_value(error: Any, arguments: Sequence[str]) -> Message:
    option, value = _name(error), _value(error.param.opts, arguments)
    # What may stand there is read from our own function: where Typer keeps it differs from version to version.
    function = {**vars(commands), **asking.COMMANDS}[error.ctx.command.name]
    kind = get_type_hints(function)[error.param.name]
    if choices := _choices(kind):
        allowed = ", ".join(map(str, choices))
        return message("{option} must be one of {allowed}; got {value}", option=option, allowed=allowed, value=value)
    if kind is int or int in get_args(kind):
        return message("{option} must be a whole number; got {value}", option=option, value=value)
    return message("{option} must be a number; got {value}", option=option, value=value)


def _choices(kind: Any) -> tuple[Any, ...]:
    """Return the words that a type allows, those of a ``Literal``, alone or beside None."""
    if get_origin(kind) is Literal:
        return get_args(kind)
    return tuple(choice for part in get_args(kind) for choice in _choices(part))


def _name(error: Any) -> str:
    """Return what the reader writes for a parameter: --label, or FILE."""
    parameter = error.param
    return str(parameter.opts[0] if parameter.param_type_name == "option" else parameter.metavar or parameter.name)


def _value(options: Sequence[str], arguments: Sequence[str]) -> str:
    """Return what was given for an option: the word behind it, or behind its equals sign; the last time counts."""
    given = ""
    for place, word in enumerate(arguments):
        name, equals, value = word.partition("=")
        if name in options:
            given = value if equals else "".join(arguments[place + 1 : place + 2])
    return given
