"""Expectations for every distribution that SciPy has, against its own means."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from scipy.stats._distr_params import distcont, distdiscrete

import workings as wk

FAMILIES = [(name, parameters) for name, parameters in [*distcont, *distdiscrete] if isinstance(name, str)]
APART = {
    "levy_stable": "SciPy's density has 8 digits",
    "studentized_range": "SciPy's density takes 10 ms a value",
    "ksone": "SciPy's density takes 2 ms a value",
    "kstwo": "SciPy's density takes 2 ms a value",
}


@pytest.mark.parametrize(
    ("name", "parameters"),
    [family for family in FAMILIES if family[0] not in APART],
    ids=lambda part: part if isinstance(part, str) else "",
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning", "ignore::workings.errors.ConvergenceWarning")
def test_the_mean_is_scipys_or_said_not_to_be_known(name, parameters):
    there = getattr(stats, name)(*parameters)
    mean, found = float(there.mean()), wk.expectation("x", there)
    if math.isfinite(mean):
        assert found.converged
        assert abs(found.value - mean) <= max(1.01 * found.error, 1e-8 * max(1.0, abs(mean)))
    elif not np.isnan(mean):
        assert not found.converged


def test_a_density_on_the_circle_is_taken_once_round_as_scipy_takes_it():
    there = stats.vonmises(4.0, loc=2.0)
    found = wk.expectation("x", there)
    assert found.converged
    assert found.value == pytest.approx(there.expect(lambda x: x), abs=1e-10)
    assert wk.expectation("x^2", stats.vonmises(0.5)).value == pytest.approx(
        stats.vonmises(0.5).expect(lambda x: x**2), rel=1e-10
    )


def test_a_distribution_whose_quantiles_scipy_cannot_find_has_an_expectation():
    there = stats.norminvgauss(1.25, 0.5)
    with pytest.raises(ValueError, match="NaN"):
        there.ppf(1 - 1e-10)
    assert wk.expectation("x", there).value == pytest.approx(there.mean(), rel=1e-9)


@pytest.mark.parametrize("scale", [1e-18, 1e-6, 1e-3, 1e3, 1e6, 1e18])
@pytest.mark.parametrize(
    "family",
    [stats.norm(2), stats.expon(), stats.lognorm(1), stats.t(7), stats.logistic(1)],
    ids=lambda it: it.dist.name,
)
def test_a_unit_changes_no_second_moment(family, scale):
    loc = family.args[0] if family.dist.name in ("norm", "logistic") else 0.0
    there = family.dist(*(() if loc else family.args), loc=loc * scale, scale=scale)
    found, moment = wk.expectation("x^2", there), family.moment(2)
    off = abs(found.value / scale**2 - moment)
    assert off <= max(found.error / scale**2, 1e-13)
    assert off <= 1e-10
    wk.explain(found).verify()
