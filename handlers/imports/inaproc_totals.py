"""Imports of recaps (*rekap per tanggal*): accounts and verifiers of each agency, and accounts of each role."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert, select, update
from sqlmodel import col

from calendars.words import full_date
from calendars.zones import DEFAULT_ZONE
from engine.imports import Column, ImportContext, ImportKind, Row, RowFault, Together
from engine.imports.kinds import Values
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from handlers.imports.inaproc import ROLES, UNKNOWN, Agencies, country
from models import AgencyRecap, RoleRecap, metadata

WHO = ("spd", "owner", "admin")
DAY = Column("day", Text("Tanggal", "Date"), "date", required=True, telling=True, example="31/12/2025",
             explanation=Text("Per tanggal berapa angka ini.", "As of which day the figures are."))  # fmt: skip
AGENCY_COLUMNS = (
    Column("instansi", Text("Instansi", "Agency"), required=True, telling=True, example="Kabupaten Kapuas",
           explanation=Text("Seperti pada daftar instansi.", "As in the list of agencies.")),
    Column("vai", Text("Jumlah VAI", "Number of VAI"), "number", required=True, telling=True, example="3", decimals=0),
    Column("accounts", Text("Jumlah Akun", "Number of accounts"), "number", required=True, telling=True,
           example="250", decimals=0, explanation=Text("Termasuk VAI.", "VAI among them.")),
    DAY,
)  # fmt: skip
ROLE_COLUMNS = (
    Column("role", Text("Peran", "Role"), "choice", required=True, telling=True, example="pejabat_pembuat_komitmen",
           options=ROLES),
    Column("accounts", Text("Jumlah Akun", "Number of accounts"), "number", required=True, telling=True,
           example="40000", decimals=0, explanation=Text("Seluruh Indonesia.", "In the whole country.")),
    DAY,
)  # fmt: skip
NEGATIVE = Text("“{label}” tidak boleh kurang dari nol.", "“{label}” cannot be less than nought.")
HUGE = Text("“{label}” paling banyak {most}.", "“{label}” is at most {most}.")
MOST = 10_000_000
MORE_VAI = Text(
    "Jumlah VAI ({vai}) melebihi Jumlah Akun ({accounts}); VAI termasuk di dalamnya.",
    "There are more VAI ({vai}) than accounts ({accounts}); they are among them.",
)
FUTURE = Text("Tanggal {day} belum tiba.", "The day {day} has not come.")
TWICE = Text(
    "Instansi ini sudah ada di baris {row} untuk tanggal yang sama.", "This agency stands in row {row} already."
)
KNOWN = Text(
    "Rekap ini sudah tercatat dengan angka yang sama.", "This recap is recorded already, with the same figures."
)
RECORDED = Text("Tercatat.", "Recorded.")
REPLACED = Text("Tercatat; sebelumnya {before}.", "Recorded; it was {before} before.")


def check_agencies(unit: UnitOfWork, context: ImportContext, rows: Mapping[int, Values]) -> dict[int, list[RowFault]]:
    """Known agencies, figures that can be, a day that has come, and nothing that stands there already."""
    agencies, known = Agencies(unit), _known(unit, AgencyRecap, rows)
    first: dict[tuple[str, date], int] = {}
    found: dict[int, list[RowFault]] = {}
    for number, values in rows.items():
        faults = [*_figures(values, AGENCY_COLUMNS), *_day_fault(context, values)]
        if not faults and values["vai"] > values["accounts"]:
            faults.append(RowFault("vai", MORE_VAI.filled(vai=values["vai"], accounts=values["accounts"])))
        agency = agencies.named(values["instansi"])
        if agency is None:
            faults.append(RowFault("instansi", UNKNOWN.filled(name=values["instansi"])))
        else:
            key = agency.id, date.fromisoformat(values["day"])
            before = first.setdefault(key, number)
            if before != number:
                faults.append(RowFault("instansi", TWICE.filled(row=before)))
            elif known.get(key) == (values["vai"], values["accounts"]):
                faults.append(RowFault("", KNOWN))
        if faults:
            found[number] = faults
    return found


def check_roles(unit: UnitOfWork, context: ImportContext, rows: Mapping[int, Values]) -> dict[int, list[RowFault]]:
    """The same of roles; which stand once in a file for a day is seen to by the file's own rule."""
    known = _known(unit, RoleRecap, rows)
    found: dict[int, list[RowFault]] = {}
    for number, values in rows.items():
        faults = [*_figures(values, ROLE_COLUMNS), *_day_fault(context, values)]
        if not faults and known.get((values["role"], date.fromisoformat(values["day"]))) == (values["accounts"],):
            faults.append(RowFault("", KNOWN))
        if faults:
            found[number] = faults
    return found


