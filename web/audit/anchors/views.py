"""Pages about anchors: the list, one with its statement and deliveries, its signed file, the proof for one case."""

import json
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import col
from werkzeug.wrappers import Response as Answer

from engine import anchors
from engine.anchors.timestamps import Timestamp, TimestampError, read_timestamp
from engine.errors import NotFoundError
from engine.letters.signing import fingerprint
from engine.unit_of_work import UnitOfWork
from models import Anchor, AnchorDelivery
from web.audit.access import AUDITORS, RESULTS, audited_case
from web.audit.anchors import queries
from web.audit.anchors.words import channel_text, outside_of, state_of
from web.audit.frame import may_open
from web.context import require_actor, services
from web.security import allow, role

blueprint = Blueprint("audit_anchors", __name__)
MAKERS = role("auditor", "admin")


@blueprint.get("/audit/jangkar")
@allow(RESULTS)
def index() -> str:
    """Every anchor, newest first, and whether it has left the system."""
    parts = services()
    with parts.database.read() as unit:
        page = queries.page(unit, request.args.get("sesudah"), request.args.get("sebelum"))
        sent = anchors.deliveries(unit, [row.number for row in page.rows])
    return render_template(
        "audit/anchors/index.html",
        rows=[(row, row.root.hex(), outside_of(sent.get(row.number, []))) for row in page.rows],
        outlets=_outlets(),
        key=fingerprint(parts.signer.key()),
        issuer=parts.signer.issuer,
        service=parts.signer.service,
        may_make=may_open("audit_anchors.make"),
        may_prove=may_open("audit_anchors.prove"),
        previous_url=url_for("audit_anchors.index", sebelum=page.previous) if page.previous else None,
        next_url=url_for("audit_anchors.index", sesudah=page.next) if page.next else None,
    )


@blueprint.post("/audit/jangkar")
@allow(MAKERS)
def make() -> Answer:
    """One anchor more, at once."""
    parts = services()
    outlets = anchors.Outlets.of(parts.settings)
    with parts.database.write() as unit:
        made = anchors.make(unit, parts.signer, outlets, parts.clock.now())
        if parts.runner.wake is not None:
            unit.after_commit(parts.runner.wake)
    if made is None:
        flash(_("Jangkar sedang dibuat oleh proses lain."))
        return redirect(url_for("audit_anchors.index"))
    flash(_("Jangkar %(number)d dibuat.", number=made.number))
    return redirect(url_for("audit_anchors.show", number=made.number))


@blueprint.get("/audit/jangkar/<int:number>")
@allow(RESULTS)
def show(number: int) -> str:
    """One anchor: what it states, whether it holds, where it went."""
    parts = services()
    with parts.database.read() as unit:
        anchor = _anchor(unit, number)
        sent = anchors.deliveries(unit, [number]).get(number, [])
        whole = anchors.tree_of(unit, number).root == bytes(anchor.root)
    sealed = anchors.sealed_of(anchor)
    return render_template(
        "audit/anchors/show.html",
        anchor=anchor,
        statement=json.dumps(json.loads(anchor.statement), indent=1, ensure_ascii=False),
        signed=sealed.is_good() and sealed.is_issued_by(parts.signer.roots()),
        whole=whole,
        key=fingerprint(sealed.key),
        deliveries=[(d, channel_text(d.channel), state_of(d), _stamp(anchor, d)) for d in sent],
        may_prove=may_open("audit_anchors.prove"),
    )


@blueprint.get("/audit/jangkar/<int:number>/berkas")
@allow(RESULTS)
def file(number: int) -> Response:
    """The signed file, as it was sent outside."""
    with services().database.read() as unit:
        anchor = _anchor(unit, number)
    return _download(anchors.file_of(anchor), anchors.file_name(number), "application/json")


@blueprint.get("/audit/jangkar/<int:number>/stempel")
@allow(RESULTS)
def token(number: int) -> Response:
    """The time-stamp, for `openssl ts`."""
    with services().database.read() as unit:
        _anchor(unit, number)
        mine = (col(AnchorDelivery.anchor_number) == number) & (col(AnchorDelivery.channel) == "timestamp")
        receipt = unit.connection.execute(select(col(AnchorDelivery.receipt)).where(mine)).scalar()
    if receipt is None:
        raise NotFoundError
    return _download(receipt, f"{anchors.file_name(number)}.tst", "application/timestamp-reply")


@blueprint.get("/audit/jangkar/bukti")
@allow(AUDITORS)
def prove() -> str:
    """That the record of one case stands in an anchor, in plain words and step by step."""
    asked = request.args.get("kasus", "").strip()
    given: dict[str, Any] = {"asked": asked}
    if asked:
        try:
            with services().database.read() as unit:
                given |= _proof(unit, asked, request.args.get("jangkar", type=int))
        except anchors.NotAnchoredError as error:
            given["missing"] = error
        except NotFoundError:
            given["unknown"] = True
    return render_template("audit/anchors/proof.html", **given)


@blueprint.get("/audit/jangkar/bukti.json")
@allow(AUDITORS)
def proof_file() -> Response:
    """The same for programs: the proof with the signed anchor it leads to."""
    with services().database.read() as unit:
        found = _proof(unit, request.args.get("kasus", ""), request.args.get("jangkar", type=int))
    told = {"proof": found["proof"].to_json(), "anchor": anchors.sealed_of(found["anchor"]).to_json()}
    body = json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
    name = f"bukti-{found['case'].number}-{found['anchor'].number}.json"
    return _download(body, name, "application/json")


def _proof(unit: UnitOfWork, number: str, anchor: int | None) -> dict[str, Any]:
    case = audited_case(unit, require_actor(), number.upper())
    proof = anchors.inclusion(unit, case.id, anchor)
    return {
        "case": case,
        "proof": proof,
        "holds": proof.holds(),
        "grown": case.event_count - proof.leaf.events,
        "anchor": _anchor(unit, proof.anchor),
    }


def _anchor(unit: UnitOfWork, number: int) -> Anchor:
    found = unit.session.get(Anchor, number)
    if found is None:
        raise NotFoundError
    return found


def _outlets() -> list[tuple[str, str]]:
    """Where anchors of this installation go from now on."""
    outlets = anchors.Outlets.of(services().settings)
    places = [("folder", str(outlets.folder))] if outlets.folder else []
    places += [("timestamp", anchors.public_address(outlets.timestamp_url))] if outlets.timestamp_url else []
    places += [("mail", recipient) for recipient in outlets.mail]
    return [(channel_text(channel), target) for channel, target in places]


def _stamp(anchor: Anchor, delivery: anchors.Delivery) -> Timestamp | None:
    if delivery.receipt is None:
        return None
    try:
        return read_timestamp(bytes(delivery.receipt), anchor.statement.encode())
    except TimestampError:
        return None


def _download(body: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(body, mimetype=media_type, headers=headers)
