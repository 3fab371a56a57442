"""A small installation with something of everything that the record holds: to be tampered with, to be proved."""

from datetime import date
from pathlib import Path

from engine import anchors
from engine.actors import SYSTEM, Actor
from engine.calendar import Revision, new_version, seed_calendar
from engine.documents import Documents
from engine.forms.model import Rules
from engine.letters.book import Order, issue
from engine.letters.files import add_file
from engine.letters.offices import add_offices
from engine.letters.signing import passing_signer
from engine.unit_of_work import Database
from tests.support.bpmn import Process, after
from tests.support.files import pdf
from tests.support.office import LANES, Office
from tests.support.rich import deploy_rich, move_twice, play_to_the_end, play_to_the_middle

OUTLETS = anchors.Outlets("https://alur.contoh.go.id")
FORM = b"""{"type": "default", "id": "isi", "components": [{
  "type": "filepicker", "id": "l", "key": "letter", "label": "Surat", "accept": ".pdf",
  "validate": {"required": true}, "properties": {"alur:type": "document", "alur:min_bytes": 1000}
}]}"""
EYES = """
[lanes."Pengesah"]
role = "verifier"
scope = "instansi"
exclude = ["starter", "completer:weigh"]
"""


class Installed:
    """Cases in every state, of three processes; documents given and written, letters, readings, anchors, calendars."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.office = Office(database)
        self.documents = Documents(folder)
        self.ani = self.office.person("Ani")
        self.budi = self.office.person("Budi", "verifier")
        with database.write() as unit:
            seed_calendar(unit, self.office.clock.now())
            add_offices(unit, [{"key": "bkd", "name": "BKD", "lines": ["KABUPATEN"]}], self.office.clock.now())
        deploy_rich(self.office)
        self._deploy()
        self._dates()
        self._rich_cases()
        self._letters()
        self.anchor()
        self.office.wait(hours=30)
        self._approve(self._submitted())
        self._submitted()
        self.anchor()

    def anchor(self) -> None:
        with self.office.database.write() as unit:
            anchors.make(unit, passing_signer(), OUTLETS, self.office.clock.now())

    def _deploy(self) -> None:
        inner = Process("weighing")
        inner.start("begin"), inner.user("weigh", lane="Verifikator"), inner.end("weighed")
        inner.chain("begin", "weigh", "weighed")
        p = Process("permit")
        p.start(), p.user("fill", lane="Pemohon", form="isi", due="days(3)")
        p.call("inner", "weighing"), p.user("sign", lane="Pengesah"), p.end()
        p.boundary("nag", "sign", after('"P1D"'), interrupting=False)
        p.end("nagged")
        p.chain("start", "fill", "inner", "sign", "end")
        p.chain("nag", "nagged")
        self.office.deploy(p, inner, files={"forms/isi.json": FORM}, lanes=LANES + EYES)

    def _dates(self) -> None:
        office = self.office
        office.instansi("kota")
        closed = Revision(note="Hari kota", weeks={"kota": frozenset({1, 2, 3, 4, 5, 6})})
        with office.database.write() as unit:
            new_version(unit, closed, by="test", now=office.clock.now())

    def _rich_cases(self) -> None:
        office = self.office
        cases = [play_to_the_middle(office) for _ in range(4)]
        refused = office.start("rich", self.ani)
        office.complete(refused, "apply", self.ani, goods="nothing", born=date(1990, 1, 1))
        move_twice(office, cases[0])
        play_to_the_end(office, cases[0])
        move_twice(office, cases[1])
        office.runner.suspend(cases[2], self.budi, "audit")
        office.runner.cancel(cases[3], self.budi, "keliru")

    def _letters(self) -> None:
        office = self.office
        case = self._approve(self._submitted())
        with office.database.write() as unit:
            now = office.clock.now()
            order = Order(key="k", instance_id=case, office="bkd", kind="surat", subject="Hal",
                          pattern="{number}/UJI/{year}")  # fmt: skip
            letter = issue(unit, order, now)
            for stage in (1, 2):
                body = pdf(seed=10 + stage, size=4_000)
                kept = self.documents.keep_generated(
                    unit, instance_id=case, name="surat", filename=f"surat{stage}.pdf", body=body, now=now
                )
                add_file(unit, letter, kept, [], key=f"k{stage}", final=stage == 2, now=now)
            self.documents.read(unit, kept.id, "user-budi", now)
            self.documents.read(unit, kept.id, "user-ani", now)

    def _submitted(self) -> str:
        office = self.office
        case = office.start("permit", self.ani, instansi_id="kota")
        task = office.task(case, "fill")
        with office.database.write() as unit:
            kept = self.documents.receive(
                unit, actor_id=self.ani.user_id, task_id=task.id, field="letter", filename="surat.pdf",
                body=pdf(seed=len(case) + office.clock.now().hour, size=5_000), now=office.clock.now(),
                rules=Rules(min_bytes=1000),
            )  # fmt: skip
        office.runner.complete(task.id, self.ani, {"letter": kept.id})
        return case

    def _approve(self, case: str) -> str:
        office = self.office
        cici: Actor = office.person("Cici", "verifier", instansi="kota")
        office.complete(case, "weigh", self.budi)
        office.runner.claim(office.task(case, "sign").id, cici)
        office.complete(case, "sign", cici)
        office.runner.broadcast("nobody", SYSTEM, {})
        return case
