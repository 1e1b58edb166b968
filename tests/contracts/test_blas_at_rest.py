"""No public call wakes the threads of BLAS, which would be in the way of ours and of a fork."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(
    not Path("/proc/self/task").exists() or (os.cpu_count() or 1) < 2,
    reason="how long a thread has run is read from /proc, and one processor has no other BLAS threads",
)
def test_no_call_wakes_the_threads_of_blas():
    done = subprocess.run(
        [sys.executable, "-m", "tests.contracts.blas_at_rest"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    threads, *woke = done.stdout.splitlines()
    assert int(threads) > 0
    assert woke == []
