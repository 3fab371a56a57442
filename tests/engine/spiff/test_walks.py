"""Random walks: the live frontier, saved and loaded between all acts, and the stock serializer on the whole tree."""

import os
import random
from datetime import timedelta

import pytest

from engine.errors import AlurError
from engine.expressions import EvaluationContext
from engine.registry import BusinessError
from engine.spiff import Act, Session, acting, parse
from engine.spiff.changes import baseline_of
from tests.engine.spiff.diagrams import CONDITIONS, Generator
from tests.engine.spiff.reference import ReferenceSession, view
from tests.support.cases import START

WALKS = int(os.environ.get("ALUR_WALKS", "120"))
STEPS = 24

EXCEPTIONS: dict[int, str] = {}
"""Seeds whose walk differs, each with the fault of the stock engine that is the reason."""


class Walk:
    """One diagram, one series of acts, done on both sides."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        generator = Generator(seed, size=self.chance.choice((4, 8, 14)))
        process, called = generator.build()
        self.files = process.files(*called, decisions=generator.decisions)
        self.specs = parse(self.files, process.id)
        self.ours = Session.new(self.specs, "case")
        self.stock = ReferenceSession(self.specs, "case")
        self.now, self.number = START, 0
        self.saved = None
        self.refused = 0
        self.seen: set[str] = set()

    def run(self) -> None:
        data = {name: self.chance.random() < 0.5 for name in CONDITIONS}
        data |= {"n": 1, "items": ["a", "b"], "box": {"list": [{"k": 1}], "sub": {"k": 0}}}
        if not self._both("start", data):
            return
        for _ in range(STEPS):
            command = self._choose()
            if command is None or not self._both(*command):
                return

    def _both(self, command: str, *arguments) -> bool:
        """The same act on both sides. An act refused by both, for the same reason, leaves both as they were.

        False when the case could not even be started.
        """
        self.number += 1
        answers = self.chance.choice(({"n": self.number}, None, BusinessError("refused")))
        failures = []
        for session in (self.ours, self.stock):
            try:
                with self._acting(answers):
                    getattr(session, command)(*arguments)
            except AlurError as error:
                failures.append(f"{type(error).__name__}: {error}")
            else:
                failures.append("")
        assert failures[0] == failures[1]
        if failures[0]:
            return self._go_back()
        mine, theirs = self.ours.delta(), self.stock.delta()
        assert mine == theirs
        self.seen.update(step.type for step in mine.steps)
        self._save_and_load()
        assert view(self.ours) == view(self.stock)
        return True

    def _go_back(self) -> bool:
        if self.saved is None:
            return False
        self.refused += 1
        self.ours = Session.restored(self.specs, "case", self.saved)
        with self._acting(None):
            self.stock.load()
        return True

    def _save_and_load(self) -> None:
        snapshot = self.ours.take_snapshot()
        before = self.ours.digest(fresh=True)
        self.saved = snapshot
        self.ours = Session.restored(self.specs, "case", snapshot)
        self.ours.prune_every = self.chance.choice((1, 2, 100))
        assert self.ours.digest() == self.ours.digest(fresh=True) == before
        with self._acting(None):
            self.stock.save()
            self.stock.load()

    def _acting(self, answers):
        def services(call):
            if isinstance(answers, BusinessError):
                raise answers
            return answers

        return acting(Act("case", self.number, self.now, EvaluationContext(self.now), {}, services))

    def _choose(self):
        """Something that this case waits for."""
        baseline = baseline_of(self.ours.workflow)
        chosen = [("complete", ident) for ident in baseline.tasks] * 3
        chosen += [("fire_timer", ident) for ident in baseline.timers]
        chosen += [("report", ident) for ident in baseline.services] * 2
        chosen += [tuple(wait.event.split(":")) for wait in self.ours.waits()]
        if not chosen:
            return None
        kind, what = self.chance.choice(sorted(chosen))
        if kind == "complete":
            return kind, what, self._data()
        if kind == "fire_timer":
            self.now = max(self.now, baseline.timers[what]) + timedelta(hours=self.chance.choice((0, 0, 7)))
            return kind, what
        if kind == "report":
            failed = self.chance.random() < 0.3
            return ("fail_service", what, "refused") if failed else ("report_service", what, {"n": 4})
        return kind, what, {"k": self.chance.randrange(9)}

    def _data(self) -> dict:
        names = {name: self.chance.random() < 0.5 for name in CONDITIONS if self.chance.random() < 0.7}
        if self.chance.random() < 0.4:
            names[self.chance.choice("ab")] = {"text": "x" * self.chance.randrange(40), "list": [{"q": self.number}]}
        if self.chance.random() < 0.3:
            names["n"] = self.chance.randrange(2, 9)
        return names


@pytest.mark.parametrize("batch", range(10))
def test_both_reach_the_same_states(batch):
    seen = set()
    for seed in range(batch, WALKS, 10):
        if seed in EXCEPTIONS:
            continue
        walk = Walk(seed)
        walk.run()
        seen |= walk.seen
    assert {"userTask", "startEvent"} <= seen
