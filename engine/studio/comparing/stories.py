"""What differs between two states of a scenario file: which stories came, went, or are told otherwise."""

from collections.abc import Iterator
from itertools import pairwise

from engine.scenarios import ScenarioFileError, read_scenarios
from engine.studio.comparing.records import Change
from engine.studio.comparing.words import quoted
from engine.texts import Text


def compare_stories(file: str, before: bytes, after: bytes) -> Iterator[Change] | None:
    """Story by story; None where one of the files cannot be read."""
    try:
        old, new = _stories(file, before), _stories(file, after)
    except ScenarioFileError:
        return None
    return _changes(file, old, new)


def _changes(file: str, old: dict[str, str], new: dict[str, str]) -> Iterator[Change]:
    for title in dict.fromkeys([*new, *old]):
        said = Text(f"Skenario {quoted(title)} ", f"Scenario {quoted(title)} ")
        if title == SHARED:
            said = Text("Skenario, bagian bersama ", "Scenarios, the shared part ")
        if title not in old:
            yield Change("added", "scenario", file, title, Text(f"{said.id}ditambahkan", f"{said.en}was added"))
        elif title not in new:
            yield Change("removed", "scenario", file, title, Text(f"{said.id}dihapus", f"{said.en}was removed"))
        elif old[title] != new[title]:
            changed = Text(f"{said.id}diubah", f"{said.en}was changed")
            yield Change("changed", "scenario", file, title, changed, old[title], new[title])


SHARED = ""


def _stories(file: str, body: bytes) -> dict[str, str]:
    """Each story as it is written; under SHARED, what stands before the first."""
    read = sorted(read_scenarios(file, body), key=lambda story: story.line)
    lines = body.decode("utf-8-sig").splitlines()
    starts = [story.line - 1 for story in read]
    found = {SHARED: "\n".join(lines[: starts[0] if starts else None]).rstrip()}
    for story, (first, last) in zip(read, pairwise([*starts, len(lines)]), strict=True):
        found[story.title] = "\n".join(lines[first:last]).rstrip()
    return found
