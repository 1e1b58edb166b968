"""The lines of a working that come from the four counts: margins, rates, intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from workings.expression import Node, Operand, equation, maximum, normal_quantile, sqrt, substitute, symbol, symbols
from workings.language import Message, message
from workings.subjects.confusion.interval import two_sided_quantile
from workings.subjects.confusion.matrix import ConfusionMatrix
from workings.subjects.confusion.rates import RATES, Rate
from workings.working import Derivation, Derived, Rule, Table

__all__ = [
    "add_interval_table",
    "add_intervals",
    "add_known",
    "add_margins",
    "add_quantile",
    "add_rates",
    "add_share_interval",
    "define_agreement",
    "in_four_counts",
    "rate_symbol",
    "wilson",
]

TP, FP, FN, TN, P, N, PP, PN, n, z, E = symbols("TP FP FN TN P N PP PN n z E")

# What stands for each rate in a formula: the field's letters, which need no translation; the titles name them in words.
_SYMBOLS = {
    "accuracy": "ACC",
    "error_rate": "ERR",
    "prevalence": "PREV",
    "predicted_positive_rate": "PPR",
    "recall": "TPR",
    "specificity": "TNR",
    "precision": "PPV",
    "npv": "NPV",
    "fpr": "FPR",
    "fnr": "FNR",
    "fdr": "FDR",
    "false_omission_rate": "FOR",
    "no_information_rate": "NIR",
    "lift": "Lift",
    "balanced_accuracy": "BA",
    "adjusted_balanced_accuracy": "ABA",
    "f1": "F_1",
    "jaccard": "IoU",
    "fowlkes_mallows": "FM",
    "geometric_mean": "GM",
    "mcc": "MCC",
    "cohen_kappa": "kappa",
    "scott_pi": "pi_s",
    "gwet_ac1": "AC1",
    "informedness": "J",
    "markedness": "MK",
    "lr_positive": "LR+",
    "lr_negative": "LR-",
    "diagnostic_odds_ratio": "DOR",
    "yule_q": "Q",
    "prevalence_threshold": "PT",
}


def rate_symbol(name: str) -> Node:
    """Return what stands for a rate in a formula."""
    return symbol(_SYMBOLS[name])


recall, specificity, precision = (rate_symbol(name) for name in ("recall", "specificity", "precision"))
npv, fpr, fnr, prevalence = (rate_symbol(name) for name in ("npv", "fpr", "fnr", "prevalence"))
# The rows of each class, actual and predicted ones together.
positive, negative = P + PP, N + PN

# Each rate in the symbols of the lines above it.
_FORMULAS: dict[str, dict[str, Node]] = {
    "of_all": {
        "accuracy": (TP + TN) / n,
        "error_rate": (FP + FN) / n,
        "prevalence": P / n,
        "predicted_positive_rate": PP / n,
        "no_information_rate": maximum(P, N) / n,
    },
    "of_actual": {"recall": TP / P, "specificity": TN / N, "fpr": FP / N, "fnr": FN / P},
    "of_predicted": {"precision": TP / PP, "npv": TN / PN, "fdr": FP / PP, "false_omission_rate": FN / PN},
    "summaries": {
        "balanced_accuracy": (recall + specificity) / 2,
        "adjusted_balanced_accuracy": 2 * rate_symbol("balanced_accuracy") - 1,
        "f1": 2 * TP / (2 * TP + FP + FN),
        "jaccard": TP / (TP + FP + FN),
        "fowlkes_mallows": sqrt(precision * recall),
        "geometric_mean": sqrt(recall * specificity),
        "mcc": (TP * TN - FP * FN) / sqrt(PP * P * N * PN),
        "cohen_kappa": (n * (TP + TN) - E) / (n**2 - E),
        "scott_pi": (4 * TP * TN - (FP + FN) ** 2) / (positive * negative),
        "gwet_ac1": (positive**2 + negative**2 - 4 * n * (FP + FN)) / (positive**2 + negative**2),
        "informedness": recall + specificity - 1,
        "markedness": precision + npv - 1,
    },
    "odds": {
        "lift": precision / prevalence,
        "lr_positive": recall / fpr,
        "lr_negative": fnr / specificity,
        "diagnostic_odds_ratio": TP * TN / (FP * FN),
        "yule_q": (TP * TN - FP * FN) / (TP * TN + FP * FN),
        "prevalence_threshold": sqrt(fpr) / (sqrt(recall) + sqrt(fpr)),
    },
}


# What these are divided by. Of a number over 0 some say that it is infinite; here it has no value, and is no line.
_OVER_NOTHING: dict[str, Node] = {"lr_positive": fpr, "lr_negative": specificity, "diagnostic_odds_ratio": FP * FN}

# Rows that chance alone would put right, times n.
_BY_CHANCE = PP * P + PN * N

# The rates that are asked for most are worked in full; those asked for next are listed, with the other lines to open.
_FOREMOST = ("accuracy", "recall", "specificity", "precision", "f1")
_LISTED = (
    "error_rate",
    "prevalence",
    "fpr",
    "fnr",
    "npv",
    "balanced_accuracy",
    "jaccard",
    "mcc",
    "cohen_kappa",
    "informedness",
    "lr_positive",
    "lr_negative",
    "diagnostic_odds_ratio",
)


def _part_title(part: str) -> Message:
    return {
        "of_all": message("Shares of all rows"),
        "of_actual": message("Shares of the actual classes"),
        "of_predicted": message("Shares of the predictions"),
        "summaries": message("Both classes in one number"),
        "odds": message("Likelihood ratios and odds"),
    }[part]


def in_four_counts(rate: Rate) -> tuple[Node, Node]:
    """Return a rate's symbol, and its formula in TP, FP, FN and TN alone."""
    if rate.name not in _SYMBOLS:
        beta = float(rate.name.removeprefix("f"))
        square = int(beta) ** 2 if beta.is_integer() else beta**2
        return symbol(f"F_{beta:g}"), (1 + square) * TP / ((1 + square) * TP + square * FN + FP)
    formulas: dict[Node, Operand] = {P: TP + FN, N: FP + TN, PP: TP + FP, PN: FN + TN, n: TP + FP + FN + TN}
    formulas[E] = _BY_CHANCE
    every = {name: formula for part in _FORMULAS.values() for name, formula in part.items()}
    formulas |= {rate_symbol(name): formula for name, formula in every.items() if name != rate.name}
    formula, before = every[rate.name], None
    while formula != before:
        formula, before = substitute(formula, formulas), formula
    return rate_symbol(rate.name), formula


