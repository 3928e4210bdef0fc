"""A real SMTP server on the loopback that keeps what it is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.services.valkey import free_port


@dataclass
class SmtpServer:
    """What arrived, in order, and what to answer to the next message."""

    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    messages: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    answer: str = "250 kept"

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.answer.startswith("250"):
            self.keep(envelope)
        return self.answer

    def keep(self, envelope: Envelope) -> None:
        """Keep a mail, whatever its sender is told."""
        self.recipients.append(envelope.rcpt_tos)
        self.messages.append(
            message_from_bytes(envelope.content, policy=policy.default)
        )


@contextmanager
def run_smtp() -> Iterator[SmtpServer]:
    """Yield a listening server; set ``answer`` to make it refuse."""
    smtp = SmtpServer()
    controller = Controller(smtp, hostname=smtp.host, port=smtp.port)
    controller.start()
    try:
        yield smtp
    finally:
        controller.stop()
