"""Call everything, and print after which calls the threads of BLAS had run.

They look for more work in busy loops for a while, in the way of our own threads, and a process that is forked while
they end may never come out of the fork. To be run as a module, on Linux, with more than one processor.
"""

from __future__ import annotations

import os
import time
import warnings
from pathlib import Path

import numpy as np
from scipy import linalg

from .every_function import CALLS

_TASKS = Path("/proc/self/task")
# After a call they go on for longer than this.
_A_WHILE = 0.005


def woken() -> list[Path]:
    """Return the threads that a product and a factor of large matrices wake: those of NumPy's BLAS and of SciPy's."""
    time.sleep(1.0)
    before = {each: ran([each]) for each in _others()}
    large = np.random.default_rng(0).random((600, 600))
    linalg.qr(large @ large)
    return [each for each in _others() if ran([each]) != before.get(each, 0)]


def _others() -> list[Path]:
    return [each for each in _TASKS.iterdir() if each.name != str(os.getpid())]


def ran(threads: list[Path]) -> int:
    """Return for how many nanoseconds they have run."""
    return sum(int((each / "schedstat").read_text().split()[0]) for each in threads)


def at_rest(threads: list[Path]) -> int:
    """Wait until they run no more, and return for how long they have run."""
    before, now = -1, ran(threads)
    while now != before:
        time.sleep(_A_WHILE)
        before, now = now, ran(threads)
    return now


def main() -> None:
    """Print the number of threads, and then the calls that woke them."""
    warnings.simplefilter("ignore")
    for calls in CALLS.values():
        for call in calls:
            call()  # what is loaded at the first call starts threads of its own
    threads = woken()
    print(len(threads))
    for name, calls in CALLS.items():
        for k, call in enumerate(calls):
            before = at_rest(threads)
            call()
            time.sleep(_A_WHILE)
            if ran(threads) != before:
                print(name, k)


if __name__ == "__main__":
    main()
