"""Prove that the committed bundles are what the front end's sources build to.

Builds in a folder of its own, so that nothing of the checkout changes.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from tools.node import FRONTEND, ROOT, install_packages, run_program

BUILT = Path("chatdesk/static/chatdesk")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="chatdesk-bundles-") as folder:
        code = build(Path(folder))
        if code:
            return code
        stale = list_differences(built=Path(folder) / BUILT, committed=ROOT / BUILT)
    for name in stale:
        print(f"{BUILT / name} is not what frontend/ builds to: make build-frontend")
    return 1 if stale else 0


def build(folder: Path) -> int:
    """Build a copy of the sources, which writes beside itself as the originals do."""
    install_packages()
    copy = folder / FRONTEND.name
    shutil.copytree(FRONTEND, copy, ignore=shutil.ignore_patterns("node_modules"))
    (copy / "node_modules").symlink_to(FRONTEND / "node_modules")
    (folder / BUILT).mkdir(parents=True)
    return run_program("npm", "run", "--silent", "build", folder=copy)


def list_differences(*, built: Path, committed: Path) -> list[str]:
    """Return the names of built files that the checkout lacks or holds otherwise."""
    return [
        file.name
        for file in sorted(built.iterdir())
        if not (committed / file.name).is_file()
        or (committed / file.name).read_bytes() != file.read_bytes()
    ]


if __name__ == "__main__":
    sys.exit(main())
