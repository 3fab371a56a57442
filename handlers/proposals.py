"""Proposals of formasi: one at a time for each instansi, and what the proposer should know before filling it in."""

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from handlers.formasi import numbers_of
from handlers.inpassing import DiagramFaultError, instansi_of, jenjang_of, programme_of
from models import Instance, Instansi

PROPOSAL_OPEN = "proposal_open"
OPEN = ("active", "suspended")


class ProposalOpenError(BusinessError):
    """Proposal {number} is still open: go on with that one."""

    indonesian = "Usulan {number} masih terbuka: lanjutkan usulan itu."
    code = PROPOSAL_OPEN

    def __init__(self, number: str) -> None:
        super().__init__(PROPOSAL_OPEN, number=number)


def begin_proposal(context: HandlerContext, *, process: str) -> dict[str, Any]:
    """The only open case of the process for its instansi in its programme, or ProposalOpenError."""
    programme, instansi = programme_of(context), instansi_of(context)
    # Two proposals begun in the same moment see each other only when one of them waits here for the other to be kept.
    if context.unit.session.get(Instansi, instansi, with_for_update={"key_share": True}) is None:
        msg = f"{context.element_id}: there is no such instansi"
        raise DiagramFaultError(msg)
    others = select(col(Instance.number)).where(
        col(Instance.definition_key) == process,
        col(Instance.programme_id) == programme,
        col(Instance.instansi_id) == instansi,
        col(Instance.status).in_(OPEN),
        col(Instance.id) != context.instance_id,
    )
    other = context.unit.connection.execute(others).scalar()
    if other is not None:
        raise ProposalOpenError(other)
    numbers = {jenjang: numbers_of(context, programme, instansi, jenjang) for jenjang in jenjang_of(context)}
    return {
        "approved": {jenjang: approved for jenjang, (approved, _) in numbers.items()},
        "used": {jenjang: used for jenjang, (_, used) in numbers.items()},
        "approved_before": any(approved for approved, _ in numbers.values()),
    }


def register(registry: Registry) -> None:
    registry.add(
        Handler(
            name="begin_proposal",
            mode="inline",
            function=begin_proposal,
            title_id="Mulai satu-satunya usulan formasi yang terbuka",
            title_en="Begin the only open proposal of formasi",
            inputs=(Field("process", "text", "Kunci proses pengusulan", "Key of the process of proposing"),),
            outputs=(
                Field("approved", "record", "Formasi yang berlaku per jenjang", "Formasi in force by jenjang"),
                Field("used", "record", "Yang sudah terpakai per jenjang", "What is taken of it by jenjang"),
                Field("approved_before", "boolean", "Pernah disetujui dalam program ini?", "Approved before?"),
            ),
            errors=(PROPOSAL_OPEN,),
        )
    )
