"""Which server the web processes of tests run on: ``TEST_SERVER`` names another."""

import os
import sys

DAPHNE, UVICORN = "daphne", "uvicorn"


def server_of_this_run() -> str:
    """Return the name of the server that this run of the tests is for."""
    return os.environ.get("TEST_SERVER") or DAPHNE


def web_command(application: str, *, port: int, server: str) -> list[str]:
    """Return the command that serves an ASGI application on a port of this machine."""
    if server == UVICORN:
        options = [
            *(UVICORN, "--host", "127.0.0.1", "--port", str(port)),
            *("--ws", "websockets-sansio", "--no-access-log"),
            *("--log-level", "warning"),
        ]
    else:
        options = [DAPHNE, "-b", "127.0.0.1", "-p", str(port), "-v", "0"]
    return [sys.executable, "-m", *options, application]
