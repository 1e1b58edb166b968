"""Whatever an array function is given, it answers or says why not, and so do its explanation and its picture.

NumPy's own warnings and errors are neither: they name a line of ours, and nothing that the caller wrote.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import workings as wk
from workings.errors import WorkingError, WorkingsError

pytestmark = pytest.mark.filterwarnings("ignore::workings.errors.WorkingsWarning")

RNG = np.random.default_rng(17)

ODD: dict[str, Any] = {
    "nothing": np.array([]),
    "one": np.array([0.5]),
    "one value": 2.5,
    "all the same": np.full(4, 3.25),
    "NaN": np.array([1.0, np.nan, -2.0, 0.5]),
    "infinite": np.array([np.inf, -1.5, 0.25, -np.inf, np.inf]),
    "huge": np.array([1e300, -1.7e308, 3e307, 1.7e308]),
    "subnormal": np.array([5e-324, -1e-310, 3e-320, 0.0]),
    "negative zeros": np.array([-0.0, 0.0, -0.0]),
    "bytes": np.array([200, 150, 209, 255, 0], np.uint8),
    "large integers": np.array([2**62, -(2**62), 3, 2**53 + 1]),
    "unsigned integers": np.array([2**64 - 1, 1, 0], np.uint64),
    "booleans": np.array([True, False, True, True]),
    "float16": np.array([0.1, 6e4, -2.5, 6e-8], np.float16),
    "float32": np.array([0.1, 3e38, -2.5], np.float32),
    "longdouble": np.array([0.1, -2.5, 4.0], np.longdouble),
    "complex": np.array([1 + 2j, -0.5j, 3.0]),
    "objects": np.array([1, 2.5, None, "a"], object),
    "text": np.array(["yes", "no", "yes"]),
    "a list": [3, 1, 2, 2],
    "a table": RNG.normal(size=(3, 2)),
    "no columns": np.zeros((3, 0)),
    "a cube": RNG.normal(size=(2, 3, 2)),
    "dates": np.array(["2026-01-01", "2026-01-02"], "datetime64[D]"),
}

OF_ONE = [
    wk.sigmoid, wk.logit, wk.log_sigmoid, wk.sigmoid_derivative, wk.min_max_normalize, wk.z_score_normalize,
    wk.trapezoid, wk.simpson, wk.cumulative_trapezoid,
]  # fmt: skip

CONVOLVING = [wk.convolve, wk.correlate, wk.fftconvolve, wk.oaconvolve]

SCORING = [wk.roc_curve, wk.roc_auc_score, wk.precision_recall_curve, wk.average_precision_score]

OF_TWO = [*CONVOLVING, *SCORING, wk.confusion_matrix, wk.auc, wk.trapezoid, wk.simpson, wk.cumulative_trapezoid]


def answers(call: Callable[[], Any]) -> bool:
    """Call, and return whether there was an answer; an error must be one that speaks."""
    try:
        call()
    except WorkingError:
        raise
    except WorkingsError as error:
        return not str(error)
    return True


@pytest.mark.parametrize("function", OF_ONE, ids=lambda f: f.__name__)
def test_of_one_array(function: Any) -> None:
    answered = {name for name, odd in ODD.items() if answers(lambda odd=odd: repr(function(odd)))}
    # Between infinite ends there is no scale.
    assert {"NaN", "huge", "subnormal", "bytes", "booleans", "float16", "a list", "a table"} <= answered
    assert answered.isdisjoint({"text", "objects", "dates"})


@pytest.mark.parametrize("function", OF_TWO, ids=lambda f: f.__name__)
def test_of_two_arrays(function: Any) -> None:
    pairs = [(first, second) for first in ODD for second in ODD]
    answered = {pair for pair in pairs if answers(lambda pair=pair: repr(function(ODD[pair[0]], ODD[pair[1]])))}
    # Two labels and four scores are no pair; nothing is one with dates.
    assert 0 < len(answered) < len(pairs)


def told_and_drawn(function: Any, *args: Any) -> None:
    """Compute, explain and draw: what has no answer is neither told nor drawn."""

    def told() -> None:
        working = wk.explain(function, *args)
        assert working.verify()
        assert working.to_text(lang="en")
        assert working.to_html(lang="ko")

    computed = answers(lambda: function(*args))
    outcomes = answers(told), answers(lambda: wk.plot(function, *args).to_dict())
    assert computed or not any(outcomes)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("function", OF_ONE, ids=lambda f: f.__name__)
def test_explained_and_drawn(function: Any, odd: str) -> None:
    told_and_drawn(function, ODD[odd])


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("function", CONVOLVING, ids=lambda f: f.__name__)
def test_a_convolution_with_it_explained_and_drawn(function: Any, odd: str) -> None:
    axes = np.ndim(ODD[odd])
    partner = 1.5 if axes == 0 else np.array([1.0, 0.5, -2.0]) if axes == 1 else np.ones((2,) * axes)
    told_and_drawn(function, ODD[odd], partner)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("function", [*SCORING, wk.confusion_matrix], ids=lambda f: f.__name__)
def test_scores_of_it_explained_and_drawn(function: Any, odd: str) -> None:
    told_and_drawn(function, np.arange(np.size(ODD[odd])) % 2, ODD[odd])
