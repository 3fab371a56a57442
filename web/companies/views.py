"""Akses Penyedia: the stages of an Akun INAPROC in their order, and why the next one is still locked."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from engine.identifiers import mask
from engine.unit_of_work import UnitOfWork
from web.companies import queries
from web.companies.queries import ADMIN, Held
from web.context import require_actor, services
from web.roles import role_titles
from web.security import allow, signed_in
from web.words.names import stage_text

blueprint = Blueprint("companies", __name__)

PROFILE, COMPANY, BRANCH = "inaproc_profile", "inaproc_company_admin", "inaproc_branch_admin"
ACCESS_TASK = "apply_access"
"""The last step in the diagram: it is there once LKPP has approved."""
Link = tuple[str, str]


@dataclass(frozen=True)
class Stage:
    """`state`: done | now | waiting | locked. `link` opens what there is, `start` begins a process."""

    title: str
    state: str
    words: str
    link: Link | None = None
    start: Link | None = None


@blueprint.get("/penyedia")
@allow(signed_in)
def index() -> str:
    """How far I am, what is next, and the companies and branches that I act for."""
    actor, now = require_actor(), services().clock.now()
    user_id = actor.user_id or ""
    with services().database.read() as unit:
        held = queries.accesses(unit.connection, user_id, now)
        acting = [one.company_id for one in held if one.role == ADMIN and one.is_open]
        return render_template(
            "companies/index.html",
            stages=_stages(unit, user_id, held),
            held=held,
            acting=acting,
            admins=queries.branch_admins(unit.connection, acting, now),
            branch_process=BRANCH,
            titles=role_titles(unit),
        )


def _stages(unit: UnitOfWork, user_id: str, held: list[Held]) -> list[Stage]:
    verified, profile = _profile_stage(unit, user_id)
    approval, access = _company_stages(unit, user_id, held, verified=verified)
    account = Stage(_("Identitas digital/akun"), "done", _("Akun Anda aktif."))
    return [account, profile, approval, access]


def _profile_stage(unit: UnitOfWork, user_id: str) -> tuple[bool, Stage]:
    title, found = _("Profil"), queries.profile(unit.connection, user_id)
    if found is not None and found.state == "verified":
        words = _("Terverifikasi: %(name)s, %(number)s.", name=found.name, number=mask(found.identity_number))
        return True, Stage(title, "done", words)
    case = queries.running(unit.connection, user_id, PROFILE)
    if case is None:
        return False, Stage(title, "now", _("Belum ada."), start=(PROFILE, _("Lengkapi Profil INAPROC")))
    return False, _of_case(unit, title, case, user_id)


def _company_stages(unit: UnitOfWork, user_id: str, held: list[Held], *, verified: bool) -> tuple[Stage, Stage]:
    """Approval by LKPP, and the access that stays locked until then."""
    approval, access = _("Persetujuan LKPP"), _("Akses/persona Admin Perusahaan")
    locked = Stage(access, "locked", _("Terbuka sesudah Anda menerima surel persetujuan dari LKPP."))
    acting = next((one for one in held if one.role == ADMIN and one.is_open), None)
    case = queries.running(unit.connection, user_id, COMPANY)
    if case is None:
        if acting is not None:
            words = _("Aktif: %(company)s.", company=acting.company)
            return Stage(approval, "done", _("Sudah diberikan.")), Stage(access, "done", words)
        if not verified:
            return Stage(approval, "locked", _("Terbuka sesudah profil Anda terverifikasi.")), locked
        words = _("Bagi personel yang diberi kuasa, sepanjang seluruh Penanggung Jawab/Pengurus/Direksi adalah WNA.")
        return Stage(approval, "now", words, start=(COMPANY, _("Ajukan Admin Perusahaan"))), locked
    task = queries.open_task(unit.connection, case.id, user_id)
    if task is not None and task.element_id == ACCESS_TASK:
        opened = (url_for("inbox.task", task_id=task.id), _("Ajukan Akses Admin Perusahaan"))
        return Stage(approval, "done", _("Disetujui.")), Stage(access, "now", _("Terbuka bagi Anda."), link=opened)
    return _of_case(unit, approval, case, user_id), locked


def _of_case(unit: UnitOfWork, title: str, case: Any, user_id: str) -> Stage:
    """A stage whose case is running: its own status line, and the way to what waits for this person."""
    version = services().definitions.version(case.version_id, unit)
    words = stage_text(version, case.stage_element, case.stage) or ""
    task = queries.open_task(unit.connection, case.id, user_id)
    if task is not None:
        return Stage(title, "now", words, link=(url_for("inbox.task", task_id=task.id), _("Lanjutkan")))
    return Stage(title, "waiting", words, link=(url_for("applicant.show", number=case.number), _("Lihat permohonan")))
