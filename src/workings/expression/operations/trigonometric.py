"""Sines and their kin, circular and hyperbolic, and their inverses."""

from __future__ import annotations

import numpy as np

from workings.expression import multiprecision as precise
from workings.expression.floats import real
from workings.expression.multiprecision import angle, inside, tending
from workings.expression.operations.row import function

__all__ = ["ROWS"]

# acosh: 1/√(a² - 1) would have a value at a = -2 too, where acosh has none, and lose all digits near a = 1.
# A table is read across.
# fmt: off
ROWS = (
    function("sin", real(np.sin), angle("sin"), "cos(a)",     rule="sine"),
    function("cos", real(np.cos), angle("cos"), "-sin(a)",    rule="cosine"),
    function("tan", real(np.tan), angle("tan"), "1/cos(a)^2", rule="tangent", defined="cos(a) != 0"),

    function("asin", real(np.arcsin), inside("asin"), "1/sqrt(1 - a^2)", rule="inverse_sine",
             defined="abs(a) <= 1", also="arcsin", latex=r"\arcsin"),
    function("acos", real(np.arccos), inside("acos"), "-1/sqrt(1 - a^2)", rule="inverse_cosine",
             defined="abs(a) <= 1", also="arccos", latex=r"\arccos"),
    function("atan", real(np.arctan), precise.arctangent, "1/(1 + a^2)", rule="inverse_tangent",
             also="arctan", latex=r"\arctan"),
    function("atan2", real(np.arctan2), precise.arctangent_of_two, "b/(a^2 + b^2)", "-a/(a^2 + b^2)", rule="angle",
             domain="the angle of the point (b, a); 0 at the origin", also="arctan2"),

    function("sinh", real(np.sinh), tending("sinh", "-inf", "inf"), "cosh(a)",       rule="hyperbolic_sine"),
    function("cosh", real(np.cosh), tending("cosh", "inf", "inf"),  "sinh(a)",       rule="hyperbolic_cosine"),
    function("tanh", real(np.tanh), tending("tanh", "-1", "1"),     "1 - tanh(a)^2", rule="hyperbolic_tangent"),

    function("asinh", real(np.arcsinh), precise.inverse_sinh, "1/sqrt(a^2 + 1)", rule="inverse_hyperbolic_sine",
             also="arcsinh arsinh", latex=r"\operatorname{arsinh}"),
    function("acosh", real(np.arccosh), precise.inverse_cosh, "1/(sqrt(a - 1)*sqrt(a + 1))",
             rule="inverse_hyperbolic_cosine", defined="a >= 1", also="arccosh arcosh",
             latex=r"\operatorname{arcosh}"),
    function("atanh", real(np.arctanh), precise.inverse_tanh, "1/(1 - a^2)", rule="inverse_hyperbolic_tangent",
             defined="abs(a) < 1", also="arctanh artanh", latex=r"\operatorname{artanh}"),
)
