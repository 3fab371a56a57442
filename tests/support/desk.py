"""A desk for trying handlers of inpassing: a programme, agencies, cases, and each call in a transaction of its own.

desk = Desk(database, registry, clock)
sari = desk.participant(nip="…")            # registered through the handler
desk.call("book_seat", sari, schedule_id=desk.schedule(quota=1), waiting=True)
"""

import itertools
import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import col

from engine.actors import SYSTEM, Actor
from engine.clock import VirtualClock
from engine.people import create_user
from engine.registry import HandlerContext, Registry
from engine.unit_of_work import Database
from models import (
    Booking,
    Definition,
    DefinitionVersion,
    ExamSchedule,
    Instance,
    Instansi,
    Job,
    Programme,
    User,
)

PARAMETERS = {
    "registration_working_days": 12, "repair_days": 2, "repair_time": "16:00", "max_attempts": 0, "retest_wait_days": 0,
    "certificate_pattern": "{number:04}/SERT/{year}", "recommendation_pattern": "{number:04}/REK/{year}",
    "result_list_pattern": "{number:04}/HASIL/{year}",
}  # fmt: skip
ALLOWED = ["III/c", "III/d"]


@dataclass
class Desk:
    database: Database
    registry: Registry
    clock: VirtualClock
    zone: str = "Asia/Jakarta"
    parameters: dict = field(default_factory=lambda: dict(PARAMETERS))
    known: set[str] = field(default_factory=set)
    numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        now = self.clock.now()
        self.programme = uuid.uuid4().hex
        with self.database.write() as unit:
            if unit.session.get(Definition, "desk") is None:
                unit.session.add(Definition(key="desk", title="Meja", owner="x"))
                unit.session.flush()
                unit.session.add(DefinitionVersion(id="desk", definition_key="desk", number=1, main_process="desk",
                                                   manifest={}, deployed_at=now, deployed_by=""))  # fmt: skip
            unit.session.add(
                Programme(id=self.programme, key=self.programme, flow="desk", title_id="Program", opens_at=now,
                          closes_at=now + timedelta(days=300), created_at=now)
            )  # fmt: skip

    # --- setting the scene -------------------------------------------------------------------------------------------

    def instansi(self, ident: str = "kapuas", zone: str = "Asia/Jakarta") -> str:
        with self.database.write() as unit:
            unit.session.merge(Instansi(id=ident, kind="kota", name=ident.title(), zone=zone))
        self.known.add(ident)
        return ident

    def user(self, name: str, state: str = "active") -> str:
        with self.database.write() as unit:
            user = create_user(unit, email=f"{name.lower()}@contoh.go.id", name=name, now=self.clock.now())
            user.state = state
            unit.session.add(user)
            return user.id

    def case(self, instansi: str | None = "kapuas", starter: str | None = None) -> str:
        ident = uuid.uuid4().hex
        if instansi and instansi not in self.known:
            self.instansi(instansi)
        with self.database.write() as unit:
            unit.session.add(
                Instance(id=ident, number=ident[:12], definition_key="desk", version_id="desk", instansi_id=instansi,
                         starter_id=starter, programme_id=self.programme, started_at=self.clock.now(), revision=1,
                         meta=b"", chain_head=b"", state_digest=b"")
            )  # fmt: skip
        return ident

    def formasi(self, instansi: str = "kapuas", **numbers: int) -> None:
        self.call("approve_formasi", self.case(instansi), numbers=numbers)

    def participant(self, instansi: str = "kapuas", *, case: str | None = None, **biodata) -> str:
        """Registered through the handler; the formasi must be there."""
        case = case or self.case(instansi)
        number = next(self.numbers)
        given = {
            "nip": f"198501012010011{number:03}", "name": f"Peserta {number}", "golongan": "III/c", "jenjang": "muda",
            "email": f"p{number}@contoh.go.id", "allowed": ALLOWED,
        }  # fmt: skip
        self.call("register_participant", case, **{**given, **biodata})
        return case

    def schedule(self, of: str | None = None, *, case: str | None = None, **more) -> str:
        """Opened through the handler: a written test on 30 June 2026."""
        case = case or self.case(of)
        given = {
            "kind": "instansi" if of else "reguler", "method": "tes_tertulis", "name": "Gelombang 1",
            "place": "Jakarta", "starts_on": date(2026, 6, 30), "starts_time": "09.00", "quota": 2,
        }  # fmt: skip
        self.call("open_schedule", case, **{**given, **more})
        return case

    # --- acting ------------------------------------------------------------------------------------------------------

    def call(self, handler: str, case: str, *, token: str | None = None, actor: Actor = SYSTEM, **inputs):
        """One call as an act makes it: in a savepoint of its own transaction, after what it prepares by reading."""
        found, prepared = self.registry.get(handler), None
        if found.prepare is not None:
            with self.database.read() as unit:
                prepared = found.prepare(self.context(unit, case, token, actor), **inputs)
        with self.database.write() as unit:
            context = replace(self.context(unit, case, token, actor), prepared=prepared)
            with unit.session.begin_nested():
                return found.function(context, **inputs)

    def context(self, unit, case: str, token: str | None = None, actor: Actor = SYSTEM) -> HandlerContext:
        row = unit.session.get(Instance, case)
        token = token or uuid.uuid4().hex
        return HandlerContext(
            unit, self.clock.now(), case, "step", token, f"{case}:{token}", row.starter_id, row.instansi_id, actor,
            {}, programme_id=self.programme, parameters=self.parameters, zone=self.zone,
            version_id=row.version_id,
        )  # fmt: skip

    def with_parameters(self, **parameters) -> "Desk":
        changed = replace(self, parameters={**self.parameters, **parameters})
        changed.programme = self.programme
        return changed

    def wait_until(self, when: datetime) -> None:
        self.clock.move_to(when)

    # --- looking -----------------------------------------------------------------------------------------------------

    def rows(self, model, **where):
        with self.database.read() as unit:
            return list(unit.session.scalars(select(model).filter_by(**where)))

    def row(self, model, **where):
        (found,) = self.rows(model, **where)
        return found

    def user_row(self, ident: str) -> User:
        return self.row(User, id=ident)

    def booking(self, participant: str) -> tuple[str, str] | None:
        """Its live one: the schedule and the state."""
        found = [b for b in self.rows(Booking, participant_id=participant) if b.state in ("booked", "waiting")]
        return (found[0].schedule_id, found[0].state) if found else None

    def messages(self, name: str) -> list[str]:
        """The cases that a message of this name is on its way to."""
        return [job.payload["instance_id"] for job in self.rows(Job, kind="message", name=name)]

    def seats_add_up(self) -> None:
        """What must hold of all schedules at any time."""
        with self.database.read() as unit:
            counted = select(col(Booking.schedule_id), col(Booking.state), func.count())
            groups = unit.session.execute(counted.group_by(col(Booking.schedule_id), col(Booking.state)))
            numbers = {(schedule, state): number for schedule, state, number in groups}
            for schedule in unit.session.scalars(select(ExamSchedule)):
                taken = numbers.get((schedule.id, "booked"), 0) + numbers.get((schedule.id, "done"), 0)
                waiting = numbers.get((schedule.id, "waiting"), 0)
                assert taken == schedule.taken <= schedule.quota
                if waiting and schedule.state in ("open", "closed") and schedule.starts_at > self.clock.now():
                    assert schedule.taken == schedule.quota, "somebody waits beside a free seat"
