"""A few cases of INAPROC access in different states, made by the same commands that people's clicks make."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.actors import Actor
from engine.deadlines import fire_due
from engine.documents import Documents
from engine.people import actor_for, find_by_email
from engine.runner import Runner
from handlers.demo.accounts import KAPUAS
from handlers.demo.documents import sample_letter
from handlers.seeds import instansi_id
from models import Instance, UserTask

PROCESS = "inaproc_access"
ROWS = (
    "golongan",
    "instansi",
    "satuan_kerja",
    "valid_until",
    "npwp",
    "address",
    "assignment_letter",
    "pbj_certificate",
)
ALL_WELL = {row: {"ok": True, "note": ""} for row in ROWS}
YES = {"checklist": ALL_WELL, "decision": "yes"}
REPAIR = {
    "checklist": {**ALL_WELL, "golongan": {"ok": False, "note": "Golongan pada surat tugas adalah III/d."}},
    "decision": "repair",
    "reason": "Mohon sesuaikan golongan dengan surat tugas, lalu kirim lagi.",
}


@dataclass
class Actors:
    """Plays people in the demo's past: each command happens at a given instant."""

    runner: Runner
    documents: Documents

    def load(self, now: datetime) -> int:
        """Make the cases, unless there are any already; returns how many."""
        if self._any():
            return 0
        day = timedelta(days=1)
        approved = self.apply("joko@contoh.go.id", "pejabat_pembuat_komitmen", "Dinas Pekerjaan Umum", now - 20 * day)
        self.decide(approved, "verify_by_vai", "vai@contoh.go.id", YES, now - 19 * day)
        returned = self.apply("tono@contoh.go.id", "bendahara", "Dinas Kesehatan", now - 3 * day)
        self.decide(returned, "verify_by_vai", "vai@contoh.go.id", REPAIR, now - 2 * day)
        self.apply("ratna@contoh.go.id", "pejabat_pengadaan", "Dinas Pendidikan", now - day)
        self.apply("ratna@contoh.go.id", "bendahara", "Dinas Pendidikan", now - 4 * day)  # overdue: escalated below
        self.apply("tono@contoh.go.id", "vai", "Sekretariat Daerah", now - day)
        begun = self.start("pemohon@contoh.go.id", now - timedelta(hours=2))
        self.do(begun, "choose_role", "pemohon@contoh.go.id", {"role": "pejabat_pengadaan"}, now - timedelta(hours=2))
        fire_due(self.runner, now)
        return 6

    def apply(self, email: str, role: str, unit_name: str, at: datetime) -> str:
        """From the first screen to *Kirim*."""
        case = self.start(email, at)
        self.do(case, "choose_role", email, {"role": role}, at)
        task = self.open_task(case, "fill_details")
        letters = {field: self.letter(task, field, email, at) for field in ("assignment_letter", "pbj_certificate")}
        self.do(case, "fill_details", email, {**_details(unit_name, at), **letters}, at)
        self.do(case, "review_details", email, {"next_step": "send", "confirmed": True}, at)
        return case

    def decide(self, case: str, element: str, email: str, decision: Mapping[str, Any], at: datetime) -> None:
        self.runner.claim(self.open_task(case, element), self.actor(email, at), now=at)
        self.do(case, element, email, decision, at)

    def start(self, email: str, at: datetime) -> str:
        return self.runner.start(PROCESS, self.actor(email, at), now=at)

    def do(self, case: str, element: str, email: str, submitted: Mapping[str, Any], at: datetime) -> None:
        self.runner.complete(self.open_task(case, element), self.actor(email, at), submitted, now=at)

    def open_task(self, case: str, element: str) -> str:
        statement = select(col(UserTask.id)).where(
            col(UserTask.instance_id) == case, col(UserTask.element_id) == element, col(UserTask.state) == "open"
        )
        with self.runner.database.read() as unit:
            return str(unit.session.execute(statement).scalar_one())

    def letter(self, task_id: str, field: str, email: str, at: datetime) -> str:
        names = {"assignment_letter": "surat-tugas.pdf", "pbj_certificate": "sertifikat-pbj.pdf"}
        owner = self.actor(email, at).user_id or ""
        with self.runner.database.write() as unit:
            attachment = self.documents.receive(
                unit, actor_id=owner, task_id=task_id, field=field, filename=names[field], body=sample_letter(), now=at
            )
            return attachment.id

    def actor(self, email: str, at: datetime) -> Actor:
        with self.runner.database.read() as unit:
            user = find_by_email(unit, email)
            actor = actor_for(unit, user.id, at) if user is not None else None
        if actor is None:
            msg = f"the demo has no active account {email}"
            raise LookupError(msg)
        return actor

    def _any(self) -> bool:
        statement = select(col(Instance.id)).where(col(Instance.definition_key) == PROCESS).limit(1)
        with self.runner.database.read() as unit:
            return unit.session.execute(statement).first() is not None


def _details(unit_name: str, at: datetime) -> dict[str, Any]:
    return {
        "golongan": "III/c",
        "instansi_kind": KAPUAS[0],
        "instansi": instansi_id(*KAPUAS),
        "satuan_kerja": unit_name,
        "valid_until": (at + timedelta(days=270)).date().isoformat(),
        "npwp": "00.123.456.6-891.000",
        "address": "Jalan Pemuda Nomor 12, Kuala Kapuas",
    }
