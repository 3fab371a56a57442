"""The changed procedure as a back-test runs it: parsed once, and compared with the versions that cases ran on."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.definitions import LoadedVersion, load_version, package_of
from engine.registry import Registry
from engine.spiff import Element, SpecSet

EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Candidate:
    """Files that are not published (or are, as another version), ready to run."""

    version: LoadedVersion
    registry: Registry
    _beside: dict[str, "Beside"] = field(default_factory=dict, repr=False, compare=False)

    @property
    def elements(self) -> Mapping[str, Element]:
        return self.version.specs.elements

    @cached_property
    def side_ways(self) -> frozenset[str]:
        """Elements that only an event beside the way leads to: a reminder, and what follows from it."""
        return _side_ways(self.version.specs)

    def beside(self, then: LoadedVersion) -> "Beside":
        """This and a version that cases ran on."""
        if then.id not in self._beside:
            self._beside[then.id] = Beside(self.version, then)
        return self._beside[then.id]


def candidate_of(key: str, files: Mapping[str, bytes], registry: Registry) -> Candidate:
    """Of files that went through the gate. What it is called follows from its content."""
    package = package_of(key, files)
    return Candidate(load_version(package.digest(key), key, 0, package.files), registry)


@dataclass(frozen=True)
class Beside:
    """Two versions side by side: which elements both have, and where a flow leads in terms of those."""

    now: LoadedVersion
    then: LoadedVersion

    @cached_property
    def shared(self) -> frozenset[str]:
        return frozenset(self.now.specs.elements) & frozenset(self.then.specs.elements)

    @cached_property
    def same_forms(self) -> frozenset[str]:
        """Names of forms that ask in both for the very same."""
        return frozenset(
            path.removeprefix("forms/").removesuffix(".json")
            for path, body in self.now.files.items()
            if path.startswith("forms/") and self.then.files.get(path) == body
        )

    def led_to(self, flows: frozenset[str], *, then: bool) -> tuple[frozenset[str], bool]:
        """The shared elements that these flows lead to, through elements that only one version has.

        And whether that is certain: through an element with several ways out it is not.
        """
        specs = (self.then if then else self.now).specs
        return _led_to(specs, flows, self.shared)


def _led_to(specs: SpecSet, flows: frozenset[str], shared: frozenset[str]) -> tuple[frozenset[str], bool]:
    found: set[str] = set()
    certain = True
    ahead, seen = list(flows), set(flows)
    while ahead:
        flow = specs.flows.get(ahead.pop())
        if flow is None:
            continue
        if flow.target in shared:
            found.add(flow.target)
            continue
        outgoing = specs.elements[flow.target].outgoing if flow.target in specs.elements else ()
        certain = certain and len(outgoing) <= 1
        ahead += [f for f in outgoing if f not in seen]
        seen.update(outgoing)
    return frozenset(found), certain


def _side_ways(specs: SpecSet) -> frozenset[str]:
    starts = {e.id for e in specs.elements.values() if _beside_the_way(e)}
    main = _reach(specs, {e.id for e in specs.elements.values() if e.type == "startEvent"} - starts, starts)
    return frozenset(_reach(specs, starts, set()) - main)


def _beside_the_way(element: Element) -> bool:
    return not element.interrupting and element.type in ("boundaryEvent", "startEvent")


def _reach(specs: SpecSet, starts: set[str], without: set[str]) -> set[str]:
    """What can be reached from `starts`, also by events at the edge of what is reached."""
    found, ahead = set(starts), list(starts)
    attached: dict[str, list[str]] = {}
    for element in specs.elements.values():
        if element.attached_to is not None:
            attached.setdefault(element.attached_to, []).append(element.id)
    while ahead:
        element = specs.elements[ahead.pop()]
        targets = [specs.flows[f].target for f in element.outgoing if f in specs.flows]
        for following in (*targets, *attached.get(element.id, ())):
            if following not in found and following not in without and following in specs.elements:
                found.add(following)
                ahead.append(following)
    return found


# --- kept for a run that is left and resumed -------------------------------------------------------------------------


def packed(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip: the same bytes for the same files."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(path, EPOCH), content, zipfile.ZIP_DEFLATED)
    return body.getvalue()


def unpacked(body: bytes) -> dict[str, bytes]:
    """What `packed` made; never a zip from outside."""
    return dict(_files(body))


def _files(body: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for name in archive.namelist():
            yield name, archive.read(name)
