"""How things of inpassing stand, for the expectations of a scenario: by the names that people use for them."""

from sqlalchemy import func, select
from sqlmodel import col

from calendars import zone_of
from engine.facts import FactWorld, Fields
from engine.unit_of_work import UnitOfWork
from handlers.seats import LIVE
from models import Booking, Certificate, ExamResult, ExamSchedule, Formasi, Instansi, Participant


def formasi(unit: UnitOfWork, name: str, world: FactWorld) -> Fields | None:
    """By the instansi's name: approved and taken, for each jenjang."""
    rows = unit.session.scalars(
        select(Formasi)
        .join(Instansi, col(Instansi.id) == col(Formasi.instansi_id))
        .where(col(Instansi.name) == name, col(Formasi.programme_id) == world.programme_id)
    ).all()
    if not rows:
        return None
    return {row.jenjang: row.approved for row in rows} | {f"{row.jenjang} terpakai": row.used for row in rows}


def schedule(unit: UnitOfWork, name: str, world: FactWorld) -> Fields | None:  # noqa: ARG001 -- a provider's shape
    """By its name: the newest one of it."""
    named = select(ExamSchedule).where(col(ExamSchedule.name) == name).order_by(col(ExamSchedule.created_at).desc())
    found = unit.session.scalars(named).first()
    if found is None:
        return None
    waiting = select(func.count()).where(col(Booking.schedule_id) == found.id, col(Booking.state) == "waiting")
    return {
        "status": found.state, "kuota": found.quota, "terisi": found.taken, "menunggu": unit.session.scalar(waiting),
        "mulai": found.starts_at.astimezone(zone_of(found.zone)),
        "ditutup": found.closes_at.astimezone(zone_of(found.zone)),
        "perbaikan sampai": found.repair_until.astimezone(zone_of(found.zone)),
    }  # fmt: skip


def participant(unit: UnitOfWork, name: str, world: FactWorld) -> Fields | None:  # noqa: ARG001 -- a provider's shape
    """By name or NIP: the newest one of it."""
    named = select(Participant).where((col(Participant.name) == name) | (col(Participant.nip) == name))
    found = unit.session.scalars(named.order_by(col(Participant.created_at).desc())).first()
    if found is None:
        return None
    held = unit.session.execute(
        select(col(Booking.state), col(ExamSchedule.name))
        .join(ExamSchedule, col(ExamSchedule.id) == col(Booking.schedule_id))
        .where(col(Booking.participant_id) == found.id, col(Booking.state).in_(LIVE))
    ).first()
    results = select(col(ExamResult.outcome)).where(col(ExamResult.participant_id) == found.id)
    certificate = unit.session.get(Certificate, found.id)
    return {
        "status": found.state, "dokumen": found.documents, "dihitung": found.counts, "ujian": found.attempts,
        "kursi": held.state if held else None, "jadwal": held.name if held else None,
        "hasil": unit.session.scalars(results.order_by(col(ExamResult.attempt).desc())).first(),
        "sertifikat": certificate.number if certificate else None,
    }  # fmt: skip
