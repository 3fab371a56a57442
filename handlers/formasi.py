"""Formasi: how many participants of each jenjang an instansi may have, and taking or giving back one of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from engine import relations
from engine.registry import BusinessError, Field, Handler, HandlerContext, Registry
from engine.unit_of_work import inserting
from handlers.inpassing import inserted, instansi_of, jenjang_of, programme_of
from models import Formasi, Instance

BELOW_USED = "below_used"
_KEY = ("programme_id", "instansi_id", "jenjang")


class BelowUsedError(BusinessError):
    """{used} participants of jenjang {jenjang} are registered already: fewer than that cannot be approved."""

    indonesian = (
        "Sudah ada {used} peserta jenjang {jenjang} terdaftar: formasi tidak dapat disetujui di bawah jumlah itu."
    )
    code = BELOW_USED

    def __init__(self, jenjang: str, used: int) -> None:
        super().__init__(BELOW_USED, jenjang=jenjang, used=used)


def approve_formasi(context: HandlerContext, *, numbers: Mapping[str, Any]) -> dict[str, Any]:
    """The numbers hold from now on for the instansi of the case; they replace those approved before."""
    programme, instansi = programme_of(context), instansi_of(context)
    titles = jenjang_of(context)
    approved = {jenjang: int(numbers.get(jenjang) or 0) for jenjang in titles}
    for jenjang, number in approved.items():  # always in this order, so that two approvals never wait for each other
        row = {
            "programme_id": programme, "instansi_id": instansi, "jenjang": jenjang, "approved": number, "used": 0,
            "instance_id": context.instance_id, "approved_at": context.now,
        }  # fmt: skip
        statement = inserting(context.unit, Formasi).values(row)
        new = {name: statement.excluded[name] for name in ("approved", "instance_id", "approved_at")}
        statement = statement.on_conflict_do_update(
            index_elements=["programme_id", "instansi_id", "jenjang"],
            set_=new,
            where=col(Formasi.used) <= statement.excluded.approved,
        )
        if not inserted(context.unit, statement, col(Formasi.jenjang)):
            raise BelowUsedError(titles[jenjang], numbers_of(context, programme, instansi, jenjang)[1])
    return {"approved": approved, "total": sum(approved.values())}


def _row() -> tuple[Any, ...]:
    return tuple(col(getattr(Formasi, name)) == bindparam(f"of_{name}") for name in _KEY)


# Made once: to build them costs as much as to send them.
_PROPOSAL = select(col(Instance.id)).join(Formasi, col(Formasi.instance_id) == col(Instance.id)).where(*_row())
_NUMBERS = select(col(Formasi.approved), col(Formasi.used)).where(*_row())
_TAKE = update(Formasi).where(*_row(), col(Formasi.used) < col(Formasi.approved)).values(used=col(Formasi.used) + 1)
_GIVE_BACK = update(Formasi).where(*_row(), col(Formasi.used) > 0).values(used=col(Formasi.used) - 1)


def link_proposal(context: HandlerContext, programme: str, instansi: str, jenjang: str) -> None:
    """The participant's case knows the proposal by which its formasi was approved."""
    proposal = context.unit.connection.execute(_PROPOSAL, _of(programme, instansi, jenjang)).scalar()
    if proposal is not None:
        relations.link(context.unit, context.instance_id, proposal, "formasi", context.now)


def numbers_of(context: HandlerContext, programme: str, instansi: str, jenjang: str) -> tuple[int, int]:
    """How many were approved, and how many of them are taken."""
    row = context.unit.connection.execute(_NUMBERS, _of(programme, instansi, jenjang)).first()
    return (0, 0) if row is None else (row.approved, row.used)


def take(context: HandlerContext, programme: str, instansi: str, jenjang: str) -> bool:
    """Take one; False when none is left. The row is locked until the act ends."""
    return context.unit.connection.execute(_TAKE, _of(programme, instansi, jenjang)).rowcount == 1


def give_back(context: HandlerContext, programme: str, instansi: str, jenjang: str) -> None:
    """Give one back that was taken."""
    context.unit.connection.execute(_GIVE_BACK, _of(programme, instansi, jenjang))


def _of(programme: str, instansi: str, jenjang: str) -> dict[str, str]:
    return {"of_programme_id": programme, "of_instansi_id": instansi, "of_jenjang": jenjang}


def register(registry: Registry) -> None:
    registry.add(
        Handler(
            name="approve_formasi",
            mode="inline",
            function=approve_formasi,
            title_id="Tetapkan formasi yang disetujui",
            title_en="Set the approved formasi",
            inputs=(
                Field("numbers", "record", "Jumlah per jenjang", "Number by jenjang"),
            ),
            outputs=(
                Field("approved", "record", "Jumlah yang disetujui per jenjang", "Approved number by jenjang"),
                Field("total", "number", "Jumlah seluruhnya", "In all"),
            ),
            errors=(BELOW_USED,),
        )
    )  # fmt: skip
