"""Expressions are shared where equal, never change, and keep what was written."""

from __future__ import annotations

import copy
import gc
import pickle
import subprocess
import sys
import weakref
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import numpy as np
import pytest

from workings.errors import InputError
from workings.expression import (
    Apply,
    Elided,
    Indexed,
    Number,
    Reduction,
    Symbol,
    equation,
    exp,
    free_symbols,
    indexed,
    number,
    partial,
    postorder,
    substitute,
    symbol,
    symbols,
    total,
)
from workings.expression.nodes.interning import entries

x, y, i, j, n = symbols("x y i j n")


def test_equal_expressions_are_one_object():
    assert exp(-x) / (1 + y) is exp(-x) / (1 + y)
    assert x + y is not y + x


@pytest.mark.parametrize(
    ("a", "b"),
    [(1, 1.0), (1, True), (1.0, True), (0.0, -0.0), (0.5, Fraction(1, 2)), (1, Fraction(1))],
)
def test_numbers_that_python_calls_equal_are_told_apart(a, b):
    assert Number(a) is not Number(b)
    assert type(Number(a).value) is type(a)
    assert str(Number(a).value) == str(a)


def test_shown_digits_belong_to_a_number():
    assert number(0.5) is number(0.5, "0.5")
    assert number(0.5) is not number(0.5, "0.50")


def test_nan_is_one_node():
    assert Number(float("nan")) is Number(float("nan"))


def test_numpy_numbers_become_pythons():
    assert Number(np.float64(0.5)) is Number(0.5)
    assert Number(np.int32(3)) is Number(3)
    assert Number(np.bool_(True)) is Number(True)
    assert Number(np.array(2)) is Number(2)
    assert np.float64(2) * x is 2.0 * x


@pytest.mark.parametrize(
    "change", [lambda: setattr(x, "name", "q"), lambda: delattr(x, "name"), lambda: setattr(x, "new", 1)]
)
def test_a_node_cannot_be_changed(change):
    with pytest.raises(AttributeError):
        change()


def test_copies_and_pickles_are_the_same_node():
    tree = equation(y, total(indexed("x", i) ** 2, i, 1, n) / number(3.0, "3.00"))
    assert copy.copy(tree) is tree
    assert copy.deepcopy({"tree": tree})["tree"] is tree
    assert pickle.loads(pickle.dumps(tree)) is tree


def test_nodes_die_with_their_last_user():
    tree = exp(symbol("nobody else has this name")) + 123.456
    alive = weakref.ref(tree)
    del tree
    gc.collect()
    assert alive() is None


def test_threads_that_build_the_same_expression_get_the_same_node():
    def build(_: int) -> list[object]:
        tree = symbol("thread")
        kept: list[object] = []
        for k in range(300):
            tree = tree * k + exp(tree)
            kept.append(tree)
        return kept

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(build, range(8)))
    assert all(a is b for result in results[1:] for a, b in zip(results[0], result, strict=True))


def test_nodes_that_die_in_one_thread_and_are_built_in_another_are_still_one():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads change places within the building of a node

    def build(_: int) -> bool:
        same = True
        for k in range(3000):
            name = symbol("passing")
            one, two = exp(name + k % 7) * name, exp(name + k % 7) * name
            same = same and one is two
        return same

    try:
        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(build, range(4)))
    finally:
        sys.setswitchinterval(interval)
    gc.collect()
    assert not [key for key, entry in entries.items() if entry() is None], "what has died is still in the table"
    assert not any("passing" in key for key in entries)


def test_a_child_process_builds_nodes_while_its_parent_s_thread_held_the_lock():
    code = """
import os, threading
from workings.expression.nodes import interning
from workings.expression import symbol
held = threading.Event()
def hold():
    with interning._lock:
        held.set()
        threading.Event().wait(2)
threading.Thread(target=hold, daemon=True).start()
held.wait()
child = os.fork()
if child == 0:
    for k in range(100):
        symbol("x") + k
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-W", "ignore::DeprecationWarning", "-c", code], check=True, timeout=60)


def test_the_tree_keeps_what_was_written():
    assert str(1 / (1 + exp(-x))) == "1 / (1 + exp(-x))"
    assert str(x - x + 0 * y) == "x - x + 0·y"


def test_an_operand_that_is_no_number_is_refused_by_python():
    with pytest.raises(TypeError):
        _ = x + "1"
    with pytest.raises(TypeError):
        _ = x * 1j


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (lambda: Number("1"), "Number: value"),
        (lambda: Number(1j), "Number: value"),
        (lambda: Number(10**5000), "3900 digits"),
        (lambda: Symbol(3), "Symbol: name"),
        (lambda: Symbol("x", "bold"), "Symbol: style"),
        (lambda: Apply("nope", (x,)), "Apply: operation"),
        (lambda: Apply("exp", (x, y)), "exp takes 1"),
        (lambda: Indexed(x + 1, (i,)), "Indexed: base"),
        (lambda: Indexed(x, ()), "Indexed: base"),
        (lambda: Reduction("mean", x, i, 1, n), "Reduction: kind"),
        (lambda: Reduction("sum", x, 3, 1, n), "Reduction: index"),
        (lambda: Elided(x, (1,), (2,)), "Elided: reduction"),
        (lambda: Elided(total(x, i, 1, n), (), ()), "Elided: there must"),
        (lambda: equation(x, y, "=="), "Equation: relation"),
    ],
)
def test_what_makes_no_node_is_refused(build, says):
    with pytest.raises(InputError, match=says):
        build()


def test_postorder_visits_shared_parts_once():
    tree = x
    for _ in range(200):  # written out it would have 2 to the power 200 leaves
        tree = tree + tree
    assert len(list(postorder(tree))) == 201


def test_free_symbols_leave_out_bound_indices():
    assert free_symbols(total(indexed("x", i), i, 1, n) * i) == {x, n, i}
    assert free_symbols(total(indexed("x", i), i, i, n)) == {x, n, i}
    assert free_symbols(partial(y, x)) == frozenset()


def test_substitution_is_simultaneous():
    assert substitute(x / y, {x: y, y: x}) is y / x


def test_substitution_leaves_a_bound_index_alone():
    tree = total(indexed("x", i), i, 1, i)
    assert substitute(tree, {i: 5}) is total(indexed("x", i), i, 1, 5)
    assert substitute(tree, {indexed("x", i): 5}) is tree


def test_substitution_renames_an_index_that_would_catch_what_is_put_in():
    assert substitute(total(indexed("x", i) * y, i, 1, n), {y: i}) is total(indexed("x", j) * i, j, 1, n)


def test_substitution_replaces_any_part_and_partial_derivatives_whole():
    d = partial(symbol("J"), x)
    assert substitute(exp(x) + d, {exp(x): 3, x: 4}) is Number(3) + d
    assert substitute(x * d, {d: 2, x: 4}) is Number(4) * 2
