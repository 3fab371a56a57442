"""The flow that destroys records: its list, the decision on it, and which processes have a schedule."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine import retention
from engine.forms import Fault, FieldSource, Option
from engine.registry import Field, Handler, HandlerContext, Registry
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Definition, Disposal, UserTask

DECIDING = "decide"
"""The task whose completion is the approval."""
UNKNOWN = Fault("unknown_process", Text("Proses ini tidak punya jadwal retensi.", "This process has no schedule."))


def compose_disposal(
    context: HandlerContext, *, until: date, process: str | None = None, reviewed: bool = False
) -> dict[str, Any]:
    """The list of this case. What is composed once stays as it is."""
    disposal = retention.compose(
        context.unit,
        Disposal(
            id=context.instance_id,
            instance_id=context.instance_id,
            number=context.number,
            definition_key=process or None,
            until=until,
            made_by=context.starter_id,
            made_at=context.now,
        ),
        reviewed=reviewed,
    )
    return {"id": disposal.id, "cases": disposal.cases, "documents": disposal.documents}


def destroy_disposed(context: HandlerContext, *, decision: str) -> dict[str, Any]:
    """Destroy what is on this case's list, by the decision of who completed the deciding task."""
    done = retention.destroy(
        context.unit, context.instance_id, by=_decider(context), decision=decision, now=context.now
    )
    return {"cases": done.cases, "documents": done.documents}


def refuse_disposal(context: HandlerContext, *, decision: str) -> dict[str, Any]:
    """Close this case's list; nothing is destroyed."""
    retention.refuse(context.unit, context.instance_id, by=context.actor.user_id, decision=decision)
    return {"refused": True}


def _decider(context: HandlerContext) -> str | None:
    query = select(col(UserTask.closed_by)).where(
        col(UserTask.instance_id) == context.instance_id,
        col(UserTask.element_id) == DECIDING,
        col(UserTask.state) == "completed",
    )
    return context.unit.connection.execute(query).scalar()


def options(unit: UnitOfWork, query: str, values: Any) -> list[Option]:  # noqa: ARG001 -- few enough to show all
    """Processes that have a schedule, by their titles."""
    keys = {schedule.key for schedule in retention.schedules(unit)}
    titles = select(col(Definition.key), col(Definition.title)).where(col(Definition.key).in_(keys))
    found = unit.connection.execute(titles.order_by(col(Definition.title)))
    return [Option(row.key, Text(row.title, row.title)) for row in found]


def resolve(unit: UnitOfWork, raw: str, values: Any) -> str | Fault:  # noqa: ARG001
    return raw if raw in {schedule.key for schedule in retention.schedules(unit)} else UNKNOWN


def register(registry: Registry) -> None:
    registry.fields.add(
        FieldSource(
            name="scheduled_process",
            options=options,
            resolve=resolve,
            title_id="Proses yang punya jadwal retensi",
            title_en="Processes with a retention schedule",
        )
    )
    decision = Field("decision", "text", "Nomor keputusan", "Number of the decision")
    cases = Field("cases", "number", "Jumlah kasus", "How many cases")
    documents = Field("documents", "number", "Jumlah dokumen dari kasus lain", "How many documents of other cases")
    registry.add(
        Handler(
            name="compose_disposal",
            mode="inline",
            function=compose_disposal,
            title_id="Susun daftar usul musnah menurut jadwal retensi",
            title_en="Compose the list of what is due by its schedule",
            inputs=(
                Field("until", "date", "Habis masa simpannya pada", "Time is over on"),
                Field("process", "text", "Hanya proses ini", "Only this process", required=False),
                Field("reviewed", "boolean", "Termasuk yang dinilai kembali", "With what is reviewed", required=False),
            ),
            outputs=(Field("id", "text", "Daftar", "The list"), cases, documents),
        )
    )
    registry.add(
        Handler(
            name="destroy_disposed",
            mode="async",
            function=destroy_disposed,
            title_id="Musnahkan yang ada pada daftar kasus ini",
            title_en="Destroy what is on this case's list",
            inputs=(decision,),
            outputs=(cases, documents),
        )
    )
    registry.add(
        Handler(
            name="refuse_disposal",
            mode="inline",
            function=refuse_disposal,
            title_id="Tutup daftar tanpa memusnahkan",
            title_en="Close the list without destroying",
            inputs=(decision,),
            outputs=(Field("refused", "boolean", "Ditolak", "Refused"),),
        )
    )
