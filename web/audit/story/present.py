"""A story as the JSON that the player draws. Instants are milliseconds; all else that people read is text already."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from calendars import known_working_time
from engine.definitions import LoadedVersion
from engine.privacy import Masking, names_people
from engine.story import Limit, Measure, Paper, Story, Told
from engine.story.limits import working_spans
from web.audit.story.words import Narrator, group_texts, outcome_text
from web.cases.present import Diagram, diagrams
from web.i18n import zone_name
from web.words.names import element_name, in_locale, process_title, status_text, type_text
from web.words.spans import working_text

FORMAT = 1


def story_json(story: Story, masking: Masking) -> dict[str, Any]:
    """All of it but the case's data."""
    narrator = Narrator(story, masking)
    people = narrator.people()
    return {
        "format": FORMAT,
        "case": _case(story, masking),
        "people": people,
        "versions": [_version(phase.version, phase.from_n) for phase in story.phases],
        "documents": [_document(story, narrator, paper) for paper in story.papers],
        "deadlines": [_limit(story, narrator, limit) for limit in story.limits],
        "calendars": _calendars(story),
        "words": _words(),
        "groups": {str(group): text for group, text in group_texts().items()},
        "events": [_filled(_event(narrator, event)) for event in story.events],
        "acts": _acts(story.events),
    }


def _case(story: Story, masking: Masking) -> dict[str, Any]:
    case = story.case
    version = story.phases[-1].version
    process = process_title(version)
    return _filled(
        {
            "number": case.number,
            "title": masking.title(case.title or process, process, personal=names_people(version)),
            "process": process,
            "key": case.definition_key,
            "zone": case.zone,
            "zone_name": zone_name(case.zone),
            "status": case.status,
            "status_text": status_text(case.status),
            "outcome": element_name(version, case.outcome) if case.outcome else "",
            "started": _ms(case.started_at),
            "ended": _ms(case.ended_at),
            "starter": case.starter_id,
            "instansi": story.offices.get(case.instansi_id, ""),
            "url": url_for("audit.case", number=case.number),
        }
    )


def _version(version: LoadedVersion, from_n: int) -> dict[str, Any]:
    drawn = diagrams(version)
    return {
        "id": version.id,
        "number": version.number,
        "from": from_n,
        "diagrams": [_diagram(version, number, diagram) for number, diagram in enumerate(drawn)],
        "elements": dict(_elements(version, drawn)),
    }


def _diagram(version: LoadedVersion, number: int, diagram: Diagram) -> dict[str, Any]:
    processes = {element.process for element in version.specs.elements.values() if element.id in diagram.elements}
    return {
        "path": diagram.path,
        "name": diagram.name,
        "main": number == 0,
        "process": sorted(processes & diagram.elements),
        "url": url_for("processes.drawing", key=version.key, number=version.number, path=diagram.path),
    }


def _elements(version: LoadedVersion, drawn: list[Diagram]) -> Iterator[tuple[str, dict[str, Any]]]:
    where = {ident: diagram.path for diagram in reversed(drawn) for ident in diagram.elements}
    for element in version.specs.elements.values():
        yield (
            element.id,
            _filled(
                {
                    "name": element_name(version, element.id),
                    "type": element.type,
                    "what": type_text(element.type, element.event),
                    "diagram": where.get(element.id),
                    "process": element.process,
                    "lane": element.lane,
                    "attached": element.attached_to,
                    "calls": element.called if element.type == "callActivity" else None,
                    "opens": where.get(element.called) if element.called and element.type == "callActivity" else None,
                }
            ),
        )


def _document(story: Story, narrator: Narrator, paper: Paper) -> dict[str, Any]:
    masking, number = narrator.masking, story.case.number
    may_open = masking.shows_bodies and (paper.letter is None or paper.until_n is None)
    return _filled(
        {
            "id": paper.attachment_id,
            "name": masking.filename(paper.filename),
            "digest": paper.digest,
            "kind": paper.kind,
            "size": paper.size,
            "field": field_label(story, paper),
            "from": paper.since_n,
            "until": paper.until_n,
            "by": paper.by,
            "letter": paper.letter,
            "url": url_for("documents.view", number=number, attachment_id=paper.attachment_id) if may_open else None,
        }
    )


