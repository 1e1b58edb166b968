"""The page of a study, section by section: what is shown, in the words and digits in which it is shown."""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workings.chart import figure_json
from workings.expression import Node, Number, to_mathml, to_text
from workings.language import Message, message
from workings.once import cached_property
from workings.study.figures import Figure, figures
from workings.study.numerals import count, fixed, interval, percent, plain
from workings.study.opened import opened, opened_rival
from workings.study.page import MOST_TERMS
from workings.study.told_account import MOST_CLASSES, MOST_FILLED
from workings.study.told_checks import explain_checks
from workings.subjects.roc.plot_curves import MOST_CURVES
from workings.working import Working
from workings.working.conventions import in_a_sentence
from workings.working.render_html import steps_to_html
from workings.working.sentences import sentence

if TYPE_CHECKING:
    from workings.study.page import BestRow, ThresholdRow
    from workings.study.results import Study

__all__ = ["Entry", "Matrix", "Page"]

# The rates that a reader asks for first; the others stand behind a fold.
_FIRST_RATES = ("accuracy", "recall", "specificity", "precision", "npv", "f1", "balanced_accuracy", "mcc")
# What the matrix of two classes shows: its cells, its totals, and each cell's share of its row.
_CELLS = (
    *("tp", "fp", "fn", "tn", "positives", "negatives", "called_positive", "called_negative", "rows_counted"),
    *("recall", "fnr", "specificity", "fpr"),
)
_IN_THE_TABLE = ("recall", "specificity", "precision", "accuracy", "f1")
_MOST_NAMES = 60
# A page is under 3 MB, of which the script that draws takes 0.9. What pictures and single numbers leave of the rest is
# for derivations in full, and no more than so much, that a page stays quick to load.
_MOST_BESIDE_SCRIPTS, _MOST_DERIVATIONS = 1_750_000, 600_000


@dataclass(frozen=True)
class Entry:
    """A number with its name, and the HTML that it opens into."""

    key: str
    name: str
    value: str
    interval: str | None
    note: str | None
    inside: str


@dataclass(frozen=True)
class Cell:
    """A count of the matrix with its share of the row."""

    count: str
    share: str
    strength: int
    right: bool


@dataclass(frozen=True)
class Matrix:
    """The counts with named axes: ``rows`` are (actual class, cells, total)."""

    labels: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...], str], ...]
    totals: tuple[str, ...]
    total: str
    left_out: int
    inside: str


