from __future__ import annotations

from pathlib import Path

import pytest

from workings.errors import DataError
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
