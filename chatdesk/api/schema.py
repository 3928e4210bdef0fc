"""Serves the OpenAPI document to operators; the routes name it if it can be made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from rest_framework.response import Response

from chatdesk.api.openapi import WireGenerator
from chatdesk.api.operator import OperatorView

if TYPE_CHECKING:
    from rest_framework.request import Request


class SchemaView(OperatorView):
    """The OpenAPI document of this API."""

    schema: Any = None
    patterns: list[object] = []

    def get(self, request: Request) -> Response:
        root = reverse("chatdesk:schema").removesuffix("schema/")
        generator = WireGenerator(root=root.rstrip("/"), patterns=self.patterns)
        return Response(generator.get_schema(request=request))
