"""Runs one recorded case on the changed files: what it was told then is told again, while the case follows.

As long as both go the same way, every act has its recorded instant and number. Where the change lets something wait
longer or shorter, what people answered comes as many working days after their task opens as it came then, and timers
fire at their own instants. The first step that is another ends it, and so does the first that the record cannot answer.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from calendars import WorkingCalendar
from engine.acts.command import Command
from engine.acts.perform import Performed, perform
from engine.backtest import measures, words
from engine.backtest.answers import PastAnswers
from engine.backtest.asked import Desk
from engine.backtest.candidate import Candidate
from engine.backtest.frame import PastFrame, facts_of
from engine.backtest.past import Past, Stimulus
from engine.backtest.trail import Trail
from engine.backtest.verdict import CaseResult, Difference
from engine.backtest.waits import Wait, Waits
from engine.calendar import load_calendar
from engine.definitions import Definitions, LoadedVersion
from engine.errors import AlurError
from engine.expressions import EvaluationContext, UnknownNameError
from engine.history import Kind
from engine.spiff import Session
from engine.unit_of_work import UnitOfWork

LONGEST = timedelta(days=1100)
"""How long after the record's end timers are still let fire."""
MOST_FIRINGS = 400
_TOKENS = {
    Kind.TASK_COMPLETED: "task",
    Kind.DEADLINE_FIRED: "timer",
    Kind.SERVICE_REPORTED: "service",
    Kind.SERVICE_FAILED: "service",
}


def back_test(
    unit: UnitOfWork, definitions: Definitions, candidate: Candidate, past: Past, now: datetime
) -> CaseResult:
    """What becomes of this case. Never raises for what is in the record or in the files."""
    result = CaseResult(past.case.id, past.case.number)
    try:
        versions = {ident: definitions.version(ident, unit) for ident in past.versions}
        _Following(unit, candidate, versions, past, result, now).run()
    except Exception as error:  # noqa: BLE001 -- one case that cannot be run again must not end the test of the others
        result.first = words.cannot_run(None, error)
    return result


