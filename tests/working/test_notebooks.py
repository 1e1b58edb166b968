"""Real notebooks: Jupyter runs one and marimo serves one, and what they show is looked at."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser

CELLS = (
    "import workings as wk\nw = wk.explain(wk.sigmoid, 2.197)\nw",
    "wk.plot(wk.sigmoid, [0.7, 1.2])",
    "y, s = [0, 1, 0, 1, 1, 0], [0.1, 0.4, 0.35, 0.8, 0.3, 0.2]\nwk.roc_curve(y, s)",
    "cm = wk.confusion_matrix(y, [int(p > 0.3) for p in s])\ncm",
    'wk.formula("x^2 + 2x + 1")',
    'wk.set_language("ko")\nw',
    "cm",
)

APP = """
import marimo

app = marimo.App()


@app.cell
def _():
    import workings as wk

    w = wk.explain(wk.sigmoid, 2.197)
    w
    return (w, wk)


@app.cell
def _(wk):
    wk.plot(wk.sigmoid, [0.7, 1.2])
    return


@app.cell
def _(wk):
    wk.formula("x^2 + 2x + 1")
    return


@app.cell
def _(w, wk):
    wk.set_language("ko")
    [w, wk.confusion_matrix([0, 1, 1], [0, 1, 0])]
    return
"""


def environment() -> dict[str, str]:
    """Return the variables under which a notebook finds the library that is tested, and speaks English at first."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "WORKINGS_LANG": "en"}


def test_jupyter_shows_workings_charts_results_and_formulas(tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    path = tmp_path / "notebook.ipynb"
    nbformat.write(notebook, path)
    # In a process of its own: the warnings of the client are not ours.
    run = "from nbclient.cli import main; main()"
    command = [sys.executable, "-c", run, "--inplace", "--timeout=300", path.name]
    subprocess.run(command, cwd=tmp_path, env=environment(), check=True, timeout=500, capture_output=True)
    shown = [cell.outputs[-1].data for cell in nbformat.read(path, as_version=4).cells]
    working, chart, curve, matrix, formula, korean, korean_matrix = shown
    assert "How does the sigmoid turn the score 2.197" in working["text/html"]
    assert working["text/html"].startswith("<style>")
    assert "<math" in working["text/html"]
    assert r"\frac" in working["text/markdown"]
    assert "The sigmoid" in chart["text/html"]
    assert "vega" in chart["text/html"]
    assert "AUC 0.8889" in curve["text/plain"]
    assert re.search(r"actual \\ predicted\s+0\s+1", matrix["text/plain"])
    assert "<math" in formula["text/html"]
    assert formula["text/latex"] == r"$\displaystyle x^{2} + 2 \cdot x + 1$"
    assert "시그모이드 함수는 점수 2.197을" in korean["text/html"]
    assert 'lang="ko"' in korean["text/html"]
    assert re.search(r"실제 \\ 예측\s+0\s+1", korean_matrix["text/plain"])


@pytest.fixture
def served(tmp_path) -> Iterator[str]:
    """Serve the marimo app on this machine alone, and return its address."""
    (tmp_path / "app.py").write_text(APP, encoding="utf-8")
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    options = ["--headless", "--host", "127.0.0.1", "--port", str(port), "--no-token"]
    command = [sys.executable, "-m", "marimo", "-q", "-y", "run", "app.py", *options]
    with (tmp_path / "log.txt").open("wb") as log:
        server = subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server, tmp_path / "log.txt")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=60)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except OSError:
            assert server.poll() is None, log.read_text(encoding="utf-8")
            time.sleep(0.2)
    raise AssertionError(log.read_text(encoding="utf-8"))


@pytest.mark.browser
def test_marimo_shows_workings_in_lists_too_and_charts_and_formulas(served: str, chromium: Browser):
    context = chromium.new_context(viewport={"width": 1000, "height": 3000})
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto(served)
    english, korean = page.locator("section.working[lang=en]"), page.locator("section.working[lang=ko]")
    for shown in (english, korean):
        shown.wait_for(timeout=300_000)
        # The steps are numbered and their fractions are two-dimensional, whatever style the page has.
        steps = shown.locator(".working-steps")
        assert steps.evaluate("e => getComputedStyle(e).listStyleType") == "decimal"
        fraction = shown.locator("mfrac").first
        above, below = (fraction.locator(f"> :nth-child({k})").bounding_box() for k in (1, 2))
        assert above["y"] + above["height"] <= below["y"] + 1
    assert "How does the sigmoid turn the score 2.197" in english.inner_text()
    assert "시그모이드 함수는 점수 2.197을" in korean.inner_text()
    assert page.locator("math[display=block]").count() == 1
    drawn = page.locator(".vega-embed").locator("canvas, svg.marks").first
    drawn.wait_for(timeout=300_000)
    box = drawn.bounding_box()
    assert box is not None
    assert box["width"] > 300
    assert not page.get_by_text("Traceback").count()
    assert not [url for url in asked if not url.startswith((served, "data:", "blob:"))]
    context.close()
