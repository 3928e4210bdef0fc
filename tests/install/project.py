"""An empty Django project in a virtual environment of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.sources import ROOT

PAGE = (
    "<!doctype html><html lang=en><title>Shop</title><body><h1>Shop</h1></body></html>"
)

# A shop has pages; startproject makes none.
WITH_A_PAGE = {
    "shop/settings.py": """
TEMPLATES[0]["DIRS"] = [BASE_DIR / "templates"]
""",
    "shop/urls.py": """
from django.views.generic import TemplateView
urlpatterns += [path("", TemplateView.as_view(template_name="base.html"))]
""",
    "templates/base.html": PAGE,
}


@dataclass(frozen=True, kw_only=True)
class Project:
    """The folder, and the environment that its commands run in."""

    folder: Path
    environment: dict[str, str]

    def run(self, line: str) -> None:
        """Type a line; what it printed is shown when it fails."""
        ran = subprocess.run(  # noqa: S602 - what the README says is typed
            line,
            shell=True,
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, f"$ {line}\n{ran.stdout}{ran.stderr}"


def build_wheel(target: Path) -> Path:
    """Build the wheel of this checkout."""
    subprocess.run(
        [
            *(sys.executable, "-m", "build", "--wheel", "--no-isolation"),
            *("--outdir", str(target), str(ROOT)),
        ],
        check=True,
        capture_output=True,
    )
    (wheel,) = target.glob("*.whl")
    return wheel


def start_project(folder: Path, *, wheel: Path) -> Project:
    """Make a project with one page, where `pip install chatdesk` means our wheel."""
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    project = Project(
        folder=folder / "project",
        environment={
            **{
                name: value
                for name, value in os.environ.items()
                if name not in {"PYTHONPATH", "DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV"}
            },
            "PATH": f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PIP_CONSTRAINT": str(ROOT / "requirements.txt"),
            "PIP_FIND_LINKS": f"{wheel.parent} {os.environ.get('PIP_FIND_LINKS', '')}",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        },
    )
    project.folder.mkdir()
    project.run("pip install -q django")
    project.run("django-admin startproject shop .")
    for name, text in WITH_A_PAGE.items():
        file = project.folder / name
        file.parent.mkdir(exist_ok=True)
        with file.open("a") as end:
            end.write(text)
    return project