def add_margins(w: Derivation, cm: ConfusionMatrix) -> None:
    """Add the row and column totals, as a part."""
    cells = cm.cells
    with w.part("margins", message("Totals")):
        w.line("positives", equation(P, TP + FN), cells.positives, title=message("Actually positive"), rule=Rule.SUM)
        w.line("negatives", equation(N, FP + TN), cells.negatives, title=message("Actually negative"), rule=Rule.SUM)
        w.line(
            "called_positive",
            equation(PP, TP + FP),
            cells.called_positive,
            title=message("Predicted positive"),
            rule=Rule.SUM,
        )
        w.line(
            "called_negative",
            equation(PN, FN + TN),
            cells.called_negative,
            title=message("Predicted negative"),
            rule=Rule.SUM,
        )
        w.line("rows_counted", equation(n, P + N), cells.total, title=message("All rows"), rule=Rule.SUM)


def add_rates(w: Derivation, cm: ConfusionMatrix) -> None:
    """Add a line for every rate: the foremost, a table of some others, and all of them in five parts to be opened."""
    rates = cm.rates
    every = {name: formula for formulas in _FORMULAS.values() for name, formula in formulas.items()}
    with w.part("foremost", message("The rates asked for most")):
        for name in _FOREMOST:
            _add_rate(w, cm, name, every[name], rates[name])
    nothing = {"lr_positive": rates["fpr"], "lr_negative": rates["specificity"], "diagnostic_odds_ratio": cm.fp * cm.fn}
    rows = tuple(
        (
            RATES[name].title,
            rate_symbol(name),
            _in_counts(name, every[name], rates[name], over_nothing=nothing.get(name) == 0),
        )
        for name in _LISTED
    )
    heads = (message("rate"), message("symbol"), message("value"))
    w.table(
        "rates",
        Table(heads, rows),
        title=message("More rates, worked with all others in the parts below"),
        absolute=1e-15,
    )
    for part, formulas in _FORMULAS.items():
        with w.part(part, _part_title(part), closed=True):
            for name in formulas:
                if name in _FOREMOST:
                    continue
                define_agreement(w, name)
                if name == "cohen_kappa":
                    w.line("chance", equation(E, _BY_CHANCE), title=message("Right by chance, times n"))
                _add_rate(w, cm, name, every[name], rates[name])


