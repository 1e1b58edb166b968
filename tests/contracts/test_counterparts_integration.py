"""SciPy's own tests of ``quad``, ``trapezoid``, ``simpson`` and ``cumulative_trapezoid`` hold for ours."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).parents[2]
MODULES = ("scipy.integrate.tests.test_quadpack", "scipy.integrate.tests.test_quadrature")

# The tests that name one of the four functions; dblquad, tplquad, nquad and the other rules are none of ours.
SELECTED = (
    "TestQuad or TestCtypesQuad or TestMultivariateCtypesQuad or test_matching_quad or TestSimpson "
    "or TestCumulative_trapezoid or TestTrapezoid or test_romb_gh_3731"
)

# What these test, ``integrate`` has not: they are run too, so that one that passes by now is taken from this list.
OUTSIDE = {
    "compiled callbacks (LowLevelCallable, ctypes functions of a count and an array) are no functions of a number": (
        "TestCtypesQuad.test_ctypes_sine",
        "TestCtypesQuad.test_ctypes_variants",
        "TestMultivariateCtypesQuad.test_typical",
        "TestMultivariateCtypesQuad.test_indefinite",
        "TestMultivariateCtypesQuad.test_threadsafety",
    ),
    "weight= and wvar= choose other integrals; a weight can be written into the integrand": (
        "TestQuad.test_sine_weighted_finite",
        "TestQuad.test_sine_weighted_infinite",
        "TestQuad.test_cosine_weighted_infinite",
        "TestQuad.test_algebraic_log_weight",
        "TestQuad.test_cauchypv_weight",
        "TestQuad.test_b_less_than_a_3",
    ),
    "full_output= changes the type that is returned; all that it gives, and more, is in every Integral": (
        "TestQuad.test_b_less_than_a_full_output",
        "TestQuad.test_b_equals_a[True]",
        "TestQuad.test_b_equals_a[False]",
        "TestQuad.test_complex",
    ),
}
FEWEST = 45


def test_scipys_own_tests_hold_for_ours(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "--pyargs", *MODULES, "-k", SELECTED),
            *("-p", "tests.contracts.counterparts_integration", "-p", "no:cacheprovider", "-W", "ignore"),
            *("-c", os.devnull, "--rootdir", str(tmp_path), "--junitxml", str(report)),
        ],
        cwd=ROOT,
        env={**os.environ, "SCIPY_ARRAY_API": "1", "PYTEST_ADDOPTS": "", "PYTEST_PLUGINS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    failed: dict[str, str] = {}
    ran = 0
    for case in ET.parse(report).getroot().iter("testcase"):
        name = f"{case.attrib['classname'].rpartition('.')[2]}.{case.attrib['name']}"
        told = [child for child in case if child.tag in ("failure", "error")]
        ran += not any(child.tag == "skipped" for child in case)
        if told:
            failed[name] = told[0].attrib.get("message", "")
    outside = {name for names in OUTSIDE.values() for name in names}
    assert outside <= failed.keys(), "listed as outside, and passes or is not there"
    inside = {name: told for name, told in failed.items() if name not in outside}
    assert ran - len(outside) >= FEWEST
    assert len(inside) <= 0.03 * (ran - len(outside))
    assert inside == {}
