"""LaTeX that compiles: every working of the gallery and of results, in both languages, and names that mean commands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from docs.gallery.build import LANGUAGES, examples

import workings as wk
from workings.expression import equation, symbol
from workings.language import message
from workings.working import Derivation, Table, Working

PAGES = tomllib.loads((Path(__file__).parents[2] / "docs/gallery/gallery.toml").read_text(encoding="utf-8"))["page"]

# A line that stands out by less is not seen.
WIDEST = 5  # points

HOSTILE = (
    r"\input{/etc/passwd}",
    r"^^5cinput{/etc/passwd}",
    r"\immediate\write18{touch ran} $x^2$ 50% _a #1 & ~ {} ",
    r"\end{document}",
    r"]] \\[5pt] [x]",
    "--''``<<>>,,?`!`",
    "שלום 😀 цена ĸ ſ ŉ 價格 价格 ｆｕｌｌ ᄒᆞᆫ ½ ÿ",
    "column" * 40,
    "a\u202eb\x00\x1b[31m\nc",
)


@pytest.fixture(scope="module")
def tex() -> None:
    """Ask for what compiles and reads; without it, skip and say so (on continuous integration: fail)."""
    missing = [program for program in ("xelatex", "pdflatex", "pdftotext") if shutil.which(program) is None]
    if missing:
        reason = f"no {missing[0]} on this machine: no LaTeX is compiled (see .ci/run for the packages)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def gallery() -> list[Working]:
    found: list[Working] = []
    for page in PAGES:
        told = [{key: code for key, code in each.items() if key != "plot"} for each in page["example"]]
        found += [each.working for each in examples({**page, "example": told}) if each.working is not None]
    return found


def results() -> list[Working]:
    """Return the workings of results and estimators, and closer looks, that the gallery does not show."""
    random = np.random.default_rng(3)
    y, score = wk.datasets.mango()
    x = random.normal(size=(40, 3))
    two, three = (x[:, 0] + random.normal(size=40) > 0).astype(int), random.integers(0, 3, 40)
    table = pd.DataFrame({"mean radius": x[:, 0], "cost_$%": x[:, 1], "x^2": x[:, 2], "label": two})
    images, kernels = random.normal(size=(1, 3, 6, 6)), random.normal(size=(2, 3, 3, 3))
    return [
        wk.roc_curve(y, score).explain(),
        wk.confusion_matrix(y, score > 0.5).explain(),
        wk.threshold_table(y, score).explain(),
        wk.compare_auc(y, score, 1 - score).explain(),
        wk.integrate("sin(x)/x", 0, 10).explain(),
        wk.integrate_family("cos(t*w)", 0, 1, np.linspace(0, 5, 6)).explain(),
        wk.LogisticRegression().fit(x, three).explain(),
        wk.LogisticRegression().fit(x, two).explain().at(row=3),
        wk.LinearRegression().fit(x, x @ [1, 2, 3]).explain().at(row=3),
        wk.gradient_descent("(1 - x)^2 + 10*(z - x^2)^2", {"x": -1, "z": 1}, learning_rate=0.01).explain(),
        wk.explain(wk.conv2d, images, kernels, padding=1).at(0, 1, 3, 3),
        wk.explain(wk.differentiate, "exp(sin(x^2)/(1 + x^2))*log(1 + sqrt(1 + x^4))", "x").at(x=1.5),
        wk.hessian("x^2*z + sin(z)*exp(x/z) + w^3*x").explain(),
        wk.gradient(" + ".join(f"x_{k}^{k}*x_{k + 1}/(1 + x_{k}^2)" for k in range(1, 12))).explain(),
        wk.explain(wk.differentiate, "where(x > 0, " + " + ".join(f"sin({k}*x)" for k in range(20)) + ", x)", "x"),
        wk.evaluate(pd.DataFrame({"score": score, "y": y}), label="y", score="score").explain(),
        wk.fit(table, target="label").explain(),
        wk.fit(table, target="x^2").explain(),
    ]


def named(name: str) -> Working:
    """Return a working in which a name from outside stands wherever one can."""
    column = symbol(name)
    w = Derivation("name", message("What is in {name}?", name=name))
    w.given(name, 3, message("{name}", name=name))
    w.line(
        "twice", equation(symbol("d"), 2 * column**2), title=message("{name}", name=name), note=message("{c}", c=column)
    )
    w.line("long", equation(symbol("s"), sum((column / k for k in range(1, 9)), column)))
    w.table("rows", Table((name, column), ((name, 1.0), ("", 2.0)), note=message("{name}", name=name)))
    w.conclude(message("{name} is {column}", name=name, column=column))
    return w.build()


def together(documents: Sequence[str]) -> str:
    """Return documents as one, each on a new page, so that LaTeX is started once."""
    heads, bodies = zip(*(document.split("\\begin{document}", 1) for document in documents), strict=True)
    end = "\\end{document}\n"
    assert all(body.endswith(end) for body in bodies)
    return (
        f"{max(heads, key=len)}\\begin{{document}}"
        + "\\clearpage\n".join(body.removesuffix(end) for body in bodies)
        + end
    )


def compiled(document: str, folder: Path) -> str:
    """Return the text of the PDF, once XeLaTeX and pdfLaTeX have found nothing to complain of."""
    (folder / "working.tex").write_text(document, encoding="utf-8")
    for program, *options in (["pdflatex", "-draftmode"], ["xelatex"]):
        done = subprocess.run(
            [program, *options, "-interaction=nonstopmode", "-halt-on-error", "working.tex"],
            cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False,
        )  # fmt: skip
        log = (folder / "working.log").read_text(encoding="utf-8", errors="replace")
        assert done.returncode == 0, log[-3000:]
        assert not re.findall("Missing character.*", log)
        assert not [line for line in re.findall(r"Overfull \\hbox \(([\d.]+)pt.*", log) if float(line) > WIDEST]
    subprocess.run(["pdftotext", "working.pdf"], cwd=folder, check=True)
    return unicodedata.normalize("NFKC", (folder / "working.txt").read_text(encoding="utf-8"))


def letters(text: str) -> str:
    """Return what is left of a text whatever the spaces, the hyphens and the formulas in it."""
    return "".join(re.findall("[가-힣]" if re.search("[가-힣]", text) else "[a-zA-Z]", text))


@pytest.mark.usefixtures("tex")
@pytest.mark.parametrize("workings", [gallery, results])
def test_workings_compile_in_both_languages_and_stay_on_the_page(workings, tmp_path: Path) -> None:
    made = workings()
    for lang in LANGUAGES:
        document = together([working.to_latex(lang) for working in made])
        assert "[U+" not in document
        text = letters(compiled(document, tmp_path))
        assert [question for working in made if letters(question := working.question.render(lang)) not in text] == []


@pytest.mark.usefixtures("tex")
def test_a_table_that_fits_is_not_made_larger_even_the_first_of_a_document(tmp_path: Path) -> None:
    table = Table(("x", "z"), ((1.25, 3.5), (2.25, 4.5)))
    w = Derivation("name", message("What is in the table?"))
    w.table("rows", table)
    w.table("again", table)
    compiled(w.build().to_latex("en"), tmp_path)
    subprocess.run(["pdftotext", "-bbox", "working.pdf"], cwd=tmp_path, check=True)
    words = re.findall(r'yMin="([\d.]+)".*yMax="([\d.]+)">([^<]+)<', (tmp_path / "working.html").read_text("utf-8"))
    heights = {word: [float(low) - float(high) for high, low, other in words if other == word] for *_, word in words}
    assert len(heights["2.25"]) == 2
    assert max(heights["2.25"]) <= heights["table?"][0]


@pytest.mark.usefixtures("tex")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_name_that_means_a_command_is_shown_and_nothing_is_run(lang: str, tmp_path: Path) -> None:
    text = compiled(together([named(name).to_latex(lang) for name in HOSTILE]), tmp_path)
    assert text.count(r"\input{/etc/passwd}") > 4
    assert text.count("^^5cinput") > 4
    assert text.count(r"\end{document}") > 4
    assert "root:" not in text
    assert not (tmp_path / "ran").exists()
    assert {"working.tex", "working.aux", "working.log", "working.pdf", "working.txt"} == {
        file.name for file in tmp_path.iterdir()
    }
