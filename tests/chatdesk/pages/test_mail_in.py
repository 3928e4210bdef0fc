"""Mail handed in by HTTP: taken with the right signature of the last minutes only."""

import hashlib
import hmac
import json
import time

import pytest
from django.test import Client

from chatdesk.mail.envelope import thread_address
from chatdesk.models import Entry, ReceivedMail
from tests.factories import make_conversation

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

ADDRESS = "/chatdesk/mail/"
SECRET = "a secret of shop and provider"
RAW = "message/rfc822"


@pytest.fixture(autouse=True)
def door(settings):
    settings.CHATDESK = {
        "MAIL_IN_ADDRESS": "chat+{token}@shop.example",
        "MAIL_IN_SECRET": SECRET,
        "MAIL_IN_LIMIT": 4_000,
    }


@pytest.fixture
def conversation():
    return make_conversation()


def reply(conversation, words="And in red?", number=1):
    to = thread_address(conversation.public_id)
    head = f"From: marat@mail.ru\r\nTo: {to}\r\nMessage-ID: <{number}@mail.ru>"
    kind = "Content-Type: text/plain; charset=utf-8"
    return f"{head}\r\n{kind}\r\n\r\n{words}\r\n".encode()


def signature(body, *, secret=SECRET, at=None):
    moment = str(int(time.time()) if at is None else at)
    signed = moment.encode() + b"." + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def hand_in(body, *, kind=RAW, signed=None, **more):
    # Strict about forgery, as a real site is: the provider has no token of its forms.
    client = Client(enforce_csrf_checks=True)
    header = signature(body) if signed is None else signed
    return client.post(
        ADDRESS,
        body,
        content_type=kind,
        headers={"X-Chatdesk-Signature": header},
        **more,
    )


def words():
    rows = Entry.objects.filter(kind=Entry.Kind.MESSAGE).order_by("seq")
    return list(rows.values_list("text", flat=True))[1:]


def test_a_raw_mail_lands_in_its_dialog(conversation):
    response = hand_in(reply(conversation))
    assert (response.status_code, response.json()) == (200, {"outcome": "posted"})
    assert words() == ["And in red?"]


def test_a_mail_in_json_lands_in_its_dialog(conversation):
    body = json.dumps({"raw": reply(conversation, "А красный?").decode()}).encode()
    response = hand_in(body, kind="application/json")
    assert response.json() == {"outcome": "posted"}
    assert words() == ["А красный?"]


def test_a_provider_that_calls_twice_adds_one_message(conversation):
    body = reply(conversation)
    outcomes = [hand_in(body).json()["outcome"] for _ in range(3)]
    assert outcomes == ["posted"] * 3
    assert words() == ["And in red?"]


def test_the_same_mail_by_two_ways_is_one_message(conversation):
    raw = reply(conversation)
    hand_in(raw)
    hand_in(json.dumps({"raw": raw.decode()}).encode(), kind="application/json")
    assert words() == ["And in red?"]


def test_mail_that_is_for_nobody_is_taken_and_says_so():
    response = hand_in(b"From: eve@mail.ru\r\nMessage-ID: <9@x>\r\n\r\nHello?")
    assert (response.status_code, response.json()) == (200, {"outcome": "unknown"})


def test_a_signature_of_another_secret_is_refused(conversation):
    body = reply(conversation)
    response = hand_in(body, signed=signature(body, secret="another"))
    assert (response.status_code, response.json()) == (403, {"code": "forbidden"})
    assert not ReceivedMail.objects.exists()


def test_a_signature_counts_for_its_body_only(conversation):
    signed = signature(reply(conversation, "Something else"))
    assert hand_in(reply(conversation), signed=signed).status_code == 403
    assert words() == []


@pytest.mark.parametrize(
    ("seconds", "status"), [(-290, 200), (290, 200), (-310, 403), (310, 403)]
)
def test_a_signature_counts_five_minutes(conversation, seconds, status, time_machine):
    now = 1_795_000_000
    time_machine.move_to(now, tick=False)
    body = reply(conversation)
    response = hand_in(body, signed=signature(body, at=now + seconds))
    assert response.status_code == status


def test_the_moment_of_a_signature_cannot_be_moved(conversation):
    body, now = reply(conversation), int(time.time())
    _, _, digest = signature(body, at=now - 10_000).partition(",")
    assert hand_in(body, signed=f"t={now},{digest}").status_code == 403


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=,v1=",
        "v1=00",
        "t=now,v1=00",
        "t=٣,v1=00",
        "t=-1,v1=00",
        "t=1e9,v1=00",
        f"t={'9' * 400},v1=00",
        "t=1,t=2,v1=é",
        "=,=,=",
        ",,,,",
    ],
)
def test_nonsense_for_a_signature_is_refused(conversation, header):
    response = hand_in(reply(conversation), signed=header)
    assert response.status_code == 403
    assert words() == []


def test_without_a_secret_there_is_no_such_page(conversation, settings):
    settings.CHATDESK = {"MAIL_IN_ADDRESS": "chat+{token}@shop.example"}
    body = reply(conversation)
    assert hand_in(body, signed=signature(body, secret="")).status_code == 404
    assert words() == []


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head"])
def test_mail_is_posted_and_nothing_else(client, method):
    assert getattr(client, method)(ADDRESS).status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        b" ",
        b"{",
        b"[]",
        b"3",
        b"null",
        b'"raw"',
        b"{}",
        b'{"raw": null}',
        b'{"raw": 3}',
        b'{"raw": ["x"]}',
        b'{"raw": "\\ud800"}',
        b'{"raw": "\xff"}',
        b"[" * 5_000,
    ],
    ids=range(13),
)
def test_json_that_holds_no_mail_is_said_to_be_wrong(body):
    response = hand_in(body, kind="application/json")
    assert (response.status_code, response.json()) == (400, {"code": "invalid"})


def test_a_mail_over_the_limit_is_told_and_not_read(conversation):
    body = reply(conversation, "x" * 5_000)
    assert hand_in(body).json() == {"outcome": "too_large"}
    assert words() == []


def test_a_body_far_over_the_limit_is_not_even_received(conversation):
    response = hand_in(reply(conversation, "x" * 9_000), signed="")
    assert (response.status_code, response.json()) == (413, {"code": "too_large"})


def test_a_length_that_is_no_number_is_no_error_of_ours(conversation):
    response = hand_in(reply(conversation), CONTENT_LENGTH="many")
    assert response.status_code == 400
    assert words() == []


def test_json_may_hold_bytes_that_are_no_text(conversation):
    raw = reply(conversation, "Red?").decode() + "\udcff"
    body = json.dumps({"raw": raw}).encode()
    assert hand_in(body, kind="application/json").json() == {"outcome": "posted"}
    assert words()[0].startswith("Red?")
