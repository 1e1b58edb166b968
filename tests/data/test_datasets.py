"""The samples that ship with the library."""

from __future__ import annotations

import numpy as np

import workings as wk


def test_mango_meets_all_four_cells_at_each_of_the_articles_thresholds():
    y, y_hat = photos = wk.datasets.mango()
    assert len(photos) == len(photos.fruit) == 12
    np.testing.assert_array_equal(y, [name == "mango" for name in photos.fruit])
    assert ((y_hat >= 0) & (y_hat <= 1)).all()
    table = wk.threshold_table(y, y_hat)
    for cells in (table.tp, table.fp, table.fn, table.tn):
        assert min(cells) > 0
    assert repr(photos).splitlines()[0] == "mango   y = 1  ŷ = 0.92"


def test_a_sample_may_be_changed_and_the_next_is_as_it_was():
    wk.datasets.mango().y[:] = 7
    assert set(wk.datasets.mango().y) == {0, 1}
