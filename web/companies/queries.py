"""What the pages of Penyedia read: a person's profile and applications, the companies they act for, a question."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from engine.people import membership_status
from engine.people.memberships import NATIONAL_ZONE
from models import Branch, Company, Director, Instance, Membership, PersonProfile, PowerOfAttorney, User, UserTask

ADMIN, BRANCH_ADMIN = "admin_perusahaan", "admin_cabang"
QUESTION = "confirm_power"
"""The task of the Pemberi Kuasa in the diagram."""


@dataclass(frozen=True)
class Held:
    """An access of a Penyedia as its page shows it."""

    role: str
    company_id: str
    company: str
    nib: str
    branch: str | None
    valid_until: date | None
    status: str

    @property
    def is_open(self) -> bool:
        return self.status in ("active", "ending")


def profile(connection: Connection, user_id: str) -> Row[Any] | None:
    return connection.execute(
        select(
            PersonProfile.name,
            PersonProfile.state,
            PersonProfile.identity_kind,
            PersonProfile.identity_number,
            PersonProfile.verified_at,
            PersonProfile.verified_by,
        ).where(col(PersonProfile.user_id) == user_id)
    ).first()


def running(connection: Connection, user_id: str, key: str) -> Row[Any] | None:
    """This person's newest case of a process that has not ended."""
    return connection.execute(
        select(Instance.id, Instance.number, Instance.version_id, Instance.stage, Instance.stage_element)
        .where(
            col(Instance.starter_id) == user_id,
            col(Instance.definition_key) == key,
            col(Instance.status).in_(("active", "suspended")),
        )
        .order_by(col(Instance.started_at).desc())
        .limit(1)
    ).first()


def open_task(connection: Connection, instance_id: str, user_id: str) -> Row[Any] | None:
    """What waits for this person in a case."""
    return connection.execute(
        select(UserTask.id, UserTask.element_id)
        .where(
            col(UserTask.instance_id) == instance_id,
            col(UserTask.assignee_id) == user_id,
            col(UserTask.state) == "open",
        )
        .limit(1)
    ).first()


def accesses(connection: Connection, user_id: str, now: datetime) -> list[Held]:
    """A person's accesses for companies and branches, the open ones first."""
    rows = connection.execute(
        select(Membership, col(Company.name), col(Company.nib), col(Branch.name))
        .join(Company, col(Company.id) == col(Membership.company_id))
        .outerjoin(Branch, col(Branch.id) == col(Membership.branch_id))
        .where(col(Membership.user_id) == user_id)
        .with_only_columns(
            Membership.role,
            Membership.state,
            Membership.valid_from,
            Membership.valid_until,
            col(Company.id),
            col(Company.name).label("company"),
            col(Company.nib),
            col(Branch.name).label("branch"),
        )
        .order_by(col(Membership.valid_from).desc(), col(Membership.id))
    ).all()
    held = [Held(r.role, r.id, r.company, r.nib, r.branch, r.valid_until, _status(r, now)) for r in rows]
    return sorted(held, key=lambda one: not one.is_open)


def branch_admins(connection: Connection, company_ids: list[str], now: datetime) -> dict[str, list[Row[Any]]]:
    """By company: each Admin of a division or branch who is in office today."""
    rows = connection.execute(
        select(
            Membership.company_id,
            Membership.state,
            Membership.valid_from,
            Membership.valid_until,
            col(Branch.name).label("branch"),
            Branch.kind,
            col(User.name).label("holder"),
        )
        .join(Branch, col(Branch.id) == col(Membership.branch_id))
        .join(User, col(User.id) == col(Membership.user_id))
        .where(
            col(Membership.role) == BRANCH_ADMIN,
            col(Membership.company_id).in_(company_ids),
            col(Membership.state) == "active",
        )
        .order_by(col(Branch.name))
    ).all()
    found: dict[str, list[Row[Any]]] = {}
    for row in rows:
        if _status(row, now) in ("active", "ending"):
            found.setdefault(row.company_id, []).append(row)
    return found


def question(connection: Connection, digest: str) -> Row[Any] | None:
    """What a Pemberi Kuasa is asked by the link of this digest, with the task that waits for the answer if one does."""
    grantee = aliased(User)
    return connection.execute(
        select(
            PowerOfAttorney.state,
            PowerOfAttorney.token_until,
            PowerOfAttorney.valid_until,
            PowerOfAttorney.grantor_id,
            PowerOfAttorney.grantor_name,
            PowerOfAttorney.grantor_position,
            PowerOfAttorney.company_id,
            PowerOfAttorney.instance_id,
            col(Company.name).label("company"),
            Company.nib,
            col(grantee.name).label("grantee"),
            col(grantee.email).label("grantee_email"),
            Instance.number,
            col(UserTask.id).label("task_id"),
        )
        .join(Company, col(Company.id) == col(PowerOfAttorney.company_id))
        .join(grantee, col(grantee.id) == col(PowerOfAttorney.grantee_id))
        .join(Instance, col(Instance.id) == col(PowerOfAttorney.instance_id))
        .outerjoin(
            UserTask,
            (col(UserTask.instance_id) == col(PowerOfAttorney.instance_id))
            & (col(UserTask.element_id) == QUESTION)
            & (col(UserTask.state) == "open")
            & (col(UserTask.assignee_id) == col(PowerOfAttorney.grantor_id)),
        )
        .where(col(PowerOfAttorney.token_digest) == digest)
    ).first()


def leaders(connection: Connection, company_id: str) -> list[Row[Any]]:
    """Who leads the company by the list that the application gave."""
    return list(
        connection.execute(
            select(Director.name, Director.position, Director.citizenship, Director.country)
            .where(col(Director.company_id) == company_id)
            .order_by(col(Director.place))
        )
    )


def _status(row: Any, now: datetime) -> str:
    """As everywhere: the dates decide."""
    held = Membership(
        id="", user_id="", role="", valid_from=row.valid_from, valid_until=row.valid_until, state=row.state,
        created_at=now,
    )  # fmt: skip
    return membership_status(held, now, NATIONAL_ZONE)
