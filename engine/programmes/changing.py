"""What is done to a programme: opening, changing, extending, closing. Each is recorded with who and why."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlmodel import col

from calendars import UnknownZoneError, zone_of
from engine import store
from engine.acts.recipients import MOST_RECIPIENTS, queue_message
from engine.errors import NotFoundError
from engine.flows import parameters_of, versions_of
from engine.programmes.errors import ProgrammeFaultError
from engine.programmes.joining import must_be_open
from engine.spiff.values import same, tagged, untagged
from engine.texts import Text
from engine.unit_of_work import Database, UnitOfWork
from models import Programme, ProgrammeEvent

CLOSED = "programme_closed"
"""The message that cases of a programme get when it closes."""


def open_programme(  # noqa: PLR0913 -- everything a programme is opened with, each by its name
    unit: UnitOfWork,
    *,
    key: str,
    flow: str,
    title: Text,
    period: str,
    opens_at: datetime,
    closes_at: datetime,
    by: str | None,
    now: datetime,
    legal_basis: Sequence[str] = (),
    zone: str = "Asia/Jakarta",
    instansi_id: str | None = None,
    owner_id: str | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Programme:
    """Open a flow for a time, on the versions that are current now. Raises ProgrammeFaultError."""
    versions = versions_of(unit, flow)
    if not versions:
        raise ProgrammeFaultError(
            why=Text(f"belum ada prosedur dengan alur “{flow}”", f'no procedure has flow "{flow}"')
        )
    if unit.session.scalars(select(Programme).where(col(Programme.key) == key)).first() is not None:
        raise ProgrammeFaultError(why=Text(f"kunci “{key}” sudah dipakai", f'the key "{key}" is taken'))
    _window(opens_at, closes_at)
    programme = Programme(
        id=uuid4().hex,
        key=key,
        flow=flow,
        title_id=title.id,
        title_en=title.en,
        period=period,
        legal_basis=list(legal_basis),
        zone=_zone(zone),
        instansi_id=instansi_id,
        owner_id=owner_id or by,
        opens_at=opens_at,
        closes_at=closes_at,
        versions=versions,
        parameters=_parameters(unit, versions, parameters or {}),
        created_at=now,
    )
    unit.session.add(programme)
    unit.session.flush()
    window = {"opens_at": opens_at.isoformat(), "closes_at": closes_at.isoformat()}
    _record(
        unit, programme, "opened", by, now, "", {**window, "versions": versions, "parameters": programme.parameters}
    )
    return programme


def change_parameters(
    unit: UnitOfWork, programme_id: str, parameters: Mapping[str, Any], *, by: str | None, reason: str, now: datetime
) -> Programme:
    """Set what cases started from now on go by. Those that are running keep theirs."""
    programme = _locked(unit, programme_id)
    before = dict(programme.parameters)
    programme.parameters = _parameters(unit, programme.versions, parameters)
    detail = {"before": before, "after": programme.parameters}
    _record(unit, programme, "parameters", by, now, _reason(reason), detail)
    return programme


def use_versions(unit: UnitOfWork, programme_id: str, *, by: str | None, reason: str, now: datetime) -> Programme:
    """Take up the versions that are current now, for cases started from now on."""
    programme = _locked(unit, programme_id)
    _take_up(unit, programme, versions_of(unit, programme.flow), by, reason, now)
    return programme


def use_version(
    unit: UnitOfWork, programme_id: str, key: str, version_id: str | None, *, by: str | None, reason: str, now: datetime
) -> Programme:
    """Run one process on this version (None: not any more) for cases started from now on; the others stay."""
    programme = _locked(unit, programme_id)
    versions = {name: version for name, version in programme.versions.items() if name != key}
    _take_up(unit, programme, versions | ({} if version_id is None else {key: version_id}), by, reason, now)
    return programme


def _take_up(
    unit: UnitOfWork, programme: Programme, versions: dict[str, str], by: str | None, reason: str, now: datetime
) -> None:
    before = dict(programme.versions)
    programme.versions = versions
    known = parameters_of(unit, versions)
    programme.parameters = {name: value for name, value in programme.parameters.items() if name in known}
    _record(unit, programme, "versions", by, now, _reason(reason), {"before": before, "after": versions})


def extend(
    unit: UnitOfWork, programme_id: str, closes_at: datetime, *, by: str | None, reason: str, now: datetime
) -> Programme:
    """Close later than was said. A programme that has closed stays closed."""
    programme = _locked(unit, programme_id)
    if programme.closes_at <= now:
        must_be_open(programme, now)
    if closes_at <= programme.closes_at:
        raise ProgrammeFaultError(
            why=Text("batas baru harus sesudah yang lama", "the new end must be later than the present one")
        )
    detail = {"before": programme.closes_at.isoformat(), "after": closes_at.isoformat()}
    programme.closes_at = closes_at
    _record(unit, programme, "extended", by, now, _reason(reason), detail)
    return programme


def close(unit: UnitOfWork, programme_id: str, *, by: str | None, reason: str, now: datetime) -> int:
    """Close now and tell every case that waits to be told; returns how many that are."""
    return _close(unit, _locked(unit, programme_id), by=by, reason=_reason(reason), now=now)


def close_due(database: Database, now: datetime) -> int:
    """Close the programmes whose time is over; returns how many. Each in a transaction of its own."""
    over = select(col(Programme.id)).where(col(Programme.state) == "open", col(Programme.closes_at) <= now)
    with database.read() as unit:
        due = list(unit.connection.execute(over.order_by(col(Programme.closes_at))).scalars())
    return sum(_close_due(database, programme_id, now) for programme_id in due)


def waiting_cases(unit: UnitOfWork, programme_id: str) -> list[str]:
    """The cases of a programme that its closing will be told to."""
    waits = store.waiting(unit, f"message:{CLOSED}", limit=MOST_RECIPIENTS, programme_id=programme_id)
    return sorted({wait.instance_id for wait in waits})


def _close_due(database: Database, programme_id: str, now: datetime) -> bool:
    with database.write() as unit:
        programme = unit.session.get_one(Programme, programme_id, with_for_update=True)
        if programme.state != "open" or programme.closes_at > now:
            return False
        _close(unit, programme, by=None, reason="", now=now)
        return True


def _close(unit: UnitOfWork, programme: Programme, *, by: str | None, reason: str, now: datetime) -> int:
    programme.state, programme.closed_at = "closed", now
    told = waiting_cases(unit, programme.id)
    payload = {"programme": programme.key, "closed_at": now, "reason": reason}
    queue_message(unit, CLOSED, payload, told, now, f"{CLOSED}:{programme.id}", optional=True)
    _record(unit, programme, "closed", by, now, reason, {"told": len(told)})
    return len(told)


def _locked(unit: UnitOfWork, programme_id: str) -> Programme:
    """The programme, which must still be open, locked until the transaction ends."""
    programme = unit.session.get(Programme, programme_id, with_for_update=True, populate_existing=True)
    if programme is None:
        raise NotFoundError
    if programme.state != "open":
        must_be_open(programme, now=programme.closes_at)
    return programme


def _window(opens_at: datetime, closes_at: datetime) -> None:
    if opens_at >= closes_at:
        raise ProgrammeFaultError(why=Text("penutupan harus sesudah pembukaan", "it must close after it opens"))


def _zone(name: str) -> str:
    try:
        return zone_of(name).key
    except UnknownZoneError as error:
        raise ProgrammeFaultError(why=Text(error.message("id"), error.message("en"))) from error


def _reason(reason: str) -> str:
    if not reason.strip():
        raise ProgrammeFaultError(why=Text("alasan wajib diisi", "a reason is needed"))
    return reason.strip()[:500]


def _parameters(unit: UnitOfWork, versions: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, Any]:
    """Only what differs from the processes' own values, each of the kind its process expects."""
    known = parameters_of(unit, versions)
    if unknown := sorted(set(given) - set(known)):
        names = ", ".join(unknown)
        raise ProgrammeFaultError(why=Text(f"parameter tidak dikenal: {names}", f"unknown parameters: {names}"))
    for name, value in given.items():
        known[name].check(value)
    differing = {n: value for n, value in given.items() if not (known[n].agreed and same(value, known[n].value))}
    kept: dict[str, Any] = tagged(differing)
    return kept


def parameter_values(unit: UnitOfWork, programme: Programme) -> dict[str, Any]:
    """What a case that is started now goes by, of all processes of the flow."""
    own = {name: known.value for name, known in parameters_of(unit, programme.versions).items()}
    return {**own, **untagged(dict(programme.parameters))}


def _record(
    unit: UnitOfWork,
    programme: Programme,
    kind: str,
    by: str | None,
    now: datetime,
    reason: str,
    detail: Mapping[str, Any],
) -> None:
    event = ProgrammeEvent(
        id=uuid4().hex, programme_id=programme.id, kind=kind, by=by, reason=reason, detail=dict(detail), at=now
    )
    unit.session.add(event)
    unit.session.flush()
