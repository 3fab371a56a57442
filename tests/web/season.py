"""A small season of inpassing for page tests: real packages in a programme, participants led by real acts."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from sqlmodel import col, select

from engine.actors import Actor
from engine.clock import VirtualClock
from engine.definitions import Definitions, deploy, read_package
from engine.documents import check_document
from engine.people import actor_for
from engine.programmes import open_programme
from engine.settings import ROOT, Settings
from engine.texts import Text
from engine.worker import EMBEDDED, Ticker
from handlers.seeds import prepare
from models import (
    Booking,
    Certificate,
    ExamSchedule,
    Formasi,
    Instance,
    Instansi,
    Participant,
    User,
    UserTask,
)
from tests.support.databases import copy_sqlite
from tests.support.files import jpeg, pdf
from tests.support.records import findings_of_all
from web.app import make_services

PACKAGES = ("lkpp_admin", "lkpp_formasi", "lkpp_participant", "lkpp_schedule", "lkpp_recommendation")
PAPERS = (
    "surat_keterangan_pengadaan", "sk_peran_pengadaan", "ijazah", "sk_pangkat", "sk_jabatan", "sertifikat_dasar",
    "skp", "surat_pernyataan", "formulir", "sk_cpns", "sk_pns", "ktp", "pas_foto", "surat_bersedia",
)  # fmt: skip
START = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
"""Where the fixture `clock` stands, too."""
CLOSES = datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC)


def prepare_season(database, registry, now) -> str:
    """Packages deployed and a programme open; returns its id."""
    with database.write() as unit:
        prepare(unit, now)
        for key in PACKAGES:
            deploy(unit, read_package(ROOT / "bpmn" / key), registry, "tests", "", now)
        programme = open_programme(
            unit, key="inpassing-2026", flow="lkpp_inpassing", title=Text("Inpassing JF PPBJ 2026", "Inpassing 2026"),
            period="2026", opens_at=now - timedelta(days=30), closes_at=CLOSES, by=None, now=now,
        )  # fmt: skip
        return programme.id


@cache
def checked_files():
    """A photograph and a paper that passed every check, which takes its time."""
    return check_document("foto.jpg", jpeg()), check_document("berkas.pdf", pdf())


@pytest.fixture(scope="session")
def season_template(sqlite_template, tmp_path_factory):
    """The packages deployed and the programme opened once: a SQLite file to copy, and the programme's id."""
    folder = tmp_path_factory.mktemp("season")
    database = copy_sqlite(sqlite_template, folder)
    settings = Settings.from_environment({"ALUR_DATA": str(folder / "data"), "ALUR_SECRET_KEY": "for tests only"})
    registry = make_services(settings, clock=VirtualClock(START), database=database).registry
    programme = prepare_season(database, registry, START)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.dispose()
    return folder / "alur.sqlite3", programme


@pytest.fixture
def season_database(season_template, tmp_path):
    """For modules whose pages need no second database: `database = season_database`."""
    database = copy_sqlite(season_template[0], tmp_path)
    yield database
    assert findings_of_all(database) == {}
    database.dispose()


@pytest.fixture
def season(app, season_template):
    return Season(app, season_template[1])


@pytest.fixture
def officer(person):
    """`officer("verifikator_lkpp")`: somebody of LKPP."""
    return lambda *roles, name="Wati Lestari": person(name, roles=roles)


@pytest.fixture
def agencies(season):
    return season.agency("Kabupaten Kapuas"), season.agency("Kota Surabaya")


