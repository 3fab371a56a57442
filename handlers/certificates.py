"""Sertifikat Kompetensi of who passed, and the list of results of a schedule, as numbered records and as files."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update
from sqlmodel import col

from calendars import zone_of
from engine.letters.book import issue, letter_by_key
from engine.registry import Field, Handler, HandlerContext, Registry
from handlers import seats
from handlers.inpassing import DiagramFaultError, enter_state, participant_of
from handlers.letters import Composed, Letters
from handlers.lkpp_letters import CERTIFICATES, RESULT_LISTS, certificate_order, result_list_order
from handlers.scheduling import RESULTS, schedule_of
from handlers.ujikom import PASSED, last_result
from models import Certificate, Instansi, Participant


def issue_certificate(context: HandlerContext) -> dict[str, Any]:
    """Number the certificate of a participant who passed. Issued again, it is the one that was issued."""
    participant = participant_of(context)
    result = last_result(context, participant.id)
    if result is None or result.outcome != PASSED:
        msg = f"{context.element_id}: the participant has not passed, so there is no certificate"
        raise DiagramFaultError(msg)
    known = context.unit.session.get(Certificate, participant.id)
    if known is None:
        enter_state(context, "sertifikat")
        known = Certificate(
            participant_id=participant.id,
            number=issue(context.unit, certificate_order(context, participant), context.now).number,
            attempt=result.attempt,
            issued_at=context.now,
        )
        context.unit.session.add(known)
        context.unit.session.flush()
    return {"certificate_number": known.number, "issued_at": known.issued_at}


@dataclass(frozen=True)
class Papers:
    """The handlers `write_certificate` and `write_result_list`: numbered before, set and sealed before any lock."""

    letters: Letters

    def set_certificate(self, context: HandlerContext, *, template: str = "certificate") -> Composed | None:
        """The PDF of the participant's certificate."""
        key = f"{CERTIFICATES}:{participant_of(context).id}"
        return self.letters.compose_for(context, key, template, self._certificate(context))

    def certificate(self, context: HandlerContext, *, template: str = "certificate") -> dict[str, Any]:
        """The certificate as a file of the participant's case."""
        participant = participant_of(context)
        certificate = context.unit.session.get_one(Certificate, participant.id)
        order = certificate_order(context, participant, certificate.number)
        attachment = self.letters.keep_for(
            context, order, template, lambda: self._certificate(context), f"Sertifikat {participant.nip}.pdf"
        )
        named = update(Certificate).where(col(Certificate.participant_id) == participant.id)
        context.unit.connection.execute(named.values(attachment_id=attachment["id"]))
        return {"attachment": attachment}

    def set_result_list(self, context: HandlerContext, *, template: str = "results") -> Composed | None:
        """The PDF of the list of results."""
        key = f"{RESULT_LISTS}:{context.instance_id}"
        return self.letters.compose_for(context, key, template, self._result_list(context))

    def result_list(self, context: HandlerContext, *, template: str = "results") -> dict[str, Any]:
        """*Hasil Ujian* of the schedule as a file of its case: everybody who had a seat, by instansi and name."""
        schedule = schedule_of(context)
        attachment = self.letters.keep_for(
            context,
            result_list_order(context, schedule.name),
            template,
            lambda: self._result_list(context),
            f"Hasil Ujian {schedule.name}.pdf",
        )
        own = update(seats.SCHEDULES).where(seats.SCHEDULES.c.id == schedule.id)
        context.unit.connection.execute(own.values(result_attachment_id=attachment["id"]))
        return {"attachment": attachment}

    def _certificate(self, context: HandlerContext) -> dict[str, Any]:
        participant = participant_of(context)
        certificate = context.unit.session.get_one(Certificate, participant.id)
        return {
            "number": certificate.number,
            "issued_on": certificate.issued_at.astimezone(zone_of(context.zone)).date(),
            "participant": person_of(context, participant),
            "exam": self._exam(context, last_result(context, participant.id)),
        }

    def _result_list(self, context: HandlerContext) -> dict[str, Any]:
        schedule = schedule_of(context)
        letter = letter_by_key(context.unit, f"{RESULT_LISTS}:{context.instance_id}")
        rows = context.unit.connection.execute(
            select(
                col(Participant.name), col(Participant.nip), col(Participant.jenjang),
                col(Instansi.name).label("instansi"), RESULTS.c.outcome, RESULTS.c.score, RESULTS.c.note,
            )
            .join(RESULTS, RESULTS.c.participant_id == col(Participant.id))
            .join(Instansi, col(Instansi.id) == col(Participant.instansi_id))
            .where(RESULTS.c.schedule_id == schedule.id)
            .order_by(col(Instansi.name), col(Participant.name), col(Participant.nip))
        ).mappings()  # fmt: skip
        return {
            "number": letter.number if letter is not None else None,
            "issued_on": letter.issued_on if letter is not None else None,
            "schedule": {**seats.record_of(schedule), "instansi": self._agency(context, schedule.instansi_id)},
            "rows": [dict(row) for row in rows],
        }

    def _exam(self, context: HandlerContext, result: Row[Any]) -> dict[str, Any]:
        """The exam that was passed, its day as the clocks at the place showed it."""
        found = select(seats.SCHEDULES).where(seats.SCHEDULES.c.id == result.schedule_id)
        schedule = seats.record_of(context.unit.connection.execute(found).one())
        about = {name: schedule[name] for name in ("method", "name", "place")}
        return {**about, "held_on": schedule["starts_at"].date(), "score": result.score}

    def _agency(self, context: HandlerContext, instansi_id: str | None) -> str | None:
        return context.unit.session.get_one(Instansi, instansi_id).name if instansi_id else None


def person_of(context: HandlerContext, participant: Participant | Row[Any]) -> dict[str, Any]:
    """A participant as a letter names them."""
    agency = context.unit.session.get_one(Instansi, participant.instansi_id)
    return {
        "name": participant.name, "nip": participant.nip, "birth_place": participant.birth_place or None,
        "birth_date": participant.birth_date,
        "golongan": participant.golongan, "jenjang": participant.jenjang, "position": participant.position,
        "work_unit": participant.work_unit, "instansi": agency.name,
    }  # fmt: skip


def register(registry: Registry, letters: Letters) -> None:
    papers = Papers(letters)
    template = Field("template", "letter", "Nama berkas di folder letters", "Name of the file in the folder letters",
                     required=False)  # fmt: skip
    attachment = Field("attachment", "record", "Berkas PDF", "The file, a PDF")
    registry.add(
        Handler(
            name="issue_certificate",
            mode="inline",
            function=issue_certificate,
            title_id="Terbitkan Sertifikat Kompetensi",
            title_en="Issue the certificate of competence",
            outputs=(
                Field("certificate_number", "text", "Nomor sertifikat", "Number of the certificate"),
                Field("issued_at", "date", "Saat terbit", "When it was issued"),
            ),
        )
    )
    registry.add(
        Handler("write_certificate", "async", papers.certificate, "Buat berkas sertifikat", "Write the certificate",
                inputs=(template,), outputs=(attachment,), prepare=papers.set_certificate)
    )  # fmt: skip
    registry.add(
        Handler("write_result_list", "async", papers.result_list, "Buat berkas hasil ujian",
                "Write the list of results", inputs=(template,), outputs=(attachment,), prepare=papers.set_result_list)
    )  # fmt: skip
