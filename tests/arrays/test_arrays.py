"""The ground floor's promises: input checks, the thread pool, saved states."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from workings.arrays import SummaryFormatError, as_labels, as_matrix, as_vector, as_weights, pack, threads, unpack
from workings.arrays.threads import in_pool, parallel_blocks, run_together, thread_count
from workings.errors import InputError

WHERE = {"function": "f", "argument": "x"}


def test_a_vector_keeps_its_dtype_and_is_not_copied():
    x = np.arange(5, dtype=np.float32)
    assert as_vector(x, **WHERE) is x
    assert as_vector([True, False], **WHERE).dtype == bool
    assert as_vector(np.ones((3, 1)), **WHERE).shape == (3,)


@pytest.mark.parametrize("dtype", [">f8", "<f8", ">i2", "<i2"])
def test_bytes_come_out_in_the_order_of_this_machine(dtype):
    x = np.array([1, 2, 3], dtype)
    for found in (as_vector(x, **WHERE), as_labels(x, **WHERE), as_matrix(x[:, None], **WHERE)[:, 0]):
        assert found.dtype.isnative
        assert found.tolist() == [1, 2, 3]


def test_what_is_masked_is_missing_and_not_what_lies_below_the_mask():
    masked = np.ma.array([1, 2, 3], mask=[False, True, False])
    with pytest.raises(InputError, match=r"1 value is NaN or infinity, the first \(nan\) at \[1\]"):
        as_vector(masked, **WHERE)
    with pytest.raises(InputError, match="1 is missing, the first in row 1"):
        as_labels(masked, **WHERE)
    assert as_vector(np.ma.array([1.0, 2.0]), **WHERE).tolist() == [1.0, 2.0]


@pytest.mark.parametrize("weight", [1e-200, 5e-324, 1e200, 1.7e308])
def test_weights_whose_sums_have_no_product_are_refused(weight):
    with pytest.raises(InputError, match="between 1e-150 and 1e150"):
        as_weights([weight, weight], 2, function="f")


def test_a_batch_may_be_without_weight():
    assert as_weights([0.0, 0.0], 2, function="f", batch=True).tolist() == [0.0, 0.0]
    with pytest.raises(InputError, match="negative"):
        as_weights([0.0, -1.0], 2, function="f", batch=True)


def test_the_negative_weight_that_is_named_is_that_of_its_row():
    with pytest.raises(InputError, match=r"row 1 has -2\.0"):
        as_weights([1.0, -2.0, -7.0], 3, function="f")


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_counted_and_located(bad):
    with pytest.raises(InputError, match=r"2 values are NaN or infinity, the first \(-?(nan|inf)\) at \[1\]"):
        as_vector([1.0, bad, 3.0, bad], **WHERE)
    assert len(as_vector([1.0, bad], finite=False, **WHERE)) == 2


def test_objects_that_are_real_numbers_are_taken_and_what_is_missing_among_them_is_not_finite():
    assert as_vector([Decimal("0.25"), Fraction(1, 2), 3], **WHERE).tolist() == [0.25, 0.5, 3.0]
    assert as_matrix(np.array([[Decimal(1)], [Decimal(2)]], object), **WHERE).shape == (2, 1)
    for absent in (None, pd.NA):
        with pytest.raises(InputError, match=r"1 value is NaN or infinity, the first \(nan\) at \[0\]"):
            as_vector([absent, Decimal("0.1")], **WHERE)
    with pytest.raises(InputError, match="must be real numbers"):
        as_vector([10**400, 1], **WHERE)


def test_a_sum_that_overflows_is_not_taken_for_infinity():
    assert len(as_vector([1e308, 1e308, 1e308], **WHERE)) == 3


@pytest.mark.parametrize("bad", [["a", "b"], [1 + 2j], [print, 1.0], np.array(["2020-01-01"], "datetime64[D]")])
def test_what_is_not_a_real_number_is_refused(bad):
    with pytest.raises(InputError, match="must be real numbers"):
        as_vector(bad, **WHERE)


def test_shapes_are_named():
    with pytest.raises(InputError, match=r"must have one dimension; got shape \(2, 2\)"):
        as_vector(np.ones((2, 2)), **WHERE)
    with pytest.raises(InputError, match=r"must have two dimensions .* got shape \(2,\)"):
        as_matrix(np.ones(2), **WHERE)


def test_a_missing_label_is_located():
    with pytest.raises(InputError, match="2 are missing, the first in row 1"):
        as_labels(np.array(["a", None, "b", np.nan], object), **WHERE)
    with pytest.raises(InputError, match="1 is missing, the first in row 0"):
        as_labels([np.nan, 1.0], **WHERE)


@pytest.mark.parametrize(
    ("weights", "complaint"),
    [([1, -1, 0], "not be negative; row 1"), ([0, 0, 0], "zero in every row"), ([1, 2], "same number of rows")],
)
def test_weights_that_weigh_nothing_sound_are_refused(weights, complaint):
    with pytest.raises(InputError, match=complaint):
        as_weights(weights, 3, function="f")


def test_blocks_cover_everything_once_and_in_order():
    for size in (0, 1, 63, 64, 1000, 1 << 17, (1 << 20) + 7):
        covered = [k for block in parallel_blocks(range, size, smallest=64) for k in block]
        assert covered == list(range(size))


def test_the_pool_is_never_fed_from_its_own_threads(monkeypatch):
    monkeypatch.setenv("WORKINGS_NUM_THREADS", "2")
    inner = run_together([lambda: run_together([in_pool, in_pool])] * 4)
    assert len(inner) == 4  # and it came back: no thread waited for itself


def test_the_first_error_is_raised_after_all_have_ended():
    ended = threading.Event()

    def fails() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_together([fails, ended.set])
    assert ended.is_set()


def test_many_threads_share_one_pool():
    with ThreadPoolExecutor(16) as threads:
        sums = list(threads.map(lambda k: sum(parallel_blocks(lambda a, b: b - a, 1 << 18)), range(64)))
    assert sums == [1 << 18] * 64


def test_a_forked_child_has_a_pool_of_its_own():
    parallel_blocks(lambda a, b: b - a, 1 << 18)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(write, str(sum(parallel_blocks(lambda a, b: b - a, 1 << 18))).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(read, 100) == str(1 << 18).encode()


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system does not let threads be placed")
def test_the_pool_is_woken_off_the_processor_of_the_caller_and_runs_anywhere(monkeypatch):
    monkeypatch.setenv("WORKINGS_NUM_THREADS", "2")
    run_together([thread_count, thread_count])  # its threads are started
    placed = []
    monkeypatch.setattr(os, "sched_setaffinity", lambda thread, places: placed.append((thread, places)))
    monkeypatch.setattr(os, "sched_getaffinity", lambda thread: {0, 1, 2})
    monkeypatch.setattr(threads, "_current_processor", lambda: 1)
    run_together([thread_count, thread_count])
    assert [places for thread, places in placed if thread] == [{0, 2}] * (len(placed) - 1)
    assert placed[-1] == (0, {0, 1, 2})  # said by the thread itself


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system does not let threads be placed")
def test_no_thread_is_left_where_it_was_placed():
    allowed = os.sched_getaffinity(0)
    for _ in range(3):
        places = run_together([lambda: os.sched_getaffinity(0)] * 4)
        assert places == [allowed] * 4
        waiting = [threads.submit(lambda: os.sched_getaffinity(0)) for _ in range(4)]
        assert [future.result() for future in waiting] == [allowed] * 4
    assert os.sched_getaffinity(0) == allowed


def test_the_number_of_threads_can_be_set(monkeypatch):
    monkeypatch.setenv("WORKINGS_NUM_THREADS", "7")
    assert thread_count() == 7
    monkeypatch.setenv("WORKINGS_NUM_THREADS", "many")
    assert thread_count() >= 1


def test_a_state_comes_back_as_it_was():
    arrays = {"a": np.arange(3, dtype=np.float32), "b": np.array([], np.int64)}
    fields, back = unpack("roc", 1, pack("roc", 1, {"rows": 3}, arrays))
    assert fields == {"rows": 3}
    for name, array in arrays.items():
        assert back[name].dtype == array.dtype
        np.testing.assert_array_equal(back[name], array)


def test_bytes_that_are_no_state_are_refused():
    good = pack("roc", 1, {}, {"a": np.arange(1000)})
    for bad in (b"", b"PK", good[:-1], good[:20], good.replace(b"roc", b"cor", 1), b"\x80\x04." + good):
        with pytest.raises(SummaryFormatError):
            unpack("roc", 1, bad)
    with pytest.raises(SummaryFormatError, match="must be roc version 2; got roc version 1"):
        unpack("roc", 2, good)


def test_a_state_never_runs_code():
    evil = pack("roc", 1, {}, {"a": np.arange(3)})
    with pytest.raises(ValueError, match="Object arrays"):
        pack("roc", 1, {}, {"a": np.array([print], object)})
    assert b"print" not in evil
