"""Reads a mail that came in: whose it is, whether a person wrote it, and what he said.

Pure: bytes in, facts out. Nothing of a mail is believed but its own signed address.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import cast
from uuid import UUID

from chatdesk.conf import get_settings
from chatdesk.tokens import read_thread

try:
    from mailparser_reply import EmailReplyParser
except ImportError:  # the extra is not installed: quotes are found by our own rules
    EmailReplyParser = None

LONGEST_BODY = 200_000
# The library's patterns take minutes over a long text made for it; ours are bounded.
LONGEST_FOR_LIBRARY = 1_500
LANGUAGES = ["en", "de", "fr", "es", "it", "nl", "pl"]
RECEIVERS = (
    "To",
    "Cc",
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
)
ROBOTS = {"bulk", "junk", "list", "auto_reply"}
OWN_ID = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
# Where an earlier mail begins, in the words of the usual programs.
QUOTES = re.compile(
    r"^\s*(?:>|-{2,}\s*(?:original message|исходное сообщение|пересылаемое сообщение)"
    r"|(?:on|am|le|el|il)\b.{4,200}(?:wrote|schrieb|écrit|escribió|scritto)\s*:"
    r"|.{0,200}(?:пишет|писала?|написала?|\(а\))\s*:\s*$"
    r"|(?:пн|вт|ср|чт|пт|сб|вс)[.,].{6,200}<[^>]+@[^>]+>\s*:\s*$"
    r"|\d{1,2}[.:]\d{2}.{0,160}<[^>]+@[^>]+>\s*:\s*$"
    r"|(?:from|от|von|de)\s*:\s.*@)",
    re.I,
)
BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n){2,}")
SIGNATURE = re.compile(r"^(?:--\s?|__+|sent from my .*|отправлено с .*)$", re.I)


@dataclass(frozen=True, slots=True)
class Bounce:
    """An address that a server refused for good."""

    email: str
    reason: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a mail is.

    ``thread`` comes from its signed address, ``effects`` from the identity of the mail
    it answers, which is believed only with the right sender.
    """

    identity: str
    sender: str
    is_automatic: bool
    thread: UUID | None = None
    effects: tuple[UUID, ...] = ()
    text: str = ""
    bounces: tuple[Bounce, ...] = field(default=())


def read_mail(raw: bytes) -> Incoming:
    """Return what ``raw`` is; what is broken in it is left out.

    One that cannot be read at all is nobody's: it must not hold up those behind it.
    """
    try:
        return _read(raw)
    except Exception:  # noqa: BLE001 - the library raises anything over a broken header
        nobody = hashlib.sha256(raw).hexdigest()
        return Incoming(identity=nobody, sender="", is_automatic=False)


def _read(raw: bytes) -> Incoming:
    mail = message_from_bytes(raw, policy=policy.default)
    senders = getaddresses([_header(mail, "From")])
    bounces = tuple(_bounces(mail))
    return Incoming(
        identity=_identity(mail, raw),
        sender=senders[0][1].lower() if senders else "",
        is_automatic=_is_automatic(mail),
        thread=_thread(mail),
        effects=_answered(mail),
        text="" if bounces else strip_quotes(_body(mail)),
        bounces=bounces,
    )


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return "\n".join(str(each) for each in mail.get_all(name, []))
    except Exception:  # noqa: BLE001 - the library raises anything over a broken header
        return ""


def _identity(mail: EmailMessage, raw: bytes) -> str:
    named = _header(mail, "Message-ID").strip().encode(errors="replace")
    return hashlib.sha256(named or raw).hexdigest()


def _thread(mail: EmailMessage) -> UUID | None:
    """Return the dialog that one of the receivers' addresses names."""
    before, _, after = get_settings().mail_in_address.lower().partition("{token}")
    if not after:
        return None
    for name in RECEIVERS:
        for _, address in getaddresses([_header(mail, name)]):
            found = address.lower()
            if found.startswith(before) and found.endswith(after):
                token = found.removeprefix(before).removesuffix(after)
                thread = read_thread(token)
                if thread:
                    return thread
    return None


