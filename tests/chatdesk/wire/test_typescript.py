"""The TypeScript of the protocol: complete, and equal to what is committed."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import msgspec
import pytest
from django.core.management import CommandError, call_command

from chatdesk.management.commands.chatdesk_types import TARGET
from chatdesk.wire import codes, frames, objects, typescript


class Inner(msgspec.Struct):
    """A part."""

    name: str


class Sample(msgspec.Struct, tag="sample", tag_field="type"):
    """A frame that has one field of each shape.

    This paragraph is for Python only.
    """

    number: Annotated[int, msgspec.Meta(ge=0)]
    share: float
    flag: bool
    anything: Any
    inner: Inner
    choice: Literal["left", "right"]
    many: list[Inner]
    pairs: tuple[str | None, ...]
    by_name: dict[str, int]
    renamed_: str = msgspec.field(name="from", default="")
    maybe: str | None = None


def test_an_interface_says_every_shape_in_typescript() -> None:
    assert typescript._interface(Sample) == (
        "/** A frame that has one field of each shape. */\n"
        "export interface Sample {\n"
        '  type: "sample";\n'
        "  number: number;\n"
        "  share: number;\n"
        "  flag: boolean;\n"
        "  anything: unknown;\n"
        "  inner: Inner;\n"
        '  choice: "left" | "right";\n'
        "  many: Inner[];\n"
        "  pairs: (string | null)[];\n"
        "  by_name: Record<string, number>;\n"
        "  from?: string;\n"
        "  maybe?: string | null;\n"
        "}\n"
    )


def test_a_field_without_a_typescript_form_is_refused() -> None:
    with pytest.raises(TypeError, match="No TypeScript"):
        typescript._type(msgspec.inspect.type_info(bytes))


@pytest.mark.parametrize("union", ["ClientFrame", "ServerFrame"])
def test_every_frame_of_a_union_has_its_interface_with_its_tag(union: str) -> None:
    source = typescript.render()

    for frame in get_args(getattr(frames, union)):
        tag = msgspec.inspect.type_info(frame).tag
        head = f'export interface {frame.__name__} {{\n  type: "{tag}";\n'
        assert head in source
        assert f"  | {frame.__name__}" in source


def test_every_object_that_is_mentioned_is_described() -> None:
    source = typescript.render()
    described = set(re.findall(r"export interface (\w+)", source))

    mentioned = set(re.findall(r"\?*: \(?([A-Z]\w+)", source)) - {"Record"}

    assert mentioned <= described
    assert {objects.Entry.__name__, objects.Thread.__name__} <= described
    assert "In" not in described
    assert "Wire" not in described


def test_limits_and_codes_are_those_of_the_server() -> None:
    source = typescript.render()

    assert f"export const MAX_TEXT_LENGTH = {codes.MAX_TEXT_LENGTH};" in source
    assert f"  RESTART: {codes.Goodbye.RESTART.value}," in source
    for refusal in codes.Refusal:
        assert f'"{refusal.value}"' in source
    retryable = re.search(r"RETRYABLE: readonly string\[\] = \[(.*)\]", source)
    assert retryable
    again = {each.value for each in codes.Refusal if not each.is_final}
    assert set(re.findall(r'"(\w+)"', retryable[1])) == again


def test_rendering_twice_gives_the_same_bytes() -> None:
    assert typescript.render() == typescript.render()


def test_the_committed_file_is_fresh() -> None:
    call_command("chatdesk_types", check=True)


def test_the_command_writes_the_file_and_accepts_it(tmp_path: Path) -> None:
    path = tmp_path / "generated.ts"

    call_command("chatdesk_types", output=path)
    call_command("chatdesk_types", check=True, output=path)

    assert path.read_text(encoding="utf-8") == TARGET.read_text(encoding="utf-8")


@pytest.mark.parametrize("stale", ["", "export interface Old {}\n", None])
def test_the_check_fails_for_a_stale_or_missing_file(
    tmp_path: Path, stale: str | None
) -> None:
    path = tmp_path / "generated.ts"
    if stale is not None:
        path.write_text(stale, encoding="utf-8")

    with pytest.raises(CommandError, match="stale"):
        call_command("chatdesk_types", check=True, output=path)


def test_the_command_says_when_there_is_no_front_end(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no folder"):
        call_command("chatdesk_types", output=tmp_path / "absent" / "generated.ts")
