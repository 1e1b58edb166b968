from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import workings as wk
from workings.errors import InputError


def frame() -> pl.DataFrame:
    generator = np.random.default_rng(0)
    x = generator.normal(size=120)
    noisy = x + generator.normal(size=120)
    return pl.DataFrame({"x": x, "yes": noisy > 0, "kind": np.digitize(noisy, [-0.5, 0.5]), "number": noisy})


@pytest.mark.parametrize(
    ("target", "says"), [("yes", "True positive rate"), ("kind", "diagonal of a coin"), ("number", "redict")]
)
def test_a_study_draws_what_it_judged(target: str, says: str) -> None:
    chart = wk.plot(wk.fit, frame(), target=target, features=["x"])
    assert says in str(chart.to_dict())


def test_predictions_alone_have_no_picture() -> None:
    study = wk.fit(frame(), target="number", features=["x"])
    with pytest.raises(InputError, match="judge rows with evaluate or fit"):
        wk.predict(study, frame()).plot()
