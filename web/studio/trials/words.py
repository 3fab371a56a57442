"""The steps of a story as sentences, and the things an expectation may be about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from engine.scenarios.model import (
    Action,
    Activate,
    AtOnce,
    Cancel,
    Complete,
    Entry,
    Pretend,
    Scenario,
    Send,
    Start,
    Step,
    Then,
    Wait,
)
from engine.scenarios.outcome import Mismatch
from engine.scenarios.yamltree import Mapping, Scalar, Tree
from engine.studio.trials.theatre import Rehearsal
from web.i18n import in_locale

LONGEST = 160


@dataclass(frozen=True)
class Line:
    """One step of the story as it is listed. `state`: done | expected | otherwise | stopped | waiting."""

    text: str
    entries: list[tuple[str, str]]
    at: datetime | None
    state: str
    mismatches: list[tuple[str, str, str]]


def lines(rehearsal: Rehearsal) -> list[Line]:
    """The whole story: what was played, where it stops, and what is left then."""
    played = dict(enumerate(rehearsal.played))
    return [
        _line(step, played.get(number), rehearsal.stopped if number == _stop(rehearsal) else None)
        for number, step in enumerate(rehearsal.scenario.steps)
    ]


def told(mismatches: Iterable[Mismatch]) -> list[tuple[str, str, str]]:
    """Subject, expected and actual, in the reader's language."""
    return [(in_locale(m.subject), in_locale(m.expected), in_locale(m.actual)) for m in mismatches]


def sentence(action: Action) -> str:
    """What is done, in one sentence."""
    if isinstance(action, Start):
        started = _("%(who)s memulai %(process)s", who=action.who, process=action.process or _("kasus baru"))
        return f"{started} ({action.called})" if action.called else started
    if isinstance(action, Complete):
        return _("%(who)s menyelesaikan “%(task)s”", who=action.who, task=action.task)
    if isinstance(action, Cancel):
        return _("%(who)s menarik permohonan: %(reason)s", who=action.who, reason=action.reason)
    if isinstance(action, Activate):
        return _("%(who)s memakai tautan aktivasinya", who=action.who)
    return _of_world(action)


def _of_world(action: Wait | Send | Pretend) -> str:
    if isinstance(action, Wait):
        return _("Waktu berjalan")
    if isinstance(action, Send):
        if action.kind == "message":
            return _("Pesan “%(name)s” tiba", name=action.name)
        return _("Sinyal “%(name)s” tiba", name=action.name)
    if action.error is not None:
        return _("Mulai sekarang “%(name)s” gagal dengan %(code)s", name=action.handler, code=action.error)
    if action.really:
        return _("Mulai sekarang “%(name)s” bekerja sungguhan", name=action.handler)
    return _("Mulai sekarang “%(name)s” menjawab seperti ini", name=action.handler)


def expectation_names() -> dict[str, str]:
    """What a recorded story may expect, and what a `then` is about."""
    return {
        "tasks": _("tugas yang terbuka dan siapa yang boleh mengerjakannya"),
        "stage": _("status"),
        "outcome": _("akhir kasus"),
        "mails": _("surel yang terkirim"),
        "deadlines": _("tenggat"),
        "memberships": _("peran yang berubah"),
    }


def about(step: Then) -> str:
    short = {
        "tasks": _("tugas"),
        "stage": _("status"),
        "outcome": _("akhir kasus"),
        "refused": _("penolakan"),
        "mails": _("surel"),
        "memberships": _("keanggotaan"),
        "deadlines": _("tenggat"),
        "data": _("data"),
        "state": _("keadaan"),
    }
    return _("Diharapkan: %(what)s", what=", ".join(short.get(e.kind, e.kind) for e in step.expectations))


def people_told(scenario: Scenario) -> list[tuple[str, str]]:
    """Everybody of the story with the roles they begin with."""
    return [
        (p.name, ", ".join(f"{r.role} ({r.instansi})" if r.instansi else r.role for r in p.roles) or _("pemohon"))
        for p in scenario.people
    ]


def _stop(rehearsal: Rehearsal) -> int:
    """The number of the step where it stopped: the last one played if it was refused, else the one after it."""
    return len(rehearsal.played) - (1 if rehearsal.refusal else 0)


def _line(step: Step, played: object, stopped: Mismatch | None) -> Line:
    mismatches = list(getattr(played, "mismatches", ()))
    at = getattr(played, "at", None)
    if stopped is not None:
        state, mismatches = "stopped", [stopped]
    elif played is None:
        state = "waiting"
    elif isinstance(step, Then):
        state = "otherwise" if mismatches else "expected"
    else:
        state = "done"
    return Line(_text(step), _entries(step), at if not isinstance(step, Then) else None, state, told(mismatches))


def _text(step: Step) -> str:
    if isinstance(step, Then):
        return about(step)
    if isinstance(step, AtOnce):
        return _("Bersamaan: %(what)s", what="; ".join(sentence(one.action) for one in step.steps))
    return sentence(step.action)


def _entries(step: Step) -> list[tuple[str, str]]:
    action = getattr(step, "action", None)
    if isinstance(action, Complete):
        return _named(action.fill)
    if isinstance(action, Pretend):
        return _named(action.outputs)
    return _named(action.payload) if isinstance(action, Send) else _named(getattr(action, "data", ()))


def _named(entries: Iterable[Entry]) -> list[tuple[str, str]]:
    return [(entry.name, _words(entry.value)[:LONGEST]) for entry in entries]


def _words(tree: Tree) -> str:
    if isinstance(tree, Scalar):
        return tree.text
    if isinstance(tree, Mapping):
        return "; ".join(f"{key.text}: {_words(value)}" for key, value in tree)
    return ", ".join(_words(item) for item in tree)