@dataclass
class Season:
    """`season.participant()` is a case before the verifier, `season.rows(…)` are rows as the engine leaves them."""

    app: object
    programme: str
    people: dict[str, User] = field(default_factory=dict)
    count: int = 0

    @property
    def parts(self):
        return self.app.extensions["alur"]

    @property
    def runner(self):
        return self.parts.runner

    @property
    def now(self) -> datetime:
        return self.parts.clock.now()

    def acting(self, user: User) -> Actor:
        with self.parts.database.read() as unit:
            return actor_for(unit, user.id, self.now)

    def agency(self, name: str) -> Instansi:
        with self.parts.database.read() as unit:
            return unit.session.exec(select(Instansi).where(Instansi.name == name)).one()

    def task(self, instance_id: str, element: str, state: str = "open") -> UserTask | None:
        with self.parts.database.read() as unit:
            query = select(UserTask).where(
                UserTask.instance_id == instance_id, UserTask.element_id == element, UserTask.state == state
            )
            return unit.session.exec(query.order_by(col(UserTask.created_at).desc())).first()

    def row(self, model, key):
        with self.parts.database.read() as unit:
            return unit.session.get(model, key)

    def formasi(self, agency: Instansi, approved: int = 20) -> None:
        with self.parts.database.write() as unit:
            for level in ("pertama", "muda", "madya"):
                unit.session.add(
                    Formasi(programme_id=self.programme, instansi_id=agency.id, jenjang=level, approved=approved,
                            instance_id=self._case(unit, "lkpp_formasi", agency), approved_at=self.now)
                )  # fmt: skip

    def participant(self, admin: User, agency: Instansi, name: str) -> str:
        """A participant whose documents wait for verification; returns the case's id."""
        self.count += 1
        actor = self.acting(admin)
        case = self.runner.start("lkpp_participant", actor, instansi_id=agency.id, programme_id=self.programme)
        self.runner.complete(self.task(case, "biodata").id, actor, self.biodata(name))
        task = self.task(case, "documents")
        self.runner.complete(task.id, actor, self.papers(task.id, admin))
        return case

    def biodata(self, name: str) -> dict:
        birth = date(1985, 1, 1) + timedelta(days=self.count)
        return {
            "nip": f"{birth:%Y%m%d}201001{1 + self.count % 2}{self.count:03}", "name": name, "birth_place": "Sampit",
            "birth_date": birth.isoformat(), "gender": "l", "golongan": "III/a", "jenjang": "pertama",
            "position": "Analis", "work_unit": "Bagian Pengadaan", "education": "s1",
            "email": f"peserta{self.count}@contoh.go.id", "phone": "+6281234567890",
        }  # fmt: skip

    def papers(self, task_id: str, user: User) -> dict[str, str]:
        """An upload for each required document."""
        return self.uploads(task_id, user, PAPERS)

    def uploads(self, task_id: str, user: User, fields) -> dict[str, str]:
        """One picture and one PDF, given again and again."""
        photo, paper = checked_files()
        with self.parts.database.write() as unit:
            return {
                key: self.parts.documents.keep(
                    unit, replace(photo if key == "pas_foto" else paper, filename=f"{key}.pdf"),
                    actor_id=user.id, task_id=task_id, field=key, now=self.now,
                ).id
                for key in fields
            }  # fmt: skip

    def verified(self, verifier: User, case: str) -> None:
        task, answers = self.task(case, "verify_documents"), {key: {"ok": "ya", "note": ""} for key in PAPERS}
        self.runner.complete(task.id, self.acting(verifier), {"checklist": answers})

    def book(self, admin: User, case: str, schedule: str) -> None:
        task = self.task(case, "choose_schedule")
        self.runner.complete(task.id, self.acting(admin), {"chosen_schedule": schedule, "join_waiting": ""})

    def move_to(self, instant: datetime) -> None:
        """Let time pass, and do what comes due on the way."""
        parts = self.parts
        parts.clock.move_to(instant)
        Ticker(parts.runner, parts.registry, parts.mailer, parts.clock, name=EMBEDDED).run_once()

    # --- rows as handlers and the engine would have left them: for lists ---

    def schedule(self, name: str, *, starts_at: datetime, method: str = "tes_tertulis", quota: int = 50, **more) -> str:
        with self.parts.database.write() as unit:
            case = self._case(unit, "lkpp_schedule", None)
            values = {
                "kind": "reguler", "place": "Jakarta", "zone": "Asia/Jakarta", "state": "open",
                "closes_at": starts_at - timedelta(days=18), "repair_until": starts_at + timedelta(days=2),
            }  # fmt: skip
            unit.session.add(
                ExamSchedule(id=case, programme_id=self.programme, method=method, name=name, starts_at=starts_at,
                             quota=quota, created_at=self.now, **(values | more))
            )  # fmt: skip
            return case

    def rows(
        self, count: int, agency: Instansi, *, element: str | None = None, role: str = "", schedule: str = "",
        state: str = "diajukan", due_every=timedelta(hours=7), assignee: str | None = None, booking: str = "booked",
    ) -> list[str]:  # fmt: skip
        """`count` participants with an open task of `element` and a seat in `schedule`; returns the cases' ids."""
        ids = []
        with self.parts.database.write() as unit:
            for n in range(count):
                self.count += 1
                case = self._case(unit, "lkpp_participant", agency)
                unit.session.add(
                    Participant(id=case, programme_id=self.programme, instansi_id=agency.id, nip=f"{self.count:018}",
                                name=f"Peserta {self.count:04}", golongan="III/a", jenjang="pertama", state=state,
                                email="p@contoh.go.id", created_at=self.now, updated_at=self.now)
                )  # fmt: skip
                unit.session.flush()
                if schedule:
                    unit.session.add(
                        Booking(id=uuid.uuid4().hex, schedule_id=schedule, participant_id=case, attempt=1,
                                number=self.count, state=booking, created_at=self.now)
                    )  # fmt: skip
                if element:
                    unit.session.add(
                        UserTask(id=uuid.uuid4().hex, instance_id=case, definition_key="lkpp_participant",
                                 element_id=element, name=element, case_title=f"Peserta {self.count:04}", role=role,
                                 assignee_id=assignee, created_at=self.now, due_at=self.now + due_every * (n - 1))
                    )  # fmt: skip
                ids.append(case)
        return ids

    def certified(self, count: int, agency: Instansi) -> list[str]:
        ids = self.rows(count, agency, state="sertifikat")
        with self.parts.database.write() as unit:
            for case in ids:
                unit.session.add(
                    Certificate(participant_id=case, number=f"S-{case[:12]}", attempt=1, issued_at=self.now)
                )
        return ids

    def _case(self, unit, key: str, agency: Instansi | None) -> str:
        version = Definitions(self.parts.database).current_id(key, unit)
        case = Instance(
            id=uuid.uuid4().hex, number=f"N-{uuid.uuid4().hex[:10]}", definition_key=key, version_id=version,
            title="", instansi_id=agency.id if agency else None, programme_id=self.programme, started_at=self.now,
            revision=1, meta=b"", chain_head=b"", state_digest=b"",
        )  # fmt: skip
        unit.session.add(case)
        unit.session.flush()
        return case.id
