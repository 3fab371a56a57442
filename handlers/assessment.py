"""Scores of a portfolio: each assessor's own, once in a round, and what they say together."""

import uuid
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from engine.unit_of_work import inserting
from handlers.inpassing import inserted, participant_of, programme_of
from models import Assessment, Team, TeamMember, User

ALREADY_ASSESSED = "already_assessed"
NOT_ASSESSOR = "not_assessor"
CENT = Decimal("0.01")


class AlreadyAssessedError(BusinessError):
    """{name} has scored this portfolio already: each assessor scores once, on their own."""

    indonesian = "{name} sudah menilai portofolio ini: setiap penilai menilai satu kali, sendiri-sendiri."
    code = ALREADY_ASSESSED

    def __init__(self, name: str) -> None:
        super().__init__(ALREADY_ASSESSED, name=name)


class NotAssessorError(BusinessError):
    """{name} is not a member of the Tim Uji Kompetensi of this programme."""

    indonesian = "{name} bukan anggota Tim Uji Kompetensi program ini."
    code = NOT_ASSESSOR

    def __init__(self, name: str) -> None:
        super().__init__(NOT_ASSESSOR, name=name)


def record_assessment(
    context: HandlerContext,
    *,
    round: int,  # noqa: A002 -- the name that diagrams use
    team: str,
    scores: Mapping[str, Any],
    weights: Mapping[str, Any],
    note: str | None = None,
    kind: str = "penilai",
) -> dict[str, Any]:
    """Keep the scores of the person who acts. The total is their mean by the weights, of 100."""
    participant = participant_of(context)
    assessor = context.unit.session.get(User, context.actor.user_id) if context.actor.user_id else None
    name = assessor.name if assessor else context.actor.name
    if assessor is None or not _is_member(context, team, assessor.id):
        raise NotAssessorError(name)
    score = _weighted(scores, weights)
    row = {
        "id": uuid.uuid4().hex, "participant_id": participant.id, "round": int(round), "assessor_id": assessor.id,
        "kind": kind, "scores": {key: str(value) for key, value in scores.items()}, "score": score,
        "note": note or "", "given_at": context.now,
    }  # fmt: skip
    new = inserting(context.unit, Assessment).values(row).on_conflict_do_nothing()
    if not inserted(context.unit, new, col(Assessment.id)):
        raise AlreadyAssessedError(name)
    return {"assessor_id": assessor.id, "given_at": context.now}


def _is_member(context: HandlerContext, team: str, user_id: str) -> bool:
    held = (
        select(col(TeamMember.user_id))
        .join(Team, col(Team.id) == col(TeamMember.team_id))
        .where(
            col(Team.programme_id) == programme_of(context),
            col(Team.kind) == team,
            col(Team.state) == "active",
            col(TeamMember.user_id) == user_id,
        )
    )
    return context.unit.connection.execute(held).first() is not None


def _weighted(scores: Mapping[str, Any], weights: Mapping[str, Any]) -> Decimal:
    total = sum((Decimal(str(weight)) for weight in weights.values()), Decimal(0))
    points = sum((Decimal(str(scores[key])) * Decimal(str(weight)) for key, weight in weights.items()), Decimal(0))
    return (points / total).quantize(CENT, ROUND_HALF_UP)


def sum_up_assessments(context: HandlerContext, *, round: int) -> dict[str, Any]:  # noqa: A002 -- as above
    """What the assessors of a round say together: for the decision table, and for the Berita Acara."""
    rows = context.unit.session.execute(
        select(Assessment, col(User.name))
        .join(User, col(User.id) == col(Assessment.assessor_id))
        .where(col(Assessment.participant_id) == context.instance_id, col(Assessment.round) == int(round))
        .order_by(col(Assessment.given_at), col(Assessment.id))
    ).all()
    given = [Decimal(str(row.score)).quantize(CENT) for row, _ in rows]
    if not given:
        return {"opinions": 0, "mean": None, "middle": None, "spread": None, "assessors": [], "given": []}
    return {
        "opinions": len(given),
        "mean": (sum(given, Decimal(0)) / len(given)).quantize(CENT, ROUND_HALF_UP),
        "middle": Decimal(median(given)).quantize(CENT, ROUND_HALF_UP),
        "spread": max(given) - min(given),
        "assessors": [row.assessor_id for row, _ in rows],
        "given": [
            {"name": name, "score": score, "kind": row.kind} for (row, name), score in zip(rows, given, strict=True)
        ],
    }


ROUND = Field("round", "number", "Putaran penilaian, mulai dari 1", "Round of assessment, from 1")


def register(registry: Registry) -> None:
    registry.add(
        Handler(
            name="record_assessment",
            mode="inline",
            function=record_assessment,
            title_id="Catat nilai penilai ini",
            title_en="Record this assessor's scores",
            inputs=(
                ROUND,
                Field("team", "text", "Peran tim penilai", "Role of the assessors' team"),
                Field("scores", "record", "Nilai 0 sampai 100 per unsur", "Scores of 0 to 100, by criterion"),
                Field("weights", "record", "Bobot per unsur", "Weight of each criterion"),
                Field("note", "text", "Catatan", "Note", required=False),
                Field("kind", "text", "penilai atau pendapat_ketiga", "penilai or pendapat_ketiga", required=False),
            ),
            outputs=(
                Field("assessor_id", "text", "Penilai", "The assessor"),
                Field("given_at", "date", "Saat dinilai", "When"),
            ),
            errors=(ALREADY_ASSESSED, NOT_ASSESSOR),
        )
    )
    registry.add(
        Handler(
            name="sum_up_assessments",
            mode="inline",
            function=sum_up_assessments,
            title_id="Himpun nilai para penilai",
            title_en="Sum up what the assessors found",
            inputs=(ROUND,),
            outputs=(
                Field("opinions", "number", "Banyaknya penilai", "How many assessors"),
                Field("mean", "number", "Rata-rata", "Mean"),
                Field("middle", "number", "Nilai tengah", "Median"),
                Field("spread", "number", "Selisih tertinggi dan terendah", "Highest less lowest"),
                Field("assessors", "list", "Id para penilai", "Ids of the assessors"),
                Field("given", "list", "Nama dan nilai", "Names and scores"),
            ),
        )
    )
