"""Who sees how a programme is doing, and who may change it."""

from engine.actors import Actor
from models import Programme
from web.security import role

OVERSEERS = ("owner", "auditor", "admin_lkpp", "pimpinan_lkpp")
"""Who sees how a programme is doing."""
overseers = role(*OVERSEERS)


def oversees(actor: Actor | None) -> bool:
    return actor is not None and overseers.admits(actor)


def may_change(actor: Actor | None, programme: Programme | None = None) -> bool:
    """An owner over what the programme is for: of all instansi, or of the programme's own."""
    return actor is not None and actor.holds("owner", programme.instansi_id if programme else None)
