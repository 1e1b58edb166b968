"""How far a point of the curve is known, worked: Wilson's intervals of both rates at Youden's threshold."""

from __future__ import annotations

import math

from workings.expression import equation, normal_quantile, sqrt, symbol, symbols
from workings.language import message
from workings.subjects.confusion.explain_rates import wilson
from workings.subjects.confusion.interval import two_sided_quantile, wilson_interval
from workings.subjects.roc.curve import RocCurve
from workings.working import Derivation, Rule

__all__ = ["add_band"]

P, N, c, b = symbols("P N c b")


def add_band(w: Derivation, curve: RocCurve, level: float) -> None:
    """Add the rectangle of the two rates at Youden's threshold, as a part; that threshold stands above it."""
    best = curve.best_threshold()
    quantile = two_sided_quantile(math.sqrt(level), function="explain")
    with w.part("band", message("How far Youden's point is known (Wilson)"), closed=True):
        if min(curve.positives, curve.negatives) < 2:
            # Else the interval of the area has given it.
            w.given("c", level, message("the confidence level"))
        w.line(
            "band_quantile",
            equation(b, normal_quantile((1 + sqrt(c)) / 2)),
            quantile,
            title=message("The normal quantile"),
            rule=Rule.NORMAL,
            note=message(
                "Each of the two rates has an interval at the level √c: they come from different rows, so that both "
                "hold at once with the probability c. Were the threshold not chosen by the data, the rectangle of "
                "the two would hold the true point so often."
            ),
        )
        for key, name, count, whole, of in (
            ("band_tpr", "TPR", symbol("T_j"), P, (best.tp, curve.positives)),
            ("band_fpr", "FPR", symbol("F_j"), N, (best.fp, curve.negatives)),
        ):
            low, high = wilson_interval(int(of[0]), int(of[1]), quantile)
            for end, sign, value, title in (
                ("low", -1, low, message("Lower end")),
                ("high", 1, high, message("Upper end")),
            ):
                left = symbol(f"{'L' if end == 'low' else 'U'}({name})")
                w.line(
                    f"{key}_{end}", equation(left, wilson(count, whole, sign, b)), value, title=title, absolute=1e-15
                )
