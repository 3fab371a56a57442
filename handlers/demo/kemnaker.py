"""A programme of Kemnaker's inpassing for the demo: two teams with their SK, and candidates all along the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from engine import programmes
from engine.clock import VirtualClock
from engine.definitions import Definitions
from engine.documents import CheckedDocument, Documents, check_document
from engine.programmes import guides
from engine.registry import Registry
from engine.runner import Runner
from engine.texts import Text
from engine.unit_of_work import Database
from handlers.demo.accounts import KAPUAS, DemoAccount
from handlers.demo.cases import Actors
from handlers.demo.documents import sample_letter
from handlers.demo.season.clockwork import Clockwork
from handlers.seeds import instansi_id
from models import Programme, UserTask

KEY, FLOW = "inpassing-kemnaker-peragaan", "kemnaker_inpassing"
PROCESSES = frozenset({"kemnaker_inpassing", "kemnaker_formasi", "kemnaker_team"})
KEMNAKER = ("kementerian", "Kementerian Ketenagakerjaan")
WIB = ZoneInfo("Asia/Jakarta")
DINAS, BKD = "dinas.naker@contoh.go.id", "bkd.kapuas@contoh.go.id"
BIRO, SEKJEN, DIRJEN = "biro.kemnaker@contoh.go.id", "sekjen.kemnaker@contoh.go.id", "dirjen.kemnaker@contoh.go.id"
SELECTORS = tuple(f"seleksi{n}.kemnaker@contoh.go.id" for n in (1, 2, 3))
ASSESSORS = tuple(f"uji{n}.kemnaker@contoh.go.id" for n in (1, 2, 3))
ACCOUNTS = (
    DemoAccount(DINAS, "Darmawan Putra", "dinas", KAPUAS, "Dinas Tenaga Kerja, Kabupaten Kapuas"),
    DemoAccount(BKD, "Betty Kurniasih", "bkd", KAPUAS, "BKD, Kabupaten Kapuas"),
    DemoAccount(BIRO, "Bima Saputra", "biro_ok", KEMNAKER, "Biro Organisasi dan Kepegawaian Kemnaker"),
    DemoAccount(SEKJEN, "Setyo Widodo", "sekjen", KEMNAKER, "Sekjen Kemnaker: SK tim dan Rekomendasi"),
    DemoAccount(DIRJEN, "Dirga Maulana", "dirjen", KEMNAKER, "Dirjen Kemnaker: SK Tim Uji Kompetensi"),
    *(
        DemoAccount(email, name, None, None, "Tim Seleksi Administrasi Kemnaker, lewat SK Sekjen")
        for email, name in zip(SELECTORS, ("Sinta Maharani", "Surya Darma", "Susi Handayani"), strict=True)
    ),
    *(
        DemoAccount(email, name, None, None, "Tim Uji Kompetensi Kemnaker, lewat SK Dirjen")
        for email, name in zip(ASSESSORS, ("Ujang Permana", "Umi Kalsum", "Untung Subagyo"), strict=True)
    ),
)
NAMES = ("Ratna Dewi", "Hadi Wijaya", "Yusuf Maulana", "Wulan Sari", "Fajar Nugroho", "Intan Permata", "Galih Prakoso")
FILES = ("sk_cpns", "sk_pns", "ijazah", "sk_pangkat", "surat_atasan", "prestasi_kerja", "surat_bersedia")
ROWS = (*FILES, "placement_years", "position")
SIGN = {"sign_decision": "sign"}
GUIDES = (
    ("pedoman", "Alur Inpassing Jabatan Fungsional Pengantar Kerja", "https://kemnaker.go.id"),
    ("peraturan", "Peraturan Menteri Ketenagakerjaan Nomor 4 Tahun 2017", "https://jdih.kemnaker.go.id"),
)


@dataclass
class KemnakerDemo:
    """Plays the weeks before now, each step by somebody's own command."""

    actors: Actors
    time: Clockwork
    programme_id: str
    now: datetime
    cases: list[str] = field(default_factory=list)
    letter: CheckedDocument = field(default_factory=lambda: check_document("dokumen.pdf", sample_letter()))
    """Looked into once, then given wherever a form asks for a file."""

    def play(self) -> None:
        self._at(-40)
        self._team("tim_seleksi", SELECTORS, "appoint_selection", SEKJEN, "KEP.12/SJ")
        self._team("tim_uji", ASSESSORS, "appoint_test", DIRJEN, "KEP.7/DIRJEN")
        formasi = self.start("kemnaker_formasi", DINAS, KAPUAS)
        self.do(formasi, "propose", DINAS, {"pertama": "3", "muda": "8", "madya": "1"}, "dokumen_formasi")
        self.do(formasi, "agree", BKD, {"decision": "agree"})
        self._at(-30)
        appointed, recommended, signing, scoring, selecting, returned = (self._forwarded(n) for n in range(6))
        for case in (appointed, recommended, signing, scoring):
            self._selected(case)
        self._at(-20)
        for case, scores in ((appointed, (82, 88)), (recommended, (75, 80)), (signing, (71, 78))):
            self._minuted(case, scores)
        for case in (appointed, recommended):
            for member in ASSESSORS:
                self.do(case, "sign", member, SIGN)
        self.time.settle()
        self._at(-15)
        self.do(appointed, "decide", SEKJEN, {"decision": "issue"})
        self.time.settle()
        self._at(-4)
        decree = {"sk_number": "821.2/15/BKD", "sk_date": self._day(-5), "effective_from": self._day(-4)}
        self.do(appointed, "report", BKD, decree, "sk_document")
        self._at(-2)
        self.do(signing, "sign", ASSESSORS[0], SIGN)
        self.do(scoring, "score", ASSESSORS[0], _scores(60))
        wanting = _well(ROWS) | {"ijazah": {"ok": False, "note": "Legalisasi belum memuat nama pejabatnya."}}
        self._do_any(returned, "select", SELECTORS, {"checklist": wanting, "selection_note": ""})
        self._proposed(6)
        _ = selecting  # waits for a member of the selection team
        self.time.until(self.now)

    # --- parts of the way ---------------------------------------------------------------------------------------------

    def _team(self, kind: str, members: tuple[str, ...], element: str, by: str, decree: str) -> None:
        case = self.start("kemnaker_team", BIRO, None)
        positions = ("ketua", "sekretaris", "anggota")
        rows = [
            {"email": email, "position": position, "title": "Pengantar Kerja Ahli Madya", "origin": "Ditjen Binapenta"}
            for email, position in zip(members, positions, strict=True)
        ]
        self.do(case, "draft", BIRO, {"kind": kind, "members": rows})
        appointed = {"decision": "appoint", "sk_number": f"{decree}/{self.now.year}", "sk_date": self._day(-41)}
        self.do(case, element, by, appointed, "sk_document")
        self.time.settle()

    def _proposed(self, number: int) -> str:
        case = self.start("kemnaker_inpassing", DINAS, KAPUAS)
        self.do(case, "candidate", DINAS, {
            "nip": f"19870314201101{1 + number % 2}{number + 1:03}", "name": NAMES[number],
            "birth_place": "Kuala Kapuas", "birth_date": "1987-03-14", "golongan": "III/c", "jenjang": "muda",
            "position": "Pengelola Penempatan Tenaga Kerja", "work_unit": "Dinas Tenaga Kerja",
            "placement_years": "4", "position_fits": True, "email": f"calon{number + 1}@contoh.go.id",
            "phone": "081234567890",
        })  # fmt: skip
        self.do(case, "portfolio", DINAS, {}, *FILES)
        return case

    def _forwarded(self, number: int) -> str:
        case = self._proposed(number)
        self.do(case, "agree", BKD, {"decision": "propose"})
        self.do(case, "forward", BIRO, {})
        return case

    def _selected(self, case: str) -> None:
        self._do_any(case, "select", SELECTORS, {"checklist": _well(ROWS), "selection_note": ""})

    def _minuted(self, case: str, scores: tuple[int, ...]) -> None:
        """Scored by whoever was chosen, then drafted by the sekretaris; the members sign next."""
        for score in scores:
            self._do_any(case, "score", ASSESSORS, _scores(score))
        drafted = {"held_on": self._day(-20), "minutes_place": "Jakarta", "minutes_notes": ""}
        self.do(case, "draft", ASSESSORS[1], drafted)
        self.time.settle()

    # --- commands -----------------------------------------------------------------------------------------------------

    def start(self, process: str, email: str, instansi: tuple[str, str] | None) -> str:
        now = self.time.now
        case = self.actors.runner.start(
            process, self.actors.actor(email, now), instansi_id=instansi_id(*instansi) if instansi else None,
            programme_id=self.programme_id, now=now,
        )  # fmt: skip
        self.cases.append(case)
        return case

    def do(self, case: str, element: str, email: str, submitted: Mapping[str, Any], *files: str) -> None:
        """Somebody's own task of this element: each member of a team may have one."""
        actor = self.actors.actor(email, self.time.now)
        task = next(task for task, who in self._open(case, element) if who in (None, actor.user_id))
        attached = {key: self._file(task, key, actor.user_id or "") for key in files}
        self.actors.runner.complete(task, actor, {**submitted, **attached}, now=self.time.now)

    def _do_any(self, case: str, element: str, people: tuple[str, ...], submitted: Mapping[str, Any]) -> None:
        """By whoever of them has it."""
        holders = {self.actors.actor(email, self.time.now).user_id: email for email in people}
        self.do(case, element, next(holders[who] for _, who in self._open(case, element) if who in holders), submitted)

    def _open(self, case: str, element: str) -> list[tuple[str, str | None]]:
        here = (col(UserTask.instance_id) == case) & (col(UserTask.element_id) == element)
        open_now = select(col(UserTask.id), col(UserTask.assignee_id)).where(here, col(UserTask.state) == "open")
        with self.actors.runner.database.read() as unit:
            return [(str(row[0]), row[1]) for row in unit.session.execute(open_now.order_by(col(UserTask.created_at)))]

    def _file(self, task: str, key: str, owner: str) -> str:
        with self.actors.runner.database.write() as unit:
            named = replace(self.letter, filename=f"{key}.pdf")
            return self.actors.documents.keep(
                unit, named, actor_id=owner, task_id=task, field=key, now=self.time.now
            ).id

    def _at(self, days: int) -> None:
        """Nine in the morning of Jakarta, so many days from today."""
        self.time.until(datetime.combine(date.fromisoformat(self._day(days)), time(9), WIB))

    def _day(self, days: int) -> str:
        return (self.now.astimezone(WIB).date() + timedelta(days=days)).isoformat()


