"""What a scenario of inpassing may begin with, and look at: approved formasi, open schedules, participants."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlmodel import col

from calendars import WorkingCalendarError
from engine import programmes
from engine.calendar import load_calendar
from engine.errors import AlurError
from engine.facts import FactError, FactProvider, FactWorld, Fields
from engine.registry import Registry
from engine.texts import Text
from engine.unit_of_work import UnitOfWork, inserting
from handlers import fact_reading
from handlers.deadlines import dates_of
from handlers.inpassing import JENJANG, STATES
from models import (
    Booking,
    Certificate,
    Definition,
    DefinitionVersion,
    ExamSchedule,
    Formasi,
    Instance,
    Instansi,
    Participant,
    ParticipantStage,
    Programme,
)

RULES = {"registration_working_days": 12, "repair_days": 2, "repair_time": "16:00"}
"""Where the process that opens schedules is not part of the story, and so has no parameters in it."""
GOLONGAN = {"pertama": "III/b", "muda": "III/d", "madya": "IV/b"}
WORDS = {
    "nama": "name", "jenis": "kind", "metode": "method", "tempat": "place", "tanggal": "date", "jam": "time",
    "kuota": "quota", "terisi": "taken", "ditutup": "closes", "zona": "zone", "jumlah": "count", "keadaan": "state",
    "dokumen": "documents", "jadwal": "schedule", "riwayat": "stages",
}  # fmt: skip


@dataclass(frozen=True)
class Given:
    """A fact as it was written, by English names, and what it is made with."""

    unit: UnitOfWork
    now: datetime
    world: FactWorld
    fields: Mapping[str, Any]

    def text(self, name: str, otherwise: str = "") -> str:
        return str(self.fields.get(name) or otherwise)

    def number(self, name: str, otherwise: int) -> int:
        value = self.fields.get(name)
        return value if isinstance(value, int) else otherwise

    @property
    def programme(self) -> Programme:
        found = self.unit.session.get(Programme, self.world.programme_id) if self.world.programme_id else None
        if found is None:
            raise FactError(why=Text("belum ada program", "there is no programme yet"))
        return found

    @property
    def agency(self) -> Instansi:
        if "instansi" in self.fields:
            return self.world.agency(self.unit, self.text("instansi"))
        raise FactError(why=Text("sebutkan instansi", "name the instansi"))


def _reading(known: frozenset[str] | None, make: Callable[[Given], Fields]) -> Any:
    """The provider's `make`, told when it is given a name that it does not know."""

    def made(unit: UnitOfWork, now: datetime, fields: Fields, world: FactWorld) -> Fields:
        given = {WORDS.get(name, name): value for name, value in fields.items()}
        if known is not None:
            _check_names(given, known)
        try:
            return make(Given(unit, now, world, given))
        except FactError:
            raise
        except (AlurError, WorkingCalendarError) as refusal:  # an exam on a day off, a year without its decree
            raise FactError(why=Text(refusal.message("id"), refusal.message("en"))) from refusal
        except ValueError as error:
            raise FactError(why=Text(f"salah tulis: {error}", f"not written right: {error}")) from error

    return made


def _check_names(given: Iterable[str], known: frozenset[str]) -> None:
    if unknown := sorted(set(given) - known):
        names, all_known = ", ".join(unknown), ", ".join(sorted(known))
        raise FactError(
            why=Text(f"“{names}” tidak dikenal; yang ada: {all_known}", f"“{names}” is unknown; known: {all_known}")
        )


def _levels(unit: UnitOfWork) -> tuple[str, ...]:
    """The jenjang of the packages that are there: those they name, else LKPP's."""
    current = select(col(DefinitionVersion.manifest)).join(
        Definition, col(Definition.current_version_id) == col(DefinitionVersion.id)
    )
    named = [m.get("parameters", {}).get("jenjang", {}).get("value") or {} for m in unit.session.scalars(current)]
    return tuple(dict.fromkeys(jenjang for one in named for jenjang in one)) or JENJANG


