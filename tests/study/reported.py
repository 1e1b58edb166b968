"""The studies whose reports are tested, and what is read off a report's source."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pandas as pd
import sklearn.datasets

import workings as wk
from workings.study import Study

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
    }[kind]()


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
