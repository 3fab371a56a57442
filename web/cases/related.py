"""The cases that belong together with one: those of them that this person may see."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import col

from engine.actors import Actor
from engine.authorisation import visible
from engine.relations import relatives
from engine.unit_of_work import UnitOfWork
from models import Instance, Programme
from web.words.names import status_text

MOST = 100


@dataclass(frozen=True)
class Related:
    """`kind`: what the other case is to this one, in words."""

    kind: str
    number: str
    title: str
    status: str


def related(unit: UnitOfWork, actor: Actor, instance_id: str) -> list[Related]:
    """In the order they came to be linked; of very many only the first."""
    links = relatives(unit, instance_id)[:MOST]
    if not links:
        return []
    query = select(col(Instance.id), col(Instance.number), col(Instance.title), col(Instance.status)).where(
        col(Instance.id).in_([link.instance_id for link in links]), visible(actor)
    )
    seen = {row.id: row for row in unit.connection.execute(query)}
    found = [(link, seen[link.instance_id]) for link in links if link.instance_id in seen]
    return [
        Related(kind_text(link.kind, link.direction), row.number, row.title, status_text(row.status))
        for link, row in found
    ]


def kind_text(kind: str, direction: str) -> str:
    """Seen from the one end of the link or from the other."""
    words = {
        ("schedule", "to"): _("Jadwal uji kompetensi"),
        ("schedule", "from"): _("Peserta pada jadwal ini"),
        ("formasi", "to"): _("Formasi"),
        ("formasi", "from"): _("Peserta pada formasi ini"),
        ("recommendation", "to"): _("Rekomendasi pengangkatan"),
        ("recommendation", "from"): _("Peserta yang direkomendasikan"),
        ("lpse", "to"): _("LPSE"),
        ("lpse", "from"): _("Butir standar"),
        ("replaces", "to"): _("Menggantikan"),
        ("replaces", "from"): _("Digantikan oleh"),
    }
    return words.get((kind, direction), kind)


def programme_of(unit: UnitOfWork, instance_id: str) -> Programme | None:
    """The programme that a case was started in."""
    query = select(Programme).join(Instance, col(Instance.programme_id) == col(Programme.id))
    return unit.session.scalars(query.where(col(Instance.id) == instance_id)).first()