def apply_agencies(unit: UnitOfWork, context: ImportContext, rows: Sequence[Row]) -> Together:
    agencies = Agencies(unit)
    keyed = {}
    for row in rows:
        agency = agencies.named(row.values["instansi"])
        keyed[row.number] = agency.id if agency is not None else ""
    return _apply(unit, context, rows, AgencyRecap, keyed, check_agencies)


def apply_roles(unit: UnitOfWork, context: ImportContext, rows: Sequence[Row]) -> Together:
    keyed = {row.number: row.values["role"] for row in rows}
    return _apply(unit, context, rows, RoleRecap, keyed, check_roles)


def _apply(
    unit: UnitOfWork, context: ImportContext, rows: Sequence[Row], model: Any, keyed: Mapping[int, str], check: Any
) -> Together:
    """Insert what is new, replace what stands otherwise; checked once more, for time has passed since the dry run."""
    values = {row.number: row.values for row in rows}
    refused = {number: faults[0].text for number, faults in check(unit, context, values).items()}
    known, (key, figures) = _known(unit, model, values), _shape(model)
    table: Table = metadata.tables[str(model.__tablename__)]
    done: dict[int, Text] = {}
    new = []
    for number, row in values.items():
        if number in refused:
            continue
        day = date.fromisoformat(row["day"])
        counted = {name: row[name] for name in figures}
        written = {**counted, "source": f"import:{context.run_id}", "recorded_at": context.now}
        before = known.get((keyed[number], day))
        if before is None:
            new.append({"day": day, key: keyed[number], **written})
            done[number] = RECORDED
        else:
            this = (table.c.day == day) & (table.c[key] == keyed[number])
            unit.connection.execute(update(table).where(this).values(written))
            done[number] = REPLACED.filled(before=" · ".join(map(str, before)))
    if new:
        unit.connection.execute(insert(table), new)
    return Together(done, refused)


def _shape(model: Any) -> tuple[str, tuple[str, ...]]:
    return ("instansi_id", ("vai", "accounts")) if model is AgencyRecap else ("role", ("accounts",))


def _known(unit: UnitOfWork, model: Any, rows: Mapping[int, Values]) -> dict[tuple[str, date], tuple[int, ...]]:
    """What is recorded for the days of these rows, by what it counts and its day."""
    key, figures = _shape(model)
    days = {date.fromisoformat(values["day"]) for values in rows.values()}
    table: Table = metadata.tables[str(model.__tablename__)]
    found = select(table.c[key], table.c.day, *(table.c[name] for name in figures)).where(col(model.day).in_(days))
    return {(row[0], row[1]): tuple(row[2:]) for row in unit.connection.execute(found)}


def _figures(values: Values, columns: Sequence[Column]) -> list[RowFault]:
    faults = []
    for column in columns:
        if column.kind == "number" and values[column.key] < 0:
            faults.append(RowFault(column.key, NEGATIVE.filled(label=column.heading)))
        elif column.kind == "number" and values[column.key] > MOST:
            faults.append(RowFault(column.key, HUGE.filled(label=column.heading, most=MOST)))
    return faults


def _day_fault(context: ImportContext, values: Values) -> list[RowFault]:
    day = date.fromisoformat(values["day"])
    if day <= context.now.astimezone(ZoneInfo(DEFAULT_ZONE)).date():
        return []
    return [RowFault("day", FUTURE.filled(day=Text(full_date(day, "id"), full_date(day, "en"))))]


TOTALS = ImportKind(
    name="inaproc_totals",
    title=Text("Rekap akun INAPROC per instansi", "Recap of INAPROC accounts by agency"),
    description=Text(
        "Satu baris satu instansi: jumlah VAI dan jumlah akun per tanggal. Angka yang sudah ada digantikan.",
        "One agency a row: its VAI and its accounts as of a day. Figures that are there already are replaced.",
    ),
    noun=Text("instansi", "agencies"),
    roles=WHO,
    columns=AGENCY_COLUMNS,
    scopes=country(WHO),
    check=check_agencies,
    apply_many=apply_agencies,
    unique=(("instansi", "day"),),
    follows="inaproc_role_totals",
)
ROLE_TOTALS = ImportKind(
    name="inaproc_role_totals",
    title=Text("Rekap akun INAPROC per peran, nasional", "Recap of INAPROC accounts by role, nationally"),
    description=Text(
        "Satu baris satu peran (PPK, PP, Bendahara, VAI): jumlah akun di seluruh Indonesia per tanggal.",
        "One role a row (PPK, PP, Bendahara, VAI): its accounts in the whole country as of a day.",
    ),
    noun=Text("peran", "roles"),
    roles=WHO,
    columns=ROLE_COLUMNS,
    scopes=country(WHO),
    check=check_roles,
    apply_many=apply_roles,
    unique=(("role", "day"),),
)