class Page:
    """What the template shows of a study."""

    def __init__(self, study: Study) -> None:
        self._study = study

    # Numbers.

    @cached_property
    def lead(self) -> str:
        """What the numbers of the first sentence open into."""
        return self._lines(
            "data", ("rows_read", "rows_used", "classes", "rows_by_class", "rows_test", "rows_train", "terms")
        )

    @cached_property
    def notes(self) -> str:
        """What the numbers of the notes open into: how the rows were counted, and where the descent ended."""
        data = self._lines("data", [step.key for step in self._study.workings["data"].steps])
        ends = [key for key in ("iterations", "arrived") if key in self._study.places]
        return data + (opened(self._study, ends) if ends else "")

    @cached_property
    def headline(self) -> list[Entry]:
        """The numbers that open the page."""
        return [
            self._entry(one.metric, percents=one.percent, note=None if one.note is None else str(one.note))
            for one in self._study.headline
        ]

    @cached_property
    def rates(self) -> list[Entry]:
        """The rates of the matrix that a reader asks for first."""
        return [self._entry(name) for name in self._study.rates if name in _FIRST_RATES]

    @cached_property
    def more_rates(self) -> list[Entry]:
        """The other rates."""
        return [self._entry(name) for name in self._study.rates if name not in _FIRST_RATES]

    @cached_property
    def ranking(self) -> list[Entry]:
        """What the curve comes to over all thresholds; of many classes the first."""
        keys = ("auc", "average_precision", "auc_macro", *self._curves[:MOST_CLASSES])
        return [self._entry(key) for key in keys if key in self._study.metrics]

    @property
    def _curves(self) -> list[str]:
        return [key for key in self._study.metrics if key.startswith("auc/")]

    @property
    def curves_left_out(self) -> int:
        """How many classes' areas are too many for the page."""
        return max(0, len(self._curves) - MOST_CLASSES)

    @cached_property
    def comparison(self) -> list[Entry]:
        """The two areas and the test of their difference."""
        if self._study.comparison is None:
            return []
        return [self._entry(key) for key in ("auc_a", "auc_b", "difference", "z", "p_value")]

    @cached_property
    def errors(self) -> list[Entry]:
        """How far predicted numbers are off."""
        return [self._entry(key, general=key != "r2") for key in ("r2", "rmse", "mae") if key in self._study.metrics]

    @cached_property
    def fit(self) -> list[Entry]:
        """What the fit came to."""
        return [self._entry(key, general=True) for key in ("iterations", "cost") if key in self._study.metrics]

    @cached_property
    def rows(self) -> list[Entry]:
        """How many rows were used, and how many of them judged the model."""
        keys = ("rows_used", "rows_train", "rows_test")
        return [self._entry(key, general=True) for key in keys if key in self._study.metrics]

    def data(self, *keys: str) -> str:
        """Return what a number of the data's account opens into: those lines that there are."""
        return self._lines("data", keys)

    def filling(self, place: int) -> str:
        """Return what the numbers of the column that was filled at ``place``, counted from 0, open into."""
        working = self._study.workings["data"]
        # Its own lines alone: how many rows there are to fit on opens a few lines below.
        keys = [step.key for step in working.step(f"filled_{place + 1}").substeps]
        return f'<div class="working">{steps_to_html(working, keys)}</div>'

    # Tables.

    @cached_property
    def matrix(self) -> Matrix | None:
        """The confusion matrix, of at most ``MOST_CLASSES`` classes."""
        confusion = self._study.confusion
        if confusion is None:
            return None
        labels = tuple(str(label) for label in confusion.labels)[:MOST_CLASSES]
        counts = confusion.counts.tolist()
        rows = [
            (
                label,
                tuple(_cell(value, sum(row), i == j) for j, value in enumerate(row[:MOST_CLASSES])),
                count(sum(row)),
            )
            for i, (label, row) in enumerate(zip(labels, counts, strict=False))
        ]
        columns = confusion.counts.sum(axis=0).tolist()
        if len(counts) == 2:
            inside = self._lines("confusion", _CELLS)
        else:
            inside = self._lines("matrix/totals", [step.key for step in self._study.workings["matrix/totals"].steps])
        return Matrix(
            labels=labels,
            rows=tuple(rows),
            totals=tuple(count(column) for column in columns[:MOST_CLASSES]),
            total=count(confusion.total),
            left_out=len(counts) - len(labels),
            inside=inside,
        )

    @cached_property
    def thresholds(self) -> list[tuple[ThresholdRow, list[str], str]]:
        """Each line of the table of thresholds, its cells, and what it opens into."""
        return [(row, list(_threshold_cells(row)), self._threshold_working(row)) for row in self._study.thresholds]

    @cached_property
    def best(self) -> list[tuple[BestRow, str]]:
        """Each best threshold, and what it opens into."""
        return [(row, opened(self._study, places=[row.place])) for row in self._study.best]

    @cached_property
    def terms(self) -> list[tuple[str, str, str, str]]:
        """The coefficients, the largest first: name, per unit as fitted, per unit of the column, what it opens into."""
        numbered = sorted(enumerate(self._study.coefficients), key=lambda one: -abs(one[1].value))[:MOST_TERMS]
        return [
            (
                one.name,
                plain(one.value),
                "" if one.raw is None else plain(one.raw),
                opened(self._study, (f"coef_{number}", f"unit_{rank}")),
            )
            for rank, (number, one) in enumerate(numbered)
        ]

    @cached_property
    def terms_left_out(self) -> int:
        """How many coefficients are too many for the page."""
        return len(self._study.coefficients) - len(self.terms)

    @cached_property
    def intercept_inside(self) -> str:
        """What the intercept opens into, as a coefficient does."""
        return opened(self._study, ("intercept",)) if "intercept" in self._study.places else ""

    @cached_property
    def terms_inside(self) -> str:
        """What the coefficients open into: the model, its cost and slopes, and where these vanish."""
        keys = ("score", "model", "error", "cost_rule", "gradient_rule", "gradient_rule_intercept", "coefficients")
        return opened(self._study, [key for key in keys if key in self._study.places])

    # Pictures.

    most_curves = MOST_CURVES

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """The pictures by their name in the template."""
        return figures(self._study)

    # The account, the conventions, the checks.

    @cached_property
    def conventions(self) -> list[tuple[str, str]]:
        """The choices made on the way, as HTML, and what the rival's number opens into ("" for none).

        Each choice is said once: of several classes the first says what the rival gives.
        """
        found: dict[str, tuple[str, str]] = {}
        for working in self._study.workings.values():
            for one in working.conventions:
                chosen = _say(one.chosen)
                if chosen not in found:
                    found[chosen] = _say(in_a_sentence(one)), opened_rival(working, one)
        return list(found.values())

    @cached_property
    def derivations(self) -> list[tuple[str, str, str]]:
        """The workings in full, but for those of single thresholds: key, question and HTML ("" where it is left out).

        Those of single classes come last, as far as the page's size allows.
        """
        workings = self._study.workings
        chosen = [key for key in workings if "/" not in key]
        chosen += [key for key in workings if "/" in key and not key.startswith(("threshold/", "matrix/"))]
        room = min(_MOST_DERIVATIONS, _MOST_BESIDE_SCRIPTS - self._taken)
        listed: list[tuple[str, str, str]] = []
        for key in chosen:
            body = _body(workings[key])
            room -= len(body.encode())
            listed.append((key, _question(workings[key]), body if room >= 0 or "/" not in key else ""))
        return listed

    @cached_property
    def _taken(self) -> int:
        """About how many bytes the pictures take, and what the numbers open into."""
        entries = (self.headline, self.rates, self.more_rates, self.ranking, self.comparison, self.errors, self.fit)
        inside = [entry.inside for part in (*entries, self.rows) for entry in part]
        inside += [row[-1] for table in (self.terms, self.thresholds, self.best, self.conventions) for row in table]
        inside += [self.lead, self.notes, self.terms_inside, self.checks]
        inside += [] if self.matrix is None else [self.matrix.inside]
        inside += [text for figure in self.figures.values() for text in (figure.still, figure_json(figure.spec))]
        return sum(len(text.encode()) for text in inside)

    @cached_property
    def checked(self) -> dict[str, str]:
        """What was verified on this page, in numbers."""
        found = list(self._study.verifications.values())
        scopes = {"inputs": 0, "recount": 0, "state": 0}
        for one in found:
            for scope, lines in one.scope.items():
                scopes[scope] += lines
        return {
            "equations": count(sum(one.equations for one in found)),
            "cells": count(sum(one.cells for one in found)),
            "workings": count(len(found)),
            "largest": plain(max((one.largest_error for one in found), default=0.0), 2),
            **{scope: count(lines) if lines else "" for scope, lines in scopes.items()},
        }

    @cached_property
    def checks(self) -> str:
        """What the numbers of the foot open into."""
        questions = {key: working.question for key, working in self._study.workings.items()}
        working = explain_checks(questions, self._study.verifications)
        return f'<div class="working">{steps_to_html(working, [step.key for step in working.steps])}</div>'

    most_classes, most_filled = MOST_CLASSES, MOST_FILLED

    @staticmethod
    def filled(value: float | str) -> str:
        """Return what missing values were filled with."""
        return value if isinstance(value, str) else plain(value)

    @staticmethod
    def listed(names: Sequence[str]) -> str:
        """Return names in a row; of very many the first, and how many more."""
        if len(names) <= _MOST_NAMES:
            return ", ".join(names)
        return str(
            message(
                "{names} and {count} more", names=", ".join(names[:_MOST_NAMES]), count=count(len(names) - _MOST_NAMES)
            )
        )

    def _entry(self, key: str, *, percents: bool = False, general: bool = False, note: str | None = None) -> Entry:
        study = self._study
        value = study.metrics[key]
        ends = study.intervals.get(key) or self._ends(key)
        keys = [key] if ends is None else [key, f"{key}_low", f"{key}_high"]
        cause = study.undefined.get(key)
        return Entry(
            key=key,
            name=str(study.names[key]),
            value=_written(value, percents=percents, general=general),
            interval=None if ends is None else interval(ends, as_percent=percents),
            note=str(cause) if cause is not None else note,
            inside=opened(study, keys),
        )

    def _ends(self, key: str) -> tuple[float, float] | None:
        """Return the ends of an interval that stand among the metrics themselves."""
        low, high = (self._study.metrics.get(f"{key}_{end}") for end in ("low", "high"))
        return None if low is None or high is None else (low, high)

    def _threshold_working(self, row: ThresholdRow) -> str:
        question = f'<p class="working-note">{_question(self._study.workings[row.working])}</p>'
        found = "" if row.place is None else opened(self._study, places=[row.place])
        lines = self._lines(row.working, ("tp", "fp", "fn", "tn", *_IN_THE_TABLE))
        return f'<div class="working">{question}{found}{lines}</div>'

    def _lines(self, working: str, keys: Sequence[str]) -> str:
        """Return those of some lines of a working that there are, opened."""
        there = {step.key for step in self._study.workings[working].walk()}
        return opened(self._study, places=[(working, key) for key in keys if key in there])


