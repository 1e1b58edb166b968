"""Files that appear whole or not at all: written beside their place, then renamed."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from workings.errors import DataError
from workings.language import message

__all__ = ["check_place", "replacing", "replacing_all"]


def check_place(path: str | Path) -> Path:
    """Return ``path``, once it is sure that a file can be put there.

    Raises
    ------
    DataError
        If its folder does not exist or cannot be written, or a folder, a device or a pipe is already there.
    """
    place = Path(path)
    folder = place.parent
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
def replacing(path: str | Path) -> Generator[Path]:
    """Give a path beside ``path`` to write to; it takes the place of ``path`` when the block ends well.

    Where the block raises, what was written is removed and an older file at ``path`` stays as it was.

    Raises
    ------
    DataError
        As :func:`check_place`, before the block, and if the system refuses the writing or the renaming.
    """
    with replacing_all([path]) as (beside,):
        yield beside


@contextmanager
def replacing_all(paths: Sequence[str | Path]) -> Generator[list[Path]]:
    """As :func:`replacing`, for several files of which all appear or none."""
    places = [check_place(path) for path in paths]
    # The ending stays the last part of the name, because writers choose the format by it.
    besides = [place.with_name(f".{place.stem}.{os.getpid()}.partial{place.suffix}") for place in places]
    try:
        yield besides
        for beside, place in zip(besides, places, strict=True):
            if beside.exists():
                beside.replace(place)
    except (OSError, DataError) as error:
        refused = error if isinstance(error, OSError) else error.__cause__
        place = _named(error, besides, places)
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
        for beside in besides:
            beside.unlink(missing_ok=True)


def _named(error: OSError | DataError, besides: Sequence[Path], places: Sequence[Path]) -> Path | None:
    """Return the place whose draft an error names, or the draft of that draft: a reader knows the place alone."""
    named = str(error)
    return next((place for beside, place in zip(besides, places, strict=True) if beside.stem in named), None)
