"""Several files with the same columns, read one after the other as one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from workings.data.columns import common_type, nearest
from workings.errors import DataError
from workings.language import message

if TYPE_CHECKING:
    from workings.data.table import Source

__all__ = ["ManySource"]


class ManySource:
    """Sources in a row: their columns have the same names, in any order, and types that go together."""

    def __init__(self, sources: Sequence[Source], name: str) -> None:
        self._sources = tuple(sources)
        self.name = name
        self.columns = sources[0].columns
        self.untyped = all(source.untyped for source in sources)
        for source in sources[1:]:
            self._check_columns(source)

    @property
    def rows(self) -> int | None:
        """How many rows all of them have, where each knows."""
        counts = [source.rows for source in self._sources]
        return None if None in counts else sum(count for count in counts if count is not None)

    def schema(self, columns: tuple[str, ...]) -> pa.Schema:
        """Return the types that hold the values of all files."""
        first, *others = [source.schema(columns) for source in self._sources]
        types = {field.name: field.type for field in first}
        for source, schema in zip(self._sources[1:], others, strict=True):
            for field in schema:
                joined = common_type(types[field.name], field.type)
                if joined is None and not self.untyped:
                    raise DataError(
                        message(
                            '{source}: column "{name}" must have one type in all files; it is {one} in {first} and '
                            "{other} here; convert one of them",
                            source=source.name,
                            name=field.name,
                            one=str(types[field.name]),
                            first=self._sources[0].name,
                            other=str(field.type),
                        )
                    )
                types[field.name] = pa.string() if joined is None else joined
        return pa.schema([(name, types[name]) for name in columns])

    def batches(self, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        """Yield the rows of each file in turn."""
        for source in self._sources:
            yield from source.batches(schema)

    def _check_columns(self, source: Source) -> None:
        missing = [name for name in self.columns if name not in source.columns]
        extra = [name for name in source.columns if name not in self.columns]
        if not missing and not extra:
            return
        first = self._sources[0].name
        if missing:
            near = nearest(missing[0], extra)
            raise DataError(
                message(
                    '{source}: the files of one table must have the same columns; "{name}" of {first} is not here '
                    '(nearest: "{near}")',
                    source=source.name,
                    name=missing[0],
                    first=first,
                    near=near,
                )
                if near
                else message(
                    '{source}: the files of one table must have the same columns; "{name}" of {first} is not here',
                    source=source.name,
                    name=missing[0],
                    first=first,
                )
            )
        raise DataError(
            message(
                '{source}: the files of one table must have the same columns; "{name}" is not in {first}',
                source=source.name,
                name=extra[0],
                first=first,
            )
        )
