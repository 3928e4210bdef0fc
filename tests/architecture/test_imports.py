"""Who may import whom: the contracts in pyproject.toml."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import ROOT, place, python_files, syntax_of

PUBLIC = (
    "chatdesk.embedded",
    "chatdesk.integration",
    "chatdesk.routing",
    "chatdesk.schedule",
    "chatdesk.shop",
    "chatdesk.signals",
    "chatdesk.urls",
)


def test_import_contracts_are_kept() -> None:
    lint_imports = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [lint_imports, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_demo_shop_uses_only_the_public_surface() -> None:
    """The proof that the public surface is enough for a shop."""
    beyond = [
        f"{place(path, node)} imports {name}"
        for path in python_files("shop_demo")
        for node, name in imports_in(path)
        if name.split(".")[0] == "chatdesk" and not is_public(name)
    ]
    assert beyond == []


def imports_in(path: Path) -> list[tuple[ast.stmt, str]]:
    """Return the full name of everything a module imports."""
    found: list[tuple[ast.stmt, str]] = []
    for node in ast.walk(syntax_of(path)):
        if isinstance(node, ast.Import):
            found += [(node, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def is_public(name: str) -> bool:
    return any(name == allowed or name.startswith(f"{allowed}.") for allowed in PUBLIC)
