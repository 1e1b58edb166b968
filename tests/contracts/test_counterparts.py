"""What SciPy and scikit-learn test of their own functions holds for ours, but for what is listed with its reason."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Suite:
    """A module of tests that a library ships.

    Parameters
    ----------
    module
        Its name.
    least
        So many of its tests touch our names and are run, at least, whatever is installed beside.
    keyword
        What pytest's ``-k`` further selects.
    differs
        The tests that fail, by the reason why ours is right or the case is none of ours.
    """

    module: str
    least: int
    keyword: str = ""
    differs: dict[str, tuple[str, ...]] = field(default_factory=dict)


UNDEFINED = "a rate of 0/0 is NaN, with a warning that says why, where scikit-learn gives 1 or 0"

# Ours give int64 for integers of every width: uint8 200 times 2 is 400. Theirs keep the width, and wrap around.
NARROW = ("uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64")
KEPT = (
    "array_api_strict-uint8",
    "array_api_strict-int8",
    "array_api_strict-uint16",
    "array_api_strict-int16",
    "array_api_strict-uint32",
    "array_api_strict-int32",
    "array_api_strict-uint64",
    "torch-uint8",
    "torch-int8",
    "torch-int16",
    "torch-int32",
)

SUITES = [
    Suite(
        "scipy.signal.tests.test_signaltools",
        least=3900,
        # Sixteen thousand lengths of the same two functions: minutes, for what the others see as well.
        keyword="not manylens and not many_sizes",
        differs={
            "integers of every width give int64, so that nothing wraps around": (
                *(
                    f"TestCorrelateReal.{test}[numpy-{dtype}]"
                    for test in ("test_method", "test_rank3_valid", "test_rank3_same", "test_rank3_all")
                    for dtype in NARROW
                ),
                *(
                    f"TestCorrelateReal.{test}[{kind}]"
                    for test in ("test_rank1_valid", "test_rank1_same", "test_rank1_full")
                    for kind in (*(f"numpy-{dtype}" for dtype in NARROW), *KEPT)
                ),
            ),
            "integers are looked at, whether they fit, and while JAX traces a function they have no values": (
                "TestFFTConvolve.test_single_element[jax.numpy]",
            ),
            "2**108 does not fit int64, and is refused where SciPy gives 0": (
                "TestConvolve.test_convolve_method_large_input[numpy]",
                "TestConvolve.test_convolve_method_large_input[array_api_strict]",
                "TestConvolve.test_convolve_method_large_input[torch]",
            ),
        },
    ),
    Suite(
        "sklearn.metrics.tests.test_ranking",
        least=93,
        differs={
            UNDEFINED: ("test_precision_recall_curve_toydata[True]", "test_precision_recall_curve_toydata[False]"),
        },
    ),
    Suite(
        "sklearn.metrics.tests.test_classification",
        least=27,
        differs={
            UNDEFINED: ("test_confusion_matrix_normalize_single_class",),
            "whole weights that add up to more than 64 bits hold are refused, where scikit-learn's wrap around to -2": (
                "test_confusion_matrix_dtype",
            ),
            "labels are counted by NumPy, and the result is a ConfusionMatrix, not an array of the labels' library": (
                "test_confusion_matrix_array_api[numpy-None-None]",
                "test_confusion_matrix_array_api[array_api_strict-CPU_DEVICE-float64]",
                "test_confusion_matrix_array_api[array_api_strict-device1-float32]",
                "test_confusion_matrix_array_api[torch-cpu-float64]",
                "test_confusion_matrix_array_api[torch-cpu-float32]",
            ),
        },
    ),
    Suite(
        "sklearn.preprocessing.tests.test_data",
        least=310,
        differs={
            "callbacks are new in scikit-learn 1.9 and report the steps of a fit; a scaler's fit has one": (
                "test_standard_scaler_callback_support[fit]",
                "test_standard_scaler_callback_support[partial_fit]",
            ),
        },
    ),
    Suite("scipy.special.tests.test_logit", least=10),
]

# Of these alone may a test be skipped: what it would test is not on this machine, or not in the library it belongs to.
SKIPS = re.compile(
    "RobustScaler does not yet support sample_weight|'with_mean=True' cannot be used with sparse"
    "|cupy is not installed|dpnp is not installed|cuda, which is not available|no XPU device|no MPS device"
    "|PYTORCH_ENABLE_MPS_FALLBACK"
    # SciPy's own marks on its tests of signals, each of an array library that its test was not written for.
    "|fails all around|do not run with|order='F'|assertions may differ on backends|dtypes do not match|dtype differs"
    "|TODO: swapaxes|TODO: convert this test|torch does not support unsigned ints|item assignment|fancy indexing"
    "|jax returns floats|jax only supports|pure python|assorted error messages|Target length must be positive"
    "|wrong output dtype|disagreement between methods|only integer tensors of a single element"
    "|mapped axes must have same shape|pad_width with nd=0"
)


def outcomes(suite: Suite, folder: Path) -> dict[str, str]:
    """Run a suite with our names in place; return of each test "", what failed, or why it was skipped."""
    report = folder / "report.xml"
    options = [
        "-c",
        os.devnull,
        "--rootdir",
        str(folder),
        "-p",
        "tests.contracts.counterparts",
        "-p",
        "no:cacheprovider",
    ]
    options += ["-W", "ignore::pytest.PytestRemovedIn10Warning", "-q", "--junitxml", str(report)]
    options += ["-k", suite.keyword] if suite.keyword else []
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--pyargs", suite.module, *options],
        cwd=ROOT,
        env={**os.environ, "SCIPY_ARRAY_API": "1", "PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found: dict[str, str] = {}
    for case in ET.parse(report).getroot().iter("testcase"):
        owner = case.attrib["classname"].rpartition(suite.module.rpartition(".")[2])[2].lstrip(".")
        name = f"{owner}.{case.attrib['name']}".lstrip(".")
        assert name not in found, name
        told = [f"{child.tag}: {child.attrib.get('message', '')}" for child in case if child.tag != "properties"]
        found[name] = told[0] if told else ""
    return found


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.module)
def test_what_the_library_tests_of_its_function_holds_for_ours(suite, tmp_path):
    found = outcomes(suite, tmp_path)
    skipped = {name: told for name, told in found.items() if told.startswith("skipped")}
    failed = {name: told for name, told in found.items() if told and name not in skipped}
    listed = {name for names in suite.differs.values() for name in names}
    assert {name: told for name, told in failed.items() if name not in listed} == {}
    assert listed - failed.keys() == set(), "listed as different, and passes or is not there"
    assert {name: told for name, told in skipped.items() if not SKIPS.search(told)} == {}
    assert len(found) - len(skipped) >= suite.least


def test_no_more_than_three_of_a_hundred_differ():
    differing = sum(len(names) for suite in SUITES for names in suite.differs.values())
    assert differing <= 0.03 * sum(suite.least for suite in SUITES)
