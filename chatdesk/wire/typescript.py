"""Writes the protocol's TypeScript from the classes that describe the wire.

A field with a default may be left out by the sender, so it is optional here too.
"""

import inspect
import json
from collections.abc import Callable, Iterator
from enum import Enum
from types import ModuleType
from typing import Any, get_args

import msgspec
from msgspec import inspect as shapes

from chatdesk.wire import answers, codes, frames, objects, shop, visits

HEADER = "// Written by `manage.py chatdesk_types` from chatdesk/wire. Never edit it.\n"
BASES = (frames.In, frames.Out, objects.Wire)


def render() -> str:
    """Return the whole TypeScript file."""
    return "\n".join([HEADER, *_codes(), *_interfaces(), *_unions()])


def _codes() -> Iterator[str]:
    for name, value in vars(codes).items():
        if name.isupper() and isinstance(value, int):
            yield f"export const {name} = {value};\n"
    refusals = " | ".join(json.dumps(each.value) for each in codes.Refusal)
    yield f"{_doc(codes.Refusal)}export type Refusal = {refusals};\n"
    again = [each.value for each in codes.Refusal if not each.is_final]
    retryable = ", ".join(map(json.dumps, again))
    yield f"export const RETRYABLE: readonly string[] = [{retryable}];\n"
    lines = "".join(f"  {each.name}: {each.value},\n" for each in codes.Goodbye)
    yield f"{_doc(codes.Goodbye)}export const Goodbye = {{\n{lines}}} as const;\n"


def _interfaces() -> Iterator[str]:
    for module in (objects, frames, answers, shop, visits):
        yield from map(_interface, _structs(module))


def _structs(module: ModuleType) -> Iterator[type[msgspec.Struct]]:
    for value in vars(module).values():
        if (
            inspect.isclass(value)
            and issubclass(value, msgspec.Struct)
            and value.__module__ == module.__name__
            and value not in BASES
        ):
            yield value


def _interface(kind: type[msgspec.Struct]) -> str:
    shape = shapes.type_info(kind)
    if not isinstance(shape, shapes.StructType):
        raise TypeError(kind)
    lines = [f"{_doc(kind)}export interface {kind.__name__} {{\n"]
    if shape.tag is not None:
        lines.append(f"  {shape.tag_field}: {json.dumps(shape.tag)};\n")
    for field in shape.fields:
        mark = "" if field.required else "?"
        lines.append(f"  {field.encode_name}{mark}: {_type(field.type)};\n")
    lines.append("}\n")
    return "".join(lines)


def _unions() -> Iterator[str]:
    for name in ("ClientFrame", "ServerFrame"):
        members = [each.__name__ for each in get_args(getattr(frames, name))]
        yield f"export type {name} =\n  | " + "\n  | ".join(members) + ";\n"


def _type(shape: Any) -> str:
    """Return the TypeScript of one msgspec type."""
    for kind, write in WRITERS.items():
        if isinstance(shape, kind):
            return write(shape)
    raise TypeError(f"No TypeScript for {shape!r}.")


def _array(shape: Any) -> str:
    item = _type(shape.item_type)
    return f"({item})[]" if "|" in item else f"{item}[]"


WRITERS: dict[type, Callable[[Any], str]] = {
    shapes.StructType: lambda shape: str(shape.cls.__name__),
    shapes.StrType: lambda _: "string",
    shapes.BoolType: lambda _: "boolean",
    shapes.IntType: lambda _: "number",
    shapes.FloatType: lambda _: "number",
    shapes.NoneType: lambda _: "null",
    shapes.AnyType: lambda _: "unknown",
    shapes.LiteralType: lambda shape: " | ".join(map(json.dumps, shape.values)),
    shapes.UnionType: lambda shape: " | ".join(map(_type, shape.types)),
    shapes.ListType: _array,
    shapes.VarTupleType: _array,
    shapes.TupleType: lambda shape: f"[{', '.join(map(_type, shape.item_types))}]",
    shapes.DictType: lambda shape: f"Record<string, {_type(shape.value_type)}>",
}


def _doc(kind: type[msgspec.Struct] | type[Enum]) -> str:
    summary = (inspect.getdoc(kind) or "").split("\n\n")[0]
    return f"/** {' '.join(summary.split())} */\n"
