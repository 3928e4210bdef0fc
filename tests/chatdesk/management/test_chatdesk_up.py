"""What the command for one process refuses, in a sentence."""

import errno

import pytest
from django.core.management import CommandError, call_command

from chatdesk.management.commands import chatdesk_up


def test_without_daphne_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(chatdesk_up, "find_spec", lambda _name: None)
    with pytest.raises(CommandError, match=r"pip install chatdesk\[daphne\]"):
        call_command("chatdesk_up")


def test_without_an_asgi_application_it_says_what_to_set(settings):
    settings.ASGI_APPLICATION = None
    with pytest.raises(CommandError, match="ASGI_APPLICATION"):
        call_command("chatdesk_up")


@pytest.mark.parametrize(
    ("host", "url"),
    [("127.0.0.1", "http://127.0.0.1:8000/"), ("::1", "http://[::1]:8000/")],
)
def test_the_address_is_shown_as_a_browser_takes_it(host, url):
    assert chatdesk_up._url(host, 8000) == url


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.EADDRINUSE, "Address already in use"), "Port 80 is taken"),
        (OSError(errno.EACCES, "Permission denied"), "Port 80 needs more rights"),
        (
            OSError(errno.EADDRNOTAVAIL, "Cannot assign"),
            "Cannot listen on shop.example:80: ",
        ),
    ],
)
def test_a_port_that_cannot_be_had_is_explained(error, sentence):
    assert sentence in chatdesk_up._reason(error, "shop.example", 80)
