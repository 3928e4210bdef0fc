"""Fetches replies from the box of the settings: for cron, or to try it out."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from chatdesk import clock
from chatdesk.senders.imap import NoMailbox
from chatdesk.services.mailbox import fetch_mail


class Command(BaseCommand):
    """Fetches once."""

    help = _("Fetch replies from MAIL_IN_IMAP into their dialogs, once.")

    def handle(self, **_options: object) -> None:
        try:
            outcomes = fetch_mail(at=clock.now())
        except NoMailbox as error:
            raise CommandError(str(error)) from error
        for outcome, number in sorted(outcomes.items()):
            self.stdout.write(f"{outcome}: {number}")
