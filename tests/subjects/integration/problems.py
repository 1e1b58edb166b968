"""Integrals with known values, by what makes them difficult; ``test_problems.py`` holds the values against mpmath.

The exact values are closed forms, named beside each; 25 digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import mpmath as mp
import numpy as np

__all__ = ["PROBLEMS", "UNDEFINED", "Problem"]

INF = math.inf


@dataclass(frozen=True)
class Problem:
    """An integral.

    Parameters
    ----------
    name
        What it is called in a test's name.
    kind
        What makes it difficult.
    function
        The integrand of NumPy arrays and of numbers.
    text
        The same as formula text.
    limits
        From where to where.
    exact
        The value.
    high_precision
        The integrand in mpmath.
    cuts
        Places at which mpmath's rule has to be cut.
    """

    name: str
    kind: str
    function: Callable[[Any], Any]
    text: str
    limits: tuple[float, float]
    exact: str
    high_precision: Callable[[Any], Any]
    cuts: tuple[Any, ...] = field(default=())

    @property
    def value(self) -> float:
        return float(self.exact)


def _gauss(t: Any) -> Any:
    return np.exp(-((t - 800) ** 2) / 2) / math.sqrt(2 * math.pi)


PROBLEMS = [
    Problem("t log(1+t)", "smooth", lambda t: t * np.log(1 + t), "t*log(1+t)", (0, 1), "0.25",
            lambda t: t * mp.log(1 + t)),
    # π/12 - 1/6 + log(2)/6
    Problem("t^2 atan t", "smooth", lambda t: t**2 * np.arctan(t), "t^2*atan(t)", (0, 1),
            "0.2106572512258069881080923", lambda t: t**2 * mp.atan(t)),
    # (e^(π/2) - 1)/2
    Problem("e^t cos t", "smooth", lambda t: np.exp(t) * np.cos(t), "exp(t)*cos(t)", (0, math.pi / 2),
            "1.905238690482675827736518", lambda t: mp.exp(t) * mp.cos(t)),
    # 5π²/96
    Problem("nested atan", "smooth", lambda t: np.arctan(np.sqrt(2 + t**2)) / ((1 + t**2) * np.sqrt(2 + t**2)),
            "atan(sqrt(2+t^2))/((1+t^2)*sqrt(2+t^2))", (0, 1), "0.5140418958900707613976297",
            lambda t: mp.atan(mp.sqrt(2 + t**2)) / ((1 + t**2) * mp.sqrt(2 + t**2))),
    # 1.84 sinh 1 - 2 sin 1
    Problem("0.92 cosh - cos", "smooth", lambda t: 0.92 * np.cosh(t) - np.cos(t), "0.92*cosh(t)-cos(t)", (-1, 1),
            "0.479428226688801667358578", lambda t: mp.mpf("0.92") * mp.cosh(t) - mp.cos(t)),
    # 1 + log 2 - log(1 + e)
    Problem("logistic tail", "smooth", lambda t: 1 / (1 + np.exp(t)), "1/(1+exp(t))", (0, 1),
            "0.3798854930417224753682366", lambda t: 1 / (1 + mp.exp(t))),
    # 1330/3
    Problem("parabola", "smooth", lambda t: t**2 + 2 * t + 1, "t^2+2t+1", (0, 10), "443.3333333333333333333333",
            lambda t: t**2 + 2 * t + 1),
    # atan(500)/π
    Problem("sharp lorentz", "peak", lambda t: 50 / (np.pi * (2500 * t**2 + 1)), "50/(pi*(2500*t^2+1))", (0, 10),
            "0.4993633810764567446362485", lambda t: 50 / (mp.pi * (2500 * t**2 + 1)), (0.1, 1)),
    # atan((4-π)·4³) + atan(π·4³)
    Problem("arctan peak", "peak", lambda t: 4.0**-4 / ((t - np.pi / 4) ** 2 + 16.0**-4),
            "4^(-4)/((t-pi/4)^2+16^(-4))", (0, 1), "3.118418798586241294319901",
            lambda t: mp.mpf(4) ** -4 / ((t - mp.pi / 4) ** 2 + mp.mpf(16) ** -4), (0.78, 0.785398, 0.79)),
    # √π·1e-3·(erf(300) + erf(700))/2
    Problem("narrow gaussian", "peak", lambda t: np.exp(-(((t - 0.3) / 0.001) ** 2)), "exp(-((t-0.3)/0.001)^2)", (0, 1),
            "0.001772453850905516027298167", lambda t: mp.exp(-(((t - mp.mpf("0.3")) / mp.mpf("0.001")) ** 2)),
            (0.29, 0.3, 0.31)),
    Problem("sqrt log", "endpoint", lambda t: np.sqrt(t) * np.log(t), "sqrt(t)*log(t)", (0, 1),
            "-0.4444444444444444444444444", lambda t: mp.sqrt(t) * mp.log(t)),
    Problem("log squared", "endpoint", lambda t: np.log(t) ** 2, "log(t)^2", (0, 1), "2.0", lambda t: mp.log(t) ** 2),
    # -π log(2)/2
    Problem("log cos", "endpoint", lambda t: np.log(np.cos(t)), "log(cos(t))", (0, math.pi / 2),
            "-1.088793045151801065250344", lambda t: mp.log(mp.cos(t))),
    # 2√π Γ(3/4)/Γ(1/4)
    Problem("beta", "endpoint", lambda t: np.sqrt(t) / np.sqrt(1 - t**2), "sqrt(t)/sqrt(1-t^2)", (0, 1),
            "1.198140234735592207439922", lambda t: mp.sqrt(t) / mp.sqrt(1 - t**2)),
    Problem("1/sqrt|t|", "endpoint", lambda t: 1 / np.sqrt(np.abs(t)), "1/sqrt(abs(t))", (-1, 1), "4.0",
            lambda t: 1 / mp.sqrt(abs(t)), (0,)),
    # (2/3)(1/√27 + (2/3)^(3/2))
    Problem("kink", "interior", lambda t: np.sqrt(np.abs(t - 1 / 3)), "sqrt(abs(t-1/3))", (0, 1),
            "0.49118742912112840666089", lambda t: mp.sqrt(abs(t - mp.mpf(1) / 3)), (Fraction(1, 3),)),
    # 2/√3 + 2√(2/3)
    Problem("pole within", "interior", lambda t: 1 / np.sqrt(np.abs(t - 1 / 3)), "1/sqrt(abs(t-1/3))", (0, 1),
            "2.787693700234703594483154", lambda t: 1 / mp.sqrt(abs(t - mp.mpf(1) / 3)), (Fraction(1, 3),)),
    # π J₀(100)
    Problem("bessel", "oscillatory", lambda t: np.cos(100 * np.sin(t)), "cos(100*sin(t))", (0, math.pi),
            "0.06278740049149269565503282", lambda t: mp.cos(100 * mp.sin(t)),
            tuple(mp.pi * k / 32 for k in range(1, 32))),
    # Euler's γ
    Problem("euler gamma", "infinite", lambda t: -np.exp(-t) * np.log(t), "-exp(-t)*log(t)", (0, INF),
            "0.5772156649015328606065121", lambda t: -mp.exp(-t) * mp.log(t), (1,)),
    # 10/101
    Problem("damped sine", "infinite", lambda t: np.exp(-t) * np.sin(10 * t), "exp(-t)*sin(10*t)", (0, INF),
            "0.0990099009900990099009901", lambda t: mp.exp(-t) * mp.sin(10 * t), tuple(range(1, 80))),
    # √π Γ(1/4)/Γ(3/4)
    Problem("three quarter", "infinite", lambda t: (1 + t**2) ** (-0.75), "(1+t^2)^(-3/4)", (-INF, INF),
            "5.244115108584239620929679", lambda t: (1 + t**2) ** mp.mpf("-0.75"), (0,)),
    # √π (1 + erf 38)/2
    Problem("gaussian to 38", "infinite", lambda t: np.exp(-(t**2)), "exp(-t^2)", (-INF, 38),
            "1.772453850905516027298167", lambda t: mp.exp(-(t**2)), (-10, 0, 10)),
    Problem("far gaussian", "long range", _gauss, "exp(-(t-800)^2/2)/sqrt(2*pi)", (-INF, INF), "1.0",
            lambda t: mp.exp(-((t - 800) ** 2) / 2) / mp.sqrt(2 * mp.pi), (770, 800, 830)),
    Problem("from 0 to a billion", "long range", lambda t: np.exp(-t), "exp(-t)", (0, 1e9), "1.0",
            lambda t: mp.exp(-t), (1, 10, 100, 1000)),
]  # fmt: skip

# Integrals that do not exist, or of which no rule of ours can say enough: each must be flagged.
UNDEFINED: dict[str, tuple[Callable[[Any], Any], float, float]] = {
    "t^-1.5": (lambda t: t**-1.5, 0, 1),
    "1/t": (lambda t: 1 / t, 0, 1),
    "1/t to infinity": (lambda t: 1 / t, 1, INF),
    "1/t over 0": (lambda t: 1 / t, -1, 1),
    "1/(t-0.3)^2": (lambda t: 1 / (t - 0.3) ** 2, 0, 1),
    "1/(t-0.3)": (lambda t: 1 / (t - 0.3), 0, 1),
    "a constant to infinity": (lambda t: 1.0 + 0 * t, 0, INF),
    "sine to infinity": (np.sin, 0, INF),
    "sinc to infinity": (lambda t: np.sin(t) / t, 0, INF),
    "e^t to infinity": (np.exp, 0, INF),
    "a root of negative numbers": (np.sqrt, -1, 1),
    "a tangent over its pole": (np.tan, 0, 3.0),
    "1/(t log^2 t)": (lambda t: 1 / (t * np.log(t) ** 2), 0, 0.5),
    "t^-0.99": (lambda t: t**-0.99, 0, 1),
    "sin(1/t)": (lambda t: np.sin(1 / t), 0, 1),
    "20,000 waves": (lambda t: np.cos(125_000 * t), 0, 1),
    "a peak too narrow to be seen": (lambda t: np.exp(-(((t - 0.3) / 1e-9) ** 2)), 0, 1),
    "a peak too far to be seen": (lambda t: np.exp(-((t - 1e12) ** 2)), -INF, INF),
    "0 wherever it is looked at": (lambda t: 0 * t, 0, 1),
}
