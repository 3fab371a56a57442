"""What happened in a case, event by event, in the reader's language and as far as the reader may know it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from flask_babel import gettext as _

from engine.definitions import LoadedVersion
from engine.history.kinds import Kind
from engine.privacy import Masking
from engine.story import Group, Limit, Story, Told
from web.cases.timeline import sentence as told_to_officers
from web.i18n import locale_code, moment, zone_name
from web.words.due import why
from web.words.names import element_name, in_locale


def group_texts() -> dict[Group, str]:
    """What the groups of events are called, in the order in which filters offer them."""
    return {
        Group.PERSON: _("Perbuatan orang"),
        Group.INTERVENTION: _("Campur tangan"),
        Group.TIME: _("Waktu"),
        Group.SYSTEM: _("Sistem"),
        Group.CONSEQUENCE: _("Akibat"),
    }


def outcome_text(limit: Limit) -> str:
    return {
        "open": _("masih berjalan"),
        "met": _("tepat waktu"),
        "late": _("terlambat"),
        "fired": _("waktunya tiba"),
        "cleared": _("tidak berlaku lagi"),
        "moved": _("digeser"),
    }.get(limit.outcome, limit.outcome)


_SAID = ("name", "outcome", "error_code", "code", "error", "incident", "from", "version")
"""The parts of an event's detail that its sentence may quote."""


class Narrator:
    """Tells one story to one reader. What is said often is worded once: a long case says the same a thousand times."""

    def __init__(self, story: Story, masking: Masking) -> None:
        self.story = story
        self.masking = masking
        self.zone = ZoneInfo(story.case.zone)
        self._zone_name = zone_name(story.case.zone)
        self._sentences: dict[Any, str] = {}
        self._moments: dict[datetime, str] = {}
        self._people: dict[str, str] = {}
        self._roles: dict[tuple[int, str], str] = {}

    def sentence(self, event: Told) -> str:
        """What happened."""
        version = self.version(event)
        said = tuple(str(event.detail.get(name)) for name in _SAID)
        key = (event.kind, event.element_id, event.version, event.index, said)
        if key not in self._sentences:
            self._sentences[key] = _sentence(event, version)
        return self._sentences[key]

    def version(self, event: Told) -> LoadedVersion:
        return self.story.phases[event.version].version

    def when(self, at: datetime) -> str:
        """Sel 2 Jun 2026 09.00.05 WIB: to the second, in the zone of the case."""
        if at not in self._moments:
            pattern = "EEE d MMM y HH.mm.ss" if locale_code() == "id" else "EEE d MMM y HH:mm:ss"
            local = format_datetime(at.astimezone(self.zone), pattern, locale=locale_code())
            self._moments[at] = f"{local} {self._zone_name}"
        return self._moments[at]

    def moment(self, at: datetime) -> str:
        return moment(at, self.story.case.zone)

    def person(self, user_id: str | None, office: str | None = None) -> str:
        """Somebody's name; from outside the office alone, by the first thing they did."""
        if user_id is None:
            return ""
        if user_id not in self._people:
            self._people[user_id] = self.masking.person(user_id, self.story.people.get(user_id), office)
        return self._people[user_id]

    def people(self) -> dict[str, str]:
        """All who take part, by id."""
        for event in self.story.events:
            if event.actor_id is not None:
                self.person(event.actor_id, self.lane(event))
        return {user_id: self.person(user_id) for user_id in self.story.people}

    def lane(self, event: Told) -> str:
        element = self.version(event).specs.elements.get(event.element_id or "")
        return "" if element is None else element.lane or ""

    def role(self, event: Told) -> str:
        """The role that the step asked for when it was done; where it asked for nobody's role, its lane."""
        if event.role is None:
            return self.lane(event) if event.kind.startswith("task:") else ""
        key = (event.version, event.role)
        if key not in self._roles:
            self._roles[key] = in_locale(self.version(event).manifest.role_title(event.role))
        return self._roles[key]

    def name(self, event: Told, element_id: str | None) -> str:
        return element_name(self.version(event), element_id)

    def reasoning(self, limit: Limit) -> str:
        """Why it was that instant, as the calendar of then gave it."""
        return " ".join(part.sentence for part in why(limit.explanation))

    def note(self, event: Told) -> str:
        return self.masking.free_text(event.reason)


def _sentence(event: Told, version: LoadedVersion) -> str:
    worded = _WORDS.get(event.kind)
    if worded is None:
        return told_to_officers(event, version)
    name = element_name(version, event.element_id)
    if event.kind == Kind.ELEMENT_CANCELLED and _only_might_happen(version, event.element_id):
        return _("%(name)s: tidak terjadi", name=name)
    text = worded(event, name)
    return text if event.index is None else _("%(text)s (ke-%(number)s)", text=text, number=_ordinal(event.index))


def _only_might_happen(version: LoadedVersion, element_id: str | None) -> bool:
    """An event at the edge of a step: that the step was done without it is no more than that."""
    element = version.specs.elements.get(element_id or "")
    return element is not None and element.attached_to is not None


def _ordinal(index: int | str) -> str:
    return str(index + 1) if isinstance(index, int) else index


def _answered(event: Told, name: str) -> str:
    code = event.detail.get("error")
    return _("%(name)s: ditolak sistem (%(code)s)", name=name, code=code) if code else _(
        "%(name)s: dijalankan sistem", name=name
    )  # fmt: skip


_WORDS: dict[str, Callable[[Told, str], str]] = {
    Kind.ELEMENT_COMPLETED: lambda _event, name: _("%(name)s: dilalui", name=name),
    Kind.ELEMENT_CANCELLED: lambda _event, name: _("%(name)s: ditinggalkan", name=name),
    Kind.TASK_MOVED: lambda _event, name: _("%(name)s: ikut pindah ke versi baru", name=name),
    Kind.DEADLINE_SET: lambda _event, name: _("%(name)s: tenggat ditetapkan", name=name),
    Kind.DEADLINE_CLEARED: lambda _event, name: _("%(name)s: tenggat tidak berlaku lagi", name=name),
    Kind.SERVICE_REQUESTED: lambda _event, name: _("%(name)s: diminta dari sistem", name=name),
    Kind.SERVICE_ANSWERED: _answered,
    Kind.MESSAGE_SENT: lambda event, _name: _("Pesan dikirim: %(name)s", name=event.detail.get("name", "")),
    Kind.SIGNAL_SENT: lambda event, _name: _("Sinyal dikirim: %(name)s", name=event.detail.get("name", "")),
    Kind.ESCALATION_RAISED: lambda event, _name: _("Eskalasi: %(name)s", name=event.detail.get("name", "")),
}
