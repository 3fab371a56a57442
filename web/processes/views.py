"""The list of processes, and a process as it is drawn in one of its versions."""

from typing import Any

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from engine.definitions import LoadedVersion
from engine.errors import NotFoundError
from engine.unit_of_work import UnitOfWork
from web.cases import present
from web.cases.steps import states
from web.context import require_actor, services
from web.processes import queries
from web.security import allow, signed_in
from web.words.names import in_locale, process_title

blueprint = Blueprint("processes", __name__)


@blueprint.get("/proses")
@allow(signed_in)
def index() -> str:
    """What this installation runs."""
    with services().database.read() as unit:
        rows = [
            (row, services().definitions.version(row.current_version_id, unit))
            for row in queries.all_processes(unit.connection)
        ]
    found = [
        {
            "key": row.key,
            "title": process_title(version),
            "description": in_locale(version.manifest.description),
            "owner": row.owner,
            "number": row.number,
            "deployed_at": row.deployed_at,
        }
        for row, version in rows
    ]
    return render_template("processes/index.html", processes=found)


@blueprint.get("/proses/<key>")
@blueprint.get("/proses/<key>/versi/<int:number>")
@allow(signed_in)
def show(key: str, number: int | None = None) -> str:
    """A process: its diagram, its steps in words, its rules."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        rows = queries.versions(unit.connection, key)
        chosen = _choose(rows, number)
        version = services().definitions.version(chosen.id, unit)
        running = queries.running(unit.connection, actor, key)
    return render_template(
        "processes/show.html",
        key=key,
        title=process_title(version),
        description=in_locale(version.manifest.description),
        manifest=version.manifest,
        lanes=_lanes(version),
        parameters=[(in_locale(p.title, p.name), p.value) for p in version.manifest.parameters.values()],
        chosen=chosen,
        versions=rows,
        running=running,
        diagrams=present.diagrams(version),
        steps=present.blank_steps(version, now),
        states=states(),
    )


@blueprint.get("/proses/<key>/versi/<int:number>/diagram/<path:path>")
@allow(signed_in)
def drawing(key: str, number: int, path: str) -> Response:
    """A diagram of a version, as it was deployed."""
    with services().database.read() as unit:
        return present.drawing(_version(unit, key, number), path)


def _version(unit: UnitOfWork, key: str, number: int) -> LoadedVersion:
    chosen = _choose(queries.versions(unit.connection, key), number)
    return services().definitions.version(chosen.id, unit)


def _choose(rows: list[Any], number: int | None) -> Any:
    """The version asked for, else the current one, else (withdrawn) the newest."""
    if number is not None:
        rows = [row for row in rows if row.number == number]
    if not rows:
        raise NotFoundError
    return next((row for row in rows if row.is_current), rows[0])


def _lanes(version: LoadedVersion) -> list[tuple[str, str]]:
    """Who does what: each lane and the role that fills it."""
    manifest = version.manifest
    return [
        (lane.name, in_locale(manifest.role_title(lane.role)) if lane.role else "") for lane in manifest.lanes.values()
    ]
