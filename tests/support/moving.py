"""A case of the engine's tests that moves between versions; at its end, its record leads to the same states again."""

from dataclasses import dataclass, field

from engine.expressions import EvaluationContext
from engine.spiff import Act, Delta, Session, SpecSet, acting
from tests.support.bpmn import Process
from tests.support.cases import Case, parsed


@dataclass
class MovedCase(Case):
    began_on: SpecSet | None = field(default=None)

    def __post_init__(self) -> None:
        self.began_on = self.specs

    def move(self, process: Process, *called: Process, **renamed: str) -> Delta:
        """To the version of this diagram; by name, what takes the place of an element."""
        return self.move_to(parsed(process, *called), renamed)

    def move_to(self, specs: SpecSet, renamed: dict[str, str]) -> Delta:
        number = self.number
        try:
            delta = self.act("migrate", specs, renamed)
        except Exception:
            self.number = number
            raise
        self.specs = specs
        self.tasks.update({task.id: task for task in delta.moved})
        self.timers.update({timer.token_id: (timer.element_id, timer.due_at) for timer in delta.timers_moved})
        assert [task.id for task in delta.moved] == [i for i in self.tasks if i not in {t.id for t in delta.opened}]
        return delta

    def token(self, element: str) -> str:
        return next(token for token, (name, _) in self.timers.items() if name == element)

    def finish(self, most: int = 30) -> list[str]:
        """Do whatever is open, in the order of its names, until the case is over; its record is executed again."""
        done = []
        while self.open and len(done) < most:
            done.append(self.open[0])
            self.complete(self.open[0])
        assert self.delta.completed, f"not over: open {self.open}, waiting {self.waiting}"
        assert self.replayed() == self.digests
        return done

    def replayed(self) -> list[bytes]:
        """As a case in memory that is never saved."""
        session = Session.new(self.began_on, self.id)
        found = []
        for number, (now, services, command, *arguments) in enumerate(self.journal, 1):
            context = EvaluationContext(now, self.calendar)
            with acting(Act(self.id, number, now, context, self.externals, services)):
                getattr(session, command)(*arguments)
            found.append(session.digest())
        return found
