"""What the two READMEs show is what happens: their Python is run as a doctest, their commands in a shell."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sklearn.datasets import load_breast_cancer

from workings.language import use_language

ROOT = Path(__file__).parents[2]
READMES = {"README.md": "en", "README.ko.md": "ko"}
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(name: str, kind: str) -> list[str]:
    return [text for language, text in BLOCK.findall((ROOT / name).read_text("utf-8")) if language == kind]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder that holds the table of the examples, tumours.csv."""
    monkeypatch.chdir(tmp_path)
    table = load_breast_cancer(as_frame=True)
    frame = table.data.assign(diagnosis=table.target.map({0: "malignant", 1: "benign"}))
    frame.to_csv("tumours.csv", index=False)
    return tmp_path


@pytest.mark.parametrize(("name", "lang"), READMES.items())
def test_the_python_of_the_readme_gives_what_it_shows(name, lang, folder):
    # A blank line inside an output stands in a README as it is; doctest wants a mark for it.
    text = "\n".join(re.sub(r"\n(?=\n+(?!>>>)[^\n])", "\n<BLANKLINE>", block) for block in blocks(name, "python"))
    assert text.count(">>>") > 5
    test = doctest.DocTestParser().get_doctest(text, {}, name, name, 0)
    told: list[str] = []
    with use_language(lang):
        outcome = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=told.append)
    assert outcome.failed == 0, "".join(told)


@pytest.mark.parametrize("name", READMES)
def test_the_commands_of_the_readme_print_what_it_shows(name, folder):
    commands = [part for block in blocks(name, "console") for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]]
    assert len(commands) > 1
    for part in commands:
        command, _, expected = part.partition("\n")
        assert command.startswith("workings ")
        line = f"{sys.executable} -m workings.cli {command.removeprefix('workings ')}"
        done = subprocess.run(
            line, shell=True, capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "80"}
        )
        assert done.returncode == 0, done.stderr
        shown = "\n".join(row.rstrip() for row in done.stdout.strip("\n").splitlines())
        assert doctest.OutputChecker().check_output(expected, shown + "\n", doctest.ELLIPSIS), shown


@pytest.mark.parametrize("name", READMES)
def test_every_command_and_option_that_the_readme_names_exists(name):
    text = (ROOT / name).read_text("utf-8")
    for command in ("evaluate", "fit", "predict", "explain chain-rule", "demo"):
        assert f"workings {command}" in text
        told = subprocess.run(
            [sys.executable, "-m", "workings.cli", *command.split(), "--help"],
            capture_output=True,
            text=True,
            check=True,
            env={"COLUMNS": "200", "PATH": "", "TERM": "dumb"},
        ).stdout
        named = {
            option
            for line in re.findall(rf"workings {command} [^\n`]*", text)
            for option in re.findall(r"--[a-z-]+", line)
        }
        assert all(option in told for option in named), (command, named)


def test_both_readmes_show_the_same():
    def shown(name):
        inputs = [
            line.partition("  #")[0]
            for block in blocks(name, "python")
            for line in block.splitlines()
            if line.startswith((">>>", "...")) and "set_language" not in line
        ]
        commands = [
            line.removesuffix(" --lang ko")
            for block in blocks(name, "console")
            for line in block.splitlines()
            if line[0:1] == "$"
        ]
        prose = BLOCK.sub("", (ROOT / name).read_text("utf-8"))
        layout = [
            re.sub(r"[^#|!-]", "", line[:3]) for line in prose.splitlines() if line.startswith(("#", "|", "!", "- "))
        ]
        return inputs, commands, layout

    english, korean = (shown(name) for name in READMES)
    assert len(english[0]) > 15
    assert english == korean
