"""How the socket.io peer is started: on this machine's Node, its packages pinned."""

import subprocess
from pathlib import Path

from tools.node import ROOT, find_node

PACKAGES = ("socket.io@4.8.4", "pg@8.23.1")
FOLDER = ROOT / ".cache" / "bench-socketio"
PROGRAM = Path(__file__).with_name("server.cjs")


def command_of(*, port: int, database: str) -> tuple[list[str], dict[str, str]]:
    """Return the command line of the server and what its environment adds."""
    install_packages()
    command = [find_node().program, str(PROGRAM), str(port), database]
    return command, {
        "NODE_PATH": str(FOLDER / "node_modules"),
        "NODE_ENV": "production",
    }


def install_packages() -> None:
    """Fetch the packages unless they are there in these versions."""
    stamp = FOLDER / ".installed"
    wanted = " ".join(PACKAGES)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    node = find_node()
    quiet = ("--no-audit", "--no-fund", "--loglevel=error")
    subprocess.run(
        [*node.npm, "install", "--prefix", str(FOLDER), *quiet, *PACKAGES],
        check=True,
        env=node.environment(),
    )
    stamp.write_text(wanted)
