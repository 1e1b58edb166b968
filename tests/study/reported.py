"""The studies whose reports are tested, and what is read off a report's source."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from typing import Any, Literal

import numpy as np
import pandas as pd
import sklearn.datasets

import workings as wk
from workings.study import Study
from workings.study.report import render_report

HOSTILE = "</script><img src=x onerror=alert(1)>\"'\n=1+1 한글 🎯"
KINDS = ("logistic", "one-vs-rest", "linear", "compared", "hostile")


@cache
def study(kind: str) -> Study:
    """Return the study of this kind, made once."""
    return {
        "logistic": logistic,
        "one-vs-rest": several,
        "linear": linear,
        "compared": compared,
        "hostile": hostile,
        "mixed": mixed,
        "mixed classes": mixed_classes,
        "wide": wide,
        "weighted": weighted,
    }[kind]()


@cache
def page(kind: str, lang: Literal["en", "ko"] = "en") -> str:
    """Return the page of this kind's study, made once."""
    return render_report(study(kind), lang)


def logistic() -> Study:
    frame = sklearn.datasets.load_breast_cancer(as_frame=True).frame
    frame["diagnosis"] = np.where(frame.pop("target") == 0, "malignant", "benign")
    return wk.fit(frame, target="diagnosis", positive="malignant")


def several() -> Study:
    iris = sklearn.datasets.load_iris(as_frame=True)
    frame = iris.frame
    frame["species"] = [str(iris.target_names[code]) for code in frame.pop("target")]
    return wk.fit(frame, target="species")


def linear() -> Study:
    return wk.fit(sklearn.datasets.load_diabetes(as_frame=True).frame, target="target")


def scores(rows: int = 400) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(0)
    y = rng.random(rows) < 0.3
    return y, np.round(rng.normal(size=rows) + 1.2 * y, 3), np.round(rng.normal(size=rows) + 0.8 * y, 3)


def compared() -> Study:
    y, first, second = scores()
    frame = pd.DataFrame({"ill": y.astype(int), "first": first, "second": second})
    return wk.evaluate(frame, label="ill", score="first", compare="second", threshold=0.25)


def hostile() -> Study:
    y, first, second = scores()
    names = np.where(y, HOSTILE + "yes", "=cmd|' /C calc'!A0")
    frame = pd.DataFrame({"<b>label</b>": names, HOSTILE: first, "=2+2": second})
    return wk.evaluate(frame, label="<b>label</b>", score=HOSTILE, compare="=2+2", positive=HOSTILE + "yes")


def mixed_table(rows: int = 123) -> Any:
    """Return columns of every kind with missing values, a constant, and a category that one row has."""
    rng = np.random.default_rng(1)

    def holes(values: Any, share: float) -> Any:
        return np.where(rng.random(rows) < share, None, values)

    frame = pd.DataFrame({"age": np.where(rng.random(rows) < 0.1, np.nan, rng.normal(40, 9, rows).round(1))})
    frame["town"] = holes(rng.choice(list("abcde"), rows), 0.05)
    frame["member"] = pd.array(holes(rng.random(rows) < 0.6, 0.05), dtype="boolean")
    frame["since"] = pd.to_datetime(holes(rng.choice(["2020-01-01", "2021-06-30", "2023-03-15"], rows), 0.08))
    frame["same"] = 1.0
    frame["group"] = rng.choice(["x", "y", "z", "w", "v"], rows, p=[0.6, 0.2, 0.1, 0.05, 0.05])
    frame.loc[3, "group"] = None
    frame["value"] = frame["age"].fillna(40) + (frame["group"] == "x") + rng.normal(size=rows)
    frame.loc[7, "value"] = np.nan
    frame.loc[rows - 1, "town"] = "elsewhere"
    return frame


def mixed() -> Study:
    return wk.fit(mixed_table(), target="value", seed=2, test_size=0.35)


def mixed_classes() -> Study:
    return wk.fit(mixed_table(), target="group", test_size=0.1)


def wide() -> Study:
    """Three classes and 60 columns: more coefficients than a page shows."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(160, 60)).round(3)
    frame = pd.DataFrame(X, columns=[f"column {chr(97 + k // 26)}{chr(97 + k % 26)}" for k in range(60)])
    frame["kind"] = np.array(["left", "middle", "right"])[np.digitize(X[:, 0] - X[:, 1], [-0.7, 0.7])]
    return wk.fit(frame, target="kind", normalize="min-max")


def weighted() -> Study:
    y, first, _ = scores()
    frame = pd.DataFrame({"ill": y.astype(int), "score": first, "w": np.arange(len(y)) % 7 / 4})
    frame.loc[[4, 9], "score"] = np.nan
    return wk.evaluate(frame, label="ill", score="score", weight="w", drop_missing=True)


class Source(HTMLParser):
    """The elements of a page: whether they are closed in order, their ids, what they refer to."""

    VOID = frozenset({"meta", "img", "input", "br", "hr", "link"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.unbalanced: list[str] = []
        self.ids: list[str] = []
        self.labelled_by: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(text)
        self.unbalanced += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            if name == "aria-labelledby":
                self.labelled_by.append(str(value))
            if name in {"src", "href", "action", "srcset", "data", "poster"}:
                self.addresses.append(str(value))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(f"/{tag}")


def formulas(text: str) -> list[str]:
    """Return every MathML element of a page."""
    return re.findall(r"<math .*?</math>", text, re.DOTALL)
