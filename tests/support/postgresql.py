"""A throw-away PostgreSQL cluster for the tests, made with Debian's own binaries.

PostgreSQL refuses to run as root, so as root everything is done as the `postgres` user.
"""

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path


def binary(name: str) -> str:
    """Path of a server binary; Debian keeps them off PATH, by major version."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: int(p.parts[4]))
    if found:
        return str(found[-1])
    on_path = shutil.which(name)
    if on_path is None:
        msg = "PostgreSQL is not installed: make test installs Debian's postgresql"
        raise RuntimeError(msg)
    return on_path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _as_postgres(command: list[str]) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


class Cluster:
    """Listens on loopback only, without fsync unless `durable`."""

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="alur-pg-"))
        self.port = free_port()
        self.durable = durable

    def start(self) -> str:
        """Start and return the URL of its maintenance database."""
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        data = self.folder / "data"
        self._run([binary("initdb"), "-D", str(data), "-A", "trust", "-U", "alur", "-E", "UTF8", "--locale=C.UTF-8"])
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        options += " -c max_connections=200"
        if not self.durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        self._run([binary("pg_ctl"), "-D", str(data), "-w", "-l", str(self.folder / "log"), "-o", options, "start"])
        atexit.register(self.stop)
        return self.url("postgres")

    def url(self, database: str) -> str:
        return f"postgresql://alur@127.0.0.1:{self.port}/{database}"

    def stop(self) -> None:
        if (self.folder / "data").exists():
            self._run([binary("pg_ctl"), "-D", str(self.folder / "data"), "-m", "immediate", "stop"], check=False)
            shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, command: list[str], *, check: bool = True) -> None:
        subprocess.run(_as_postgres(command), check=check, cwd="/", stdout=subprocess.DEVNULL)