def _formasi(given: Given) -> Fields:
    """What was approved for an instansi."""
    levels = _levels(given.unit)
    _check_names(given.fields, frozenset({"instansi", *levels}))
    proposal = _case(given, "lkpp_formasi", given.agency)
    for jenjang in levels:
        row = Formasi(
            programme_id=given.programme.id, instansi_id=given.agency.id, jenjang=jenjang,
            approved=given.number(jenjang, 0), used=0, instance_id=proposal, approved_at=given.now,
        )  # fmt: skip
        given.unit.session.add(row)
    given.unit.session.flush()
    return {"instansi_id": given.agency.id}


def _schedule(given: Given) -> Fields:
    """An open schedule; `taken` of its seats belong to participants that the story does not follow."""
    programme, kind = given.programme, given.text("kind", "reguler")
    agency = given.agency if kind == "instansi" else None
    zone = given.text("zone", agency.zone if agency else programme.zone)
    calendar = load_calendar(given.unit, programme.instansi_id, zone, now=given.now)
    rules = {**RULES, **programmes.parameter_values(given.unit, programme)}
    dates = dates_of(calendar, date.fromisoformat(given.text("date")), given.text("time", "09.00"), rules)
    closes = given.world.instant(given.text("closes")) if given.fields.get("closes") else dates.closes_at
    schedule = ExamSchedule(
        id=_case(given, "lkpp_schedule", agency), programme_id=programme.id, kind=kind,
        instansi_id=agency.id if agency else None, method=given.text("method", "tes_tertulis"),
        name=given.text("name", "Jadwal"), place=given.text("place", "Jakarta"), zone=zone,
        starts_at=dates.starts_at, closes_at=closes, closes_why=dates.closes.to_json(),
        repair_until=dates.repair_until, quota=given.number("quota", 30), created_at=given.now,
    )  # fmt: skip
    given.unit.session.add(schedule)
    given.unit.session.flush()
    for number in range(1, given.number("taken", 0) + 1):
        holder = given.agency if "instansi" in given.fields else _any_agency(given)
        participant = _person(given, holder, f"Peserta lain {number} ({schedule.name})", "muda", "lengkap")
        _seat(given, schedule, participant)
    given.world.cases[schedule.name] = schedule.id
    return {"id": schedule.id, "name": schedule.name}


def _participants(given: Given) -> Fields:
    """Participants of an instansi in some state, `count` of them, with a seat in a schedule if one is named."""
    state, count = given.text("state", "lengkap"), given.number("count", 1)
    if state not in STATES:
        raise FactError(why=Text(f"tidak ada status “{state}”", f"there is no state “{state}”"))
    ids = []
    for number in range(1, count + 1):
        name = given.text("name", "Peserta") + (f" {number}" if count > 1 else "")
        participant = _person(given, given.agency, name, given.text("jenjang", "muda"), state)
        if given.fields.get("schedule"):
            found = select(ExamSchedule).where(col(ExamSchedule.name) == given.text("schedule"))
            schedule = given.unit.session.scalars(found).one()
            _seat(given, schedule, participant)
        if state in ("sertifikat", "rekomendasi", "diangkat"):
            certificate = f"SERT-{participant.nip}"
            given.unit.session.add(
                Certificate(participant_id=participant.id, number=certificate, attempt=1, issued_at=given.now)
            )
        stages = given.fields.get("stages") or []
        given.unit.session.add_all(
            ParticipantStage(id=uuid.uuid4().hex, participant_id=participant.id, state=stage, at=given.now)
            for stage in (stages if isinstance(stages, list) else [stages])
        )
        given.world.cases.setdefault(name, participant.id)
        ids.append(participant.id)
    given.unit.session.flush()
    return {"ids": ids}


