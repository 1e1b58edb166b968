"""The targets of the Makefile set themselves up once: a second call installs nothing, a changed pin installs again."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="there is no make on this machine")

# A python3 that notes what it is asked, makes a virtual environment that holds itself, and installs nothing.
PYTHON = """\
#!/bin/sh
echo "$*" >> "{log}"
if [ "$1 $2" = "-m venv" ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; cp "$0" "$3/bin/workings"; fi
"""


class Checkout:
    """The real Makefile in a folder of its own, with a stand-in for python3 that remembers its calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "calls"
        for name in ("Makefile", "pyproject.toml", "constraints.txt"):
            shutil.copy(ROOT / name, folder / name)
        self.python = folder / "python-of-the-machine"
        self.python.write_text(PYTHON.format(log=self.log))
        self.python.chmod(0o755)

    def make(self, target: str) -> list[str]:
        """Make a target; return what python3, the environment's python and the program were asked, in order."""
        self.log.write_text("")
        done = subprocess.run(
            ["make", target, f"PYTHON={self.python}"],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return self.log.read_text().splitlines()

    def touch(self, name: str) -> None:
        """Make a file newer than everything that was made so far."""
        newest = max(file.stat().st_mtime for file in self.folder.rglob("*"))
        os.utime(self.folder / name, (newest + 2, newest + 2))


def installs(calls: list[str]) -> list[str]:
    return [call for call in calls if call.startswith("-m pip")]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.mark.parametrize("target", ["demo", "test"])
def test_a_second_call_installs_nothing_and_does_its_work(checkout, target):
    first, second = checkout.make(target), checkout.make(target)
    assert [call for call in first if call.startswith("-m venv")] == ["-m venv .venv"]
    assert installs(first)
    assert all("--constraint constraints.txt" in call for call in installs(first))
    assert second == [first[-1]]
    assert second[0] == "demo" if target == "demo" else second[0].startswith("-m pytest")


def test_the_demo_installs_no_tools_of_the_tests_and_the_tests_build_on_what_it_installed(checkout):
    assert not [call for call in checkout.make("demo") if "--group" in call]
    calls = checkout.make("test")
    assert not [call for call in calls if "venv" in call]
    assert [call for call in installs(calls) if "--group test" in call]
    assert installs(checkout.make("demo")) == []


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_what_is_installed_follows_the_pins(checkout, name):
    checkout.make("test")
    checkout.touch(name)
    again = checkout.make("test")
    assert [call for call in installs(again) if "--group test" in call]
    assert not [call for call in again if "venv" in call]


def test_an_installation_that_fails_is_tried_again(checkout):
    whole = checkout.python.read_text()
    checkout.python.write_text(whole + '[ "$2" = "pip" ] && exit 1\nexit 0\n')
    with pytest.raises(AssertionError):
        checkout.make("demo")
    (checkout.folder / ".venv/bin/python").write_text(whole)
    assert installs(checkout.make("demo"))
