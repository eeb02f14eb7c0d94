"""A Postgres server of the tests' own, on a free port, for as long as it is needed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

# Postgres refuses to run as root; a machine that has it has this user.
UNPRIVILEGED = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")


def is_there() -> bool:
    """Whether this machine has a Postgres server to start."""
    return shutil.which("initdb") is not None and shutil.which("pg_ctl") is not None


@contextmanager
def running_postgres() -> Iterator[str]:
    """The address of an empty database.

    Its files are in a folder of their own, since the folders of a test are closed to other users.
    """
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        data = f"{folder}/data"
        _run("initdb", "--pgdata", data, "--username", "rpa", "--auth", "trust", "--no-sync")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        _run("pg_ctl", "--pgdata", data, "--wait", "--log", f"{folder}/log", "--options", options, "start")
        try:
            yield f"postgresql+psycopg://rpa@127.0.0.1:{port}/postgres"
        finally:
            _run("pg_ctl", "--pgdata", data, "--mode", "immediate", "stop")


def _run(*command: str) -> None:
    as_somebody: Sequence[str] = UNPRIVILEGED if os.geteuid() == 0 else ()
    subprocess.run([*as_somebody, *command], check=True, stdout=subprocess.DEVNULL, cwd="/")
