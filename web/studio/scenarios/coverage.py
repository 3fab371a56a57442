"""What the scenarios of a draft come by, for the drawings and in words: the same steps and flows in both."""

from dataclasses import dataclass, field

from flask_babel import gettext as _

from engine.definitions import LoadedVersion, load_version
from engine.studio.drafts import DraftView, findings_of
from engine.studio.trials.scenarios import Overview
from web.cases import present
from web.cases.steps import State, Step, build
from web.context import services
from web.words.names import element_name, type_text


@dataclass(frozen=True)
class Untaken:
    """A flow that no scenario takes, in the words of its ends."""

    id: str
    text: str


@dataclass(frozen=True)
class Covered:
    """One diagram under the scenarios that were played."""

    path: str
    name: str
    total: int
    taken: list[str]
    untaken: list[Untaken]
    steps: list[Step] = field(default_factory=list)

    @property
    def percent(self) -> int:
        """Never 100 while something is left."""
        return 100 if not self.untaken else min(99, round(100 * len(self.taken) / self.total)) if self.total else 100


def states() -> dict[str, State]:
    """Two are enough: some scenario comes by, or none does."""
    return {
        "done": State("done", _("dilewati skenario"), "check-circle-fill"),
        "todo": State("todo", _("tidak dilewati satu pun"), "circle"),
    }


def covered(view: DraftView, found: Overview) -> list[Covered]:
    """The draft's diagrams, the main one first; nothing for a draft whose diagrams cannot be read."""
    version = _loaded(view)
    if version is None:
        return []
    reports = {report.diagram.partition("/")[2]: report for report in found.diagrams}
    flows = version.specs.flows
    steps = build(version, now=services().clock.now())
    passed = _passed(version, frozenset().union(*(report.taken for report in found.diagrams)), found)
    for step in steps:
        step.times = passed.get(step.element_id, 0)
        step.state = "done" if step.times else "todo"
        step.who = ""
    made = []
    for diagram in present.diagrams(version):
        report = reports.get(diagram.path)
        if report is None:
            continue
        left = [Untaken(i, _flow_text(version, i)) for i in sorted(report.flows - report.taken) if i in flows]
        own = [step for step in steps if step.element_id in diagram.elements]
        made.append(Covered(diagram.path, diagram.name, len(report.flows), sorted(report.taken), left, own))
    return made


def _loaded(view: DraftView) -> LoadedVersion | None:
    if any(f.is_error for f in findings_of(view, services().registry)):
        return None  # the findings beside say what is wrong with it
    return load_version(f"{view.id}-{view.revision}", view.key, 0, view.bodies)


def _passed(version: LoadedVersion, taken: frozenset[str], found: Overview) -> dict[str, int]:
    """Element → by how many scenarios: those that took a flow to it or from it."""
    by_element: dict[str, int] = {}
    for told in found.all:
        if told.result is None:
            continue
        ends = {end for i in told.result.taken & taken if i in version.specs.flows
                for end in (version.specs.flows[i].source, version.specs.flows[i].target)}  # fmt: skip
        for element in ends:
            by_element[element] = by_element.get(element, 0) + 1
    return by_element


def _flow_text(version: LoadedVersion, flow_id: str) -> str:
    flow = version.specs.flows[flow_id]
    ends = [_end_text(version, end) for end in (flow.source, flow.target)]
    return f"{ends[0]} → {ends[1]}" + (f" ({flow.name})" if flow.name else "")


def _end_text(version: LoadedVersion, element_id: str) -> str:
    """A gateway seldom has a name; what it is says more than its id."""
    element = version.specs.elements.get(element_id)
    if element is None or element.name:
        return element_name(version, element_id)
    return f"{type_text(element.type, element.event)} {element.id}"
