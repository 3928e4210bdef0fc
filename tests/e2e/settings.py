"""The demo as its command runs it, with limits for a day of visitors in a minute."""

from datetime import timedelta

from shop_demo.settings import *  # noqa: F403 - the shop's own, as they are

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Fast.

# Every test is a new visitor from one address.
CHATDESK: dict[str, object] = {  # type: ignore[no-redef]
    **CHATDESK,  # noqa: F405 - as above
    "START_RATE": "1000/h",
    "MESSAGE_RATE": "300/m",
    "TRANSCRIPT_RATE": "100/h",
    # A pair of nobody's, so that the switch of pushes is there.
    "VAPID_PUBLIC_KEY": "BLKRQ9iW4yivyq34asW9BAAr_Q9mgcEHMCdK1aEeVMFm"
    "Gf90y7GMTlC_K2uLgzRpLsOI8bH-vCDlG2IsOQmaaaI",
    "VAPID_PRIVATE_KEY": "R4Zbdyi6tGavsRjmyQF8Eu3cqse2IJQ-uWKLfQRaPew",
    "VAPID_CONTACT": "mailto:owner@northbrew.example",
    # As often as leases are renewed, with room for a busy machine.
    "LEASE": timedelta(seconds=16),
}

# A browser may ask for the policy of a careful shop.
MIDDLEWARE = ["tests.e2e.policy.strict_on_request", *MIDDLEWARE]  # noqa: F405 - as above
