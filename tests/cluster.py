"""A PostgreSQL server of a test's own, which can be stopped and started, on a disk of its own where wanted."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from storage.engines import normal

ROLE = "prongsai"
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name))
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "80",
    "shared_buffers": "16MB",
    "min_wal_size": "2MB",
    "max_wal_size": "8MB",
    "autovacuum_naptime": "1min",
}


def programs() -> Path | None:
    """Where the server's programs are; nothing where they are not, or nobody may run them for us."""
    found = shutil.which("initdb")
    folder = Path(found).parent if found else next(iter(reversed(PROGRAMS)), None)
    if folder is None or not (folder / "initdb").exists():
        return None
    return folder if os.geteuid() or _runner() else None


def _runner() -> str:
    """Whom the server runs as: it refuses root."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    return ""


class Cluster:
    """One server with its data in ``folder``."""

    def __init__(self, folder: Path, *, is_sure: bool = False) -> None:
        self._bin, self.data, self._is_sure = programs(), folder / "data", is_sure
        self._log = Path(tempfile.mkstemp(prefix="cluster", suffix=".log")[1])
        for one in (folder, self._log):
            if not os.geteuid():
                shutil.chown(one, _runner(), _runner())
        self._run("initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8",
                  "--wal-segsize=1")  # fmt: skip
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        mine = SETTINGS | {"port": str(self._port), "fsync": "on" if is_sure else "off"}
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in mine.items())

    def _run(self, program: str, *words: str) -> subprocess.CompletedProcess:
        """One of the server's programs, to its end."""
        as_whom = {} if os.geteuid() else {"user": _runner(), "group": _runner(), "extra_groups": []}
        command = [str(self._bin / program), "-D", str(self.data), *words]
        return subprocess.run(
            command, check=True, cwd="/", capture_output="start" not in words, timeout=60, **as_whom
        )

    @property
    def is_running(self) -> bool:
        """Whether the server is there."""
        try:
            self._run("pg_ctl", "status")
        except subprocess.CalledProcessError:
            return False
        return True

    def start(self) -> None:
        """Start it, as who keeps services does."""
        self._run("pg_ctl", "start", "-w", "-s", "-l", str(self._log))

    def stop(self, mode: str = "fast") -> None:
        """``fast``: everybody is hung up on; ``immediate``: as a crash."""
        self._run("pg_ctl", "stop", "-w", "-s", "-m", mode)

    def new_database(self) -> str:
        """The address of an empty database, owned by a role that row security binds."""
        name = f"prongsai_{uuid.uuid4().hex[:8]}"
        root = make_url(f"postgresql://postgres@127.0.0.1:{self._port}/postgres")
        engine = create_engine(
            normal(root.render_as_string()), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        with engine.connect() as connection:
            if not connection.exec_driver_sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'").scalar():
                connection.exec_driver_sql(f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS")
            connection.exec_driver_sql(f"CREATE DATABASE {name} OWNER {ROLE}")
        return root.set(username=ROLE, database=name).render_as_string()

    def remove(self) -> None:
        """Stop it for good."""
        if self.is_running:
            self.stop("immediate")
        self._log.unlink()


@contextmanager
def cluster(disk: Path | None = None, *, is_sure: bool = False) -> Iterator[Cluster]:
    """A server that runs, in a folder of its own or on a disk; ``is_sure``: what is committed is on the disk."""
    with tempfile.TemporaryDirectory(prefix="cluster") as folder:
        made = Cluster(disk or Path(folder), is_sure=is_sure)
        try:
            made.start()
            yield made
        finally:
            made.remove()
