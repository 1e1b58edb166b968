from __future__ import annotations

import numpy as np
import polars as pl
import pytest

import workings as wk
from workings.errors import InputError
from workings.study.tally import Tally


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


@pytest.mark.parametrize(
    ("target", "says"), [("yes", "Probability of true"), ("kind", "Predicted"), ("number", "Predicted")]
)
def test_predictions_are_drawn_with_every_row_counted(target: str, says: str) -> None:
    study = wk.fit(frame(), target=target, features=["x"])
    chart = wk.plot(wk.predict, study, frame()).to_dict()
    assert says in str(chart)
    rows = [row for data in chart["datasets"].values() for row in data] if "datasets" in chart else []
    rows = rows or [row for each in chart.get("layer", [chart]) for row in each["data"]["values"]]
    assert sum(row["count"] for row in rows if "count" in row) == 120


def test_no_prediction_has_no_picture() -> None:
    study = wk.fit(frame(), target="number", features=["x"], drop_missing=True)
    with pytest.raises(InputError, match="judge rows with evaluate or fit"):
        wk.predict(study, frame().with_columns(x=pl.lit(None, pl.Float64))).plot()


def test_the_bins_of_predictions_do_not_depend_on_how_rows_are_cut() -> None:
    values = np.concatenate([[5.0, 5.0], np.random.default_rng(1).normal(size=500) * 30, [1e4, np.nan]])
    whole = Tally()
    whole.update(values)
    for size in (1, 7, 100):
        cut = Tally()
        for start in range(0, len(values), size):
            cut.update(values[start : start + size])
        assert cut.bins() == whole.bins()
    edges, counts = whole.bins()
    assert len(counts) <= 60
    assert np.histogram(values[:-1], edges)[0].tolist() == counts
    for numbers in ([3.0], [0.0, 0.0], [1e300, -1e300], [1e-300, 2e-300], [1e16, 1e16 + 2]):
        one = Tally()
        one.update(np.array(numbers))
        assert sum(one.bins()[1]) == len(numbers)


def test_a_fits_descent_and_model_are_told_and_drawn() -> None:
    study = wk.fit(frame(), target="yes", features=["x"])
    assert study.descent is not None
    assert study.model is not None
    assert study.descent.explain().step("iterations").value == len(study.descent.cost) - 1
    assert study.descent.plot().to_dict()
    assert study.model.plot().to_dict()
    assert study.data.explain().verify().equations >= 1
