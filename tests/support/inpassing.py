"""A programme of inpassing for tests of imports: real packages, one Admin Instansi, approved formasi, real acts."""

import io
import uuid
from datetime import UTC, datetime, timedelta

import openpyxl
from sqlalchemy import select

from engine.clock import VirtualClock
from engine.deadlines import fire_due
from engine.definitions import Definitions, deploy, read_package
from engine.documents import Documents
from engine.imports import ImportContext, intake, runs
from engine.imports.incoming import Incoming
from engine.imports.work import work_off
from engine.jobs.run import run_ready
from engine.mail import SpoolTransport
from engine.people import actor_for, add_membership
from engine.programmes import open_programme
from engine.registry import Registry
from engine.runner import Runner
from engine.settings import ROOT
from engine.texts import Text
from handlers import register_all
from handlers.seeds.offices import seed_offices
from models import BulkRow, BulkRun, Formasi, Instansi, Participant, User, UserTask

START = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)
HEADINGS = (
    "NIP", "Nama lengkap", "Tempat lahir", "Tanggal lahir", "Jenis kelamin", "Pangkat/golongan ruang",
    "Jenjang yang diusulkan", "Jabatan saat ini", "Unit kerja", "Pendidikan terakhir", "E-mail", "Nomor HP",
)  # fmt: skip


class Programme:
    """`Programme(database, folder)`: open, with ten Muda approved for one instansi whose Admin is `admin`."""

    def __init__(self, database, folder, *, clock=None, muda=10, packages=("lkpp_participant",)) -> None:
        self.database = database
        self.clock = clock or VirtualClock(START)
        self.registry = Registry()
        self.documents = Documents(folder / "documents")
        register_all(self.registry, documents=self.documents)
        self.registry.imports.documents = self.documents
        self.registry.imports.incoming = Incoming(folder / "incoming")
        self.definitions = Definitions(database)
        self.runner = Runner(database, self.registry, self.definitions, self.clock)
        now = self.clock.now()
        with database.write() as unit:
            for key in packages:
                deploy(unit, read_package(ROOT / "bpmn" / key), self.registry, "tests", "", now)
            unit.session.add(Instansi(id="kapuas", kind="kabupaten", name="Kabupaten Kapuas", zone="Asia/Jakarta"))
            seed_offices(unit, now)
            self.id = open_programme(
                unit, key="inpassing-2026", flow="lkpp_inpassing", title=Text("Inpassing 2026", "Inpassing 2026"),
                period="2026", opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=200), by=None, now=now,
            ).id  # fmt: skip
            unit.session.add(Formasi(programme_id=self.id, instansi_id="kapuas", jenjang="muda", approved=muda,
                                     instance_id=uuid.uuid4().hex, approved_at=now))  # fmt: skip
        self.admin_id = self.person("Ani", "admin_instansi", "kapuas")

    def person(self, name, role, instansi=None) -> str:
        """An account with a role held from yesterday; returns its id."""
        ident, now = f"user-{name.lower()}", self.clock.now()
        with self.database.write() as unit:
            unit.session.add(User(id=ident, email=f"{ident}@contoh.go.id", name=name, state="active", created_at=now))
            unit.session.flush()
            add_membership(unit, user_id=ident, role=role, instansi_id=instansi, now=now,
                           valid_from=now.date() - timedelta(days=1), valid_until=None)  # fmt: skip
        return ident

    def actor(self, user_id=None):
        with self.database.read() as unit:
            return actor_for(unit, user_id or self.admin_id, self.clock.now())

    # --- imports -------------------------------------------------------------------------------------------------

    def context(self, name, *, scope=None, user_id=None) -> ImportContext:
        actor, kind = self.actor(user_id), self.registry.imports.get(name)
        with self.database.read() as unit:
            scopes = kind.scopes(unit, actor, self.clock.now())
        found = next(s for s in scopes if scope in (None, s.key))
        return runs.context_of(runs.new_run_id(), actor, found, self.clock.now(), self.registry, self.definitions)

    def upload(self, name, filename, body, **more) -> str:
        """A dry run of a spreadsheet."""
        kind = self.registry.imports.get(name)
        return intake.take_table(self.database, kind, self.context(name, **more), filename, body)

    def upload_files(self, *files) -> str:
        kind = self.registry.imports.get("participant_documents")
        return intake.take_files(self.database, self.registry.imports.incoming, kind, self.context(kind.name), files)

    def tick(self, chosen=()) -> str:
        """A dry run of a ticked list."""
        kind = self.registry.imports.get("submit_documents")
        return intake.take_list(self.database, kind, self.context(kind.name), chosen)

    def start(self, run_id) -> None:
        with self.database.write() as unit:
            runs.start(unit, unit.session.get_one(BulkRun, run_id), self.clock.now())

    def work(self, **more) -> int:
        return work_off(self.runner, process="tests", **more)

    def run(self, run_id) -> None:
        """The person's yes, and all of the work."""
        self.start(run_id)
        while self.work():
            pass

    def tick_engine(self) -> None:
        """What the ticker does with deadlines and jobs."""
        for _ in range(6):
            fire_due(self.runner, self.clock.now())
            run_ready(self.runner, self.registry, SpoolTransport(), self.clock.now())

    # --- looking -------------------------------------------------------------------------------------------------

    def rows(self, model, **where):
        with self.database.read() as unit:
            return list(unit.session.scalars(select(model).filter_by(**where)))

    def run_of(self, run_id) -> BulkRun:
        return self.rows(BulkRun, id=run_id)[0]

    def states(self, run_id) -> dict[int, str]:
        return {row.number: row.state for row in sorted(self.rows(BulkRow, run_id=run_id), key=lambda r: r.number)}

    def said(self, run_id, number, locale="id") -> str:
        """What is said of a row: its faults, or what became of it."""
        [row] = self.rows(BulkRow, run_id=run_id, number=number)
        return " ".join(note[locale] for note in [*row.faults, *([row.result["text"]] if "text" in row.result else [])])

    def participants(self) -> list[Participant]:
        return sorted(self.rows(Participant), key=lambda p: p.nip)

    def task(self, nip, element) -> UserTask | None:
        [person] = [p for p in self.participants() if p.nip == nip]
        return next(iter(self.rows(UserTask, instance_id=person.id, element_id=element, state="open")), None)


def nip(number) -> str:
    """A NIP that is right, another for each number."""
    return f"19870312201012{1 + number // 900 % 2}{number % 900 + 100:03}"


def person_row(number, **other) -> list[str]:
    """One participant as the spreadsheet has it; `other` by heading."""
    values = dict(zip(HEADINGS, (
        nip(number), f"Peserta {number}", "Kuala Kapuas", "12 Maret 1987", "Perempuan", "III/c", "Muda",
        "Pengelola Pengadaan", "Bagian Pengadaan", "S-1", f"peserta{number}@contoh.go.id", "081234567890",
    ), strict=True))  # fmt: skip
    return list({**values, **other}.values())


def workbook(rows, headings=HEADINGS) -> bytes:
    """An .xlsx with these rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (headings, *rows):
        sheet.append(list(row))
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()
