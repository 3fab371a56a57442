"""How fast the player of a replay is in headless Chromium: opening, jumping, playing. JSON on standard output.

    python -m tests.benchmarks.player [--events 5000] [--nodes 200] [--jumps 60]

The page is opened from disk, without a server. A jump's time is that of its script, that until the next frame is
painted (at 60 frames a second, waiting for an empty one alone takes up to 17 ms), and `cpu_ms`, what the page's thread
worked for it, drawing included: the same whatever else the machine does.
"""

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from flask import render_template_string
from playwright.sync_api import Page, sync_playwright

from engine.clock import SystemClock
from engine.settings import Settings
from tests.benchmarks.editor import worked
from tests.support.databases import copy_sqlite, make_sqlite_template
from tests.support.stories import PATH, drawing, long_data, long_story
from web.app import create_app
from web.audit.replay.words import SCRIPTS, STYLES, player_words
from web.static_files import FOLDER

LIBRARY = "vendor/bpmn-js/bpmn-navigated-viewer.production.min.js"
FRAME = """<!doctype html><html lang="id" class="js"><head><meta charset="utf-8"><title>Putar ulang</title>
{% for name in styles %}<link rel="stylesheet" href="{{ name }}">{% endfor %}</head>
<body><main class="container-xl page audit-replay"><div class="replay-root" data-replay>{{ player(words) }}</div></main>
{% for name in scripts %}<script src="{{ name }}"></script>{% endfor %}<script src="story.js"></script></body></html>"""
BEGIN = """document.addEventListener("DOMContentLoaded", () => {
  const root = document.querySelector("[data-replay]");
  const words = JSON.parse(root.querySelector("[data-words]").textContent);
  window.begun = performance.now();
  window.player = window.alurReplay.start(root, {story, data, diagrams, words});
  window.started = performance.now() - window.begun;
});"""
TIME_JUMP = """async (place) => {
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel(); channel.port1.onmessage = done; channel.port2.postMessage(0); }));
  await painted();
  const start = performance.now();
  window.player.jump(place);
  const done = performance.now();
  document.body.getBoundingClientRect();
  const laid = performance.now();
  await painted();
  return [done - start, laid - start, performance.now() - start];
}"""


def written(folder: Path, events: int, nodes: int) -> Path:
    """The page of a made-up case, as a file among others."""
    database = copy_sqlite(make_sqlite_template(folder / "template.sqlite3"), folder)
    settings = Settings.from_environment({"ALUR_DATA": str(folder / "data"), "ALUR_SECRET_KEY": "for measuring only"})
    app = create_app(settings, clock=SystemClock(), database=database)
    with app.test_request_context():
        macro = app.jinja_env.get_template("audit/player.html").make_module({}).player  # type: ignore[attr-defined]
        page = render_template_string(
            FRAME,
            player=macro,
            words=player_words(),
            styles=[(FOLDER / name).as_uri() for name in STYLES],
            scripts=[(FOLDER / name).as_uri() for name in (LIBRARY, *SCRIPTS)],
        )
    database.dispose()
    story = long_story(events, nodes)
    parts = {"story": story, "data": long_data(story), "diagrams": {PATH: drawing(nodes)}}
    script = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in parts.items())
    (folder / "story.js").write_text(script + BEGIN, encoding="utf-8")
    (folder / "index.html").write_text(page, encoding="utf-8")
    return folder / "index.html"


def measure(page: Page, address: str, events: int, jumps: int) -> dict[str, Any]:
    page.goto(address)
    page.wait_for_selector("[data-replay-figure][data-ready=true]")
    drawn = page.evaluate("performance.now() - window.begun")
    metrics = page.context.new_cdp_session(page)
    metrics.send("Performance.enable", {"timeDomain": "threadTicks"})

    def timed(place: int) -> list[float]:
        before = worked(metrics)
        return [*page.evaluate(TIME_JUMP, place), worked(metrics) - before]

    places = random.Random(6)
    return {
        "started_ms": round(page.evaluate("window.started"), 1),
        "drawn_ms": round(drawn, 1),
        "first_jump_to_the_end": _told([timed(events - 1)]),
        "jump": _told([timed(places.randrange(events)) for _ in range(jumps)]),
        "step": _told([timed(events // 2 + at) for at in range(jumps)]),
    }


def _told(times: list[list[float]]) -> dict[str, dict[str, float]]:
    names = ("script_ms", "with_layout_ms", "next_frame_ms", "cpu_ms")
    found = dict(zip(names, zip(*times, strict=True), strict=True))
    return {name: {"median": round(statistics.median(v), 1), "max": round(max(v), 1)} for name, v in found.items()}


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--events", type=int, default=5000)
    given.add_argument("--nodes", type=int, default=200)
    given.add_argument("--jumps", type=int, default=60)
    wanted = given.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        address = written(Path(folder), wanted.events, wanted.nodes).as_uri()
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce").new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        found = measure(page, address, wanted.events, wanted.jumps)
        browser.close()
    told = {"events": wanted.events, "nodes": wanted.nodes, **found, "faults": faults}
    sys.stdout.write(json.dumps(told, indent=2) + "\n")


if __name__ == "__main__":
    main()
