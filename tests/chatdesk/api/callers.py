"""Those who call the API: a visitor's page and an operator's workspace."""

import json
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.test import Client

from chatdesk.conf import get_settings
from chatdesk.models import Conversation, Operator, Visitor
from chatdesk.tokens import sign_visitor_cookie

ORIGIN = "http://testserver"
ROOT = "/chatdesk/api/v1/"
JSON = "application/json"


class Caller:
    """A browser that speaks JSON to the API."""

    side = ""

    def __init__(self, *, checks_csrf: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=checks_csrf)
        self.headers: dict[str, str] = {"Origin": ORIGIN}

    def get(self, path: str) -> Any:
        """Ask for something."""
        return self.client.get(f"{ROOT}{self.side}{path}")

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        """Say something; ``key`` is the client's id of it."""
        headers = {"Idempotency-Key": key} if key else {}
        return self.post_raw(path, json.dumps(body or {}).encode(), headers=headers)

    def post_raw(
        self,
        path: str,
        body: bytes,
        *,
        headers: dict[str, str] | None = None,
        content_type: str = JSON,
    ) -> Any:
        """Send exactly these bytes."""
        return self.client.generic(
            "POST",
            f"{ROOT}{self.side}{path}",
            body,
            CONTENT_TYPE=content_type,  # Django's client leaves it out without a body.
            headers={**self.headers, **(headers or {})},
        )


class Page(Caller):
    """A page of the shop, with the cookie of a visitor or without."""

    side = "visitor/"

    def __init__(
        self, visitor: Visitor | None = None, *, user: AbstractBaseUser | None = None
    ) -> None:
        super().__init__()
        if user is not None:
            self.client.force_login(user)
        if visitor is not None:
            self.cookie = sign_visitor_cookie(visitor.public_id)

    @property
    def cookie(self) -> str:
        """The visitor's cookie; empty when there is none."""
        morsel = self.client.cookies.get(get_settings().visitor_cookie)
        return "" if morsel is None else morsel.value

    @cookie.setter
    def cookie(self, value: str) -> None:
        self.client.cookies[get_settings().visitor_cookie] = value

    def say(self, conversation: Conversation, text: str, *, key: str = "") -> Any:
        """Post a message."""
        path = of(conversation, "messages")
        return self.post(path, {"body": {"text": text}}, key=key or uuid4().hex)


class Desk(Caller):
    """An operator's workspace; ``user`` may be anybody."""

    side = "operator/"

    def __init__(
        self,
        operator: Operator | None = None,
        *,
        user: AbstractBaseUser | None = None,
        checks_csrf: bool = False,
    ) -> None:
        super().__init__(checks_csrf=checks_csrf)
        signed_in = operator.user if operator is not None else user
        if signed_in is not None:
            self.client.force_login(signed_in)

    def say(self, conversation: Conversation, text: str, *, key: str = "") -> Any:
        """Post a message."""
        path = of(conversation, "messages")
        return self.post(path, {"body": {"text": text}}, key=key or uuid4().hex)


def of(conversation: Conversation, name: str = "") -> str:
    """Return the path of one conversation's thing."""
    return f"conversations/{conversation.public_id.hex}/{name + '/' if name else ''}"
