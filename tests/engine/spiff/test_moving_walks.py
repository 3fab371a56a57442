"""Random walks through random diagrams, with moves between the acts.

A move to the same diagram under other names changes nothing that comes after it. A move to a diagram that differs is
either refused and leaves no trace, or the case goes on: it never stands still with nothing that could bring it on.
"""

import os
import random
from datetime import timedelta
from uuid import UUID

import pytest
from lxml import etree

from engine.errors import AlurError
from engine.expressions import EvaluationContext
from engine.spiff import Act, CannotMoveError, Session, acting, parse
from engine.spiff.counterparts import live_tasks, waits_at_an_edge
from engine.spiff.frontier import LIVE
from engine.spiff.language import element_id
from engine.spiff.merging import WRITTEN, arrivals
from tests.engine.spiff.diagrams import CONDITIONS, Generator
from tests.support.cases import START

WALKS = int(os.environ.get("ALUR_WALKS", "42"))
STEPS = 18
TWIN = "_t"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DATA = {"n": 1, "items": ["a", "b"], "box": {"list": [{"k": 1}], "sub": {"k": 0}}}


def base(name: str) -> str:
    return name.replace(TWIN, "")


class Player:
    """One case: its session, saved and loaded after each act, and its record."""

    def __init__(self, specs) -> None:
        self.first = self.specs = specs
        self.session = Session.new(specs, "case")
        self.saved, self.number, self.journal, self.digests = None, 0, [], []
        self.interrupted = False
        """An event ended a branch that some join may still wait for: then a case may stand still without any move."""

    def do(self, now, answers, command: str, *arguments) -> str:
        """The act's failure, or nothing; a refused one leaves the case as it was."""
        self.number += 1
        try:
            with acting(_act(self.number, now, answers)):
                getattr(self.session, command)(*arguments)
        except AlurError as error:
            self.number -= 1
            if self.saved is not None:
                self.session = Session.restored(self.specs, "case", self.saved)
            if isinstance(error, CannotMoveError):
                raise
            return base(f"{type(error).__name__}: {error}")
        if command == "migrate":
            self.specs = arguments[0]
        self.delta = self.session.delta()
        elements = self.specs.elements
        events = [
            elements[s.element_id] for s in self.delta.steps if s.state == "completed" and s.element_id in elements
        ]
        self.interrupted |= any(e.type == "boundaryEvent" and e.interrupting for e in events)
        self.journal.append((self.number, now, answers, command, *arguments))
        before = self.session.digest(fresh=True)
        self.saved = self.session.take_snapshot()
        self.session = Session.restored(self.specs, "case", self.saved)
        assert self.session.digest() == self.session.digest(fresh=True) == before
        self.digests.append(before)
        return ""

    def replayed(self) -> list[bytes]:
        session, found = Session.new(self.first, "case"), []
        for number, now, answers, command, *arguments in self.journal:
            with acting(_act(number, now, answers)):
                getattr(session, command)(*arguments)
            found.append(session.digest(fresh=True))
        return found

    def view(self) -> list:
        """What the case is, but for ids, stamps and the names of a twin."""
        workflow = self.session.workflow
        found = [_seen(task, task) for task in live_tasks(workflow)]
        found += [_seen(join, join.parent) for scope in workflow.scopes() for join in arrivals(scope)]
        return [sorted(found), workflow.completed, base(self.session.outcome or "")]

    def steps(self) -> list:
        return [(base(s.element_id), s.state, s.flows, s.index) for s in self.delta.steps]

    def choices(self) -> dict[tuple, str]:
        """What the case waits for: kind, element and which of several → token or event."""
        baseline, found = self.session._baseline, {}
        for kind, tokens in (
            ("complete", baseline.tasks),
            ("fire_timer", baseline.timers),
            ("report", baseline.services),
        ):
            for token in tokens:
                task = self.session.workflow.get_task_from_id(UUID(hex=token))
                name = base(element_id(task.task_spec))
                found[kind, name, sum(1 for k in found if k[:2] == (kind, name))] = token
        for wait in self.session.waits():
            found["event", wait.event, 0] = wait.event
        return found


def _act(number, now, answers):
    return Act("case", number, now, EvaluationContext(now), {}, lambda _call: answers)


def _seen(task, holder) -> str:
    internal = {k: v for k, v in task.internal_data.items() if k not in (WRITTEN, "merged")}
    return repr((base(task.task_spec.name), int(task._state), sorted(holder.data.items()), sorted(internal.items())))


class Walk:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        generator = Generator(seed, size=self.chance.choice((4, 8, 12)))
        process, called = generator.build()
        self.main, self.files = process.id, process.files(*called, decisions=generator.decisions)
        self.specs = parse(self.files, self.main)
        self.data = {**{name: self.chance.random() < 0.5 for name in CONDITIONS}, **DATA}
        self.now = START

    def parsed(self, document) -> object:
        return parse({**self.files, "process.bpmn": etree.tostring(document)}, self.main)

    @property
    def document(self):
        return etree.fromstring(self.files["process.bpmn"])

    def command(self, player: Player) -> tuple | None:
        choices = player.choices()
        if not choices:
            return None
        key = self.chance.choice(sorted(choices))
        if key[0] == "complete":
            data = {name: self.chance.random() < 0.5 for name in CONDITIONS if self.chance.random() < 0.7}
            return key, "complete", {**data, "n": self.chance.randrange(9)}
        if key[0] == "fire_timer":
            self.now = max(self.now, player.session._baseline.timers[choices[key]]) + timedelta(hours=1)
            return key, "fire_timer"
        if key[0] == "report":
            failed = self.chance.random() < 0.3
            return (key, "fail_service", "refused") if failed else (key, "report_service", {"n": 4})
        kind, name = key[1].split(":")
        return key, kind, name, {"k": self.chance.randrange(9)}

    def perform(self, player: Player, command: tuple, answers) -> str:
        key, name, *arguments = command
        token = player.choices()[key]
        return player.do(self.now, answers, name, *([] if key[0] == "event" else [token]), *arguments)


