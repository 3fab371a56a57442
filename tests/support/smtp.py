"""A real SMTP server that keeps what it is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller

from tests.support.postgresql import free_port


class Mailbox:
    """Keeps every mail with those it was for, or answers as it is told."""

    def __init__(self) -> None:
        self.url = ""
        self.received: list[tuple[list[str], EmailMessage]] = []
        self.senders: list[str] = []
        """Of the envelopes: where what comes back would go."""
        self.answers: dict[str, str] = {}

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 -- aiosmtpd's name
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 -- aiosmtpd's name
        self.senders.append(envelope.mail_from)
        self.received.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=default)))
        return self.answers.get("DATA", "250 OK")

    def to(self, address: str) -> list[EmailMessage]:
        """What this person was sent, in order."""
        return [message for recipients, message in self.received if recipients == [address]]


@contextmanager
def running_mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    box.url = f"smtp://127.0.0.1:{server.port}"
    try:
        yield box
    finally:
        server.stop()
