"""Two states of a package, file by file: each kind of file is read and compared in its own way."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from engine.decisions import table_of
from engine.forms import read_form
from engine.gate.findings import Findings
from engine.gate.toml import read_manifest
from engine.gate.xml import read_xml
from engine.manifest import FILE, Manifest
from engine.studio.comparing.decisions import compare_tables
from engine.studio.comparing.diagrams import DiagramComparison
from engine.studio.comparing.drawings import read_drawing
from engine.studio.comparing.forms import compare_forms
from engine.studio.comparing.manifests import compare_manifests
from engine.studio.comparing.records import Area, Change, Comparison, Kind, sort
from engine.studio.comparing.stories import compare_stories
from engine.studio.comparing.texts import compare_lines
from engine.studio.comparing.words import UNREADABLE, quoted
from engine.texts import Text

_AREAS: dict[str, Area] = {
    ".bpmn": "diagram", ".dmn": "decision", ".json": "form", ".txt": "mail", ".typ": "letter", ".svg": "letter",
    ".yaml": "scenario", ".toml": "setting",
}  # fmt: skip
_NOUNS: dict[Area, Text] = {
    "diagram": Text("Diagram", "Diagram"),
    "decision": Text("Keputusan", "Decision"),
    "form": Text("Formulir", "Form"),
    "mail": Text("E-mail", "Mail"),
    "letter": Text("Surat", "Letter"),
    "scenario": Text("Skenario", "Scenario"),
    "setting": Text("Pengaturan", "Settings"),
    "text": Text("Keterangan", "Notes"),
}


MAIN = "process.bpmn"


def compare(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Comparison:
    """Everything that differs between two states of a package. Any bytes can be compared, finished or not."""
    return _Comparing(old, new).comparison()


def area_of(path: str) -> Area:
    return _AREAS.get(PurePosixPath(path).suffix, "text")


class _Comparing:
    def __init__(self, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> None:
        self._old, self._new = old, new
        self._marks: dict[str, Mapping[str, Kind]] = {}
        self._renamed: dict[str, Mapping[str, str]] = {}
        self._manifests = _manifest(old), _manifest(new)
        self._titles = {
            name: parameter.title
            for manifest in self._manifests if manifest is not None
            for name, parameter in manifest.parameters.items()
        }  # fmt: skip

    def comparison(self) -> Comparison:
        return Comparison(sort(list(self._changes())), self._marks, self._renamed)

    def _changes(self) -> Iterator[Change]:
        gone = [path for path in self._old if path not in self._new]
        come = [path for path in self._new if path not in self._old]
        for path in list(gone):
            now = next((p for p in come if self._new[p] == self._old[path] and area_of(p) == area_of(path)), None)
            if now is not None:
                gone.remove(path)
                come.remove(now)
                said = Text(
                    f"{_file(path).id} kini bernama {quoted(now)}", f"{_file(path).en} is now called {quoted(now)}"
                )
                yield Change("renamed", area_of(path), now, "", said, path, now)
        for path in gone:
            yield self._whole("removed", path, Text("dihapus", "was removed"))
        for path in come:
            yield self._whole("added", path, Text("ditambahkan", "was added"))
        for path in sorted(self._new, key=lambda path: (path != MAIN, path)):
            if path in self._old and self._old[path] != self._new[path]:
                yield from self._file(path)

    def _whole(self, kind: Kind, path: str, what: Text) -> Change:
        name = _file(path)
        drawing = read_drawing(path, (self._new if kind == "added" else self._old)[path]) if _is_drawing(path) else None
        if drawing is not None:
            self._marks[path] = dict.fromkeys(drawing.drawn, kind)
        return Change(kind, area_of(path), path, "", Text(f"{name.id} {what.id}", f"{name.en} {what.en}"))

    def _file(self, path: str) -> Iterator[Change]:
        before, after = self._old[path], self._new[path]
        found = self._read(path, before, after)
        if found is None:
            name = PurePosixPath(path).name
            yield Change("changed", area_of(path), path, "", UNREADABLE.filled(name=name))
            return
        changes = list(found)
        yield from changes or [_only_written(path)]

    def _read(self, path: str, before: bytes, after: bytes) -> Iterator[Change] | None:
        """The changes of a file that both can be read; None where one cannot."""
        area, name = area_of(path), _file(path)
        if path == FILE:
            was, now = self._manifests
            return None if was is None or now is None else compare_manifests(path, was, now)
        if area == "diagram":
            return self._diagram(path, before, after)
        if area == "form":
            return _forms(path, before, after)
        if area == "decision":
            old, new = _table(before), _table(after)
            return None if old is None or new is None else compare_tables(path, old, new)
        if area == "scenario":
            stories = compare_stories(path, before, after)
            return compare_lines(area, path, name, before, after) if stories is None else stories
        return compare_lines(area, path, name, before, after)

    def _diagram(self, path: str, before: bytes, after: bytes) -> Iterator[Change] | None:
        old, new = read_drawing(path, before), read_drawing(path, after)
        if old is None or new is None:
            return None
        made = DiagramComparison(path, old, new, self._titles)
        self._marks[path] = made.marks()
        if made.pairing.renamed:
            self._renamed[path] = made.pairing.renamed
        return made.changes()


def _forms(path: str, before: bytes, after: bytes) -> Iterator[Change] | None:
    name = PurePosixPath(path).stem
    old, new = read_form(before, name).form, read_form(after, name).form
    if old is None or new is None:
        return None
    return compare_forms(path, new.title.id or name, old, new)


def _table(body: bytes) -> Any:
    root = read_xml(body, Findings(""))
    return None if root is None else table_of(root)


def _manifest(files: Mapping[str, bytes]) -> Manifest | None:
    return read_manifest(files.get(FILE), "comparing")[0]


def _is_drawing(path: str) -> bool:
    return path.endswith(".bpmn")


def _file(path: str) -> Text:
    noun, stem = _NOUNS[area_of(path)], quoted(PurePosixPath(path).stem)
    return Text(f"{noun.id} {stem}", f"{noun.en} {stem}")


def _only_written(path: str) -> Change:
    name = _file(path)
    said = Text(f"{name.id}: hanya cara penulisan berkasnya yang berbeda",
                f"{name.en}: only the way its file is written differs")  # fmt: skip
    return Change("changed", area_of(path), path, "", said)
