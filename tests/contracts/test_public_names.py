"""What `import workings` promises: light, complete, and every name still itself after everything is imported."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import workings as wk

HEAVY = [
    "sklearn",
    "altair",
    "numba",
    "pandas",
    "pyarrow",
    "duckdb",
    "narwhals",
    "babel",
    "mpmath",
    "lark",
    "typer",
    "rich",
]
MODULES = {"filters": "workings.subjects.convolution.filters", "datasets": "workings.data.datasets"}


def every_module() -> list[str]:
    return sorted(module.name for module in pkgutil.walk_packages(wk.__path__, "workings."))


def test_no_module_shadows_a_public_name():
    before = {name: getattr(wk, name) for name in wk.__all__}
    for name in every_module():
        importlib.import_module(name)
    for name, value in before.items():
        assert getattr(wk, name) is value
        # Two are modules of functions, as wk.filters.sobel_x(): no function has their names.
        assert callable(value) or value is sys.modules[MODULES[name]], name


def test_every_module_has_a_docstring_and_names_what_it_gives():
    for name in every_module():
        module = importlib.import_module(name)
        assert module.__doc__, name
        for public in getattr(module, "__all__", []):
            assert hasattr(module, public), f"{name}.{public}"


def test_importing_the_package_loads_nothing_heavy():
    code = f"import sys, workings; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(wk, "no_such_name")


def test_dir_lists_the_public_names_before_they_are_used():
    code = "import workings; print(set(workings.__all__) <= set(dir(workings)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"
