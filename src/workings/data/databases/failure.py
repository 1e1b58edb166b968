"""What a database said, passed on as an error of ours with no secret in it."""

from __future__ import annotations

import re

from workings.data.databases.address import Address
from workings.errors import DataError
from workings.language import message

__all__ = ["failure"]


def failure(address: Address, reason: str) -> DataError:
    """Return the error for what a driver said: its first line, without the drivers' own prefixes.

    Raise it ``from None``: the driver's own exception may hold the address with its password.
    """
    text = re.sub(r"^(?:[A-Z_]+: )?(?:\[\w+\] )?", "", address.hidden(reason).strip())
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return DataError(
        message(
            "{source}: the database refused: {reason}",
            source=address.shown,
            reason=lines[0] if lines else message("no reason given"),
        )
    )
