"""Makes the keys by which push services know the shop."""

from base64 import urlsafe_b64encode

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

try:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
except ImportError:  # the extra is not installed
    ec = None  # type: ignore[assignment]


class Command(BaseCommand):
    """Prints a new pair as lines of ``CHATDESK``."""

    help = _("Make the pair of keys for pushes and print it for the settings.")

    def handle(self, **_options: object) -> None:
        if ec is None:
            raise CommandError("pip install 'chatdesk[push]'")
        key = ec.generate_private_key(ec.SECP256R1())
        secret = key.private_numbers().private_value.to_bytes(32, "big")
        point = key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        self.stdout.write(f'"VAPID_PUBLIC_KEY": "{_text(point)}",')
        self.stdout.write(f'"VAPID_PRIVATE_KEY": "{_text(secret)}",')


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
