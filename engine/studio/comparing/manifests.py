"""What differs between two states of `process.toml`: parameters, lanes, roles, who starts, how long cases are kept."""

from collections.abc import Iterator, Mapping
from typing import Any

from engine.manifest import Lane, Manifest, Parameter
from engine.spiff.values import same
from engine.studio.comparing.records import Change, Kind
from engine.studio.comparing.words import differing, joined, measured, plain, quoted, turned
from engine.texts import Text

_LANE = {
    "assign": Text("dikerjakan oleh", "done by"),
    "role": Text("peran", "role"),
    "scope": Text("lingkup", "scope"),
    "exclude": Text("yang tidak boleh mengerjakan", "who may not do it"),
}
_WORDS = {
    "starter": Text("pemohon", "the applicant"),
    "system": Text("sistem", "the system"),
    "instansi": Text("instansi kasus itu", "the agency of the case"),
    "any": Text("seluruh instansi", "every agency"),
    "signed_in": Text("semua yang masuk", "everybody signed in"),
}


def compare_manifests(file: str, old: Manifest, new: Manifest) -> Iterator[Change]:
    """Everything the file says, parameter by parameter and lane by lane."""
    yield from _parameters(file, old.parameters, new.parameters)
    yield from _lanes(file, old, new)
    for name, before, after in differing(_settings(old), _settings(new)):
        yield Change("changed", "setting", file, name, turned(_SETTINGS[name], _word(before), _word(after)))
    for key, before, after in differing(old.roles, new.roles):
        whose = Text(f"Peran {quoted(key)}", f"Role {quoted(key)}")
        said = turned(whose, before or plain(None), after or plain(None))
        yield Change(_kind(before, after), "setting", file, f"roles.{key}", said)


def _parameters(file: str, old: Mapping[str, Parameter], new: Mapping[str, Parameter]) -> Iterator[Change]:
    for name in dict.fromkeys([*new, *old]):
        before, after = old.get(name), new.get(name)
        where = f"parameters.{name}"
        if before is None:
            if after is not None:
                yield _whole("added", file, where, after, Text(" ditambahkan: ", " was added: "))
            continue
        if after is None:
            yield _whole("removed", file, where, before, Text(" dihapus; nilainya ", " was removed; its value was "))
            continue
        if before.title != after.title:
            said = joined("Parameter “", before.title, Text("” kini bernama “", "” is now called “"), after.title, "”")
            yield Change("renamed", "parameter", file, where, said)
        yield from _value(file, where, after.title, before.value, after.value)


def _whole(kind: Kind, file: str, where: str, parameter: Parameter, what: Text) -> Change:
    return Change(
        kind, "parameter", file, where, joined("Parameter “", parameter.title, "”", what, plain(parameter.value))
    )


def _value(file: str, where: str, title: Text, before: Any, after: Any) -> Iterator[Change]:
    """A record's entries are told one by one."""
    if same(before, after):
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys([*after, *before]):
            yield from _value(file, f"{where}.{key}", joined(title, f", {key}"), before.get(key), after.get(key))
        return
    said = measured(title, plain(before), plain(after))
    yield Change("changed", "parameter", file, where, said, str(before), str(after))


def _lanes(file: str, old: Manifest, new: Manifest) -> Iterator[Change]:
    for name in dict.fromkeys([*new.lanes, *old.lanes]):
        before, after = old.lanes.get(name), new.lanes.get(name)
        whose = Text(f"Jalur {quoted(name)}", f"Lane {quoted(name)}")
        if before is None or after is None:
            what = Text(" tidak lagi punya pelaksana", " has nobody any more")
            if after is not None:
                what = joined(Text(" diberi pelaksana: ", " is given to: "), _who(after, new))
            yield Change(_kind(before, after), "lane", file, f"lanes.{name}", joined(whose, what))
            continue
        for key, was, now in differing(vars(before), vars(after)):
            shown = (_of_lane(key, was, old), _of_lane(key, now, new))
            yield Change("changed", "lane", file, f"lanes.{name}", turned(joined(whose, ": ", _LANE[key]), *shown))


def _who(lane: Lane, manifest: Manifest) -> Text:
    return manifest.role_title(lane.role) if lane.role else _word(lane.assign)


def _of_lane(key: str, value: Any, manifest: Manifest) -> Text:
    if key == "role" and value:
        return manifest.role_title(value)
    return plain([_word(one).id for one in value]) if key == "exclude" else _word(value)


_SETTINGS = {
    "title": Text("Nama proses", "Name of the process"),
    "title_en": Text("Nama proses (Inggris)", "Name of the process (English)"),
    "owner": Text("Pemilik", "Owner"),
    "description": Text("Keterangan proses", "Description"),
    "description_en": Text("Keterangan proses (Inggris)", "Description (English)"),
    "legal_basis": Text("Dasar hukum", "Legal basis"),
    "main": Text("Diagram utama", "Main diagram"),
    "flow": Text("Alur", "Flow"),
    "zone": Text("Zona waktu", "Time zone"),
    "start": Text("Yang boleh memulai", "Who may start"),
    "start_label": Text("Tombol mulai", "Button to start"),
    "after_close": Text("Dapat dimulai sesudah program ditutup", "May start after the programme closed"),
    "case_title": Text("Judul kasus", "Title of a case"),
    "case_instansi": Text("Instansi kasus", "Agency of a case"),
    "case_key": Text("Kunci kasus", "Key of a case"),
    "case_starter": Text("Pemilik kasus tanpa pemohon", "Owner of a case without an applicant"),
    "active_years": Text("Masa simpan aktif (tahun)", "Kept active (years)"),
    "inactive_years": Text("Masa simpan inaktif (tahun)", "Kept inactive (years)"),
    "final": Text("Nasib akhir arsip", "What becomes of the record"),
    "uses": Text("Paket bersama yang dipakai", "Shared packages in use"),
    "shared": Text("Paket bersama", "Shared package"),
}


def _settings(manifest: Manifest) -> dict[str, Any]:
    kept = manifest.retention
    return {
        "title": manifest.title.id,
        "title_en": manifest.title.en,
        "owner": manifest.owner,
        "description": manifest.description.id,
        "description_en": manifest.description.en,
        "legal_basis": manifest.legal_basis,
        "main": manifest.main,
        "flow": manifest.flow,
        "zone": manifest.zone,
        "start": manifest.start.who,
        "start_label": manifest.start.label.id,
        "after_close": manifest.start.after_close,
        "case_title": manifest.case.title,
        "case_instansi": manifest.case.instansi,
        "case_key": manifest.case.business_key,
        "case_starter": manifest.case.starter,
        "active_years": kept and kept.active_years,
        "inactive_years": kept and kept.inactive_years,
        "final": kept and kept.final,
        "uses": manifest.uses,
        "shared": manifest.shared,
    }


def _word(value: Any) -> Text:
    return _WORDS[value] if isinstance(value, str) and value in _WORDS else plain(value)


def _kind(before: object, after: object) -> Kind:
    return "added" if before is None else "removed" if after is None else "changed"
