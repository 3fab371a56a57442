"""Riwayat of a participant in words a participant understands: every stage, booking and result, and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy import Connection, Row, select
from sqlmodel import col
from werkzeug.wrappers import Response

from engine.authorisation import may_see_case_of
from engine.calendar import load_calendar
from engine.errors import NotFoundError
from models import (
    Appointment,
    Attachment,
    Booking,
    Certificate,
    ExamResult,
    ExamSchedule,
    ParticipantStage,
    Recommendation,
    RecommendedParticipant,
    UserTask,
)
from web.cases import present
from web.context import require_actor, services
from web.i18n import day, moment, number
from web.inpassing import words
from web.inpassing.area import agency, blueprint, instansi_ids
from web.inpassing.casedata import document_labels
from web.inpassing.participants import FINAL, find, rows_of
from web.security import allow
from web.words.due import due, why
from web.words.names import in_locale

ICONS = {
    "tidak_lengkap": "exclamation-triangle",
    "portofolio_tidak_sesuai": "exclamation-triangle",
    "lengkap": "check-circle",
    "lulus": "check-circle",
    "tidak_lulus": "x-circle",
    "tidak_hadir": "x-circle",
    "gugur": "x-circle",
    "mengundurkan_diri": "slash-circle",
    "sertifikat": "shield-check",
    "rekomendasi": "envelope-check",
    "diangkat": "person-check",
    "terdaftar": "calendar-check",
}

BOOKED = words.STATES.index("terdaftar") - 1
"""A seat is taken after the documents were sent, and before it is confirmed."""


@dataclass(frozen=True)
class Entry:
    """One line of the Riwayat, with remarks under it."""

    at: datetime
    text: str
    icon: str = ""
    notes: tuple[str, ...] = ()
    order: int = field(default=0, compare=False)


@blueprint.get("/peserta/<number>")
@allow(agency)
def participant(number: str) -> str:
    """A participant: what is to be done now, the facts, and the Riwayat."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        row = find(unit, number)
        connection = unit.connection
        calendar = load_calendar(unit, row.calendar_of, row.zone, now=now)
        seat = _seat(connection, row.id)
        return render_template(
            "inpassing/participant.html",
            row=row,
            shown=rows_of(unit, [row], instansi_ids(actor), actor.user_id)[0],
            words=words,
            entries=entries(connection, row.id),
            results=_results(connection, row.id),
            seat=seat,
            closes=due(seat.closes_at, seat.zone, calendar, now) if seat is not None else None,
            reasons=why(seat.closes_why) if seat is not None else [],
            documents=_documents(connection, row.id),
            labels=document_labels(services().definitions.version(row.version_id, unit)),
            certificate=_certificate(connection, row.id),
            recommendation=_recommendation(connection, row.id),
            may_open_case=may_see_case_of(unit, actor, row.id),
            may_withdraw=row.state not in FINAL and row.status == "active",
        )


@blueprint.get("/peserta/<number>/dokumen/<attachment_id>")
@allow(agency)
def participant_document(number: str, attachment_id: str) -> Response:
    """A document of the participant, a certificate or a recommendation among them; the reading is recorded."""
    actor, now = require_actor(), services().clock.now()
    with services().database.write() as unit:
        row = find(unit, number)
        recommendation = _recommendation(unit.connection, row.id)
        known = {d.id for d in _documents(unit.connection, row.id)}
        known |= {recommendation.attachment_id} if recommendation is not None else set()
        if attachment_id not in known:
            raise NotFoundError
        found = services().documents.read(unit, attachment_id, actor.user_id or "", now)
    return present.download(found)


def entries(connection: Connection, participant_id: str) -> list[Entry]:
    """Newest first."""
    parts = (_of_stages, _of_bookings, _of_portfolios)
    found = [entry for part in parts for entry in part(connection, participant_id)]
    return sorted(found, key=lambda entry: (entry.at, entry.order), reverse=True)


def _of_stages(connection: Connection, participant_id: str) -> Iterable[Entry]:
    query = (
        select(ParticipantStage.state, ParticipantStage.note, ParticipantStage.detail, ParticipantStage.at)
        .where(col(ParticipantStage.participant_id) == participant_id)
        .order_by(ParticipantStage.at, ParticipantStage.id)
    )
    facts = _facts(connection, participant_id)
    attempt = sent = 0
    for row in connection.execute(query):
        sent += row.state == "diajukan"
        if row.state in ("lulus", "tidak_lulus", "tidak_hadir"):
            attempt += 1
        text = _sent_again() if row.state == "diajukan" and sent > 1 else _stage_sentence(row, facts, attempt)
        yield Entry(
            row.at, text, ICONS.get(row.state, "circle"), tuple(_stage_notes(row)), order=_on_the_way(row.state)
        )


