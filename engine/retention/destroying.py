"""Destroys what a decided list holds: payloads, documents, state and copies go; digests, chain and ledger stay.

One transaction for a list. A file that another case still needs stays; the others are removed after the commit by an
errand, which is done at least once, whatever happens to the process.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, delete, select, update
from sqlmodel import col

from engine import ledger
from engine.documents import Documents
from engine.errands import KIND, Errands, Finish
from engine.jobs import JobOrder, enqueue
from engine.retention.lists import listed, undecided
from engine.unit_of_work import UnitOfWork
from models import (
    Attachment,
    Disposal,
    DisposalItem,
    Document,
    HistoryPayload,
    Incident,
    Instance,
    InstanceData,
    Job,
    Letter,
    LookedBreak,
    LookedCase,
    OutgoingMail,
    RetentionHold,
    TaskDraft,
    Token,
    UserTask,
)

FINISHED = ("done", "failed", "skipped", "cancelled")
ERRAND = "retention:files"
GONE = ""
"""What stands where words about persons stood."""


def destroy(unit: UnitOfWork, disposal_id: str, *, by: str | None, decision: str, now: datetime) -> Disposal:
    """Destroy what is on an undecided list, by the decision with this number. A list that was destroyed stays so.

    What was put under a hold meanwhile is kept.
    """
    known = unit.session.get(Disposal, disposal_id)
    if known is not None and known.state == "destroyed":
        return known
    disposal = undecided(unit, disposal_id)
    held = set(unit.connection.execute(select(col(RetentionHold.instance_id))).scalars())
    items = [item for item in listed(unit, disposal_id) if item.state == "listed"]
    files: set[str] = set()
    for item in items:
        if item.instance_id in held:
            _mark(unit, item, "kept", "ditahan")
        else:
            files |= _destroy_item(unit, item, disposal, decision, by, now)
            _mark(unit, item, "destroyed", "")
    disposal.state, disposal.decided_by, disposal.decision = "destroyed", by, decision[:200]
    disposal.done_at = now
    unit.session.flush()
    unneeded = _unneeded(unit, files)
    if unneeded:
        enqueue(unit, [JobOrder(KIND, ERRAND, f"{ERRAND}:{disposal.id}", {"digests": unneeded})], now)
    return disposal


def add_errand(errands: Errands, documents: Documents) -> None:
    """What removes the files, where there is a folder of documents."""
    errands.add(ERRAND, lambda _database, job, _now: _remover(documents, job["digests"]))


def _mark(unit: UnitOfWork, item: Row[Any], state: str, note: str) -> None:
    this = and_(
        col(DisposalItem.disposal_id) == item.disposal_id,
        col(DisposalItem.instance_id) == item.instance_id,
        col(DisposalItem.attachment_id) == item.attachment_id,
    )
    unit.connection.execute(update(DisposalItem).where(this).values(state=state, note=note))


def _destroy_item(
    unit: UnitOfWork, item: Row[Any], disposal: Disposal, decision: str, by: str | None, now: datetime
) -> set[str]:
    """One case, or one document of it. Returns the digests of the files it had."""
    whole = not item.attachment_id
    which = col(Attachment.instance_id) == item.instance_id
    if not whole:
        which = and_(which, col(Attachment.id) == item.attachment_id)
    found = unit.connection.execute(select(col(Attachment.id), col(Attachment.digest)).where(which)).all()
    events = _payloads(unit, item.instance_id, now) if whole else []
    ledger.note(
        unit,
        ledger.Kind.PAYLOAD_DESTROYED,
        at=now,
        instance_id=item.instance_id,
        actor_id=by,
        ref=disposal.number,
        detail={
            "documents": sorted(row.id for row in found),
            "events": events,
            "state": whole,
            "decision": decision,
            "disposal": disposal.id,
        },
    )
    unit.connection.execute(delete(Attachment).where(which))
    if whole:
        _state(unit, item.instance_id)
        _copies(unit, item.instance_id)
    return {row.digest for row in found}


def _payloads(unit: UnitOfWork, instance_id: str, now: datetime) -> list[int]:
    """Empty every payload; its digest stays in its event. Returns the numbers of the events."""
    of_case = and_(col(HistoryPayload.instance_id) == instance_id, col(HistoryPayload.body).is_not(None))
    numbers = sorted(unit.connection.execute(select(col(HistoryPayload.seq)).where(of_case)).scalars())
    unit.connection.execute(update(HistoryPayload).where(of_case).values(body=None, salt=None, destroyed_at=now))
    return numbers


def _state(unit: UnitOfWork, instance_id: str) -> None:
    """What the case was at its end. Its row stays, for its chain, with nothing of a person but who acted."""
    unit.connection.execute(delete(Token).where(col(Token.instance_id) == instance_id))
    unit.connection.execute(delete(InstanceData).where(col(InstanceData.instance_id) == instance_id))
    unit.connection.execute(
        update(Instance)
        .where(col(Instance.id) == instance_id)
        .values(title=GONE, business_key=None, completers={}, meta=b"")
    )
    of_case = col(UserTask.instance_id) == instance_id
    tasks = select(col(UserTask.id)).where(of_case)
    unit.connection.execute(delete(TaskDraft).where(col(TaskDraft.task_id).in_(tasks)))
    unit.connection.execute(update(UserTask).where(of_case).values(case_title=GONE))


def _copies(unit: UnitOfWork, instance_id: str) -> None:
    """What was made of the case's data beside its record: jobs, mails, letters' words, figures of the analysis."""
    for model, more in ((Job, col(Job.state).in_(FINISHED)), (LookedBreak, None), (LookedCase, None)):
        which = col(model.instance_id) == instance_id
        unit.connection.execute(delete(model).where(which if more is None else and_(which, more)))
    blank: Sequence[tuple[Any, dict[str, Any]]] = (
        (OutgoingMail, {"recipient": GONE, "subject": GONE, "text": GONE, "html": GONE, "reader": None,
                        "failure": None, "bounce": None}),
        (Letter, {"subject": GONE, "addressee": GONE, "holder": GONE}),
        (Incident, {"message": GONE}),
    )  # fmt: skip
    for model, values in blank:
        unit.connection.execute(update(model).where(col(model.instance_id) == instance_id).values(**values))


def _unneeded(unit: UnitOfWork, digests: Iterable[str]) -> list[str]:
    """Files of these digests that no attachment names any more; their rows go now."""
    wanted = sorted(digests)
    if not wanted:
        return []
    kept = set(
        unit.connection.execute(select(col(Attachment.digest)).where(col(Attachment.digest).in_(wanted))).scalars()
    )
    gone = [digest for digest in wanted if digest not in kept]
    if gone:
        unit.connection.execute(delete(Document).where(col(Document.digest).in_(gone)))
    return gone


def _remover(documents: Documents, digests: Sequence[str]) -> Finish:
    def finish(unit: UnitOfWork) -> None:
        """What was given anew since then has a row again, and stays."""
        found = select(col(Document.digest)).where(col(Document.digest).in_(digests))
        for digest in set(digests) - set(unit.connection.execute(found).scalars()):
            documents.remove(digest)

    return finish
