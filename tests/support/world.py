"""What the demo holds, by name: who may see and do what is written here by hand, not asked of the code under test."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, text
from sqlmodel import col
from werkzeug.test import TestResponse

from engine import programmes
from engine.letters.book import Order, issue
from engine.programmes import guides
from engine.texts import Text
from handlers.demo.accounts import ACCOUNTS
from handlers.demo.load import EVERYBODY
from models import Attachment, Incident, Instance, Membership, OutgoingMail, User, UserTask, metadata
from tests.support.files import padded, pdf
from tests.support.pages import PageClient

VISITOR = "visitor"
PROGRAMME = "coba-2026"
FOR_OTHERS = {"bkd.ntt", "koordinator.lpse", "biro.kemnaker", "direktur.spd"}
OF_THE_FIRST = {a.email.partition("@")[0] for a in ACCOUNTS if "bps" not in (a.role or "")}
PEOPLE = tuple(n for a in EVERYBODY if (n := a.email.partition("@")[0]) in FOR_OTHERS | OF_THE_FIRST)
"""The people of access to INAPROC and of LKPP, and one for each other flow: each asks thousands of questions."""
ROLES = {a.email.partition("@")[0]: {a.role} for a in EVERYBODY if a.role} | {"joko": {"pejabat_pembuat_komitmen"}}
SEES = {
    ("joko", "completed"): {"joko", "vai", "owner", "pemilik2"},
    ("tono", "repair_details"): {"tono", "vai", "owner", "pemilik2"},
    ("ratna", "verify_by_vai"): {"ratna", "vai", "vai2", "owner", "pemilik2"},
    ("ratna", "decide_escalated"): {"ratna", "spd", "owner", "pemilik2"},
    ("tono", "verify_by_spd"): {"tono", "spd", "owner", "pemilik2"},
    ("pemohon", "fill_details"): {"pemohon", "owner", "pemilik2"},
}
"""Who may see which case: by its starter and where it stands."""
OFFICE = {"verify_by_vai": {"vai", "vai2"}, "verify_by_spd": {"spd"}, "decide_escalated": {"spd"}}
"""Whose tasks the officers' elements are; every other task is its starter's."""
NOT_STATE = {
    "document_reading",
    "ledger_entry",
    "ledger_head",
    "looked_break",
    "looked_case",
    "web_session",
    "login_failure",
}
"""Tables that looking at a page may write to."""


@dataclass
class World:
    """Objects by id with the people who may reach them; browsers by person."""

    app: Flask
    browsers: dict[str, PageClient]
    users: dict[str, str]
    cases: dict[str, set[str]] = field(default_factory=dict)
    """Case number → who may see it."""
    starters: dict[str, str] = field(default_factory=dict)
    tasks: dict[str, tuple[set[str], set[str]]] = field(default_factory=dict)
    """Task → (who may open it, who may see its case)."""
    documents: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    """(Case number, document) → who may download it."""
    memberships: list[tuple[str, str]] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    incident: str = ""
    letter: str = ""
    code: str = ""
    letter_readers: set[str] = field(default_factory=set)
    mail: str = ""
    guide: str = ""

    @classmethod
    def of(cls, app: Flask) -> "World":
        database = app.extensions["alur"].database
        with database.read() as unit:
            people = unit.session.scalars(select(User)).all()
        users = {user.email.partition("@")[0]: user.id for user in people}
        browsers = {VISITOR: PageClient(app)}
        for user in people:
            if (name := user.email.partition("@")[0]) in PEOPLE:
                browsers[name] = PageClient(app)
                browsers[name].sign_in(user)
        world = cls(app, browsers, users)
        world._read_cases()
        world._add_strays()
        return world

    def ask(self, who: str, method: str, url: str, **fields: str) -> TestResponse:
        """A request as this person's browser sends it. The pages themselves are looked over by other tests."""
        browser = self.browsers[who]
        if method == "GET":
            return browser.client.get(url)
        if who not in self.tokens:
            self.tokens[who] = browser.token()
        data = {"csrf_token": self.tokens[who], **fields}
        return browser.client.post(url, data=data, headers={"Origin": "http://localhost"})

    def _read_cases(self) -> None:
        names = {user_id: name for name, user_id in self.users.items()}
        with self.app.extensions["alur"].database.read() as unit:
            cases = unit.session.scalars(select(Instance)).all()
            tasks = unit.session.scalars(select(UserTask)).all()
            documents = unit.session.scalars(select(Attachment).where(col(Attachment.submitted))).all()
            held = unit.session.scalars(select(Membership)).all()
        self.memberships = [(m.user_id, m.id) for m in held]
        numbers = {}
        for case in cases:
            where = next((t.element_id for t in tasks if t.instance_id == case.id and t.state == "open"), case.status)
            starter = names[case.starter_id]
            numbers[case.id] = case.number
            self.cases[case.number], self.starters[case.number] = SEES[starter, where], starter
        for task in tasks:
            number = numbers[task.instance_id]
            self.tasks[task.id] = (OFFICE.get(task.element_id, {self.starters[number]}), self.cases[number])
        for document in documents:
            number = numbers[document.instance_id]
            self.documents[number, document.id] = self.cases[number]

    def _add_strays(self) -> None:
        """What the demo has none of: an incident, a programme, and a file that was uploaded and not sent."""
        parts = self.app.extensions["alur"]
        now = parts.clock.now()
        draft = next(number for number, starter in self.starters.items() if starter == "pemohon")
        with parts.database.write() as unit:
            case = unit.session.scalars(select(Instance).where(col(Instance.number) == draft)).one()
            task = unit.session.scalars(
                select(UserTask).where(col(UserTask.instance_id) == case.id, col(UserTask.state) == "open")
            ).one()
            kept = parts.documents.receive(
                unit, actor_id=self.users["pemohon"], task_id=task.id, field="assignment_letter",
                filename="rahasia.pdf", body=padded(pdf(), 120_000), now=now,
            )  # fmt: skip
            self.documents[draft, kept.id] = set()
            letter = issue(
                unit, Order(key="stray", instance_id=case.id, office="lkpp", kind="surat", subject="Coba",
                            pattern="{number}/COBA/{year}"), now,
            )  # fmt: skip
            self.letter, self.code, self.letter_readers = letter.id, letter.code, self.cases[draft]
            self.incident = uuid.uuid4().hex
            unit.session.add(
                Incident(id=self.incident, reference="AAAA-BBBB", instance_id=case.id, cause="Trial", message="Trial",
                         created_at=now)
            )  # fmt: skip
            programme = programmes.open_programme(
                unit, key=PROGRAMME, flow="lkpp_inpassing", title=Text("Coba", "Trial"), period="2026",
                opens_at=now, closes_at=now + timedelta(days=30), by="test", now=now,
            )  # fmt: skip
            self.guide = guides.add_guide(
                unit, programme.id, kind="pedoman", title="Pedoman", link="https://contoh.go.id", by=None, now=now
            ).id
            mail = unit.session.scalars(select(OutgoingMail)).first()
            self.mail = mail.id if mail is not None else ""

    def fingerprint(self) -> str:
        """Of all rows of all tables that a mere look may not touch."""
        found = hashlib.sha256()
        with self.app.extensions["alur"].database.read() as unit:
            for table in metadata.sorted_tables:
                if table.name not in NOT_STATE:
                    rows = unit.connection.execute(text(f'SELECT * FROM "{table.name}"'))  # noqa: S608 -- our own names
                    found.update(repr((table.name, sorted(map(repr, rows)))).encode())
        return found.hexdigest()