def load_kemnaker(database: Database, registry: Registry, documents: Documents, now: datetime) -> int:
    """Play it, unless its programme is there already; returns how many cases were made."""
    opens = now - timedelta(days=45)
    with database.write() as unit:
        if unit.session.scalars(select(Programme).where(col(Programme.key) == KEY)).first() is not None:
            return 0
        today = now.astimezone(WIB).date()
        programme = programmes.open_programme(
            unit,
            key=KEY,
            flow=FLOW,
            title=Text("Inpassing Pengantar Kerja (peragaan)", "Inpassing Pengantar Kerja (demo)"),
            period=f"Periode {today.year}",
            legal_basis=["Peraturan Menteri Ketenagakerjaan Nomor 4 Tahun 2017"],
            opens_at=opens,
            closes_at=now + timedelta(days=120),
            parameters={"proposals_end_on": f"{min(today + timedelta(days=45), date(today.year, 12, 31)):%m-%d}"},
            by="alur demo",
            now=opens,
        )
        for kind, title, link in GUIDES:
            guides.add_guide(unit, programme.id, kind=kind, title=title, link=link, by=None, now=opens)
    clock = VirtualClock(opens)
    runner = Runner(database, registry, Definitions(database), clock)
    demo = KemnakerDemo(Actors(runner, documents), Clockwork(database, runner, registry, clock), programme.id, now)
    demo.play()
    return len(demo.cases)


def _well(rows: tuple[str, ...]) -> dict[str, Any]:
    return {row: {"ok": True, "note": ""} for row in rows}


def _scores(score: int) -> dict[str, Any]:
    return {"scores": dict.fromkeys(("pengalaman", "jabatan", "prestasi", "pelatihan"), str(score)), "score_note": ""}
