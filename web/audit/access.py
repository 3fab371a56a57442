"""Who may do what in the audit: auditors read every case; others see some of the results."""

from sqlalchemy import select
from sqlmodel import col

from engine.actors import Actor
from engine.authorisation import AUDITORS as AUDITOR_ROLES
from engine.authorisation import audited
from engine.errors import NotFoundError
from engine.unit_of_work import UnitOfWork
from models import Instance
from web.looks import saw_case
from web.security import role

AUDIT_ONLY = ("auditor", "auditor_luar", "data_officer")
"""Whose work is here, so that they land here."""
ROLES = (*AUDIT_ONLY, "admin", "owner")
AUDITORS = role(*AUDITOR_ROLES)
"""Every page about a case."""
RESULTS = role(*AUDITOR_ROLES, "admin", "owner")
"""What concerns the installation: results of proofs, anchors, analyses."""
DATA_OFFICERS = role("auditor", "data_officer")
"""Who saw what."""


def audited_case(unit: UnitOfWork, actor: Actor, number: str) -> Instance:
    """The case of this number; 404 where there is none, or where it is of an instansi that is not this auditor's."""
    query = select(Instance).where(col(Instance.number) == number, audited(actor))
    found = unit.session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFoundError
    saw_case(found.id)
    return found


def sees_persons(actor: Actor) -> bool:
    """May look for a person, and unmask: not an auditor from outside."""
    return any(grant.role == "auditor" for grant in actor.grants)
