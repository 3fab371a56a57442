"""Which level a reader has for a case: by role, and by an unmasking that is in force."""

from collections.abc import Sequence
from datetime import datetime

from engine.actors import Actor
from engine.definitions import Definitions
from engine.privacy.fields import NO_KNOWLEDGE, knowledge_of
from engine.privacy.masking import Level, Masking
from engine.privacy.people import People, people_of
from engine.privacy.unmasking import in_force, may_unmask
from engine.unit_of_work import UnitOfWork
from models import Instance

AUDITOR, EXTERNAL = "auditor", "auditor_luar"


def standing_level(actor: Actor) -> Level:
    """What somebody's roles alone let them see: whoever holds the narrower one besides another has the other."""
    roles = {grant.role for grant in actor.grants}
    return Level.EXTERNAL if EXTERNAL in roles and AUDITOR not in roles else Level.AUDITOR


def masking_for(
    unit: UnitOfWork,
    definitions: Definitions,
    actor: Actor,
    instance_id: str,
    *,
    now: datetime,
    versions: Sequence[str] = (),
    locale: str = "id",
) -> Masking:
    """For the pages of one case. `versions`: those it ran on before, where a migration changed its forms."""
    level = standing_level(actor)
    case = unit.session.get(Instance, instance_id)
    if case is None:
        return Masking(level, locale=locale)
    if may_unmask(actor, case.instansi_id) and in_force(unit, instance_id, actor.user_id, now):
        return Masking(Level.OPEN, locale=locale)
    known = dict.fromkeys([case.version_id, *versions])
    knowledge = knowledge_of(*(definitions.version(version_id, unit) for version_id in known))
    return Masking(level, knowledge, people_of(unit, [instance_id], knowledge), locale)


def masking_of_lists(actor: Actor, locale: str = "id") -> Masking:
    """For lists of many cases, where no case's data are read: whoever is named in a column goes through `name`."""
    return Masking(standing_level(actor), NO_KNOWLEDGE, People(), locale)
