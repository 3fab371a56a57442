"""How fast the diagram editor is in headless Chromium: opening a diagram, answering to edits. JSON on standard output.

    python -m tests.benchmarks.editor [--nodes 100] [--samples 5]

An edit's time is that of its command, and that until the next frame is painted: what a person waits for. `cpu_ms` is
what the page's thread worked for it, drawing included: the same whatever else the machine does.
"""

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

from engine.clock import SystemClock
from engine.people import find_by_email
from engine.studio.drafts import create_draft
from engine.studio.drawing import draw
from engine.unit_of_work import Database
from handlers.demo.accounts import add_accounts
from handlers.seeds import prepare
from tests.support.databases import copy_sqlite, make_sqlite_template
from tests.support.live import Site

LANES = ("Pemohon", "Verifikator", "Pimpinan")
KINDS = ("userTask", "serviceTask", "userTask", "exclusiveGateway", "scriptTask")
OWNER = "owner@contoh.go.id"

EDITS = {
    "rename": "modeling.updateProperties(node, {name: 'Nama baru ' + round})",
    "move": "modeling.moveElements([node], {x: 10, y: 10})",
    "append": "m.get('autoPlace').append(node, m.get('elementFactory').createShape({type: 'bpmn:UserTask'}))",
    "make room": "modeling.moveElements(m.get('canvas').getRootElement().children[0].children.filter("
    "(e) => !e.waypoints && !e.labelTarget && e.type !== 'bpmn:Lane' && e.x > node.x), {x: 20, y: 0})",
    "select": "window.alurEditor.select(node.id)",
    "undo": "m.get('commandStack').undo()",
    "delete": "modeling.removeElements([node])",
}
TIME_EDIT = """async ([code, round]) => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  const m = window.alurEditor.modeler, modeling = m.get('modeling');
  const inFlow = (e) => e.type === 'bpmn:UserTask' && e.incoming.length && e.outgoing.length;
  const all = m.get('elementRegistry').filter(inFlow);
  const node = all[(round * 7) % all.length];
  await painted();
  const start = performance.now();
  new Function('m', 'modeling', 'node', 'round', code)(m, modeling, node, round);
  const done = performance.now();
  await painted();
  return [done - start, performance.now() - start];
}"""
TIME_SAVE = """async () => {
  const start = performance.now();
  await window.alurEditor.written();
  return performance.now() - start;
}"""


def diagram(nodes: int) -> bytes:
    """A process of so many nodes in three lanes, with splits that come together again, drawn by the studio."""
    ids = [f"n{i}" for i in range(nodes)]
    kinds = ["startEvent", *(KINDS[i % len(KINDS)] for i in range(1, nodes - 1)), "endEvent"]
    elements = [f'<{kind} id="{ident}" name="Langkah {ident}"/>' for ident, kind in zip(ids, kinds, strict=True)]
    flows = [f'<sequenceFlow id="f{i}" sourceRef="n{i}" targetRef="n{i + 1}"/>' for i in range(nodes - 1)]
    flows += [
        f'<sequenceFlow id="g{i}" sourceRef="n{i}" targetRef="n{min(i + 3, nodes - 1)}"/>'
        for i, kind in enumerate(kinds)
        if kind == "exclusiveGateway"
    ]
    lanes = [
        f'<lane id="lane{at}" name="{name}">'
        + "".join(f"<flowNodeRef>{ident}</flowNodeRef>" for i, ident in enumerate(ids) if i // 4 % 3 == at)
        + "</lane>"
        for at, name in enumerate(LANES)
    ]
    inside = "".join(["<laneSet id='lanes'>", *lanes, "</laneSet>", *elements, *flows])
    head = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="http://alur.test">'
    return draw(f'{head}<process id="p" isExecutable="true">{inside}</process></definitions>'.encode())


def prepared(folder: Path, nodes: int) -> tuple[Site, str]:
    database = copy_sqlite(make_sqlite_template(folder / "template.sqlite3"), folder)
    clock = SystemClock()
    site = Site(folder, database, clock)
    return site, _draft(database, clock, nodes)


def _draft(database: Database, clock: SystemClock, nodes: int) -> str:
    now = clock.now()
    with database.write() as unit:
        prepare(unit, now)
        add_accounts(unit, now)
        owner = find_by_email(unit, OWNER)
        assert owner is not None
        files = {"process.bpmn": diagram(nodes), "process.toml": b'key = "besar"\nmain = "p"\n'}
        return create_draft(unit, key="besar", title="Besar", files=files, based_on=None, by=owner.id, now=now).id


def opened(page: Page, address: str) -> float:
    """Seconds from asking for the page to the drawn diagram."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("[data-editor][data-ready=true]")
    return time.perf_counter() - start


def measure(page: Page, address: str, samples: int) -> dict[str, object]:
    opening = [opened(page, address) for _ in range(samples)]
    found: dict[str, object] = {"open_ms": _summary([s * 1000 for s in opening[1:]], first=opening[0] * 1000)}
    metrics = page.context.new_cdp_session(page)
    metrics.send("Performance.enable", {"timeDomain": "threadTicks"})
    edits = {}
    for name, code in EDITS.items():
        times, busy = [], []
        for round_ in range(samples * 4):
            before = worked(metrics)
            times.append(page.evaluate(TIME_EDIT, [code, round_ + 1]))
            busy.append(worked(metrics) - before)
        edits[name] = {
            "work_ms": _summary([t[0] for t in times]),
            "painted_ms": _summary([t[1] for t in times]),
            "cpu_ms": _summary(busy),
        }
    found["edits"] = edits
    found["save_ms"] = _summary([page.evaluate(TIME_SAVE) for _ in range(samples)])
    return found


def worked(metrics: CDPSession) -> float:
    """Milliseconds of processor that the page's main thread has used for tasks."""
    found = metrics.send("Performance.getMetrics")["metrics"]
    return next(m["value"] for m in found if m["name"] == "TaskDuration") * 1000


def _summary(values: list[float], **more: float) -> dict[str, float]:
    found = {"median": statistics.median(values), "max": max(values), **more}
    return {name: round(value, 1) for name, value in found.items()}


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--nodes", type=int, default=100)
    given.add_argument("--samples", type=int, default=5)
    wanted = given.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site, draft = prepared(Path(folder), wanted.nodes)
        with site:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            context = browser.new_context(viewport={"width": 1280, "height": 900}, bypass_csp=True)
            context.add_cookies([site.session_of(OWNER)])
            address = f"{site.url}/studio/draf/{draft}/diagram/process.bpmn"
            found = measure(context.new_page(), address, wanted.samples)
            browser.close()
        site.database.dispose()
    sys.stdout.write(json.dumps({"nodes": wanted.nodes, **found}, indent=2) + "\n")


if __name__ == "__main__":
    main()
