"""The command line in an empty folder of its own: in this process, or as a process where that is the point."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from workings.cli import terminal
from workings.cli.application import main
from workings.language import catalogue

COMMAND = Path(sys.executable).with_name("workings")
ENVIRONMENT = {"WORKINGS_LANG": "en", "PYTHONIOENCODING": "utf-8"}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``workings`` with these arguments in the test's folder, as a process of its own would, but in this one.

    What only a process shows is tried with ``run_process``: its pipes and signals, and what it says at its start.
    """

    def run_here(*arguments: object, stdin: bytes = b"", **variables: str) -> Ended:
        given = {**ENVIRONMENT, "COLUMNS": "80", **variables}
        encoding = given.pop("PYTHONIOENCODING")
        out, err = io.BytesIO(), io.BytesIO()
        with pytest.MonkeyPatch.context() as patch, _signals_kept():
            patch.chdir(tmp_path)
            for name, value in given.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["workings", *map(str, arguments)])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding))
            patch.setattr(sys, "stdout", io.TextIOWrapper(out, encoding, newline="\n"))
            patch.setattr(sys, "stderr", io.TextIOWrapper(err, encoding, newline="\n"))
            patch.setattr(catalogue, "_default", None)
            patch.setattr(terminal, "_warned", [])
            with pytest.raises(SystemExit) as ended:
                main()
            sys.stdout.flush()
            sys.stderr.flush()
            return Ended(int(ended.value.code or 0), out.getvalue().decode(), err.getvalue().decode())

    return run_here


@pytest.fixture
def run_process(tmp_path: Path) -> Run:
    """Run ``workings`` with these arguments in the test's folder, as a process."""

    def run_in_folder(*arguments: object, stdin: bytes = b"", **variables: str) -> Ended:
        ended = subprocess.run(
            [str(COMMAND), *map(str, arguments)],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            timeout=300,
            check=False,
            env={**os.environ, **ENVIRONMENT, "COLUMNS": "80", **variables},
        )
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    return run_in_folder


@contextmanager
def _signals_kept() -> Generator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
