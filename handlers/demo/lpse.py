"""Two LPSE on their way through the 17 standards, one of them well ahead: whatever a board can show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.documents import CheckedDocument, Documents, check_document
from engine.jobs.run import run_ready
from engine.mail import SpoolTransport
from engine.people import find_by_email
from engine.registry import Registry
from handlers.demo.accounts import KAPUAS, DemoAccount
from handlers.demo.cases import Actors
from handlers.demo.documents import sample_letter
from models import Lpse, LpseItem, UserTask

PROCESSES = ("lpse_item", "lpse_standards")
PALANGKA = ("kota", "Kota Palangka Raya")
COORDINATOR, POLICY, PLANNING, REVIEWER = "koordinator", "pic", "pic2", "reviewer"
ROLES = {COORDINATOR: "koordinator_lpse", POLICY: "pic_lpse", PLANNING: "pic_lpse", REVIEWER: "reviewer_lpse"}
ACCOUNTS = (
    DemoAccount("koordinator.lpse@contoh.go.id", "Kirana Dewanti", ROLES[COORDINATOR], KAPUAS, "Koordinator LPSE"),
    DemoAccount("pic.lpse@contoh.go.id", "Pandu Wibowo", ROLES[POLICY], KAPUAS, "PIC/Tim standar LPSE"),
    DemoAccount("pic2.lpse@contoh.go.id", "Putri Handayani", ROLES[PLANNING], KAPUAS, "PIC/Tim standar LPSE"),
    DemoAccount("reviewer.lpse@contoh.go.id", "Rangga Saputra", ROLES[REVIEWER], KAPUAS, "Reviewer LPSE"),
    DemoAccount(
        "koordinator.lpse2@contoh.go.id", "Karto Mulyadi", ROLES[COORDINATOR], PALANGKA, "Koordinator LPSE kedua"
    ),
    DemoAccount("pic.lpse2@contoh.go.id", "Paula Sinaga", ROLES[POLICY], PALANGKA, "PIC/Tim LPSE kedua"),
    DemoAccount("pic2.lpse2@contoh.go.id", "Paulus Tarigan", ROLES[PLANNING], PALANGKA, "PIC/Tim LPSE kedua"),
    DemoAccount("reviewer.lpse2@contoh.go.id", "Ruth Simanjuntak", ROLES[REVIEWER], PALANGKA, "Reviewer LPSE kedua"),
)
STAGES = ("policy", "perencanaan", "pelaksanaan")
REPAIR = {
    "decision": "repair",
    "review_note": "Kebijakan belum ditandatangani kepala UKPBJ; lampirkan yang sudah ditetapkan.",
}
EARLY = "Penilaian LKPP atas pengelolaan risiko dimajukan ke triwulan ini."
DAY = timedelta(days=1)


@dataclass
class LpseDemo:
    """Plays the people of the two LPSE, each command at its instant."""

    actors: Actors
    documents: Documents
    registry: Registry

    def load(self, now: datetime) -> int:
        """Make both, unless there is one already; returns how many cases."""
        with self.actors.runner.database.read() as unit:
            if unit.session.execute(select(col(Lpse.id)).limit(1)).first() is not None:
                return 0
        begun = now - 75 * DAY
        kapuas = self.register("LPSE Kabupaten Kapuas", "lpse", begun)
        self.name_pics(kapuas, "lpse", begun + DAY)
        self.work(kapuas, "lpse", [(1, "policy"), (1, "perencanaan"), (2, "policy"), (8, "policy")], begun + 8 * DAY)
        self.begin(kapuas, "lpse", [(1, "pelaksanaan"), (13, "policy")], now - 6 * DAY)
        self.submit(kapuas, "lpse", [(2, "perencanaan"), (13, "policy")], now - 5 * DAY)
        self.review(kapuas, "lpse", [(13, "policy")], REPAIR, now - 4 * DAY)
        self.override(kapuas, "menengah", EARLY, now - 3 * DAY)
        recent = now - 30 * DAY
        ahead = self.register("LPSE Kota Palangka Raya", "lpse2", recent)
        self.name_pics(ahead, "lpse2", recent + DAY)
        self.work(ahead, "lpse2", [(n, s) for n in (1, 2, 8, 13) for s in STAGES], recent + 25 * DAY)
        return 2 + 12 + 12

    @cached_property
    def evidence(self) -> CheckedDocument:
        """Looked at once: every item of the demo has the same."""
        return check_document("bukti-standar.pdf", sample_letter())

    # --- what people do ----------------------------------------------------------------------------------------------

    def register(self, name: str, domain: str, at: datetime) -> str:
        coordinator = _mail(COORDINATOR, domain)
        case = self.actors.runner.start(PROCESSES[1], self.actors.actor(coordinator, at), now=at)
        self.actors.do(case, "register", coordinator, {"lpse_name": name}, at)
        return case

    def name_pics(self, case: str, domain: str, at: datetime) -> None:
        """The one PIC has the policies, the other the rest."""
        with self.actors.runner.database.read() as unit:
            policy, rest = (find_by_email(unit, _mail(who, domain)) for who in (POLICY, PLANNING))
        assert policy is not None  # noqa: S101 -- made by this module
        assert rest is not None  # noqa: S101 -- the same
        named = {"pic_policy": policy.id, "pic_perencanaan": rest.id, "pic_pelaksanaan": rest.id, "exceptions": []}
        self.actors.do(case, "assign_pics", _mail(COORDINATOR, domain), named, at)
        self._settle(at)

    def work(self, case: str, domain: str, places: Iterable[tuple[int, str]], at: datetime) -> None:
        """All the way to *Terpenuhi*."""
        places = list(places)
        self.begin(case, domain, places, at)
        self.submit(case, domain, places, at + DAY)
        self.review(case, domain, places, {"decision": "fulfilled"}, at + 2 * DAY)

    def begin(self, case: str, domain: str, places: Iterable[tuple[int, str]], at: datetime) -> None:
        for number, stage in places:
            self.actors.do(self._item(case, number, stage), "start_work", _pic(stage, domain), {}, at)

    def submit(self, case: str, domain: str, places: Iterable[tuple[int, str]], at: datetime) -> None:
        for number, stage in places:
            item, pic = self._item(case, number, stage), _pic(stage, domain)
            if not self._open(item, "submit_evidence"):
                self.actors.do(item, "start_work", pic, {}, at)
            task = self.actors.open_task(item, "submit_evidence")
            document = self._document(task, pic, at)
            evidence = [{"about": f"Bukti Standar {number}", "document": document}]
            self.actors.do(item, "submit_evidence", pic, {"evidence": evidence}, at)

    def review(
        self, case: str, domain: str, places: Iterable[tuple[int, str]], decision: Mapping[str, Any], at: datetime
    ) -> None:
        for number, stage in places:
            item, reviewer = self._item(case, number, stage), _mail(REVIEWER, domain)
            self.actors.do(item, "review_evidence", reviewer, decision, at)
        self._settle(at)

    def override(self, case: str, phase: str, reason: str, at: datetime) -> None:
        coordinator = self.actors.actor(_mail(COORDINATOR, "lpse"), at)
        payload = {"reason": reason}
        self.actors.runner.correlate(
            "lpse_phase_override", coordinator, payload, instance_id=case, correlation=phase, now=at
        )

    # --- inside ------------------------------------------------------------------------------------------------------

    def _settle(self, at: datetime) -> None:
        """The messages between the LPSE's case and those of its items."""
        run_ready(self.actors.runner, self.registry, SpoolTransport(), at, kinds=("message",))

    def _item(self, case: str, number: int, stage: str) -> str:
        query = select(col(LpseItem.instance_id)).where(
            col(LpseItem.lpse_id) == case, col(LpseItem.standard) == number, col(LpseItem.stage) == stage
        )
        with self.actors.runner.database.read() as unit:
            return str(unit.session.execute(query).scalar_one())

    def _open(self, case: str, element: str) -> bool:
        query = select(col(UserTask.id)).where(
            col(UserTask.instance_id) == case, col(UserTask.element_id) == element, col(UserTask.state) == "open"
        )
        with self.actors.runner.database.read() as unit:
            return unit.session.execute(query).first() is not None

    def _document(self, task_id: str, email: str, at: datetime) -> str:
        owner = self.actors.actor(email, at).user_id or ""
        with self.actors.runner.database.write() as unit:
            attachment = self.documents.keep(
                unit, self.evidence, actor_id=owner, task_id=task_id, field="evidence.document", now=at
            )
            return attachment.id


def _mail(who: str, domain: str) -> str:
    return f"{who}.{domain}@contoh.go.id"


def _pic(stage: str, domain: str) -> str:
    return _mail(POLICY if stage == "policy" else PLANNING, domain)
