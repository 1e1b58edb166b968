"""What stands in a working can be worked out again from the digits shown: with = exactly, with ≈ to the last one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from .every_working import SUBJECTS, WORKINGS, working
from .written_arithmetic import Chain, NotArithmetic, chains, chains_of_text, half_a_unit, worth

# So many results of each subject, at least, are worked out again from Markdown and from text.
FEWEST = {
    "convolution": (30, 20),
    "sigmoid": (15, 8),
    "normalization": (12, 5),
    "confusion": (100, 20),
    "roc": (60, 10),
    "integration": (8, 4),
    "regression": (80, 40),
    "chain-rule": (30, 20),
}


def arithmetic(name: str, way: str) -> Iterator[tuple[Chain, object]]:
    """Yield what of a working, its closed parts too, is all numbers, with what it is worth."""
    found = working(name)
    if any(step.closed for step in found.walk()):
        found = found.at(part="all")
    for chain in chains(found.to_markdown("en")) if way == "markdown" else chains_of_text(found.to_text("en", 400)):
        try:
            yield chain, worth(chain.worked_out)
        except NotArithmetic:
            continue


@pytest.mark.parametrize("way", ["markdown", "text"])
@pytest.mark.parametrize("name", WORKINGS)
def test_the_digits_shown_give_the_result_shown(name, way):
    for chain, again in arithmetic(name, way):
        said = worth(chain.said)
        if chain.sign == "=":
            assert abs(again - said) <= 1e-50 * abs(said), chain
        else:
            assert 0 < abs(again - said) <= half_a_unit(chain.said) * (1 + 1e-9), chain


@pytest.mark.parametrize("place", [0, 1], ids=["markdown", "text"])
def test_every_subject_has_results_that_can_be_worked_out(place):
    way = ("markdown", "text")[place]
    read = Counter(name.split()[0] for name in WORKINGS for _ in arithmetic(name, way))
    assert not {subject: read[subject] for subject in SUBJECTS if read[subject] < FEWEST[subject][place]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (r"\frac{1}{6} \times \left(3.1^{2} - 2 \times \left(-0.5\right)\right)", "1.768333"),
        (r"\sqrt{\left|-4\right|} \cdot 10^{-2}", "0.02"),
        (r"\left[1 = 1 \land 0.5 \ge 0.7\right] + \left[2 > 1\right]", "1"),
        (r"\max\left(1, 4 + 1 - 3\right) + \Phi^{-1}\left(\frac{1 + 0.95}{2}\right)", "3.959964"),
        (r"(1 - [0.5 > 0.7]) \times (-3)", "-3"),
        (r"-2^{2} + \exp\left(0\right)", "-3"),
    ],
)
def test_the_reader_reads_as_mathematics_is_read(text, value):
    assert abs(worth(text) - worth(value)) <= half_a_unit(value)


@pytest.mark.parametrize("text", ["x + 1", r"1 + \cdots + 2", r"\frac{1}{n}", "1 2", r"\left(1"])
def test_what_is_no_arithmetic_is_not_read(text):
    with pytest.raises(NotArithmetic):
        worth(text)
