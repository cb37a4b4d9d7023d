"""A PostgreSQL server of our own, from Debian's package, for the tests of the history."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg


class Server:
    """A server that listens on a socket in a folder of its own, and is gone with it."""

    def __init__(self) -> None:
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        assert programs, "PostgreSQL is missing: run `bash .ci/postgres`"
        self._programs = programs[-1].parent
        self.folder = Path(tempfile.mkdtemp(prefix="poa-pg-"))
        # It refuses to work for root; Debian's package brings a user for it.
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.user = "poa"
        self._run("initdb", "-D", str(self.folder / "data"), "-U", self.user, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off"
        self._run(
            "pg_ctl", "-D", str(self.folder / "data"), "-o", options, "-l", str(self.folder / "log"), "-w", "start"
        )
        self._made = 0

    def database(self) -> str:
        """Make a new database and return its address."""
        self._made += 1
        name = f"poa{self._made}"
        with psycopg.connect(host=str(self.folder), user=self.user, dbname="postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return f"postgresql+psycopg://{self.user}@/{name}?host={self.folder}"

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as, str(self._programs / program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/"
        )