def _person(given: Given, agency: Instansi, name: str, jenjang: str, state: str) -> Participant:
    """One participant, with the formasi it takes."""
    session, programme = given.unit.session, given.programme
    serial = session.scalars(select(func.count()).select_from(Participant)).one() + 1
    seat = inserting(given.unit, Formasi).values(
        programme_id=programme.id, instansi_id=agency.id, jenjang=jenjang, approved=1, used=1,
        instance_id=uuid.uuid4().hex, approved_at=given.now,
    )  # fmt: skip
    used = col(Formasi.used) + 1
    session.execute(
        seat.on_conflict_do_update(
            index_elements=["programme_id", "instansi_id", "jenjang"],
            set_={"used": used, "approved": case((col(Formasi.approved) > used, col(Formasi.approved)), else_=used)},
        )
    )
    participant = Participant(
        id=_case(given, "lkpp_participant", agency), programme_id=programme.id, instansi_id=agency.id,
        nip=given.text("nip") or f"198501012010011{serial:03}", name=name, golongan=GOLONGAN.get(jenjang, "III/c"),
        jenjang=jenjang, email=given.text("email", f"peserta{serial}@contoh.go.id"), state=state,
        documents=given.text("documents", "waiting" if state == "diajukan" else "complete"),
        created_at=given.now, updated_at=given.now,
    )  # fmt: skip
    session.add(participant)
    session.flush()
    return participant


def _seat(given: Given, schedule: ExamSchedule, participant: Participant) -> None:
    schedule.taken += 1
    participant.method = schedule.method
    places = select(func.count()).select_from(Booking).where(col(Booking.schedule_id) == schedule.id)
    number = given.unit.session.scalars(places).one()
    given.unit.session.add(
        Booking(
            id=uuid.uuid4().hex,
            schedule_id=schedule.id,
            participant_id=participant.id,
            number=number + 1,
            attempt=1,
            state="booked",
            created_at=given.now,
        )
    )
    given.unit.session.flush()


def _case(given: Given, preferred: str, agency: Instansi | None) -> str:
    return stand_in_case(
        given.unit, given.now, preferred, given.world.programme_id, instansi_id=agency.id if agency else None
    )


def stand_in_case(
    unit: UnitOfWork, now: datetime, preferred: str, programme_id: str | None, *, instansi_id: str | None = None
) -> str:
    """An ended case that stands for the one which made a row before the story began."""
    session = unit.session
    current = select(Definition).where(col(Definition.current_version_id).is_not(None))
    definition = session.scalars(current.order_by(col(Definition.key) != preferred, col(Definition.key))).first()
    if definition is None:
        raise FactError(why=Text("belum ada proses", "there is no process yet"))
    ident = uuid.uuid4().hex
    session.add(
        Instance(
            id=ident,
            number=f"FAKTA-{ident[:8]}",
            definition_key=definition.key,
            version_id=str(definition.current_version_id),
            status="completed",
            started_at=now,
            ended_at=now,
            instansi_id=instansi_id,
            programme_id=programme_id,
            revision=1,
            meta=b"",
            chain_head=b"",
            state_digest=b"",
        )
    )
    session.flush()
    return ident


def _any_agency(given: Given) -> Instansi:
    return given.unit.session.scalars(select(Instansi).order_by(col(Instansi.name))).first() or given.agency


def register(registry: Registry) -> None:
    known = {
        "formasi": None,
        "schedule": frozenset(
            {"name", "kind", "method", "place", "date", "time", "quota", "taken", "closes", "zone", "instansi"}
        ),
        "participants": frozenset(
            {"name", "count", "instansi", "jenjang", "state", "stages", "documents", "schedule", "nip", "email"}
        ),
    }
    for name, make, read, alias in (
        ("formasi", _formasi, fact_reading.formasi, ()),
        ("schedule", _schedule, fact_reading.schedule, ("jadwal",)),
        ("participants", _participants, fact_reading.participant, ("peserta",)),
    ):
        registry.facts.add(FactProvider(name, _reading(known[name], make), read, aliases=alias))
