"""Threads and processes: many callers at once, forks, and what a child process finds."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading

import numpy as np
import pytest

from workings.expression import Apply, sin, symbols
from workings.expression.compiling import compile_nodes

x, z = symbols("x z")


def test_many_threads_may_call_and_compile_at_once():
    given = np.random.default_rng(5).normal(size=40_000)
    trees = [sin(x * k) + Apply("mean", (x,)) for k in range(1, 5)]
    wanted = [compile_nodes([tree], ["x"])(given)[0] for tree in trees]
    failures: list[object] = []
    start = threading.Barrier(8)

    def work(number: int) -> None:
        start.wait()
        for k in range(12):
            place = (number + k) % 4
            compiled = compile_nodes([trees[place] + 0 * k], ["x"])
            if not np.array_equal(compiled(given)[0], wanted[place]):
                failures.append(place)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_forked_child_computes_and_compiles():
    program = """
        import os, threading, warnings
        import numpy as np
        from workings.expression import sin, symbol
        from workings.expression.compiling import compile_nodes

        warnings.simplefilter("ignore")
        x, given = symbol("x"), np.linspace(0, 1, 500_000)
        before = compile_nodes([sin(x)], ["x"])
        before(given)
        busy = threading.Thread(target=lambda: [compile_nodes([sin(x) * k], ["x"])(given) for k in range(40)])
        busy.start()
        for _ in range(5):
            child = os.fork()
            if child == 0:
                right = np.allclose(before(given)[0], np.sin(given))
                right &= np.allclose(compile_nodes([sin(x) + 7], ["x"])(given)[0], np.sin(given) + 7)
                os._exit(0 if right else 1)
            assert os.waitpid(child, 0)[1] == 0
        busy.join()
        print("done")
    """
    found = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=120, check=True
    )
    assert found.stdout.strip() == "done"


def test_nothing_heavy_is_loaded_before_it_is_needed():
    program = """
        import sys
        import numpy as np
        from workings.expression import sin, symbol
        from workings.expression.compiling import compile_nodes

        x = symbol("x")
        compiled = compile_nodes([sin(x) / (1 + x**2)], ["x"])
        compiled(1.0)
        compiled(np.arange(100.0))
        print([name for name in ("llvmlite", "numba", "scipy") if name in sys.modules])
        compiled(np.arange(100_000.0))
        print([name for name in ("llvmlite", "numba", "scipy") if name in sys.modules])
    """
    found = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=True)
    assert found.stdout.splitlines() == ["[]", "['llvmlite']"]
