"""Rekomendasi Pengangkatan: numbered for one or several certified participants of an instansi, written, announced."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from calendars import zone_of
from engine import relations
from engine.letters.book import issue
from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from engine.unit_of_work import inserting
from handlers import seats
from handlers.certificates import person_of
from handlers.inpassing import DiagramFaultError, inserted, instansi_of, programme_of
from handlers.letters import Composed, Letters
from handlers.lkpp_letters import RECOMMENDATIONS, recommendation_order
from handlers.periods import collect_passed
from models import Certificate, Instansi, Participant, Recommendation, RecommendedParticipant

RECOMMENDED = "recommended"
NOT_CERTIFIED = "not_certified"
ALREADY_RECOMMENDED = "already_recommended"


class NotCertifiedError(BusinessError):
    """Not every one of them is a participant of this instansi with a certificate: {names}"""

    indonesian = "Tidak semuanya peserta instansi ini yang bersertifikat: {names}"
    code = NOT_CERTIFIED

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(NOT_CERTIFIED, names=", ".join(names))


class AlreadyRecommendedError(BusinessError):
    """Recommended already: {names}"""

    indonesian = "Sudah direkomendasikan: {names}"
    code = ALREADY_RECOMMENDED

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(ALREADY_RECOMMENDED, names=", ".join(names))


def issue_recommendation(
    context: HandlerContext, *, participants: Sequence[str], state: str | None = None, number: str | None = None
) -> dict[str, Any]:
    """Number the recommendation. All of them or none: each certified, of this instansi, and not recommended before.

    Where nobody is certified they must be in `state` instead; a number that a letter was given already is kept.
    """
    ids = list(dict.fromkeys(str(p) for p in participants))
    known = context.unit.session.get(Recommendation, context.instance_id)
    if known is None:
        known = _issue(context, _fit(context, ids, state), number)
    names = [row.name for row in _recommended(context)]
    return {
        "number": known.number, "recommendation_id": known.id, "issued_at": known.issued_at, "names": names,
    }  # fmt: skip


def recommend_passed(context: HandlerContext, *, number: str, state: str = "lulus") -> dict[str, Any]:
    """Everybody of the instansi who passed and is not recommended yet, under the number of the letter that says so."""
    passed = collect_passed(context, state=state)
    issued = issue_recommendation(context, participants=passed["ids"], state=state, number=number)
    return {**issued, "people": passed["people"]}


def _fit(context: HandlerContext, ids: Sequence[str], state: str | None) -> list[Participant]:
    programme, instansi = programme_of(context), instansi_of(context)
    if not ids:
        msg = f"{context.element_id}: nobody is named"
        raise DiagramFaultError(msg)
    rows = context.unit.session.execute(
        select(Participant, col(Certificate.number))
        .outerjoin(Certificate, col(Certificate.participant_id) == col(Participant.id))
        .where(col(Participant.id).in_(ids))
        .order_by(col(Participant.id))
    ).all()
    ours = [(p, held) for p, held in rows if (p.programme_id, p.instansi_id) == (programme, instansi) and p.counts]
    fit = [p for p, held in ours if (held if state is None else p.state == state)]
    unfit = [p.name for p, _ in rows if p not in fit]
    if unfit or len(rows) < len(ids):
        raise NotCertifiedError(unfit or ["–"])
    return fit


def _issue(context: HandlerContext, participants: Sequence[Participant], number: str | None) -> Recommendation:
    """Each participant in the order of their ids: of two recommendations that name the same one, the second waits."""
    issued = Recommendation(
        id=context.instance_id,
        programme_id=programme_of(context),
        instansi_id=instansi_of(context),
        number=number or issue(context.unit, recommendation_order(context), context.now).number,
        issued_at=context.now,
    )
    context.unit.session.add(issued)
    context.unit.session.flush()
    doubled = []
    for participant in participants:
        row = {"participant_id": participant.id, "recommendation_id": issued.id}
        new = inserting(context.unit, RecommendedParticipant).values(row).on_conflict_do_nothing()
        if not inserted(context.unit, new, col(RecommendedParticipant.participant_id)):
            doubled.append(participant.name)
        relations.link(context.unit, participant.id, issued.id, "recommendation", context.now)
    if doubled:
        raise AlreadyRecommendedError(doubled)
    return issued


def _recommended(context: HandlerContext) -> list[Participant]:
    """Whom the recommendation of this case names, by name."""
    theirs = (
        select(Participant)
        .join(RecommendedParticipant, col(RecommendedParticipant.participant_id) == col(Participant.id))
        .where(col(RecommendedParticipant.recommendation_id) == context.instance_id)
        .order_by(col(Participant.name), col(Participant.id))
    )
    return list(context.unit.session.execute(theirs).scalars())


def announce_recommendation(context: HandlerContext) -> dict[str, Any]:
    """Tell the case of each participant: it waits for this, or will soon."""
    issued = context.unit.session.get_one(Recommendation, context.instance_id)
    payload = {"number": issued.number, "recommendation_id": issued.id}
    whom = [(p.id, p.id) for p in _recommended(context)]
    seats.tell(context, RECOMMENDED, whom, payload, optional=False)
    return {"told": len(whom)}


@dataclass(frozen=True)
class Writing:
    """The handler `write_recommendation`."""

    letters: Letters

    def set(self, context: HandlerContext, *, template: str = "recommendation") -> Composed | None:
        """The PDF of the recommendation, before anything is locked."""
        return self.letters.compose_for(
            context, f"{RECOMMENDATIONS}:{context.instance_id}", template, self._data(context)
        )

    def recommendation(self, context: HandlerContext, *, template: str = "recommendation") -> dict[str, Any]:
        """The recommendation as a file of its case."""
        issued = context.unit.session.get_one(Recommendation, context.instance_id)
        order = recommendation_order(context, issued.number)
        filename = f"Rekomendasi {order.addressee}.pdf"
        attachment = self.letters.keep_for(context, order, template, lambda: self._data(context), filename)
        own = update(Recommendation).where(col(Recommendation.id) == issued.id)
        context.unit.connection.execute(own.values(attachment_id=attachment["id"]))
        return {"attachment": attachment}

    def _data(self, context: HandlerContext) -> dict[str, Any]:
        issued = context.unit.session.get_one(Recommendation, context.instance_id)
        agency = context.unit.session.get_one(Instansi, issued.instansi_id)
        named = _recommended(context)
        certificates = select(Certificate).where(col(Certificate.participant_id).in_([p.id for p in named]))
        held = {c.participant_id: c for c in context.unit.session.execute(certificates).scalars()}
        zone = zone_of(context.zone)
        return {
            "number": issued.number,
            "issued_on": issued.issued_at.astimezone(zone).date(),
            "instansi": agency.name,
            "participants": [
                {
                    **person_of(context, p),
                    "certificate_number": held[p.id].number,
                    "certificate_on": held[p.id].issued_at.astimezone(zone).date(),
                }
                for p in named
            ],
        }


def register(registry: Registry, letters: Letters) -> None:
    writing = Writing(letters)
    registry.add(
        Handler(
            name="issue_recommendation",
            mode="inline",
            function=issue_recommendation,
            title_id="Terbitkan Rekomendasi Pengangkatan",
            title_en="Issue the recommendation",
            inputs=(
                Field("participants", "list", "Nomor para peserta", "Ids of the participants"),
                Field(
                    "state",
                    "text",
                    "Status yang disyaratkan; kosong: bersertifikat",
                    "The state they must be in; empty: certified",
                    required=False,
                ),
                Field(
                    "number",
                    "text",
                    "Nomor naskah yang sudah diterbitkan; kosong: nomor baru",
                    "Number of a letter issued already; empty: a new one",
                    required=False,
                ),
            ),
            outputs=(
                Field("number", "text", "Nomor rekomendasi", "Number of the recommendation"),
                Field("recommendation_id", "text", "Kasus rekomendasi", "Its case"),
                Field("issued_at", "date", "Saat terbit", "When it was issued"),
                Field("names", "list", "Nama para peserta", "Names of the participants"),
            ),
            errors=(NOT_CERTIFIED, ALREADY_RECOMMENDED),
        )
    )
    registry.add(
        Handler(
            name="recommend_passed",
            mode="inline",
            function=recommend_passed,
            title_id="Rekomendasikan semua peserta instansi yang lulus",
            title_en="Recommend everybody of the instansi who passed",
            inputs=(
                Field("number", "text", "Nomor naskahnya", "Number of the letter"),
                Field("state", "text", "Status yang dicari; kosong: lulus", "The state; empty: lulus", required=False),
            ),
            outputs=(
                Field("number", "text", "Nomor rekomendasi", "Number of the recommendation"),
                Field("recommendation_id", "text", "Kasus rekomendasi", "Its case"),
                Field("issued_at", "date", "Saat terbit", "When it was issued"),
                Field("names", "list", "Nama para peserta", "Names of the participants"),
                Field("people", "list", "Peserta untuk naskah", "The participants, for a letter"),
            ),
        )
    )
    registry.add(
        Handler(
            name="write_recommendation",
            mode="async",
            function=writing.recommendation,
            prepare=writing.set,
            title_id="Buat berkas rekomendasi",
            title_en="Write the recommendation",
            inputs=(
                Field("template", "letter", "Nama berkas di folder letters", "Name of the file in the folder letters",
                      required=False),
            ),
            outputs=(Field("attachment", "record", "Berkas PDF", "The file, a PDF"),),
        )
    )  # fmt: skip
    registry.add(
        Handler(
            name="announce_recommendation",
            mode="inline",
            function=announce_recommendation,
            title_id="Kabarkan rekomendasi ke kasus setiap peserta",
            title_en="Announce the recommendation to each participant's case",
            outputs=(Field("told", "number", "Kasus yang diberi tahu", "Cases told"),),
        )
    )
