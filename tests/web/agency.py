"""An agency in an open programme, with LKPP's officers: what the tests of the inpassing pages begin with."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlmodel import col, select

from engine import programmes
from engine.actors import Actor
from engine.calendar import seed_calendar
from engine.clock import VirtualClock
from engine.definitions import deploy, read_package
from engine.people import actor_for, add_membership, create_user
from engine.settings import Settings
from engine.texts import Text
from models import ExamSchedule, Formasi, Instance, Instansi, Job, Participant, Programme, User, UserTask
from tests.support.databases import copy_sqlite
from tests.support.files import jpeg, pdf
from tests.support.pages import PageClient
from tests.support.records import findings_of_all
from web.app import create_app

PACKAGES = Path(__file__).resolve().parents[2] / "bpmn"
KEYS = ("lkpp_admin", "lkpp_formasi", "lkpp_participant", "lkpp_schedule", "lkpp_recommendation")
DOCUMENTS = (
    "surat_keterangan_pengadaan", "sk_peran_pengadaan", "ijazah", "sk_pangkat", "sk_jabatan", "sertifikat_dasar",
    "skp", "surat_pernyataan", "formulir", "sk_cpns", "sk_pns", "ktp", "pas_foto", "surat_bersedia",
)  # fmt: skip
BIODATA = {
    "nip": "198703122010011004", "name": "Dewi Lestari", "birth_place": "Kuala Kapuas", "birth_date": "1987-03-12",
    "gender": "l", "golongan": "III/a", "jenjang": "pertama", "position": "Analis", "work_unit": "UKPBJ",
    "education": "s1", "email": "dewi@contoh.go.id", "phone": "081234567890",
}  # fmt: skip
NO_CASE = {"revision": 1, "meta": b"", "chain_head": b"", "state_digest": b""}


@cache
def photo() -> bytes:
    return jpeg(seed=7)


@cache
def paper() -> bytes:
    return pdf(seed=7)


def nip_of(number: int) -> str:
    """A well-formed NIP for the n-th person: birth date, first month of service, sex, serial number."""
    return f"19870312201001100{number}" if number < 10 else f"1987031220100110{number:02}"


@dataclass
class Agency:
    """The application with the packages, an open programme, an instansi with its Admin, and LKPP's officers."""

    app: object
    instansi: Instansi
    admin: User
    programme: Programme
    officers: dict[str, User] = field(default_factory=dict)

    @property
    def parts(self):
        return self.app.extensions["alur"]

    @property
    def runner(self):
        return self.parts.runner

    def browser(self, user: User | None = None) -> PageClient:
        client = PageClient(self.app)
        client.sign_in(user or self.admin)
        return client

    def actor(self, user: User | None = None) -> Actor:
        with self.parts.database.read() as unit:
            return actor_for(unit, (user or self.admin).id, self.parts.clock.now())

    def another(self, name: str) -> "Agency":
        """Another instansi of the same programme, with an Admin of its own."""
        instansi, admin = add_agency(self.app, name)
        return Agency(self.app, instansi, admin, self.programme, self.officers)

    # --- rows, as handlers would have left them ----------------------------------------------------------------------

    def case(self, unit, key: str, *, number: str | None = None, instansi: Instansi | None = None) -> Instance:
        now = self.parts.clock.now()
        version = self.programme.versions[key]
        row = Instance(
            id=uuid.uuid4().hex, number=number or f"T-{uuid.uuid4().hex[:8]}", definition_key=key, version_id=version,
            zone="Asia/Jakarta", started_at=now, programme_id=self.programme.id, status="completed",
            instansi_id=(instansi or self.instansi).id, **NO_CASE,
        )  # fmt: skip
        unit.session.add(row)
        unit.session.flush()
        return row

    def formasi(self, **numbers: int) -> None:
        now = self.parts.clock.now()
        with self.parts.database.write() as unit:
            case = self.case(unit, "lkpp_formasi")
            for jenjang, approved in numbers.items():
                unit.session.add(
                    Formasi(
                        programme_id=self.programme.id, instansi_id=self.instansi.id, jenjang=jenjang,
                        approved=approved, instance_id=case.id, approved_at=now,
                    )
                )  # fmt: skip

    def listed(self, name: str, number: int, **more: object) -> str:
        """A participant as a row only, for lists; returns its number."""
        now = self.parts.clock.now()
        with self.parts.database.write() as unit:
            case = self.case(unit, "lkpp_participant", number=f"P-{number:04}-{self.instansi.id[:4]}")
            values = {
                "programme_id": self.programme.id, "instansi_id": self.instansi.id, "name": name,
                "nip": nip_of(number), "golongan": "III/a", "jenjang": "pertama", "email": "p@contoh.go.id",
                "created_at": now, "updated_at": now,
            }  # fmt: skip
            unit.session.add(Participant(id=case.id, **{**values, **more}))
            return case.number

    def schedule(self, name: str, *, starts_at: datetime, closes_at: datetime, **more: object) -> ExamSchedule:
        """A schedule as a row only."""
        with self.parts.database.write() as unit:
            case = self.case(unit, "lkpp_schedule")
            values = {
                "programme_id": self.programme.id, "kind": "reguler", "method": "tes_tertulis", "place": "Jakarta",
                "zone": "Asia/Jakarta", "quota": 2, "repair_until": starts_at + timedelta(days=2),
                "created_at": self.parts.clock.now(),
            }  # fmt: skip
            row = ExamSchedule(id=case.id, name=name, starts_at=starts_at, closes_at=closes_at, **{**values, **more})
            unit.session.add(row)
        return row

    # --- acts, as people and time do them ----------------------------------------------------------------------------

    def opened(self, name: str, day: date, *, quota: int = 5, method: str = "tes_tertulis", place: str = "Jakarta"):
        """A schedule of LKPP, opened by its own procedure."""
        admin_lkpp = self.actor(self.officers["admin_lkpp"])
        case = self.runner.start("lkpp_schedule", admin_lkpp, programme_id=self.programme.id)
        answers = {
            "schedule_name": name, "method": method, "starts_on": day.isoformat(), "starts_time": "09.00",
            "place": place, "quota": str(quota),
        }  # fmt: skip
        self.runner.complete(self.task(case, "set_schedule").id, admin_lkpp, answers)
        with self.parts.database.read() as unit:
            return unit.session.get(ExamSchedule, case)

    def applied(self, name: str, number: int, **more: str) -> str:
        """A participant whose documents were sent, by its own procedure; returns the case's id."""
        actor = self.actor()
        case = self.runner.start(
            "lkpp_participant", actor, instansi_id=self.instansi.id, programme_id=self.programme.id
        )
        self.runner.complete(
            self.task(case, "biodata").id, actor, {**BIODATA, "name": name, "nip": nip_of(number), **more}
        )
        self.send_documents(case)
        return case

    def send_documents(self, case: str, element: str = "documents", only: tuple[str, ...] = DOCUMENTS) -> None:
        task = self.task(case, element)
        answers = {}
        with self.parts.database.write() as unit:
            for key in only:
                kept = self.parts.documents.receive(
                    unit, actor_id=self.admin.id, task_id=task.id, field=key, now=self.parts.clock.now(),
                    filename=f"{key}.jpg" if key == "pas_foto" else f"{key}.pdf",
                    body=photo() if key == "pas_foto" else paper(),
                )  # fmt: skip
                answers[key] = kept.id
        self.runner.complete(task.id, self.actor(), answers)

    def verified(self, case: str, *faulty: str) -> None:
        """LKPP has looked at the documents: all in order but these."""
        task = self.task(case, "verify_documents")
        checklist = {
            key: {"ok": "tidak", "note": "Tidak terbaca"} if key in faulty else {"ok": "ya"} for key in DOCUMENTS
        }
        self.runner.complete(task.id, self.actor(self.officers["verifikator_lkpp"]), {"checklist": checklist})

    def task(self, case: str, element: str) -> UserTask:
        """The newest open task of an element."""
        with self.parts.database.read() as unit:
            query = select(UserTask).where(
                UserTask.instance_id == case, UserTask.element_id == element, UserTask.state == "open"
            )
            found = unit.session.exec(query.order_by(col(UserTask.created_at).desc())).first()
        assert found is not None, f"no open {element}"
        return found

    def number(self, case: str) -> str:
        with self.parts.database.read() as unit:
            return unit.session.get_one(Instance, case).number

    def participant(self, case: str) -> Participant:
        with self.parts.database.read() as unit:
            return unit.session.get_one(Participant, case)

    def rows(self, model, *conditions):
        with self.parts.database.read() as unit:
            return list(unit.session.exec(select(model).where(*conditions)).all())

    def jobs(self) -> list[Job]:
        return self.rows(Job, Job.state == "ready")


