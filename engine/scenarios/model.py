"""A scenario once read: who there is, what happens, and what must be seen. Frozen; lines lead back to the file."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from engine.scenarios.yamltree import Tree


@dataclass(frozen=True)
class Person:
    """Somebody in the story. Without a role: an applicant."""

    name: str
    line: int
    roles: tuple["Role", ...] = ()
    pending: bool = False
    """The account is not activated yet."""
    email: str | None = None
    """Where a form asks for the account's address; one is made up otherwise."""


@dataclass(frozen=True)
class Role:
    """A role held from the start of the story."""

    role: str
    instansi: str | None
    until: date | None
    line: int


@dataclass(frozen=True)
class Entry:
    """One filled-in field: its key or label, and what is typed."""

    name: str
    value: Tree
    line: int


@dataclass(frozen=True)
class Fact:
    """Something that is so from the beginning, made by the provider of its name."""

    name: str
    fields: tuple[Entry, ...]
    line: int


@dataclass(frozen=True)
class Companion:
    """Another package of the same folder, deployed too."""

    name: str
    line: int


@dataclass(frozen=True)
class Start:
    """Somebody starts a case: of this package, or of another one that is named."""

    who: str
    process: str | None = None
    instansi: str | None = None
    data: tuple[Entry, ...] = ()
    called: str | None = None
    """The name that later steps know the case by, beside its starter's."""


@dataclass(frozen=True)
class Complete:
    """Somebody completes a task with a form."""

    who: str
    task: str
    fill: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Wait:
    """Time passes: until an instant, or for a span."""

    until: datetime | None = None
    span: timedelta | None = None


@dataclass(frozen=True)
class Cancel:
    """Somebody withdraws the case."""

    who: str
    reason: str


@dataclass(frozen=True)
class Activate:
    """Somebody uses the one-time link in their activation mail."""

    who: str


@dataclass(frozen=True)
class Send:
    """A message or signal arrives."""

    kind: str
    """message | signal"""
    name: str
    payload: tuple[Entry, ...] = ()
    correlation: str | None = None
    """A person's name stands for the id of their account."""


@dataclass(frozen=True)
class Pretend:
    """From now on a handler answers so, or refuses with this code; with neither, it does its own work again."""

    handler: str
    outputs: tuple[Entry, ...] = ()
    error: str | None = None
    really: bool = False


Action = Start | Complete | Wait | Cancel | Activate | Send | Pretend


@dataclass(frozen=True)
class When:
    """One thing that happens. `case`: the starter whose case is meant; None: the case of the step before."""

    action: Action
    line: int
    case: str | None = None
    refused: "Expectation | None" = None
    """Of a step among others at once: that it is refused."""


@dataclass(frozen=True)
class AtOnce:
    """Several people act on what they all see now; it reaches the engine in the order written."""

    steps: tuple[When, ...]
    line: int


@dataclass(frozen=True)
class Expectation:
    """One thing that must be seen: `kind` is a key of `expectations.CHECKS`."""

    kind: str
    value: Tree
    line: int


@dataclass(frozen=True)
class Then:
    """What must be seen now."""

    expectations: tuple[Expectation, ...]
    line: int
    case: str | None = None

    @property
    def refusal(self) -> Expectation | None:
        """The expectation that the step before is refused, if there is one."""
        return next((e for e in self.expectations if e.kind == "refused"), None)


Step = When | Then | AtOnce


@dataclass(frozen=True)
class Scenario:
    """One story of one process."""

    title: str
    file: str
    line: int
    start: datetime
    people: tuple[Person, ...]
    steps: tuple[Step, ...]
    process: str | None = None
    forms: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    companions: tuple[Companion, ...] = ()
