"""The command ``workings``: its commands, and how every one of them ends.

0: done. 2: refused; a sentence on standard error says what was found and what to do, and no file is left behind.
130: interrupted (Ctrl-C), likewise 143 and 129 where the process is told to end or its terminal goes away. A reader
that closes the pipe early ends the command quietly.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from importlib.metadata import version
from types import FrameType
from typing import Annotated, Any

import typer
from typer.main import get_command

from workings.cli.asking import explain_app, plot_app
from workings.cli.commands import demo, evaluate, fit, practise, predict
from workings.cli.helps import asked_language, translate_helps
from workings.cli.options import Help
from workings.cli.terminal import plain, warn
from workings.cli.usage import UsageError, usage_refusal, with_signs
from workings.errors import FormulaError, WorkingsError, WorkingsWarning
from workings.language import message, set_language

__all__ = ["app", "main"]

_REFUSED, _INTERRUPTED = 2, 130

_ABOUT = message(
    "From a table to a model, its evaluation, and a report in which every number opens into its derivation."
)

app = typer.Typer(
    name="workings",
    no_args_is_help=True,
    add_completion=False,
    add_help_option=False,
    pretty_exceptions_enable=False,
    help=_ABOUT.sentence,
)
for command, purpose in (
    (
        evaluate,
        message(
            "Judge a column of scores by a column of true labels: matrix, ROC curve, AUC with its interval, thresholds."
        ),
    ),
    (fit, message("Fit a model by gradient descent and judge it on rows that it has not seen.")),
    (predict, message("Predict every row of a table with a fitted model.")),
    (practise, message("Ask the lines of a derivation instead of telling them: a hint, your answer, then the line.")),
    (demo, message("Run the whole story on real data: 569 people, 30 measurements, malignant or benign.")),
):
    app.command(help=purpose.sentence, add_help_option=False)(command)
app.add_typer(explain_app)
app.add_typer(plot_app)


def _print_version(asked: bool) -> None:
    if asked:
        print(f"workings {version('workings')}")
        raise typer.Exit


@app.callback()
def options(
    show_version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help=message("Print the version and exit.").sentence,
        ),
    ] = False,
    show_help: Help = False,
) -> None:
    """Take the options that stand before a command."""


def main() -> None:
    """Run the command line and exit with its status."""
    _end_in_order()
    # A stream that whoever started us has closed is None. Its number must be taken, or a file would be opened as it.
    if sys.stdin is None:
        sys.stdin = open(os.devnull)  # noqa: PTH123, SIM115 - for the life of the process
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - for the life of the process
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 - for the life of the process
    for stream in (sys.stdout, sys.stderr):
        # What the terminal's encoding has no sign for is written as an escape; text from the data ends no command.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    with _spoken_warnings():
        sys.exit(_run(sys.argv[1:]))


def _end_in_order() -> None:
    """Let a signal that would end the process at once unwind it, so that no draft and no temporary copy is left."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # nohup has set it to be ignored
            signal.signal(number, end)


def _run(arguments: list[str]) -> int:
    if (language := asked_language(arguments)) is not None:
        set_language(language)
    command: Any = get_command(app)
    translate_helps(command)
    try:
        try:
            # Not by calling it: Typer would speak and end the process itself where we do.
            with command.make_context("workings", with_signs(arguments)) as context:
                command.invoke(context)
        finally:
            sys.stdout.flush()
    except typer.Exit as ended:
        return ended.exit_code
    except UsageError as error:
        # A command without arguments shows its help instead.
        helped = not arguments or type(error).__name__ == "NoArgsIsHelpError"
        return _REFUSED if helped else _refuse(str(usage_refusal(error, arguments)))
    except FormulaError as error:
        # Its second and third line show the formula, and where in it.
        return _refuse(*str(error).split("\n"))
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


def _refuse(text: str, *below: str) -> int:
    for line in (str(message("workings: {text}", text=text)), *below):
        print(plain(line), file=sys.stderr)
    return _REFUSED


@contextmanager
def _spoken_warnings() -> Generator[None]:
    """Speak our own warnings as sentences on standard error; those of libraries are for developers."""
    with warnings.catch_warnings():  # noqa: TID251 - the process is this command's alone
        warnings.simplefilter("ignore")
        warnings.simplefilter("default", WorkingsWarning)

        def speak(text: Warning | str, category: type[Warning], *_: object) -> None:
            if issubclass(category, WorkingsWarning):
                warn(str(text))

        warnings.showwarning = speak
        yield