def add_agency(app, name: str) -> tuple[Instansi, User]:
    parts = app.extensions["alur"]
    with parts.database.write() as unit:
        instansi = Instansi(id=uuid.uuid4().hex, kind="kabupaten", name=name, zone="Asia/Makassar")
        unit.session.add(instansi)
        unit.session.flush()
        return instansi, add_person(unit, f"Admin {name}", "admin_instansi", parts.clock.now(), instansi.id)


def add_person(unit, name: str, role: str, now: datetime, instansi_id: str | None = None) -> User:
    address = f"{role}.{uuid.uuid4().hex[:8]}@contoh.go.id"
    user = create_user(unit, email=address, name=name, password="kuda-laut-menari-72", now=now)
    add_membership(
        unit, user_id=user.id, role=role, instansi_id=instansi_id, now=now, valid_until=None,
        valid_from=now.date() - timedelta(days=1),
    )  # fmt: skip
    return user


def make_agency(app, keys: tuple[str, ...] = KEYS) -> Agency:
    """Packages deployed, calendar seeded, programme open from January 2020 to the end of 2027, one agency."""
    parts = app.extensions["alur"]
    now = parts.clock.now()
    with parts.database.write() as unit:
        seed_calendar(unit, now)
        for key in keys:
            deploy(unit, read_package(PACKAGES / key), parts.registry, "tests", "uji", now)
        programme = programmes.open_programme(
            unit, key="inpassing-2026-1", flow="lkpp_inpassing", title=Text("Inpassing 2026", "Inpassing 2026"),
            period="2026-1", opens_at=min(now, datetime(2020, 1, 1, tzinfo=now.tzinfo)),
            closes_at=datetime(2027, 12, 31, tzinfo=now.tzinfo), by=None, now=now,
        )  # fmt: skip
        roles = ("admin_lkpp", "verifikator_lkpp", "penguji", "pimpinan_lkpp")
        officers = {role: add_person(unit, f"Petugas {role}", role, now) for role in roles}
    instansi, admin = add_agency(app, "Kabupaten Kapuas")
    return Agency(app, instansi, admin, programme, officers)


