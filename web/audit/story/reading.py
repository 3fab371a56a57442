"""The story as an ordered text: the same as the player shows, for a screen reader, for paper, and without scripts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from flask import url_for
from flask_babel import gettext as _

from engine.story import Measure, Paper, Retold, Story, Told
from web.audit.story.data import Changed, DataWords
from web.audit.story.present import field_label, working_length
from web.audit.story.words import Narrator, group_texts, outcome_text
from web.words.names import element_name
from web.words.spans import working_text

SIZE = 200
"""Events on a page."""


@dataclass(frozen=True)
class Filters:
    """What the address of the text asks for."""

    groups: frozenset[str]
    page: int = 1

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, str]) -> "Filters":
        known = {str(group) for group in group_texts()}
        chosen = frozenset(getattr(arguments, "getlist", lambda _name: [])("jenis")) & known
        page = arguments.get("hal", "1")
        return cls(chosen or frozenset(known), max(int(page), 1) if page.isdigit() and len(page) < 8 else 1)

    @property
    def narrowed(self) -> bool:
        return len(self.groups) < len(group_texts())

    def shown(self, event: Told) -> bool:
        return str(event.group) in self.groups


@dataclass(frozen=True)
class File:
    """A document that an event brought."""

    label: str
    name: str
    digest: str
    letter: str
    url: str | None


@dataclass(frozen=True)
class Line:
    """One event in words."""

    n: int
    group: str
    text: str
    element: str
    who: str = ""
    role: str = ""
    office: str = ""
    to: str = ""
    note: str = ""
    place: str = ""
    """The sub-processes around it."""
    moves: str = ""
    deadlines: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    cases: tuple[tuple[str, str], ...] = ()
    """Number and address of the cases at the other end."""


@dataclass
class Act:
    """One act with what followed from it."""

    number: int
    when: str
    lines: list[Line]
    version: int | None = None
    """The number of the version, where it is another than that of the act before."""
    changes: list[Changed] = field(default_factory=list)
    data_known: bool = True


@dataclass(frozen=True)
class Text:
    """A page of the text."""

    acts: list[Act]
    total: int
    page: int
    pages: int


def page_of(story: Story, filters: Filters) -> tuple[list[Told], Text]:
    """The events of a page, and the page without them."""
    chosen = [event for event in story.events if filters.shown(event)]
    pages = max(1, -(-len(chosen) // SIZE))
    page = min(filters.page, pages)
    return chosen[(page - 1) * SIZE : page * SIZE], Text([], len(chosen), page, pages)


def acts_of(events: Iterable[Told], narrator: Narrator, words: DataWords, told: Mapping[int, Retold]) -> Iterator[Act]:
    """The acts that these events belong to. `told`: what is known of their data."""
    before: int | None = None
    for number, group in groupby(events, key=lambda event: event.act):
        found = list(group)
        first = found[0]
        act = Act(number, narrator.when(first.at), [_line(event, narrator) for event in found])
        if first.version != before:
            act.version, before = narrator.version(first).number, first.version
        if first.begins:
            act.data_known = number in told
            act.changes = words.of(told[number]) if number in told else []
        yield act


def _line(event: Told, narrator: Narrator) -> Line:
    to = event.detail.get("to")
    return Line(
        n=event.n,
        group=group_texts()[event.group],
        text=narrator.sentence(event),
        element=event.element_id or "",
        who=narrator.person(event.actor_id, narrator.lane(event)) if event.begins else "",
        role=narrator.role(event),
        office=narrator.story.offices.get(event.office or "", ""),
        to=narrator.person(to) if to else "",
        note=narrator.note(event),
        place=" › ".join(narrator.name(event, scope.element_id) for scope in event.scopes),
        moves=_moves(event, narrator),
        deadlines=tuple(_deadline(event, found, narrator) for found in event.limits),
        files=tuple(_file(narrator, narrator.story.papers[number]) for number in event.papers),
        cases=tuple((c.number, url_for("audit.case", number=c.number)) for c in event.crossings),
    )


def _moves(event: Told, narrator: Narrator) -> str:
    """Where tokens went from here."""
    if not event.entered:
        return ""
    return ", ".join(dict.fromkeys(narrator.name(event, element) for element in event.entered))


def _deadline(event: Told, found: Measure, narrator: Narrator) -> str:
    limit = narrator.story.limits[found.limit]
    name = element_name(narrator.story.version_at(limit.since_n), limit.element_id)
    due = narrator.moment(limit.at)
    if limit.since_n == event.n:
        length = working_text(working_length(narrator.story, limit))
        told = _("%(name)s: sampai %(due)s (%(length)s)", name=name, due=due, length=length)
        reasoning = narrator.masking.text(narrator.reasoning(limit))
        return f"{told}. {reasoning}" if reasoning else told
    used = _("terpakai %(used)s", used=working_text(found.used))
    left = "" if found.left is None else (
        _("lewat %(time)s", time=working_text(found.left)) if found.left.total_seconds() < 0
        else _("sisa %(time)s", time=working_text(found.left))
    )  # fmt: skip
    outcome = outcome_text(limit) if limit.until_n == event.n else _("masih berjalan")
    return _("%(name)s, tenggat %(due)s: %(outcome)s", name=name, due=due, outcome=", ".join(
        part for part in (outcome, used, left) if part
    ))  # fmt: skip


def _file(narrator: Narrator, paper: Paper) -> File:
    masking, number = narrator.masking, narrator.story.case.number
    may_open = masking.shows_bodies and (paper.letter is None or paper.until_n is None)
    return File(
        field_label(narrator.story, paper),
        masking.filename(paper.filename),
        paper.digest,
        paper.letter or "",
        url_for("documents.view", number=number, attachment_id=paper.attachment_id) if may_open else None,
    )
