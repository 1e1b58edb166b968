"""The command line as a process, in an empty folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("workings")


@dataclass(frozen=True)
class Ended:
    """How a process ended."""

    status: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run ``workings`` with these arguments in the test's folder."""

    def run_in_folder(*arguments: object, stdin: bytes = b"", **variables: str) -> Ended:
        environment = {**os.environ, "WORKINGS_LANG": "en", "PYTHONIOENCODING": "utf-8", **variables}
        ended = subprocess.run(
            [str(COMMAND), *(str(argument) for argument in arguments)],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            timeout=300,
            check=False,
            env=environment,
        )
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    return run_in_folder
