"""A tree may be as deep as memory holds: no walk recurses, none is quadratic, and its end does not overflow a stack."""

from __future__ import annotations

import gc
import pickle
import threading

import pytest

from workings.expression import (
    evaluate,
    exp,
    free_symbols,
    from_json,
    operation_count,
    postorder,
    substitute,
    symbol,
    to_box,
    to_json,
    to_latex,
    to_mathml,
    to_python,
    to_text,
)

DEPTH = 100_000
x, y = symbol("x"), symbol("y")


def chain(step):
    tree = x
    for _ in range(DEPTH):
        tree = step(tree)
    return tree


@pytest.fixture(
    scope="module",
    params=[lambda t: t + 1, exp, lambda t: 1 / (1 + t)],
    ids=["left", "call", "fraction"],
)
def deep(request):
    return chain(request.param)


def test_a_deep_tree_is_written(deep):
    assert len(to_text(deep)) >= DEPTH
    assert len(to_latex(deep)) >= DEPTH
    assert len(to_mathml(deep)) >= DEPTH
    assert len(to_python(deep)) >= DEPTH
    assert len(to_box(deep).lines) == 1


def test_a_deep_tree_is_walked_and_kept(deep):
    assert free_symbols(deep) == {x}
    assert len(list(postorder(deep))) > DEPTH
    assert from_json(to_json(deep)) is deep
    assert pickle.loads(pickle.dumps(deep)) is deep
    assert free_symbols(substitute(deep, {x: y})) == {y}
    assert operation_count(deep) >= DEPTH
    assert evaluate(deep, {"x": 0.5}) is not None


def test_a_deep_sum_has_its_value():
    deep = chain(lambda t: t + 1)
    assert evaluate(deep, {"x": 0.5}) == DEPTH + 0.5
    assert evaluate(deep, {"x": 0.5}, arithmetic="mpmath") == DEPTH + 0.5
    assert evaluate(deep, {"x": 0.5}, arithmetic="fraction") == DEPTH + 0.5


@pytest.mark.parametrize("step", [exp, lambda t: 1 / (2 + t)])
def test_the_end_of_a_deep_tree_does_not_overflow_the_stack(step):
    def build_and_drop() -> None:
        tree = symbol("dropped")
        for _ in range(DEPTH):
            tree = step(tree)
        cycle: list[object] = [tree]  # the collector, not only the reference count, has to take it apart
        cycle.append(cycle)
        del tree, cycle
        gc.collect()

    build_and_drop()
    stack = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=build_and_drop)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(stack)
