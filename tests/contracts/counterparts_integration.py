"""A pytest plugin: SciPy's own tests of quad and of the rules for samples are run against ours.

``-p tests.contracts.counterparts_integration`` puts our functions in place of SciPy's before the test modules are
imported.
"""

from __future__ import annotations

import scipy.integrate
import scipy.integrate._quadrature as quadrature
from scipy._lib._array_api import xp_capabilities_table

import workings as wk

# SciPy's tests are parametrized by what a table says of each function: ours is what its counterpart is.
for name, ours in {
    "quad": wk.integrate,
    "trapezoid": wk.trapezoid,
    "simpson": wk.simpson,
    "cumulative_trapezoid": wk.cumulative_trapezoid,
}.items():
    xp_capabilities_table[ours] = xp_capabilities_table[getattr(scipy.integrate, name)]
    for module in (scipy.integrate, quadrature):
        if hasattr(module, name):
            setattr(module, name, ours)
