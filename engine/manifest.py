"""`process.toml`: what a process is called, who owns it, who may start it, which role each lane is, its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from engine.texts import Text

FILE = "process.toml"
BY_INSTANSI = "instansi"
SIGNED_IN: Final = "signed_in"
COMPLETER = "completer:"


@dataclass(frozen=True)
class Lane:
    """Who does the tasks of a lane: the starter, the system, or holders of a role.

    `exclude` names who may not, even with the role: "starter", or "completer:<element id>" (four eyes).
    """

    name: str
    assign: Literal["starter", "system"] | None = None
    role: str | None = None
    scope: Literal["instansi", "any"] = "instansi"
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True)
class Parameter:
    """A value an owner may change without touching the diagram; expressions read it as `parameters.<name>`."""

    name: str
    value: Any
    title: Text


@dataclass(frozen=True)
class Start:
    """Who may start a case: everybody signed in, or holders of one of the roles."""

    who: Literal["signed_in"] | tuple[str, ...] = SIGNED_IN
    label: Text = field(default_factory=Text)
    after_close: bool = False
    """Also in a programme that is closed: what an office still owes to those who took part in it."""


@dataclass(frozen=True)
class CaseRules:
    """Expressions over the case's data: its one-line title, the id of its instansi, its business key.

    `starter` names the account that a case belongs to which nobody started (the system did, by a message).
    """

    title: str | None = None
    instansi: str | None = None
    business_key: str | None = None
    starter: str | None = None


@dataclass(frozen=True)
class Retention:
    """How long a finished case is kept, and what becomes of it then."""

    active_years: int
    inactive_years: int
    final: Literal["destroyed", "permanent", "reviewed"]


@dataclass(frozen=True)
class Manifest:
    """A package's `process.toml`, checked and frozen."""

    key: str
    title: Text
    owner: str
    main: str
    description: Text = field(default_factory=Text)
    legal_basis: tuple[str, ...] = ()
    flow: str | None = None
    """The flow it belongs to: its cases are started inside a programme of that flow, and only there."""
    zone: str = BY_INSTANSI
    """An IANA zone, or "instansi": the zone of the case's instansi."""
    start: Start = field(default_factory=Start)
    case: CaseRules = field(default_factory=CaseRules)
    lanes: Mapping[str, Lane] = field(default_factory=lambda: MappingProxyType({}))
    """By the lane's name, as the diagram shows it."""
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: MappingProxyType({}))
    roles: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))
    retention: Retention | None = None
    uses: tuple[str, ...] = ()
    """Shared folders beside this one: their diagrams and mails are part of the package."""
    shared: bool = False
    """It only lends to others: never deployed alone, no case of its own outside of its scenarios."""

    def parameter_values(self) -> dict[str, Any]:
        """What expressions see as `parameters`."""
        return {name: parameter.value for name, parameter in self.parameters.items()}

    def role_title(self, role: str) -> Text:
        return self.roles.get(role) or Text(role, role)

    def to_json(self) -> dict[str, Any]:
        """A summary for lists and exports; the file itself is what counts."""
        return {
            "key": self.key,
            "title": self.title.to_json(),
            "owner": self.owner,
            "main": self.main,
            "description": self.description.to_json(),
            "legal_basis": list(self.legal_basis),
            "flow": self.flow,
            "zone": self.zone,
            "start": {"who": self.start.who if self.start.who == SIGNED_IN else list(self.start.who),
                      "label": self.start.label.to_json()},
            "lanes": {lane.name: {"assign": lane.assign, "role": lane.role, "scope": lane.scope,
                                  "exclude": list(lane.exclude)} for lane in self.lanes.values()},
            "parameters": {p.name: {"value": _shown(p.value), "title": p.title.to_json()}
                           for p in self.parameters.values()},
            "roles": {key: title.to_json() for key, title in self.roles.items()},
        }  # fmt: skip


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _shown(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_shown(v) for v in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)
