"""Everything that can be said about the code without running its tests.

    python -m tools.check

Each check is named on a line of its own with its time; what a failed one said follows.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.node import ROOT, install_packages

BIN = Path(sys.executable).parent
PYTHON = sys.executable
CONCISE = "--output-format=concise"

TEMPLATES = ("chatdesk/templates", "templates")

# Most wait for one core only; a second one does another meanwhile.
AT_ONCE = 2

# The two that take longest begin first.
CHECKS: dict[str, list[str]] = {
    "vitest": [PYTHON, "-m", "tools.node", "vitest", "run", "--reporter=dot"],
    "mypy": [str(BIN / "mypy")],
    "ruff format": [str(BIN / "ruff"), "format", "--check", CONCISE, "."],
    "ruff check": [str(BIN / "ruff"), "check", CONCISE, "."],
    "import-linter": [str(BIN / "lint-imports"), "--no-cache"],
    "djlint": [str(BIN / "djlint"), "--lint", "--quiet", *TEMPLATES],
    "migrations": [
        *(PYTHON, "-m", "django", "makemigrations", "--check", "--dry-run"),
        "--settings=shop_demo.settings",
    ],
    "wire types": [PYTHON, "manage.py", "chatdesk_types", "--check"],
    "biome": [PYTHON, "-m", "tools.node", "biome", "check", "."],
    "tsc": [PYTHON, "-m", "tools.node", "tsc", "--noEmit"],
    "bundles": [PYTHON, "-m", "tools.bundles"],
}


def main() -> int:
    install_packages()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        passed = pool.map(passes, CHECKS, CHECKS.values())
    failed = [name for name, ok in zip(CHECKS, passed, strict=True) if not ok]
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    """Run one check and print its line."""
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
    line = f"{name:15}{word:7}{time.monotonic() - began:5.1f} s"
    print(f"{line}\n{ran.stdout}" if ran.returncode else line, flush=True)
    return ran.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