def _in_counts(name: str, formula: Node, value: float, *, over_nothing: bool) -> Derived:
    """Return a rate for the table of all, as what its formula gives; of one over 0, that it is over 0."""
    if over_nothing:
        return Derived(0, _OVER_NOTHING[name], words=(message("undefined"),))
    return Derived(value, equation(rate_symbol(name), substitute(formula, {E: _BY_CHANCE})))


def _add_rate(w: Derivation, cm: ConfusionMatrix, name: str, formula: Node, value: float) -> None:
    rate = RATES[name]
    statement = equation(rate_symbol(name), formula)
    if not math.isnan(value):
        # A difference of rates near 0 keeps the rounding of the rates: their size is 1.
        w.line(name, statement, value, title=rate.title, rule=Rule.RATIO, absolute=1e-15)
        return
    note = message("undefined: {cause}.", cause=rate.cause(cm.cells))
    if name in _OVER_NOTHING:
        w.define(name, statement, title=rate.title, note=note)
    else:
        w.line(name, statement, value, title=rate.title, rule=Rule.RATIO, note=note)


def define_agreement(w: Derivation, name: str) -> None:
    """Add, above a rate of agreement beyond chance, its definition; the line below it is the same in whole counts."""
    chance: dict[str, Message] = {
        "cohen_kappa": message(
            "The share agreed on is the accuracy; by chance it would be E / n². Below, all is times n²."
        ),
        "scott_pi": message(
            "By chance the share agreed on would be the sum of the squares of (a + b) / 2n over the classes, each with "
            "a rows and b predicted. Below, all is times 4n²."
        ),
        "gwet_ac1": message(
            "By chance the share agreed on would be the sum of q (1 - q) over the classes, divided by their number "
            "less 1, where q is a class's (a + b) / 2n. Below, all is times 4n² and that divisor."
        ),
    }
    if name not in chance:
        return
    agreed, by_chance = symbols("p_o p_e")
    w.define(
        f"{name}_rule",
        equation(rate_symbol(name), (agreed - by_chance) / (1 - by_chance)),
        title=message("Agreement beyond chance"),
        note=chance[name],
    )


# The part and the whole of every share.
_SHARES: dict[str, tuple[Node, Node]] = {
    "accuracy": (TP + TN, n),
    "error_rate": (FP + FN, n),
    "prevalence": (P, n),
    "predicted_positive_rate": (PP, n),
    "recall": (TP, P),
    "specificity": (TN, N),
    "precision": (TP, PP),
    "npv": (TN, PN),
    "fpr": (FP, N),
    "fnr": (FN, P),
    "fdr": (FP, PP),
    "false_omission_rate": (FN, PN),
    "jaccard": (TP, TP + FP + FN),
}


