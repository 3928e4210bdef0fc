"""OpenAPI 3.1 of the API, for who has the extra ``openapi`` installed.

drf-spectacular walks the routes. Bodies and answers come from the classes of the wire,
so what is described is what is decoded and encoded. The long poll, which is no view of
REST framework, is described by hand.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings as host_settings
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry

from chatdesk import __version__
from chatdesk.conf import get_settings
from chatdesk.wire import answers, frames, objects, shop, visits

if TYPE_CHECKING:
    from collections.abc import Iterable

REF = "#/components/schemas/{name}"
JSON = "application/json"
POLL_PATH = "/visitor/conversations/{conversation}/events/"

CONVERSATION = {
    "name": "conversation",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
}
OFFER = {**CONVERSATION, "name": "offer"}
DESK = "operator/conversations/{conversation}/"
NAMED = ("/messages/", f"{DESK}products/", f"{DESK}cart/", "/offers/")
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The client's id of what is sent: 32 hex digits or a UUID.",
    "schema": {"type": "string"},
}


class WireRegistry(ComponentRegistry):
    """The components of our own schema: every object of the wire."""

    def build(self, extra_components: dict[str, Any]) -> dict[str, Any]:
        """Return the components, and who may ask."""
        _, schemas = describe_kinds(_kinds())
        return {
            **super().build(extra_components),
            "schemas": schemas,
            "securitySchemes": {
                "visitor": _cookie(get_settings().visitor_cookie),
                "operator": _cookie(host_settings.SESSION_COOKIE_NAME),
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
            },
        }


class WireGenerator(SchemaGenerator):
    """Describes our routes and nothing of the host's."""

    def __init__(self, *, root: str, patterns: list[Any]) -> None:
        super().__init__(patterns=patterns)  # type: ignore[no-untyped-call]
        self.root = root
        self.registry = WireRegistry()

    def get_schema(self, request: Any = None, public: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - drf-spectacular's signature
        """Return the whole document."""
        paths = self.parse(request, public)  # type: ignore[no-untyped-call]
        paths[POLL_PATH] = {"get": describe_poll()}
        return {
            "openapi": "3.1.0",
            "info": {"title": "chatdesk", "version": __version__},
            "servers": [{"url": self.root}],
            "paths": dict(sorted(paths.items())),
            "components": self.registry.build({}),
        }


class WireSchema(AutoSchema):
    """Describes a view by its ``body``, ``answers`` and ``query``."""

    def get_operation(self, *where: Any, **named: Any) -> dict[str, Any] | None:
        """Return one operation; None for a schema that is not ours."""
        path, _, _, method, registry = (*where, *named.values())
        if not isinstance(registry, WireRegistry):
            # A host's own document neither knows our objects nor may be shaped by us.
            return None
        view: Any = self.view
        is_unsafe = method not in ("GET", "HEAD")
        operation = {
            "operationId": _name(method, path),
            "description": (view.__doc__ or "").strip(),
            "tags": [path.strip("/").split("/")[0]],
            "parameters": [*_parameters(path, view.query, is_unsafe=is_unsafe)],
            "responses": describe_answers(view.answers),
            "security": _security(view, is_unsafe=is_unsafe),
        }
        if is_unsafe and view.body is not None:
            operation["requestBody"] = {"required": True, **_content(view.body)}
        return operation


def describe_poll() -> dict[str, Any]:
    """Return the operation of the long poll."""
    return {
        "operationId": _name("GET", POLL_PATH),
        "description": (
            "Waits for entries after the cursor, at most "
            f"{get_settings().poll_wait.total_seconds():.0f} seconds. With retry_after"
            " in the answer the server did not wait."
        ),
        "tags": ["visitor"],
        "parameters": [
            CONVERSATION,
            _query("after", "integer"),
            _query("epoch", "string"),
            {**_query("wait", "integer"), "schema": {"enum": [0, 1], "default": 1}},
        ],
        "responses": describe_answers({200: (answers.PollAnswer, answers.PollReset)}),
        "security": [{"visitor": []}],
    }


def describe_answers(kinds: dict[int, Any]) -> dict[str, Any]:
    """Return the answers of an operation by status, and the shape of a refusal."""
    told = {
        str(status): {"description": HTTPStatus(status).phrase, **_content(kind)}
        for status, kind in kinds.items()
    }
    refused = {"description": "Refused", **_content(answers.Refused)}
    return {**told, "default": refused}


def describe_kinds(kinds: Iterable[Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return the JSON schema of each kind, and of everything that they refer to."""
    described, components = msgspec.json.schema_components(kinds, ref_template=REF)
    return tuple(described), components


def _kinds() -> list[type[msgspec.Struct]]:
    bases = (objects.Wire, frames.In, frames.Out)
    return [
        kind
        for module in (objects, frames, answers, shop, visits)
        for kind in vars(module).values()
        if isinstance(kind, type)
        and issubclass(kind, msgspec.Struct)
        and kind not in bases
    ]


def _content(kind: Any) -> dict[str, Any]:
    described, _ = describe_kinds(kind if isinstance(kind, tuple) else (kind,))
    schema = described[0] if len(described) == 1 else {"oneOf": list(described)}
    return {"content": {JSON: {"schema": schema}}}


def _name(method: str, path: str) -> str:
    words = [word for word in path.strip("/").split("/") if not word.startswith("{")]
    return "_".join([method.lower(), *words, *(["one"] if path.endswith("}/") else [])])


def _parameters(
    path: str, query: dict[str, str], *, is_unsafe: bool
) -> Iterable[dict[str, Any]]:
    if "{conversation}" in path:
        yield CONVERSATION
        if is_unsafe:
            yield {**KEY, "required": path.endswith(NAMED)}
    if "{offer}" in path:
        yield OFFER
    for name, kind in query.items():
        yield _query(name, kind)


def _security(view: Any, *, is_unsafe: bool) -> list[dict[str, list[str]]]:
    if not view.security:
        return []
    asked = {
        name: scopes
        for name, scopes in view.security.items()
        if is_unsafe or name != "csrf"
    }
    return [asked] if view.permission_classes else [{}, asked]


def _query(name: str, kind: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": kind}}


def _cookie(name: str) -> dict[str, str]:
    return {"type": "apiKey", "in": "cookie", "name": name}
