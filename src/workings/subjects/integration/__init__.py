"""Areas under functions, formulas and samples, and expectations of random variables."""

from workings.subjects.integration.box import integrate_box
from workings.subjects.integration.compute import integrate
from workings.subjects.integration.expectation import expectation
from workings.subjects.integration.family import IntegralFamily, integrate_family
from workings.subjects.integration.result import Integral
from workings.subjects.integration.samples import cumulative_trapezoid, riemann_sum, simpson, trapezoid

__all__ = [
    "Integral",
    "IntegralFamily",
    "cumulative_trapezoid",
    "expectation",
    "integrate",
    "integrate_box",
    "integrate_family",
    "riemann_sum",
    "simpson",
    "trapezoid",
]