def twin_of(walk: Walk) -> tuple[object, dict[str, str]]:
    """The same diagram with every element under another id."""
    names = {name: name + TWIN for name in walk.specs.elements}
    document = walk.document
    for node in document.iter():
        for attribute in ("id", "sourceRef", "targetRef", "attachedToRef", "default"):
            if node.get(attribute) in names:
                node.set(attribute, names[node.get(attribute)])
    return walk.parsed(document), names


@pytest.mark.parametrize("batch", range(6))
def test_a_move_to_the_same_diagram_under_other_names_changes_nothing(batch):
    for seed in range(batch, WALKS, 6):
        walk = Walk(seed)
        twin, names = twin_of(walk)
        back = {after: before for before, after in names.items()}
        still, moved = Player(walk.specs), Player(walk.specs)
        if still.do(walk.now, {"n": 2}, "start", walk.data):
            continue
        moved.do(walk.now, {"n": 2}, "start", walk.data)
        for step in range(STEPS):
            there = moved.specs is walk.specs
            if walk.chance.random() < 0.6:
                assert moved.do(walk.now, None, "migrate", *((twin, names) if there else (walk.specs, back))) == ""
                assert moved.steps() == [], (seed, step)
            assert still.view() == moved.view(), (seed, step)
            command = walk.command(still)
            if command is None:
                break
            answers = walk.chance.choice(({"n": 4}, None))
            failures = [walk.perform(player, command, answers) for player in (still, moved)]
            assert failures[0] == failures[1], (seed, step)
            if not failures[0]:
                assert still.steps() == moved.steps(), (seed, step)
        assert moved.replayed() == moved.digests, seed


def changed(walk: Walk):
    """The same diagram with a task more on a flow, a task less, or both."""
    document, chance = walk.document, walk.chance
    flows = list(document.iter(f"{BPMN}sequenceFlow"))
    for number in range(chance.choice((1, 1, 2, 3))):
        flow = chance.choice(flows)
        source = document.xpath(f"//*[@id='{flow.get('sourceRef')}']")[0]
        if source.tag == f"{BPMN}eventBasedGateway":
            continue
        scope, ident = flow.getparent(), f"new{number}"
        after = etree.SubElement(scope, f"{BPMN}sequenceFlow", id=f"{ident}_flow", sourceRef=ident,
                                 targetRef=flow.get("targetRef"))  # fmt: skip
        task = etree.SubElement(scope, f"{BPMN}userTask", id=ident, name=ident)
        etree.SubElement(task, f"{BPMN}incoming").text = flow.get("id")
        etree.SubElement(task, f"{BPMN}outgoing").text = after.get("id")
        flow.set("targetRef", ident)
        flows.append(after)
    for task in chance.sample(list(document.iter(f"{BPMN}userTask")), 1) if chance.random() < 0.5 else []:
        _take_out(document, task)
    return walk.parsed(document)


def _take_out(document, task) -> None:
    into = [f for f in document.iter(f"{BPMN}sequenceFlow") if f.get("targetRef") == task.get("id")]
    out = [f for f in document.iter(f"{BPMN}sequenceFlow") if f.get("sourceRef") == task.get("id")]
    bounded = document.xpath(f"//*[@attachedToRef='{task.get('id')}']")
    if not into or len(out) != 1 or bounded or out[0].get("targetRef") == task.get("id"):
        return
    for flow in into:
        flow.set("targetRef", out[0].get("targetRef"))
    out[0].getparent().remove(out[0])
    task.getparent().remove(task)


@pytest.mark.parametrize("batch", range(6))
def test_a_move_to_another_diagram_is_refused_without_trace_or_the_case_goes_on(batch):
    moves = refusals = 0
    for seed in range(1000 + batch, 1000 + WALKS, 6):
        walk = Walk(seed)
        player = Player(walk.specs)
        if player.do(walk.now, {"n": 2}, "start", walk.data):
            continue
        for _ in range(STEPS):
            if walk.chance.random() < 0.3 and not player.session.completed:
                went = try_to_move(walk, player, seed)
                moves, refusals = moves + went, refusals + (not went)
            assert_goes_on(player, seed)
            command = walk.command(player)
            if command is None:
                break
            walk.perform(player, command, walk.chance.choice(({"n": 4}, None)))
        assert player.replayed() == player.digests, seed
    assert moves > refusals


def try_to_move(walk: Walk, player: Player, seed: int) -> bool:
    target, before = changed(walk), player.digests[-1]
    refused = player.session.obstacles(target, {})
    assert all(o.reason.id and o.reason.en for o in refused)
    if refused:
        with pytest.raises(CannotMoveError):
            player.do(walk.now, None, "migrate", target, {})
    else:
        player.do(walk.now, None, "migrate", target, {})
    assert not refused or player.session.digest(fresh=True) == before, seed
    return not refused


def assert_goes_on(player: Player, seed: int) -> None:
    """Something is open or waited for, besides what waits for others and what sits beside them."""
    workflow = player.session.workflow
    if player.interrupted:
        return
    live = [t for scope in workflow.scopes() for t in scope.tasks.values() if t._state & LIVE]
    working = [t for t in live if not waits_at_an_edge(t) and "join" not in type(t.task_spec).__name__.lower()]
    gateways = [t for t in working if type(t.task_spec).__name__ in ("ParallelGateway", "InclusiveGateway")]
    assert workflow.completed or len(working) > len(gateways), (seed, [t.task_spec.name for t in live])
