"""Recaps of the source's slides (27 August 2025), imported as anybody would import them."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from engine.clock import VirtualClock
from engine.definitions import Definitions
from engine.imports import intake, runs, work
from engine.people import actor_for, find_by_email
from engine.registry import Registry
from engine.runner import Runner
from engine.unit_of_work import Database
from models import AgencyRecap, BulkRun

WHO = "spd@contoh.go.id"
FILES = {"inaproc_totals": "akun_kalimantan_tengah.csv", "inaproc_role_totals": "akun_nasional.csv"}


def load_recaps(database: Database, registry: Registry, now: datetime) -> None:
    """Import both files, unless there is a recap already."""
    with database.read() as unit:
        user = find_by_email(unit, WHO)
        actor = actor_for(unit, user.id, now) if user is not None else None
        known = unit.connection.execute(select(col(AgencyRecap.day)).limit(1)).first()
    if actor is None or known is not None:
        return
    runner = Runner(database, registry, Definitions(database), VirtualClock(now))
    for name, file in FILES.items():
        kind = registry.imports.get(name)
        with database.read() as unit:
            scope = kind.scopes(unit, actor, now)[0]
        context = runs.context_of(runs.new_run_id(), actor, scope, now, registry, runner.definitions)
        run_id = intake.take_table(database, kind, context, file, Path(__file__).with_name(file).read_bytes())
        with database.write() as unit:
            runs.start(unit, unit.session.get_one(BulkRun, run_id), now)
        work.work_off(runner, process="demo", run_id=run_id)
