"""Plain sending: with a time limit, and without hiding a failure."""

import socket
import time

import pytest
from django.core.mail import EmailMessage

from chatdesk.senders import smtp

LETTER = {"subject": "Hello", "body": "Hello", "to": ["visitor@mail.example"]}


def test_send_mail_hands_the_mail_to_the_server(smtp_server):
    smtp.send_mail(EmailMessage(**LETTER))
    assert smtp_server.recipients == [["visitor@mail.example"]]


def test_send_mail_raises_what_the_server_refuses(smtp_server):
    smtp_server.answer = "554 no"
    with pytest.raises(OSError, match="554"):
        smtp.send_mail(EmailMessage(**LETTER))


def test_send_mail_does_not_wait_for_ever_for_a_silent_server(settings, monkeypatch):
    monkeypatch.setattr(smtp, "TIMEOUT_S", 0.2)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = None
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_HOST, settings.EMAIL_PORT = silent.getsockname()
        began = time.monotonic()
        with pytest.raises(OSError, match="timed out"):
            smtp.send_mail(EmailMessage(**LETTER))
    assert time.monotonic() - began < 5


def test_send_mail_keeps_to_the_time_limit_of_the_host(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 3
    mail = EmailMessage(**LETTER)
    settings.EMAIL_PORT = 1
    with pytest.raises(ConnectionRefusedError):
        smtp.send_mail(mail)
    assert mail.connection.timeout == 3
