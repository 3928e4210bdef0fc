"""The Celery tasks. They carry nothing: what is to be done are rows.

A tick that is lost or comes twice changes nothing, so they need neither late
acknowledgement nor results. Unknown arguments of a newer release are ignored.
"""

from celery import shared_task

from chatdesk import clock, worker
from chatdesk.services.mailbox import fetch_mail_if_set


@shared_task(name="chatdesk.drain", ignore_result=True)
def drain(**_kwargs: object) -> None:
    """Do what is due."""
    worker.run_due(at=clock.now(), runner="celery")


@shared_task(name="chatdesk.fetch_mail", ignore_result=True)
def fetch_mail(**_kwargs: object) -> None:
    """Fetch replies, if there is a box."""
    fetch_mail_if_set(at=clock.now())


@shared_task(name="chatdesk.sweep", ignore_result=True)
def sweep(**_kwargs: object) -> None:
    """Repair what vanished processes left behind."""
    worker.sweep(at=clock.now())
