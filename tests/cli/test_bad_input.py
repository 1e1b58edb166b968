"""Bad input on the command line as a process: what is refused, what is done and said, what is harmless."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.cli.conftest import Ended, Run

SCORED = "label,score\n" + "".join(f"{k % 2},{(k * 7 % 40) / 40 + (k % 2) * 0.1:.3f}\n" for k in range(40))
EVALUATE = ("--label", "label", "--score", "score")


def measured(rows: int = 60, **more: Callable[[int], object]) -> str:
    """Return a table that can be fitted: y (two classes), a and b (numbers), and more columns."""
    columns: dict[str, Callable[[int], object]] = {
        "y": lambda k: int((k * 37 % 60) + (k % 7) * 5 > 40),
        "a": lambda k: k * 37 % 60,
        "b": lambda k: (k * 11 % 17) / 3,
        **more,
    }
    lines = [list(columns), *([of(k) for of in columns.values()] for k in range(rows))]
    return "\n".join(",".join(str(cell) for cell in line) for line in lines) + "\n"


def refused(ended: Ended, folder: Path, before: set[Path], *said: str) -> None:
    """Assert that the command was refused as promised: status 2, a sentence, no traceback, no file left behind."""
    assert ended.status == 2, ended
    assert ended.out == ""
    assert "Traceback" not in ended.err
    assert ended.err.startswith("workings: ")
    assert len(ended.err.strip().splitlines()) == 1
    for text in said:
        assert text in ended.err
    assert set(folder.rglob("*")) == before


def write(folder: Path, name: str, content: str | bytes) -> None:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


# What is refused: the file as it is, and what the message must say of what was found and what to do.
EVALUATE_REFUSES = {
    "empty file": ("t.csv", "", ["t.csv", "empty"]),
    "header only": ("t.csv", "label,score\n", ["no rows"]),
    "unknown column": ("t.csv", "labl,score\n1,0.5\n0,0.1\n", ['"label"', 'did you mean "labl"']),
    "one class": ("t.csv", "label,score\n1,0.5\n1,0.1\n", ["two classes", '"1"', "add rows"]),
    "missing labels": (
        "t.csv",
        "label,score\n1,0.5\n,0.4\n0,0.3\n,0.2\n",
        ['"label"', "2 missing", "row 2, 4", "--drop-missing"],
    ),
    "missing scores": (
        "t.csv",
        "label,score\n1,0.5\n0,\n1,0.3\n",
        ['"score"', "1 missing", "row 2", "--drop-missing"],
    ),
    "scores that are text": ("t.csv", "label,score\n1,0.5\n0,high\n1,0.2\n", ['"score"', '"high"', "row 2", "correct"]),
    "scores that are NaN": ("t.csv", "label,score\n1,0.5\n0,NaN\n1,0.2\n", ['"score"', "row", "2"]),
    "infinite scores": (
        "t.csv",
        "label,score\n1,0.5\n0,inf\n1,-inf\n0,0.1\n",
        ["finite", "2 infinite", "row 2, 3", "--where"],
    ),
    "duplicate column names": ("t.csv", "label,score,score\n1,0.5,0.5\n0,0.1,0.2\n", ["unique", '"score"', "rename"]),
    "text under the name of Parquet": (
        "t.parquet",
        SCORED,
        ["t.parquet", "its ending says parquet", "its content is text"],
    ),
    "Parquet cut short": ("t.parquet", b"PAR1 and no more", ["t.parquet"]),
    "text under the name of gzip": ("t.csv.gz", SCORED, ["t.csv.gz"]),
    "gzip cut short": ("t.csv.gz", gzip.compress(SCORED.encode() * 50)[:-40], ["t.csv.gz"]),
    "a binary file under the name of CSV": ("t.csv", bytes(range(256)) * 4, ["t.csv"]),
    "a table under the name of JSON lines": ("t.jsonl", SCORED, ["t.jsonl"]),
    "three values without a choice": ("t.csv", "label,score\n1,0.5\n0,0.1\n2,0.2\n", ["two values", "--positive"]),
    "labels that are dates": ("t.csv", "label,score\n2020-01-01,1\n2020-01-02,0\n", ["dates"]),
}


@pytest.mark.parametrize("case", EVALUATE_REFUSES)
def test_evaluate_refuses(case: str, run: Run, tmp_path: Path) -> None:
    name, content, said = EVALUATE_REFUSES[case]
    write(tmp_path, name, content)
    ended = run("evaluate", name, *EVALUATE, "--report", "r.html", "--json", "n.json")
    refused(ended, tmp_path, {tmp_path / name}, *said)


def test_evaluate_refuses_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    refused(run("evaluate", "none.csv", *EVALUATE), tmp_path, set(), "none.csv", "no such file")
    refused(run("evaluate", "*.csv", *EVALUATE), tmp_path, set(), "*.csv")
    refused(run("evaluate", "-", *EVALUATE, stdin=b""), tmp_path, set(), "empty")


def test_evaluate_refuses_weights_below_zero_and_thresholds_that_are_none(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", "label,score,w\n1,0.5,1\n0,0.1,-1\n1,0.2,1\n")
    before = {tmp_path / "t.csv"}
    refused(run("evaluate", "t.csv", *EVALUATE, "--weight", "w"), tmp_path, before, "negative", "row 2")
    refused(run("evaluate", "t.csv", *EVALUATE, "--threshold", "nan"), tmp_path, before, "threshold", "finite")
    refused(run("evaluate", "t.csv", *EVALUATE, "--cost-fp", "-1"), tmp_path, before, "cost_fp")
    refused(run("evaluate", "t.csv", *EVALUATE, "--where", "score >"), tmp_path, before, "score >")
    refused(run("evaluate", "t.csv", *EVALUATE, "--positive", "2"), tmp_path, before, '"2"', "0")


FIT_REFUSES = {
    "a target with no variation": (measured(y=lambda _: 1), [], ["must vary", '"1"', "another column"]),
    "fewer rows than parameters": (
        measured(12, **{f"x{k}": lambda row, k=k: row * (k + 3) % 13 for k in range(9)}),
        ["--kind", "linear"],
        ["9 rows", "12 parameters", "11 columns", "--features"],
    ),
    "an infinite feature": (measured(a=lambda k: "inf" if k == 3 else k), [], ['"a"', "row 4", "inf"]),
    "an unknown feature": (measured(), ["--features", "a,bb"], ['"bb"', 'did you mean "b"']),
    "a text target for a linear model": (measured(y=lambda k: "ab"[k % 2]), ["--kind", "linear"], ["text", "--kind"]),
    "a class in a single row": (measured(y=lambda k: "x" if k == 7 else "yz"[k % 2]), [], ['"x"', "two rows"]),
    "too many classes": (measured(y=lambda k: f"c{k}"), [], ["50", "60"]),
    "only columns that cannot be used": ("y,id\n" + "".join(f"{k},id{k}\n" for k in range(200)), [], ["predict from"]),
    "a share of test rows that is none": (measured(), ["--test-size", "1.5"], ["test_size", "1.5", "0.25"]),
}


@pytest.mark.parametrize("case", FIT_REFUSES)
def test_fit_refuses(case: str, run: Run, tmp_path: Path) -> None:
    content, options, said = FIT_REFUSES[case]
    write(tmp_path, "t.csv", content)
    ended = run(
        "fit", "t.csv", "--target", "y", *options, "--model", "m.json", "--report", "r.html", "--json", "n.json"
    )
    refused(ended, tmp_path, {tmp_path / "t.csv"}, *said)


@pytest.mark.parametrize("option", ["--report", "--json", "--model"])
def test_an_output_folder_that_does_not_exist_is_refused_before_the_work(option: str, run: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", measured())
    ended = run("fit", "t.csv", "--target", "y", "--json", "first.json", option, "none/out")
    refused(ended, tmp_path, {tmp_path / "t.csv"}, "none", "does not exist", "make it")


def test_an_output_folder_that_cannot_be_written_leaves_no_other_output_either(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", SCORED)
    ended = run("evaluate", "t.csv", *EVALUATE, "--json", "n.json", "--report", "/proc/r.html")
    refused(ended, tmp_path, {tmp_path / "t.csv"}, "/proc")
    ended = run("evaluate", "t.csv", *EVALUATE, "--json", "n.json", "--report", ".")
    refused(ended, tmp_path, {tmp_path / "t.csv"}, "folder")


def test_no_output_takes_the_place_of_what_is_read(run: Run, tmp_path: Path, model: Path) -> None:
    write(tmp_path, "table.csv", measured())
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    for command in (
        ["evaluate", "table.csv", "--label", "y", "--score", "a", "--json", "./table.csv"],
        ["fit", "table.csv", "--target", "y", "--model", "table.csv"],
        ["predict", model.name, "table.csv", "-o", model.name],
    ):
        refused(run(*command), tmp_path, set(before), "would be lost; name another file")
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.fixture
def model(run: Run, tmp_path: Path) -> Path:
    """Return the path of a model of y by a, b and the text c."""
    write(tmp_path, "t.csv", measured(c=lambda k: ["red", "green", "blue"][k % 3]))
    ended = run("fit", "t.csv", "--target", "y", "--model", "m.json")
    assert ended.status == 0, ended.err
    return tmp_path / "m.json"


def test_a_model_file_that_cannot_be_trusted_is_refused(run: Run, tmp_path: Path, model: Path) -> None:
    text = model.read_text()
    document = json.loads(text)
    cases = {
        "version": (json.dumps({**document, "version": 99}), ["version", "99", "fit the model again"]),
        "truncated": (text[: len(text) // 2], ["cut short"]),
        "nan": (text.replace(repr(document["intercepts"][0]), "NaN"), ["finite", "NaN"]),
        "infinity": (text.replace(repr(document["intercepts"][0]), "-Infinity"), ["finite", "Infinity"]),
        "another file": ("a,b\n1,2\n", ["JSON"]),
        "empty": ("", ["JSON"]),
    }
    for content, said in cases.values():
        model.write_text(content)
        before = set(tmp_path.rglob("*"))
        refused(run("predict", "m.json", "t.csv", "-o", "out.csv"), tmp_path, before, "m.json", *said)
    refused(run("predict", "none.json", "t.csv"), tmp_path, set(tmp_path.rglob("*")), "none.json", "no such file")


def test_predict_refuses_other_columns_kinds_and_categories(run: Run, tmp_path: Path, model: Path) -> None:
    cases = {
        "missing column": ("a,c\n1,red\n", ['"b"', "missing", "add"]),
        "near column": ("a,B,c\n1,2,red\n", ['"b"', '"B"', "rename"]),
        "other kind": ("a,b,c\n1,x,red\n", ['"b"', "numbers", "text"]),
        "unknown category": ("a,b,c\n1,2,red\n1,2,rad\n", ['"c"', "row 2", '"rad"', '"red"']),
        "infinite": ("a,b,c\n1,2,red\n1,inf,red\n", ['"b"', "row 2", "inf"]),
        "taken name": ("a,b,c,prediction\n1,2,red,1\n", ['"prediction"', "rename"]),
    }
    for content, said in cases.values():
        write(tmp_path, "new.csv", content)
        before = set(tmp_path.rglob("*"))
        refused(run("predict", model, "new.csv", "-o", "out.csv"), tmp_path, before, *said)
    write(tmp_path, "new.csv", "a,b,c\n1,2,red\n")
    before = set(tmp_path.rglob("*"))
    refused(run("predict", model, "new.csv", "-o", "none/out.csv"), tmp_path, before, "none", "make it first")
    refused(run("predict", model, "new.csv", "-o", "out.xyz"), tmp_path, before, "out.xyz")


# What is done, and said.


def done(ended: Ended, *said: str) -> None:
    assert ended.status == 0, ended.err
    assert "Traceback" not in ended.err
    for text in said:
        assert text in ended.err, (text, ended.err)


def numbers(path: Path) -> dict[str, float]:
    return json.loads(path.read_text())["metrics"]


def test_scores_outside_0_to_1_are_judged_and_said(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", "label,score\n" + "".join(f"{k % 2},{k * 3 % 11 - 4}\n" for k in range(30)))
    ended = run("evaluate", "t.csv", *EVALUATE, "--json", "n.json")
    done(ended, "from -4 to 6", "outside 0 to 1", "0.5 may not")
    assert 0 < numbers(tmp_path / "n.json")["auc"] < 1


def test_missing_values_are_left_out_when_asked_and_counted(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", SCORED + ",0.5\n1,\n,\n")
    ended = run("evaluate", "t.csv", *EVALUATE, "--drop-missing", "--json", "n.json")
    done(ended, "3 of 43 rows", "41, 42, 43")
    found = numbers(tmp_path / "n.json")
    assert (found["rows_read"], found["rows_used"]) == (43, 40)


@pytest.mark.parametrize(
    ("no", "yes", "why"),
    [("benign", "malignant", "alphabet"), ("no", "yes", "says yes"), ("false", "true", "booleans")],
)
def test_labels_of_text_and_booleans_are_taken_and_said(no: str, yes: str, why: str, run: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", SCORED.replace("\n0,", f"\n{no},").replace("\n1,", f"\n{yes},"))
    ended = run("evaluate", "t.csv", *EVALUATE, "--json", "n.json")
    done(ended, f'is "{yes}"', why)
    write(tmp_path, "u.csv", SCORED)
    assert run("evaluate", "u.csv", *EVALUATE, "--json", "u.json").status == 0
    assert numbers(tmp_path / "n.json") == numbers(tmp_path / "u.json")


def test_with_a_positive_named_all_other_values_are_negative_and_said(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", SCORED + "2,0.4\n3,0.2\n")
    ended = run("evaluate", "t.csv", *EVALUATE, "--positive", "1", "--json", "n.json")
    done(ended, "more than two values", "you named it")
    assert numbers(tmp_path / "n.json")["negatives"] == 22


def test_weights_that_are_zero_in_one_class_are_said_and_undefined_numbers_are_null(run: Run, tmp_path: Path) -> None:
    lines = SCORED.strip().splitlines()
    weighted = [lines[0] + ",w", *(line + (",0" if line.startswith("0") else ",1.5") for line in lines[1:])]
    write(tmp_path, "t.csv", "\n".join(weighted) + "\n")
    ended = run("evaluate", "t.csv", *EVALUATE, "--weight", "w", "--json", "n.json")
    done(ended, 'in the class "0" is zero', "undefined")
    document = json.loads((tmp_path / "n.json").read_text())
    assert document["metrics"]["auc"] is None
    assert document["metrics"]["specificity"] is None
    assert "specificity" in document["undefined"]
    assert document["metrics"]["tp"] == pytest.approx(1.5 * 11, abs=6)


def test_a_constant_feature_is_left_out_and_named(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", measured(same=lambda _: 3.25))
    ended = run("fit", "t.csv", "--target", "y", "--json", "n.json")
    done(ended, "one value", '"same"')
    assert json.loads((tmp_path / "n.json").read_text())["data"]["constant"] == ["same"]


def test_three_classes_are_fitted_one_against_the_rest(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", measured(90, y=lambda k: ["low", "mid", "top"][(k * 37 % 60) // 20]))
    ended = run("fit", "t.csv", "--target", "y", "--json", "n.json")
    done(ended, "3 classes", "against the rest")
    document = json.loads((tmp_path / "n.json").read_text())
    assert len(document["confusion"]["counts"]) == 3
    assert document["metrics"]["auc_macro"] > 0.6


def test_missing_features_are_filled_by_the_stated_rule_and_said(run: Run, tmp_path: Path) -> None:
    content = measured(80, a=lambda k: "" if k % 9 == 0 else k * 37 % 60, c=lambda k: "" if k % 8 == 0 else "pq"[k % 2])
    write(tmp_path, "t.csv", content)
    ended = run("fit", "t.csv", "--target", "y", "--model", "m.json")
    done(ended, 'Missing values of "a"', "the mean of the training rows: 9.", 'of "c"', "most frequent", ": 10.")
    ended = run("fit", "t.csv", "--target", "y", "--drop-missing")
    done(ended, "Left out because ")


def test_a_fit_that_does_not_arrive_says_so(run: Run, tmp_path: Path) -> None:
    content = measured(200, a=lambda k: k * 37 % 60 * 1e6, b=lambda k: (k * 11 % 17) / 3e6)
    write(tmp_path, "t.csv", content)
    ended = run("fit", "t.csv", "--target", "y", "--normalize", "none")
    done(ended, "before it arrived")


def test_ten_thousand_columns_are_judged_and_fitted(run: Run, tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    rows, columns = 120, 10_000
    values = generator.integers(0, 50, (rows, columns))
    # 60 columns vary, all others hold one value: that many are named in part and counted.
    values[:, 60:] = 7
    label = (values[:, 0] + generator.integers(0, 30, rows) > 40).astype(int)
    table = pa.table({"label": label, "score": values[:, 0] / 50, **{f"x{k}": values[:, k] for k in range(columns)}})
    pq.write_table(table, tmp_path / "wide.parquet")
    ended = run("evaluate", "wide.parquet", *EVALUATE, "--json", "e.json")
    done(ended)
    ended = run("fit", "wide.parquet", "--target", "label", "--json", "f.json", "--report", "r.html")
    done(ended, "(9940)")
    assert len(json.loads((tmp_path / "f.json").read_text())["data"]["constant"]) == 9940


# What is harmless.

HOSTILE_NAMES = ["<script>alert(1)</script>", "=1+1", "quo\"te, and 'comma", "줄\n바꿈 😀", "{name} %s \\n"]


def hostile_table(folder: Path) -> None:
    with (folder / "t.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["y", *HOSTILE_NAMES])
        for k in range(60):
            mark = ["<img src=x onerror=alert(1)>", "=cmd|' /C calc'!A0", "한글 😀\n\x1b[31m"][k % 3]
            writer.writerow(
                ["<b>yes</b>" if (k * 37 % 60) > 30 else "=no()", k * 37 % 60, k * 11 % 17, k % 5, mark, k % 7]
            )


def test_hostile_names_and_values_are_shown_and_none_runs(run: Run, tmp_path: Path) -> None:
    hostile_table(tmp_path)
    ended = run("fit", "t.csv", "--target", "y", "--model", "m.json", "--report", "r.html", "--json", "n.json")
    done(ended)
    assert "\x1b" not in ended.out + ended.err
    report = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<script>alert(1)</script>" not in report
    assert "<img src=x" not in report
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in report
    assert json.loads((tmp_path / "m.json").read_text())["features"][0]["name"] == HOSTILE_NAMES[0]
    ended = run("predict", "m.json", "t.csv", "-o", "out.csv")
    done(ended)
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        header, *lines = csv.reader(file)
    assert len(lines) == 60
    assert [cell.lstrip("'") for cell in header[1:6]] == HOSTILE_NAMES
    for line in [header, *lines]:
        assert not any(cell.startswith(("=", "+", "@")) for cell in line)
    ended = run("predict", "m.json", "t.csv", "-o", "out.parquet")
    done(ended)
    table = pq.read_table(tmp_path / "out.parquet")
    assert table.column_names[:6] == ["y", *HOSTILE_NAMES]
    assert set(table["prediction"].to_pylist()) == {"<b>yes</b>", "=no()"}


def test_hostile_names_in_an_error_cannot_drive_the_terminal(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "t.csv", "label,\x1b]0;owned\x07score\n1,0.5\n0,0.1\n")
    ended = run("evaluate", "t.csv", "--label", "label", "--score", "\x1b[31mscore")
    assert ended.status == 2
    assert "\x1b" not in ended.err
    assert "\\x1b" in ended.err
