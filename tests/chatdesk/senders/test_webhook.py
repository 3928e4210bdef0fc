"""A note of ours arrives signed, and anything but a yes is a failure."""

import hashlib
import hmac
import http.client
import time

import pytest

from chatdesk.senders.webhook import is_hook_address, post_note
from tests.services.hook import Hook, open_hook

BODY = '{"amount": "1.05", "name": "Анна"}'.encode()


@pytest.fixture
def hook():
    with open_hook() as hook:
        yield hook


def test_a_note_arrives_as_it_is_and_signed(hook: Hook):
    post_note(f"{hook.address}?shop=1", BODY, secret="s3cret", key="k1")

    (note,) = hook.notes
    assert (note.path, note.body) == ("/lines?shop=1", BODY)
    assert note.headers["Content-Type"] == "application/json"
    assert note.headers["Idempotency-Key"] == "k1"
    moment, _, digest = note.headers["X-Chatdesk-Signature"].partition(",v1=")
    seconds = moment.removeprefix("t=")
    assert abs(time.time() - int(seconds)) < 60
    signed = seconds.encode() + b"." + BODY
    assert digest == hmac.new(b"s3cret", signed, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("status", [301, 302, 400, 404, 409, 429, 500, 503])
def test_what_is_not_taken_is_a_failure_and_nobody_is_followed(hook: Hook, status):
    hook.answers = [status]

    with pytest.raises(http.client.HTTPException, match=str(status)):
        post_note(hook.address, BODY, secret="s", key="k")

    assert len(hook.notes) == 1


def test_nobody_there_is_a_failure(hook: Hook):
    hook.close()

    with pytest.raises(ConnectionRefusedError):
        post_note(hook.address, BODY, secret="s", key="k")


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://books.example/lines", True),
        ("http://10.0.0.7:8080", True),
        ("ftp://books.example", False),
        ("books.example/lines", False),
        ("https:///lines", False),
        ("https://books.example:99999/", False),
        ("", False),
    ],
)
def test_an_address_can_be_posted_to(address, is_one):
    assert is_hook_address(address) is is_one
