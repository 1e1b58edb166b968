"""The band along a curve: against intervals solved anew, against every rectangle, and how often it holds the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.proportion import proportion_confint

import workings as wk
from workings.errors import InputError
from workings.subjects.roc import RocCurve, TieGroups

from .problems import all_points

ROWS = st.lists(st.tuples(st.booleans(), st.integers(-4, 4)), min_size=2, max_size=40).filter(
    lambda rows: 0 < sum(positive for positive, _ in rows) < len(rows)
)


def rectangles(positive, score, level):
    """Return of every threshold the ends of both rates' intervals, each at the square root of the level."""
    ends = []
    for _, tp, fp in all_points(positive, score):
        alpha = 1 - math.sqrt(level)
        of_fp = proportion_confint(fp, np.sum(~positive), alpha, method="wilson")
        ends.append((*of_fp, *proportion_confint(tp, np.sum(positive), alpha, method="wilson")))
    return np.array(ends)


@given(ROWS, st.sampled_from([0.5, 0.9, 0.99]), st.booleans())
def test_the_band_is_read_off_the_rectangles_of_all_thresholds(rows, level, drop):
    positive, score = (np.array(column) for column in zip(*rows, strict=True))
    curve = wk.roc_curve(positive, score, drop_intermediate=drop)
    band = curve.band(level)
    expected = rectangles(positive, score, level)
    kept = np.isin([cut for cut, _, _ in all_points(positive, score)], curve.thresholds)
    ends = (*band.fpr_interval, *band.tpr_interval)
    np.testing.assert_allclose(np.transpose(ends), expected[kept], rtol=1e-12, atol=1e-15)
    asked = np.linspace(0, 1, 23) * 0.999 + 1e-4
    low, high = band.at(asked)
    fpr_low, fpr_high, tpr_low, tpr_high = expected.T
    # Between corners that lie above each other NumPy takes the nearer one on either side.
    np.testing.assert_allclose(high, np.interp(asked, fpr_low, tpr_high), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(low, np.interp(asked, fpr_high, tpr_low), rtol=1e-12, atol=1e-15)
    assert (low <= high).all()
    assert (np.diff(low) >= 0).all()
    assert (np.diff(high) >= 0).all()


def test_the_ends_of_the_axis_are_reached():
    band = wk.roc_curve([0, 1, 0, 1], [1, 2, 3, 4]).band()
    low, high = band.at([0, 1])
    assert (low[0], high[1]) == (0, 1)
    assert band.at(0.5)[0].shape == (1,)
    assert len(band) == len(band.thresholds) == 5


def test_it_holds_the_true_curve_as_often_as_it_says():
    # Scores of two normal classes a distance of 1.2 apart: the true curve is known. 600 samples of 90 rows.
    rng, level, rounds = np.random.default_rng(11), 0.9, 600
    at = np.array([0.02, 0.1, 0.3, 0.5, 0.8])
    truth = norm.cdf(1.2 + norm.ppf(at))
    positive = np.arange(90) < 40
    held = np.zeros(len(at))
    for _ in range(rounds):
        low, high = wk.roc_curve(positive, rng.normal(size=90) + 1.2 * positive).band(level).at(at)
        held += (low <= truth) & (truth <= high)
    # Three standard errors of a share of 600 are 0.037.
    assert (held / rounds >= level - 0.037).all()


def test_a_band_of_very_many_rows_is_the_curve():
    size = 10**13
    groups = TieGroups(np.array([3.0, 2.0, 1.0]), np.array([5, 8, 10]) * size, np.array([1, 4, 10]) * size)
    low, high = RocCurve(groups).band(0.99).at([0.05, 0.1, 0.25, 0.4, 0.7])
    np.testing.assert_allclose(low, [0.25, 0.5, 0.65, 0.8, 0.9], atol=1e-5)
    np.testing.assert_allclose(high, low, atol=1e-5)


def test_what_has_no_band_is_refused():
    weighted = wk.roc_curve([0, 1], [1, 2], sample_weight=[1, 2])
    with pytest.raises(InputError, match="must not be weighted"):
        weighted.band()
    one_class = RocCurve(TieGroups(np.array([1.0]), np.array([2]), np.array([0])))
    with pytest.raises(InputError, match="band: both classes must have rows"):
        one_class.band()
    curve = wk.roc_curve([0, 1], [1, 2])
    for level in (0, 1, 95, math.nan):
        with pytest.raises(InputError, match="band: level must be between 0 and 1"):
            curve.band(level)
    for fpr in (-0.1, 1.1):
        with pytest.raises(InputError, match="fpr must be from 0 to 1"):
            curve.band().at([fpr])
    with pytest.raises(InputError, match="finite"):
        curve.band().at([math.nan])
