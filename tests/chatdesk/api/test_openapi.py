"""The OpenAPI document says what the API does."""

import json
import re
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from chatdesk import __version__
from tests.chatdesk.api.callers import Desk, Page, of
from tests.chatdesk.api.test_access import routes
from tests.factories import bring_online, make_canned, make_conversation, make_operator

pytestmark = pytest.mark.django_db

BASE = "urn:chatdesk"


@pytest.fixture
def desk():
    return Desk(make_operator())


@pytest.fixture
def document(desk):
    desk.side = ""
    found = desk.get("schema/").json()
    desk.side = "operator/"
    return found


def references(node):
    """Return every ``$ref`` of a document."""
    if isinstance(node, dict):
        found = [node["$ref"]] if "$ref" in node else []
        return found + [each for value in node.values() for each in references(value)]
    if isinstance(node, list):
        return [each for value in node for each in references(value)]
    return []


def validate(document, path, method, answer):
    """Check an answer against what the document says of it."""
    told = document["paths"][path][method]["responses"]
    status = str(answer.status_code)
    schema = told.get(status, told["default"])["content"]["application/json"]["schema"]
    whole = Resource.from_contents(document, default_specification=DRAFT202012)
    registry = Registry().with_resource(BASE, whole)
    absolute = json.loads(json.dumps(schema).replace('"#/', f'"{BASE}#/'))
    Draft202012Validator(absolute, registry=registry).validate(answer.json())


def test_every_route_is_described(document):
    told = {re.sub(r"{(\w+)}", r"<str:\1>", path) for path in document["paths"]}

    assert told == {f"/{route}" for route in routes() - {"schema/", "<path:anything>"}}
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "/chatdesk/api/v1"}]
    assert document["info"]["version"] == __version__


def test_every_reference_leads_somewhere(document):
    schemas = document["components"]["schemas"]

    for each in references(document):
        assert each.removeprefix("#/components/schemas/") in schemas
    Draft202012Validator.check_schema(schemas["PollAnswer"])


def test_operations_have_names_of_their_own(document):
    names = [
        operation["operationId"]
        for methods in document["paths"].values()
        for operation in methods.values()
    ]

    assert len(names) == len(set(names))


def test_a_message_is_described_with_its_key_and_its_body(document):
    path = "/visitor/conversations/{conversation}/messages/"
    operation = document["paths"][path]["post"]

    (key,) = [each for each in operation["parameters"] if each["in"] == "header"]
    assert (key["name"], key["required"]) == ("Idempotency-Key", True)
    assert references(operation["requestBody"]) == ["#/components/schemas/PostMessage"]
    assert operation["security"] == [{"visitor": []}]
    assert set(operation["responses"]) == {"200", "201", "default"}


def test_what_a_visitor_gets_is_what_is_described(document):
    operator = make_operator(name="Anna")
    bring_online(operator)
    conversation = make_conversation(
        operator=operator,
        entries=(("visitor", "Is it in stock?"), ("operator", "It is.")),
    )
    page, one = Page(conversation.visitor), "/visitor/conversations/{conversation}/"

    for path, answer in (
        ("/visitor/status/", page.get("status/")),
        (f"{one}events/", page.get(of(conversation, "events"))),
        (f"{one}events/", page.get(of(conversation, "events") + "?after=999")),
        (f"{one}events/", page.get("conversations/x/events/")),
    ):
        validate(document, path, "get", answer)
    for path, answer in (
        ("/visitor/session/", page.post("session/")),
        ("/visitor/conversations/", page.post("conversations/")),
        (f"{one}messages/", page.say(conversation, "Thanks")),
        (f"{one}messages/", page.post(of(conversation, "messages"))),
        (f"{one}marks/", page.post(of(conversation, "marks"))),
        (f"{one}rating/", page.post(of(conversation, "rating"), {"thumb": "up"})),
        (f"{one}close/", page.post(of(conversation, "close"))),
    ):
        validate(document, path, "post", answer)


def test_what_an_operator_gets_is_what_is_described(document, desk):
    make_canned()
    conversation, one = make_conversation(), "/operator/conversations/{conversation}/"

    for path, answer in (
        (f"{one}take/", desk.post(of(conversation, "take"))),
        (f"{one}messages/", desk.say(conversation, "It is.")),
        (f"{one}visitor/", desk.post(of(conversation, "visitor"), {"name": "Vera"})),
        (f"{one}take/", Desk(make_operator()).post(of(conversation, "take"))),
        ("/operator/presence/", desk.post("presence/", {"status": "away"})),
    ):
        validate(document, path, "post", answer)
    for path, answer in (
        ("/operator/session/", desk.get("session/")),
        ("/operator/inbox/", desk.get("inbox/")),
        ("/operator/canned/", desk.get("canned/")),
        (one, desk.get(of(conversation))),
        (f"{one}entries/", desk.get(of(conversation, "entries"))),
    ):
        validate(document, path, "get", answer)


def test_without_the_extra_there_is_an_api_and_no_document():
    script = (
        "import sys; sys.modules['drf_spectacular'] = None\n"
        "from django.conf import settings; import django\n"
        "from tests.settings import default\n"
        "default.INSTALLED_APPS.remove('drf_spectacular')\n"
        "default.REST_FRAMEWORK.clear()\n"
        "django.setup()\n"
        "from django.urls import reverse, NoReverseMatch\n"
        "print(reverse('chatdesk:visitor-status'))\n"
        "try: reverse('chatdesk:schema')\n"
        "except NoReverseMatch: print('no document')\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )

    assert done.stdout.splitlines() == [
        "/chatdesk/api/v1/visitor/status/",
        "no document",
    ], done.stderr
