"""Trials as rows: begun, gone on with, taken back, put away. Each change names the revision it was made from."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from engine.errors import ConflictError, NotFoundError
from engine.studio.trials.story import Story
from engine.unit_of_work import UnitOfWork
from models import Trial


class StaleTrialError(ConflictError):
    """Somebody else took a step in this trial meanwhile. This is how it stands now; do yours again if still needed."""

    indonesian = (
        "Orang lain melangkah dalam uji coba ini lebih dulu. Inilah keadaannya sekarang; ulangi langkah Anda bila "
        "masih diperlukan."
    )
    code = "trial_stale"


def begin(unit: UnitOfWork, draft_id: str, story: Story, *, by: str, now: datetime) -> Trial:
    """A new trial of the draft, standing where the story does."""
    trial = Trial(
        id=uuid.uuid4().hex,
        draft_id=draft_id,
        title=story.title[:200],
        story=story.text,
        created_by=by,
        created_at=now,
        changed_by=by,
        changed_at=now,
    )
    unit.session.add(trial)
    unit.session.flush()
    return trial


def read(unit: UnitOfWork, draft_id: str, trial_id: str) -> Trial:
    """The trial, if it is one of this draft."""
    trial = unit.session.get(Trial, trial_id)
    if trial is None or trial.draft_id != draft_id:
        raise NotFoundError
    return trial


def of_draft(unit: UnitOfWork, draft_id: str) -> list[Trial]:
    """The trials of a draft, those last played first."""
    statement = select(Trial).where(col(Trial.draft_id) == draft_id).order_by(col(Trial.changed_at).desc()).limit(100)
    return list(unit.session.execute(statement).scalars())


def keep(unit: UnitOfWork, trial: Trial, story: Story, *, by: str, now: datetime) -> int:
    """Keep the story as the trial's, if the trial still stands where `trial` was read; its new revision."""
    row = unit.session.get(Trial, trial.id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFoundError
    if row.revision != trial.revision:
        raise StaleTrialError
    row.story, row.title = story.text, story.title[:200]
    row.revision += 1
    row.changed_by, row.changed_at = by, now
    unit.session.add(row)
    unit.session.flush()
    return row.revision


def remove(unit: UnitOfWork, draft_id: str, trial_id: str) -> None:
    """Put a trial away for good: it is nobody's record."""
    unit.session.delete(read(unit, draft_id, trial_id))
