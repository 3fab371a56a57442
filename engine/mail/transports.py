"""How a mail leaves: by SMTP, or not at all (the spool, whose rows the demo shows)."""

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from html import escape
from typing import Protocol
from urllib.parse import unquote, urlsplit

from engine.errors import AlurError
from engine.mail.bounces import MAIL_HEADER, envelope_sender
from engine.mail.unsubscribing import Unsubscribing
from engine.settings import Settings
from engine.texts import Text
from models import OutgoingMail

TIMEOUT = 20
FOOTER = Text(
    "Kabar ini bukan surat wajib. Minta sekali sehari, atau berhenti: {link}",
    "This is a courtesy notice. Have them once a day, or unsubscribe: {link}",
)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class MailRefusedError(AlurError):
    """The mail server refuses this mail for good (answer {code})."""

    indonesian = "Server surel menolak surel ini untuk seterusnya (jawaban {code})."
    code = "mail_refused"


class MailDeferredError(AlurError):
    """The mail could not be handed over now ({why})."""

    indonesian = "Surel belum dapat diserahkan sekarang ({why})."
    code = "mail_deferred"


class BadMailUrlError(AlurError):
    """ALUR_SMTP_URL must look like smtp://user:password@host:587 or smtps://host."""

    indonesian = "ALUR_SMTP_URL harus berbentuk smtp://pengguna:sandi@host:587 atau smtps://host."
    code = "bad_mail_url"


class Transport(Protocol):
    """Hands one mail over, or raises MailRefusedError (never again) or MailDeferredError (later)."""

    keeps: bool
    """Nothing leaves this machine: to be written is to be sent."""

    def send(self, mail: OutgoingMail, now: datetime) -> None: ...


class SpoolTransport:
    """Keeps mails where they are written: the mailbox page shows the rows."""

    keeps = True

    def send(self, mail: OutgoingMail, now: datetime) -> None:
        """Nothing to hand over."""


class SmtpTransport:
    """`smtp://` takes TLS when the server offers it, and demands it for a password; `smtps://` is TLS throughout."""

    keeps = False

    def __init__(
        self,
        url: str,
        sender: str,
        *,
        tls: ssl.SSLContext | None = None,
        bounces_to: str = "",
        unsubscribing: Unsubscribing | None = None,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise BadMailUrlError
        self.host = parts.hostname
        self.implicit_tls = parts.scheme == "smtps"
        self.port = parts.port or (465 if self.implicit_tls else 25)
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.sender = sender
        self.tls = tls or ssl.create_default_context()
        self.bounces_to = bounces_to
        self.unsubscribing = unsubscribing

    def send(self, mail: OutgoingMail, now: datetime) -> None:
        message = compose(mail, self.sender, now, self.unsubscribing)
        envelope = envelope_sender(self.bounces_to, mail.id) if self.bounces_to else parseaddr(self.sender)[1]
        try:
            with self._connect() as server:
                self._secure(server)
                server.send_message(message, envelope, [mail.recipient])
        except (smtplib.SMTPException, OSError) as error:
            raise _meaning(error) from None  # smtplib quotes addresses, which stay out of logs and incidents

    def _connect(self) -> smtplib.SMTP:
        if self.implicit_tls:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=self.tls)
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)

    def _secure(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if not self.implicit_tls and server.has_extn("starttls"):
            server.starttls(context=self.tls)
            server.ehlo()
        elif not self.implicit_tls and self.user and self.host not in LOOPBACK:
            raise MailDeferredError(why="no TLS offered, so the password is not sent")
        if self.user:
            server.login(self.user, self.password)


def compose(mail: OutgoingMail, sender: str, now: datetime, unsubscribing: Unsubscribing | None = None) -> EmailMessage:
    """The message. Its id follows from the mail's key, so that a second sending after a crash is seen as the same."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(now)
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{sha256(mail.idempotency_key.encode()).hexdigest()[:32]}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message[MAIL_HEADER] = mail.id
    text, html = mail.text, mail.html
    if mail.courtesy and mail.reader and unsubscribing is not None:
        link = unsubscribing.link(mail.reader)
        message["List-Unsubscribe"] = f"<{link}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        text, html = _with_footer(text, html, link)
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    return message


def _with_footer(text: str, html: str, link: str) -> tuple[str, str]:
    """The way out stands in the mail too, for programs that show no button; in the mail's own language."""
    words = FOOTER.in_locale("en" if '<html lang="en">' in html else "id")
    footer = escape(words.format(link="")) + f'<a href="{escape(link)}">{escape(link)}</a>'
    framed = html.replace("</body>", f"<hr>\n<p><small>{footer}</small></p>\n</body>", 1)
    return f"{text.rstrip()}\n\n-- \n{words.format(link=link)}\n", framed


def transport_for(settings: Settings) -> Transport:
    """SMTP when an address is set, else the spool."""
    if not settings.smtp_url:
        return SpoolTransport()
    unsubscribing = Unsubscribing(settings.base_url, settings.secret_key)
    return SmtpTransport(
        settings.smtp_url, settings.mail_sender, bounces_to=settings.bounce_address, unsubscribing=unsubscribing
    )


def _meaning(error: smtplib.SMTPException | OSError) -> AlurError:
    """Refused for good only when the server says so about this mail; what is wrong with us is worth another try."""
    code = _code(error)
    if code is not None and code >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError):
        return MailRefusedError(code=code)
    return MailDeferredError(why=str(code) if code is not None else type(error).__name__)


def _code(error: smtplib.SMTPException | OSError) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max(code for code, _answer in error.recipients.values())
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None