def field_label(story: Story, paper: Paper) -> str:
    """What the form of then calls the document."""
    version = story.version_at(paper.since_n)
    for form in version.forms.values():
        for field in form.fields():
            if field.path == paper.field:
                return in_locale(field.label) or paper.field
    return paper.field


def _limit(story: Story, narrator: Narrator, limit: Limit) -> dict[str, Any]:
    whole = working_length(story, limit)
    version = story.version_at(limit.since_n)
    return _filled(
        {
            "element": limit.element_id,
            "name": element_name(version, limit.element_id),
            "kind": limit.kind,
            "from": limit.since_n,
            "until": limit.until_n,
            "set": _ms(limit.since),
            "due": _ms(limit.at),
            "due_text": narrator.moment(limit.at),
            "calendar": None if limit.calendar is None else str(limit.calendar),
            "limit": _seconds(whole),
            "limit_text": working_text(whole),
            "outcome": limit.outcome,
            "outcome_text": outcome_text(limit),
            "why": narrator.masking.text(narrator.reasoning(limit)),
        }
    )


def working_length(story: Story, limit: Limit) -> timedelta | None:
    """The working time that a limit gave, as its own calendar counts."""
    calendar = story.calendars.get(limit.calendar) if limit.calendar is not None else None
    return None if calendar is None else known_working_time(calendar, limit.since, limit.at)


def _calendars(story: Story) -> dict[str, list[list[int | None]]]:
    """The stretches of working days, so that what is left can be told at any instant."""
    if not story.limits:
        return {}
    last = story.events[-1].at
    start = min(limit.since for limit in story.limits)
    end = max(max(limit.at, limit.ended_at or limit.at) for limit in story.limits)
    return {
        str(number): [[_ms(a), _ms(b)] for a, b in working_spans(calendar, start, max(end, last))]
        for number, calendar in story.calendars.items()
    }


def _event(narrator: Narrator, event: Told) -> dict[str, Any]:
    to = event.detail.get("to")
    return {
        "n": event.n,
        "act": event.act,
        "at": _ms(event.at),
        "when": narrator.when(event.at),
        "kind": event.kind,
        "group": event.group,
        "text": narrator.sentence(event),
        "element": event.element_id,
        "version": event.version,
        "flows": list(event.flows),
        "on": list(event.entered),
        "off": list(event.left),
        "in": [_filled({"element": scope.element_id, "i": scope.index, "k": scope.token_id}) for scope in event.scopes],
        "index": event.index,
        "who": event.actor_id if event.begins else None,
        "behalf": event.on_behalf_of,
        "to": to,
        "role": narrator.role(event),
        "lane": narrator.lane(event),
        "office": narrator.story.offices.get(event.office or "", ""),
        "deadlines": [_measured(m) for m in event.limits],
        "documents": event.papers,
        "note": narrator.note(event),
        "cases": [{"number": c.number, "url": url_for("audit.case", number=c.number)} for c in event.crossings],
        "marks": "migration" if event.kind == "case:migrated" else None,
        "renamed": event.detail.get("renamed"),
    }


def _measured(found: Measure) -> dict[str, Any]:
    late = found.left is not None and found.left < timedelta(0)
    return {
        "d": found.limit,
        "used": _seconds(found.used),
        "used_text": working_text(found.used),
        "left": _seconds(found.left),
        "left_text": _("lewat %(time)s", time=working_text(found.left)) if late else working_text(found.left),
        "late": late,
    }


def _acts(events: list[Told]) -> dict[str, list[int]]:
    acts: dict[str, list[int]] = {}
    for event in events:
        acts.setdefault(str(event.act), [event.n, event.n])[1] = event.n
    return acts


def _words() -> dict[str, str]:
    """How lengths of time are said, for instants that the server was not asked about."""
    return {
        "days": _("{n} hari kerja"),
        "day": _("1 hari kerja"),
        "hours": _("{n} jam"),
        "hour": _("1 jam"),
        "minutes": _("{n} menit"),
        "minute": _("1 menit"),
        "late": _("lewat {time}"),
    }


def _ms(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp() * 1000)


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())


def _filled(record: dict[str, Any]) -> dict[str, Any]:
    """Without what there is not: most events have a few of all the parts an event can have."""
    return {name: value for name, value in record.items() if value is not None and value not in ("", [])}
