"""The summary contract: a state that takes batches, merges with others of its kind, and gives a result.

On this one contract stand threads, files larger than memory, checkpoints and clusters. A state is written as a header
in JSON and its arrays in NumPy's own format, so that reading one never runs code.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from workings.errors import WorkingsError
from workings.language import message

__all__ = ["Summary", "SummaryFormatError", "pack", "unpack"]

Batch = TypeVar("Batch", contravariant=True)
Result = TypeVar("Result", covariant=True)

_MAGIC = b"workings\x00"


class SummaryFormatError(WorkingsError):
    """Bytes that are not a state of this kind and version."""


class Summary(Protocol[Batch, Result]):
    """What a fold needs of a state. ``merge`` is associative, and commutative up to rounding."""

    def update(self, batch: Batch, /) -> None:
        """Take in one batch of rows, in place."""
        ...

    def merge(self, other: Self, /) -> None:
        """Take in what another state has seen, in place; ``other``'s rows count as coming after this one's."""
        ...

    def result(self) -> Result:
        """Return what the rows seen so far come to; the state goes on unchanged."""
        ...

    def to_bytes(self) -> bytes:
        """Return the state, versioned, for a checkpoint or another machine."""
        ...

    @classmethod
    def from_bytes(cls, data: bytes, /) -> Self:
        """Return the state that ``to_bytes`` wrote."""
        ...


def pack(kind: str, version: int, fields: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return the bytes of a state: its kind, version, plain fields (JSON) and arrays (NumPy's format)."""
    out = io.BytesIO()
    header = json.dumps({"kind": kind, "version": version, "fields": dict(fields), "arrays": list(arrays)}).encode()
    out.write(_MAGIC)
    out.write(len(header).to_bytes(8, "little"))
    out.write(header)
    for array in arrays.values():
        np.lib.format.write_array(out, np.asarray(array), allow_pickle=False)
    return out.getvalue()


def unpack(kind: str, version: int, data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return the fields and arrays that ``pack`` wrote.

    Raises
    ------
    SummaryFormatError
        If the bytes are not a state, are another kind or version, or end early.
    """
    try:
        file = io.BytesIO(data)
        if file.read(len(_MAGIC)) != _MAGIC:
            raise ValueError("no header")
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        if (header["kind"], header["version"]) != (kind, version):
            raise SummaryFormatError(
                message(
                    "state: must be {expected} version {version}; got {found} version {other}; compute it again",
                    expected=kind,
                    version=version,
                    found=str(header["kind"]),
                    other=str(header["version"]),
                )
            )
        arrays = {name: np.lib.format.read_array(file, allow_pickle=False) for name in header["arrays"]}
        return header["fields"], arrays
    except (ValueError, KeyError, TypeError, EOFError) as error:
        if isinstance(error, SummaryFormatError):
            raise
        raise SummaryFormatError(
            message("state: these bytes are not a saved {expected}; they may be cut short", expected=kind)
        ) from error
