from __future__ import annotations

import pytest

from workings.errors import DataError
from workings.study.labels import choose_positive, find_label, list_labels, show_label


@pytest.mark.parametrize(
    ("values", "positive"),
    [
        ([True, False], True),
        ([0, 1], 1),
        ([1.0, 0.0], 1.0),
        ([-1, 1], 1),
        ([3, 2], 3),
        (["yes", "no"], "yes"),
        (["Y", "N"], "Y"),
        (["positive", "negative"], "positive"),
        (["absent", "present"], "present"),
        (["예", "아니요"], "예"),
        (["음성", "양성"], "양성"),
        (["malignant", "benign"], "malignant"),
        (["+", "-"], "+"),
    ],
)
def test_the_positive_class_follows_the_stated_rules_whatever_the_order(values: list[object], positive: object) -> None:
    assert choose_positive(values, "x").positive == positive
    assert choose_positive(values[::-1], "x").positive == positive


def test_words_that_say_yes_count_only_in_their_own_pair() -> None:
    assert choose_positive(["true", "untrue"], "x").positive == "untrue"


def test_the_value_asked_for_is_positive_and_all_others_are_negative() -> None:
    chosen = choose_positive(["a", "b", "c"], "x", "b")
    assert (chosen.positive, chosen.negative) == ("b", None)
    assert choose_positive(["a", "b"], "x", "a").negative == "b"


def test_three_values_without_a_choice_are_refused_with_the_option_to_use() -> None:
    with pytest.raises(DataError, match="--positive"):
        choose_positive(["a", "b", "c"], "x")


@pytest.mark.parametrize(
    ("asked", "values", "found"),
    [
        ("1", [0, 1], 1),
        ("1", [0.0, 1.0], 1.0),
        ("True", [False, True], True),
        ("true", [False, True], True),
        (1, ["1"], "1"),
    ],
)
def test_a_value_written_on_the_command_line_finds_its_label(
    asked: object, values: list[object], found: object
) -> None:
    assert find_label(asked, values) == found


def test_a_value_that_no_row_holds_is_refused_with_the_nearest() -> None:
    with pytest.raises(DataError, match='did you mean "malignant"'):
        choose_positive(["benign", "malignant"], "x", "malignent")


def test_labels_are_shown_as_they_are_written() -> None:
    assert [show_label(value) for value in (True, 1.0, 2, 0.5, "α")] == ["true", "1", "2", "0.5", "α"]
    assert list_labels(list(range(9))) == "0, 1, 2, 3, 4, 5, …"
