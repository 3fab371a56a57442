"""Work that waits for LKPP, by kind: which user task it is, and whose."""

from dataclasses import dataclass

from flask_babel import gettext as _

from engine.actors import Actor
from engine.errors import NotFoundError
from web.security import role

FLOW = "lkpp_inpassing"
ADMIN, VERIFIER, ASSESSOR, HEAD = "admin_lkpp", "verifikator_lkpp", "penguji", "pimpinan_lkpp"
ROLES = (ADMIN, VERIFIER, ASSESSOR, HEAD)
lkpp = role(*ROLES)
"""Anybody of LKPP."""


@dataclass(frozen=True)
class Queue:
    """One kind of work: the open tasks of one element. `participants`: its cases are participants'."""

    key: str
    process: str
    element: str
    role: str
    participants: bool = False


QUEUES = {
    queue.key: queue
    for queue in (
        Queue("verifikasi", "lkpp_participant", "verify_documents", VERIFIER, participants=True),
        Queue("portofolio", "lkpp_participant", "score_portfolio", ASSESSOR, participants=True),
        Queue("tes-tertulis", "lkpp_participant", "record_test", ASSESSOR, participants=True),
        Queue("formasi", "lkpp_formasi", "verify_formasi", ADMIN),
        Queue("permohonan-jadwal", "lkpp_schedule", "decide_schedule", ADMIN),
        Queue("jadwal-baru", "lkpp_schedule", "set_schedule", ADMIN),
        Queue("akun-admin", "lkpp_admin", "check_letter", ADMIN),
        Queue("rekomendasi", "lkpp_recommendation", "decide", HEAD),
    )
}


def queue_title(queue: Queue) -> str:
    return {
        "verifikasi": _("Verifikasi Berkas"),
        "portofolio": _("Penilaian portofolio"),
        "tes-tertulis": _("Hasil tes tertulis"),
        "formasi": _("Usulan formasi"),
        "permohonan-jadwal": _("Permohonan jadwal instansi"),
        "jadwal-baru": _("Jadwal yang sedang disusun"),
        "akun-admin": _("Akun Admin Instansi"),
        "rekomendasi": _("Rekomendasi yang sedang disusun"),
    }[queue.key]


def holds(actor: Actor, *roles: str) -> bool:
    return any(grant.role in roles for grant in actor.grants)


def queues_of(actor: Actor) -> list[Queue]:
    """The kinds of work this person may do, in the order of the flow."""
    return [queue for queue in QUEUES.values() if holds(actor, queue.role)]


def queue_for(actor: Actor, key: str) -> Queue:
    """A queue by its address; another role's looks like one that is not there."""
    queue = QUEUES.get(key)
    if queue is None or not holds(actor, queue.role):
        raise NotFoundError
    return queue


def queue_of_task(process: str, element: str) -> Queue | None:
    return next((q for q in QUEUES.values() if (q.process, q.element) == (process, element)), None)
