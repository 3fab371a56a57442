"""A made-up case of any length, as the player of a replay is handed it: for measuring."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

from tests.benchmarks.editor import KINDS, diagram

START = int(datetime(2026, 6, 1, 2, 0, tzinfo=UTC).timestamp() * 1000)
HOUR = 3_600_000
DAY = 24 * HOUR
PATH = "process.bpmn"


def long_story(events: int, nodes: int) -> dict[str, Any]:
    """A case that walks its diagram again and again: people, the system, and now and then an intervention."""
    told = [event for event, _ in zip(_events(nodes), range(events), strict=False)]
    return {
        "format": 1,
        "case": {"number": "2606-0000-0000", "title": "Kasus panjang", "process": "Besar", "zone": "Asia/Jakarta"},
        "people": {f"u{i}": f"Petugas {i}" for i in range(9)},
        "versions": [_version(nodes)],
        "documents": [
            {"id": f"d{n}", "name": f"surat-{n}.pdf", "digest": f"{n:064x}", "field": "Surat", "from": n, "by": "u1"}
            for n in range(50, events, 200)
        ],
        "deadlines": [
            {"element": f"n{n % nodes}", "name": f"Langkah n{n % nodes}", "kind": "due", "from": n, "until": n + 40,
             "set": START + n * HOUR, "due": START + n * HOUR + DAY, "due_text": "besok", "calendar": "0",
             "limit": 86400}
            for n in range(1, events, 25)
        ],
        "calendars": {"0": [[START + w * 7 * DAY, START + (w * 7 + 5) * DAY] for w in range(events // 100 + 2)]},
        "words": {"days": "{n} hari kerja", "day": "1 hari kerja", "hours": "{n} jam", "hour": "1 jam",
                  "minutes": "{n} menit", "minute": "1 menit"},
        "groups": {"person": "Perbuatan orang", "system": "Sistem", "time": "Waktu", "intervention": "Campur tangan",
                   "consequence": "Akibat"},
        "events": told,
        "acts": _acts(told),
    }  # fmt: skip


def long_data(story: dict[str, Any]) -> dict[str, Any]:
    """Two values changed by each act of a person."""
    acts = {}
    for event in story["events"]:
        if event["group"] == "person":
            path = f"langkah.{event['element']}.catatan"
            acts[str(event["act"])] = {
                "changes": [
                    {"path": path, "label": "Catatan", "before": None, "after": f"catatan {event['n']}"},
                    {"path": "jumlah", "label": "Jumlah", "before": str(event["n"] - 1), "after": str(event["n"])},
                ]
            }
    return {"acts": acts, "next": None, "complete": True, "failed": None}


def drawing(nodes: int) -> str:
    return diagram(nodes).decode()


def _kind(number: int, nodes: int) -> str:
    return "startEvent" if number == 0 else "endEvent" if number == nodes - 1 else KINDS[number % len(KINDS)]


def _version(nodes: int) -> dict[str, Any]:
    elements = {
        f"n{i}": {"name": f"Langkah n{i}", "type": _kind(i, nodes), "what": "langkah", "diagram": PATH}
        for i in range(nodes)
    }
    drawn = {"path": PATH, "name": "Besar", "main": True, "process": ["p"]}
    return {"id": "0" * 64, "number": 1, "from": 1, "diagrams": [drawn], "elements": elements}


def _events(nodes: int) -> Iterator[dict[str, Any]]:
    number, at = count(1), 0
    for act in count(1):
        node = f"n{at}"
        n = next(number)
        common = {"act": act, "at": START + n * HOUR, "when": f"jam ke-{n}", "element": node}
        who = {"who": f"u{act % 9}", "role": "Petugas"}
        if act % 97 == 0:
            yield {
                "n": n,
                "kind": "task:assigned",
                "group": "intervention",
                "text": f"{node}: diserahkan",
                **common,
                **who,
            }
            continue
        if _kind(at, nodes) == "userTask":
            yield {"n": n, "kind": "task:completed", "group": "person", "text": f"{node}: selesai", **common, **who}
            n = next(number)
        ahead = 3 if _kind(at, nodes) == "exclusiveGateway" and act % 2 and at + 3 < nodes else 1
        following = at + ahead if at + ahead < nodes else 0
        flows = [] if following == 0 else [f"g{at}" if ahead == 3 else f"f{at}"]
        yield {"n": n, "kind": "element:completed", "group": "consequence", "text": f"{node}: dilalui", **common,
               "flows": flows, "off": [node], "on": [f"n{following}"]}  # fmt: skip
        at = following


def _acts(events: list[dict[str, Any]]) -> dict[str, list[int]]:
    acts: dict[str, list[int]] = {}
    for event in events:
        acts.setdefault(str(event["act"]), [event["n"], event["n"]])[1] = event["n"]
    return acts