def _on_the_way(state: str) -> int:
    """Of two things in the same instant, the one further on the way came later."""
    return words.STATES.index(state) if state in words.STATES else len(words.STATES)


def _facts(connection: Connection, participant_id: str) -> dict[str, Any]:
    """What the sentences name: certificate, recommendation, appointment, results by attempt."""
    appointment = connection.execute(
        select(Appointment.sk_number, Appointment.sk_date).where(col(Appointment.participant_id) == participant_id)
    ).first()
    return {
        "certificate": _certificate(connection, participant_id),
        "recommendation": _recommendation(connection, participant_id),
        "appointment": appointment,
        "results": {result.attempt: result for result in _results(connection, participant_id)},
    }


def _stage_sentence(row: Row[Any], facts: dict[str, Any], attempt: int) -> str:
    """One state in a whole sentence, with the number or date that belongs to it."""
    certificate, recommendation, appointment = facts["certificate"], facts["recommendation"], facts["appointment"]
    if row.state == "sertifikat" and certificate is not None:
        return _("Sertifikat Kompetensi terbit dengan nomor %(number)s.", number=certificate.number)
    if row.state == "rekomendasi" and recommendation is not None:
        return _("Rekomendasi Pengangkatan terbit dengan nomor %(number)s.", number=recommendation.number)
    if row.state == "diangkat" and appointment is not None:
        sk = {"number": appointment.sk_number, "date": day(appointment.sk_date)}
        return _("Diangkat ke dalam JF PPBJ dengan SK nomor %(number)s tanggal %(date)s.", **sk)
    result = facts["results"].get(attempt)
    if row.state in ("lulus", "tidak_lulus") and result is not None and result.method == "tes_tertulis":
        scored = _(" Nilai: %(score)s.", score=number(result.score)) if result.score is not None else ""
        return _plain_sentence(row.state) + scored
    return _plain_sentence(row.state)


def _plain_sentence(state: str) -> str:
    return {
        "draf": _("Biodata tersimpan. Dokumen persyaratan belum dikirim."),
        "diajukan": _("Dokumen persyaratan dikirim ke LKPP dan menunggu diverifikasi."),
        "tidak_lengkap": _("Dokumen persyaratan dinyatakan Tidak Lengkap. Dokumen yang kurang perlu diunggah ulang."),
        "lengkap": _("Dokumen persyaratan dinyatakan Lengkap."),
        "terdaftar": _("Terdaftar sebagai peserta Uji Kompetensi."),
        "portofolio_tidak_sesuai": _("Portofolio dinilai Tidak Sesuai dan masih dapat diperbaiki."),
        "lulus": _("Dinyatakan LULUS Uji Kompetensi."),
        "tidak_lulus": _("Dinyatakan TIDAK LULUS Uji Kompetensi."),
        "ujian_ulang": _("Akan mengikuti Uji Kompetensi ulang."),
        "sertifikat": _("Sertifikat Kompetensi terbit."),
        "rekomendasi": _("Rekomendasi Pengangkatan terbit."),
        "diangkat": _("Diangkat ke dalam JF PPBJ."),
        "mengundurkan_diri": _("Mengundurkan diri dari Penyesuaian/Inpassing."),
        "tidak_hadir": _("Tidak hadir pada Uji Kompetensi."),
        "gugur": _("Gugur: batas waktu terlewati."),
    }.get(state, state)


def _sent_again() -> str:
    return _("Dokumen yang kurang diunggah ulang dan menunggu diverifikasi lagi.")


def _stage_notes(row: Row[Any]) -> list[str]:
    """What LKPP or the agency wrote with it; of returned documents, one line each."""
    faulty = (row.detail or {}).get("faulty")
    lines = [_faulty_line(one) for one in faulty if isinstance(one, dict)] if isinstance(faulty, list) else []
    note = "" if row.state in ("rekomendasi", "diangkat") else row.note  # its number stands in the sentence
    return [line for line in [note, *lines] if line]


def _faulty_line(one: dict[str, Any]) -> str:
    title, note = in_locale(one), str(one.get("note") or "")
    return f"{title}: {note}" if note else title


