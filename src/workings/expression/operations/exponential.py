"""Exponentials, logarithms, and the curves that are made of them: the sigmoid and the softplus."""

from __future__ import annotations

import numpy as np

from workings.expression import floats
from workings.expression import multiprecision as precise
from workings.expression.floats import real
from workings.expression.multiprecision import logarithm
from workings.expression.operations.row import function

__all__ = ["ROWS"]

# A table is read across.
# fmt: off
ROWS = (
    function("exp",   real(np.exp),   precise.exponential,           "exp(a)", rule="exponential"),
    function("expm1", real(np.expm1), precise.exponential_minus_one, "exp(a)", rule="exponential"),

    function("log",   real(np.log),   logarithm(),        "1/a",          rule="logarithm", defined="a > 0", also="ln"),
    function("log1p", real(np.log1p), logarithm(shift=1), "1/(1 + a)",    rule="logarithm", defined="a > -1"),
    function("log2",  real(np.log2),  logarithm(base=2),  "1/(a*ln(2))",  rule="logarithm", defined="a > 0",
             sign="log₂", latex=r"\log_{2}", mathml="<msub><mi>log</mi><mn>2</mn></msub>"),
    function("log10", real(np.log10), logarithm(base=10), "1/(a*ln(10))", rule="logarithm", defined="a > 0",
             sign="log₁₀", latex=r"\log_{10}", mathml="<msub><mi>log</mi><mn>10</mn></msub>"),

    function("sigmoid",  floats.sigmoid,  precise.sigmoid,  "sigmoid(a)*(1 - sigmoid(a))", sign="σ", latex=r"\sigma"),
    function("softplus", floats.softplus, precise.softplus, "sigmoid(a)"),
)
