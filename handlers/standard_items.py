"""The items of an LPSE's standards: each has a PIC, evidence and a reviewer, and a case of its own."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlmodel import col

from engine import relations
from engine.people import actor_for
from engine.registry import Field, Handler, HandlerContext, Registry
from handlers.inpassing import DiagramFaultError
from handlers.lpse_people import ROLE as PIC
from handlers.notification import Notices
from handlers.standards import STAGES, items_of, tell
from models import LpseEvidence, LpseItem, User

STATES = ("belum", "berjalan", "diajukan", "perlu_perbaikan", "terpenuhi")


def name_pics(
    context: HandlerContext,
    *,
    phase: str,
    pics: Mapping[str, Mapping[str, Any]],
    teams: Mapping[str, str | None] | None = None,
    exceptions: Sequence[Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Name the PIC of every item of a phase: one for each stage, except where a standard has its own."""
    teams, special = teams or {}, {(int(e["standard"]), e["stage"]): e for e in exceptions or ()}
    opened = []
    for item in items_of(context, phase):
        named = special.get((item.standard, item.stage))
        pic = named["pic"] if named else pics[item.stage]
        team = (named.get("team") if named else teams.get(item.stage)) or ""
        own = update(LpseItem).where(col(LpseItem.id) == item.id)
        context.unit.connection.execute(own.values(pic_id=str(pic["id"]), team=team[:300], changed_at=context.now))
        tell(context, item.lpse_id, "pic", item_id=item.id, phase=phase, person_id=str(pic["id"]))
        opened.append(_record(item, pic, team))
    return {"items": opened, "people": list(dict.fromkeys(item["pic"]["id"] for item in opened))}


def _record(item: Row[Any], pic: Mapping[str, Any], team: str) -> dict[str, Any]:
    """What the item's own case begins with."""
    return {
        "id": item.id, "standard": item.standard, "title": item.title, "stage": STAGES[item.stage],
        "asked": item.asked, "pic": {"id": str(pic["id"]), "name": str(pic["name"])}, "team": team,
    }  # fmt: skip


class Telling:
    """One mail to each PIC for all that they were named for, not one for each item."""

    def __init__(self, notices: Notices) -> None:
        self._notices = notices

    def tell_pics(
        self, context: HandlerContext, *, items: Sequence[Mapping[str, Any]], template: str
    ) -> dict[str, Any]:
        lines: dict[str, list[str]] = {}
        for item in items:
            line = f"- Standar {item['standard']}: {item['title']}, {item['stage']}"
            lines.setdefault(str(item["pic"]["id"]), []).append(line)
        for user_id, named in lines.items():
            user = context.unit.session.get_one(User, user_id)
            self._notices.write_to(context, template, user, {"listed": "\n".join(named), "count": len(named)})
        return {"told": len(lines)}


def begin_item(context: HandlerContext, *, item: str) -> dict[str, Any]:
    """The case of an item begins: the item knows its case from now on."""
    known = _item(context, item)
    own = update(LpseItem).where(col(LpseItem.id) == item)
    context.unit.connection.execute(own.values(instance_id=context.instance_id))
    return {"lpse_id": known.lpse_id}


def start_item(context: HandlerContext, *, item: str, team: str | None = None) -> dict[str, Any]:
    """The PIC has begun: *Berjalan*. From here on the case and that of its LPSE lead to each other."""
    known = _item(context, item)
    relations.link(context.unit, context.instance_id, known.lpse_id, "lpse", context.now)
    _enter(context, known, "berjalan", **({"team": team[:300]} if team else {}))
    return {"started_at": context.now}


