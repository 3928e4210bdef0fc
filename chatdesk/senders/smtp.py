"""Hands a mail to the host's mail backend and waits a limited time for its answer."""

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

TIMEOUT_S = 20


def send_mail(mail: EmailMessage) -> None:
    """Send one mail now; raises what the backend raises when it was not taken.

    The host's ``EMAIL_TIMEOUT`` counts if it is set: without any, a silent server would
    hold the worker for ever.
    """
    timeout = getattr(settings, "EMAIL_TIMEOUT", None) or TIMEOUT_S
    mail.connection = get_connection(timeout=timeout)
    mail.send()
