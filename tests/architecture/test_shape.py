"""The shape of the code: sizes that let a stranger read it.

At 300 lines a file is due for a split by meaning, not for a higher limit here.
"""

import re

import pytest

from tests.architecture.measures import (
    Measured,
    count_code_lines,
    docstring_of,
    functions_in,
    percentile,
    public_names_in,
)
from tests.architecture.sources import ROOT, place, python_files

PRODUCT = ("chatdesk", "shop_demo")
SILENT = re.compile(r"#\s*noqa(?!: [A-Z0-9, ]+ - \w)")
FRONTEND = ROOT / "frontend" / "src"


@pytest.fixture(scope="module")
def functions() -> list[Measured]:
    return functions_in(*PRODUCT)


def test_python_files_are_short() -> None:
    lines = {
        place(path): len(text.splitlines())
        for path in python_files(*PRODUCT)
        if (text := path.read_text(encoding="utf-8")).strip()
    }
    assert percentile(lines.values(), 50) <= 120
    assert percentile(lines.values(), 90) <= 300
    assert {name: count for name, count in lines.items() if count > 400} == {}


def test_functions_are_short(functions: list[Measured]) -> None:
    lines = [function.lines for function in functions]
    assert percentile(lines, 50) <= 8
    assert percentile(lines, 90) <= 25
    assert [each.where for each in functions if each.lines > 60] == []


def test_functions_branch_little(functions: list[Measured]) -> None:
    assert percentile((function.branches for function in functions), 90) <= 5
    assert [each.where for each in functions if each.branches > 10] == []


def test_functions_take_few_parameters(functions: list[Measured]) -> None:
    """Ruff refuses more than four where no reason stands beside them."""
    assert percentile((function.parameters for function in functions), 90) <= 4
    assert percentile((function.positional for function in functions), 90) <= 2


def test_every_exception_to_a_rule_says_why() -> None:
    silent = [
        f"{place(path)}:{number}"
        for path in python_files(*PRODUCT, "tests", "tools", "bench")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if SILENT.search(line)
    ]
    assert silent == []


def test_every_function_is_typed(functions: list[Measured]) -> None:
    assert [each.where for each in functions if not each.typed] == []


def test_nothing_is_imported_inside_functions(functions: list[Measured]) -> None:
    """Except in ready() of an app, which runs once the models are there."""
    assert [
        each.where
        for each in functions
        if each.local_imports and not each.where.endswith("/apps.py ready")
    ] == []


def test_two_public_names_in_three_are_documented() -> None:
    names = public_names_in(*PRODUCT)
    documented = sum(docstring_of(name) is not None for name in names)
    assert documented >= len(names) * 2 / 3


def test_there_is_more_test_than_code() -> None:
    code = sum(map(count_code_lines, python_files("chatdesk")))
    tests = sum(map(count_code_lines, python_files("tests")))
    assert tests >= code * 1.5


def test_typescript_files_are_short() -> None:
    lines = {
        place(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in sorted(FRONTEND.rglob("*.ts*"))
        if path.name != "generated.ts"
    }
    assert percentile(lines.values(), 50) <= 90
    assert percentile(lines.values(), 90) <= 250
    assert {name: count for name, count in lines.items() if count > 350} == {}
