"""What differs between two states of a form: questions, their words, what is required, what may be answered."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from engine.forms import Form
from engine.forms.model import Field as Question
from engine.forms.model import Node, Paragraph, Repeat, Section
from engine.studio.comparing.records import Change, Kind
from engine.studio.comparing.words import differing, joined, plain, quoted, turned
from engine.texts import Text

_NAMES = {
    "label": Text("pertanyaan", "question"),
    "description": Text("penjelasan", "explanation"),
    "kind": Text("jenis isian", "kind of answer"),
    "widget": Text("cara mengisi", "way of answering"),
    "required": Text("wajib diisi", "required"),
    "required_when": Text("wajib bila", "required when"),
    "min_length": Text("panjang paling sedikit", "shortest length"),
    "max_length": Text("panjang paling banyak", "greatest length"),
    "pattern": Text("pola", "pattern"),
    "minimum": Text("nilai terkecil", "smallest value"),
    "maximum": Text("nilai terbesar", "greatest value"),
    "earliest": Text("tanggal paling awal", "earliest date"),
    "latest": Text("tanggal paling akhir", "latest date"),
    "accept": Text("jenis berkas", "kinds of file"),
    "max_bytes": Text("ukuran berkas terbesar (bita)", "largest file (bytes)"),
    "hide": Text("disembunyikan bila", "hidden when"),
    "readonly": Text("hanya dibaca", "read only"),
    "default": Text("isian awal", "first value"),
    "options": Text("pilihan", "options"),
    "options_from": Text("pilihan diambil dari", "options come from"),
    "source": Text("sumber data", "source of data"),
    "checks": Text("aturan", "rules"),
    "columns": Text("lebar (per 16)", "width (of 16)"),
    "title": Text("judul", "title"),
    "submit": Text("tombol kirim", "button"),
}
_OWN = frozenset({"path", "key", "children", "rules", "properties"})


@dataclass(frozen=True)
class _Part:
    """A question, a heading, a section: its words and everything that is set on it."""

    path: str
    noun: Text
    name: str
    facts: Mapping[str, Any]
    within: str


def compare_forms(file: str, name: str, old: Form, new: Form) -> Iterator[Change]:
    """Everything that an officer or applicant would see or be asked otherwise."""
    heads = ({"title": form.title.id, "submit": form.submit.id, "notes_from": form.notes_from or "",
              "keeps_hidden": form.keeps_hidden} for form in (old, new))  # fmt: skip
    for key, before, after in differing(*heads):
        yield Change("changed", "form", file, "", turned(_whose(name, _called(key)), plain(before), plain(after)))
    was, now = _parts(old), _parts(new)
    for path, part in was.items():
        if path not in now:
            yield _said("removed", file, name, part, Text("dihapus", "removed"))
    for path, part in now.items():
        if path not in was:
            yield _said("added", file, name, part, Text("ditambahkan", "added"))
        else:
            yield from _changed(file, name, was[path], part)
    yield from _order(file, name, was, now)


def _changed(file: str, name: str, old: _Part, new: _Part) -> Iterator[Change]:
    for key, before, after in differing(old.facts, new.facts):
        owner = _whose(name, joined(f"{quoted(new.name)}: ", _called(key)))
        kind: Kind = "renamed" if key == "label" else "changed"
        yield Change(kind, "form", file, new.path, turned(owner, plain(before), plain(after)), str(before), str(after))
    if old.within != new.within:
        yield _said("moved", file, name, new, Text("pindah ke bagian lain", "moved to another section"))


def _order(file: str, name: str, was: Mapping[str, _Part], now: Mapping[str, _Part]) -> Iterator[Change]:
    """The questions of both that no longer stand in the old order: as few of them as explain it."""
    before = [path for path in was if path in now]
    after = [path for path in now if path in was]
    for path in out_of_order(before, after):
        at = after.index(path)
        place = Text("kini paling atas", "now the first")
        if at:
            follows = quoted(now[after[at - 1]].name)
            place = Text(f"dipindah: kini sesudah {follows}", f"moved: now after {follows}")
        yield _said("moved", file, name, now[path], place)


def out_of_order(before: list[str], after: list[str]) -> list[str]:
    """Of two orders of the same names, those outside of the longest part that is in both."""
    rank = {name: number for number, name in enumerate(before)}
    best: list[list[str]] = []
    for name in after:
        kept = _longest(one for one in best if rank[one[-1]] < rank[name])
        best.append([*kept, name])
    longest = set(_longest(best))
    return [name for name in after if name not in longest]


def _longest(orders: Iterable[list[str]]) -> list[str]:
    return max(orders, key=len, default=[])


def _parts(form: Form) -> dict[str, _Part]:
    found: dict[str, _Part] = {}
    for part in _walk(form.children, ""):
        path, number = part.path, 2
        while path in found:
            path, number = f"{part.path}#{number}", number + 1
        found[path] = part
    return found


def _walk(nodes: tuple[Node, ...], within: str) -> Iterator[_Part]:
    for node in nodes:
        if isinstance(node, Paragraph):
            words = node.text.id or node.values_of or "–"
            facts = {"hide": node.hide or "", "english": node.text.en, "tone": node.tone, "level": node.level}
            yield _Part(f"text:{words}", Text("tulisan", "text"), words, facts, within)
            continue
        path = node.path or f"section:{node.label.id}"
        yield _Part(path, _noun(node), node.label.id or path, _facts(node), within)
        if isinstance(node, Section | Repeat):
            yield from _walk(node.children, path)


def _noun(node: Question | Section | Repeat) -> Text:
    if isinstance(node, Question):
        return Text("pertanyaan", "question")
    return Text("daftar isian", "list") if isinstance(node, Repeat) else Text("bagian", "section")


def _facts(node: Question | Section | Repeat) -> dict[str, Any]:
    """What is set on it, flat; nested records become plain values, options the words that people choose from."""
    rules = {} if isinstance(node, Section) else asdict(node.rules)
    plainly: dict[str, Any] = {}
    for key, value in {**{k: v for k, v in vars(node).items() if k not in _OWN}, **rules}.items():
        plainly |= _flat(key, value)
    if isinstance(node, Question):
        plainly |= {f"property {key}": value for key, value in node.properties.items()}
    return plainly


def _flat(key: str, value: Any) -> dict[str, Any]:
    if isinstance(value, Text):
        return {key: value.id, f"{key} (en)": value.en}
    if isinstance(value, dict) and set(value) == {"id", "en"}:
        return {key: value["id"], f"{key} (en)": value["en"]}
    if key == "options":
        return {key: [o.label.id + (f" ({o.hide})" if o.hide else "") for o in value],
                "nilai pilihan": [o.value for o in value]}  # fmt: skip
    if key == "checks":
        return {key: [f"{check.expression}: {check.text.id}" for check in value]}
    return {key: value}


def _called(key: str) -> Text:
    base = key.removesuffix(" (en)")
    known = _NAMES.get(base, Text(f"rincian “{base}”", f"detail “{base}”"))
    return joined(known, Text(" dalam bahasa Inggris", " in English")) if base != key else known


def _whose(name: str, what: Text) -> Text:
    return joined(Text(f"Formulir {quoted(name)}: ", f"Form {quoted(name)}: "), what)


def _said(kind: Kind, file: str, name: str, part: _Part, what: Text) -> Change:
    said = _whose(name, joined(part.noun, f" {quoted(part.name)} ", what))
    return Change(kind, "form", file, part.path, said)