def _of_bookings(connection: Connection, participant_id: str) -> Iterable[Entry]:
    query = (
        select(
            Booking.state, Booking.attempt, Booking.created_at, Booking.ended_at, ExamSchedule.name,
            ExamSchedule.method, ExamSchedule.place, ExamSchedule.starts_at, ExamSchedule.zone,
        )
        .join(ExamSchedule, col(ExamSchedule.id) == Booking.schedule_id)
        .where(col(Booking.participant_id) == participant_id)
        .order_by(Booking.created_at)
    )  # fmt: skip
    for row in connection.execute(query):
        where = _("%(when)s di %(place)s", when=moment(row.starts_at, row.zone), place=row.place)
        if row.state == "waiting":
            text = _("Masuk daftar tunggu jadwal %(schedule)s (%(method)s).", **_called(row))
        else:
            text = _("Kursi dipesan pada jadwal %(schedule)s (%(method)s).", **_called(row))
        yield Entry(row.created_at, text, "calendar-event", (where,), order=BOOKED)
        if row.ended_at is not None and row.state in ("released", "dropped"):
            yield Entry(row.ended_at, _left_sentence(row), "calendar-x", order=BOOKED)


def _of_portfolios(connection: Connection, participant_id: str) -> Iterable[Entry]:
    """Portfolios are no stage of a participant: that they were sent is known from the steps that were done."""
    query = select(UserTask.element_id, UserTask.closed_at).where(
        col(UserTask.instance_id) == participant_id,
        col(UserTask.element_id).in_(("upload_portfolio", "repair_portfolio")),
        col(UserTask.state) == "completed",
    )
    told = {
        "upload_portfolio": (_("Dokumen portofolio diunggah."), BOOKED),
        "repair_portfolio": (
            _("Dokumen portofolio diperbaiki dan menunggu dinilai lagi."), _on_the_way("portofolio_tidak_sesuai"),
        ),
    }  # fmt: skip
    for row in connection.execute(query):
        text, order = told[row.element_id]
        yield Entry(row.closed_at, text, "upload", order=order)


def _left_sentence(row: Row[Any]) -> str:
    if row.state == "dropped":
        told = _called(row)
        return _("Kursi pada jadwal %(schedule)s (%(method)s) dilepas: dokumen belum Lengkap saat H-12.", **told)
    return _("Kursi pada jadwal %(schedule)s (%(method)s) dilepas.", **_called(row))


def _called(row: Row[Any]) -> dict[str, str]:
    return {"schedule": row.name, "method": words.method_text(row.method)}


def _seat(connection: Connection, participant_id: str) -> Row[Any] | None:
    """The schedule this participant is booked in or waits for, with why its registration closes when it does."""
    query = (
        select(
            Booking.state, Booking.schedule_id, ExamSchedule.name, ExamSchedule.method, ExamSchedule.place,
            ExamSchedule.starts_at, ExamSchedule.closes_at, ExamSchedule.closes_why, ExamSchedule.repair_until,
            ExamSchedule.zone,
        )
        .join(ExamSchedule, col(ExamSchedule.id) == Booking.schedule_id)
        .where(col(Booking.participant_id) == participant_id, col(Booking.state).in_(("booked", "waiting")))
    )  # fmt: skip
    return connection.execute(query).first()


def _results(connection: Connection, participant_id: str) -> list[Row[Any]]:
    query = (
        select(
            ExamResult.attempt, ExamResult.method, ExamResult.outcome, ExamResult.score, ExamResult.note,
            ExamResult.recorded_at, ExamSchedule.name, ExamSchedule.starts_at, ExamSchedule.zone,
        )
        .join(ExamSchedule, col(ExamSchedule.id) == ExamResult.schedule_id)
        .where(col(ExamResult.participant_id) == participant_id)
        .order_by(ExamResult.attempt)
    )  # fmt: skip
    return list(connection.execute(query))


def _documents(connection: Connection, participant_id: str) -> list[Row[Any]]:
    query = (
        select(Attachment.id, Attachment.filename, Attachment.field, Attachment.uploaded_at)
        .where(col(Attachment.instance_id) == participant_id, col(Attachment.submitted).is_(True))
        .order_by(col(Attachment.uploaded_at).desc(), Attachment.field, Attachment.id)
    )
    return list(connection.execute(query))


def _certificate(connection: Connection, participant_id: str) -> Row[Any] | None:
    query = select(Certificate.number, Certificate.issued_at, Certificate.attachment_id)
    return connection.execute(query.where(col(Certificate.participant_id) == participant_id)).first()


def _recommendation(connection: Connection, participant_id: str) -> Row[Any] | None:
    query = (
        select(Recommendation.number, Recommendation.issued_at, Recommendation.attachment_id)
        .join(RecommendedParticipant, col(RecommendedParticipant.recommendation_id) == Recommendation.id)
        .where(col(RecommendedParticipant.participant_id) == participant_id)
    )
    return connection.execute(query).first()
