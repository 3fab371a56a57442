"""Mail: written with the act that wants it, sent afterwards as a job, shown by the demo's mailbox."""

from engine.mail.outgoing import BadAddressError, Mail, queue_mail, queue_mails
from engine.mail.transports import (
    MailDeferredError,
    MailRefusedError,
    SmtpTransport,
    SpoolTransport,
    Transport,
    transport_for,
)

__all__ = [
    "BadAddressError", "Mail", "MailDeferredError", "MailRefusedError", "SmtpTransport", "SpoolTransport", "Transport",
    "queue_mail", "queue_mails", "transport_for",
]  # fmt: skip
