"""How the facts of a node are called, and their changes said: what is due when, by which form, on what condition."""

from collections.abc import Mapping

from engine.studio.comparing.words import NOTHING, joined, quoted, short, span, turned
from engine.studio.due_parts import DueParts, due_parts, reminder_parts
from engine.texts import Text

_NAMES = {
    "property:form": Text("formulir", "form"),
    "property:due": Text("tenggat", "due"),
    "property:due_why": Text("alasan tenggat", "reason of the due date"),
    "property:due_why_en": Text("alasan tenggat (Inggris)", "reason of the due date (English)"),
    "property:assign": Text("dikerjakan oleh", "done by"),
    "property:exclude": Text("yang tidak boleh mengerjakan", "who may not do it"),
    "property:stage": Text("status bagi pemohon", "status for the applicant"),
    "property:stage_en": Text("status bagi pemohon (Inggris)", "status for the applicant (English)"),
    "property:name_en": Text("nama Inggris", "English name"),
    "property:correlation": Text("kunci pesan", "key of the message"),
    "operator": Text("penangan", "handler"),
    "operator.result": Text("nama hasil", "name of the result"),
    "calledDecisionId": Text("tabel keputusan", "decision table"),
    "@calledElement": Text("proses yang dipanggil", "process called"),
    "@attachedToRef": Text("menempel pada", "sits on"),
    "@cancelActivity": Text("menghentikan tugasnya", "stops its task"),
    "@isInterrupting": Text("menghentikan yang berjalan", "stops what runs"),
    "@default": Text("jalan bila tidak ada syarat yang terpenuhi", "way when no condition holds"),
    "conditionExpression": Text("syarat", "condition"),
    "script": Text("hitungan", "computation"),
    "preScript": Text("hitungan sebelum mulai", "computation before"),
    "postScript": Text("hitungan sesudah selesai", "computation after"),
    "documentation": Text("keterangan", "description"),
    "timerEventDefinition.timeDuration": Text("lama menunggu", "waits for"),
    "timerEventDefinition.timeDate": Text("menunggu sampai", "waits until"),
    "timerEventDefinition.timeCycle": Text("berulang tiap", "repeats every"),
    "messageEventDefinition.@messageRef": Text("pesan", "message"),
    "@messageRef": Text("pesan", "message"),
    "signalEventDefinition.@signalRef": Text("sinyal", "signal"),
    "errorEventDefinition.@errorRef": Text("kegagalan", "error"),
    "multiInstanceLoopCharacteristics.@isSequential": Text("satu per satu", "one by one"),
    "multiInstanceLoopCharacteristics.loopCardinality": Text("jumlah ulangan", "number of repetitions"),
    "multiInstanceLoopCharacteristics.loopDataInputRef": Text("diulang untuk setiap", "repeated for each of"),
    "multiInstanceLoopCharacteristics.completionCondition": Text("selesai bila", "done when"),
}
_MODES = {
    "after": Text("{n} hari kerja sesudah {base}", "{n} working days after {base}"),
    "before": Text("{n} hari kerja sebelum {base}", "{n} working days before {base}"),
    "days": Text("{n} hari sesudah {base}", "{n} days after {base}"),
    "hours": Text("{n} jam sesudah {base}", "{n} hours after {base}"),
}
_UNITS = {
    "after": Text("hari kerja", "working days"),
    "before": Text("hari kerja sebelumnya", "working days before"),
    "days": Text("hari", "days"),
    "hours": Text("jam", "hours"),
}
_OPENING = frozenset({"now()", "today()"})
HIDDEN = frozenset({"@startQuantity", "@completionQuantity", "@isExecutable"})
_FLAGS = {"true": Text("ya", "yes"), "false": Text("tidak", "no")}


def change_of(owner: str, key: str, before: str | None, after: str | None, titles: Mapping[str, Text]) -> Text:
    """One fact that differs. `titles`: how the parameters of the process are called."""
    if key == "property:due":
        return _due(owner, before or "", after or "", titles)
    if key in ("preScript", "property:reminder") and (said := _reminder(owner, before or "", after or "", titles)):
        return said
    whose = joined(quoted(owner), ": ", name_of(key))
    return turned(whose, value_of(before), value_of(after))


def name_of(key: str) -> Text:
    """What a fact is called; what has no name of ours goes by the file's own."""
    base, _, number = key.partition("#")
    more = f" {number}" if number else ""
    if base in _NAMES:
        return joined(_NAMES[base], more)
    if base.startswith("parameter:"):
        return Text(f"masukan “{base[10:]}”{more}", f"input “{base[10:]}”{more}")
    called = base.removeprefix("property:").removeprefix("@").replace(".@", ".")
    return Text(f"rincian “{called}”{more}", f"detail “{called}”{more}")


def value_of(text: str | None) -> Text:
    if not text:
        return NOTHING
    return _FLAGS.get(text) or span(text) or Text(short(text))


def due_text(source: str, titles: Mapping[str, Text]) -> Text:
    """A due expression in words, as far as it has a shape that people use."""
    parts = due_parts(source)
    if parts.mode not in _MODES:
        return value_of(source)
    base = Text("dibuka", "its opening") if parts.base in _OPENING else Text(parts.base)
    said = _MODES[parts.mode].filled(n=_amount(parts.amount, titles), base=base)
    return joined(said, Text(f", pukul {parts.at}", f", at {parts.at}")) if parts.at else said


def _due(owner: str, before: str, after: str, titles: Mapping[str, Text]) -> Text:
    old, new = due_parts(before), due_parts(after)
    whose = joined(Text("Batas waktu ", "Time limit of "), quoted(owner))
    if _only_amount(old, new):
        return joined(whose, ": ", _amount(old.amount, titles), " → ", _amount(new.amount, titles), " ",
                      _UNITS[new.mode])  # fmt: skip
    return joined(whose, ": ", due_text(before, titles), " → ", due_text(after, titles))


def _only_amount(old: DueParts, new: DueParts) -> bool:
    return old.mode in _UNITS and (old.mode, old.base, old.at) == (new.mode, new.base, new.at)


def _amount(source: str, titles: Mapping[str, Text]) -> Text:
    name = source.removeprefix("parameters.")
    known = titles.get(name) if name != source else None
    return Text(source) if known is None else Text(f"“{known.id}”", f"“{known.in_locale('en')}”")


def _reminder(owner: str, before: str, after: str, titles: Mapping[str, Text]) -> Text | None:
    """The record for the reminding process: only its deadline is worth a sentence of its own."""
    old, new = reminder_parts(before), reminder_parts(after)
    if old is None or new is None:
        return None
    names = [name for name in {**old.fields, **new.fields} if old.fields.get(name) != new.fields.get(name)]
    if names != ["due"]:
        return None
    return _due(owner, old.fields.get("due", ""), new.fields.get("due", ""), titles)
