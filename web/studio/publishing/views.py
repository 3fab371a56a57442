"""Where a draft is submitted, what waits for a second person, and the page of one publication."""

from typing import Any

from flask import render_template, request

from engine.definitions import LoadedVersion
from engine.errors import NotFoundError
from engine.gate.toml import read_manifest
from engine.manifest import FILE
from engine.programmes import title_of
from engine.studio.comparing import Comparison, compare
from engine.studio.drafts import DraftView, findings_of, read_draft
from engine.studio.publishing import of_draft, read_publication, running_programmes, waiting
from engine.studio.sources import read_source
from engine.unit_of_work import UnitOfWork
from models import Definition, Publication
from web.auth.forms import choices, faults_of
from web.context import require_actor, services
from web.i18n import locale_code, zone, zone_name
from web.processes.queries import versions as versions_of
from web.security import allow
from web.studio.access import OWNERS, READERS
from web.studio.comparing import present as differences
from web.studio.frame import is_editor, open_draft, render_draft
from web.studio.publishing import blueprint, present
from web.studio.publishing.forms import PublishForm


@blueprint.get("/tinjauan")
@allow(READERS)
def index() -> str:
    """What waits for a second person, oldest first."""
    with services().database.read() as unit:
        found = present.shown(unit, waiting(unit))
    return render_template("studio/reviews.html", publications=found, me=require_actor().user_id)


@blueprint.get("/draf/<draft>/terbit")
@allow(READERS)
def show(draft: str) -> str:
    """The form to submit a draft, or where its publication stands."""
    return publish_page(open_draft(draft), None)


@blueprint.get("/tinjauan/<publication>")
@allow(READERS)
def review(publication: str) -> str:
    """One publication: what changes by it, who wants it and why, and what can be done about it now."""
    return review_page(publication, "")


@blueprint.get("/proses/<key>/terbit")
@allow(OWNERS)
def again(key: str) -> str:
    """The form to make a version hold that is there already."""
    return version_page(key, None, request.args.get("versi", ""))


def publish_page(view: DraftView, form: PublishForm | None, fault: str = "") -> str:
    """The page of a draft, with the form as it was sent when something of it was refused."""
    with services().database.read() as unit:
        history = present.shown(unit, of_draft(unit, view.id))
        asked = form or make_form(unit, flow_of(view))
        found = _against_current(unit, view.key, view.id)
    errors = sum(finding.is_error for finding in findings_of(view, services().registry)) if view.is_open else 0
    return render_draft(
        "studio/publish.html",
        view,
        form=asked,
        faults=(faults_of(asked) if form is not None else []) + ([("note", fault)] if fault else []),
        history=history,
        errors=errors,
        **_common(found, asked),
    )


def version_page(key: str, form: PublishForm | None, version_id: str, fault: str = "", *, stop_fault: str = "") -> str:
    """The page on which an earlier version, or one tried in a programme, is chosen."""
    with services().database.read() as unit:
        versions = versions_of(unit.connection, key)
        if not versions:
            raise NotFoundError
        newest: LoadedVersion = services().definitions.version(versions[0].id, unit)
        asked = form or make_form(unit, newest.manifest.flow)
    return render_template(
        "studio/publish_version.html",
        stop_fault=stop_fault,
        holds=any(row.is_current for row in versions),
        key=key,
        versions=versions,
        chosen=version_id,
        form=asked,
        faults=(faults_of(asked) if form is not None else []) + ([("note", fault)] if fault else []),
        **_common(None, asked),
    )


def review_page(publication_id: str, fault: str) -> str:
    with services().database.read() as unit:
        row = read_publication(unit, publication_id)
        [shown] = present.shown(unit, [row])
        found = _of(unit, row)
        view = read_draft(unit, row.draft_id) if row.draft_id else None
    me = require_actor().user_id
    own = row.requested_by == me
    context: dict[str, Any] = {
        "publication": shown,
        "fault": fault,
        "own": own,
        "may_decide": is_editor() and row.state == "review" and not (own and services().settings.studio_four_eyes),
        "may_refuse": is_editor() and row.state == "review" and not own,
        "may_call_off": is_editor() and (row.state == "scheduled" or (own and row.state == "review")),
        "may_withdraw": is_editor() and row.state == "live",
        **_common(found, None),
    }
    if view is not None:
        return render_draft("studio/review_draft.html", view, **context)
    return render_template("studio/review_version.html", **context)


def make_form(unit: UnitOfWork, flow: str | None) -> PublishForm:
    """With the programmes that run now to choose from."""
    form = PublishForm(request.form if request.method == "POST" else None)
    running = running_programmes(unit, flow, services().clock.now())
    form.programme.choices = choices({one.id: title_of(one).in_locale(locale_code()) for one in running})
    return form


def flow_of(view: DraftView) -> str | None:
    """The flow that the draft itself names."""
    manifest, _found = read_manifest(view.bodies.get(FILE), view.key)
    return None if manifest is None else manifest.flow


def _common(found: tuple[str, Comparison] | None, form: PublishForm | None) -> dict[str, Any]:
    """What changes by it, in words; and what the form needs to ask."""
    return {
        "against": found[0] if found else "",
        "areas": differences.by_area(found[1]) if found else [],
        "counts": differences.counts(found[1]) if found else [],
        "kinds": differences.kinds(),
        "same": found is not None and found[1].same,
        "scoped": form is not None and bool(form.programme.choices),
        "four_eyes": services().settings.studio_four_eyes,
        "zone": zone_name(zone()),
    }


def _against_current(unit: UnitOfWork, key: str, ref: str) -> tuple[str, Comparison] | None:
    """What differs from what new cases start on now; None while there is nothing."""
    definition = unit.session.get(Definition, key)
    return None if definition is None else _differences(unit, definition.current_version_id, ref)


def _of(unit: UnitOfWork, row: Publication) -> tuple[str, Comparison] | None:
    """What differs by a publication: from what held before it, or from what holds while nobody decided."""
    ref = row.version_id or row.draft_id or ""
    if row.before:
        return _differences(unit, row.before.get("current"), ref)
    return _against_current(unit, row.definition_key, ref)


def _differences(unit: UnitOfWork, before: str | None, ref: str) -> tuple[str, Comparison] | None:
    if before is None or before == ref:
        return None
    definitions = services().definitions
    old, new = (read_source(unit, definitions, one).files for one in (before, ref))
    return before, compare(old, new)
