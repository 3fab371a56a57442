"""Cases as an event log in XES (IEEE 1849-2016), for process mining. Written while it is read: logs may be large."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from xml.sax.saxutils import quoteattr
from zoneinfo import ZoneInfo

from engine.bundles.log import CaseLog, Happening
from engine.bundles.persons import SYSTEM, Persons
from engine.unit_of_work import UnitOfWork

PREFIX = "alur"
URI = "https://alur.invalid/xes/1"
"""Names our extension; it need not lead anywhere."""
EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Alur", PREFIX, URI),
)
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    + "".join(f'<extension name="{n}" prefix="{p}" uri="{u}"/>\n' for n, p, u in EXTENSIONS)
    + '<global scope="trace"><string key="concept:name" value=""/></global>\n'
    '<global scope="event"><string key="concept:name" value=""/>'
    '<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>'
    '<string key="lifecycle:transition" value="complete"/></global>\n'
    '<classifier name="Activity" keys="concept:name"/>\n'
    '<classifier name="Activity and transition" keys="concept:name lifecycle:transition"/>\n'
    '<classifier name="Element of the diagram" keys="alur:element"/>\n'
    '<classifier name="Role" keys="org:role"/>\n'
    '<string key="lifecycle:model" value="standard"/>\n'
)


def xes(unit: UnitOfWork, logs: Iterable[CaseLog], persons: Persons) -> Iterator[str]:
    """The file in pieces. `alur:workingSeconds` counts working time, `alur:elapsedSeconds` all of it."""
    yield HEAD
    for log in logs:
        persons.learn(unit, (one.actor_id for one in log.happenings))
        yield _trace(log, persons)
    yield "</log>\n"


def _trace(log: CaseLog, persons: Persons) -> str:
    case, zone = log.case, ZoneInfo(log.case.zone)
    attributes = {
        "concept:name": case.number,
        "alur:process": log.version.key,
        "alur:processTitle": log.version.manifest.title.id,
        "alur:version": log.version.number,
        "alur:versionId": log.version.id,
        "alur:firstVersion": log.first_version,
        "alur:status": case.status,
        "alur:outcome": case.outcome,
        "alur:zone": case.zone,
        "alur:started": case.started_at.astimezone(zone),
        "alur:ended": case.ended_at and case.ended_at.astimezone(zone),
        "alur:elapsedSeconds": log.elapsed,
        "alur:workingSeconds": log.working,
    }
    events = "".join(_event(one, zone, persons) for one in log.happenings)
    return f"<trace>{_attributes(attributes)}\n{events}</trace>\n"


def _event(one: Happening, zone: ZoneInfo, persons: Persons) -> str:
    by_system = one.actor_id is None and one.transition in ("start", "complete", "ate_abort")
    resource = SYSTEM if by_system else persons.called(one.actor_id) if one.actor_id else None
    attributes = {
        "concept:name": one.activity,
        "concept:instance": one.token_id,
        "lifecycle:transition": one.transition,
        "time:timestamp": one.at.astimezone(zone),
        "org:resource": resource,
        "org:role": one.role or one.lane,
        "org:group": one.instansi_id,
        "alur:event": one.seq,
        "alur:kind": one.kind,
        "alur:element": one.element_id,
        "alur:type": one.type,
        "alur:version": one.version,
        "alur:ready": one.ready_at and one.ready_at.astimezone(zone),
        "alur:due": one.due_at and one.due_at.astimezone(zone),
        "alur:late": one.late,
        "alur:elapsedSeconds": one.elapsed,
        "alur:workingSeconds": one.working,
    }
    return f"<event>{_attributes(attributes)}</event>\n"


def _attributes(values: dict[str, Any]) -> str:
    return "".join(_attribute(key, value) for key, value in values.items() if value is not None)


def _attribute(key: str, value: Any) -> str:
    if isinstance(value, bool):
        tag, text = "boolean", str(value).lower()
    elif isinstance(value, int):
        tag, text = "int", str(value)
    elif isinstance(value, timedelta):
        tag, text = "int", str(round(value.total_seconds()))
    elif isinstance(value, datetime):
        tag, text = "date", value.isoformat(timespec="milliseconds")
    else:
        tag, text = "string", _NOT_IN_XML.sub("�", str(value))
    return f"<{tag} key={quoteattr(key)} value={quoteattr(text)}/>"
