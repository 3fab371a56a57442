"""What a case asks of its period and of earlier ones: its dates, who passed in it, who took part before."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from calendars import zone_of
from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from handlers.inpassing import instansi_of, jenjang_of, programme_of
from models import Formasi, Instance, Participant, ParticipantStage, Programme, RecommendedParticipant

NEED_NOT_VALIDATED = "need_not_validated"


class NeedNotValidatedError(BusinessError):
    """The computed need for {jenjang} is not validated yet: finish proposal {number} first."""

    indonesian = "Penghitungan kebutuhan {jenjang} belum divalidasi: selesaikan dahulu usulan formasi {number}."
    code = NEED_NOT_VALIDATED

    def __init__(self, jenjang: str, number: str) -> None:
        super().__init__(NEED_NOT_VALIDATED, jenjang=jenjang, number=number)


def programme_dates(context: HandlerContext) -> dict[str, Any]:
    """From when to when the programme of the case is open, as it stands now: its owner may extend or close it."""
    programme = context.unit.session.get_one(Programme, programme_of(context), populate_existing=True)
    zone = zone_of(context.zone)
    return {
        "opens_at": programme.opens_at.astimezone(zone),
        "closes_at": (programme.closed_at or programme.closes_at).astimezone(zone),
        "closed": programme.state == "closed",
    }


def collect_passed(context: HandlerContext, *, state: str = "lulus") -> dict[str, Any]:
    """Who of the case's instansi passed in its programme and is not recommended yet, by name."""
    theirs = (
        select(Participant)
        .outerjoin(RecommendedParticipant, col(RecommendedParticipant.participant_id) == col(Participant.id))
        .where(
            col(Participant.programme_id) == programme_of(context),
            col(Participant.instansi_id) == instansi_of(context),
            col(Participant.state) == state,
            col(Participant.counts),
            col(RecommendedParticipant.participant_id).is_(None),
        )
        .order_by(col(Participant.name), col(Participant.id))
    )
    found = list(context.unit.session.execute(theirs.execution_options(populate_existing=True)).scalars())
    titles = jenjang_of(context)
    people = [
        {
            "name": p.name, "nip": p.nip, "golongan": p.golongan, "jenjang": titles.get(p.jenjang, p.jenjang),
            "position": p.position, "work_unit": p.work_unit,
        }
        for p in found
    ]  # fmt: skip
    names = "\n".join(f"{number}. {p.name} – {titles.get(p.jenjang, p.jenjang)}" for number, p in enumerate(found, 1))
    return {"ids": [p.id for p in found], "people": people, "names": names, "total": len(found)}


def look_up_earlier(context: HandlerContext, *, nip: str) -> dict[str, Any]:
    """What became of the person in the latest earlier programme of the same flow."""
    programme = context.unit.session.get_one(Programme, programme_of(context))
    before = (
        select(Participant, col(Programme.period))
        .join(Programme, col(Programme.id) == col(Participant.programme_id))
        .where(
            col(Participant.nip) == nip,
            col(Programme.flow) == programme.flow,
            col(Programme.id) != programme.id,
            col(Programme.opens_at) < programme.opens_at,
        )
        .order_by(col(Programme.opens_at).desc(), col(Participant.created_at).desc())
    )
    row = context.unit.session.execute(before.limit(1)).first()
    if row is None:
        return {"found": False, "period": "", "outcome": "", "jenjang": "", "portfolio_passed": False}
    earlier, period = row
    return {
        "found": True,
        "period": period,
        "outcome": earlier.state,
        "jenjang": earlier.jenjang,
        "portfolio_passed": _passed_portfolio(context, earlier.id),
    }


def _passed_portfolio(context: HandlerContext, participant_id: str) -> bool:
    """Whoever was let in to the test beyond the portfolio had passed the portfolio."""
    stage: ColumnElement[bool] = col(ParticipantStage.state) == "uji_kompetensi"
    asked = select(col(ParticipantStage.id)).where(col(ParticipantStage.participant_id) == participant_id, stage)
    return context.unit.connection.execute(asked.limit(1)).first() is not None


def check_need(context: HandlerContext, *, jenjang: str) -> dict[str, Any]:
    """Refuse while the proposal by which the instansi has its formasi of the jenjang is not finished."""
    own = (
        select(col(Instance.number), col(Instance.status), col(Instance.ended_at))
        .join(Formasi, col(Formasi.instance_id) == col(Instance.id))
        .where(
            col(Formasi.programme_id) == programme_of(context),
            col(Formasi.instansi_id) == instansi_of(context),
            col(Formasi.jenjang) == jenjang,
        )
    )
    row = context.unit.connection.execute(own).first()
    if row is None or row.status != "completed":
        raise NeedNotValidatedError(jenjang_of(context).get(jenjang, jenjang), row.number if row else "–")
    ended: datetime | None = row.ended_at
    return {"validated_at": ended.astimezone(zone_of(context.zone)) if ended else None}


def register(registry: Registry) -> None:
    registry.add(
        Handler(
            name="programme_dates",
            mode="inline",
            function=programme_dates,
            title_id="Baca masa berlaku program",
            title_en="Read the dates of the programme",
            outputs=(
                Field("opens_at", "date", "Dibuka", "Opens"),
                Field("closes_at", "date", "Ditutup", "Closes"),
                Field("closed", "boolean", "Sudah ditutup?", "Is it closed already?"),
            ),
        )
    )
    registry.add(
        Handler(
            name="collect_passed",
            mode="inline",
            function=collect_passed,
            title_id="Kumpulkan peserta instansi yang lulus",
            title_en="Collect the participants of the instansi who passed",
            inputs=(
                Field("state", "text", "Status yang dicari; kosong: lulus", "The state; empty: lulus", required=False),
            ),
            outputs=(
                Field("ids", "list", "Nomor para peserta", "Ids of the participants"),
                Field("people", "list", "Peserta untuk naskah", "The participants, for a letter"),
                Field("names", "text", "Nama-nama untuk surat", "The names, for a mail"),
                Field("total", "number", "Banyaknya", "How many"),
            ),
        )
    )
    registry.add(
        Handler(
            name="look_up_earlier",
            mode="inline",
            function=look_up_earlier,
            title_id="Cari NIP pada periode sebelumnya",
            title_en="Look the NIP up in earlier periods",
            inputs=(Field("nip", "text", "NIP, tanpa spasi", "NIP, without blanks"),),
            outputs=(
                Field("found", "boolean", "Pernah ikut?", "Took part before?"),
                Field("period", "text", "Periode itu", "That period"),
                Field("outcome", "text", "Status terakhirnya", "The state it ended in"),
                Field("jenjang", "text", "Jenjangnya waktu itu", "The jenjang then"),
                Field("portfolio_passed", "boolean", "Lulus uji portofolio waktu itu?", "Passed the portfolio then?"),
            ),
        )
    )
    registry.add(
        Handler(
            name="check_need",
            mode="inline",
            function=check_need,
            title_id="Periksa apakah penghitungan kebutuhan sudah divalidasi",
            title_en="Is the computed need validated?",
            inputs=(Field("jenjang", "text", "Kunci jenjang", "Key of the jenjang"),),
            outputs=(Field("validated_at", "date", "Saat divalidasi", "When it was validated"),),
            errors=(NEED_NOT_VALIDATED,),
        )
    )
