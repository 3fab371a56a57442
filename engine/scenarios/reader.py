"""Reads scenario files into `Scenario`s. Everything wrong with a file is told at once, each with line and cure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from engine.scenarios.findings import FileFault, ScenarioFileError, problem
from engine.scenarios.model import (
    Action,
    Activate,
    AtOnce,
    Cancel,
    Companion,
    Complete,
    Entry,
    Expectation,
    Fact,
    Person,
    Pretend,
    Role,
    Scenario,
    Send,
    Start,
    Step,
    Then,
    Wait,
    When,
)
from engine.scenarios.words import ALIASES, PENDING, YES, read_instant, read_span
from engine.scenarios.yamltree import Mapping, Scalar, Sequence, Tree, read_tree

EXPECTATIONS = ("tasks", "stage", "outcome", "refused", "mails", "memberships", "deadlines", "data", "state")
ACTIONS = ("start", "task", "at", "after", "cancel", "activate", "message", "signal", "handler")
CIRCUMSTANCES = ("who", "fill", "case", "payload", "instansi", "called", "correlation", "answers", "fails", "really")
Fields = dict[str, tuple[Scalar, Tree]]


def read_scenarios(file: str, body: bytes) -> list[Scenario]:
    """All scenarios of a file. Raises ScenarioFileError with every fault."""
    tree = read_tree(file, body)
    reader = _Reader(file)
    scenarios = reader.file_of(tree)
    if reader.faults:
        raise ScenarioFileError(sorted(reader.faults, key=lambda f: f.line))
    return scenarios


@dataclass
class _Given:
    start: datetime | None = None
    people: tuple[Person, ...] = ()
    forms: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    companions: tuple[Companion, ...] = ()
    steps: tuple[Step, ...] = ()
    """What has happened before each scenario begins."""


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[FileFault] = []

    # --- the file ---------------------------------------------------------------------------------------------------

    def file_of(self, tree: Tree) -> list[Scenario]:
        fields = self.fields(tree, ("process", "with", "given", "scenarios", "title", "steps"))
        given = _Given(companions=self.companions(fields["with"][1]) if "with" in fields else ())
        given = self.given(fields["given"][1], given) if "given" in fields else given
        process = self.text(fields, "process")
        if "steps" in fields:
            return [self.scenario(tree, fields, given, process)]
        if "scenarios" not in fields:
            self.fault(tree, "no_scenarios")
            return []
        return [self._of_list(item, given, process) for item in self.items(fields["scenarios"][1])]

    def _of_list(self, tree: Tree, shared: _Given, process: str | None) -> Scenario:
        fields = self.fields(tree, ("title", "given", "steps"))
        given = self.given(fields["given"][1], shared) if "given" in fields else shared
        return self.scenario(tree, fields, given, process)

    def scenario(self, tree: Tree, fields: Fields, given: _Given, process: str | None) -> Scenario:
        title = self.text(fields, "title") or self.file
        if given.start is None:
            self.fault(tree, "no_start", title=title)
        steps = tuple(self.steps(fields["steps"][1], given)) if "steps" in fields else ()
        if not steps:
            self.fault(tree, "no_steps", title=title)
        steps = (*given.steps, *steps)
        start = given.start or datetime.max.replace(tzinfo=UTC)
        return Scenario(
            title, self.file, tree.line, start, given.people, steps, process, given.forms, given.facts, given.companions
        )

    # --- given ------------------------------------------------------------------------------------------------------

    def given(self, tree: Tree, shared: _Given) -> _Given:
        fields = self.fields(tree, ("at", "people", "forms", "facts", "with", "steps"))
        start = self.instant(fields["at"][1]) if "at" in fields else shared.start
        people = self.people(fields["people"][1]) if "people" in fields else ()
        own = {p.name for p in people}
        forms = dict(shared.forms)
        for key, value in self.entries(fields["forms"][1]) if "forms" in fields else ():
            forms[key.text] = self.filled(value, forms)
        people = (*(p for p in shared.people if p.name not in own), *people)
        facts = (*shared.facts, *(self.facts(fields["facts"][1]) if "facts" in fields else ()))
        companions = (*shared.companions, *(self.companions(fields["with"][1]) if "with" in fields else ()))
        given = _Given(start, people, forms, facts, companions, shared.steps)
        if "steps" in fields:
            given.steps = (*shared.steps, *self.steps(fields["steps"][1], given))
        return given

    def people(self, tree: Tree) -> tuple[Person, ...]:
        return tuple(
            Person(k.text, k.line, self.roles(v), self.is_pending(v), self.email(v)) for k, v in self.entries(tree)
        )

    def email(self, tree: Tree) -> str | None:
        """The address of the account, where a form is to name it."""
        about = {key.text: value for key, value in self.entries(tree)} if isinstance(tree, Mapping) else {}
        return next((self.scalar(about[word]).lower() for word in ALIASES["email"] if word in about), None)

    def is_pending(self, tree: Tree) -> bool:
        """Whose account still waits for its activation link to be used."""
        about = {key.text: value for key, value in self.entries(tree)} if isinstance(tree, Mapping) else {}
        return any(self.scalar(about[word]).lower() in PENDING for word in ALIASES["account"] if word in about)

    def roles(self, tree: Tree) -> tuple[Role, ...]:
        if isinstance(tree, Scalar) and not tree.text:
            return ()
        if isinstance(tree, Sequence):
            return tuple(role for item in tree for role in self.roles(item))
        fields = self.fields(tree, ("account", "email", "role", "instansi", "until"))
        role = self.text(fields, "role")
        if role is None:
            return ()
        until = self.day(fields["until"][1]) if "until" in fields else None
        return (Role(role, self.text(fields, "instansi"), until, tree.line),)

    def facts(self, tree: Tree) -> Iterable[Fact]:
        """A list of names, each with its fields; several of one kind stand one below the other."""
        for item in self.items(tree):
            if isinstance(item, Scalar):
                yield Fact(item.text.strip(), (), item.line)
                continue
            for key, value in self.entries(item):
                yield Fact(key.text, self.filled(value, {}), key.line)

    def companions(self, tree: Tree) -> tuple[Companion, ...]:
        items = tree.items if isinstance(tree, Sequence) else (tree,)
        return tuple(Companion(self.scalar(item), item.line) for item in items)

    # --- steps ------------------------------------------------------------------------------------------------------

    def steps(self, tree: Tree, given: _Given) -> Iterable[Step]:
        names = {p.name for p in given.people}
        for item in self.items(tree):
            fields = self.fields(item, ("when", "at_once", "then"))
            if "when" in fields:
                yield from self.when(fields["when"][1], given, names)
            if "at_once" in fields:
                tree = fields["at_once"][1]
                yield AtOnce(tuple(w for one in self.items(tree) for w in self.when(one, given, names)), tree.line)
            if "then" in fields:
                yield self.then(fields["then"][1])

    def when(self, tree: Tree, given: _Given, names: set[str]) -> Iterable[When]:
        fields = self.fields(tree, (*ACTIONS, *CIRCUMSTANCES, "refused"))
        chosen = [a for a in ACTIONS if a in fields]
        if len(chosen) != 1:
            self.fault(tree, "one_action")
            return
        action = self.action(chosen[0], fields, given, names, tree)
        if action is not None:
            refused = Expectation("refused", fields["refused"][1], tree.line) if "refused" in fields else None
            yield When(action, tree.line, self.text(fields, "case"), refused)

    def action(self, kind: str, fields: Fields, given: _Given, names: set[str], tree: Tree) -> Action | None:
        value = fields[kind][1]
        if kind == "at":
            instant = self.instant(value)
            return Wait(until=instant) if instant else None
        if kind == "after":
            return self.span(value)
        if kind in ("message", "signal"):
            return Send(kind, self.scalar(value), self.payload(fields), self.text(fields, "correlation"))
        if kind == "handler":
            return self.pretend(fields, tree)
        who = self.somebody(fields, names, tree)
        return self.deed(kind, who, fields, given) if who else None

    def deed(self, kind: str, who: str, fields: Fields, given: _Given) -> Action:
        """What a person does."""
        if kind == "start":
            named = self.scalar(fields[kind][1])
            process = None if named.lower() in YES else named
            about = (self.text(fields, "instansi"), self.payload(fields), self.text(fields, "called"))
            return Start(who, process, *about)
        if kind == "cancel":
            return Cancel(who, self.scalar(fields[kind][1]))
        if kind == "activate":
            return Activate(who)
        fill = self.filled(fields["fill"][1], given.forms) if "fill" in fields else ()
        return Complete(who, self.scalar(fields[kind][1]), fill)

    def pretend(self, fields: Fields, tree: Tree) -> Pretend | None:
        """How a handler answers from now on: exactly one of the three is said."""
        name, error = self.scalar(fields["handler"][1]), self.text(fields, "fails")
        if sum(word in fields for word in ("answers", "fails", "really")) != 1:
            self.fault(tree, "one_answer")
            return None
        outputs = self.filled(fields["answers"][1], {}) if "answers" in fields else ()
        return Pretend(name, outputs, error, really="really" in fields)

    def somebody(self, fields: Fields, names: set[str], tree: Tree) -> str | None:
        who = self.text(fields, "who")
        if who in names:
            return who
        known = ", ".join(sorted(names)) or "–"
        self.fault(fields["who"][1] if "who" in fields else tree, "nobody", who=who or "", known=known)
        return None

    def then(self, tree: Tree) -> Then:
        fields = self.fields(tree, (*EXPECTATIONS, "case"))
        found = tuple(Expectation(k, fields[k][1], fields[k][0].line) for k in EXPECTATIONS if k in fields)
        if not found:
            self.fault(tree, "no_expectation", known=_shown(EXPECTATIONS))
        return Then(found, tree.line, self.text(fields, "case"))

    def payload(self, fields: Fields) -> tuple[Entry, ...]:
        return self.filled(fields["payload"][1], {}) if "payload" in fields else ()

    # --- parts ------------------------------------------------------------------------------------------------------

    def filled(self, tree: Tree, forms: dict[str, tuple[Entry, ...]]) -> tuple[Entry, ...]:
        """Fields by name; the name of an earlier `forms:` entry alone, or `like:` it with changes, takes its fields."""
        if isinstance(tree, Scalar) and not tree.text:
            return ()
        if isinstance(tree, Scalar):
            return self._example(tree, forms)
        entries: dict[str, Entry] = {}
        for key, value in self.entries(tree):
            if key.text in ALIASES["based_on"] and isinstance(value, Scalar):
                entries |= {e.name: e for e in self._example(value, forms)}
            else:
                entries[key.text] = Entry(key.text, value, key.line)
        return tuple(entries.values())

    def _example(self, tree: Scalar, forms: dict[str, tuple[Entry, ...]]) -> tuple[Entry, ...]:
        if tree.text not in forms:
            known = ", ".join(f"“{name}”" for name in forms) or "–"
            self.fault(tree, "no_such_form", name=tree.text, known=known)
        return forms.get(tree.text, ())

    def instant(self, tree: Tree) -> datetime | None:
        instant = read_instant(self.scalar(tree))
        if instant is None:
            self.fault(tree, "bad_instant", shown=_typed(tree))
        return instant

    def span(self, tree: Tree) -> Wait | None:
        span = read_span(self.scalar(tree))
        if span is None:
            self.fault(tree, "bad_span", shown=_typed(tree))
            return None
        return Wait(span=span)

    def day(self, tree: Tree) -> date | None:
        try:
            return date.fromisoformat(self.scalar(tree))
        except ValueError:
            self.fault(tree, "bad_date", shown=_typed(tree))
            return None

    def text(self, fields: Fields, name: str) -> str | None:
        return self.scalar(fields[name][1]) or None if name in fields else None

    def scalar(self, tree: Tree) -> str:
        if isinstance(tree, Scalar):
            return tree.text.strip()
        self.fault(tree, "not_a_text")
        return ""

    def items(self, tree: Tree) -> tuple[Tree, ...]:
        if isinstance(tree, Sequence):
            return tree.items
        self.fault(tree, "not_a_list")
        return ()

    def entries(self, tree: Tree) -> tuple[tuple[Scalar, Tree], ...]:
        if isinstance(tree, Mapping):
            return tree.entries
        if not (isinstance(tree, Scalar) and not tree.text):
            self.fault(tree, "not_a_record")
        return ()

    def fields(self, tree: Tree, allowed: tuple[str, ...]) -> Fields:
        """The entries by the program's word; a word that has no meaning here is a fault."""
        found: Fields = {}
        words = {alias: name for name in allowed for alias in ALIASES[name]}
        for key, value in self.entries(tree):
            name = words.get(key.text)
            if name is None:
                self.fault(key, "unknown_word", word=key.text, known=_shown(allowed))
            else:
                found[name] = (key, value)
        return found

    def fault(self, tree: Tree, code: str, **values: str) -> None:
        self.faults.append(problem(self.file, tree.line, code, **values))


def _typed(tree: Tree) -> str:
    return tree.text if isinstance(tree, Scalar) else "…"


def _shown(names: Iterable[str]) -> str:
    return ", ".join(ALIASES[name][0] for name in names)
