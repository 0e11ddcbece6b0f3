"""A PostgreSQL server of the tests' own, on a socket in a folder, as a user who is not root."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

PORT = "54329"  # names the socket only: the server listens to no network
USER = "coordination"
_schemas = count(1)


class Server:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def environ(self, **more: str) -> Mapping[str, str]:
        """The variables of the library for a schema of its own."""
        with self.connection() as connection:
            schema = f"store_{next(_schemas)}"
            connection.execute(f"CREATE SCHEMA {schema}")
        return {**self.variables(schema), **more}

    def variables(self, schema: str) -> dict[str, str]:
        return {
            "PERSISTENCE_MODULE": "coordination.store.postgres",
            "POSTGRES_DBNAME": "postgres",
            "POSTGRES_HOST": str(self.folder),
            "POSTGRES_PORT": PORT,
            "POSTGRES_USER": USER,
            "POSTGRES_PASSWORD": "not-asked-for",
            "POSTGRES_SCHEMA": schema,
        }

    def connection(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self.folder), port=PORT, user=USER, dbname="postgres", autocommit=True
        )


def program(name: str) -> str:
    """Debian keeps the server's programs out of the path."""
    found = shutil.which(name) or max(
        (str(path) for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), default=None
    )
    assert found, "PostgreSQL is needed to test: apt-get install postgresql"
    return found


@contextmanager
def running(**settings: str) -> Iterator[Server]:
    """A server with durable settings, or others that a test asks for; stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="coordination-postgres-"))
    data = folder / "data"
    is_root = os.geteuid() == 0
    other = "postgres" if is_root else None  # the server refuses the superuser
    if is_root:
        shutil.chown(folder, "postgres", "postgres")
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "max_connections": "100",
        **settings,
    }
    told = " ".join(f"-c {name}='{value}'" for name, value in options.items())

    def run(*command: str) -> None:
        subprocess.run(
            command,
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            user=other,
            group=other,
            extra_groups=[] if is_root else None,
        )

    try:
        run(program("initdb"), "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8")
        log = str(folder / "log")
        run(program("pg_ctl"), "-D", str(data), "-l", log, "-w", "-o", f"-p {PORT} {told}", "start")
        try:
            yield Server(folder)
        finally:
            run(program("pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)
