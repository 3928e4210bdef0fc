"""A question, an answer, a close and a mail, over HTTP, on whatever host this is."""

import json
import re
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from chatdesk.models import Operator

pytestmark = pytest.mark.django_db(transaction=True)


def root() -> str:
    """Return where this host has the API."""
    return reverse("chatdesk:visitor-status").removesuffix("visitor/status/")


def call(
    client: Client, path: str, body: dict[str, object] | None = None, status: int = 0
) -> dict:
    """Post JSON as the widget and the workspace do; return what came back."""
    response = client.post(
        root() + path,
        json.dumps(body or {}),
        content_type="application/json",
        headers={"Origin": "http://testserver", "Idempotency-Key": uuid4().hex},
    )
    wanted = {status} if status else {200, 201, 202}
    assert response.status_code in wanted, (path, response.content)
    return response.json()


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.fixture
def operator() -> Client:
    """Return the browser of a user who may answer and has a card."""
    model = get_user_model()
    user = model(**{model.USERNAME_FIELD: "olga@shop.example"})
    user.email = "olga@shop.example"
    user.save()
    user.groups.add(Group.objects.get(name="Operator"))
    Operator.objects.update_or_create(user=user, defaults={"name": "Olga"})
    client = Client()
    client.force_login(user)
    return client


def test_a_visitor_and_an_operator_talk(
    visitor: Client, operator: Client, mailoutbox: list[EmailMessage]
) -> None:
    conversation = call(visitor, "visitor/conversations/")["id"]
    asked = {"body": {"text": "Is this in stock?"}}
    call(visitor, f"visitor/conversations/{conversation}/messages/", asked)

    call(operator, f"operator/conversations/{conversation}/take/")
    answered = {"body": {"text": "Yes, two of them."}}
    call(operator, f"operator/conversations/{conversation}/messages/", answered)
    assert texts_seen_by(visitor, conversation) == [
        "Is this in stock?",
        "Yes, two of them.",
    ]

    to = {"email": "anna@example.com"}
    call(visitor, f"visitor/conversations/{conversation}/close/")
    call(visitor, f"visitor/conversations/{conversation}/transcript/", to)
    call_command("chatdesk_effects", "--once")
    code = re.search(r"\b\d{6}\b", mailoutbox.pop().body)[0]
    proven = {**to, "code": code}
    call(visitor, f"visitor/conversations/{conversation}/transcript/", proven)
    call_command("chatdesk_effects", "--once")
    copies = [mail for mail in mailoutbox if mail.to == ["anna@example.com"]]
    assert len(copies) == 1
    assert "Yes, two of them." in copies[0].body


def texts_seen_by(visitor: Client, conversation: str) -> list[str]:
    response = visitor.get(
        f"{root()}visitor/conversations/{conversation}/events/", {"after": 0, "wait": 0}
    )
    assert response.status_code == 200, response.content
    items = response.json()["items"]
    return [item["text"] for item in items if item["kind"] == "message"]


def test_the_checks_find_no_error() -> None:
    call_command("check", fail_level="ERROR")


def test_every_script_of_a_page_carries_the_nonce(client: Client) -> None:
    page = client.get(reverse("page"))
    policy = page.get("Content-Security-Policy")
    nonce = policy.split("'nonce-")[1].split("'")[0] if policy else ""
    text = page.content.decode()
    assert text.count("<script") == 1
    assert "style=" not in text
    assert f'nonce="{nonce}"' in text if policy else "nonce=" not in text
