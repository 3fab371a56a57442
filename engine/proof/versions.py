"""Deployed versions and calendars: each is what the ledger entered when it came to be, and what its id says."""

from collections.abc import Iterator

from sqlalchemy import Table, select

from engine import ledger
from engine.gate.package import Package
from engine.history import Finding
from engine.history.verify import finding
from engine.ledger.digests import CALENDARS, VERSIONS, calendar_digest, version_digest
from engine.unit_of_work import UnitOfWork
from models import CalendarEntry, CalendarYear, DefinitionFile, UnitClosingDay, UnitWeek, metadata

FILES: Table = metadata.tables[str(DefinitionFile.__tablename__)]
DATED = tuple(
    metadata.tables[str(model.__tablename__)] for model in (CalendarEntry, CalendarYear, UnitClosingDay, UnitWeek)
)


def check_version(unit: UnitOfWork, version_id: str) -> list[Finding]:
    """The row and the files of one version."""
    row = unit.connection.execute(select(VERSIONS).where(VERSIONS.c.id == version_id)).first()
    if row is None:
        return [finding("version", f"Versi {version_id[:12]} tidak ada.", f"Version {version_id[:12]} is not there.")]
    files = select(FILES.c.path, FILES.c.body).where(FILES.c.version_id == version_id)
    package = Package(row.definition_key, {path: bytes(body) for path, body in unit.connection.execute(files)})
    if package.digest(row.definition_key) == version_id:
        return []
    text = f"Berkas {row.definition_key} versi {row.number} bukan yang dipasang."
    return [finding("version_files", text, f"The files of {row.definition_key} {row.number} are not as deployed.")]


def check_versions(unit: UnitOfWork) -> Iterator[tuple[str, Finding]]:
    """Every version by its name, and every calendar, with what is wrong with it."""
    entries = _entered(unit, ledger.Kind.VERSION_DEPLOYED)
    for row in unit.connection.execute(select(VERSIONS).order_by(VERSIONS.c.definition_key, VERSIONS.c.number)).all():
        name = f"{row.definition_key} {row.number}"
        for found in check_version(unit, row.id):
            yield name, found
        if entries.pop(row.id, None) != version_digest(row):
            text = f"Baris {name} bukan seperti saat dipasang."
            yield name, finding("version_row", text, f"The row of {name} is not as it was when it was deployed.")
    for ident in entries:
        yield ident[:12], finding("version_gone", "Versi ini tidak ada lagi.", "This version is gone.")


def check_calendars(unit: UnitOfWork) -> Iterator[tuple[str, Finding]]:
    entries = _entered(unit, ledger.Kind.CALENDAR_PUBLISHED)
    numbers = list(unit.connection.execute(select(CALENDARS.c.number).order_by(CALENDARS.c.number)).scalars())
    for number in numbers:
        if entries.pop(str(number), None) != calendar_digest(unit, number):
            text = f"Isi kalender versi {number} bukan seperti saat diterbitkan."
            yield str(number), finding("calendar", text, f"Calendar version {number} is not as it was published.")
    for name in entries:
        text = f"Kalender versi {name} tidak ada lagi."
        yield name, finding("calendar_gone", text, f"Calendar version {name} is gone.")
    for table in DATED:
        for column in ("added_in", "revoked_in"):
            if column in table.c:
                strange = select(table.c[column]).where(table.c[column].not_in(numbers or [0]))
                for number in unit.connection.execute(strange).scalars():
                    text = f"Ada isi untuk kalender versi {number} yang tidak ada."
                    english = f"There are days of calendar version {number}, which is not there."
                    yield str(number), finding("calendar", text, english)


def _entered(unit: UnitOfWork, kind: ledger.Kind) -> dict[str, bytes]:
    found = select(ledger.ENTRIES.c.ref, ledger.ENTRIES.c.digest).where(ledger.ENTRIES.c.kind == kind)
    return {ref: bytes(digest) for ref, digest in unit.connection.execute(found)}
