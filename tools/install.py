"""Install what one part of the project needs, at the exact versions we pin.

    python -m tools.install demo|dev

Names come from pyproject.toml, versions from requirements.txt, so the demo does not
wait for the tools of the tests. Does nothing when both files are as they were.
"""

import hashlib
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / "requirements.txt"
PROJECT = ROOT / "pyproject.toml"

# Whose needs each part stands for; the tests need all that the demo needs.
PARTS = {"demo": "the demo", "dev": "the checks and tests"}


def main() -> int:
    part = sys.argv[1]
    if is_installed(part) or (part == "demo" and is_installed("dev")):
        return 0
    print(f"Installing for {PARTS[part]}; the first time takes a few minutes")
    code = install(needs_of(part))
    if code == 0:
        stamp(part).write_text(state_of(part))
    return code


def is_installed(part: str) -> bool:
    return stamp(part).is_file() and stamp(part).read_text() == state_of(part)


def needs_of(part: str) -> list[str]:
    """Return the requirements of the package and of one of its extras."""
    project = tomllib.loads(PROJECT.read_text())["project"]
    return sorted({*project["dependencies"], *expand(part, project)})


def expand(extra: str, project: dict[str, dict[str, list[str]]]) -> set[str]:
    """Return the requirements of an extra, and of the extras that it names."""
    found = set()
    for requirement in project["optional-dependencies"][extra]:
        inner = re.fullmatch(r"chatdesk\[(.+)\]", requirement)
        if inner:
            for name in inner[1].split(","):
                found |= expand(name.strip(), project)
        else:
            found.add(requirement)
    return found


def state_of(part: str) -> str:
    """Return a short text that changes with the needs, the pins and the Python."""
    told = "\n".join([sys.version, PINS.read_text(), *needs_of(part)])
    return hashlib.sha256(told.encode()).hexdigest()


def stamp(part: str) -> Path:
    return Path(sys.prefix) / f".installed-{part}"


def install(wanted: list[str]) -> int:
    """Run pip with a word now and then; show what it said only when it fails."""
    if importlib.util.find_spec("pip") is None:  # An interrupted start left it out.
        subprocess.run([sys.executable, "-m", "ensurepip"], check=True)
    command = [sys.executable, "-m", "pip", "install", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar=off"]
    command += ["--constraint", str(PINS), *wanted]
    said: list[str] = []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        for line in pip.stdout or ():
            said.append(line)
            show_progress(line, found=sum(map(names_a_package, said)))
    if pip.returncode:
        print("".join(said[-40:]), file=sys.stderr)
    return pip.returncode


def names_a_package(line: str) -> bool:
    return line.startswith(("Collecting ", "Processing "))


def show_progress(line: str, *, found: int) -> None:
    if names_a_package(line) and found % 20 == 0:
        print(f"  {found} packages found", flush=True)
    elif line.startswith("Installing collected packages"):
        print(f"  Unpacking {line.count(',') + 1} packages", flush=True)


if __name__ == "__main__":
    sys.exit(main())
