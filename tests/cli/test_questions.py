"""``workings explain`` and ``workings plot`` for every subject: what each question reads and refuses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args, get_type_hints

import numpy as np
import pytest
from tests.cli.conftest import Run

import workings as wk
from workings.cli.asking import COMMANDS
from workings.cli.commands import practise
from workings.working import Working
from workings.working.practice import SUBJECTS

DECISIONS = "truth,predicted\n" + "yes,yes\nno,no\nyes,no\nno,yes\nyes,yes\n"
SCORES = "mango,score,other\n1,0.9,0.7\n0,0.2,0.3\n1,0.65,0.2\n0,0.4,0.6\n1,0.35,0.8\n0,0.1,0.5\n"
FRUIT = "fruit,said\nmango,mango\napple,mango\npear,pear\nmango,mango\napple,apple\npear,apple\n"
HOUSES = "area,price,sold\n50,150,no\n70,200,no\n80,260,yes\n100,310,no\n120,360,yes\n60,190,no\n110,300,yes\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "decisions.csv": DECISIONS,
        "scores.csv": SCORES,
        "fruit.csv": FRUIT,
        "houses.csv": HOUSES,
        "empty.csv": "mango,score\n",
        "gaps.csv": "mango,score\n1,0.9\n0,\n",
    }.items():
        (tmp_path / name).write_text(text)
    return tmp_path


QUESTIONS = {
    "sigmoid": (["0.7"], ["--at", "threshold=0.5"]),
    "sigmoid of several, the first below zero": (["-2 0 2"], ["--at", "index=2,threshold=0.9"]),
    "sigmoid turned around": (["0.7 0.9", "--of", "logit"], ["--at", "1"]),
    "sigmoid by its slope": (["0.7 2", "--of", "derivative"], ["--at", "0"]),
    "sigmoid in logarithms": (["-800 2", "--of", "log-sigmoid"], ["--at", "0"]),
    "normalization": (["3 20 3000", "--method", "z-score"], ["--at", "1"]),
    "normalization of a file": (["houses.csv", "--columns", "area,price"], ["--at", "column=price"]),
    "confusion": (["decisions.csv"], []),
    "confusion of scores": (["scores.csv", "--label", "mango", "--score", "score"], ["--at", "threshold=0.5"]),
    "confusion of three classes": (["fruit.csv"], ["--at", "label=mango"]),
    "roc": (["scores.csv", "--label", "mango", "--score", "score"], ["--at", "0.4"]),
    "roc of two scores": (["scores.csv", "--label", "mango", "--score", "score", "--compare", "other"], []),
    "regression": (["houses.csv", "--x", "area", "--y", "price"], ["--at", "row=2"]),
    "regression of classes": (["houses.csv", "--x", "area", "--y", "sold"], ["--at", "row=2,threshold=0.3"]),
    "regression by several": (["houses.csv", "--x", "area,price", "--y", "sold", "--solver", "exact"], []),
    "convolution": (["1 2 3 4", "1 0 -1"], ["--at", "3"]),
    "integration": (["x^2 + 2x + 1", "0", "10"], ["--at", "strips=4"]),
    "chain-rule": (["y = u*v; u = x*z; v = x^2 + z", "--wrt", "x"], ["--at", "x=1,z=2"]),
}


def test_every_subject_that_can_be_asked_about_is_tried() -> None:
    assert {name.split()[0] for name in QUESTIONS} == set(COMMANDS)
    # There is a problem of each to practise on, too.
    assert set(get_args(get_type_hints(practise)["subject"])) == set(SUBJECTS) == set(COMMANDS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_explained_in_full_and_closer_in_both_languages_and_drawn(name: str, run: Run, folder: Path) -> None:
    subject = name.split(maxsplit=1)[0]
    words, closer = QUESTIONS[name]
    whole = run("explain", subject, *words, "--format", "json")
    assert whole.status == 0, whole.err
    assert Working.from_json(whole.out).subject == subject.replace("-", "_")
    checked = Working.from_json(whole.out).verify()
    assert checked.equations + checked.cells > 0
    seen = run("explain", subject, *words, *closer, "--lang", "ko")
    assert seen.status == 0, seen.err
    assert "검산" in seen.out
    if closer:
        assert seen.out != Working.from_json(whole.out).to_text("ko")
    drawn = run("plot", subject, *words, "-o", "picture.svg", "--lang", "ko")
    assert drawn.status == 0, drawn.err
    assert drawn.out == "그림: picture.svg\n"
    assert re.search("[가-힣]", (folder / "picture.svg").read_text(encoding="utf-8"))


def test_the_numbers_are_those_of_the_library(run: Run, folder: Path) -> None:
    roc = Working.from_json(
        run("explain", "roc", "scores.csv", "--label", "mango", "--score", "score", "--format", "json").out
    )
    found = wk.explain(wk.roc_curve, [1, 0, 1, 0, 1, 0], [0.9, 0.2, 0.65, 0.4, 0.35, 0.1])
    assert roc.to_text("en") == found.to_text("en")
    fitted = Working.from_json(
        run("explain", "regression", "houses.csv", "--x", "area", "--y", "price", "--at", "0", "--format", "json").out
    )
    area, price = np.array([50.0, 70, 80, 100, 120, 60, 110]), np.array([150.0, 200, 260, 310, 360, 190, 300])
    m, b = np.polyfit(area, price, 1)
    assert fitted.step("score").value == pytest.approx(m * 50 + b)


def test_which_column_is_what_is_said_where_it_was_not_asked(run: Run, folder: Path) -> None:
    ended = run("explain", "confusion", "decisions.csv")
    assert ended.err == 'Note: the first column, "truth", is taken as the truth, "predicted" is held against it\n'
    assert "row  actual  predicted  cell" in ended.out
    turned = run("explain", "confusion", "decisions.csv", "--positive", "no")
    assert turned.status == 0
    assert turned.out != ended.out


def test_a_file_may_come_from_a_pipe(run: Run, folder: Path) -> None:
    piped = run("explain", "roc", "-", stdin=b"mango,score\n1,0.9\n0,0.2\n1,0.65\n0,0.7\n")
    assert piped.status == 0, piped.err
    assert "The AUC is 0.75" in piped.out
    piped = run("explain", "confusion", "-", "--label", "truth", "--predicted", "predicted", stdin=DECISIONS.encode())
    assert piped.out == run("explain", "confusion", "decisions.csv").out
    piped = run("explain", "normalization", "-", stdin=b"x\n3\n20\n3000\n")
    assert piped.status == 0, piped.err


def test_a_first_row_of_numbers_is_said_to_be_read_as_names(run: Run) -> None:
    ended = run("explain", "normalization", "-", stdin=b"3\n20\n3000\n")
    assert "the first row, 3, is taken for the names of the columns" in ended.err
    assert "taken for the names" not in run("explain", "normalization", "-", stdin=b"x\n3\n20\n3000\n").err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["explain", "sigmoid", "abc"], 'X must be numbers, such as "1 2.5 -3"; got abc'),
        (["explain", "sigmoid", "nan"], "X must be numbers"),
        (["explain", "sigmoid", ""], "X must be numbers"),
        (["explain", "sigmoid"], "X is missing"),
        (["explain", "sigmoid", "1", "--at", "foo=3"], "must be named by threshold; got foo"),
        (["explain", "sigmoid", "1", "--at", "threshold"], "--at must be a place with its value"),
        (["explain", "sigmoid", "1", "--at", "threshold=7"], "threshold must be a number from 0 to 1"),
        (["explain", "sigmoid", "1 2", "--at", "7"], "index must be one of 0 to 1; got 7"),
        (["explain", "normalization", "1 2", "--range", "1"], "--range must be two numbers, such as 0,1; got 1"),
        (["explain", "normalization", "houses.csv", "--ddof", "1", "--method", "z-score"], "--ddof is for numbers"),
        (["explain", "normalization", "houses.csv"], 'column "sold": must hold numbers; got'),
        (["explain", "normalization", "1 2", "--method", "max"], "--method must be one of min-max, z-score; got max"),
        (["explain", "confusion", "nothing.csv"], "no such file"),
        (["explain", "confusion", "scores.csv"], "has 3 columns, so they must be named"),
        (["explain", "confusion", "scores.csv", "--label", "mango"], "name both columns"),
        (["explain", "confusion", "scores.csv", "--predicted", "a", "--score", "b"], "name one of them"),
        (["explain", "confusion", "decisions.csv", "--positive", "maybe"], "maybe"),
        (["explain", "roc", "gaps.csv"], 'column "score": must have a value in every row; got 1 missing'),
        (["explain", "roc", "empty.csv"], "empty.csv"),
        (["explain", "roc", "decisions.csv"], 'column "predicted": must hold numbers'),
        (["explain", "roc", "scores.csv", "--label", "mango", "--score", "nix"], 'there is no column "nix"'),
        (["explain", "roc", "scores.csv", "--where", "score > 7"], "no row meets the condition"),
        (["explain", "regression", "houses.csv", "--x", "area"], "--y is missing"),
        (["explain", "regression", "houses.csv", "--x", "price", "--y", "price"], "not the one that --y predicts"),
        (["explain", "regression", "houses.csv", "--x", "area", "--y", "price", "--at", "row=9"], "row"),
        (["plot", "sigmoid", "1"], "--output is missing"),
        (["plot", "sigmoid", "1", "-o", "a.gif"], "path must end in one of .html"),
        (["plot", "sigmoid", "1", "-o", "no/such/a.svg"], 'the folder "no/such" does not exist'),
        (["plot", "sigmiod", "1", "-o", "a.svg"], "did you mean sigmoid"),
    ],
)
def test_what_cannot_be_answered_is_refused_and_nothing_is_left(
    words: list[str], says: str, run: Run, folder: Path
) -> None:
    before = sorted(folder.iterdir())
    if "scores.csv" in words and "--where" in words:
        words = [*words, "--label", "mango", "--score", "score"]
    ended = run(*words)
    assert ended.status == 2
    assert says in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""
    assert sorted(folder.iterdir()) == before


def test_a_practice_reads_its_answers_from_a_pipe(run: Run) -> None:
    ended = run("practise", "sigmoid", "--seed", "3", stdin=b"?\n1/(1+exp(-x))\n!\n")
    assert ended.status == 0
    assert "it is a formula in x" in ended.out
    assert "1 of 2 right at the first go." in ended.out
    korean = run("practise", "roc", "--lang", "ko", stdin=b"q\n")
    assert korean.status == 0
    assert "0문제 가운데 0문제" in korean.out
    refused = run("practise", "algebra")
    assert refused.status == 2
    assert "SUBJECT must be one of convolution, sigmoid" in refused.err
