"""Accesses near and past their end: one that ends next week, one that has, one given up, one that is asked back."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from engine.actors import SYSTEM
from engine.people import add_membership, find_by_email
from handlers.access_adoption import GRANTED
from handlers.demo.accounts import KAPUAS, DemoAccount
from handlers.demo.cases import Actors
from handlers.seeds import instansi_id
from models import Deadline, Instansi, Membership

ENDING, EXPIRED, GIVEN_UP, ASKED_BACK = (
    f"akses.{name}@contoh.go.id" for name in ("berakhir", "kedaluwarsa", "nonaktif", "reaktivasi")
)
ACCOUNTS = (
    DemoAccount(ENDING, "Fitri Handayani", None, None, "Bendahara, aksesnya Akan Berakhir"),
    DemoAccount(EXPIRED, "Agus Salim", None, None, "Pejabat Pengadaan, aksesnya Kedaluwarsa"),
    DemoAccount(GIVEN_UP, "Nurul Hidayah", None, None, "Bendahara, menonaktifkan aksesnya sendiri"),
    DemoAccount(ASKED_BACK, "Hadi Saputra", None, None, "Pejabat Pengadaan, reaktivasinya menunggu VAI"),
)
DAY = timedelta(days=1)


@dataclass
class ExpiryDemo:
    """Plays them in the demo's past."""

    actors: Actors

    def load(self, now: datetime) -> int:
        """Make the cases, unless there are any already; returns how many."""
        if self._any():
            return 0
        self._hold(ENDING, "bendahara", now - 40 * DAY, now + 6 * DAY)
        self._hold(EXPIRED, "pejabat_pengadaan", now - 40 * DAY, now - 2 * DAY)
        given_up = self._hold(GIVEN_UP, "bendahara", now - 40 * DAY, now + 200 * DAY)
        asked_back = self._hold(ASKED_BACK, "pejabat_pengadaan", now - 40 * DAY, now - 4 * DAY)
        for case in self._cases():
            self._let_pass(case, now - DAY)
        self._give_up(given_up, now - DAY)
        self._ask_back(asked_back, now - DAY)
        self._let_pass(asked_back, now)
        return len(ACCOUNTS)

    def _hold(self, email: str, role: str, since: datetime, until: datetime) -> str:
        """An access of Kabupaten Kapuas, and its case; returns the case."""
        life_id = uuid.uuid4().hex
        with self.actors.runner.database.write() as unit:
            user = find_by_email(unit, email)
            if user is None:
                msg = f"the demo has no account {email}"
                raise LookupError(msg)
            agency = unit.session.get_one(Instansi, instansi_id(*KAPUAS))
            zone = ZoneInfo(agency.zone)
            held = add_membership(
                unit, user_id=user.id, role=role, instansi_id=agency.id, valid_from=since.astimezone(zone).date(),
                valid_until=until.astimezone(zone).date(), now=since, source_key=f"demo:{email}:{role}",
            )  # fmt: skip
            told = {"membership_id": held.id, "holder": user.id, "instansi_id": agency.id}
        self.actors.runner.correlate(GRANTED, SYSTEM, told, begins=life_id, now=since)
        return life_id

    def _let_pass(self, case: str, until: datetime) -> None:
        """Fire the timers of one case, each at its own instant: what other cases wait for is none of ours."""
        while (due := self._next(case, until)) is not None:
            self.actors.runner.fire(due[0], due[1])

    def _next(self, case: str, until: datetime) -> tuple[str, datetime] | None:
        waiting = select(col(Deadline.id), col(Deadline.due_at)).where(
            col(Deadline.instance_id) == case,
            col(Deadline.state) == "pending",
            col(Deadline.kind) == "timer",
            col(Deadline.due_at) <= until,
        )
        with self.actors.runner.database.read() as unit:
            row = unit.session.execute(waiting.order_by(col(Deadline.due_at)).limit(1)).first()
        return None if row is None else (row[0], row[1])

    def _give_up(self, case: str, at: datetime) -> None:
        runner = self.actors.runner
        runner.correlate("deactivation_requested", self.actors.actor(GIVEN_UP, at), {}, instance_id=case, now=at)
        successor = self.actors.actor(ENDING, at).user_id
        told = {"next_step": "send", "reason": "Mutasi ke Dinas Sosial", "successor": successor, "handed_over": True}
        self.actors.do(case, "declare", GIVEN_UP, told, at)

    def _ask_back(self, case: str, at: datetime) -> None:
        runner = self.actors.runner
        runner.correlate("reactivation_requested", self.actors.actor(ASKED_BACK, at), {}, instance_id=case, now=at)
        task = self.actors.open_task(case, "apply_again")
        letter = self.actors.letter(task, "assignment_letter", ASKED_BACK, at)
        told = {"next_step": "send", "valid_until": (at + 300 * DAY).date().isoformat(), "assignment_letter": letter}
        self.actors.do(case, "apply_again", ASKED_BACK, told, at)

    def _cases(self) -> list[str]:
        with self.actors.runner.database.read() as unit:
            mine = select(col(Membership.life_id)).where(col(Membership.source_key).startswith("demo:akses."))
            return [str(case) for case in unit.session.scalars(mine)]

    def _any(self) -> bool:
        known = select(col(Membership.id)).where(col(Membership.source_key).startswith("demo:akses."))
        with self.actors.runner.database.read() as unit:
            return unit.session.execute(known.limit(1)).first() is not None
