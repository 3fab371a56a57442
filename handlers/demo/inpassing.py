"""A programme of inpassing for the demo, with participants in every state an officer or an agency may want to see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from calendars import WorkingCalendarError
from engine import programmes
from engine.clock import VirtualClock
from engine.definitions import Definitions
from engine.documents import Documents
from engine.people import find_by_email
from engine.registry import Registry
from engine.runner import Runner
from engine.texts import Text
from engine.unit_of_work import Database
from handlers.demo.accounts import KAPUAS
from handlers.demo.season import answers
from handlers.demo.season.answers import PARTICIPANT, Situation
from handlers.demo.season.cast import FLOW, Agency, Cast
from handlers.demo.season.clockwork import Clockwork
from handlers.demo.season.desk import Desk, Task
from handlers.demo.season.plan import JENJANG, Fate, draw
from handlers.demo.season.samples import Samples
from handlers.seeds import instansi_id
from models import Programme

KEY = "inpassing-lkpp-peragaan"
WIB = ZoneInfo("Asia/Jakarta")
ADMIN = "admin.instansi@contoh.go.id"
OFFICERS = {
    "admin_lkpp": "admin.lkpp@contoh.go.id",
    "verifikator_lkpp": "verifikator@contoh.go.id",
    "penguji": "penguji@contoh.go.id",
    "pimpinan_lkpp": "pimpinan@contoh.go.id",
}
NAMES = ("Ahmad Fauzi", "Dewi Sartika", "Rudi Hartono", "Yuni Astuti", "Slamet Riyadi", "Nur Hidayah", "Agus Salim",
         "Rina Marlina", "Bayu Nugraha", "Lilis Suryani", "Eko Prabowo")  # fmt: skip
FORMASI = {"pertama": 12, "muda": 3, "madya": 1}


@dataclass
class InpassingDemo:
    """Plays the last two months of a programme, so that it looks lived in today."""

    desk: Desk
    agency: Agency
    now: datetime

    def play(self) -> None:
        """What two months leave behind. A year without an SKB ends the story where it is."""
        try:
            self._first_exam()
            self._second_exam()
        except WorkingCalendarError:
            pass
        self.desk.time.until(self.now)

    def _first_exam(self) -> None:
        self._at(-60)
        case = self.desk.start("lkpp_formasi", self.agency.user_id, instansi_id=self.agency.id)
        self.desk.complete_next(case, "propose", self.agency.user_id, lambda attach: {
            **{jenjang: str(FORMASI[jenjang]) for jenjang in JENJANG},
            **{key: attach(key) for key in ("dokumen_abk", "surat_permohonan")},
        })  # fmt: skip
        rows = (*JENJANG, "dokumen_abk", "surat_permohonan")
        well = {"checklist": {row: {"ok": "ya", "note": ""} for row in rows}, "decision": "approve"}
        self._at(-59)
        self.desk.complete_next(case, "verify_formasi", self._officer("admin_lkpp"), lambda _attach: well)
        past = self._schedule("Tes Tertulis Angkatan I", "tes_tertulis", self._day(-24), quota=30)
        self._schedule("Tes Tertulis Angkatan II", "tes_tertulis", self._day(36), quota=30)
        self._schedule("Verifikasi Portofolio Angkatan II", "portofolio", self._day(38), quota=20)
        self._at(-57)
        early = [self._register(number) for number in range(5)]
        for case in early:
            self._answer(case, "documents")
        self._at(-55)
        for case in early:
            self._answer(case, "verify_documents")
            self._choose(case, past)
        self.desk.time.until(datetime.combine(self._day(-23), time(10), WIB))
        results = ("lulus", "lulus", "lulus", "tidak_lulus", "tidak_hadir")
        for case, outcome in zip(early, results, strict=True):
            self._answer(case, "record_test", outcomes=(outcome,))
        self.desk.time.settle()
        self._at(-16)
        self._recommend(early[:2])
        self._at(-8)
        self._answer(early[0], "report_appointment")

    def _second_exam(self) -> None:
        self._at(-6)
        late = [self._register(number) for number in range(5, 11)]
        _draft, incomplete, booked, portfolio, *waiting = late
        for case in (incomplete, booked, portfolio, *waiting):
            self._answer(case, "documents")
        self._at(-2)
        self._answer(incomplete, "verify_documents", faulty_rounds=1)
        for case in (booked, portfolio):
            self._answer(case, "verify_documents")
        schedules = {row.method: row.id for row in self.desk.open_schedules()}
        self._choose(booked, schedules["tes_tertulis"])
        self._choose(portfolio, schedules["portofolio"])

    # --- one step each ------------------------------------------------------------------------------------------------

    def _register(self, number: int) -> str:
        case = self.desk.start("lkpp_participant", self.agency.user_id, instansi_id=self.agency.id)
        self.desk.complete_next(case, "biodata", self.agency.user_id, lambda _attach: answers.biodata(_fate(number)))
        return case

    def _answer(self, case: str, element: str, **fate: Any) -> None:
        role, answer = PARTICIPANT[element]
        task = self.desk.task_of(case, element)
        who = self.agency.user_id if role == "admin" else self._officer(role)
        submission = answer(self._situation(task, who, **fate))
        if submission is not None:
            self.desk.samples.flush()
            self.desk.complete(task, who, submission)

    def _choose(self, case: str, schedule: str) -> None:
        chosen: Mapping[str, Any] = {"chosen_schedule": schedule, "join_waiting": ""}
        self.desk.complete_next(case, "choose_schedule", self.agency.user_id, lambda _attach: chosen)

    def _schedule(self, name: str, method: str, day: date, *, quota: int) -> str:
        who = self._officer("admin_lkpp")
        case = self.desk.start("lkpp_schedule", who)
        self.desk.complete_next(case, "set_schedule", who, lambda _attach: {
            "schedule_name": name, "method": method, "starts_on": day.isoformat(), "starts_time": "09.00",
            "place": "Gedung LKPP, Kompleks Rasuna Epicentrum, Jakarta", "quota": str(quota),
        })  # fmt: skip
        return case

    def _recommend(self, cases: list[str]) -> None:
        who = self._officer("pimpinan_lkpp")
        agency = {"id": self.agency.id, "kind": self.agency.kind, "name": self.agency.name}
        data = {"instansi": agency, "participants": cases}
        case = self.desk.start("lkpp_recommendation", who, data=data, instansi_id=self.agency.id)
        self.desk.complete_next(case, "decide", who, lambda _attach: {"decision": "issue"})
        self.desk.time.settle()

    def _situation(self, task: Task, who: str, **fate: Any) -> Situation:
        quiet = {"faulty_rounds": 0, "unsuitable_rounds": 0, "outcomes": ("lulus",), **fate}
        return Situation(
            fate=replace(_fate(0), **quiet), now=self.desk.time.now, round=0, attempt=0, seat=lambda _fate: None,
            attach=self.desk.samples.attacher(task.id, who, self.desk.time.now),
        )  # fmt: skip

    def _officer(self, role: str) -> str:
        return self.desk.officer(role)

    def _at(self, days: int) -> None:
        """Nine in the morning, so many days from today."""
        self.desk.time.until(datetime.combine(self._today + timedelta(days=days), time(9), WIB))

    def _day(self, days: int) -> date:
        """The first working day so many days from today."""
        return self.desk.workday(self._today + timedelta(days=days))

    @property
    def _today(self) -> date:
        return self.now.astimezone(WIB).date()


def load_inpassing(database: Database, registry: Registry, documents: Documents, now: datetime) -> int:
    """Play it, unless there is a programme of it already; returns how many cases were made."""
    opens = now - timedelta(days=61)
    clock = VirtualClock(opens)
    with database.write() as unit:
        if unit.session.scalars(select(Programme).where(col(Programme.key) == KEY)).first() is not None:
            return 0
        programme = programmes.open_programme(
            unit,
            key=KEY,
            flow=FLOW,
            title=Text("Inpassing JF PPBJ (peragaan)", "Inpassing JF PPBJ (demo)"),
            period=f"Periode {opens.astimezone(WIB):%Y}",
            legal_basis=list(_legal_basis()),
            opens_at=opens,
            closes_at=now + timedelta(days=150),
            by="alur demo",
            now=opens,
        )
        people = {email: find_by_email(unit, email) for email in (ADMIN, *OFFICERS.values())}
        ids = {email: user.id for email, user in people.items() if user is not None}
    agency = Agency(instansi_id(*KAPUAS), *KAPUAS, ids[ADMIN])
    cast = Cast(programme.id, {role: (ids[email],) for role, email in OFFICERS.items()}, (agency,))
    runner = Runner(database, registry, Definitions(database), clock)
    clockwork = Clockwork(database, runner, registry, clock)
    desk = Desk(database, runner, clockwork, cast, Samples(database, documents, ids[ADMIN], opens))
    InpassingDemo(desk, agency, now).play()
    return sum(count for name, count in desk.counts.items() if name.startswith("start "))


def _fate(number: int) -> Fate:
    return replace(draw(number, 7), name=NAMES[number], jenjang="pertama", golongan="III/b")


def _legal_basis() -> Iterator[str]:
    yield "Peraturan Menteri PANRB Nomor 42 Tahun 2018"
    yield "Peraturan LKPP Nomor 4 Tahun 2019"