# --- made once, copied for each test: deploying the packages takes longer than most tests ---------------------------


@pytest.fixture(scope="session")
def agency_template(sqlite_template, tmp_path_factory):
    """A SQLite file with an agency in it, as of the day the fixture `clock` stands at; and who is who."""
    folder = tmp_path_factory.mktemp("agency")
    database = copy_sqlite(sqlite_template, folder)
    environment = {"ALUR_DATA": str(folder / "data"), "ALUR_SECRET_KEY": "x", "ALUR_BASE_URL": "http://localhost"}
    clock = VirtualClock(datetime(2026, 6, 1, 2, 0, tzinfo=UTC))
    app = create_app(Settings.from_environment(environment), clock=clock, database=database)
    made = make_agency(app)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.dispose()
    return folder / "alur.sqlite3", made


@pytest.fixture
def agency_database(agency_template, tmp_path):
    """A copy of it; what a test did to its cases is proved afterwards."""
    database = copy_sqlite(agency_template[0], tmp_path)
    yield database
    assert findings_of_all(database) == {}
    database.dispose()


@pytest.fixture
def copied_agency(agency_template, agency_database, settings, clock):
    """The agency on a copy, in an application of its own."""
    app = create_app(settings, clock=clock, database=agency_database)
    app.testing = False
    made = agency_template[1]
    return Agency(app, made.instansi, made.admin, made.programme, made.officers)
