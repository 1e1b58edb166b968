"""DeLong's variance and interval of the AUC, worked."""

from __future__ import annotations

import math

from workings.errors import held_warnings
from workings.expression import (
    equation,
    indexed,
    log,
    maximum,
    minimum,
    sigmoid,
    sqrt,
    symbol,
    symbols,
    total,
)
from workings.language import message
from workings.subjects.confusion.explain_rates import add_quantile
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.explain_sums import Terms
from workings.working import Derivation, Rule

__all__ = ["add_interval"]

P, N, AUC, V, SE, k, m, z = symbols("P N AUC V SE k m z")
T, F = indexed("T", k), indexed("F", k)
T_next, F_next = indexed("T", k + 1), indexed("F", k + 1)


def add_interval(w: Derivation, curve: RocCurve, terms: Terms, level: float, *, closed: bool = False) -> None:
    """Add DeLong's variance, the standard error and the two ends of the interval, as a part."""
    with w.part("interval", message("How far the AUC is known (DeLong's interval)"), closed=closed):
        if min(curve.positives, curve.negatives) < 2:
            w.define(
                "auc_variance",
                equation(V, symbol("S_p") / P + symbol("S_n") / N),
                title=message("Variance of the AUC"),
                note=message("undefined: a class has one row only, and the spread of one row is 0/0."),
            )
            return
        with w.part("spread", message("DeLong's variance, the standard error, and z"), closed=True):
            _variance(w, curve, terms)
            w.line("auc_se", equation(SE, sqrt(V)), title=message("Standard error"), rule=Rule.SQUARE_ROOT)
            quantile = add_quantile(w, level)
        # What the warning says of an interval without width stands in a note.
        with held_warnings():
            low, high = curve.auc_interval(level)
        low_end, high_end = maximum(0, AUC - z * SE), minimum(1, AUC + z * SE)
        w.line("auc_low", equation(symbol("A_l"), low_end), low, title=message("Lower end"), absolute=1e-15)
        w.line("auc_high", equation(symbol("A_u"), high_end), high, title=message("Upper end"), absolute=1e-15)
    _other_scale(w, curve, quantile)


def _variance(w: Derivation, curve: RocCurve, terms: Terms) -> None:
    """Add DeLong's variance of the AUC, from how the rows' shares of pairs in order spread."""
    spread_p, spread_n = symbol("S_p"), symbol("S_n")
    known = {"AUC": curve.auc, "P": curve.positives, "N": curve.negatives}
    # The share of the negatives below a positive of step k, ties half; of the positives above a negative.
    below, above = (N - (F + F_next) / 2) / N, (T + T_next) / 2 / P
    about = message(
        "Each row has a share of pairs in order, {below} for a positive one and {above} for a negative one at step k; "
        "the mean of either is the AUC, and how the shares spread is how far it is known.",
        below=below,
        above=above,
    )
    mean = total((T_next - T) * below, k, 1, m) / P
    w.define("shares", equation(AUC, mean), title=message("The AUC as the mean of shares"), note=about)
    terms.line(
        "spread_of_positives",
        symbol("D_p"),
        total((T_next - T) * (below - AUC) ** 2, k, 1, m),
        known,
        title=message("Squared deviations of the positives"),
    )
    terms.line(
        "spread_of_negatives",
        symbol("D_n"),
        total((F_next - F) * (above - AUC) ** 2, k, 1, m),
        known,
        title=message("Squared deviations of the negatives"),
    )
    for key, spread, squares, count in (
        ("variance_of_positives", spread_p, symbol("D_p"), P),
        ("variance_of_negatives", spread_n, symbol("D_n"), N),
    ):
        w.line(key, equation(spread, squares / (count - 1)), title=message("Their variance"), rule=Rule.VARIANCE)
    w.line(
        "auc_variance",
        equation(V, spread_p / P + spread_n / N),
        curve.auc_variance,
        title=message("Variance of the AUC"),
        rule=Rule.VARIANCE,
        absolute=1e-30,
    )
    if curve.auc_variance == 0:
        w.note(
            message(
                "No two rows of a class rank differently against the other class, so that their spread says nothing. "
                "The interval without width is not certainty; more rows are needed."
            )
        )


def _other_scale(w: Derivation, curve: RocCurve, quantile: float) -> None:
    """Say what the lower end would be on the logit scale."""
    auc = curve.auc
    if not 0 < auc < 1 or curve.auc_variance == 0:
        return
    width = quantile * math.sqrt(curve.auc_variance) / (auc * (1 - auc))
    lower = 1 / (1 + math.exp(width) * (1 - auc) / auc)
    w.convention(
        message("Interval"),
        message("on the scale of the AUC itself, cut off at 0 and 1, as the R package pROC has it"),
        message("on the logit scale, which needs no cutting off, the lower end would be {value}"),
        lower,
        sigmoid(log(AUC / (1 - AUC)) - z * SE / (AUC * (1 - AUC))),
    )