class _Following:
    """One case on its way."""

    def __init__(
        self,
        unit: UnitOfWork,
        candidate: Candidate,
        versions: Mapping[str, LoadedVersion],
        past: Past,
        result: CaseResult,
        now: datetime,
    ) -> None:
        self.unit = unit
        self.candidate = candidate
        self.versions = versions
        self.past = past
        self.result = result
        first = past.stimuli[0]
        self.then = versions[past.versions[-1]]
        self.session = Session.new(candidate.version.specs, past.case.id)
        self.facts = facts_of(past, candidate, first)
        self.waits = Waits(past)
        self.trail = Trail(candidate, versions, past, result)
        self.answers = PastAnswers(past, candidate, result)
        self.desk = Desk(candidate, versions)
        self.todo = list(past.stimuli)
        self.number = 0
        self.at = first.at
        self.latest = first
        self.lockstep = True
        """So far every act had the instant and the number of the record."""
        self.ended = False
        self.horizon = past.last_at + LONGEST if past.ended and past.last_at else now
        self.test_at = now

    def run(self) -> None:
        found = self._begin() or self._follow() or self._end()
        self.result.first = found or next(iter(self.trail.aside), None)
        self.result.stands = () if self.ended else self.waits.standing()

    # --- from one thing that the case was told to the next -----------------------------------------------------------

    def _begin(self) -> Difference | None:
        stimulus = self.todo.pop(0)
        return self._told(stimulus, stimulus.command, stimulus.at)

    def _follow(self) -> Difference | None:
        """Until nothing of the record fits any more and no timer is left that could fire."""
        for _ in range(len(self.todo) + MOST_FIRINGS):
            if self.ended:
                break
            following = self._next()
            due = self._next_timer(following[1] if following else self.horizon, last=following is None)
            if due is not None:
                found = self._fire(due)
            elif following is not None:
                stimulus, at, wait = following
                self.todo.remove(stimulus)
                found = self._answer(stimulus, at, wait)
            else:
                break
            if found is not None:
                return found
        return None

    def _next(self) -> tuple[Stimulus, datetime, Wait | None] | None:
        """What the case is told next: the record's next that fits, or the earliest once instants have moved."""
        best = None
        for stimulus in self.todo:
            ready, wait = self._fits(stimulus)
            if not ready:
                self.lockstep = self.lockstep and self._passes_by(stimulus)
                continue
            at = self._instant(stimulus, wait)
            if best is None or at < best[1]:
                best = (stimulus, at, wait)
            if self.lockstep:
                break
        return best

    def _fits(self, stimulus: Stimulus) -> tuple[bool, Wait | None]:
        command = stimulus.command
        kind = _TOKENS.get(command.kind)
        if kind is not None:
            wait = self.waits.of_past(kind, command.token_id)
            return wait is not None and (kind != "timer" or wait.follows), wait
        if command.kind == Kind.CASE_CANCELLED:
            return True, None
        event = "message" if command.kind == Kind.MESSAGE_RECEIVED else "signal"
        name, key = f"{event}:{command.inputs['name']}", command.inputs.get("correlation")
        return any(w.event == name and w.correlation in (None, key) for w in self.session.waits()), None

    def _passes_by(self, stimulus: Stimulus) -> bool:
        """A message that nobody waits for any more, or a timer that fires by itself, is no sign of another way yet."""
        return stimulus.command.kind not in (Kind.TASK_COMPLETED, Kind.DEADLINE_FIRED)

    def _instant(self, stimulus: Stimulus, wait: Wait | None) -> datetime:
        if self.lockstep:
            return stimulus.at  # also where a clock was set back between two acts
        if wait is None or wait.past is None or wait.opened_at == wait.past.opened_at or wait.kind == "timer":
            return max(stimulus.at, self.at)
        if wait.kind == "service":
            return max(wait.opened_at + (stimulus.at - wait.past.opened_at), self.at)
        calendar = self._calendar()
        return max(measures.as_soon_after(calendar, wait.past.opened_at, stimulus.at, wait.opened_at), self.at)

    # --- acts --------------------------------------------------------------------------------------------------------

    def _answer(self, stimulus: Stimulus, at: datetime, wait: Wait | None) -> Difference | None:
        command = stimulus.command
        if wait is None:
            return self._told(stimulus, command, at)
        if command.kind == Kind.TASK_COMPLETED:
            given, found = self.desk.answer(
                command, wait, self.session.data(wait.token_id), self.facts, self._context(at)
            )
            if found is not None:
                return found
            command = replace(command, inputs=given)
            measures.note_lateness(self.result, wait, stimulus.at, at)
        if wait.kind == "service":
            self.waits.answered(wait)
        return self._told(stimulus, replace(command, element_id=wait.element_id, token_id=wait.token_id), at)

    def _fire(self, wait: Wait) -> Difference | None:
        """A timer at its own instant, which the record does not have."""
        self.lockstep = False
        at = max(self._fires_at(wait) or self.at, self.at)
        command = Command(Kind.DEADLINE_FIRED, {}, wait.element_id, wait.token_id)
        return self._told(self.latest, command, at)

    def _told(self, stimulus: Stimulus, command: Command, at: datetime) -> Difference | None:
        self.latest, self.at = stimulus, at
        self.number = max(self.number + 1, stimulus.act) if self.lockstep else self.number + 1
        self.answers.next_act()
        frame = PastFrame(
            self.unit,
            self.candidate.version,
            self.then,
            self.number,
            at,
            stimulus.zone,
            stimulus.calendar,
            self.answers,
        )
        try:
            performed = perform(self.session, command, frame, self.facts)
        except AlurError as error:
            return self._broken(error)
        self.facts = performed.facts
        return self._performed(performed)

    def _broken(self, error: AlurError) -> Difference:
        """What went wrong, unless the case had gone another way before, in the very same act."""
        found = self.trail.walk(self.session.delta().steps)
        if found is not None:
            return found
        element = self._element_of(error)
        why = getattr(error, "reason", None) or error.__cause__ or error
        if isinstance(why, UnknownNameError) and element is not None:
            return words.asks_name(self.candidate, element, why)
        return words.cannot_run(element, error)

    def _element_of(self, error: AlurError) -> str | None:
        """Errors name the element by its id, or (of a task's own expressions) by its name."""
        said, elements = error.context.get("element"), self.candidate.elements
        if said is None or said in elements:
            return said
        return next((element.id for element in elements.values() if element.name == said), str(said))

    def _performed(self, performed: Performed) -> Difference | None:
        if not performed.taken and performed.command.kind == Kind.CASE_STARTED:
            return words.not_begun()
        new = self.waits.follow(performed)
        found = self.trail.walk(performed.delta.steps) or self._unanswerable(new)
        if found is not None:
            return found
        calendar = self._calendar()
        for wait in new:
            moved = measures.shift(calendar, wait)
            if moved is not None:
                self.result.shifts.append(moved)
            role = None if wait.placement is None else wait.placement.role
            if wait.kind == "task" and wait.past is not None and wait.past.is_told_of and wait.past.role != role:
                self.result.remark("people", wait.element_id)
        self.ended = performed.delta.completed or performed.command.kind == Kind.CASE_CANCELLED
        return None

    def _unanswerable(self, new: list[Wait]) -> Difference | None:
        """What waits now for something that the record does not have."""
        for call in self.answers.unanswered:
            return words.asks_handler(self.candidate, call)
        for wait in new:
            if wait.kind == "task" and wait.past is None:
                return self._asks(wait.element_id)
        return None

    def _asks(self, element_id: str) -> Difference:
        """A person is asked who was not asked then."""
        if element_id not in self.trail.known:
            return words.asks_new(self.candidate, element_id)
        if self.trail.new_choice is not None:
            return words.reached(self.candidate, element_id, self.trail.new_choice)
        asked = any(w.kind == "task" and w.element_id == element_id for w in self.past.waits.values())
        return (words.asks_again if asked else words.asks_ahead)(self.candidate, element_id)

    # --- time --------------------------------------------------------------------------------------------------------

    def _next_timer(self, before: datetime, *, last: bool) -> Wait | None:
        """The first timer that is due by its own reckoning before the record goes on (`last`: it does not)."""
        due = {}
        for wait in self.waits.timers():
            at = self._fires_at(wait) if not wait.follows or (last and self.past.ended) else None
            if at is not None and at < before:
                due[wait.token_id] = (at, wait)
        return min(due.values(), key=lambda found: found[0], default=(None, None))[1]

    def _fires_at(self, wait: Wait) -> datetime | None:
        """While a case is suspended nothing fires: what came due meanwhile is due when it goes on."""
        at = wait.due_at
        for start, end in self.past.rests:
            if at is not None and start <= at and (end is None or at < end):
                at = end
        return at

    def _context(self, at: datetime) -> EvaluationContext:
        return EvaluationContext(now=at, calendar=self._calendar())

    def _calendar(self) -> WorkingCalendar:
        return load_calendar(self.unit, self.facts.calendar_of, self.facts.zone, self.latest.calendar)

    # --- the end -----------------------------------------------------------------------------------------------------

    def _end(self) -> Difference | None:
        for wait in self.waits.open.values():
            if wait.kind == "task" and not self.ended and not self.past.ended:
                measures.note_lateness(self.result, wait, self.test_at, self.test_at)
        found = self.trail.left_over(self.waits.standing(), ended=self.ended)
        if found is None and self.past.ended and self.past.last_at is not None and self.ended:
            calendar, start = self._calendar(), self.past.case.started_at
            self.result.before = measures.length(calendar, start, self.past.last_at)
            self.result.after = measures.length(calendar, start, self.at)
        return found
