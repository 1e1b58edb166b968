"""Machine code that is kept: found again by another process, and never trusted further than it can be checked."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import numpy as np
import pytest

from workings.expression import sin, symbol
from workings.expression.compiling import cache, compile_nodes, compiled, machine

x = symbol("x")
GIVEN = np.linspace(-3, 3, 20_000)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKINGS_CACHE_DIR", str(tmp_path / "kept"))
    return tmp_path / "kept" / "code"


@pytest.fixture
def translations(monkeypatch):
    """Count what is compiled, forgetting between calls what this process has compiled already."""
    counted: list[str] = []
    translate = machine.translate

    def counting(text):
        counted.append(text)
        return translate(text)

    monkeypatch.setattr(machine, "translate", counting)
    return counted


def run():
    compiled.forget()
    np.testing.assert_allclose(compile_nodes([sin(x) * 3], ["x"])(GIVEN)[0], np.sin(GIVEN) * 3, rtol=1e-15, atol=1e-15)


def test_code_is_found_again(folder, translations):
    run()
    run()
    assert len(translations) == 1
    (file,) = folder.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_another_process_finds_it(folder, translations):
    run()
    program = (
        "import numpy as np\n"
        "from workings.expression import sin, symbol\n"
        "from workings.expression.compiling import compile_nodes, machine\n"
        "machine.translate = None\n"
        "x = symbol('x')\n"
        "print(float(compile_nodes([sin(x) * 3], ['x'])(np.linspace(-3, 3, 20_000))[0][0]))\n"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert float(found.stdout) == pytest.approx(3 * np.sin(-3), rel=1e-15)


@pytest.mark.parametrize(
    "damage",
    [
        lambda c: c[:-1],
        lambda c: c[: len(c) // 2],
        lambda c: b"",
        lambda c: b"x" * len(c),
        lambda c: c[:60] + bytes([c[60] ^ 1]) + c[61:],
        lambda c: c + b"x",
    ],
)
def test_a_damaged_file_is_compiled_anew(folder, translations, damage):
    run()
    (file,) = folder.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    run()
    run()
    assert len(translations) == 2


def test_a_file_under_another_name_is_not_taken(folder, translations):
    run()
    (file,) = folder.iterdir()
    content = file.read_bytes()
    other = cache.cache_key("something else")
    file.with_name(other).write_bytes(content)
    assert cache.read_code(other) is None
    assert cache.read_code(file.name) is not None


def test_code_of_another_processor_or_version_has_another_name(folder, translations, monkeypatch):
    run()
    monkeypatch.setattr(machine.llvmlite, "__version__", "0.0.0")
    run()
    assert len(translations) == 2
    assert len(list(folder.iterdir())) == 2


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders have no owner here")
def test_a_folder_that_others_can_write_to_is_not_used(folder, translations):
    run()
    folder.chmod(0o770)
    run()
    assert len(translations) == 2


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders have no owner here")
def test_a_folder_of_another_user_is_not_used(folder, translations, monkeypatch):
    run()
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    run()
    assert len(translations) == 2


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="links need no rights here")
def test_links_are_not_followed(folder, translations, tmp_path):
    run()
    (file,) = folder.iterdir()
    moved = tmp_path / "elsewhere"
    file.rename(moved)
    file.symlink_to(moved)
    assert cache.read_code(file.name) is None
    folder.rename(tmp_path / "real")
    folder.symlink_to(tmp_path / "real")
    run()
    assert len(translations) == 2


def test_without_a_folder_everything_works(monkeypatch, translations, tmp_path):
    monkeypatch.setenv("WORKINGS_CACHE_DIR", "")
    run()
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    monkeypatch.setenv("WORKINGS_CACHE_DIR", str(blocked))
    run()
    monkeypatch.setenv("WORKINGS_CACHE_DIR", "/proc/nowhere")
    run()
    assert len(translations) == 3


def test_the_users_cache_is_where_the_system_has_it(monkeypatch, tmp_path):
    monkeypatch.delenv("WORKINGS_CACHE_DIR")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.cache_folder() == tmp_path / "workings" / "code"
    monkeypatch.setenv("XDG_CACHE_HOME", "not absolute")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path in cache.cache_folder().parents


def test_the_folder_does_not_grow_for_ever(folder, monkeypatch):
    monkeypatch.setattr(cache, "_MOST", 10)
    for number in range(25):
        cache.write_code(cache.cache_key(str(number)), b"code")
    assert len(list(folder.iterdir())) <= 10
    assert cache.read_code(cache.cache_key("24")) == b"code"


def test_what_is_interrupted_leaves_no_half_file(folder, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "replace", fail)
    cache.write_code(cache.cache_key("a"), b"code")
    assert list(folder.iterdir()) == []
