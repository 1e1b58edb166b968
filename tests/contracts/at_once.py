"""A program of its own, started by the test of threads and forks: what is called together gives what it gives alone.

``python -m tests.contracts.at_once threads|forks`` ends with 0, or says on standard error what differed. Nothing here
runs in pytest's own process: libraries that it has loaded may not be forked.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import random
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from typing import Any

from tests.contracts.every_function import CALLS, bits

from workings.errors import ConvergenceWarning

__all__ = ["main"]

THREADS = 16
# Seconds in which a process that waits for nothing has long ended, all its loops compiled anew.
LONGEST = 250
Names = dict[str, Callable[[], Any]]


def calls() -> Names:
    """Return every call by a name of its own."""
    return {f"{name} {k}": call for name, of_name in CALLS.items() for k, call in enumerate(of_name)}


def answers(order: list[str] | None = None) -> dict[str, Any]:
    """Return what every call gives, in this order."""
    known = calls()
    return {name: bits(known[name]()) for name in order or known}


def threads() -> None:
    """Call everything from 16 threads at once, before anything was loaded or compiled, then alone."""
    found: list[dict[str, Any] | str] = [{}] * THREADS
    start = threading.Barrier(THREADS)

    def work(k: int) -> None:
        order = list(calls())
        random.Random(k).shuffle(order)
        start.wait()
        try:
            found[k] = answers(order)
        except BaseException:
            found[k] = traceback.format_exc()

    filters = list(warnings.filters)
    together = [threading.Thread(target=work, args=(k,)) for k in range(THREADS)]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    if warnings.filters != filters:
        complain("the threads have left other warning filters than there were")
    alone = answers()
    for k, each in enumerate(found):
        compare(f"thread {k}", each, alone)


def forks() -> None:
    """Call everything in children of a process whose pool has worked, at rest and while other threads compute."""
    alone = answers()
    compare("os.fork", forked(), alone)
    compare("multiprocessing", in_a_process(), alone)
    stop = threading.Event()

    def work(k: int) -> None:
        order = list(calls())
        random.Random(k).shuffle(order)
        while not stop.is_set():
            for name in order:
                if not stop.is_set():
                    answers([name])

    busy = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in busy:
        thread.start()
    try:
        for k in range(4):
            compare(f"os.fork {k} while threads compute", forked(), alone)
    finally:
        stop.set()
        for thread in busy:
            thread.join()


def forked() -> dict[str, Any] | str:
    """Return the answers of a child made by os.fork, which ends as a program does."""
    read, write = multiprocessing.get_context("fork").Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        end_by_itself()
        try:
            write.send(answers())
        except BaseException:
            write.send(traceback.format_exc())
        os._exit(0)
    write.close()
    try:
        found = read.recv()
    except EOFError:
        found = "the child ended without an answer"
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return found if status == 0 else f"the child ended with {status}: {found if isinstance(found, str) else ''}"


def in_a_process() -> dict[str, Any] | str:
    """Return the answers of two processes of multiprocessing's "fork"."""
    with multiprocessing.get_context("fork").Pool(2, end_by_itself) as pool:
        first, second = pool.map(answers, [None, list(calls())[::-1]])
        pool.close()
        pool.join()
    return first if first == second else "the two processes differ"


def end_by_itself() -> None:
    """End this process, and say where it stood, if it waits for ever; a child does not inherit the alarm."""
    faulthandler.register(signal.SIGALRM, chain=True)
    signal.alarm(LONGEST)


def compare(where: str, found: dict[str, Any] | str, alone: dict[str, Any]) -> None:
    """Complain of each call whose answer is not the one that it gives alone."""
    if isinstance(found, str):
        complain(f"{where}: {found}")
        return
    for name, answer in alone.items():
        if found.get(name) != answer:
            complain(f"{where}: {name} gave another answer")


def complain(text: str) -> None:
    """Say what is wrong, and end with 1."""
    print(text, file=sys.stderr)
    complain.heard = True


complain.heard = False


def main(way: str) -> int:
    """Run one of the two."""
    end_by_itself()
    # A child of a process with threads may not need what they held: that is what is tried here.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    # How far few steps come is what some calls ask for.
    warnings.simplefilter("ignore", ConvergenceWarning)
    {"threads": threads, "forks": forks}[way]()
    return 1 if complain.heard else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
