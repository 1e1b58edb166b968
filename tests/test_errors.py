"""Warnings where scikit-learn warns are of its categories too, so that filters written for it hold for us."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
import warnings

import numpy as np
import pytest
import sklearn.exceptions

import workings as wk
from workings.errors import ConvergenceWarning, UndefinedWarning, held_warnings, not_converged, undefined_metric, warn
from workings.language import message

UNDEFINED = {
    "a curve": lambda: wk.roc_curve([0, 0], [0.1, 0.2]),
    "an area": lambda: wk.roc_auc_score([1, 1], [0.1, 0.2]),
    "an interval": lambda: wk.roc_curve([0, 1, 1], [0.1, 0.2, 0.3]).auc_interval(),
    "recall": lambda: wk.precision_recall_curve([0, 0], [0.1, 0.2]),
    "average precision": lambda: wk.average_precision_score([0, 0], [0.1, 0.2]),
    "a rate": lambda: wk.confusion_matrix([0, 0, 1], [0, 0, 0]).precision,
    "shares": lambda: wk.confusion_matrix([0, 0, 1], [0, 0, 0], normalize="pred"),
}


@pytest.mark.parametrize("compute", UNDEFINED.values(), ids=UNDEFINED)
def test_a_filter_for_scikit_learns_undefined_metrics_holds(compute):
    with pytest.warns(UndefinedWarning):
        compute()
    warnings.simplefilter("ignore", sklearn.exceptions.UndefinedMetricWarning)
    compute()


def test_a_filter_for_scikit_learns_convergence_holds():
    X, y = np.arange(20.0).reshape(10, 2), [0, 1] * 5
    for model in (wk.LogisticRegression, wk.LinearRegression):
        with pytest.warns(ConvergenceWarning):
            model(solver="gradient_descent", max_iter=1).fit(X, y)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", sklearn.exceptions.ConvergenceWarning)
            model(solver="gradient_descent", max_iter=1).fit(X, y)


@pytest.mark.parametrize("make", [undefined_metric, not_converged])
def test_a_warning_travels_between_processes(make):
    warning = make(message("no row is actually {name}", name="positive"))
    again = pickle.loads(pickle.dumps(warning))
    assert type(again) is type(warning)
    assert str(again) == "no row is actually positive"


def test_warning_loads_nothing_of_scikit_learn():
    code = """
import sys, warnings
import workings as wk
from workings.errors import UndefinedWarning
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    wk.confusion_matrix([0, 0, 1], [0, 0, 0]).precision
    wk.roc_curve([0, 0], [0.1, 0.2])
print(*(each.category is UndefinedWarning for each in told), "sklearn" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "False"]


def test_warnings_are_held_back_in_one_thread_alone_and_the_filters_stay():
    entered, heard = threading.Event(), []
    filters = list(warnings.filters)

    def other():
        entered.wait()
        with pytest.raises(ConvergenceWarning, match="other"):
            warn(ConvergenceWarning("other"))
        heard.append(True)

    thread = threading.Thread(target=other)
    thread.start()
    with held_warnings() as held:
        entered.set()
        thread.join()
        warn(ConvergenceWarning("mine"))
        assert warnings.filters == filters
    assert heard == [True]
    assert [str(each) for each in held] == ["mine"]
    with pytest.raises(ConvergenceWarning, match="after"):
        warn(ConvergenceWarning("after"))


def test_a_warning_is_told_of_the_callers_line():
    with pytest.warns(ConvergenceWarning) as told:
        warn(ConvergenceWarning("here"))
    assert told[0].filename == __file__
