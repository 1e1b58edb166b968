"""The address of a database, its parts, and the same without its password."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from workings.errors import DataError
from workings.language import message

__all__ = ["Address", "parse_address"]

_SECRETS = ("password", "passfile", "sslpassword", "pgpassword")


@dataclass(frozen=True)
class Address:
    """An address taken apart.

    Parameters
    ----------
    scheme
        What stands before ``://``, in small letters.
    full
        The address with its password, for the driver alone: it is in no message and no repr.
    shown
        The address without it.
    """

    scheme: str
    full: str
    shown: str

    def __repr__(self) -> str:
        return f"Address({self.shown!r})"

    def hidden(self, text: str) -> str:
        """Return ``text`` (what a driver said) with no secret of this address in it, however it is written there."""
        parts = urlsplit(self.full)
        secrets = {parts.password or ""}
        secrets |= {value for key, value in parse_qsl(parts.query) if key.lower() in _SECRETS}
        for secret in sorted({form for each in secrets for form in (each, unquote(each))}, key=len, reverse=True):
            if secret:
                text = text.replace(secret, "***")
        return text.replace(self.full, self.shown)

    def file(self) -> str:
        """Return the path of a database in a file: ``scheme:///file.db`` is relative, ``scheme:////file.db`` is not.

        Raises
        ------
        DataError
            If the address names a host, or there is no such file.
        """
        rest = unquote(self.full.split("://", 1)[1])
        if not rest.startswith("/"):
            raise DataError(
                message(
                    "{source}: the address of a file has three slashes; write {scheme}:///{rest}",
                    source=self.shown,
                    scheme=self.scheme,
                    rest=rest,
                )
            )
        # The third slash ends the (empty) host. As an absolute path with three slashes is often meant, it is found too.
        relative, absolute = rest[1:], rest
        for path in (relative, absolute):
            if path and Path(path).is_file():
                return path
        raise DataError(
            message("{source}: no such file: {path}; check the name and the folder", source=self.shown, path=relative)
        )


def parse_address(address: str) -> Address:
    """Return the parts of ``scheme://...``.

    Examples
    --------
    >>> parse_address("postgresql://ada:secret@localhost/base?sslmode=require").shown
    'postgresql://ada@localhost/base?sslmode=require'
    """
    scheme, rest = address.split("://", 1)
    host, slash, path = rest.partition("/")
    if "@" in host:
        user, at, place = host.rpartition("@")
        host = user.partition(":")[0] + at + place
    shown = f"{scheme}://{host}{slash}{path}"
    for secret in _SECRETS:
        shown = re.sub(rf"(?i)([?&]{secret}=)[^&#]*", r"\1***", shown)
    return Address(scheme.lower(), address, shown)
