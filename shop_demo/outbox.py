"""Reads back the mails that Django's file backend wrote into a folder."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

FILE_NAME = re.compile(r"\d{8}-\d{6}-\d+\.log", re.ASCII)
"""What the file backend calls its files; nothing else is looked at."""

SEPARATOR = b"\n" + b"-" * 79 + b"\n"
"""What the file backend writes below each mail."""

LARGEST = 20 * 1024 * 1024

GUARD = """<!doctype html>
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<base target="_blank">
"""
"""Put before a mail's HTML: no scripts, nothing loaded, links in a new tab."""


@dataclass(frozen=True)
class Mail:
    """A mail with the place it is read from."""

    file: str
    index: int
    message: EmailMessage = field(repr=False)

    def header(self, name: str) -> str:
        """Return a header as text, empty when the mail has none."""
        return str(self.message.get(name, ""))

    @property
    def subject(self) -> str:
        return self.header("Subject")

    @property
    def sender(self) -> str:
        return self.header("From")

    @property
    def recipients(self) -> str:
        return self.header("To")

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(name, str(value)) for name, value in self.message.items()]

    @property
    def sent_at(self) -> datetime:
        """The date of the mail; a mail without one counts as the oldest."""
        try:
            date = parsedate_to_datetime(self.header("Date"))
        except ValueError:
            return datetime.min.replace(tzinfo=UTC)
        return date if date.tzinfo else date.replace(tzinfo=UTC)

    @property
    def text(self) -> str:
        return read_body(self.message, kind="plain")

    @property
    def html(self) -> str:
        """The HTML part, harmless to show, its attached pictures inside it."""
        html = read_body(self.message, kind="html")
        if not html:
            return ""
        for name, data in inline_pictures(self.message):
            html = html.replace(f"cid:{name}", data)
        return GUARD + html

    @property
    def attachments(self) -> list[str]:
        return [
            part.get_filename() or part.get_content_type()
            for part in self.message.iter_attachments()
        ]


def list_mails() -> list[Mail]:
    """Return all mails of the folder, newest first."""
    mails = [mail for path in list_files() for mail in read_file(path)]
    return sorted(mails, key=lambda mail: (mail.sent_at, mail.file), reverse=True)


def find_mail(*, file: str, index: int) -> Mail | None:
    """Return one mail, looked up among the files there are, never by a path."""
    for path in list_files():
        if path.name == file:
            mails = list(read_file(path))
            return mails[index] if 0 <= index < len(mails) else None
    return None


def list_files() -> list[Path]:
    """Return the files that hold mails: no links, no folders, nothing foreign."""
    folder = Path(settings.EMAIL_FILE_PATH)
    if not folder.is_dir():
        return []
    return [
        path
        for path in folder.iterdir()
        if FILE_NAME.fullmatch(path.name) and path.is_file() and not path.is_symlink()
    ]


def read_file(path: Path) -> Iterator[Mail]:
    """Read the mails of one file; the backend writes several into one."""
    with path.open("rb") as file:
        chunks = file.read(LARGEST).split(SEPARATOR)
    for index, chunk in enumerate(chunk for chunk in chunks if chunk.strip()):
        message = message_from_bytes(chunk.lstrip(), policy=policy.default)
        yield Mail(file=path.name, index=index, message=message)


def read_body(message: EmailMessage, *, kind: str) -> str:
    """Return the plain or the HTML body, empty when there is none of that kind."""
    part = message.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    return str(part.get_content())


def inline_pictures(message: EmailMessage) -> Iterator[tuple[str, str]]:
    """Yield the content id of each attached picture, and the picture as an address."""
    for part in message.walk():
        name = str(part.get("Content-ID", "")).strip("<>")
        if name and part.get_content_maintype() == "image":
            content = part.get_payload(decode=True)
            data = base64.b64encode(content if isinstance(content, bytes) else b"")
            yield name, f"data:{part.get_content_type()};base64,{data.decode()}"
