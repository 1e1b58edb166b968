from __future__ import annotations

import itertools
import threading

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workings.arrays.threads import submit, thread_count
from workings.data.columns import batch_rows
from workings.engine import blocks, fold
from workings.errors import InputError


class Sum:
    """A float sum, whose last bits show how the rows were cut."""

    def __init__(self) -> None:
        self.total, self.rows, self.pieces = 0.0, 0, [0]

    def update(self, batch: pa.RecordBatch) -> None:
        values = batch.column(0).to_numpy()
        self.total += float(np.add.reduce(values))
        self.rows += len(values)
        self.pieces = [len(values)]

    def merge(self, other: Sum) -> None:
        self.total += other.total
        self.rows += other.rows
        self.pieces += other.pieces


VALUES = np.random.default_rng(0).normal(size=300_000) * 10.0 ** np.random.default_rng(1).integers(-8, 8, 300_000)


def cut(values: np.ndarray, cuts: list[int]):
    edges = [0, *sorted(cuts), len(values)]
    for low, high in itertools.pairwise(edges):
        yield pa.record_batch({"x": values[low:high]})


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, len(VALUES)), max_size=12), st.integers(1, 4))
def test_answer_is_the_same_bits_whatever_the_cutting_and_the_workers(cuts: list[int], workers: int):
    expected = fold(cut(VALUES, []), Sum, Sum.update, workers=1)
    found = fold(cut(VALUES, cuts), Sum, Sum.update, workers=workers)
    assert (found.total, found.rows, found.pieces) == (expected.total, expected.rows, expected.pieces)


def test_blocks_have_the_size_of_their_width_and_keep_the_order_of_rows():
    seen: list[np.ndarray] = []

    class Keep(Sum):
        def update(self, batch):
            self.parts = [batch.column(0).to_numpy()]

        def merge(self, other):
            seen.extend(other.parts)

    fold(cut(VALUES, [1, 70_000, 70_001]), Keep, Keep.update)
    assert np.array_equal(np.concatenate(seen), VALUES)
    assert {len(part) for part in seen[:-1]} == {batch_rows(1)}


def test_progress_is_told_in_the_calling_thread_and_counts_every_row():
    told: list[tuple[int, int | None]] = []
    threads = set()

    def progress(rows: int, total: int | None) -> None:
        told.append((rows, total))
        threads.add(threading.get_ident())

    fold(cut(VALUES, []), Sum, Sum.update, progress=progress, total=len(VALUES))
    assert told[-1] == (len(VALUES), len(VALUES))
    assert [rows for rows, _ in told] == sorted(rows for rows, _ in told)
    assert threads == {threading.get_ident()}


def test_reading_runs_no_further_ahead_than_the_workers(monkeypatch):
    monkeypatch.setenv("WORKINGS_NUM_THREADS", "2")
    gate, read = threading.Event(), [0]
    furthest: list[int] = []

    def slow():
        for _ in range(40):
            read[0] += 1
            if read[0] == 4:
                gate.set()
            yield (np.zeros(3),)

    class Slow(Sum):
        def update(self, block):
            gate.wait(10)
            furthest.append(read[0])

        def merge(self, other):
            pass

    fold(slow(), Slow, Slow.update, workers=2)
    done = range(1, len(furthest) + 1)
    assert all(ahead <= finished + 2 * 2 + 2 for finished, ahead in zip(done, furthest, strict=True))


@pytest.mark.parametrize("workers", [1, 3])
def test_an_error_in_an_update_stops_the_reading_and_closes_the_source(workers: int):
    state = {"read": 0, "closed": False}

    def source():
        try:
            for _ in range(1000):
                state["read"] += 1
                yield (np.zeros(2),)
        finally:
            state["closed"] = True

    class Fails(Sum):
        def update(self, block):
            raise RuntimeError("as planned")

    with pytest.raises(RuntimeError, match="as planned"):
        fold(source(), Fails, Fails.update, workers=workers)
    assert state["closed"]
    assert state["read"] < 20


def test_an_error_while_reading_is_raised_and_no_thread_works_on():
    working = [0]

    def source():
        yield from blocks(np.zeros(10), rows=1)
        raise OSError("the disk is gone")

    class Counts(Sum):
        def update(self, block):
            working[0] += 1
            threading.Event().wait(0.01)
            working[0] -= 1

        def merge(self, other):
            pass

    with pytest.raises(OSError, match="the disk is gone"):
        fold(source(), Counts, Counts.update, workers=2)
    assert working[0] == 0


def test_a_fold_on_a_thread_of_the_pool_does_not_wait_for_itself():
    jobs = [submit(lambda: fold(cut(VALUES, []), Sum, Sum.update).rows) for _ in range(2 * thread_count())]
    assert {job.result(timeout=60) for job in jobs} == {len(VALUES)}


def test_nothing_to_read_gives_the_empty_summary():
    assert fold(iter(()), Sum, Sum.update).rows == 0


def test_workers_below_one_are_refused():
    with pytest.raises(InputError, match="workers must be at least 1; got 0"):
        fold(iter(()), Sum, Sum.update, workers=0)


def test_arrays_of_different_length_are_refused():
    with pytest.raises(InputError, match="one length; got 2, 3"):
        blocks(np.zeros(2), np.zeros(3))


@pytest.mark.parametrize("rows", [0, -1])
def test_blocks_of_no_rows_are_refused(rows: int):
    with pytest.raises(InputError, match="rows must be at least 1"):
        blocks(np.arange(5), rows=rows)
