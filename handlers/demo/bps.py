"""A programme of BPS inpassing for the demo: a province in the middle of it, with candidates in every state."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from engine import people, programmes
from engine.clock import VirtualClock
from engine.definitions import Definitions
from engine.documents import CheckedDocument, Documents, check_document
from engine.programmes import guides
from engine.registry import Registry
from engine.runner import Runner
from engine.texts import Text
from engine.unit_of_work import Database, UnitOfWork
from handlers.demo.accounts import NTT, PASSWORD
from handlers.demo.cases import Actors
from handlers.demo.documents import sample_letter
from handlers.demo.season.clockwork import Clockwork
from handlers.seeds import instansi_id
from models import Programme

KEY, FLOW = "inpassing-bps-peragaan", "bps_inpassing"
PROCESSES = frozenset({"bps_inpassing", "bps_operator", "bps_formasi", "bps_recommendation"})
WITA = ZoneInfo("Asia/Makassar")
UNIT, BKD, OPERATOR = "perangkat.daerah@contoh.go.id", "bkd.ntt@contoh.go.id", "operator.bps@contoh.go.id"
VERIFIER, TESTERS, CANDIDATE = "verifikator.bps@contoh.go.id", "tim.uji.bps@contoh.go.id", "peserta.bps@contoh.go.id"
JENJANG = ("terampil", "mahir", "penyelia", "pertama", "muda", "madya", "utama")
FORMASI = {"statistisi_pertama": "4", "statistisi_muda": "3", "prakom_pertama": "4", "prakom_muda": "1"}
NUMBERS = {f"{jf}_{level}": "0" for jf in ("statistisi", "prakom") for level in JENJANG} | FORMASI
FILES = ("sk_cpns", "sk_pns", "sk_pangkat", "ijazah", "pernyataan_bidang", "pernyataan_kompeten", "pernyataan_disiplin")
IDENTITY = ("name", "nip", "jf", "level", "golongan", "email")
LINKS = (
    ("pedoman", "Petunjuk teknis pelaksanaan inpassing dan tata cara penggunaan sistem", "https://jafung.bps.go.id/inpassing"),
    ("peraturan", "Peraturan Badan Pusat Statistik Nomor 6 dan Nomor 7 Tahun 2019", "https://jafung.bps.go.id/inpassing"),
)  # fmt: skip
SAMPLE = "Surat pernyataan dua tahun masa kerja di bidangnya"


@dataclass(frozen=True)
class Person:
    """A candidate as the file of the Perangkat Daerah names them."""

    name: str
    nip: str
    unit: str
    jf: str = "statistisi"
    level: str = "muda"
    email: str = ""

    @property
    def address(self) -> str:
        return self.email or f"{self.name.split()[0].lower()}.ntt@contoh.go.id"


YULIUS = Person("Yulius Nahak", "198703142011011004", "Dinas Komunikasi dan Informatika", "prakom", "pertama")
KRISTINA = Person("Kristina Bere", "199001122015022001", "Dinas Kesehatan", level="pertama")
ANSELMUS = Person("Anselmus Tefa", "198905062014031002", "Bappelitbangda")
MARIA = Person("Maria Seran", "198802142010012003", "Bappelitbangda", email=CANDIDATE)
PETRUS = Person("Petrus Kopong", "199103222015031005", "Dinas Pertanian", level="pertama")
ROSALIA = Person("Rosalia Dhae", "198611302010012007", "Dinas Pendidikan", "prakom", "pertama")
DAMIANUS = Person("Damianus Lete", "198509172009011003", "Dinas Sosial", level="pertama")
YOHANA = Person("Yohana Tukan", "198712252012012001", "Dinas Pariwisata", "prakom", "muda")


@dataclass
class BpsDemo:
    """Plays the weeks before now, each step by somebody's own command."""

    actors: Actors
    time: Clockwork
    programme_id: str
    now: datetime
    cases: list[str] = field(default_factory=list)

    def play(self) -> None:
        self._at(-36)
        formasi = self.start("bps_formasi", OPERATOR)
        self.do(formasi, "enter", OPERATOR, NUMBERS, "tabel_formasi", "surat_pengantar")
        well = _well((*NUMBERS, "tabel_formasi", "surat_pengantar"))
        self.do(formasi, "validate_need", VERIFIER, {"checklist": well, "decision": "approve"})
        self._at(-30)
        passed, tested, scored, read, refused = (
            self.proposed(who) for who in (PETRUS, MARIA, DAMIANUS, ROSALIA, YOHANA)
        )
        reason = "Belum dua tahun bertugas di bidang sistem informasi."
        rejected = {"checklist": _well(IDENTITY), "decision": "reject", "reason": reason}
        self.do(refused, "verify_candidate", VERIFIER, rejected)
        self.time.settle()  # the notice is written and sent
        for case, who in ((passed, PETRUS), (tested, MARIA), (scored, DAMIANUS), (read, ROSALIA)):
            self.invited(case, who)
        self._at(-20)
        for case in (passed, tested, scored):
            found = {"checklist": _well((*FILES, "portfolio")), "decision": "approve"}
            self.do(case, "verify_documents", VERIFIER, found)
        self._at(-9)
        for case, score in ((passed, "88"), (tested, "81")):
            self.do(case, "score_portfolio", TESTERS, {"portfolio_result": "lulus", "portfolio_score": score})
        self._at(-2)
        self.proposed(ANSELMUS, until="propose")
        returned = self.handed_in(KRISTINA)
        wanting = _well(FILES) | {"ijazah": {"ok": False, "note": "Transkrip nilai belum dilegalisir."}}
        note = "Lengkapi transkrip yang dilegalisir sebelum masa penyampaian berakhir."
        self.do(returned, "check_file", BKD, {"check": wanting, "file_note": note})
        self.handed_in(YULIUS)
        successor = self.start("bps_operator", BKD)
        named = {
            "name": "Agustinus Seda", "nip": "199207082016031001", "position": "Analis Kepegawaian",
            "email": "agustinus.ntt@contoh.go.id", "phone": "081234567899",
        }  # fmt: skip
        self.do(successor, "appoint", BKD, named, "assignment_letter")
        self.time.until(self.now)

    # --- parts of a candidate's way -----------------------------------------------------------------------------------

    def handed_in(self, who: Person) -> str:
        case = self.start("bps_inpassing", UNIT)
        self.time.until(self.time.now)  # the window has opened
        given = {
            "name": who.name, "nip": who.nip, "work_unit": who.unit, "position": "Analis Data", "structural": "tidak",
            "email": who.address, "phone": "081234567890",
        }  # fmt: skip
        self.do(case, "hand_in", UNIT, given, *FILES)
        return case

    def proposed(self, who: Person, until: str = "verify_candidate") -> str:
        case = self.handed_in(who)
        self.do(case, "check_file", BKD, {"check": _well(FILES), "file_note": ""})
        if until != "propose":
            golongan = {"pertama": "III/b", "muda": "III/c"}[who.level]
            self.do(case, "propose", OPERATOR, {
                "name": who.name, "nip": who.nip, "jf": who.jf, "level": who.level, "golongan": golongan,
                "position": "Analis Data", "work_unit": who.unit, "email": who.address, "phone": "081234567890",
            })  # fmt: skip
        return case

    def invited(self, case: str, who: Person) -> None:
        """BPS approves; the candidate uses the link and completes what is asked."""
        self.do(case, "verify_candidate", VERIFIER, {"checklist": _well(IDENTITY), "decision": "approve"})
        self._activated(who)
        own = {
            "birth_place": "Kupang", "birth_date": "1988-02-14", "gender": "p", "education": "s1",
            "structural": "tidak",
        }  # fmt: skip
        self.do(case, "complete_data", who.address, own, *FILES, "portfolio")

    def _activated(self, who: Person) -> None:
        with self.actors.runner.database.write() as unit:
            user = people.find_by_email(unit, who.address)
            if user is not None and user.state == "pending":
                people.set_password(unit, user, PASSWORD, self.time.now)

    # --- commands -----------------------------------------------------------------------------------------------------

    def start(self, process: str, email: str) -> str:
        actor = self.actors.actor(email, self.time.now)
        case = self.actors.runner.start(
            process, actor, instansi_id=instansi_id(*NTT), programme_id=self.programme_id, now=self.time.now
        )
        self.cases.append(case)
        return case

    def do(self, case: str, element: str, email: str, submitted: Mapping[str, Any], *files: str) -> None:
        task = self.actors.open_task(case, element)
        attached = {key: self._file(task, key, email) for key in files}
        self.actors.do(case, element, email, {**submitted, **attached}, self.time.now)

    def _file(self, task: str, key: str, email: str) -> str:
        owner = self.actors.actor(email, self.time.now).user_id or ""
        checked = replace(_letter(), filename=f"{key}.pdf")
        with self.actors.runner.database.write() as unit:
            kept = self.actors.documents.keep(unit, checked, actor_id=owner, task_id=task, field=key, now=self.time.now)
            return kept.id

    def _at(self, days: int) -> None:
        """Nine in the morning of Kupang, so many days from today."""
        self.time.until(datetime.combine(_day(self.now, days), time(9), WITA))


