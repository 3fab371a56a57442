"""What the pages about anchors say: of places outside, and how far a delivery is."""

from flask_babel import gettext as _
from flask_babel import ngettext

from engine.anchors import Delivery


def channel_text(channel: str) -> str:
    named = {"folder": _("Folder"), "mail": _("Surel"), "timestamp": _("Stempel waktu (RFC 3161)")}
    return named.get(channel, channel)


def state_of(delivery: Delivery) -> tuple[str, str]:
    """Words and tone."""
    if delivery.state == "delivered":
        return _("Terkirim"), "good"
    if delivery.state == "failed":
        return _("Gagal, perlu ditangani operator"), "bad"
    if delivery.state == "again":
        tries = ngettext("%(num)d percobaan gagal, dicoba lagi", "%(num)d percobaan gagal, dicoba lagi",
                         max(delivery.attempts, 1))  # fmt: skip
        return tries, "warn"
    return _("Menunggu dikirim"), "busy"


def outside_of(deliveries: list[Delivery]) -> tuple[str, str]:
    """One line for the list: has it left the system?"""
    if not deliveries:
        return _("Tidak dikirim ke luar"), "warn"
    done = sum(delivery.state == "delivered" for delivery in deliveries)
    if done == len(deliveries):
        return _("Terkirim"), "good"
    bad = any(delivery.state == "failed" for delivery in deliveries)
    return _("%(done)d dari %(all)d terkirim", done=done, all=len(deliveries)), "bad" if bad else "busy"
