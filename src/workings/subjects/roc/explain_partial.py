"""A part of the area under the curve, worked: whole trapezoids, the one that is cut, McClish's correction."""

from __future__ import annotations

from workings.expression import equation, indexed, symbol, symbols, total
from workings.language import message
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.explain_sums import Terms
from workings.working import Derivation, Rule

__all__ = ["add_partial"]

P, N, k, x, r, S = symbols("P N k x r S_r")
T, F = indexed("T", k), indexed("F", k)
T_next, F_next = indexed("T", k + 1), indexed("F", k + 1)


def add_partial(w: Derivation, curve: RocCurve, terms: Terms, max_fpr: float) -> None:
    """Add the area for false positive rates up to ``max_fpr``, as a part; of a long curve only what follows from it."""
    if not terms.few:
        return
    groups = curve.groups
    width = max_fpr * curve.negatives
    # How many points lie wholly within the part, the first included.
    inside = 1 + int((groups.fp <= width).sum())
    with w.part("partial", message("The area at small false positive rates"), closed=True):
        w.given("r", max_fpr, message("the largest false positive rate of the part"))
        w.line("partial_width", equation(x, r * N), width, title=message("The part in negative rows"))
        trapezoids = total((F_next - F) * (T_next + T), k, 1, inside - 1)
        w.line(
            "partial_trapezoids",
            equation(S, trapezoids),
            title=message("Whole trapezoids"),
            rule=Rule.TRAPEZOID,
            folded=True,
        )
        area = S
        if inside <= len(groups):
            t_a, f_a, t_b, f_b = (indexed(name, point) for point in (inside, inside + 1) for name in ("T", "F"))
            area = S + (x - f_a) * (2 * t_a + (t_b - t_a) / (f_b - f_a) * (x - f_a))
        part = symbol("A_r")
        w.line(
            "partial_auc",
            equation(part, area / (2 * P * N)),
            curve.partial_auc(max_fpr, corrected=False),
            title=message("Partial area"),
            rule=Rule.RATIO,
            note=message("The last trapezoid is cut where the curve reaches the largest rate."),
            absolute=1e-15,
        )
        w.line(
            "partial_auc_corrected",
            equation(symbol("A_c"), (1 + (part - r**2 / 2) / (r - r**2 / 2)) / 2),
            curve.partial_auc(max_fpr),
            title=message("With McClish's correction: a half for chance, 1 for a perfect curve"),
            absolute=1e-15,
        )
