"""A part of the area under the curve, worked: whole trapezoids, the one that is cut, McClish's correction."""

from __future__ import annotations

from dataclasses import replace

from workings.expression import Node, equation, indexed, symbol, symbols, total
from workings.language import message
from workings.subjects.roc.curve import RocCurve
from workings.subjects.roc.explain_sums import Terms
from workings.working import Derivation, Rule, Step

__all__ = ["add_partial"]

P, N, k, x, r, S = symbols("P N k x r S_r")
T, F = indexed("T", k), indexed("F", k)
T_next, F_next = indexed("T", k + 1), indexed("F", k + 1)


def add_partial(w: Derivation, curve: RocCurve, terms: Terms, max_fpr: float, asked: float | None = None) -> Step:
    """Add the area for false positive rates up to ``max_fpr``, as a part, and return the line of the corrected area.

    Parameters
    ----------
    w, curve, terms
        The working, the curve, its points.
    max_fpr
        The largest false positive rate.
    asked
        The corrected area as it was computed, where it is what was asked for: then the part is open.
    """
    groups = curve.groups
    width = max_fpr * curve.negatives
    # How many points lie wholly within the part, the first included.
    inside = 1 + int((groups.fp <= width).sum())
    with w.part("partial", message("The area at small false positive rates"), closed=asked is None):
        w.given("r", max_fpr, message("the largest false positive rate of the part"))
        w.line("partial_width", equation(x, r * N), width, title=message("The part in negative rows"))
        steps = replace(terms, count=inside - 1, part=not terms.few)
        words = message("Whole trapezoids")
        if terms.few:
            trapezoids = total((F_next - F) * (T_next + T), k, 1, inside - 1)
            w.line("partial_trapezoids", equation(S, trapezoids), title=words, rule=Rule.TRAPEZOID, folded=True)
        else:
            last = symbol("k_r")
            trapezoids = total((F_next - F) * (T_next + T), k, 1, last)
            steps.line("partial_trapezoids", S, trapezoids, {}, title=words, rule=Rule.TRAPEZOID)
        area = S
        if inside <= len(groups):
            t_a, f_a, t_b, f_b = _ends(w, curve, terms, inside)
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
        return w.line(
            "partial_auc_corrected",
            equation(symbol("A_c"), (1 + (part - r**2 / 2) / (r - r**2 / 2)) / 2),
            curve.partial_auc(max_fpr) if asked is None else asked,
            title=message("With McClish's correction: a half for chance, 1 for a perfect curve"),
            absolute=1e-15,
        )


def _ends(w: Derivation, curve: RocCurve, terms: Terms, point: int) -> tuple[Node, Node, Node, Node]:
    """Return T and F at a point and at the next one; of a long curve they are given."""
    if terms.few:
        left_t, left_f, right_t, right_f = (indexed(name, at) for at in (point, point + 1) for name in ("T", "F"))
        return left_t, left_f, right_t, right_f
    words = (message("the counts at the last point within the part"), message("the counts at the next point"))
    for mark, at, meaning in (("a", point - 1, words[0]), ("b", point, words[1])):
        for name, count in zip("TF", curve.groups.counts_of(at), strict=True):
            w.given(f"{name}_{mark}", count, meaning, source="state")
    left_t, left_f, right_t, right_f = symbols("T_a F_a T_b F_b")
    return left_t, left_f, right_t, right_f
