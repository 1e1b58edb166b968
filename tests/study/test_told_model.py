"""A fitted model told: of any row, each step from its values to the prediction, and wrong numbers caught."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import polars as pl
import pytest

import workings as wk
from workings.errors import DataError, InputError, WorkingError

FEATURES = ["면적", "rooms", "gu", "new"]


def frame() -> pl.DataFrame:
    rng = np.random.default_rng(0)
    gu, area, rooms = rng.choice(["Mapo", "Jongno", "Guro"], 160), rng.normal(60, 10, 160), rng.integers(1, 5, 160)
    price = 3 * area + 10 * rooms + 30 * (gu == "Mapo") + rng.normal(0, 10, 160)
    columns = {"면적": area, "rooms": rooms, "gu": gu, "new": rng.random(160) < 0.5, "price": price}
    return pl.DataFrame(columns).with_columns(
        big=pl.Series(price > np.median(price)), size=pl.Series(np.digitize(price, [190, 240])).cast(pl.Utf8)
    )


def fitted(target: str, **how: Any) -> Any:
    return wk.fit(frame(), target=target, features=FEATURES, **how).model


# A descent on columns that are not normalised does not arrive; what it came to is told all the same.
@pytest.mark.filterwarnings("ignore::workings.errors.ConvergenceWarning")
@pytest.mark.parametrize("target", ["price", "big", "size"])
@pytest.mark.parametrize("normalize", ["z-score", "min-max", "none"])
def test_any_row_of_a_table_is_told_and_is_what_predict_says(target: str, normalize: str) -> None:
    model, rows = fitted(target, normalize=normalize), frame()
    told = wk.explain(model, rows)
    told.verify()
    predictions = wk.predict(model, rows).predictions
    assert predictions is not None
    for row in (0, 17, 159):
        working = told.at(row=row)
        assert working.verify().equations >= 1
        said = predictions["prediction"][row].as_py()
        if target == "price":
            assert working.step("score").value == pytest.approx(said, rel=1e-12)
        elif target == "big":
            chance = predictions["probability_true"][row].as_py()
            assert working.step("probability").value == pytest.approx(chance, rel=1e-12)
            assert f"the decision is {'yes' if said else 'no'}" in str(working.result)
        else:
            assert str(working.result).startswith(f"{said} is predicted")
        for lang in ("en", "ko"):
            assert working.to_text(lang)
            assert working.to_html(lang)


def test_values_by_name_are_told_as_a_row_with_these_values() -> None:
    model, rows = fitted("big"), frame()
    row = rows.row(17, named=True)
    named = model.explain().at(**{name: row[name] for name in FEATURES})
    assert named.step("probability").value == wk.explain(model, rows).at(row=17).step("probability").value
    table = named.step("products").table
    assert table is not None
    assert {str(cells[0]) for cells in table.rows} == {str(term) for term in model.terms}
    # A value that is left out is filled as the model fills it.
    assert model.explain().at(rooms=3).verify().equations >= 1


@pytest.mark.parametrize("target", ["price", "big", "size"])
def test_a_wrong_score_and_a_wrong_cell_are_caught(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = fitted(target)
    right = type(model).scores
    working = model.explain().at(면적=70.0, rooms=3, gu="Mapo", new=True)
    key = "classes" if target == "size" else "products"
    table = working.step(key).table
    assert table is not None
    for place in range(1, len(table.columns)):
        cells = list(table.rows[0])
        cells[place] = dataclasses.replace(cells[place], value=cells[place].value * (1 + 1e-6))
        wrong = dataclasses.replace(table, rows=(tuple(cells), *table.rows[1:]))
        steps = tuple(dataclasses.replace(s, table=wrong) if s.key == key else s for s in working.steps)
        with pytest.raises(WorkingError, match=key):
            dataclasses.replace(working, steps=steps).verify()
    monkeypatch.setattr(type(model), "scores", lambda *args, **how: right(*args, **how) * (1 + 1e-6))
    with pytest.raises(WorkingError, match="score"):
        model.explain().at(면적=70.0, rooms=3, gu="Mapo", new=True).verify()


def test_what_is_not_there_is_refused() -> None:
    model, rows = fitted("big", drop_missing=True), frame()
    for where, says in (
        ({}, "row, or values of the model's columns 면적, rooms, gu, new, must be given; got none"),
        ({"colour": 3}, "got colour"),
        ({"row": 0}, "a row is one of a table, which must be given"),
        ({"rooms": "many"}, "rooms must be of the kind of the model's column; got 'many'"),
        ({"rooms": 3}, "every column of the model must have a value; 면적"),
    ):
        with pytest.raises(InputError, match=says):
            model.explain().at(**where)
    for row in (160, -1, 1.5, True):
        with pytest.raises(InputError, match="row must be a whole number from 0"):
            wk.explain(model, rows).at(row=row)
    with pytest.raises(DataError, match="which the model has not seen"):
        model.explain().at(면적=70.0, rooms=3, gu="Busan", new=True)
