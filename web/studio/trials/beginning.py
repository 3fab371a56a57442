"""How a trial begins: with one person for every role of the process, or as one of the draft's scenarios does."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select
from sqlmodel import col

from engine.gate.toml import read_manifest
from engine.manifest import BY_INSTANSI, FILE, SIGNED_IN, Manifest
from engine.scenarios.words import show_instant
from engine.studio.drafts import DraftView
from engine.studio.trials.scenarios import Overview
from engine.studio.trials.story import Story
from engine.unit_of_work import UnitOfWork
from models import Instansi
from web.studio.trials.steps import Sent, refuse

USUAL_AGENCY = "Kabupaten Kapuas"
ZONE = "Asia/Jakarta"
OPENING = time(9)


@dataclass(frozen=True)
class Offered:
    """What the page that begins a trial offers."""

    title: str
    start: str
    agency: str
    scenarios: list[tuple[str, str]]
    """`file#number` and what the scenario is called."""


def manifest_of(view: DraftView) -> Manifest | None:
    return read_manifest(view.bodies.get(FILE), view.key)[0]


def offered(unit: UnitOfWork, view: DraftView, found: Overview, now: datetime) -> Offered:
    """The next morning, the usual agency, and the scenarios there are."""
    morning = datetime.combine(now.astimezone(ZoneInfo(ZONE)).date() + timedelta(days=1), OPENING)
    known = unit.session.execute(
        select(col(Instansi.name)).order_by(col(Instansi.name) != USUAL_AGENCY, col(Instansi.name)).limit(1)
    ).scalar()
    return Offered(
        title=_("Uji coba %(title)s", title=view.title)[:200],
        start=morning.isoformat(timespec="minutes"),
        agency=known or "",
        scenarios=[(f"{t.scenario.file}#{t.number}", t.scenario.title) for t in found.all],
    )


def story_of(sent: Sent, view: DraftView) -> Story:
    """The story of a new trial."""
    title = sent.get("judul", "").strip()[:200] or _("Uji coba %(title)s", title=view.title)[:200]
    if sent.get("skenario"):
        file, _hash, number = sent["skenario"].rpartition("#")
        if file not in view.files or not number.isdecimal():
            raise refuse(_("skenario itu tidak ada lagi."))
        found = Story.of_scenario(file, view.files[file].body, int(number), steps=sent.get("langkah") == "ya")
        return found.called(title)
    try:
        local = datetime.fromisoformat(sent.get("pada", ""))
    except ValueError:
        raise refuse(_("tanggal dan jamnya tidak terbaca.")) from None
    manifest = manifest_of(view)
    zone = ZoneInfo(ZONE if manifest is None or manifest.zone == BY_INSTANSI else manifest.zone)
    beside = tuple(name.strip() for name in sent.get("bersama", "").split(",") if name.strip())
    start = show_instant(local.replace(tzinfo=zone) if local.tzinfo is None else local, zone)
    return Story.begin(title, start, people_for(manifest, sent.get("instansi", "").strip()), beside)


def people_for(manifest: Manifest | None, agency: str) -> dict[str, dict[str, Any]]:
    """One for every role that has something to do, called by it; and somebody without a role, where all may start."""
    people: dict[str, dict[str, Any]] = {}
    if manifest is None or manifest.start.who == SIGNED_IN:
        people[_("Pemohon")] = {}
    for role in roles_of(manifest):
        title = manifest.role_title(role).id if manifest else role
        scoped = manifest is not None and _is_scoped(manifest, role)
        people[title] = {"peran": title, **({"instansi": agency} if scoped and agency else {})}
    return people


def roles_of(manifest: Manifest | None) -> list[str]:
    """The roles that start cases or fill lanes, by key."""
    if manifest is None:
        return []
    starters = () if manifest.start.who == SIGNED_IN else manifest.start.who
    lanes = (lane.role for lane in manifest.lanes.values() if lane.role)
    return list(dict.fromkeys((*starters, *lanes)))


def _is_scoped(manifest: Manifest, role: str) -> bool:
    """Does it count in one agency only? Whoever starts cases has an agency, too."""
    starts = manifest.start.who != SIGNED_IN and role in manifest.start.who
    return starts or any(lane.role == role and lane.scope == "instansi" for lane in manifest.lanes.values())
