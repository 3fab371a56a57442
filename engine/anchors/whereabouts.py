"""What became of each delivery of an anchor: joined with the job or the mail that carries it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from engine.unit_of_work import UnitOfWork
from models import AnchorDelivery, Incident, Job, OutgoingMail


@dataclass(frozen=True)
class Delivery:
    """One place outside, and how far it is with it."""

    channel: str
    target: str
    delivered_at: datetime | None
    receipt: bytes | None
    attempts: int
    error: str
    incident: str | None
    """Its reference, while an operator must see to it."""

    @property
    def state(self) -> str:
        """delivered | failed | again (it failed and is tried again) | waiting"""
        if self.delivered_at is not None:
            return "delivered"
        return "failed" if self.incident else "again" if self.error else "waiting"


def deliveries(unit: UnitOfWork, numbers: list[int]) -> dict[int, list[Delivery]]:
    """By the anchor's number: one statement, however many anchors they are."""
    wanted = col(AnchorDelivery.anchor_number).in_(numbers)
    given = unit.connection.execute(
        select(
            col(AnchorDelivery.anchor_number), col(AnchorDelivery.channel), col(AnchorDelivery.target),
            col(AnchorDelivery.delivered_at), col(AnchorDelivery.receipt),
            col(Job.attempts), col(Job.last_error), col(Incident.reference), col(OutgoingMail.sent_at),
            col(OutgoingMail.failure), col(OutgoingMail.bounce),
        )
        .outerjoin(OutgoingMail, col(OutgoingMail.id) == col(AnchorDelivery.work))
        .outerjoin(Job, col(Job.idempotency_key).in_([col(AnchorDelivery.work), "mail:" + col(AnchorDelivery.work)]))
        .outerjoin(Incident, (col(Incident.job_id) == col(Job.id)) & (col(Incident.state) == "open"))
        .where(wanted)
        .order_by(col(AnchorDelivery.anchor_number), col(AnchorDelivery.channel), col(AnchorDelivery.target))
    )  # fmt: skip
    found: dict[int, list[Delivery]] = {}
    for row in given:
        delivery = Delivery(
            channel=row.channel,
            target=row.target,
            delivered_at=None if row.bounce else row.delivered_at or row.sent_at,
            receipt=row.receipt,
            attempts=row.attempts or 0,
            error=row.bounce or row.failure or row.last_error or "",
            incident=row.reference,
        )
        found.setdefault(row.anchor_number, []).append(delivery)
    return found
