"""The four operations, powers and roots, and what is made of pieces: |a|, the sign, the larger of two.

At a kink the derivative is a choice between the slopes of its two sides: their mean for |a|, the sign and a tie of two
(as PyTorch and JAX have it), the left one for relu.
"""

from __future__ import annotations

import numpy as np

from workings.expression import floats
from workings.expression import multiprecision as precise
from workings.expression import rationals as exact
from workings.expression.floats import real
from workings.expression.operations.row import Binding, function, infix

__all__ = ["ROWS"]

ADD, MULTIPLY, NEGATE, POWER = Binding.ADD, Binding.MULTIPLY, Binding.NEGATE, Binding.POWER
_A_GREATER, _A_LESS = "where(a > b, 1, where(a == b, 1/2, 0))", "where(a < b, 1, where(a == b, 1/2, 0))"

# A table is read across.
# fmt: off
ROWS = (
    infix("add", "+ + +", ADD, (floats.add, precise.add, exact.add), "1", "1", rule="sum"),
    infix("subtract", "- - -", ADD, (floats.subtract, precise.subtract, exact.subtract), "1", "-1", rule="difference"),
    infix("multiply", r"· * \cdot", MULTIPLY, (floats.multiply, precise.multiply, exact.multiply), "b", "a",
          rule="product"),
    infix("divide", r"/ / \frac", MULTIPLY, (floats.divide, precise.divide, exact.divide), "1/b", "-a/b^2",
          rule="quotient", layout="fraction", defined="b != 0", domain="b ≠ 0; 0/0 is NaN, else a/0 is infinite"),
    infix("power", "^ ^ ^", POWER, (floats.power, precise.power, exact.power), "b*a^(b - 1)", "a^b*ln(a)",
          rule="power", layout="power", python="**", also="power pow", domain="a > 0, or b whole; a^0 is 1",
          defined="a > 0 or a == 0 and b >= 0 or a < 0 and b == floor(b)"),
    infix("negate", "- - -", NEGATE, (floats.negate, precise.negate, exact.negate), "-1",
          rule="negative", layout="prefix"),

    function("sqrt", real(np.sqrt), precise.square_root, "1/(2*sqrt(a))", fraction=exact.square_root,
             rule="square_root", layout="root", sign="√", defined="a >= 0"),
    function("cbrt", real(np.cbrt), precise.cube_root, "1/(3*cbrt(a)^2)", rule="cube_root", layout="root", sign="∛"),

    function("absolute", floats.absolute, precise.absolute, "sign(a)", fraction=exact.absolute,
             rule="absolute_value", kink="a == 0", short="abs", fence="| |"),
    function("sign", floats.sign, precise.sign, "0", fraction=exact.sign, kink="a == 0",
             latex=r"\operatorname{sgn}", mathml="<mi>sgn</mi>"),
    function("floor", floats.floor, precise.floor, "0", fraction=exact.floor, kink="a == floor(a)"),
    function("maximum", floats.maximum, precise.maximum, _A_GREATER, _A_LESS, fraction=exact.maximum,
             kink="a == b", short="max"),
    function("minimum", floats.minimum, precise.minimum, _A_LESS, _A_GREATER, fraction=exact.minimum,
             kink="a == b", short="min"),
    function("relu", floats.relu, precise.relu, "where(a > 0, 1, 0)", fraction=exact.relu, kink="a == 0"),
)
