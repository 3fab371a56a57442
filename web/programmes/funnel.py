"""How far the participants of a programme have come, and where they stand: for a picture and the table under it."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import case, func, select
from sqlmodel import col

from engine.unit_of_work import UnitOfWork
from models import Participant, ParticipantStage, Programme
from web.inpassing.words import FURTHER, STATES, state_text, state_tone

WAY = ("draf", "diajukan", "lengkap", "terdaftar", "lulus", "sertifikat", "rekomendasi", "diangkat")
"""The steps of the way; whoever has been at a later one has been at all before it."""
WAYS = {
    "bps_inpassing": ("draf", "diundang", "diajukan", "lengkap", "lulus", "rekomendasi"),
    "kemnaker_inpassing": ("draf", "diajukan", "lengkap", "lulus", "rekomendasi", "diangkat"),
}
"""Of flows that have other steps."""
_BESIDE = {
    "tidak_lengkap": "diajukan",
    "dikembalikan": "diajukan",
    "portofolio_tidak_sesuai": "terdaftar",
    "tidak_lulus": "terdaftar",
    "tidak_hadir": "terdaftar",
    "ujian_ulang": "terdaftar",
    "uji_kompetensi": "lengkap",
}
"""States off the way, by the step that was reached then."""
LONGEST = 100.0
BAR, GAP = 26, 12


@dataclass(frozen=True)
class Step:
    """A step of the way: how many ever came here, and what part that is of all and of the step before."""

    state: str
    text: str
    reached: int
    of_all: int
    of_before: int | None
    now: int
    """How many stand here today."""


@dataclass(frozen=True)
class Standing:
    """How many participants are in a state today."""

    state: str
    text: str
    tone: str
    count: int


@dataclass(frozen=True)
class Funnel:
    """Nothing to draw while there is no participant."""

    total: int
    steps: tuple[Step, ...]
    standing: tuple[Standing, ...]

    @property
    def bars(self) -> list[tuple[int, float, Step]]:
        """Top edge and length of each bar of the picture."""
        return [
            (number * (BAR + GAP), round(LONGEST * step.reached / self.total, 2) if self.total else 0.0, step)
            for number, step in enumerate(self.steps)
        ]

    @property
    def height(self) -> int:
        return len(self.steps) * (BAR + GAP)


def funnel(unit: UnitOfWork, programme_id: str) -> Funnel:
    """Three statements, whatever the number of participants."""
    programme = unit.session.get(Programme, programme_id)
    way = WAYS.get(programme.flow, WAY) if programme is not None else WAY
    standing = _standing(unit, programme_id)
    total = sum(standing.values())
    furthest = _furthest(unit, programme_id, way)
    reached = [sum(n for rank, n in furthest.items() if rank >= wanted) for wanted in range(len(way))]
    reached[0] = total
    steps = tuple(
        Step(
            state=state,
            text=step_text(state),
            reached=reached[rank],
            of_all=_percent(reached[rank], total),
            of_before=_percent(reached[rank], reached[rank - 1]) if rank else None,
            now=standing.get(state, 0),
        )
        for rank, state in enumerate(way)
    )
    there = [s for s in (*STATES, *FURTHER) if standing.get(s)]
    return Funnel(total, steps, tuple(Standing(s, state_text(s), state_tone(s), standing[s]) for s in there))


def step_text(state: str) -> str:
    """The first step is not a draft but everybody who was entered."""
    return _("Peserta didaftarkan") if state == WAY[0] else state_text(state)


def _standing(unit: UnitOfWork, programme_id: str) -> dict[str, int]:
    query = (
        select(col(Participant.state), func.count())
        .where(col(Participant.programme_id) == programme_id)
        .group_by(col(Participant.state))
    )
    return {state: int(count) for state, count in unit.connection.execute(query)}


def _furthest(unit: UnitOfWork, programme_id: str, way: tuple[str, ...]) -> dict[int, int]:
    """How many participants got how far: the furthest step each has ever been at."""
    ranks = {state: r for r, state in enumerate(way)}
    ranks |= {state: ranks[step] for state, step in _BESIDE.items() if step in ranks and state not in ranks}
    rank = case(*((col(ParticipantStage.state) == state, r) for state, r in ranks.items()), else_=0)
    each = (
        select(func.max(rank).label("rank"))
        .join(Participant, col(Participant.id) == col(ParticipantStage.participant_id))
        .where(col(Participant.programme_id) == programme_id)
        .group_by(col(ParticipantStage.participant_id))
        .subquery()
    )
    query = select(each.c.rank, func.count()).group_by(each.c.rank)
    return {int(rank_): int(count) for rank_, count in unit.connection.execute(query)}


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0
