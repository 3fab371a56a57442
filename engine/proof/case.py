"""One case: everything that is kept of it against its record, and its record against itself."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from engine.acts.facts import Facts
from engine.definitions import Definitions, LoadedVersion
from engine.documents import Documents
from engine.history import Finding
from engine.history.verify import finding, verify_record
from engine.proof.copies import Copies
from engine.proof.documents import (
    Files,
    Named,
    check_documents,
    check_letters,
    destroyed_events,
    is_state_destroyed,
    named_in,
)
from engine.proof.reading import Kept, attachments_by_id, one_moment, read_cases
from engine.proof.standing import check_standing
from engine.proof.versions import check_version
from engine.replay import check_session, replay_record
from engine.spiff import Session
from engine.unit_of_work import UnitOfWork


@dataclass
class Bench:
    """What checking many cases shares: versions that were loaded, files that were read."""

    definitions: Definitions
    documents: Documents | None = None
    replay: bool = False
    files: Files = field(init=False)
    versions: dict[str, LoadedVersion | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.files = Files(self.documents)

    def version(self, unit: UnitOfWork, version_id: str | None) -> LoadedVersion | None:
        """None where it cannot be loaded or is not what was deployed: see `check_version`."""
        if version_id is None:
            return None
        if version_id not in self.versions:
            sound = not check_version(unit, version_id)
            self.versions[version_id] = self.definitions.version(version_id, unit) if sound else None
        return self.versions[version_id]


@dataclass(frozen=True)
class Checked:
    """What came of one case."""

    case: Row[Any]
    events: int
    acts: int
    findings: tuple[Finding, ...]
    destroyed: bool = False
    """Retention took payloads of it: it is proved, but cannot be re-executed to its end."""


def check_case(
    unit: UnitOfWork,
    definitions: Definitions,
    instance_id: str,
    *,
    replay: bool = False,
    documents: Documents | None = None,
) -> list[Finding]:
    """Everything wrong with a case, in a unit that has not read anything yet; NotFoundError when there is none."""
    one_moment(unit)
    bench = Bench(definitions, documents, replay)
    return [f for checked in check_cases(unit, bench, [instance_id]) for f in checked.findings]


def check_cases(unit: UnitOfWork, bench: Bench, ids: list[str]) -> Iterable[Checked]:
    """All of these cases that are there. Each is read whole: say some hundreds of events at once, not all there are."""
    every = read_cases(unit, ids)
    named = {kept.record.case.id: _named(kept) for kept in every}
    own = {row.id for kept in every for row in kept.attachments}
    elsewhere = attachments_by_id(unit, sorted({ident for names in named.values() for ident in names} - own))
    elsewhere |= {row.id: row for kept in every for row in kept.attachments}
    for kept in every:
        yield _checked(unit, bench, kept, named[kept.record.case.id], elsewhere)


def _named(kept: Kept) -> dict[str, Named]:
    try:
        return named_in(kept)
    except Exception:  # noqa: BLE001 -- a payload that cannot be read is found by its digest
        return {}


def _checked(
    unit: UnitOfWork, bench: Bench, kept: Kept, named: Mapping[str, Named], elsewhere: Mapping[str, Row[Any]]
) -> Checked:
    found: list[Finding] = []
    checks: tuple[Callable[[], Iterable[Finding]], ...] = (
        lambda: verify_record(kept.record, destroyed_events(kept)),
        lambda: _versions(unit, bench, kept),
        lambda: check_standing(kept, lambda ident: bench.version(unit, ident)),
        lambda: _state(unit, bench, kept),
        lambda: [*check_documents(kept, named, elsewhere, bench.files), *check_letters(kept)],
        lambda: _replayed(unit, bench, kept),
    )
    for check in checks:
        try:
            found.extend(check())
        except Exception as error:  # noqa: BLE001 -- whatever a damaged row makes a check stumble over is a finding
            found.append(unreadable(error))
    case = kept.record.case
    return Checked(case, len(kept.record.events), case.act_count, tuple(found), bool(destroyed_events(kept)))


def unreadable(error: Exception) -> Finding:
    why = type(error).__name__
    return finding("unreadable", f"Catatan tidak dapat dibaca ({why}).", f"The record cannot be read ({why}).")


def _versions(unit: UnitOfWork, bench: Bench, kept: Kept) -> list[Finding]:
    """The versions that the case ran on are those that were deployed; without them nothing of it can be re-executed."""
    named = {event.detail.get("version") for event in kept.record.events if "version" in event.detail}
    broken = sorted(ident for ident in {*named, kept.record.case.version_id} if bench.version(unit, ident) is None)
    return [
        finding("version", f"Versi proses {ident[:12]} tidak seperti saat dipasang.",
                f"Version {ident[:12]} of the process is not as it was deployed.")
        for ident in broken
    ]  # fmt: skip


def _state(unit: UnitOfWork, bench: Bench, kept: Kept) -> list[Finding]:
    """Are the stored state and the case's row those that the last act recorded?"""
    case, snapshot = kept.record.case, kept.snapshot
    if is_state_destroyed(kept):
        return []
    if case.base_number != snapshot.base.number:
        return [_other_state()]
    stored = [e.detail["stored"] for e in kept.record.events if "stored" in e.detail]
    if stored:
        same = Facts.of_row(case).sealing(snapshot.digest()).hex() == stored[-1]
        return [] if same else [_other_state()]
    # a record of before the rows' digest was kept: only the state that they hold is proved
    version = bench.version(unit, case.version_id)
    if version is None:
        return []
    return check_session(case, lambda: Session.restored(version.specs, case.id, snapshot))


def _other_state() -> Finding:
    return finding(
        "live_state",
        "Keadaan kasus yang tersimpan bukan yang dicatat tindakan terakhirnya.",
        "The stored state of the case is not the one its last act recorded.",
    )


def _replayed(unit: UnitOfWork, bench: Bench, kept: Kept) -> list[Finding]:
    if not bench.replay:
        return []
    case, snapshot = kept.record.case, kept.snapshot
    restore = None if is_state_destroyed(kept) else lambda specs: Session.restored(specs, case.id, snapshot)
    copies = Copies()
    found = replay_record(unit, bench.definitions, kept.record, restore, copies.follow)
    found += [] if found else copies.check(kept.tasks)
    # what retention took cannot be executed again, and nobody is to be blamed for it
    return [one for one in found if one.code != "destroyed" or one.seq not in destroyed_events(kept)]
