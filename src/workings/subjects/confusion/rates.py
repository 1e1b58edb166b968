"""Every rate that is read off the four counts, as one table: its names, its exact formula, when it is undefined.

Each formula is written as one quotient of polynomials in the counts, not as a quotient of rounded rates: with whole
counts it is then rounded once. Written with rates, Youden's J of a classifier that is right by one row in 10^9 would
keep seven digits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from workings.errors import InputError
from workings.language import Message, message

__all__ = ["ALIASES", "ONE_CLASS", "RATES", "Cells", "Rate", "f_beta", "find_rate", "value_of"]

# F scores by name, as they are written: f1, f2, f0.5.
_F_SCORE = re.compile(r"f(\d+(?:\.\d+)?)", re.ASCII)


class Cells(NamedTuple):
    """The four counts of two classes; whole numbers, or floats where rows are weighted."""

    tp: float
    fp: float
    fn: float
    tn: float

    @property
    def positives(self) -> float:
        """Rows that are actually positive, TP + FN."""
        return self.tp + self.fn

    @property
    def negatives(self) -> float:
        """Rows that are actually negative, FP + TN."""
        return self.fp + self.tn

    @property
    def called_positive(self) -> float:
        """Rows that were predicted positive, TP + FP."""
        return self.tp + self.fp

    @property
    def called_negative(self) -> float:
        """Rows that were predicted negative, FN + TN."""
        return self.fn + self.tn

    @property
    def total(self) -> float:
        """All rows."""
        return self.tp + self.fp + self.fn + self.tn

    @property
    def determinant(self) -> float:
        """TP·TN - FP·FN: zero where prediction and truth are independent."""
        return self.tp * self.tn - self.fp * self.fn


Count = Callable[[Cells], float]


@dataclass(frozen=True)
class Rate:
    """One rate.

    Parameters
    ----------
    name, aliases
        What it is called here, and elsewhere.
    title
        Its name in words.
    compute
        The value; divides by zero exactly where the rate is undefined.
    proportion
        Numerator and denominator, where the rate is a share of rows (and so has a Wilson interval).
    divisors
        What is divided by, each with the sentence that says what it means that there is none.
    """

    name: str
    aliases: tuple[str, ...]
    title: Message
    compute: Count
    divisors: tuple[tuple[Count, Message], ...]
    proportion: tuple[Count, Count] | None = None

    def cause(self, cells: Cells) -> Message:
        """Return why the rate is undefined for these counts."""
        return next((cause for divisor, cause in self.divisors if divisor(cells) == 0), self.divisors[0][1])


def value_of(rate: Rate, cells: Cells) -> float:
    """Return the rate for these counts: NaN where it is undefined.

    Every rate is a ratio in which counts stand as often above as below, so that the unit of weights drops out. They are
    taken in one in which the largest is about 1: the product of four weights of 1e90 is no float, and of 1e-90 is 0.
    """
    if any(isinstance(count, float) for count in cells):
        power = -math.frexp(max(cells))[1]
        cells = Cells(*(math.ldexp(count, power) for count in cells))
    try:
        return float(rate.compute(cells))
    except ZeroDivisionError:
        return math.nan


def find_rate(name: str, *, function: str) -> Rate:
    """Return the rate of this name or alias, or the F score of any β ("f2", "f0.5").

    Raises
    ------
    InputError
        If no rate is called so; the message lists those that there are.
    """
    rate = ALIASES.get(name)
    if rate is None and (f_score := _F_SCORE.fullmatch(name)) and math.isfinite(float(f_score[1])):
        return f_beta(float(f_score[1]))
    if rate is None:
        raise InputError(
            message(
                "{function}: rate must be the name of a rate; got {got}; try one of {names}",
                function=function,
                got=repr(name),
                names=", ".join(RATES),
            )
        )
    return rate


def f_beta(beta: float) -> Rate:
    r"""Return the rate :math:`F_\beta = (1 + \beta^2) TP / ((1 + \beta^2) TP + \beta^2 FN + FP)`."""
    square = int(beta) ** 2 if float(beta).is_integer() else beta**2

    def compute(c: Cells) -> float:
        return (1 + square) * c.tp / ((1 + square) * c.tp + square * c.fn + c.fp)

    return Rate(f"f{beta:g}", (), message("F score with β = {beta}", beta=f"{beta:g}"), compute, (_EITHER,))


_POSITIVES: tuple[Count, Message] = (lambda c: c.positives, message("no row is actually positive"))
_NEGATIVES: tuple[Count, Message] = (lambda c: c.negatives, message("no row is actually negative"))
_CALLED_POSITIVE: tuple[Count, Message] = (lambda c: c.called_positive, message("no row was predicted positive"))
_CALLED_NEGATIVE: tuple[Count, Message] = (lambda c: c.called_negative, message("no row was predicted negative"))
_ROWS: tuple[Count, Message] = (lambda c: c.total, message("there are no rows"))
_EITHER: tuple[Count, Message] = (
    lambda c: c.tp + c.fp + c.fn,
    message("no row is positive, neither actually nor by prediction"),
)
_NO_FP: tuple[Count, Message] = (lambda c: c.fp, message("there is no false positive to divide by"))
_NO_FN: tuple[Count, Message] = (lambda c: c.fn, message("there is no false negative to divide by"))
_NO_TN: tuple[Count, Message] = (lambda c: c.tn, message("there is no true negative to divide by"))
ONE_CLASS = message("all rows are of one class, actually and by prediction")
_MARGINS = (_POSITIVES, _NEGATIVES, _CALLED_POSITIVE, _CALLED_NEGATIVE)


def _share(name: str, aliases: tuple[str, ...], title: Message, part: Count, whole: tuple[Count, Message]) -> Rate:
    return Rate(name, aliases, title, lambda c: part(c) / whole[0](c), (whole,), (part, whole[0]))


def _chance(c: Cells) -> float:
    return c.called_positive * c.negatives + c.positives * c.called_negative


def _pooled(c: Cells) -> tuple[float, float]:
    """Return how often the classes occur, actually and by prediction taken together: the positive, the negative."""
    return c.positives + c.called_positive, c.negatives + c.called_negative


def _scott_pi(c: Cells) -> float:
    positive, negative = _pooled(c)
    return (4 * c.tp * c.tn - (c.fp + c.fn) ** 2) / (positive * negative)


def _gwet_ac1(c: Cells) -> float:
    positive, negative = _pooled(c)
    squares = positive**2 + negative**2
    return (squares - 4 * c.total * (c.fp + c.fn)) / squares


def _mcc(c: Cells) -> float:
    # One root of the whole product: of two roots, that of 2 taken twice gives 2.0000000000000004, and a perfect
    # prediction of two rows a coefficient below 1.
    return c.determinant / math.sqrt(c.called_positive * c.called_negative * c.positives * c.negatives)


def _prevalence_threshold(c: Cells) -> float:
    fpr, tpr = math.sqrt(c.fp / c.negatives), math.sqrt(c.tp / c.positives)
    return fpr / (tpr + fpr)


_ALL = (
    _share("accuracy", ("acc",), message("Accuracy"), lambda c: c.tp + c.tn, _ROWS),
    _share(
        "error_rate",
        ("err", "misclassification_rate", "hamming_loss", "zero_one_loss"),
        message("Error rate"),
        lambda c: c.fp + c.fn,
        _ROWS,
    ),
    _share("prevalence", ("pre",), message("Prevalence"), lambda c: c.positives, _ROWS),
    _share("predicted_positive_rate", (), message("Share predicted positive"), lambda c: c.called_positive, _ROWS),
    _share("recall", ("sensitivity", "tpr", "hit_rate"), message("Recall (sensitivity)"), lambda c: c.tp, _POSITIVES),
    _share("specificity", ("tnr", "selectivity"), message("Specificity"), lambda c: c.tn, _NEGATIVES),
    _share("precision", ("ppv",), message("Precision (positive predictive value)"), lambda c: c.tp, _CALLED_POSITIVE),
    _share("npv", (), message("Negative predictive value"), lambda c: c.tn, _CALLED_NEGATIVE),
    _share("fpr", ("fall_out",), message("False positive rate"), lambda c: c.fp, _NEGATIVES),
    _share("fnr", ("miss_rate",), message("False negative rate"), lambda c: c.fn, _POSITIVES),
    _share("fdr", (), message("False discovery rate"), lambda c: c.fp, _CALLED_POSITIVE),
    _share("false_omission_rate", (), message("False omission rate"), lambda c: c.fn, _CALLED_NEGATIVE),
    Rate(
        "no_information_rate",
        ("nir",),
        message("No-information rate (share of the largest class)"),
        lambda c: max(c.positives, c.negatives) / c.total,
        (_ROWS,),
    ),
    Rate(
        "lift",
        ("lift_score",),
        message("Lift (precision over prevalence)"),
        lambda c: (c.tp * c.total) / (c.called_positive * c.positives),
        (_CALLED_POSITIVE, _POSITIVES),
    ),
    Rate(
        "balanced_accuracy",
        (),
        message("Balanced accuracy"),
        lambda c: (c.tp * c.negatives + c.tn * c.positives) / (2 * c.positives * c.negatives),
        (_POSITIVES, _NEGATIVES),
    ),
    Rate(
        "adjusted_balanced_accuracy",
        (),
        message("Balanced accuracy, adjusted for chance"),
        lambda c: c.determinant / (c.positives * c.negatives),
        (_POSITIVES, _NEGATIVES),
    ),
    Rate(
        "f1", ("dice", "sorensen_dice"), message("F1 score"), lambda c: 2 * c.tp / (2 * c.tp + c.fp + c.fn), (_EITHER,)
    ),
    _share(
        "jaccard",
        ("threat_score", "critical_success_index", "iou"),
        message("Jaccard index (threat score)"),
        lambda c: c.tp,
        (lambda c: c.tp + c.fp + c.fn, _EITHER[1]),
    ),
    Rate(
        "fowlkes_mallows",
        ("g_measure", "otsuka_ochiai"),
        message("Fowlkes-Mallows index"),
        lambda c: c.tp / math.sqrt(c.called_positive * c.positives),
        (_CALLED_POSITIVE, _POSITIVES),
    ),
    Rate(
        "geometric_mean",
        ("g_mean", "gm"),
        message("Geometric mean of sensitivity and specificity"),
        lambda c: math.sqrt((c.tp * c.tn) / (c.positives * c.negatives)),
        (_POSITIVES, _NEGATIVES),
    ),
    Rate("mcc", ("phi",), message("Matthews correlation coefficient"), _mcc, _MARGINS),
    Rate(
        "cohen_kappa",
        ("kappa", "heidke_skill_score"),
        message("Cohen's kappa"),
        lambda c: 2 * c.determinant / _chance(c),
        (_ROWS, (_chance, ONE_CLASS)),
    ),
    Rate(
        "scott_pi",
        ("kappa_unbiased",),
        message("Scott's pi"),
        _scott_pi,
        (_ROWS, (lambda c: math.prod(_pooled(c)), ONE_CLASS)),
    ),
    Rate("gwet_ac1", ("ac1",), message("Gwet's AC1"), _gwet_ac1, (_ROWS,)),
    Rate(
        "informedness",
        ("youden_j", "bookmaker_informedness", "bm", "true_skill_statistic", "peirce_skill_score"),
        message("Informedness (Youden's J)"),
        lambda c: c.determinant / (c.positives * c.negatives),
        (_POSITIVES, _NEGATIVES),
    ),
    Rate(
        "markedness",
        ("mk",),
        message("Markedness"),
        lambda c: c.determinant / (c.called_positive * c.called_negative),
        (_CALLED_POSITIVE, _CALLED_NEGATIVE),
    ),
    Rate(
        "lr_positive",
        ("positive_likelihood_ratio", "plr"),
        message("Positive likelihood ratio"),
        lambda c: (c.tp * c.negatives) / (c.positives * c.fp),
        (_POSITIVES, _NEGATIVES, _NO_FP),
    ),
    Rate(
        "lr_negative",
        ("negative_likelihood_ratio", "nlr"),
        message("Negative likelihood ratio"),
        lambda c: (c.fn * c.negatives) / (c.positives * c.tn),
        (_POSITIVES, _NEGATIVES, _NO_TN),
    ),
    Rate(
        "diagnostic_odds_ratio",
        ("dor",),
        message("Diagnostic odds ratio"),
        lambda c: (c.tp * c.tn) / (c.fp * c.fn),
        (_NO_FP, _NO_FN),
    ),
    Rate(
        "yule_q",
        (),
        message("Yule's Q"),
        lambda c: c.determinant / (c.tp * c.tn + c.fp * c.fn),
        (_ROWS, (lambda c: c.tp * c.tn + c.fp * c.fn, message("TP·TN and FP·FN are both 0"))),
    ),
    Rate(
        "prevalence_threshold",
        (),
        message("Prevalence threshold"),
        _prevalence_threshold,
        (_POSITIVES, _NEGATIVES, (lambda c: c.tp + c.fp, _CALLED_POSITIVE[1])),
    ),
)

RATES: dict[str, Rate] = {rate.name: rate for rate in _ALL}
"""Every rate by its name, in the order in which they are shown."""

ALIASES: dict[str, Rate] = {name: rate for rate in _ALL for name in (rate.name, *rate.aliases)}
"""Every rate by all its names."""