def _answered(mail: EmailMessage) -> tuple[UUID, ...]:
    named = f"{_header(mail, 'In-Reply-To')} {_header(mail, 'References')}"
    return tuple(dict.fromkeys(UUID(each) for each in OWN_ID.findall(named[:5000])))


def _is_automatic(mail: EmailMessage) -> bool:
    """Tell whether a program wrote it: an absence note, a list, our own mail."""
    submitted = _header(mail, "Auto-Submitted").strip().lower()
    return (
        submitted not in ("", "no")
        or _header(mail, "Precedence").strip().lower() in ROBOTS
        or bool(_header(mail, "List-Id") or _header(mail, "X-Autoreply"))
        or bool(_header(mail, "X-Autorespond") or _header(mail, "X-Loop"))
        or _header(mail, "Return-Path").strip() == "<>"
        or bool(OWN_ID.match(_header(mail, "Message-ID").strip()))
    )


def _bounces(mail: EmailMessage) -> Iterator[Bounce]:
    """Yield the addresses that a delivery report says were refused for good."""
    if mail.get_content_type() != "multipart/report":
        return
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in cast("list[EmailMessage]", part.get_payload()):
            status = _header(block, "Status").strip()
            action = _header(block, "Action").strip().lower()
            _, _, email = _header(block, "Final-Recipient").partition(";")
            if email.strip() and (action == "failed" or status.startswith("5")):
                said = _header(block, "Diagnostic-Code").partition(";")[2].strip()
                yield Bounce(email.strip().lower(), said or status, status)


def _body(mail: EmailMessage) -> str:
    try:
        part = mail.get_body(preferencelist=("plain", "html"))
        content = str(part.get_content()) if part is not None else ""
    except Exception:  # noqa: BLE001 - unknown charsets and torn encodings
        return ""
    content = content[:LONGEST_BODY].replace("\0", "")
    is_html = part is not None and part.get_content_type() == "text/html"
    return _text_of(content) if is_html else content


def strip_quotes(text: str) -> str:
    """Return what the sender wrote himself, without quotes and signature."""
    lines = text.replace("\r\n", "\n").split("\n")
    kept: list[str] = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if SIGNATURE.match(line.strip()) or _begins_quote(line, following):
            break
        kept.append(line)
    own = BLANK_LINES.sub("\n\n", "\n".join(kept).strip())
    if EmailReplyParser is not None and 0 < len(own) <= LONGEST_FOR_LIBRARY:
        own = (EmailReplyParser(languages=LANGUAGES).parse_reply(own) or own).strip()
    return own


def _begins_quote(line: str, following: str) -> bool:
    # A long introduction is wrapped, so that its colon is on the line after.
    joined = f"{line.strip()} {following.strip()}"[:500]
    starts = bool(QUOTES.match(line[:500]))
    return starts or (
        bool(following) and bool(re.match(r"(?:on|am|le)\s.*wrote:\s*$", joined, re.I))
    )


class _Words(HTMLParser):
    """Collects the words of HTML; quotes, styles and scripts are left out."""

    LEFT_OUT = ("style", "script", "blockquote", "head", "title")
    BREAKS = ("br", "p", "div", "tr", "li")

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Begin a line, or something that is left out."""
        is_quote = "gmail_quote" in str(attrs)
        if self._depth or tag in self.LEFT_OUT or is_quote:
            self._depth += tag not in ("br", "img", "hr", "meta", "link", "input")
        elif tag in self.BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        del tag
        self._depth = max(0, self._depth - 1)

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if not self._depth:
            self.words.append(data)


def _text_of(html: str) -> str:
    words = _Words()
    words.feed(html)
    return "".join(words.words)
