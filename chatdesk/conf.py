"""Settings: one frozen object filled from the host's ``CHATDESK`` dictionary.

Each field below is a key of that dictionary in capitals: ``goal`` is set by
``CHATDESK = {"GOAL": timedelta(seconds=15)}``. Unknown keys are refused at start.
"""

from dataclasses import dataclass, fields
from datetime import timedelta
from functools import cache

from django.conf import settings as host_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed


@dataclass(frozen=True)
class Settings:
    """All that a shop may set, with the defaults that a small shop wants."""

    site_url: str = ""
    """Address of the shop for links in mails, such as ``https://shop.example``."""

    site_name: str = ""
    """Name of the shop in the widget and in mails; else the storefront's name."""

    shop_adapter: str = ""
    """Dotted path of the shop's ``ShopAdapter``; empty: the shop tells nothing."""

    shop_wait: timedelta = timedelta(seconds=2)
    """How long a dialog waits for what the shop's adapter says."""

    allowed_origins: tuple[str, ...] = ()
    """Further exact origins (scheme, host, port) that may open sockets."""

    goal: timedelta = timedelta(seconds=15)
    """A first reply within this time is good."""

    limit: timedelta = timedelta(seconds=20)
    """A question older than this without an answer raises the alert."""

    letter_within: timedelta = timedelta(hours=1)
    """A letter is to be answered within this much working time."""

    answer_mail_after: timedelta = timedelta(minutes=5)
    """An answer that the visitor has not seen for so long follows him by mail."""

    capacity: int = 5
    """How many dialogs an operator leads at once unless his card says otherwise."""

    auto_assign: bool = False
    """Whether a new dialog is given to an operator at once; else operators press Take.

    Either way a question that waits over the limit is passed on by itself."""

    quiet_after: timedelta = timedelta(minutes=10)
    """A dialog whose visitor says nothing for so long frees its operator's place."""

    offer_within: timedelta = timedelta(seconds=30)
    """How long a colleague has to accept a dialog that is handed to him."""

    holding_text: bool = True
    """Whether a visitor gets the automatic text when nobody answers in time."""

    pass_on: bool = True
    """Whether a question over the limit goes to another operator with a place."""

    no_reply_mail: bool = True
    """Whether a question over the limit is told by mail."""

    supervisors_after: timedelta = timedelta(seconds=40)
    """When managers are told of a question; zero means never."""

    rescue_after: timedelta = timedelta(seconds=60)
    """When the visitor is offered to leave a contact; zero means never."""

    left_after: timedelta = timedelta(minutes=10)
    """A question without an answer for so long is listed for follow-up."""

    silent_after: timedelta = timedelta()
    """After how long a silent visitor is told that the dialog ends; zero: never."""

    silent_close_after: timedelta = timedelta(minutes=5)
    """How long after that the dialog is closed if he still says nothing."""

    uncovered_after: timedelta = timedelta(minutes=10)
    """After how long managers are mailed that nobody is at the desk; zero: never."""

    reopen_within: timedelta = timedelta(hours=24)
    """How long after closing a visitor's message continues the same dialog."""

    rating_changeable: timedelta = timedelta(hours=24)
    """How long after closing a rating may be changed."""

    sneak_peek: bool = True
    """Whether operators see what is typed before it is sent, unless switched off."""

    alert_emails: tuple[str, ...] = ()
    """Who gets the alert of a missing reply, beside the managers' own addresses."""

    shop_copy_emails: tuple[str, ...] = ()
    """Who gets a copy of each dialog when it ends; empty: nobody."""

    digest_emails: tuple[str, ...] = ()
    """Who gets the daily summary; empty: the managers and ``ALERT_EMAILS``."""

    digest_hour: int = 8
    """From which hour of the site's day the summary of the day before is mailed."""

    mail_copies: bool = True
    """Whether visitors may have the copy of a dialog mailed to them."""

    mail_alerts: bool = True
    """Whether a missing reply is told by mail."""

    mail_letter_alerts: bool = True
    """Whether a letter that is late is told by mail."""

    mail_presence_alerts: bool = True
    """Whether an empty desk, and who has not come to a shift, are told by mail."""

    mail_letter_copies: bool = True
    """Whether a customer gets a copy of his letter with the time of the answer."""

    mail_answers: bool = True
    """Whether answers follow a visitor who has gone by mail."""

    mail_digest: bool = True
    """Whether the daily summary is mailed."""

    mail_in_address: str = ""
    """Address for replies with ``{token}``: ``chat+{token}@shop.example``."""

    mail_in_imap: str = ""
    """Box to fetch replies from: ``imaps://user:password@host/INBOX``, or empty."""

    mail_in_secret: str = ""
    """Secret that signs mail handed in by HTTP; empty closes that door."""

    mail_in_limit: int = 2_000_000
    """Largest mail that is read, in bytes."""

    code_rate: str = "5/h"
    """Codes for addresses that one network address may ask for."""

    vapid_public_key: str = ""
    """Public key of the shop for pushes; empty: no operator can be called by push."""

    vapid_private_key: str = ""
    """Private key to it; ``manage.py chatdesk_vapid`` makes both."""

    vapid_contact: str = ""
    """Whom a push service writes to: ``mailto:owner@shop.example`` or an address."""

    push_services: tuple[str, ...] = (
        "fcm.googleapis.com",
        "push.services.mozilla.com",
        "push.apple.com",
        "notify.windows.com",
    )
    """Hosts, or the ends of their names, that subscriptions may point to."""

    push_text: bool = False
    """Whether a push carries the visitor's name and words, not only that he waits."""

    from_email: str = ""
    """Sender of mails; empty means Django's ``DEFAULT_FROM_EMAIL``."""

    visitor_cookie: str = "chatdesk_visitor"
    """Name of the cookie that remembers a visitor after the first message."""

    visitor_cookie_age: timedelta = timedelta(days=365)
    """How long that cookie lives."""

    beat: timedelta = timedelta(seconds=8)
    """Heartbeat of open panels and workspaces."""

    hidden_beat: timedelta = timedelta(seconds=25)
    """Longest silence between heartbeats of a hidden tab that is still normal."""

    lease: timedelta = timedelta(seconds=25)
    """How long an operator counts as connected after his process last said so."""

    idle_after: timedelta = timedelta(minutes=5)
    """An operator who touched none of his tabs for so long is away; zero: never."""

    away_reasons: tuple[str, ...] = ("lunch", "training", "break", "other")
    """Why an operator may be away; other words than these four show as they are."""

    head_poll: timedelta = timedelta(seconds=2)
    """How often a process looks for entries that no bell announced."""

    poll_wait: timedelta = timedelta(seconds=25)
    """Longest time a long poll waits for entries."""

    message_rate: str = "30/m"
    """Messages a visitor may send; ``n/s``, ``n/m`` or ``n/h``."""

    frame_rate: str = "40/s"
    """Frames a socket may send before it is closed for flooding."""

    draft_rate: str = "4/s"
    """Typing signals and drafts of a socket that are relayed; more are dropped."""

    transcript_rate: str = "3/h"
    """Copies by mail that a visitor may ask for, and that an address may get."""

    start_rate: str = "20/h"
    """New conversations that one network address may begin."""

    trusted_proxies: int = 0
    """How many proxies before the site add to ``X-Forwarded-For``."""

    write_queue: int = 2000
    """Intents that may wait for the writer before senders are told to retry."""

    shortcut: bool = True
    """Whether frames pass by what Daphne and uvicorn do for each, where they can."""

    calm_collector: bool = True
    """Whether a process that serves sockets looks for garbage cycles less often."""

    effect_attempts: int = 10
    """Tries of a mail before it is given up and shown to the manager."""

    tick: bool = True
    """Whether web processes run due effects themselves, once a second."""

    tracking: str = "notice"
    """What is kept of visits: ``notice``, ``strict`` (only after consent), ``off``."""

    consent: str = ""
    """Path of the shop's function of a request: True, False, or None for not asked."""

    consent_cookie: str = ""
    """Cookie of the shop's consent tool, such as ``cookies=all``; else ``CONSENT``."""

    visit_retention: timedelta = timedelta(days=90)
    """How long visits, their pages and events are kept."""

    city_file: str = ""
    """Path of a database of cities in the MaxMind format; empty means no city."""

    idle_cart_over: int = 50
    """A cart worth more than this that rests for ``IDLE_CART_AFTER`` is an event."""

    idle_cart_after: timedelta = timedelta(minutes=2)
    """How long nothing happens until a full cart is idle."""

    seen_again: int = 3
    """How many looks at one product in a visit are an event."""

    operator_group: str = "Operator"
    """Name of the group made for operators."""

    manager_group: str = "Manager"
    """Name of the group made for managers."""

    sale_window: timedelta = timedelta(days=7)
    """How long after an operator's answer an order is credited to the dialog."""

    sale_rule: str = "last"
    """Which dialog of several an order is credited to: last, first, shared, longest."""

    ledger_webhook: str = ""
    """Address that every line of the ledger is posted to; empty: nobody is told."""

    ledger_webhook_secret: str = ""
    """Secret that signs what is posted there."""

    currency: str = "EUR"
    """Currency of the sums in figures and of adjustments."""


@cache
def get_settings() -> Settings:
    """Return the settings in force; rebuilt when ``CHATDESK`` changes.

    Raises ``ImproperlyConfigured`` for a key that does not exist.
    """
    given = getattr(host_settings, "CHATDESK", {})
    known = {item.name.upper(): item.name for item in fields(Settings)}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ImproperlyConfigured(f"CHATDESK has unknown keys: {', '.join(unknown)}")
    return Settings(**{known[key]: value for key, value in given.items()})


def _forget(*, setting: str, **_kwargs: object) -> None:
    if setting == "CHATDESK":
        get_settings.cache_clear()


setting_changed.connect(_forget, dispatch_uid="chatdesk.conf")
