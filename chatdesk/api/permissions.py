"""What somebody must be to use an endpoint; what he may touch, selectors decide."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from chatdesk.errors import Unauthenticated


class IsKnown(BasePermission):
    """Lets through whom the authentication of the view has recognised."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Raise ``Unauthenticated`` for a stranger, whatever he asked for."""
        if request.auth is None:
            raise Unauthenticated
        return True
