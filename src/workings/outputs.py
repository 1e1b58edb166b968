"""Files that appear whole or not at all: written beside their place, then renamed."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

from workings.errors import DataError
from workings.language import message

__all__ = ["check_place", "replacing", "replacing_all"]

# The longest part of a name, in bytes, that a draft's name takes over; most file systems allow 255 in all.
_LONGEST = 100


def check_place(path: str | os.PathLike[str]) -> Path:
    """Return ``path``, once it is sure that a file can be put there; nothing is written.

    Raises
    ------
    DataError
        If its folder does not exist or cannot be written, or a folder, a device or a pipe is already there.
    """
    place = Path(path)
    folder = (_followed(place) if place.is_symlink() else place).parent
    if not folder.is_dir():
        raise DataError(
            message(
                'output "{path}": the folder "{folder}" does not exist; make it first',
                path=str(place),
                folder=str(folder),
            )
        )
    if place.is_dir():
        raise DataError(message('output "{path}": is a folder; name a file in it', path=str(place)))
    if place.exists() and not place.is_file():
        # A file is renamed into its place: it would take that of /dev/null itself.
        raise DataError(message('output "{path}": is a device or a pipe; name a file', path=str(place)))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise DataError(
            message(
                'output "{path}": the folder "{folder}" cannot be written; choose another or change its permissions',
                path=str(place),
                folder=str(folder),
            )
        )
    return place


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Generator[Path]:
    """Give a path beside ``path`` to write to; it takes the place of ``path`` when the block ends well.

    Where the block raises, what was written is removed and an older file at ``path`` stays as it was. A link stays a
    link: the file that it leads to is replaced. A file that replaces another has that one's rights.

    Raises
    ------
    DataError
        As :func:`check_place`, before the block, and if the system refuses the writing or the renaming.
    """
    with replacing_all([path]) as (draft,):
        yield draft


@contextmanager
def replacing_all(paths: Sequence[str | os.PathLike[str]]) -> Generator[list[Path]]:
    """As :func:`replacing`, for several files of which all appear or none."""
    places = [check_place(path) for path in paths]
    targets = [_followed(place) for place in places]
    drafts = [_draft_of(target) for target in targets]
    try:
        yield drafts
        for draft, target in zip(drafts, targets, strict=True):
            if draft.exists():
                if target.exists():
                    draft.chmod(target.stat().st_mode & 0o7777)
                draft.replace(target)
    except (OSError, DataError) as error:
        refused = error if isinstance(error, OSError) else error.__cause__
        place = _named(error, drafts, places)
        if not isinstance(refused, OSError) or (place is None and isinstance(error, DataError)):
            raise
        raise DataError(
            message(
                'output "{path}": cannot be written ({error})',
                path=str(places[0] if place is None else place),
                error=refused.strerror or str(refused),
            )
        ) from error
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)


def _followed(place: Path) -> Path:
    return Path(os.path.realpath(place))


def _draft_of(target: Path) -> Path:
    """Return a new path beside a file, hidden, whose ending is the file's: writers choose the format by it."""
    # Cut by bytes, not by letters: 85 Hangul syllables fill a name.
    stem = target.stem.encode()[:_LONGEST].decode(errors="ignore")
    ending = target.suffix if len(target.suffix.encode()) <= _LONGEST else ""
    return target.with_name(f".{stem}.{token_hex(6)}.partial{ending}")


def _named(error: OSError | DataError, drafts: Sequence[Path], places: Sequence[Path]) -> Path | None:
    """Return the place whose draft an error names: a reader knows the place alone."""
    named = str(error)
    return next((place for draft, place in zip(drafts, places, strict=True) if draft.stem in named), None)
