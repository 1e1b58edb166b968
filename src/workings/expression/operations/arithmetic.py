"""The four operations, powers and roots, and what is made of pieces: |a|, the sign, the larger of two."""

from __future__ import annotations

import numpy as np

from workings.expression import floats
from workings.expression import multiprecision as precise
from workings.expression import rationals as exact
from workings.expression.floats import real
from workings.expression.operations.row import Binding, function, infix

__all__ = ["ROWS"]

ADD, MULTIPLY, NEGATE, POWER = Binding.ADD, Binding.MULTIPLY, Binding.NEGATE, Binding.POWER

# Derivatives stand in the letters a and b of the arguments. At a kink every choice lies between the slopes of its two
# sides; a tie of maximum and minimum shares the derivative, as JAX and PyTorch have it.
ROWS = (
    infix("add", "+ + +", ADD, floats.add, precise.add, exact.add, "1", "1", rule="sum"),
    infix("subtract", "- - -", ADD, floats.subtract, precise.subtract, exact.subtract, "1", "-1", rule="difference"),
    infix(
        "multiply", r"· * \cdot", MULTIPLY, floats.multiply, precise.multiply, exact.multiply, "b", "a", rule="product"
    ),
    infix(
        "divide",
        r"/ / \frac",
        MULTIPLY,
        floats.divide,
        precise.divide,
        exact.divide,
        "1/b",
        "-a/b^2",
        rule="quotient",
        defined="b != 0",
        domain="b ≠ 0; 0/0 is NaN, else what is over 0 is infinite",
        layout="fraction",
    ),
    infix(
        "power",
        "^ ^ ^",
        POWER,
        floats.power,
        precise.power,
        exact.power,
        "b*a^(b - 1)",
        "a^b*ln(a)",
        rule="power",
        defined="a > 0 or a == 0 and b >= 0 or a < 0 and b == floor(b)",
        domain="a > 0, or b whole; 0 to the power 0 is 1",
        layout="power",
        python="**",
        also="power pow",
    ),
    infix(
        "negate", "- - -", NEGATE, floats.negate, precise.negate, exact.negate, "-1", rule="negative", layout="prefix"
    ),
    function(
        "sqrt",
        real(np.sqrt),
        precise.square_root,
        "1/(2*sqrt(a))",
        fraction=exact.square_root,
        rule="square_root",
        defined="a >= 0",
        sign="√",
        layout="root",
    ),
    function(
        "cbrt",
        real(np.cbrt),
        precise.cube_root,
        "1/(3*cbrt(a)^2)",
        rule="cube_root",
        sign="∛",
        layout="root",
    ),
    function(
        "absolute",
        floats.absolute,
        precise.absolute,
        "sign(a)",
        fraction=exact.absolute,
        rule="absolute_value",
        kink="a == 0",
        short="abs",
        fence="| |",
    ),
    function(
        "sign",
        floats.sign,
        precise.sign,
        "0",
        fraction=exact.sign,
        kink="a == 0",
        latex=r"\operatorname{sgn}",
        mathml="<mi>sgn</mi>",
    ),
    function("floor", floats.floor, precise.floor, "0", fraction=exact.floor, kink="a == floor(a)"),
    function(
        "maximum",
        floats.maximum,
        precise.maximum,
        "where(a > b, 1, where(a == b, 1/2, 0))",
        "where(a < b, 1, where(a == b, 1/2, 0))",
        fraction=exact.maximum,
        kink="a == b",
        short="max",
        latex=r"\max",
    ),
    function(
        "minimum",
        floats.minimum,
        precise.minimum,
        "where(a < b, 1, where(a == b, 1/2, 0))",
        "where(a > b, 1, where(a == b, 1/2, 0))",
        fraction=exact.minimum,
        kink="a == b",
        short="min",
        latex=r"\min",
    ),
    function("relu", floats.relu, precise.relu, "where(a > 0, 1, 0)", fraction=exact.relu, kink="a == 0"),
)