def submit_item(context: HandlerContext, *, item: str, evidence: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Evidence goes to the reviewer: *Diajukan*."""
    known = _item(context, item)
    number = known.rounds + 1
    rows = [
        {"item_id": item, "round": number, "attachment_id": str(e["document"]["id"]),
         "filename": str(e["document"]["filename"])[:300], "at": context.now}
        for e in {e["document"]["id"]: e for e in evidence}.values()
    ]  # fmt: skip
    context.unit.connection.execute(insert(LpseEvidence), rows)
    _enter(context, known, "diajukan", rounds=number, submitted_by=context.actor.user_id, reviewer_id=None)
    return {"round": number}


def review_item(context: HandlerContext, *, item: str, decision: str, note: str | None = None) -> dict[str, Any]:
    """*Terpenuhi* or *Perlu Perbaikan*, with what is wanting. `pic`: whom it goes back to, as named by now."""
    state = {"fulfilled": "terpenuhi", "repair": "perlu_perbaikan"}.get(decision)
    if state is None:
        msg = f"{context.element_id}: no review decides “{decision}”"
        raise DiagramFaultError(msg)
    known = _item(context, item)
    words = (note or "")[:2000]
    _enter(context, known, state, words, reviewer_id=context.actor.user_id, note=words)
    return {"pic": _person(context, known.pic_id), "decided_at": context.now}


def change_pic(context: HandlerContext, *, item: str, pic: str, reason: str) -> dict[str, Any]:
    """Another person answers for the item, and why. Whoever is named holds the role of a PIC in this instansi."""
    known = _item(context, item)
    person = actor_for(context.unit, pic, context.now)
    if person is None or not person.holds(PIC, context.instansi_id):
        msg = f"{context.element_id}: {pic} is no PIC of this LPSE"
        raise DiagramFaultError(msg)
    own = update(LpseItem).where(col(LpseItem.id) == item)
    context.unit.connection.execute(own.values(pic_id=pic, changed_at=context.now))
    tell(context, known.lpse_id, "pic", item_id=item, phase=known.phase, person_id=pic, reason=reason)
    return {"pic": {"id": pic, "name": person.name}, "reason": reason, "state": known.state}


def _item(context: HandlerContext, item: str) -> Row[Any]:
    found = context.unit.connection.execute(select(LpseItem).where(col(LpseItem.id) == item)).first()
    if found is None:
        msg = f"{context.element_id}: there is no item {item}"
        raise DiagramFaultError(msg)
    return found


def _person(context: HandlerContext, user_id: str | None) -> dict[str, Any]:
    user = context.unit.session.get_one(User, user_id)
    return {"id": user.id, "name": user.name}


def _enter(context: HandlerContext, item: Row[Any], state: str, reason: str = "", **values: Any) -> None:
    own = update(LpseItem).where(col(LpseItem.id) == item.id)
    context.unit.connection.execute(own.values(state=state, changed_at=context.now, **values))
    tell(context, item.lpse_id, "state", item_id=item.id, phase=item.phase, state=state, reason=reason)


def register(registry: Registry, notices: Notices) -> None:
    item = Field("item", "text", "Nomor butir", "Id of the item")
    pic = Field("pic", "record", "PIC: id dan nama", "The PIC: id and name")
    registry.add(
        Handler(
            name="name_pics",
            mode="inline",
            function=name_pics,
            title_id="Tetapkan PIC/Tim setiap butir sebuah tahap",
            title_en="Name the PIC of every item of a phase",
            inputs=(
                Field("phase", "text", "dasar | menengah | atas | faktual", "dasar | menengah | atas | faktual"),
                Field("pics", "record", "PIC menurut tahap implementasi", "PIC by stage"),
                Field("teams", "record", "Tim menurut tahap implementasi", "Team by stage", required=False),
                Field("exceptions", "list", "Standar yang PIC-nya lain", "Standards with another PIC", required=False),
            ),
            outputs=(
                Field("items", "list", "Butir beserta PIC-nya", "The items with their PIC"),
                Field("people", "list", "Akun para PIC", "Accounts of the PICs"),
            ),
        )
    )
    registry.add(
        Handler(
            name="tell_pics",
            mode="inline",
            function=Telling(notices).tell_pics,
            title_id="Kabari setiap PIC, satu surat untuk semua butirnya",
            title_en="Write to each PIC, one mail for all their items",
            inputs=(
                Field("items", "list", "Butir beserta PIC-nya", "The items with their PIC"),
                Field("template", "mail", "Nama berkas di folder mails", "Name of the file in the folder mails"),
            ),
            outputs=(Field("told", "number", "Banyaknya penerima", "How many were written to"),),
        )
    )
    registry.add(
        Handler(
            name="begin_item",
            mode="inline",
            function=begin_item,
            title_id="Kaitkan butir dengan kasusnya",
            title_en="Join an item with its case",
            inputs=(item,),
            outputs=(Field("lpse_id", "text", "Nomor LPSE", "Id of the LPSE"),),
        )
    )
    registry.add(
        Handler(
            name="start_item",
            mode="inline",
            function=start_item,
            title_id="Butir Berjalan",
            title_en="Work on the item has begun",
            inputs=(item, Field("team", "text", "Nama anggota tim", "Members of the team", required=False)),
            outputs=(Field("started_at", "date", "Saat dimulai", "When it began"),),
        )
    )
    registry.add(
        Handler(
            name="submit_item",
            mode="inline",
            function=submit_item,
            title_id="Ajukan bukti butir",
            title_en="Submit the evidence of an item",
            inputs=(item, Field("evidence", "list", "Bukti, masing-masing dengan dokumen", "Evidence with documents")),
            outputs=(Field("round", "number", "Pengajuan ke-", "Which submission it is"),),
        )
    )
    registry.add(
        Handler(
            name="review_item",
            mode="inline",
            function=review_item,
            title_id="Catat hasil tinjauan butir",
            title_en="Record the review of an item",
            inputs=(
                item,
                Field("decision", "text", "fulfilled | repair", "fulfilled | repair"),
                Field("note", "text", "Catatan", "Note", required=False),
            ),
            outputs=(pic, Field("decided_at", "date", "Saat diputuskan", "When it was decided")),
        )
    )
    registry.add(
        Handler(
            name="change_pic",
            mode="inline",
            function=change_pic,
            title_id="Ganti PIC sebuah butir, dengan alasan",
            title_en="Change the PIC of an item, with a reason",
            inputs=(
                item,
                Field("pic", "text", "Akun PIC yang baru", "Account of the new PIC"),
                Field("reason", "text", "Alasan", "Reason"),
            ),
            outputs=(
                pic,
                Field("reason", "text", "Alasan", "Reason"),
                Field("state", "text", "Keadaan butir", "State of the item"),
            ),
        )
    )
