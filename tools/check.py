"""Everything that can be said about the code without running its tests.

    python -m tools.check

Each check is named on a line of its own with its time; what a failed one said follows.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from tools.node import ROOT, install_packages

BIN = Path(sys.executable).parent
PYTHON = sys.executable
CONCISE = "--output-format=concise"

TEMPLATES = ("chatdesk/templates", "templates")

CHECKS: dict[str, list[str]] = {
    "ruff format": [str(BIN / "ruff"), "format", "--check", CONCISE, "."],
    "ruff check": [str(BIN / "ruff"), "check", CONCISE, "."],
    "mypy": [str(BIN / "mypy")],
    "import-linter": [str(BIN / "lint-imports"), "--no-cache"],
    "djlint": [str(BIN / "djlint"), "--lint", "--quiet", *TEMPLATES],
    "migrations": [
        *(PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"),
        "--settings=shop_demo.settings",
    ],
    "wire types": [PYTHON, "manage.py", "chatdesk_types", "--check"],
    "biome": [PYTHON, "-m", "tools.node", "biome", "check", "."],
    "tsc": [PYTHON, "-m", "tools.node", "tsc", "--noEmit"],
    "vitest": [PYTHON, "-m", "tools.node", "vitest", "run", "--reporter=dot"],
    "bundles": [PYTHON, "-m", "tools.bundles"],
}


def main() -> int:
    install_packages()
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    """Run one check and print its line."""
    print(f"{name:15}", end="", flush=True)
    began = time.monotonic()
    ran = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    word = "FAILED" if ran.returncode else "ok"
    print(f"{word:7}{time.monotonic() - began:5.1f} s", flush=True)
    if ran.returncode:
        print(ran.stdout)
    return ran.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
