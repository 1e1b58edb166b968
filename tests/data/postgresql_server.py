"""A real PostgreSQL server on loopback for the tests: Debian's binaries, a fresh cluster, gone afterwards."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["PASSWORD", "USER", "no_server_reason", "postgresql_server"]

USER, PASSWORD = "tester", "s3cret/p@ss"


def no_server_reason() -> str | None:
    """Return why no server can be started here, None if one can."""
    if _binaries() is None:
        return "no PostgreSQL server under /usr/lib/postgresql or on PATH (Debian: apt-get install postgresql)"
    if os.geteuid() == 0 and shutil.which("su") is None:
        return "PostgreSQL does not run as root, and there is no su to become the user postgres"
    return None


@contextmanager
def postgresql_server() -> Iterator[str]:
    """Start a server and yield the address of its base, password included."""
    binaries = _binaries()
    assert binaries is not None
    with tempfile.TemporaryDirectory(prefix="workings-pg-") as folder:
        home = Path(folder)
        secret = home / "password"
        secret.write_text(PASSWORD)
        if os.geteuid() == 0:
            for path in (home, secret):
                shutil.chown(path, "postgres")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        cluster, log = home / "cluster", home / "log"
        _run(
            f"{binaries}/initdb -D {cluster} -U {USER} --pwfile={secret} --auth=scram-sha-256 -E UTF8 --locale=C -N",
            home,
        )
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
        _run(f"{binaries}/pg_ctl -D {cluster} -l {log} -w -t 60 -o '{options}' start", home)
        try:
            yield f"postgresql://{USER}:s3cret%2Fp%40ss@127.0.0.1:{port}/postgres"
        finally:
            _run(f"{binaries}/pg_ctl -D {cluster} -w -m immediate stop", home)


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def _run(command: str, folder: Path) -> None:
    as_whom = (
        ["su", "postgres", "-s", "/bin/sh", "-c", command] if getpass.getuser() == "root" else ["sh", "-c", command]
    )
    # The server inherits the pipes and would hold them open: its own output goes to the log file.
    done = subprocess.run(
        as_whom, check=False, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stdout.decode()}")
