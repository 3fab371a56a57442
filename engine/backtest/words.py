"""Differences in the owner's words: the names of steps and flows, what was then, and what the change makes of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from calendars.words import full_instant
from engine.backtest.candidate import Candidate
from engine.backtest.verdict import Difference
from engine.definitions import LoadedVersion
from engine.errors import AlurError
from engine.spiff import Element, ServiceCall
from engine.texts import Text

NOWHERE = Text("tidak ke mana-mana", "nowhere")
ENDED = Text("kasus berakhir", "the case ends")


def name_of(version: LoadedVersion, element_id: str) -> Text:
    """What a step is called; its id where it has no name."""
    element = version.specs.elements.get(element_id)
    if element is None:
        return Text(element_id, element_id)
    name = element.name or element_id
    return Text(name, element.properties.get("name_en") or name)


def _said(candidate: Candidate, element_id: str) -> Text:
    return name_of(candidate.version, element_id)


def _difference(code: str, element_id: str | None, indonesian: str, english: str, **values: Text | str) -> Difference:
    return Difference("differs", code, element_id, Text(indonesian, english).filled(**values))


def _missing(code: str, element_id: str | None, indonesian: str, english: str, **values: Text | str) -> Difference:
    return Difference("missing", code, element_id, Text(indonesian, english).filled(**values))


# --- another way -----------------------------------------------------------------------------------------------------


def other_way(
    candidate: Candidate, then: LoadedVersion, element_id: str, before: Iterable[str], after: Iterable[str]
) -> Difference:
    """The same step leads somewhere else."""
    return _difference(
        "way",
        element_id,
        "Pada “{at}”: dulu {before}; dengan perubahan ini {after}.",
        "At “{at}”: then {before}; with this change {after}.",
        at=_said(candidate, element_id),
        before=_ways(then, before),
        after=_ways(candidate.version, after),
    )


def _ways(version: LoadedVersion, flows: Iterable[str]) -> Text:
    """`“Ya” ke “Pilih jadwal”`"""
    told = [(version.specs.flows[flow].name, name_of(version, version.specs.flows[flow].target)) for flow in
            sorted(flows) if flow in version.specs.flows]  # fmt: skip
    indonesian = [f"“{name}” ke “{to.id}”" if name else f"ke “{to.id}”" for name, to in told]
    english = [f"“{name}” to “{to.in_locale('en')}”" if name else f"to “{to.in_locale('en')}”" for name, to in told]
    return Text(", ".join(indonesian), ", ".join(english)) if told else NOWHERE


def reached(candidate: Candidate, element_id: str, choice: str | None) -> Difference:
    """A step that the record never came to; where a choice that is new led there, that is the place."""
    if choice is None:
        return _difference(
            "reached",
            element_id,
            "Sampai di “{at}”, yang dulu tidak pernah dicapai.",
            "It comes to “{at}”, which was never reached then.",
            at=_said(candidate, element_id),
        )
    return _difference(
        "reached",
        choice,
        "Pada “{choice}” (baru): sampai di “{at}”, yang dulu tidak pernah dicapai.",
        "At “{choice}” (new): it comes to “{at}”, which was never reached then.",
        at=_said(candidate, element_id),
        choice=_said(candidate, choice),
    )


def passed_over(candidate: Candidate, element_id: str, standing: Sequence[str], *, ended: bool) -> Difference:
    """A step of the record that does not happen any more."""
    where = ENDED if ended else Text("kasus menunggu", "the case waits")
    if standing and not ended:
        names = [_said(candidate, ident) for ident in standing[:3]]
        where = Text(
            "kasus menunggu di " + ", ".join(f"“{n.id}”" for n in names),
            "the case waits at " + ", ".join(f"“{n.in_locale('en')}”" for n in names),
        )
    return _difference(
        "passed_over",
        element_id,
        "Dulu sampai di “{at}”; dengan perubahan ini tidak: {where}.",
        "Then it came to “{at}”; with this change it does not: {where}.",
        at=_said(candidate, element_id),
        where=where,
    )


def other_state(candidate: Candidate, element: Element, before: str, after: str) -> Difference:
    ways = {"completed": Text("selesai", "was completed"), "cancelled": Text("dihentikan", "was stopped")}
    return _difference(
        "state",
        element.id,
        "“{at}” dulu {before}; dengan perubahan ini {after}.",
        "“{at}” {before} then; with this change it {after}.",
        at=_said(candidate, element.id),
        before=ways[before],
        after=ways[after],
    )


def deadline_passes(candidate: Candidate, element: Element, at: datetime, *, passes: bool) -> Difference:
    """A timer at the edge of a task that fires now and did not then, or the other way round."""
    if passes:
        indonesian = "Tenggat “{at}” lewat pada {when} sebelum “{task}” dijawab; dulu dijawab sebelum tenggatnya."
        english = "The deadline “{at}” passes on {when} before “{task}” is answered; then it was answered in time."
    else:
        indonesian = "“{task}” dijawab sebelum tenggat “{at}”; dulu tenggatnya lewat."
        english = "“{task}” is answered before the deadline “{at}”; then it passed."
    return _difference(
        "deadline",
        element.id,
        indonesian,
        english,
        at=_said(candidate, element.id),
        task=_said(candidate, element.attached_to or element.id),
        when=Text(full_instant(at, "id"), full_instant(at, "en")),
    )


def four_eyes(candidate: Candidate, element_id: str) -> Difference:
    return _difference(
        "four_eyes",
        element_id,
        "“{at}” dulu dikerjakan orang yang dengan perubahan ini tidak boleh mengerjakannya (empat mata).",
        "“{at}” was done by a person who may not do it with this change (four eyes).",
        at=_said(candidate, element_id),
    )


def refused_by_form(candidate: Candidate, element_id: str, label: Text) -> Difference:
    return _difference(
        "form",
        element_id,
        "Isian “{label}” dari dulu tidak lagi dapat dipilih pada “{at}”.",
        "What was chosen for “{label}” then cannot be chosen at “{at}” any more.",
        at=_said(candidate, element_id),
        label=label,
    )


def not_begun() -> Difference:
    return _difference(
        "start",
        None,
        "Kasus ini tidak dapat dimulai dengan cara yang sama seperti dulu.",
        "This case cannot begin in the way it began then.",
    )


# --- what the record does not have -----------------------------------------------------------------------------------


def asks_new(candidate: Candidate, element_id: str) -> Difference:
    return _missing(
        "task",
        element_id,
        "“{at}” adalah langkah baru: catatan tidak punya jawabannya.",
        "“{at}” is a new step: the record has no answer to it.",
        at=_said(candidate, element_id),
    )


def asks_again(candidate: Candidate, element_id: str) -> Difference:
    return _missing(
        "again",
        element_id,
        "“{at}” meminta satu jawaban lebih banyak daripada yang tercatat.",
        "“{at}” asks for one answer more than were recorded.",
        at=_said(candidate, element_id),
    )


def asks_ahead(candidate: Candidate, element_id: str) -> Difference:
    return _missing(
        "ahead",
        element_id,
        "Sampai di “{at}”, tempat kasus ini dulu belum pernah menunggu: catatan tidak punya jawabannya.",
        "It comes to “{at}”, where this case never waited: the record has no answer to it.",
        at=_said(candidate, element_id),
    )


def asks_field(candidate: Candidate, element_id: str, label: Text) -> Difference:
    return _missing(
        "field",
        element_id,
        "Formulir “{at}” mewajibkan “{label}”, yang tidak ada pada catatan.",
        "The form of “{at}” requires “{label}”, which the record does not have.",
        at=_said(candidate, element_id),
        label=label,
    )


def asks_handler(candidate: Candidate, call: ServiceCall) -> Difference:
    known = candidate.registry.get(call.name) if call.name in candidate.registry else None
    title = Text(call.name, call.name) if known is None else Text(known.title_id, known.title_en)
    return _missing(
        "answer",
        call.element_id,
        "“{at}” memanggil penangan “{handler}”, yang jawabannya tidak ada pada catatan.",
        "“{at}” calls the handler “{handler}”, whose answer the record does not have.",
        at=_said(candidate, call.element_id),
        handler=title,
    )


def asks_name(candidate: Candidate, element_id: str, why: AlurError) -> Difference:
    return _missing(
        "name",
        element_id,
        "“{at}” membutuhkan sesuatu yang tidak ada pada catatan. {why}",
        "“{at}” needs something that the record does not have. {why}",
        at=_said(candidate, element_id),
        why=Text(why.message("id"), why.message("en")),
    )


# --- what cannot be run ----------------------------------------------------------------------------------------------


def cannot_run(element_id: str | None, error: Exception) -> Difference:
    if isinstance(error, AlurError):
        text = Text(error.message("id"), error.message("en"))
    else:
        why = type(error).__name__
        text = Text(f"Kasus ini tidak dapat diulang ({why}).", f"This case cannot be run again ({why}).")
    return Difference("failed", "failed", element_id, text)
