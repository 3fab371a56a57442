"""Companies for the demo: a director who appoints an Admin of a branch, and two people with a power of attorney."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from calendars import WorkingCalendarError
from engine.actors import Actor
from engine.clock import VirtualClock
from engine.definitions import Definitions
from engine.documents import Documents
from engine.people import add_membership, find_by_email
from engine.registry import Registry
from engine.runner import Runner
from engine.unit_of_work import Database, UnitOfWork
from handlers.companies import ADMIN
from handlers.demo.accounts import LKPP, DemoAccount
from handlers.demo.season.cast import Cast
from handlers.demo.season.clockwork import Clockwork
from handlers.demo.season.desk import Desk
from handlers.demo.season.samples import Samples
from models import Company, Director, UserTask

PROFILE, COMPANY, BRANCH = PROCESSES = ("inaproc_profile", "inaproc_company_admin", "inaproc_branch_admin")
LEADER, ATTORNEY, SECOND, ASSIGNEE = (
    "direksi@contoh.go.id", "kuasa@contoh.go.id", "kuasa2@contoh.go.id", "cabang@contoh.go.id",
)  # fmt: skip
TEAM, HEAD = "spd@contoh.go.id", "direktur.spd@contoh.go.id"
ACCOUNTS = (
    DemoAccount(HEAD, "Rudi Hartanto", "direktur_spd", LKPP, "Direktur SPD LKPP"),
    DemoAccount(LEADER, "Andi Kurniawan", None, None, "direktur PT Borneo Karya Mandiri, Admin Perusahaan"),
    DemoAccount(ASSIGNEE, "Yuni Kartika", None, None, "Admin Cabang Palangka Raya PT Borneo Karya Mandiri"),
    DemoAccount(ATTORNEY, "Sinta Maharani", None, None, "Penerima Kuasa, sudah disetujui LKPP"),
    DemoAccount(SECOND, "Fajar Nugroho", None, None, "Penerima Kuasa, menunggu Pemberi Kuasa"),
)
NIKS = {
    LEADER: "6271010508900004",
    ASSIGNEE: "6271014508900001",
    ATTORNEY: "3171014508900002",
    SECOND: "3171010508900003",
}
BORN = date(1990, 8, 5)
NIB, NAME = "9120007654321", "PT Borneo Karya Mandiri"
ROWS = (
    "nib", "company_name", "directors", "grantor_name", "valid_until", "power_letter", "passports", "nib_document",
    "deed",
)  # fmt: skip
BRANCH_ROWS = (
    "nib", "branch_name", "branch_address", "assignee_email", "assignee_position", "valid_until", "assignment_letter",
    "branch_document",
)  # fmt: skip


def _well(rows: tuple[str, ...]) -> dict[str, Any]:
    return {row: {"ok": "ya", "note": ""} for row in rows}


@dataclass
class CompanyDemo:
    """Plays the last three weeks, each step by the command that a click would give."""

    desk: Desk
    now: datetime
    ids: Mapping[str, str]
    made: int = 0

    def play(self) -> None:
        """A year without an SKB ends the story where it is."""
        try:
            self._profiles()
            self._branches()
            self._powers()
        except WorkingCalendarError:
            pass
        self.desk.time.until(self.now)

    def _profiles(self) -> None:
        self._at(-21)
        for email, nik in NIKS.items():
            name = next(one.name for one in ACCOUNTS if one.email == email)
            case = self._start(PROFILE, email)
            self._do(case, "fill_profile", email, {
                "name": name, "citizenship": "wni", "identity_kind": "nik", "identity_number": nik,
                "birth_date": BORN.isoformat(), "address": "Jalan Merdeka Nomor 45, Jakarta",
            }, ("identity_document",))  # fmt: skip
            self.desk.time.settle()

    def _branches(self) -> None:
        self._at(-20)
        first = self._branch("Cabang Palangka Raya", "Jalan Tjilik Riwut Kilometer 5, Palangka Raya")
        self._at(-19)
        self._check(first, {"checklist": _well(BRANCH_ROWS), "decision": "complete"})
        self.desk.time.settle()
        self._at(-1)
        self._branch("Cabang Banjarmasin", "Jalan Ahmad Yani Kilometer 7, Banjarmasin")

    def _powers(self) -> None:
        """One approved, whose next step has just opened; one refused for a WNI, and asking for another company."""
        self._at(-1)
        approved = self._power(ATTORNEY, "PT Sakura Teknik Indonesia", "9120001234567", "hiroshi.tanaka@contoh.go.id")
        self._confirm(approved)
        self._check(approved, {"checklist": _well(ROWS), "finding": "complete"})
        self._do(approved, "decide_application", HEAD, {"decision": "approve"})
        self.desk.time.settle()
        self._power(SECOND, "PT Nusantara Nordik", "9120005550001", "lars.nielsen@contoh.go.id", citizen=True)
        self._power(SECOND, "PT Nordik Energi", "9120005550002", "lars.nielsen@contoh.go.id")

    def _power(self, who: str, name: str, nib: str, email: str, *, citizen: bool = False) -> str:
        grantor = {"name": "Hiroshi Tanaka" if "hiroshi" in email else "Lars Nielsen", "position": "Direktur Utama",
                   "citizenship": "wna", "country": "Jepang" if "hiroshi" in email else "Denmark"}  # fmt: skip
        other = {"name": "Agus Wibowo", "position": "Direktur", "citizenship": "wni"}
        case = self._start(COMPANY, who)
        self._do(case, "fill_form", who, {
            "nib": nib, "company_name": name, "company_address": "Jalan Jenderal Sudirman Kavling 1, Jakarta",
            "directors": [grantor, other] if citizen else [grantor], "grantor_name": grantor["name"],
            "grantor_position": grantor["position"], "grantor_email": email, "valid_until": self._until(),
            "confirmed": True,
        }, ("power_letter", "nib_document", "deed"), many=("passports",))  # fmt: skip
        self.desk.time.settle()
        return case

    def _branch(self, name: str, address: str) -> str:
        case = self._start(BRANCH, LEADER)
        self._do(case, "fill_form", LEADER, {
            "nib": NIB, "branch_kind": "cabang", "branch_name": name, "branch_address": address,
            "assignee_email": ASSIGNEE, "assignee_position": "Kepala Cabang", "valid_until": self._until(),
        }, ("assignment_letter", "branch_document"))  # fmt: skip
        return case

    def _check(self, case: str, decision: Mapping[str, Any]) -> None:
        self._do(case, "check_application", TEAM, decision)

    def _start(self, process: str, who: str) -> str:
        self.made += 1
        return self.desk.start(process, self.ids[who], in_programme=False)

    def _do(
        self, case: str, element: str, who: str, values: Mapping[str, Any], documents: tuple[str, ...] = (),
        many: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        self.desk.complete_next(case, element, self.ids[who], lambda attach: {
            **values, **{name: attach(name) for name in documents}, **{name: [attach(name)] for name in many},
        })  # fmt: skip
        if self.desk.refused:
            raise LookupError(dict(self.desk.refused))

    def _confirm(self, case: str) -> None:
        """By the Pemberi Kuasa, whose account nobody signs in with."""
        task = self.desk.task_of(case, "confirm_power")
        with self.desk.database.read() as unit:
            grantor = unit.session.get_one(UserTask, task.id).assignee_id
        self.desk.runner.complete(task.id, Actor(grantor, "Hiroshi Tanaka"), {"answer": "confirm"})

    def _until(self) -> str:
        return (self.now + timedelta(days=300)).date().isoformat()

    def _at(self, days: int) -> None:
        self.desk.time.until(self.now + timedelta(days=days))


def load_companies(database: Database, registry: Registry, documents: Documents, now: datetime) -> int:
    """Play it, unless the company is there already; returns how many cases were made."""
    clock = VirtualClock(now - timedelta(days=22))
    with database.write() as unit:
        if unit.session.scalars(select(Company).where(col(Company.nib) == NIB)).first() is not None:
            return 0
        found = {email: find_by_email(unit, email) for email in (TEAM, HEAD, LEADER, ASSIGNEE, ATTORNEY, SECOND)}
        ids = {email: user.id for email, user in found.items() if user is not None}
        _company(unit, ids[LEADER], clock.now())
    runner = Runner(database, registry, Definitions(database), clock)
    clockwork = Clockwork(database, runner, registry, clock)
    desk = Desk(database, runner, clockwork, Cast("", {}, ()), Samples(database, documents, ids[LEADER], clock.now()))
    played = CompanyDemo(desk, now, ids)
    played.play()
    return played.made


def _company(unit: UnitOfWork, leader: str, now: datetime) -> None:
    """A company whose director is its Admin Perusahaan: how a WNI director registers is not the sources' matter."""
    company = Company(
        id=uuid.uuid4().hex, nib=NIB, name=NAME, address="Jalan Yos Sudarso, Palangka Raya", verified_at=now,
        created_at=now,
    )  # fmt: skip
    unit.session.add(company)
    unit.session.flush()
    for place, (name, user_id) in enumerate((("Andi Kurniawan", leader), ("Rina Halim", None)), 1):
        unit.session.add(
            Director(id=uuid.uuid4().hex, company_id=company.id, place=place, name=name, position="Direktur",
                     citizenship="wni", user_id=user_id)
        )  # fmt: skip
    add_membership(
        unit, user_id=leader, role=ADMIN, instansi_id=None, company_id=company.id, valid_from=now.date(),
        valid_until=None, now=now, source_key="demo:company:admin",
    )  # fmt: skip
