"""What the pages of formasi, certificates and recommendations read, each list in one statement."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, select
from sqlmodel import col

from models import (
    Certificate,
    Formasi,
    Instance,
    Instansi,
    Participant,
    Programme,
    Recommendation,
    RecommendedParticipant,
)
from web.lkpp.work import EXPORT_LIMIT
from web.paging import Key, Page, fetch_page
from web.search import anywhere

CERTIFIED_KEYS = (
    Key(col(Instansi.name), "instansi"),
    Key(col(Participant.name), "name"),
    Key(col(Participant.id), "id"),
)
ISSUED_KEYS = (
    Key(col(Recommendation.issued_at), "issued_at", descending=True),
    Key(col(Recommendation.id), "id", descending=True),
)
FORMASI_KEYS = (
    Key(col(Instansi.name), "instansi"),
    Key(col(Formasi.programme_id), "programme_id"),
    Key(col(Formasi.instansi_id), "instansi_id"),
)


@dataclass(frozen=True)
class Filters:
    """What the address of these lists asks for."""

    instansi: str = ""
    programme: str = ""
    text: str = ""
    after: str | None = None
    before: str | None = None

    @classmethod
    def from_arguments(cls, arguments: Any) -> "Filters":
        return cls(
            instansi=arguments.get("instansi", "")[:32],
            programme=arguments.get("program", "")[:80],
            text=arguments.get("q", "").strip()[:100],
            after=arguments.get("sesudah"),
            before=arguments.get("sebelum"),
        )

    def arguments(self, **changes: Any) -> dict[str, str]:
        """As query arguments, empty ones left out; a changed filter starts at the first page again."""
        chosen = replace(self, after=None, before=None, **changes)
        named = {"instansi": chosen.instansi, "program": chosen.programme, "q": chosen.text}
        return {name: value for name, value in named.items() if value}

    @property
    def narrowed(self) -> bool:
        return bool(self.arguments())


def certified(connection: Connection, filters: Filters, *, size: int = 50) -> Page:
    """Participants with a certificate and no recommendation yet, by instansi."""
    query = _certified(filters)
    return fetch_page(connection, query, CERTIFIED_KEYS, after=filters.after, before=filters.before, size=size)


def certified_by_id(connection: Connection, ids: list[str]) -> list[Row[Any]]:
    """Of these, the ones that may be recommended."""
    query = _certified(Filters()).where(col(Participant.id).in_(ids))
    return list(connection.execute(query.order_by(*(key.column for key in CERTIFIED_KEYS))))


def certified_rows(connection: Connection, filters: Filters) -> list[Row[Any]]:
    order = [key.column.asc() for key in CERTIFIED_KEYS]
    return list(connection.execute(_certified(filters).order_by(*order).limit(EXPORT_LIMIT)))


def waiting_instansi(connection: Connection) -> list[Row[Any]]:
    """The instansi that have somebody to recommend: the choices of the filter, with how many."""
    query = (
        select(Instansi.id, Instansi.name, func.count().label("waiting"))
        .select_from(Participant)
        .join(Instansi, col(Instansi.id) == Participant.instansi_id)
        .where(col(Participant.state) == "sertifikat")
        .group_by(Instansi.id, Instansi.name)
        .order_by(Instansi.name)
        .limit(1000)
    )
    return list(connection.execute(query))


def issued(connection: Connection, filters: Filters, *, size: int = 25) -> Page:
    """Recommendations, newest first, with how many participants each names."""
    query = _issued(filters)
    return fetch_page(connection, query, ISSUED_KEYS, after=filters.after, before=filters.before, size=size)


def issued_rows(connection: Connection, filters: Filters) -> list[Row[Any]]:
    order = [key.column.desc() for key in ISSUED_KEYS]
    return list(connection.execute(_issued(filters).order_by(*order).limit(EXPORT_LIMIT)))


def recommended(connection: Connection, recommendation_ids: list[str]) -> list[Row[Any]]:
    """Who is named in these recommendations."""
    query = (
        select(RecommendedParticipant.recommendation_id, Participant.name, Participant.nip, Participant.state)
        .join(Participant, col(Participant.id) == RecommendedParticipant.participant_id)
        .where(col(RecommendedParticipant.recommendation_id).in_(recommendation_ids))
        .order_by(Participant.name, Participant.id)
    )
    return list(connection.execute(query))


def by_id(connection: Connection, ids: list[str]) -> list[Row[Any]]:
    """These participants, whatever their state, with their certificates."""
    query = (
        select(Participant.id, Participant.name, Participant.nip, Participant.jenjang, Participant.state,
               col(Certificate.number).label("certificate"))
        .outerjoin(Certificate, col(Certificate.participant_id) == Participant.id)
        .where(col(Participant.id).in_(ids))
        .order_by(Participant.name, Participant.id)
    )  # fmt: skip
    return list(connection.execute(query))


def formasi(connection: Connection, filters: Filters, *, size: int = 25) -> Page:
    """Approved formasi, a row per instansi and programme."""
    query = _formasi(filters)
    return fetch_page(connection, query, FORMASI_KEYS, after=filters.after, before=filters.before, size=size)


def formasi_rows(connection: Connection, filters: Filters) -> list[Row[Any]]:
    order = [key.column.asc() for key in FORMASI_KEYS]
    return list(connection.execute(_formasi(filters).order_by(*order).limit(EXPORT_LIMIT)))


def _certified(filters: Filters) -> Select[Any]:
    query = (
        select(
            Participant.id,
            Participant.name,
            Participant.nip,
            Participant.jenjang,
            Participant.golongan,
            Participant.instansi_id,
            Participant.programme_id,
            col(Instansi.name).label("instansi"),
            Instance.number,
            col(Certificate.number).label("certificate"),
            col(Certificate.attachment_id).label("certificate_file"),
            Certificate.issued_at,
        )
        .join(Certificate, col(Certificate.participant_id) == Participant.id)
        .join(Instansi, col(Instansi.id) == Participant.instansi_id)
        .join(Instance, col(Instance.id) == Participant.id)
        .outerjoin(RecommendedParticipant, col(RecommendedParticipant.participant_id) == Participant.id)
        .where(col(Participant.state) == "sertifikat", col(RecommendedParticipant.participant_id).is_(None))
    )
    searched = (Participant.name, Participant.nip, Instansi.name, Certificate.number)
    return _narrowed(query, filters, searched, Participant.instansi_id, Participant.programme_id)


def _issued(filters: Filters) -> Select[Any]:
    named = (
        select(RecommendedParticipant.recommendation_id, func.count().label("people"))
        .group_by(RecommendedParticipant.recommendation_id)
        .subquery()
    )
    query = (
        select(
            Recommendation.id,
            Recommendation.number,
            Recommendation.issued_at,
            Recommendation.attachment_id,
            col(Instansi.name).label("instansi"),
            col(Instance.number).label("case_number"),
            func.coalesce(named.c.people, 0).label("people"),
        )
        .join(Instansi, col(Instansi.id) == Recommendation.instansi_id)
        .join(Instance, col(Instance.id) == Recommendation.id)
        .outerjoin(named, named.c.recommendation_id == Recommendation.id)
    )
    searched = (Recommendation.number, Instansi.name)
    return _narrowed(query, filters, searched, Recommendation.instansi_id, Recommendation.programme_id)


def _formasi(filters: Filters) -> Select[Any]:
    """The three levels of a row side by side."""
    sums = []
    for level in ("pertama", "muda", "madya"):
        here = and_(col(Formasi.jenjang) == level)
        for what in ("approved", "used"):
            value = func.sum(getattr(Formasi, what)).filter(here)
            sums.append(func.coalesce(value, 0).label(f"{level}_{what}"))
    query = (
        select(
            Formasi.programme_id,
            Formasi.instansi_id,
            col(Instansi.name).label("instansi"),
            func.max(col(Formasi.approved_at)).label("approved_at"),
            func.max(Instance.number).label("number"),
            *sums,
        )
        .join(Instansi, col(Instansi.id) == Formasi.instansi_id)
        .join(Instance, col(Instance.id) == Formasi.instance_id)
        .group_by(Formasi.programme_id, Formasi.instansi_id, Instansi.name)
    )
    return _narrowed(query, filters, (Instansi.name,), Formasi.instansi_id, Formasi.programme_id)


def _narrowed(query: Select[Any], filters: Filters, searched: Any, instansi: Any, programme: Any) -> Select[Any]:
    if filters.instansi:
        query = query.where(instansi == filters.instansi)
    if filters.programme:
        chosen = select(col(Programme.id)).where(col(Programme.key) == filters.programme).scalar_subquery()
        query = query.where(programme == chosen)
    if filters.text:
        query = query.where(anywhere(filters.text, *searched))
    return query
