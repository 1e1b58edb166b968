from __future__ import annotations

from pathlib import Path

import pytest

from workings.errors import DataError
from workings.language import message
from workings.study.files import check_place, replacing, replacing_all


def write_half_of(*places: Path) -> None:
    with replacing_all(places) as besides:
        besides[0].write_text("half")
        raise ZeroDivisionError


def test_a_block_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "out.csv"
    place.write_text("old")
    with pytest.raises(ZeroDivisionError):
        write_half_of(place)
    assert place.read_text() == "old"
    assert list(tmp_path.iterdir()) == [place]


def test_of_several_files_all_appear_or_none(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        write_half_of(tmp_path / "a", tmp_path / "b")
    assert list(tmp_path.iterdir()) == []
    with replacing_all([tmp_path / "a", tmp_path / "b"]) as besides:
        for beside in besides:
            beside.write_text("whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


@pytest.mark.parametrize("deep", [False, True])
def test_a_refusal_names_the_place_that_was_asked_for_once_and_no_draft(tmp_path: Path, *, deep: bool) -> None:
    def write(beside: Path) -> None:
        if not deep:
            raise OSError(28, "No space left on device", str(beside))
        with replacing(beside) as draft:  # as a writer does that is itself careful
            raise OSError(28, "No space left on device", str(draft))

    places = [tmp_path / "report.html", tmp_path / "model.json"]
    with pytest.raises(DataError) as caught, replacing_all(places) as besides:
        write(besides[1])
    assert str(caught.value) == f'output "{places[1]}": cannot be written (No space left on device)'
    assert list(tmp_path.iterdir()) == []


def test_an_error_that_is_not_about_the_output_is_left_as_it_is(tmp_path: Path) -> None:
    def read() -> None:
        raise DataError(message("the table cannot be read")) from OSError(5, "Input/output error", "table.csv")

    with pytest.raises(DataError, match=r"^the table cannot be read$"), replacing(tmp_path / "out.csv"):
        read()


def test_the_ending_stays_for_writers_that_choose_by_it(tmp_path: Path) -> None:
    with replacing(tmp_path / "out.parquet") as beside:
        assert beside.suffix == ".parquet"
        assert beside.parent == tmp_path


def test_a_place_in_no_folder_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist; make it first"):
        check_place(tmp_path / "none" / "out.csv")
    with pytest.raises(DataError, match="is a folder"):
        check_place(tmp_path)


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="this system has no /dev/null")
def test_no_file_takes_the_place_of_a_device() -> None:
    with pytest.raises(DataError, match="is a device or a pipe; name a file"):
        check_place("/dev/null")
