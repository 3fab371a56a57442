"""Diagrams for the random walks: nested at random out of every element that Alur supports."""

import random
from itertools import count, pairwise

from tests.support.bpmn import (
    Process,
    after,
    at,
    condition,
    decision,
    error,
    escalation,
    every,
    loop,
    message,
    multi,
    signal,
    terminate,
)

CONDITIONS = ("p", "q", "r")
"""Names the walker fills with True or False."""

_PAYLOAD = "{'n': n}"


class Generator:
    """One process made of nested blocks; each block has one entry and one exit, so that every diagram can end."""

    def __init__(self, seed: int, size: int = 9) -> None:
        self.chance = random.Random(seed)
        self.numbers = count(1)
        self.left = size
        self.called: list[Process] = []
        self.process = Process("main")
        self.decisions = [decision("dec", ["n"], ["level"], [(["< 3"], ["'low'"]), ([">= 3"], ["'high'"])])]

    def build(self) -> tuple[Process, list[Process]]:
        self._fill(self.process, depth=0)
        if self.chance.random() < 0.4:
            self._event_subprocess(self.process)
        return self.process, self.called

    # inside ----------------------------------------------------------------------------------------------------------

    def _name(self, prefix: str) -> str:
        return f"{prefix}{next(self.numbers)}"

    def _condition(self) -> str:
        return self.chance.choice(CONDITIONS) + " == True"

    def _fill(self, scope: Process, depth: int) -> None:
        """start → blocks → end."""
        start, end = scope.start(self._name("start")), scope.end(self._name("end"))
        first, last = self._sequence(scope, depth)
        scope.flow(start, first), scope.flow(last, end)

    def _sequence(self, scope: Process, depth: int) -> tuple[str, str]:
        blocks = [self._block(scope, depth) for _ in range(self.chance.choice((1, 2, 2, 3)))]
        for (_, before), (after_, _) in pairwise(blocks):
            scope.flow(before, after_)
        return blocks[0][0], blocks[-1][1]

    def _block(self, scope: Process, depth: int) -> tuple[str, str]:
        self.left -= 1
        simple = (self._user, self._user, self._user, self._script, self._service, self._rule, self._catch, self._throw)
        nested = (
            self._exclusive,
            self._parallel,
            self._parallel,
            self._inclusive,
            self._loop,
            self._subprocess,
            self._call,
            self._multi,
            self._bounded,
            self._bounded,
            self._event_gateway,
            self._standard_loop,
        )
        deep = depth < 4 and self.left > 0 and self.chance.random() < 0.75
        return self.chance.choice(nested if deep else simple)(scope, depth)

    def _one(self, name: str) -> tuple[str, str]:
        return name, name

    def _user(self, scope, _depth):
        kind = self.chance.choice((scope.user, scope.user, scope.manual))
        return self._one(kind(self._name("u")))

    def _script(self, scope, _depth):
        code = self.chance.choice(
            ("n = n + 1", "box.list = [n, n]", "box.sub.k = n", "if p:\n    n = 0\nelse:\n    n = 5")
        )
        return self._one(scope.script(self._name("s"), code))

    def _service(self, scope, _depth):
        return self._one(scope.service(self._name("svc"), "handler", {"n": "n"}, self.chance.choice((None, "out"))))

    def _rule(self, scope, _depth):
        return self._one(scope.rule(self._name("rule"), "dec"))

    def _event(self):
        return self.chance.choice(
            (
                message("M1", payload=_PAYLOAD, variable="m"),
                message("M2", payload=_PAYLOAD, variable="m2"),
                signal("S1", payload=_PAYLOAD, variable="s"),
            )
        )

    def _waiting(self):
        """What a token or an activity can wait for."""
        return self.chance.choice(
            (self._event(), after('"PT1H"'), at("now() + hours(2)"), condition(self._condition()))
        )

    def _catch(self, scope, _depth):
        if self.chance.random() < 0.3:
            return self._one(scope.receive(self._name("rcv"), message("M1", payload=_PAYLOAD, variable="m")))
        return self._one(scope.catch(self._name("c"), self._waiting()))

    def _throw(self, scope, _depth):
        if self.chance.random() < 0.3:
            return self._one(scope.send(self._name("snd"), message("M2", payload=_PAYLOAD, variable="m2")))
        return self._one(
            scope.throw(self._name("t"), self.chance.choice((self._event(), escalation("X1"), escalation("X2"))))
        )

    def _exclusive(self, scope, depth):
        return self._split(scope, depth, scope.exclusive, conditional=True)

    def _inclusive(self, scope, depth):
        return self._split(scope, depth, scope.inclusive, conditional=True)

    def _parallel(self, scope, depth):
        return self._split(scope, depth, scope.parallel, conditional=False)

    def _split(self, scope, depth, gateway, *, conditional):
        split, join = gateway(self._name("g")), gateway(self._name("j"))
        branches = [self._sequence(scope, depth + 1) for _ in range(self.chance.choice((2, 2, 3)))]
        for number, (first, last) in enumerate(branches):
            is_default = conditional and number == len(branches) - 1
            scope.flow(split, first, self._condition() if conditional and not is_default else None, default=is_default)
            scope.flow(last, join)
        if conditional:
            onward = scope.script(self._name("s"), "n = n + 1")
            scope.flow(join, onward, default=True)
            return split, onward
        return split, join

    def _loop(self, scope, depth):
        merge, again = scope.exclusive(self._name("m")), scope.exclusive(self._name("x"))
        first, last = self._sequence(scope, depth + 1)
        onward, back = scope.user(self._name("u")), scope.user(self._name("u"))
        scope.flow(merge, first, default=True), scope.flow(last, again)
        scope.flow(again, back, self._condition()), scope.flow(again, onward, default=True), scope.flow(back, merge)
        return merge, onward

    def _inner(self, depth: int, repeat: str = "") -> Process:
        inner = Process(self._name("sub"))
        self._fill(inner, depth + 1)
        if not repeat and self.chance.random() < 0.3:
            self._event_subprocess(inner)
        return inner

    def _subprocess(self, scope, depth):
        return self._one(scope.add(self._inner(depth)))

    def _call(self, scope, depth):
        called = self._inner(depth)
        self.called.append(called)
        return self._one(scope.call(self._name("call"), called.id))

    def _repeat(self) -> str:
        sequential = self.chance.random() < 0.5
        return self.chance.choice(
            (
                multi(cardinality=3, sequential=sequential),
                multi(collection="items", item="item", sequential=sequential),
                multi(collection="items", item="item", results="results", result="n", sequential=sequential)
                if False
                else multi(cardinality=2, until=self._condition(), sequential=sequential),
            )
        )

    def _multi(self, scope, depth):
        repeat = self._repeat()
        if self.chance.random() < 0.5:
            return self._one(scope.user(self._name("mu"), repeat=repeat))
        return self._one(scope.add(self._inner(depth, repeat), repeat=repeat))

    def _standard_loop(self, scope, depth):
        repeat = self.chance.choice(
            (loop(self._condition(), maximum=3), loop(maximum=2), loop(self._condition(), maximum=3, test_before=True))
        )
        if self.chance.random() < 0.5:
            return self._one(scope.user(self._name("lu"), repeat=repeat))
        return self._one(scope.add(self._inner(depth, repeat), repeat=repeat))

    def _bounded(self, scope, depth):
        """An activity with events on it, whose paths end by themselves or come back."""
        kind = self.chance.randrange(4)
        if kind == 0:
            activity = scope.user(self._name("bu"))
        elif kind == 1:
            activity = scope.service(self._name("bs"), "handler", {}, "out")
        elif kind == 2:
            activity = scope.user(self._name("bm"), repeat=multi(cardinality=2))
        else:
            activity = scope.add(self._throwing(depth))
        merge = scope.exclusive(self._name("m"))
        onward = scope.user(self._name("u"))
        scope.flow(activity, merge), scope.flow(merge, onward, default=True)
        events = [self._waiting(), every('"R3/PT1H"')]
        if kind == 1:
            events = [error("refused"), error(None), *events]
        if kind == 3:
            events = [error("E1"), error(None), escalation("X1"), escalation(None), *events]
        for _ in range(self.chance.choice((1, 1, 2))):
            event = self.chance.choice(events)
            is_error = event.xml.startswith("<bpmn:error")
            is_cycle = "timeCycle" in event.xml
            interrupting = is_error or (not is_cycle and self.chance.random() < 0.5)
            boundary = scope.boundary(self._name("b"), activity, event, interrupting=interrupting)
            handler = scope.user(self._name("h"))
            scope.flow(boundary, handler)
            if interrupting and self.chance.random() < 0.5:
                scope.flow(handler, merge)
            else:
                scope.flow(handler, scope.end(self._name("end")))
        return activity, onward

    def _throwing(self, depth: int) -> Process:
        """A sub-process that may end in an error, an escalation or a termination."""
        inner = Process(self._name("sub"))
        start, end = inner.start(self._name("start")), inner.end(self._name("end"))
        first, last = self._sequence(inner, depth + 2)
        choice = inner.exclusive(self._name("x"))
        bad = inner.end(
            self._name("bad"), self.chance.choice((error("E1"), error("E2"), escalation("X1"), terminate()))
        )
        inner.flow(start, first), inner.flow(last, choice), inner.flow(choice, bad, self._condition())
        inner.flow(choice, end, default=True)
        return inner

    def _event_gateway(self, scope, depth):
        gateway, merge = scope.event_gateway(self._name("eg")), scope.exclusive(self._name("m"))
        for event in (
            message("M1", payload=_PAYLOAD, variable="m"),
            signal("S1", payload=_PAYLOAD, variable="s"),
            after('"PT5H"'),
        )[: self.chance.choice((2, 3))]:
            caught = scope.catch(self._name("c"), event)
            task = scope.user(self._name("u"))
            scope.flow(gateway, caught), scope.flow(caught, task), scope.flow(task, merge)
        onward = scope.user(self._name("u"))
        scope.flow(merge, onward, default=True)
        return gateway, onward

    def _event_subprocess(self, scope: Process) -> None:
        inner = Process(self._name("es"))
        event = self.chance.choice(
            (self._event(), after('"PT3H"'), condition(self._condition()), escalation("X2"), error("E2"))
        )
        interrupting = event.xml.startswith("<bpmn:error") or self.chance.random() < 0.5
        start = inner.start(self._name("es_start"), event, attributes={"isInterrupting": str(interrupting).lower()})
        task, end = inner.user(self._name("eu")), inner.end(self._name("end"))
        inner.chain(start, task, end)
        scope.add(inner, event=True)
