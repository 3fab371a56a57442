"""A small procedure for the page tests: somebody asks, an officer decides."""

import json
import uuid
from datetime import timedelta

from sqlmodel import col, select

from engine.actors import Actor
from engine.definitions import deploy, package_of
from engine.people import actor_for
from models import Definition, Instance, UserTask
from tests.support.bpmn import Process

KEY = "izin"
OFFICER = "petugas_izin"

MANIFEST = f"""
key = "{KEY}"
title = {{ id = "Izin Kegiatan", en = "Activity permit" }}
owner = "Dinas Contoh"
main = "{KEY}"
legal_basis = ["Peraturan Contoh Nomor 1 Tahun 2026"]
zone = "Asia/Makassar"
[start]
who = "signed_in"
label = {{ id = "Ajukan izin", en = "Apply for a permit" }}
[case]
title = 'purpose'
[lanes."Pemohon"]
assign = "starter"
[lanes."Petugas"]
role = "{OFFICER}"
scope = "any"
exclude = ["starter"]
[parameters.limit_days]
value = 3
title = {{ id = "Batas hari kerja", en = "Limit in working days" }}
[roles]
{OFFICER} = {{ id = "Petugas izin", en = "Permit officer" }}
"""

APPLY = {
    "properties": {"title": "Permohonan izin", "title_en": "Permit application"},
    "components": [
        {
            "type": "textfield",
            "key": "purpose",
            "label": "Maksud kegiatan",
            "properties": {"label_en": "Purpose of the activity"},
            "validate": {"required": True, "maxLength": 120},
        },
        {
            "type": "number",
            "key": "people",
            "label": "Banyaknya orang",
            "properties": {"label_en": "How many people"},
            "decimalDigits": 0,
            "validate": {"required": True, "min": 1},
        },
        {"type": "button", "action": "submit", "label": "Ajukan", "properties": {"label_en": "Apply"}},
    ],
}

DECIDE = {
    "properties": {"title": "Keputusan", "title_en": "Decision"},
    "components": [
        {
            "type": "radio",
            "key": "decision",
            "label": "Keputusan",
            "properties": {"label_en": "Decision"},
            "values": [
                {"value": "yes", "label": "Terima", "label_en": "Accept"},
                {"value": "no", "label": "Tolak", "label_en": "Refuse"},
            ],
            "validate": {"required": True},
        },
        {
            "type": "textarea",
            "key": "reason",
            "label": "Alasan",
            "properties": {"label_en": "Reason"},
            "conditional": {"hide": 'decision != "no"'},
            "validate": {"required": True},
        },
        {"type": "button", "action": "submit", "label": "Putuskan", "properties": {"label_en": "Decide"}},
    ],
}


def permit() -> dict[str, bytes]:
    """The package's files."""
    p = Process(KEY, name="Izin Kegiatan")
    p.start(name="Permohonan baru", lane="Pemohon")
    p.user(
        "apply", name="Isi permohonan", form="apply", lane="Pemohon", name_en="Fill in the application",
        stage="Mengisi permohonan", stage_en="Filling in the application",
    )  # fmt: skip
    p.user(
        "decide", name="Putuskan permohonan", form="decide", lane="Petugas", name_en="Decide the application",
        due='working_days_after(now(), parameters.limit_days, at="16:00")',
        stage="Menunggu keputusan petugas", stage_en="Waiting for an officer's decision",
    )  # fmt: skip
    p.exclusive("granted", name="Diterima?", lane="Petugas")
    p.end(
        "issued", name="Izin terbit", lane="Petugas", properties={"stage": "Izin terbit", "stage_en": "Permit issued"}
    )
    p.end("refused", name="Ditolak", lane="Petugas", properties={"stage": "Ditolak", "stage_en": "Refused"})
    p.chain("start", "apply", "decide", "granted")
    p.flow("granted", "issued", 'decision == "yes"', name="Ya")
    p.flow("granted", "refused", default=True, name="Tidak")
    return {
        "process.toml": MANIFEST.encode(),
        "forms/apply.json": json.dumps(APPLY).encode(),
        "forms/decide.json": json.dumps(DECIDE).encode(),
        **p.files(),
    }


def deploy_permit(app, now) -> str:
    """Make the procedure current; returns its version's id."""
    parts = app.extensions["alur"]
    with parts.database.write() as unit:
        return deploy(unit, package_of(KEY, permit()), parts.registry, "tests", "versi pertama", now).id


def acting(app, user) -> Actor:
    """The person as the engine sees them now."""
    parts = app.extensions["alur"]
    with parts.database.read() as unit:
        return actor_for(unit, user.id, parts.clock.now())


def apply_for(app, user, purpose="Bazar buku", people="40") -> str:
    """A case that stands before the officer; returns its number."""
    runner = app.extensions["alur"].runner
    actor = acting(app, user)
    instance_id = runner.start(KEY, actor)
    runner.complete(task_of(app, instance_id, "apply").id, actor, {"purpose": purpose, "people": people})
    return case_of(app, instance_id).number


def case_of(app, instance_id) -> Instance:
    with app.extensions["alur"].database.read() as unit:
        return unit.session.get_one(Instance, instance_id)


def task_of(app, instance_id, element_id) -> UserTask:
    """The newest task of an element."""
    with app.extensions["alur"].database.read() as unit:
        found = select(UserTask).where(UserTask.instance_id == instance_id, UserTask.element_id == element_id)
        return unit.session.exec(found.order_by(col(UserTask.created_at).desc())).first()


def by_number(app, number) -> Instance:
    with app.extensions["alur"].database.read() as unit:
        return unit.session.exec(select(Instance).where(Instance.number == number)).one()


def many_tasks(app, count, *, now, version_id, assignee=None, role=OFFICER, every=timedelta(hours=1)) -> list[str]:
    """`count` open tasks as the engine would have left them, due one after the other; for lists and their paging."""
    parts = app.extensions["alur"]
    ids = []
    with parts.database.write() as unit:
        unit.session.get_one(Definition, KEY)
        for n in range(count):
            case = Instance(
                id=uuid.uuid4().hex, number=f"N-{uuid.uuid4().hex[:10]}", definition_key=KEY, version_id=version_id,
                title=f"Kegiatan {n:04}", zone="Asia/Makassar", started_at=now, revision=1, meta=b"", chain_head=b"",
                state_digest=b"",
            )  # fmt: skip
            unit.session.add(case)
            unit.session.flush()
            task = UserTask(
                id=uuid.uuid4().hex, instance_id=case.id, definition_key=KEY, element_id="decide",
                name="Putuskan permohonan", case_title=case.title, role=role, assignee_id=assignee, created_at=now,
                due_at=now + every * n if n % 5 else None,
            )  # fmt: skip
            unit.session.add(task)
            ids.append(task.id)
    return ids
