"""One module writes the log, one the effects: their promises are kept in one place."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import calls_in, place, python_files, syntax_of

CREATING = {
    *("create", "acreate", "bulk_create", "abulk_create"),
    *("get_or_create", "aget_or_create", "update_or_create", "aupdate_or_create"),
}


@pytest.mark.parametrize(
    ("model", "related_name", "writer"),
    [
        # Numbered in log.py; the SQL module beside it stores what log.py hands it.
        ("Entry", "entries", {"log.py", "log_sql.py"}),
        ("Effect", "effects", {"effects.py"}),
    ],
)
def test_a_model_has_one_writer(
    model: str, related_name: str, writer: set[str]
) -> None:
    writers = {
        place(path): [place(path, call) for call in calls]
        for path in python_files("chatdesk", "shop_demo")
        if (calls := creations_in(path, model, related_name))
    }
    assert set(writers) == {f"chatdesk/services/{name}" for name in writer}, writers


def creations_in(path: Path, model: str, related_name: str) -> list[ast.Call]:
    """Return the calls that make rows of a model, under whatever name it goes here."""
    names = {
        alias.asname or alias.name
        for node in ast.walk(syntax_of(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("chatdesk.models")
        for alias in node.names
        if alias.name == model
    }
    return [
        call
        for call in calls_in(path)
        if makes_row(ast.unparse(call.func), names | {f"models.{model}"}, related_name)
    ]


def makes_row(called: str, names: set[str], related_name: str) -> bool:
    if called in names:
        return True
    owner, _, method = called.rpartition(".")
    if method not in CREATING:
        return False
    return owner.endswith(f".{related_name}") or any(
        owner.startswith(f"{name}.") for name in names
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from chatdesk.models import Entry\nEntry(seq=1)", 1),
        ("from chatdesk.models import Entry as E\nE.objects.bulk_create([])", 1),
        ("conversation.entries.create(seq=1)", 1),
        ("from chatdesk.models import Entry\nEntry.objects.filter(seq=1)", 0),
        ("from chatdesk.wire.objects import Entry\nEntry(seq=1)", 0),
    ],
)
def test_creations_are_found(tmp_path: Path, source: str, expected: int) -> None:
    path = tmp_path / "module.py"
    path.write_text(source)
    assert len(creations_in(path, "Entry", "entries")) == expected
