from __future__ import annotations

import os
from pathlib import Path

import pytest

from workings.errors import DataError
from workings.language import message
from workings.outputs import check_place, replacing, replacing_all


def write_half_of(*places: Path) -> None:
    with replacing_all(places) as drafts:
        drafts[0].write_text("half")
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
    with replacing_all([tmp_path / "a", tmp_path / "b"]) as drafts:
        for draft in drafts:
            draft.write_text("whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


@pytest.mark.parametrize("deep", [False, True])
def test_a_refusal_names_the_place_that_was_asked_for_once_and_no_draft(tmp_path: Path, *, deep: bool) -> None:
    def write(outer: Path) -> None:
        if not deep:
            raise OSError(28, "No space left on device", str(outer))
        with replacing(outer) as draft:  # as a writer does that is itself careful
            raise OSError(28, "No space left on device", str(draft))

    places = [tmp_path / "report.html", tmp_path / "model.json"]
    with pytest.raises(DataError) as caught, replacing_all(places) as drafts:
        write(drafts[1])
    assert str(caught.value) == f'output "{places[1]}": cannot be written (No space left on device)'
    assert list(tmp_path.iterdir()) == []


def test_an_error_that_is_not_about_the_output_is_left_as_it_is(tmp_path: Path) -> None:
    def read() -> None:
        raise DataError(message("the table cannot be read")) from OSError(5, "Input/output error", "table.csv")

    with pytest.raises(DataError, match=r"^the table cannot be read$"), replacing(tmp_path / "out.csv"):
        read()


def test_the_ending_stays_for_writers_that_choose_by_it(tmp_path: Path) -> None:
    with replacing(tmp_path / "out.parquet") as draft:
        assert draft.suffix == ".parquet"
        assert draft.parent == tmp_path


def test_a_place_in_no_folder_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not exist; make it first"):
        check_place(tmp_path / "none" / "out.csv")
    with pytest.raises(DataError, match="is a folder"):
        check_place(tmp_path)


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="this system has no /dev/null")
def test_no_file_takes_the_place_of_a_device() -> None:
    with pytest.raises(DataError, match="is a device or a pipe; name a file"):
        check_place("/dev/null")


def test_a_folder_that_may_not_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root, as whom tests may run, may write everywhere
    with pytest.raises(DataError, match="cannot be written; choose another"):
        check_place(tmp_path / "out.csv")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_a_data_error_and_leaves_nothing(tmp_path: Path) -> None:
    def fill() -> None:
        with replacing(tmp_path / "out.csv") as draft, Path("/dev/full").open("wb") as full:
            draft.write_bytes(b"half")
            full.write(b"x" * 100_000)

    with pytest.raises(DataError, match=r"cannot be written \(No space left"):
        fill()
    assert not list(tmp_path.iterdir())


def test_a_link_stays_a_link_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (tmp_path / "link.html").symlink_to(folder / "real.html")
    for text in ("new", "newer"):  # at first the link leads to no file
        with replacing(tmp_path / "link.html") as draft:
            draft.write_text(text)
        assert (tmp_path / "link.html").is_symlink()
        assert (folder / "real.html").read_text() == text
    (tmp_path / "astray.html").symlink_to(tmp_path / "none" / "real.html")
    with pytest.raises(DataError, match=r'the folder ".*none" does not exist'):
        check_place(tmp_path / "astray.html")


def test_a_new_file_has_the_usual_rights_and_another_keeps_its_own(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    place = tmp_path / "report.html"
    with replacing(place) as draft:
        draft.write_text("for everyone")
    assert place.stat().st_mode == (tmp_path / "usual").stat().st_mode
    place.chmod(0o600)
    with replacing(place) as draft:
        draft.write_text("for me")
    assert place.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["가" * 82 + ".html", "a" * 250 + ".csv", "x." + "y" * 250])
def test_a_name_may_be_as_long_as_the_file_system_allows(name: str, tmp_path: Path) -> None:
    with replacing(tmp_path / name) as draft:
        draft.write_text("whole")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_two_writers_of_one_file_do_not_meet(tmp_path: Path) -> None:
    with replacing(tmp_path / "out.csv") as first, replacing(tmp_path / "out.csv") as second:
        first.write_text("first")
        second.write_text("second")
        assert first.read_text() == "first"
    assert (tmp_path / "out.csv").read_text() == "first"  # the outer block ends last
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
