"""Every public function that computes, and every result and estimator, has a picture."""

from __future__ import annotations

import pytest

import workings as wk
from workings.working import registry

# These explain, draw or speak; the filters are arrays to put into a convolution.
WITHOUT = {"explain", "plot", "set_language", "filters", "datasets", "practise"}


@pytest.mark.parametrize("name", sorted(set(wk.__all__) - WITHOUT))
def test_it_has_a_picture(name: str) -> None:
    subject = getattr(wk, name)
    registry._open_room(subject, "plot")
    assert subject in registry._plotters