def add_intervals(w: Derivation, cm: ConfusionMatrix, level: float) -> None:
    """Add Wilson's interval of every share that is defined: a table, behind which each end is a line of its own."""
    rates = cm.rates
    shares = [name for name in _SHARES if not math.isnan(rates[name])]
    if not shares:
        return
    with w.part("intervals", message("Wilson's interval of every share"), closed=True):
        add_quantile(w, level)
        rows: list[tuple[Message | Derived | float, ...]] = []
        for name in shares:
            ends = cm.interval(name, level)
            add_share_interval(w, name, *_SHARES[name], ends)
            proportion = RATES[name].proportion
            if proportion is not None:
                counts = (Derived(int(of(cm.cells)), node) for of, node in zip(proportion, _SHARES[name], strict=True))
                rows.append((RATES[name].title, *counts, *ends))
        add_interval_table(w, rows)
    add_known(w, cm, [name for name in _FOREMOST if name in shares], level)


def add_known(w: Derivation, cm: ConfusionMatrix, names: Sequence[str], level: float) -> None:
    """Add the intervals of some shares as a table, each end held against its line."""
    rows = [
        (
            RATES[name].title,
            *(Derived(end, _end(name, place)) for end, place in zip(cm.interval(name, level), "LU", strict=True)),
        )
        for name in names
    ]
    if rows:
        heads = (message("share"), message("Lower end"), message("Upper end"))
        percent = Derived(100 * level, 100 * symbol("c"))
        title = message("How far they are known, at {level} % confidence", level=percent)
        w.table("known", Table(heads, tuple(rows)), title=title)


def add_interval_table(w: Derivation, rows: Sequence[tuple[Message | Derived | float, ...]]) -> None:
    """Add the rule of the interval and, for each share, the part, the whole and the two ends."""
    a, b, low, high = symbols("a b L U")
    ends = (equation(low, wilson(a, b, -1)), equation(high, wilson(a, b, 1)))
    for key, end in zip(("wilson_low", "wilson_high"), ends, strict=True):
        w.define(key, end, title=message("For a of b rows"))
    w.table("shares", Table((message("share"), a, b, *ends), tuple(rows)), title=message("Each share"))


def add_quantile(w: Derivation, level: float, of: Node = z) -> float:
    """Add the two-sided normal quantile of a confidence level, as z or another letter, and return it."""
    w.given("c", level, message("the confidence level"))
    quantile = two_sided_quantile(level, function="explain")
    w.line(
        "z_level",
        equation(of, normal_quantile((1 + symbol("c")) / 2)),
        quantile,
        title=message("The normal quantile"),
        rule=Rule.NORMAL,
    )
    return quantile


def add_share_interval(w: Derivation, name: str, part: Node, whole: Node, ends: tuple[float, float]) -> None:
    """Add the two ends of a share's interval as lines to look up; the table lists them."""
    for end, sign, value in (("low", -1, ends[0]), ("high", 1, ends[1])):
        w.line(
            f"{name}_{end}",
            equation(_end(name, "L" if end == "low" else "U"), wilson(part, whole, sign)),
            value,
            title=_end_title(name, end),
            absolute=1e-15,
            place="sentence",
        )


def _end(name: str, letter: str) -> Node:
    """Return what stands for an end of a share's interval: L(ACC), U(ACC)."""
    return symbol(f"{letter}({_SYMBOLS[name]})")


def wilson(part: Node, whole: Node, sign: int, quantile: Node = z) -> Node:
    """Return an end of Wilson's interval, the lower with ``sign`` -1, the upper with 1."""
    spread = quantile * sqrt(part * (whole - part) / whole + quantile**2 / 4)
    centre = part + quantile**2 / 2
    return (centre - spread if sign < 0 else centre + spread) / (whole + quantile**2)


def _end_title(name: str, end: str) -> Message:
    titles: dict[str, Callable[[Message], Message]] = {
        "low": lambda rate: message("{rate}, lower end", rate=rate),
        "high": lambda rate: message("{rate}, upper end", rate=rate),
    }
    return titles[end](RATES[name].title)
