"""What is taken over all rows of data at once, and the numbers that have a name."""

from __future__ import annotations

from workings.expression import floats
from workings.expression import multiprecision as precise
from workings.expression import rationals as exact
from workings.expression.operations.row import constant, function

__all__ = ["ROWS"]

# By the value c that its argument has in every row, a sum over n rows has the derivative n, which is sum(1).
# A table is read across.
# fmt: off
ROWS = (
    function("sum", floats.total, precise.total, "sum(1)", fraction=exact.total, rule="sum_over_rows", over_rows=True),
    function("mean", floats.mean, precise.mean, "mean(1)", fraction=exact.mean, rule="mean_over_rows", over_rows=True),

    constant("pi", floats.pi, precise.pi, sign="π", latex=r"\pi"),
    constant("e", floats.e, precise.e, latex="e"),
)
