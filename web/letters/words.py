"""How letters, their states and their signatures are called."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Row

from engine.letters.book import CANCELLED, ISSUED, REPLACED, SIGNED, WITHDRAWN

TONES = {ISSUED: "busy", SIGNED: "good", WITHDRAWN: "bad", REPLACED: "warn", CANCELLED: "bad"}


def state_text(state: str) -> str:
    """In the register."""
    return {
        ISSUED: _("Diberi nomor"),
        SIGNED: _("Berlaku"),
        WITHDRAWN: _("Dicabut"),
        REPLACED: _("Diganti"),
        CANCELLED: _("Dibatalkan"),
    }[state]


def kind_text(kind: str) -> str:
    """Kinds are named by packages: `surat_penolakan` reads “Surat penolakan”."""
    return kind.replace("_", " ").capitalize()


def event_text(kind: str) -> str:
    return {
        f"letter:{CANCELLED}": _("Dibatalkan"),
        f"letter:{WITHDRAWN}": _("Dicabut"),
        f"letter:{REPLACED}": _("Diganti"),
        "office:changed": _("Kop surat diubah"),
    }.get(kind, kind)


def service_note(service: str) -> str:
    """What a signature is not, where it is not the real thing."""
    return {
        "development": _("sertifikat pengembangan, bukan untuk dipakai resmi"),
        "bsre-simulasi": _("simulasi layanan BSrE"),
    }.get(service, "")


def signatures_of(stages: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """The signatures of the newest stage."""
    kept = stages[0].signatures if stages else []
    return [{**one, "at": datetime.fromisoformat(one["at"])} for one in kept]
