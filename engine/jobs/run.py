"""Working off what is ready: one job after the other, each failure kept apart from the next job."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from engine.errors import InstanceNotActiveError
from engine.jobs.queue import KINDS, JobQueue, LeaseLostError, TableQueue
from engine.jobs.work import SUSPENDED_WAIT, NotWantedError, PostponedError, UnknownJobError, Workshop, do, status_of
from engine.mail.transports import MailRefusedError, Transport
from engine.registry import Registry
from models import Job

if TYPE_CHECKING:
    from engine.runner import Runner

log = logging.getLogger(__name__)

HOPELESS = (MailRefusedError, UnknownJobError)
"""Trying again cannot help: these become incidents at once."""


@dataclass
class RunReport:
    """What became of the jobs that were ready."""

    done: int = 0
    retried: int = 0
    postponed: int = 0
    not_wanted: int = 0
    incidents: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.done + self.retried + self.postponed + self.not_wanted + len(self.incidents)


def run_ready(
    runner: "Runner",
    registry: Registry,
    mailer: Transport,
    now: datetime,
    limit: int = 100,
    *,
    kinds: Collection[str] = KINDS,
    queue: JobQueue | None = None,
) -> RunReport:
    """Do up to `limit` jobs that are ready at `now`, those included that the first ones lead to."""
    shop = Workshop(runner, registry, mailer, queue or TableQueue(runner.database))
    report = RunReport()
    wanted = [kind for kind in kinds if kind != "mail" or not mailer.keeps]
    while report.total < limit:
        job = shop.queue.claim(now, wanted)
        if job is None:
            break
        _attempt(shop, job, now, report)
    while mailer.keeps and "mail" in kinds and report.total < limit:
        kept = shop.queue.keep_mails(now, limit - report.total)
        if not kept:
            break
        report.done += kept
    return report


def _attempt(shop: Workshop, job: Job, now: datetime, report: RunReport) -> None:
    try:
        do(shop, job, now)
        report.done += 1
    except LeaseLostError:
        report.not_wanted += 1
    except NotWantedError:
        shop.queue.drop(job, now, "not_wanted")
        report.not_wanted += 1
    except PostponedError:
        shop.queue.postpone(job, now + SUSPENDED_WAIT)
        report.postponed += 1
    except InstanceNotActiveError:
        _not_active(shop, job, now, report)
    except Exception as error:  # noqa: BLE001 -- whatever a handler or a server does, the next job goes on
        _failed(shop, job, now, error, report)


def _not_active(shop: Workshop, job: Job, now: datetime, report: RunReport) -> None:
    """A suspended case takes its work later; an ended one never."""
    target = job.instance_id if job.kind == "handler" else job.payload.get("instance_id")
    if target is None or status_of(shop, target) == "suspended":
        shop.queue.postpone(job, now + SUSPENDED_WAIT)
        report.postponed += 1
        return
    shop.queue.drop(job, now, "case_ended")
    report.not_wanted += 1


def _failed(shop: Workshop, job: Job, now: datetime, error: Exception, report: RunReport) -> None:
    incident = shop.queue.failed(job, error, now, for_good=isinstance(error, HOPELESS))
    log.warning(
        "job failed", extra={"action": "job_failed", "job": job.id, "kind": job.kind, "error": type(error).__name__}
    )
    if incident is None:
        report.retried += 1
    else:
        report.incidents.append(incident)
