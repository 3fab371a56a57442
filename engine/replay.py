"""Compares the re-execution of a case's record, act by act, with what is recorded and with what the case is."""

from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any

from sqlalchemy import Row

from engine import store
from engine.acts.consequences import consequences_of
from engine.acts.facts import Facts
from engine.acts.perform import Performed
from engine.definitions import Definitions
from engine.enacting import CannotReEnactError, Enacted, re_enact
from engine.history import Finding
from engine.history.verify import Record, finding, read_record
from engine.spiff import Session, SpecSet
from engine.spiff.values import canonical
from engine.unit_of_work import UnitOfWork

Restore = Callable[[SpecSet], Session]
"""The case as its tokens are stored."""


def replay_instance(unit: UnitOfWork, definitions: Definitions, instance_id: str) -> list[Finding]:
    """`replay_record` of a case that is read now."""
    record = read_record(unit, instance_id)
    return replay_record(unit, definitions, record, lambda specs: store.load(unit, record.case, specs))


def replay_record(
    unit: UnitOfWork,
    definitions: Definitions,
    record: Record,
    restore: Restore | None,
    watch: Callable[[Enacted], None] = lambda _: None,
) -> list[Finding]:
    """Where the re-execution differs from the record, or from the case as it stands; empty when it reproduces it.

    The first difference ends it: what follows would be compared with another past. `watch` sees every act that was
    done again. Without `restore` what is stored of the case is not looked at.
    """
    last: Enacted | None = None
    try:
        for enacted in re_enact(unit, definitions, record):
            found = _different(enacted)
            if found is not None:
                return [found]
            watch(enacted)
            last = enacted
    except CannotReEnactError as error:
        return [_at(error.entry, error.reason, error.why.id, error.why.en)]
    return _ends(record.case, last, restore)


def check_session(case: Row[Any], restore: Callable[[], Session]) -> list[Finding]:
    """Are the live state, read token by token, and the case's row those that the last act recorded?"""
    try:
        session = restore()
        states = [session.digest(), session.digest(fresh=True)]
        if all(Facts.of_row(case).sealing(state) == bytes(case.state_digest) for state in states):
            return []
    except Exception as error:  # noqa: BLE001 -- whatever a damaged state makes the engine stumble over is a finding
        return [_unreadable(error)]
    return [
        finding(
            "live_state",
            "Keadaan kasus yang tersimpan bukan yang dicatat tindakan terakhirnya.",
            "The stored state of the case is not the one its last act recorded.",
        )
    ]


def _ends(case: Row[Any], last: Enacted | None, restore: Restore | None) -> list[Finding]:
    """The re-execution must end where the case's row and its stored tokens are."""
    if last is None:
        return [finding("empty", "Kasus ini tidak punya catatan.", "This case has no record.")]
    names = ("number", "version_id", "starter_id", "instansi_id", "business_key", "title", "stage", "stage_element",
             "completers", "programme_id", "programme", "parameters")  # fmt: skip
    other = [name for name in names if getattr(last.facts, name) != getattr(case, name)]
    if other:
        columns = ", ".join(other)
        return [finding("case", f"Baris kasus berbeda: {columns}.", f"The case's row differs: {columns}.")]
    if restore is None:
        return []
    try:
        live = Facts.of_row(case).sealing(restore(last.version.specs).digest(fresh=True))
    except Exception as error:  # noqa: BLE001 -- as in check_session
        return [_unreadable(error)]
    if live != last.digest:
        indonesian = "Keadaan kasus yang tersimpan bukan hasil catatannya."
        english = "The stored state of the case is not what its record leads to."
        return [finding("live_state", indonesian, english)]
    return []


def _different(enacted: Enacted) -> Finding | None:
    """Where an act that was done again is not as it is recorded."""
    entry, performed = enacted.entry, enacted.performed
    if performed is not None:
        if performed.answers != enacted.answers:
            return _at(entry, "services", "memanggil penangan lain", "calls other handlers")
        found = _compared(entry, enacted.followed, performed)
        if found is not None:
            return found
    if entry.state_digest is None or enacted.digest != bytes(entry.state_digest):
        return _at(entry, "state", "keadaan sesudahnya berbeda", "the state after it differs")
    return None


def _unreadable(error: Exception) -> Finding:
    why = type(error).__name__
    return finding(
        "live_state",
        f"Keadaan kasus yang tersimpan tidak dapat dibaca ({why}).",
        f"The stored state of the case cannot be read ({why}).",
    )


def _compared(entry: Row[Any], followed: Sequence[Row[Any]], performed: Performed) -> Finding | None:
    """The consequences as sets: in which order tokens of one act were looked at is no part of what happened."""
    then = sorted(_line(e.kind, e.element_id, e.token_id, e.detail) for e in followed)
    now = sorted(_line(str(o.kind), o.element_id, o.token_id, dict(o.detail)) for o in consequences_of(performed))
    if then == now:
        return None
    first = next((a or b for a, b in zip_longest(then, now) if a != b), b"")
    shown = first.decode()[:200]
    return _at(entry, "events", f"menghasilkan peristiwa lain: {shown}", f"leads to other events: {shown}")


def _line(kind: str, element_id: str | None, token_id: str | None, detail: dict[str, Any]) -> bytes:
    return canonical([kind, element_id, token_id, detail])


def _at(entry: Row[Any], code: str, indonesian: str, english: str) -> Finding:
    return finding(
        code,
        f"Tindakan {entry.act} ({entry.kind}) {indonesian}.",
        f"Act {entry.act} ({entry.kind}) {english}.",
        entry.seq,
    )
