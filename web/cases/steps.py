"""The steps of a diagram with their states: the text equivalent of the drawing, and the source of its markers.

Steps that were reached come in the order they were first reached; then what is being waited for, then the rest in
the order of the diagram.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask_babel import gettext as _

from engine.definitions import LoadedVersion
from engine.history.kinds import Kind
from engine.spiff.records import Element
from web.i18n import locale_code, zone
from web.words.names import element_name, type_text


@dataclass(frozen=True)
class State:
    """How a state is called and marked; `legend`: whether the legend tells it."""

    name: str
    text: str
    icon: str
    legend: bool = True


def states() -> dict[str, State]:
    """The states of steps, in the reader's language."""
    known = (
        State("done", _("selesai"), "check-circle-fill"),
        State("active", _("sedang berjalan"), "play-circle"),
        State("waiting", _("menunggu waktunya"), "hourglass-split", legend=False),
        State("late", _("terlambat"), "exclamation-circle-fill"),
        State("failed", _("terhenti"), "exclamation-triangle-fill", legend=False),
        State("cancelled", _("dilewati"), "slash-circle", legend=False),
        State("todo", _("belum"), "circle"),
    )
    return {state.name: state for state in known}


ALWAYS_SHOWN = ("Task", "callActivity", "subProcess", "transaction")


@dataclass
class Step:
    """A step as the list tells it. `state` is done, active, waiting, late, failed, cancelled or todo."""

    element_id: str
    name: str
    kind: str
    lane: str = ""
    attached: bool = False
    """An event at the edge of a task: it may happen or not."""
    state: str = "todo"
    times: int = 0
    who: str = ""
    at: datetime | None = None
    due_at: datetime | None = None
    waiting: int = 0
    """How many tasks of this step are open (several in a multi-instance)."""

    @property
    def note(self) -> str:
        """What stands under the step on the drawing: short, and nothing that the list does not say."""
        if self.attached:
            return ""  # it would lie over the name of the task that the event sits on
        if self.state in ("active", "late", "failed"):
            text = states()[self.state].text
            text += f": {self.who}" if self.who else ""
            return text + (f" ({self.waiting})" if self.waiting > 1 else "")
        if self.state != "done":
            return ""
        parts = [self.who, short_moment(self.at) if self.who and self.at else ""]
        parts += [f"{self.times}×"] if self.times > 1 else []
        return " · ".join(part for part in parts if part)


def build(
    version: LoadedVersion,
    *,
    done: Iterable[Any] = (),
    tasks: Iterable[Any] = (),
    waits: Iterable[Any] = (),
    incidents: Iterable[Any] = (),
    now: datetime,
) -> list[Step]:
    """All steps worth telling, in order. The rows are those of `web.cases.queries`."""
    known = {element.id: _step(version, element) for element in ordered(version) if _worth_telling(element)}
    reached = [row.element_id for row in done if row.element_id in known and _finish(known[row.element_id], row)]
    for task in tasks:
        if task.element_id in known:
            _wait(known[task.element_id], task.due_at, now, who=task.assignee_name or "")
    for wait in waits:
        if wait.kind == "timer" and wait.element_id in known:
            _wait(known[wait.element_id], wait.due_at, now, state="waiting")
    for incident in incidents:
        if incident.element_id in known:
            known[incident.element_id].state = "failed"
    waiting = [step.element_id for step in known.values() if step.state in ("active", "waiting", "late", "failed")]
    order = dict.fromkeys([i for i in reached if i not in waiting] + waiting + list(known))
    return [known[element_id] for element_id in order]


def taken_flows(details: Iterable[dict[str, Any]]) -> list[str]:
    """Ids of the sequence flows that were ever taken."""
    flows: dict[str, None] = {}
    for detail in details:
        flows.update(dict.fromkeys(detail.get("flows") or ()))
    return list(flows)


def ordered(version: LoadedVersion) -> list[Element]:
    """The elements from the start events along the flows; what nothing leads to comes last."""
    elements, flows = version.specs.elements, version.specs.flows
    queue = [e for e in elements.values() if e.type == "startEvent"]
    seen = {element.id for element in queue}
    found: list[Element] = []
    boundary: dict[str, list[Element]] = {}
    for element in elements.values():
        if element.attached_to:
            boundary.setdefault(element.attached_to, []).append(element)
    while queue:
        element = queue.pop(0)
        found.append(element)
        targets = [elements[flows[f].target] for f in element.outgoing if f in flows and flows[f].target in elements]
        for following in (*boundary.get(element.id, ()), *targets):
            if following.id not in seen:
                seen.add(following.id)
                queue.append(following)
    return found + [e for e in elements.values() if e.id not in seen]


def _worth_telling(element: Element) -> bool:
    return element.type.endswith(ALWAYS_SHOWN) or bool(element.name)


def _step(version: LoadedVersion, element: Element) -> Step:
    return Step(
        element_id=element.id,
        name=element_name(version, element.id),
        kind=type_text(element.type, element.event),
        lane=element.lane or "",
        attached=element.attached_to is not None,
    )


def _finish(step: Step, row: Any) -> bool:
    """Take in how often and when a step was done. A task's own event knows the person, the element's the count."""
    if row.kind == Kind.ELEMENT_CANCELLED:
        if step.attached:
            return False  # an event that did not happen, because its task was done in time
        if step.state == "todo":
            step.state, step.at = "cancelled", row.at
        return True
    step.state = "done"
    step.times = max(step.times, row.times)
    step.at = max(step.at, row.at) if step.at else row.at
    step.who = row.actor_name or step.who if row.kind == Kind.TASK_COMPLETED else step.who
    return True


def _wait(step: Step, due_at: datetime | None, now: datetime, who: str = "", state: str = "active") -> None:
    step.waiting += 1
    late = due_at is not None and due_at < now
    step.state = "late" if late or step.state == "late" else state
    if due_at is not None:
        step.due_at = min(step.due_at, due_at) if step.due_at else due_at
    step.who = who


def short_moment(instant: datetime) -> str:
    """2 Jun 10.42, in the reader's zone: for the drawing, beside the full date in the list."""
    pattern = "d MMM HH.mm" if locale_code() == "id" else "d MMM HH:mm"
    return format_datetime(instant.astimezone(ZoneInfo(zone())), pattern, locale=locale_code())
