"""The command ``workings``: its commands, and how every one of them ends.

0: done. 2: refused; a sentence on standard error says what was found and what to do, and no file is left behind.
130: interrupted (Ctrl-C). A reader that closes the pipe early ends the command quietly.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Annotated

import typer

from workings.cli.commands import demo, evaluate, fit, predict
from workings.cli.terminal import plain, warn
from workings.errors import WorkingsError, WorkingsWarning
from workings.language import message

__all__ = ["app", "main"]

_REFUSED, _INTERRUPTED = 2, 130

app = typer.Typer(
    name="workings",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="From a table to a model, its evaluation, and a report in which every number opens into its derivation.",
)
for command in (evaluate, fit, predict, demo):
    app.command()(command)


def _print_version(asked: bool) -> None:
    if asked:
        print(f"workings {version('workings')}")
        raise typer.Exit


@app.callback()
def options(
    show_version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """From a table to a model, its evaluation, and a report in which every number opens into its derivation."""


def main() -> None:
    """Run the command line and exit with its status."""
    with _spoken_warnings():
        sys.exit(_run())


def _run() -> int:
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    except WorkingsError as error:
        return _refuse(str(error))
    except BrokenPipeError:
        # Whoever read our output has seen enough. What Python would still flush at exit goes nowhere, quietly.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED
    except OSError as error:
        return _refuse(str(error))
    except MemoryError:
        return _refuse(str(message("there is not enough memory for this; take fewer rows (--where) or columns")))
    return 0


def _refuse(text: str) -> int:
    print(plain(str(message("workings: {text}", text=text))), file=sys.stderr)
    return _REFUSED


@contextmanager
def _spoken_warnings() -> Generator[None]:
    """Speak our own warnings as sentences on standard error; those of libraries are for developers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("default", WorkingsWarning)

        def speak(text: Warning | str, category: type[Warning], *_: object) -> None:
            if issubclass(category, WorkingsWarning):
                warn(str(text))

        warnings.showwarning = speak
        yield
