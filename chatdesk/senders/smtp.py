"""Hands a mail to the host's mail backend and waits a limited time for its answer."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from chatdesk.senders.refusals import is_about_address

TIMEOUT_S = 20
FINAL = "5"


class Undeliverable(Exception):
    """The server says that the address is none; trying again cannot help."""


def send_mail(mail: EmailMessage) -> None:
    """Send one mail now; raises what the backend raises when it was not taken.

    The host's ``EMAIL_TIMEOUT`` counts if it is set: without any, a silent server would
    hold the worker for ever. A refusal of the mail, of the sender or of all its readers
    is the server's of the moment and is raised as it is.
    """
    timeout = getattr(settings, "EMAIL_TIMEOUT", None) or TIMEOUT_S
    mail.connection = get_connection(timeout=timeout)
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        said = [f"{code} {_text(text)}" for code, text in error.recipients.values()]
        # Several who are refused at once have in common who writes to them.
        if len(said) == 1 and said[0] >= FINAL and is_about_address(said[0]):
            raise Undeliverable(said[0]) from error
        raise


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer
