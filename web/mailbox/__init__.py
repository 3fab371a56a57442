"""The demo's mailbox: reads the mails this installation wrote. Registered only while the demo is on."""

from web.mailbox.views import blueprint

__all__ = ["blueprint"]