def load_bps(database: Database, registry: Registry, documents: Documents, now: datetime) -> int:
    """Play it, unless its programme is there already; returns how many cases were made."""
    opens = now - timedelta(days=40)
    with database.write() as unit:
        if unit.session.scalars(select(Programme).where(col(Programme.key) == KEY)).first() is not None:
            return 0
        programme = programmes.open_programme(
            unit,
            key=KEY,
            flow=FLOW,
            title=Text("Inpassing Statistisi dan Pranata Komputer (peragaan)", "Inpassing of BPS (demo)"),
            period=f"Periode II Tahun {now.astimezone(WITA):%Y}",
            legal_basis=["Peraturan Menteri PANRB Nomor 42 Tahun 2018", "Peraturan BPS Nomor 6 dan Nomor 7 Tahun 2019"],
            zone=WITA.key,
            opens_at=opens,
            closes_at=now + timedelta(days=60),
            parameters={
                "collection_from": _day(now, -38), "collection_until": _day(now, 5),
                "test_from": _day(now, 10), "test_until": _day(now, 40),
            },
            by="alur demo",
            now=opens,
        )  # fmt: skip
        _guides(unit, documents, programme.id, opens)
    clock = VirtualClock(opens)
    runner = Runner(database, registry, Definitions(database), clock)
    demo = BpsDemo(Actors(runner, documents), Clockwork(database, runner, registry, clock), programme.id, now)
    demo.play()
    return len(demo.cases)


def _guides(unit: UnitOfWork, documents: Documents, programme_id: str, now: datetime) -> None:
    for kind, title, link in LINKS:
        guides.add_guide(unit, programme_id, kind=kind, title=title, link=link, by=None, now=now)
    checked = replace(_letter(), filename="contoh-surat-pernyataan.pdf")
    kept = documents.keep(unit, checked, actor_id="alur demo", task_id=None, field="pedoman", now=now)
    guides.add_guide(unit, programme_id, kind="contoh_format", title=SAMPLE, attachment_id=kept.id, by=None, now=now)


@cache
def _letter() -> CheckedDocument:
    """Checked once: the demo gives it ninety times."""
    return check_document("contoh.pdf", sample_letter())


def _day(now: datetime, days: int) -> date:
    return now.astimezone(WITA).date() + timedelta(days=days)


def _well(rows: Any) -> dict[str, Any]:
    return {row: {"ok": True, "note": ""} for row in rows}
