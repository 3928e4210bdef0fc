"""To be run once after a restore from backup, before visitors come back."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from chatdesk.services.epochs import begin_epoch


class Command(BaseCommand):
    """Tells all clients that what they remember may be newer than the database."""

    help = _("After a restore from backup: make all clients load their dialogs again.")

    def handle(self, **_options: object) -> None:
        begin_epoch()
        self.stdout.write(_("Done. Every client will load its dialogs again."))
