"""Import of accesses that INAPROC has already: one a row. Whoever has no account gets one that waits for activation."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from engine.imports import Column, ImportContext, ImportKind, Row, RowFault, Together
from engine.imports.kinds import Values
from engine.imports.limits import LARGE
from engine.people import membership_status
from engine.people.enrolment import Enrolment, enrol, memberships_by_user, users_by_email
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from handlers.imports.inaproc import KINDS, ROLES, UNKNOWN, Agencies, Agency, country
from handlers.satuan_kerja import known_by_name
from models import Membership, User

WHO = ("admin",)
COLUMNS = (
    Column("name", Text("Nama", "Name"), required=True, telling=True, example="Joko Santosa", max_length=200),
    Column("email", Text("E-mail", "E-mail"), "email", required=True, telling=True, example="joko.santosa@contoh.go.id",
           explanation=Text("Satu alamat satu akun; bila akunnya sudah ada, aksesnya ditambahkan.",
                            "One address is one account; if there is one already, the access is added to it.")),
    Column("role", Text("Peran", "Role"), "choice", required=True, telling=True, example="pejabat_pembuat_komitmen",
           options=ROLES),
    Column("instansi_kind", Text("Jenis Instansi", "Kind of agency"), "choice", required=True, example="kabupaten",
           options=KINDS),
    Column("instansi", Text("Nama Instansi", "Agency"), required=True, telling=True, example="Kabupaten Kapuas",
           explanation=Text("Seperti pada daftar instansi.", "As in the list of agencies.")),
    Column("satuan_kerja", Text("Satuan Kerja", "Working unit"), max_length=200, example="Dinas Kesehatan"),
    Column("valid_until", Text("Tanggal Berakhir", "End date"), "date", required=True, example="31/12/2026",
           explanation=Text("Hari terakhir akses berlaku, menurut SK/ST.",
                            "The last day of the access, as in the decree or letter of assignment.")),
)  # fmt: skip

OWN = Text("Akses untuk akun sendiri tidak dapat diimpor.", "An access for one's own account cannot be imported.")
OVER = Text("Tanggal berakhir sudah lewat.", "The end date has passed.")
DISABLED = Text("Akun dengan alamat ini dinonaktifkan.", "The account with this address is disabled.")
HELD = Text("Akun ini sudah memegang akses yang sama di instansi ini.", "This account holds the same access already.")
CREATED = Text("Akun dibuat, menunggu aktivasi; akses diberikan.", "Account made, to be activated; access granted.")
ADDED = Text("Akun sudah ada; akses ditambahkan.", "There was an account; the access was added.")
WIB = {"Asia/Pontianak": "Asia/Jakarta"}
"""An account's own zone is one of the three that people choose from."""
OPEN = frozenset({"active", "ending", "future"})


class Standing:
    """What the database knows of the agencies, accounts and accesses that some rows name, in three statements."""

    def __init__(self, unit: UnitOfWork, context: ImportContext, rows: Sequence[Values]) -> None:
        self.context = context
        self.agencies = Agencies(unit)
        self.users = users_by_email(unit, [values["email"] for values in rows])
        self._held = memberships_by_user(unit, [user.id for user in self.users.values()])

    def agency(self, values: Values) -> Agency | None:
        return self.agencies.of_kind(values["instansi_kind"], values["instansi"])

    def faults(self, values: Values) -> list[RowFault]:
        user, agency = self.users.get(values["email"]), self.agency(values)
        faults = []
        if agency is None:
            faults.append(RowFault("instansi", UNKNOWN.filled(name=values["instansi"])))
        elif date.fromisoformat(values["valid_until"]) < today(agency, self.context.now):
            faults.append(RowFault("valid_until", OVER))
        if user is not None and user.state == "disabled":
            faults.append(RowFault("email", DISABLED))
        if user is not None and user.id == self.context.actor.user_id:
            faults.append(RowFault("email", OWN))
        if user is not None and agency is not None and self._holds(user, values["role"], agency):
            faults.append(RowFault("email", HELD))
        return faults

    def _holds(self, user: User, role: str, agency: Agency) -> bool:
        return any(
            held.role == role and held.instansi_id == agency.id and _open(held, agency, self.context.now)
            for held in self._held.get(user.id, ())
        )


def check(unit: UnitOfWork, context: ImportContext, rows: Mapping[int, Values]) -> dict[int, list[RowFault]]:
    """Known agencies, end dates to come, nobody who holds the access already."""
    standing = Standing(unit, context, list(rows.values()))
    found = {number: standing.faults(values) for number, values in rows.items()}
    return {number: faults for number, faults in found.items() if faults}


def apply_many(unit: UnitOfWork, context: ImportContext, rows: Sequence[Row]) -> Together:
    """Accounts, working units and accesses of some hundreds of rows; checked once more, for time has passed."""
    standing = Standing(unit, context, [row.values for row in rows])
    refused: dict[int, Text] = {}
    good: dict[tuple[str, str, str], tuple[Row, Agency]] = {}
    for row in rows:
        faults, agency = standing.faults(row.values), standing.agency(row.values)
        key = (row.values["email"], row.values["role"], agency.id if agency is not None else "")
        if faults or agency is None:
            refused[row.number] = faults[0].text
        elif key in good:  # another spelling of the same agency passed the file's own check
            refused[row.number] = HELD
        else:
            good[key] = row, agency
    units = _units(unit, context, good)
    wanted = {row.number: _enrolment(context, row, agency, units) for row, agency in good.values()}
    reason = f"Impor {context.run_id[:8]}"
    new = enrol(unit, list(wanted.values()), standing.users, by=context.actor, reason=reason, now=context.now)
    return Together({n: CREATED if one.email in new else ADDED for n, one in wanted.items()}, refused)


def _units(
    unit: UnitOfWork, context: ImportContext, good: Mapping[tuple[str, str, str], tuple[Row, Agency]]
) -> dict[tuple[str, str], str]:
    named = {(agency.id, row.values["satuan_kerja"]) for row, agency in good.values() if row.values["satuan_kerja"]}
    return known_by_name(unit, named, context.now)


def _enrolment(context: ImportContext, row: Row, agency: Agency, units: Mapping[tuple[str, str], str]) -> Enrolment:
    values = row.values
    return Enrolment(
        email=values["email"],
        name=values["name"],
        role=values["role"],
        instansi_id=agency.id,
        satuan_kerja_id=units.get((agency.id, values["satuan_kerja"] or "")),
        valid_from=today(agency, context.now),
        valid_until=date.fromisoformat(values["valid_until"]),
        source_key=f"import:{row.run_id}:{row.number}",
        zone=WIB.get(agency.zone, agency.zone),
    )


def _open(held: Membership, agency: Agency, now: datetime) -> bool:
    return membership_status(held, now, agency.zone) in OPEN


def today(agency: Agency, now: datetime) -> date:
    """The day it is where the agency is."""
    return now.astimezone(ZoneInfo(agency.zone)).date()


KIND = ImportKind(
    name="inaproc_accounts",
    title=Text("Akses INAPROC yang sudah ada", "Accesses that INAPROC has already"),
    description=Text(
        "Satu baris satu akses. Akun yang belum ada dibuat dan menunggu aktivasi pemiliknya; tidak ada surel dikirim.",
        "One access a row. Accounts that are missing are made and wait for their owners; no mail is sent.",
    ),
    noun=Text("akses", "accesses"),
    roles=WHO,
    columns=COLUMNS,
    scopes=country(WHO),
    check=check,
    apply_many=apply_many,
    unique=(("email", "role", "instansi_kind", "instansi"),),
    limits=LARGE,
)