def _written(value: float | None, *, percents: bool, general: bool) -> str:
    if value is None:
        return plain(None)
    if isinstance(value, int):
        return count(value)
    if percents:
        return percent(value)
    return fixed(value) if not general and abs(value) <= 1 else plain(value)


def _cell(value: float, whole: float, right: bool) -> Cell:
    share = value / whole if whole else math.nan
    strength = 0 if math.isnan(share) else round(100 * share)
    return Cell(count(value), "" if math.isnan(share) else percent(share), strength, right)


def _threshold_cells(row: ThresholdRow) -> Iterator[str]:
    cells = row.confusion.cells
    yield plain(row.threshold)
    yield from (count(value) for value in (cells.tp, cells.fp, cells.fn, cells.tn))
    rates = row.confusion.rates
    yield from (fixed(rates[name]) for name in _IN_THE_TABLE)


def _question(working: Working) -> str:
    return _say(working.question)


def _body(working: Working) -> str:
    """Return the working without its heading, which the fold that holds it says."""
    return working.to_html().replace(f'<h2 class="working-question">{_question(working)}</h2>', "", 1)


def _say(text: Message) -> str:
    return sentence(text, None, escape=html.escape, formula=_formula)


def _formula(node: Node) -> str:
    return html.escape(to_text(node)) if isinstance(node, Number) else to_mathml(node, display="inline")
