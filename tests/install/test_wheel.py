"""What a shop gets from the package index."""

import zipfile
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.install.project import build_wheel


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    wheel = build_wheel(tmp_path_factory.mktemp("wheel"))
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_the_package_and_nothing_else(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"chatdesk"}


@pytest.mark.parametrize(
    "pattern", ["**/*.py", "**/*.html", "**/*.txt", "locale/**/*.mo", "static/**/*.*"]
)
def test_the_wheel_holds_every_file_of_the_package(
    names: set[str], pattern: str
) -> None:
    package = ROOT / "chatdesk"
    files = {
        path.relative_to(ROOT).as_posix()
        for path in package.glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files - names == set()


def test_the_wheel_says_that_it_is_typed(names: set[str]) -> None:
    assert Path("chatdesk/py.typed").as_posix() in names
