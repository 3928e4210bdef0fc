"""Hands a mail to the host's mail backend and waits a limited time for its answer."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

TIMEOUT_S = 20
FINAL = 500


class Undeliverable(Exception):
    """The server will never take mail for this address; trying again cannot help."""


def send_mail(mail: EmailMessage) -> None:
    """Send one mail now; raises what the backend raises when it was not taken.

    The host's ``EMAIL_TIMEOUT`` counts if it is set: without any, a silent server would
    hold the worker for ever.
    """
    timeout = getattr(settings, "EMAIL_TIMEOUT", None) or TIMEOUT_S
    mail.connection = get_connection(timeout=timeout)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        answers = error.recipients.values()
        if answers and all(code >= FINAL for code, _ in answers):
            said = "; ".join(f"{code} {_text(text)}" for code, text in answers)
            raise Undeliverable(said) from error
        raise


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
