"""My applications: one status line each, what is needed from me, the Riwayat, and a new application."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.authorisation import MayNotStartError, may_start
from engine.errors import NotFoundError
from engine.unit_of_work import UnitOfWork
from web.applicant import queries
from web.cases import present, timeline
from web.cases import queries as case_queries
from web.context import require_actor, services
from web.inbox import queries as inbox_queries
from web.paging import Page
from web.security import allow, signed_in
from web.words.names import in_locale, process_title
from web.words.tasks import present as present_tasks

blueprint = Blueprint("applicant", __name__)

NEEDED = 10


@dataclass(frozen=True)
class Startable:
    """A process that this person may start."""

    key: str
    title: str
    label: str
    description: str
    owner: str
    legal_basis: tuple[str, ...]
    unfinished: list[Any]
    in_programme: bool
    taking: list[queries.Offer]
    """Programmes that take a new case now."""
    other: queries.Offer | None
    """Where none does: the one that comes next, or was there last."""


@blueprint.get("/permohonan")
@allow(signed_in)
def index() -> str:
    """The landing page of an applicant."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        page = case_queries.started_by(
            unit.connection, _id(actor), after=request.args.get("sesudah"), before=request.args.get("sebelum")
        )
        found = inbox_queries.page(unit.connection, actor, inbox_queries.Filters(), now, size=NEEDED)
        return render_template(
            "applicant/index.html",
            cases=[present.case(unit, row) for row in page.rows],
            needed=present_tasks(unit, found.rows, actor, now),
            more_needed=found.next is not None,
            may_start=bool(_startable(unit, actor)),
            previous_url=_neighbour("applicant.index", page, "sebelum"),
            next_url=_neighbour("applicant.index", page, "sesudah"),
        )


@blueprint.get("/permohonan/<number>")
@allow(signed_in)
def show(number: str) -> str:
    """One application of mine."""
    actor, now = require_actor(), services().clock.now()
    with services().database.read() as unit:
        row = case_queries.case_row(unit.connection, actor, number)
        if row is None or row.starter_id != actor.user_id:
            raise NotFoundError
        version = services().definitions.version(row.version_id, unit)
        tasks = present.tasks(
            unit, row, case_queries.open_tasks(unit.connection, [row.id]), actor, names=False, now=now
        )
        entries, events = timeline.read(
            unit.connection,
            row.id,
            version,
            reader_id=actor.user_id,
            names=False,
            after=request.args.get("sesudah"),
            before=request.args.get("sebelum"),
        )
        return render_template(
            "applicant/show.html",
            case=present.case(unit, row),
            needed=[task for task in tasks if task.own],
            waiting=[task for task in tasks if not task.own],
            documents=case_queries.documents(unit.connection, row.id),
            entries=entries,
            previous_url=_neighbour("applicant.show", events, "sebelum", number=number),
            next_url=_neighbour("applicant.show", events, "sesudah", number=number),
        )


@blueprint.get("/permohonan/baru")
@allow(signed_in)
def new() -> str:
    """What can be applied for."""
    with services().database.read() as unit:
        return render_template("applicant/new.html", processes=_startable(unit, require_actor()))


@blueprint.post("/permohonan/baru/<key>")
@allow(signed_in)
def start(key: str) -> Response:
    """Start an application and go to its first task."""
    actor = require_actor()
    instance_id = services().runner.start(key, actor, programme_id=request.form.get("programme_id") or None)
    with services().database.read() as unit:
        number = queries.number_of(unit.connection, instance_id)
        tasks = case_queries.open_tasks(unit.connection, [instance_id])
    own = next((task.id for task in tasks if task.assignee_id == actor.user_id), None)
    flash(_("Permohonan %(number)s dimulai.", number=number))
    if own is not None:
        return redirect(url_for("inbox.task", task_id=own), 303)
    return redirect(url_for("applicant.show", number=number), 303)


def _startable(unit: UnitOfWork, actor: Actor) -> list[Startable]:
    running, now = queries.unfinished(unit.connection, _id(actor)), services().clock.now()
    found = []
    for row in queries.startable(unit.connection):
        version = services().definitions.version(row.current_version_id, unit)
        manifest = version.manifest
        if version.specs.started_by_message is not None or not _allowed(actor, manifest.start.who):
            continue
        title = process_title(version)
        offers = queries.offers(unit, manifest, now) if manifest.flow else []
        found.append(
            Startable(
                key=row.key,
                title=title,
                label=in_locale(manifest.start.label, _("Mulai permohonan")),
                description=in_locale(manifest.description),
                owner=manifest.owner,
                legal_basis=manifest.legal_basis,
                unfinished=[case for case in running if case.definition_key == row.key],
                in_programme=manifest.flow is not None,
                taking=[offer for offer in offers if offer.takes],
                other=min((o for o in offers if o.planned), key=lambda o: o.opens_at, default=next(iter(offers), None)),
            )
        )
    return found


def _allowed(actor: Actor, who: Any) -> bool:
    try:
        may_start(actor, who)
    except MayNotStartError:
        return False
    return True


def _id(actor: Actor) -> str:
    if actor.user_id is None:
        raise NotFoundError
    return actor.user_id


def _neighbour(endpoint: str, page: Page, name: str, **arguments: Any) -> str | None:
    cursor = page.previous if name == "sebelum" else page.next
    return url_for(endpoint, **arguments, **{name: cursor}) if cursor else None
