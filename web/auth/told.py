"""Tells cases that an account is active: the message `account_activated`, for whoever waits for that person."""

import logging
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from engine import store
from engine.actors import Actor
from engine.acts.rows import message_payload
from engine.errors import AlurError
from engine.jobs.queue import JobOrder, enqueue
from engine.unit_of_work import UnitOfWork
from models import Job
from web.context import services

MESSAGE = "account_activated"

log = logging.getLogger(__name__)


def announce(unit: UnitOfWork, user_id: str, now: datetime) -> list[str]:
    """Queue the message in the transaction that activates the account, so that neither is without the other."""
    waits = store.waiting(unit, f"message:{MESSAGE}", user_id)
    targets = sorted({wait.instance_id for wait in waits if wait.exact})
    given = {"user_id": user_id}
    keys = [f"message:activated:{user_id}:{target}:{int(now.timestamp())}" for target in targets]
    orders = [
        JobOrder("message", MESSAGE, key, message_payload(given, correlation=user_id, instance_id=target))
        for key, target in zip(keys, targets, strict=True)
    ]
    enqueue(unit, orders, now)
    return list(unit.connection.execute(select(col(Job.id)).where(col(Job.idempotency_key).in_(keys))).scalars())


def deliver(job_ids: list[str], actor: Actor, now: datetime) -> None:
    """Deliver at once what can be, so that the person lands on their work; what cannot is left to the queue."""
    runner = services().runner
    for job_id in job_ids:
        with services().database.read() as unit:
            job = unit.session.get_one(Job, job_id)
        target = str(job.payload["instance_id"])
        try:
            runner.correlate(
                MESSAGE,
                actor,
                {"user_id": actor.user_id},
                instance_id=target,
                correlation=actor.user_id,
                job_id=job_id,
                now=now,
            )
        except AlurError as error:
            log.warning("message left to the queue", extra={"action": "message_left", "code": error.code})
