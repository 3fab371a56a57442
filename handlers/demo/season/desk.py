"""How people of a season find their work and give their commands; what was refused is counted with its words."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Executable, Row, bindparam, select
from sqlmodel import col

from engine.actors import Actor
from engine.calendar import load_calendar
from engine.errors import AlurError
from engine.runner import Runner
from engine.unit_of_work import Database
from handlers.demo.season.cast import Cast, act_as
from handlers.demo.season.clockwork import Clockwork
from handlers.demo.season.samples import Samples
from models import ExamSchedule, Instance, Participant, UserTask

Submission = Mapping[str, Any]
Answer = Callable[[Callable[[str], str]], Submission]
"""What is submitted, given a way to attach sample documents."""
MOST_ACTORS = 1000


_TASKS: Any = select(col(UserTask.id), col(UserTask.instance_id), col(UserTask.element_id), col(Participant.attempts))
_OPEN = (
    _TASKS.join(Instance, col(Instance.id) == col(UserTask.instance_id))
    .outerjoin(Participant, col(Participant.id) == col(Instance.id))
    .where(
        col(UserTask.state) == "open",
        col(Instance.programme_id) == bindparam("programme"),
        col(Instance.definition_key) == bindparam("process"),
        col(Instance.status) == "active",
    )
    .order_by(col(UserTask.created_at), col(UserTask.id))
)
_OF_CASE = _TASKS.outerjoin(Participant, col(Participant.id) == col(UserTask.instance_id)).where(
    col(UserTask.instance_id) == bindparam("case"),
    col(UserTask.element_id) == bindparam("element"),
    col(UserTask.state) == "open",
)


@dataclass(frozen=True)
class Task:
    """A task somebody may do now. `attempts`: exams that the participant of its case has taken so far."""

    id: str
    instance_id: str
    element_id: str
    attempts: int | None


class Desk:
    """Every command is one that a person's click would give."""

    def __init__(self, database: Database, runner: Runner, clockwork: Clockwork, cast: Cast, samples: Samples) -> None:
        self.database = database
        self.runner = runner
        self.time = clockwork
        self.cast = cast
        self.samples = samples
        self.counts: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._turn: Counter[str] = Counter()
        self._actors: dict[str, Actor] = {}
        self._actors_at = clockwork.now

    # --- commands -----------------------------------------------------------------------------------------------------

    def start(
        self, process: str, who: str, *, instansi_id: str | None = None, data: Submission | None = None,
        in_programme: bool = True,
    ) -> str:  # fmt: skip
        self.counts[f"start {process}"] += 1
        programme = self.cast.programme_id if in_programme else None
        return self.runner.start(process, self.actor(who), data=data, instansi_id=instansi_id, programme_id=programme)

    def complete_next(self, case: str, element: str, who: str, answer: Answer) -> None:
        """The task of this element that the case has just opened."""
        task = self.task_of(case, element)
        submission = answer(self.samples.attacher(task.id, who, self.time.now))
        self.samples.flush()
        self.complete(task, who, submission)

    def complete(self, task: Task, who: str, submission: Submission) -> bool:
        try:
            self.runner.complete(task.id, self.actor(who), submission)
        except AlurError as refusal:
            self.refused[f"{task.element_id}: {refusal}"] += 1
            return False
        self.counts[task.element_id] += 1
        return True

    def withdraw(self, case: str, who: str, reason: str) -> None:
        self.runner.correlate("withdraw", self.actor(who), {"reason": reason}, instance_id=case)
        self.counts["withdraw"] += 1

    # --- people -------------------------------------------------------------------------------------------------------

    def actor(self, user_id: str) -> Actor:
        """The person with the roles held now."""
        if self._actors_at != self.time.now or len(self._actors) > MOST_ACTORS:
            self._actors.clear()
            self._actors_at = self.time.now
        if user_id not in self._actors:
            self._actors[user_id] = act_as(self.database, user_id, self.time.now)
        return self._actors[user_id]

    def forget_roles(self) -> None:
        """Somebody has been given a role at this very instant."""
        self._actors.clear()

    def officer(self, role: str) -> str:
        """They take turns."""
        people = self.cast.officers[role]
        self._turn[role] += 1
        return people[self._turn[role] % len(people)]

    # --- what there is ------------------------------------------------------------------------------------------------

    def task_of(self, case: str, element: str) -> Task:
        """The open task of this element in a case."""
        [row] = self.rows(_OF_CASE, case=case, element=element)
        return Task(*row)

    def open_tasks(self, process: str) -> dict[str, list[Task]]:
        """Of all cases of a process in the programme, by element; the oldest first."""
        found: dict[str, list[Task]] = {}
        for row in self.rows(_OPEN, programme=self.cast.programme_id, process=process):
            found.setdefault(row.element_id, []).append(Task(*row))
        return found

    def open_schedules(self) -> list[Row[Any]]:
        return self.rows(
            select(col(ExamSchedule.id), col(ExamSchedule.method), col(ExamSchedule.quota), col(ExamSchedule.taken))
            .where(
                col(ExamSchedule.programme_id) == self.cast.programme_id,
                col(ExamSchedule.state) == "open",
                col(ExamSchedule.closes_at) > self.time.now,
            )
            .order_by(col(ExamSchedule.starts_at))
        )

    def certified(self) -> list[Row[Any]]:
        """Participants with a certificate and no recommendation yet, agency by agency."""
        return self.rows(
            select(col(Participant.id), col(Participant.instansi_id))
            .where(col(Participant.programme_id) == self.cast.programme_id, col(Participant.state) == "sertifikat")
            .order_by(col(Participant.instansi_id), col(Participant.id))
        )

    def rows(self, statement: Executable, **asked: Any) -> list[Any]:
        with self.database.read() as unit:
            return list(unit.connection.execute(statement, asked).all())

    def is_workday(self, day: date) -> bool:
        with self.database.read() as unit:
            return load_calendar(unit, now=self.time.now).is_working_day(day)

    def workday(self, day: date) -> date:
        """The day itself, or the next on which people work."""
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day
