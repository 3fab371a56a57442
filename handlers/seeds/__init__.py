"""What every installation begins with: the agencies of `instansi.csv`, and the working calendar.

Provinces (38), kabupaten (416) and kota (98, with the administrative ones of Jakarta) are those that the Minister of
Home Affairs gives codes to, read from idn-area-data 4.0.1 (MIT) and counted province by province; names are spelled as
there, except where a source of ours spells one otherwise (Kota Palangka Raya).
"""

import csv
import uuid
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlmodel import col

from engine.calendar import seed_calendar
from engine.unit_of_work import UnitOfWork
from handlers.seeds.offices import seed_offices
from models import Instansi

INSTANSI_FILE = Path(__file__).with_name("instansi.csv")
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://alur.go.id/instansi")


def prepare(unit: UnitOfWork, now: datetime) -> None:
    """Fill what is still missing; doing it again changes nothing."""
    seed_instansi(unit)
    seed_offices(unit, now)
    seed_calendar(unit, now)


def instansi_id(kind: str, name: str) -> str:
    """The same in every installation, so that a scenario or an export may name an agency by it."""
    return uuid.uuid5(_NAMESPACE, f"{kind}:{name}").hex


def seed_instansi(unit: UnitOfWork) -> int:
    """Add the agencies that are not there yet, by kind and name; returns how many were added."""
    known = {tuple(row) for row in unit.session.execute(select(col(Instansi.kind), col(Instansi.name)))}
    missing = [row for row in read_instansi() if (row.kind, row.name) not in known]
    unit.session.add_all(missing)
    unit.session.flush()
    return len(missing)


def read_instansi() -> list[Instansi]:
    """The agencies of the file."""
    with INSTANSI_FILE.open(encoding="utf-8", newline="") as file:
        return [
            Instansi(
                id=instansi_id(row["kind"], row["name"]),
                kind=row["kind"],
                name=row["name"],
                province=row["province"] or None,
                zone=row["zone"],
            )
            for row in csv.DictReader(file)
        ]
