"""Every route × every person of the demo and a visitor × own and another's objects, generated from the route table.

A new route is in the matrix by itself; a new kind of object in an address makes the test fail until it is said here
who may reach one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.support.world import PEOPLE, PROGRAMME, ROLES, VISITOR, World
from web.lkpp.queues import QUEUES
from web.portal.platforms import platforms
from web.security import Rule

FOUND = {200, 302, 303, 409, 422}
"""The answers of a page that is there for the asker: shown, done, already done, not filled in well."""
ANYBODY, NOBODY = {*PEOPLE, VISITOR}, set()
NEEDS_MORE = {"auth.logout", "inbox.release", "inbox.refresh", "programmes.guide_remove"}
"""Acts that ask for more than that the object is one's own: a group to give it back to, a task that is still open, a
guide that the other owner has not removed already."""
NOWHERE = "0" * 32


@dataclass(frozen=True)
class Probe:
    """A request, and who of those whom its route admits finds something there. `open_to`: may also act on it."""

    endpoint: str
    method: str
    url: str
    found_by: frozenset[str]
    refused: frozenset[str] = frozenset()
    """Who may know of it, but may not open it: 403 with the reason."""

    def expected(self, rule: Rule, who: str) -> set[int]:
        if not rule.anonymous and who == VISITOR:
            return {303}
        if rule.roles and not set(rule.roles) & ROLES.get(who, set()):
            return {403}
        if who in self.found_by:
            return FOUND
        return {403} if who in self.refused else {404}


Objects = Iterator[tuple[dict[str, object], set[str], set[str]]]
"""(Values of the address, who finds it, who is refused with a reason)."""


AUDITORS = {who for who, held in ROLES.items() if held & {"auditor", "auditor_luar"}}
"""They read every case, in the audit alone; its page elsewhere leads them there."""


def _cases(world: World, endpoint: str) -> Objects:
    if endpoint.startswith("audit_anchors."):
        yield {"number": 1}, NOBODY, NOBODY  # no anchor was made
        return
    for number, seers in world.cases.items():
        found_by = seers
        if endpoint.startswith("audit_retention."):
            found_by = NOBODY  # no list of what is to be destroyed was made
        elif endpoint.startswith("audit"):
            found_by = AUDITORS
        elif endpoint.startswith("applicant."):
            found_by = {world.starters[number]}
        elif endpoint == "cases.show":
            found_by = seers | AUDITORS
        yield {"number": number}, found_by, NOBODY


def _case_files(world: World, _endpoint: str) -> Objects:
    for number, seers in world.cases.items():
        yield {"number": number, "path": "process.bpmn"}, seers, NOBODY
        yield {"number": number, "path": "process.toml"}, NOBODY, NOBODY


def _case_mails(world: World, _endpoint: str) -> Objects:
    """A mail that the case has not. Its applicant sends nothing again whatever it has."""
    for number in world.cases:
        yield {"number": number, "mail_id": NOWHERE}, NOBODY, {world.starters[number]}


def _documents(world: World, _endpoint: str) -> Objects:
    """Also through another case that one may see."""
    for (number, document), readers in world.documents.items():
        yield {"number": number, "attachment_id": document}, readers, NOBODY
        others = (other for other, seers in world.cases.items() if other != number and seers & (readers or seers))
        yield {"number": next(others), "attachment_id": document}, NOBODY, NOBODY


def _pages(world: World, endpoint: str) -> Objects:
    """The pictures of a document are its readers'; a page that it has not is nobody's."""
    for values, readers, refused in _documents(world, endpoint):
        yield {**values, "page": 1}, readers, refused
        yield {**values, "page": 99}, NOBODY, NOBODY


def _tasks(world: World, _endpoint: str) -> Objects:
    for task, (doers, seers) in world.tasks.items():
        yield {"task_id": task}, doers, seers - doers


def _users(world: World, endpoint: str) -> Objects:
    for name, user_id in world.users.items():
        locked_out = {name} if endpoint == "admin.change_state" else NOBODY
        yield {"user_id": user_id}, ANYBODY - locked_out, locked_out


def _memberships(world: World, _endpoint: str) -> Objects:
    admin, someone = world.users["admin"], world.users["pemohon"]
    for holder, membership in world.memberships:
        locked_out = {"admin"} if holder == admin else NOBODY
        yield {"user_id": holder, "membership_id": membership}, ANYBODY - locked_out, locked_out
        yield {"user_id": someone, "membership_id": membership}, NOBODY, NOBODY


def _own_accesses(world: World, _endpoint: str) -> Objects:
    """Of accesses that a case watches over everybody sees to their own; here those of VAI."""
    names = {user_id: name for name, user_id in world.users.items()}
    for holder, membership in world.memberships:
        yield {"membership_id": membership}, {names[holder]} if ROLES.get(names[holder]) == {"vai"} else NOBODY, NOBODY
    yield {"membership_id": NOWHERE}, NOBODY, NOBODY


def _work_of_lkpp(_world: World, _endpoint: str) -> Objects:
    """A kind of work is there for the role that does it; every other role of LKPP finds nothing there."""
    for queue in QUEUES.values():
        yield {"key": queue.key}, {who for who, held in ROLES.items() if queue.role in held}, NOBODY
    yield {"key": "lain"}, NOBODY, NOBODY


def _nothing_yet(name: str) -> Callable[[World, str], Objects]:
    """The demo has none of these: whoever may ask finds nothing."""
    return lambda _world, _endpoint: iter([({name: NOWHERE}, NOBODY, NOBODY)])


def _papers(world: World, _endpoint: str) -> Objects:
    for task in world.tasks:
        yield {"task_id": task, "attachment_id": NOWHERE}, NOBODY, NOBODY


def _keys(world: World, endpoint: str) -> Objects:
    if endpoint.startswith("lkpp."):
        yield from _work_of_lkpp(world, endpoint)
        return
    if endpoint.startswith("letters."):
        yield {"key": "lkpp"}, ANYBODY, NOBODY
        yield {"key": "lain"}, NOBODY, NOBODY
        return
    if endpoint.startswith("programmes."):
        yield {"key": PROGRAMME}, ANYBODY, NOBODY
        yield {"key": "lain"}, NOBODY, NOBODY
        return
    if endpoint.startswith("audit_subjects."):
        yield {"key": f"u-{world.users['pemohon']}"}, ANYBODY, NOBODY
        yield {"key": f"u-{NOWHERE}"}, NOBODY, NOBODY
        return
    if endpoint != "portal.platform":
        yield {"key": "inaproc_access"}, ANYBODY, NOBODY
        return
    for platform in platforms():
        opened = {who for who, held in ROLES.items() if held & set(platform.roles)}
        yield {"key": platform.key}, opened, ANYBODY - opened
    yield {"key": "lain"}, NOBODY, NOBODY


def _letters(world: World, _endpoint: str) -> Objects:
    yield {"letter_id": world.letter}, world.letter_readers, NOBODY
    yield {"letter_id": NOWHERE}, NOBODY, NOBODY


def _letter_acts(world: World, _endpoint: str) -> Objects:
    yield {"letter_id": world.letter, "act": "batalkan"}, world.letter_readers, NOBODY
    yield {"letter_id": world.letter, "act": "bakar"}, NOBODY, NOBODY


def _codes(world: World, _endpoint: str) -> Objects:
    """Who has the code of a letter may look; nobody guesses one."""
    yield {"code": world.code}, ANYBODY, NOBODY
    yield {"code": "0" * 16}, NOBODY, NOBODY


def _fixed(*found: tuple[dict[str, object], set[str]]) -> Callable[[World, str], Objects]:
    return lambda _world, _endpoint: ((values, who, NOBODY) for values, who in found)


PROCESS = {"key": "inaproc_access"}
ASKED_FOR_A_CASE = {"audit_anchors.proof_file", "audit_story.beside_table"}
"""Files about the cases that the query names; it names none here."""
OBJECTS: dict[tuple[str, ...], Callable[[World, str], Objects]] = {
    (): lambda _world, endpoint: iter([({}, NOBODY if endpoint in ASKED_FOR_A_CASE else ANYBODY, NOBODY)]),
    ("number",): _cases,
    ("number", "path"): _case_files,
    ("attachment_id", "number"): _documents,
    ("attachment_id", "number", "page"): _pages,
    ("letter_id",): _letters,
    ("act", "letter_id"): _letter_acts,
    ("code",): _codes,
    ("task_id",): _tasks,
    ("user_id",): _users,
    ("membership_id", "user_id"): _memberships,
    ("membership_id",): _own_accesses,
    ("incident_id",): lambda world, _endpoint: iter([({"incident_id": world.incident}, ANYBODY, NOBODY)]),
    ("mail_id",): lambda world, _endpoint: iter([({"mail_id": world.mail}, ANYBODY, NOBODY)]),
    ("mail_id", "number"): _case_mails,
    ("token",): _fixed(({"token": NOWHERE}, NOBODY)),
    ("key",): _keys,
    ("guide_id", "key"): lambda world, _endpoint: iter(
        [
            ({"key": PROGRAMME, "guide_id": world.guide}, ANYBODY, NOBODY),
            ({"key": PROGRAMME, "guide_id": NOWHERE}, NOBODY, NOBODY),
        ]
    ),
    ("schedule_id",): _nothing_yet("schedule_id"),
    ("lpse_id",): _nothing_yet("lpse_id"),
    ("lpse_id", "phase"): _fixed(({"lpse_id": NOWHERE, "phase": "atas"}, NOBODY)),
    ("item_id",): _nothing_yet("item_id"),
    ("attachment_id", "item_id"): _fixed(({"item_id": NOWHERE, "attachment_id": NOWHERE}, NOBODY)),
    ("recommendation_id",): _nothing_yet("recommendation_id"),
    ("participant_id",): _nothing_yet("participant_id"),
    ("run_id",): _nothing_yet("run_id"),
    ("run",): _nothing_yet("run"),
    ("search_id",): _nothing_yet("search_id"),
    ("request_id",): _nothing_yet("request_id"),
    ("name",): _nothing_yet("name"),
    ("case_id",): _nothing_yet("case_id"),
    ("case", "number"): _fixed(({"case": "lain", "number": "lain"}, NOBODY)),
    ("deadline_id", "number"): _fixed(({"deadline_id": NOWHERE, "number": "lain"}, NOBODY)),
    ("programme",): _nothing_yet("programme"),
    ("key", "picture"): _fixed((PROCESS | {"picture": "lain"}, NOBODY)),
    ("key", "rule"): _fixed((PROCESS | {"rule": NOWHERE}, NOBODY)),
    ("key", "section"): _fixed((PROCESS | {"section": "lain"}, NOBODY)),
    ("group", "key", "section"): _fixed((PROCESS | {"section": "lain", "group": "lain"}, NOBODY)),
    ("key", "run"): _fixed((PROCESS | {"run": NOWHERE}, NOBODY)),
    ("attachment_id", "task_id"): _papers,
    ("key", "number"): _fixed((PROCESS | {"number": 1}, ANYBODY), (PROCESS | {"number": 2}, NOBODY)),
    ("key", "number", "path"): _fixed(
        (PROCESS | {"number": 1, "path": "process.bpmn"}, ANYBODY),
        (PROCESS | {"number": 1, "path": "../process.toml"}, NOBODY),
    ),
    ("month", "year"): _fixed(({"year": 2026, "month": 3}, ANYBODY), ({"year": 2026, "month": 13}, NOBODY)),
    ("filename",): _fixed(({"filename": "css/alur.css"}, ANYBODY), ({"filename": "../app.py"}, NOBODY)),
}
"""By the names in an address. A new kind of object is a decision: who may reach one is said here."""

STUDIO = {
    "draft": NOWHERE, "publication": NOWHERE, "run": NOWHERE, "trial": NOWHERE, "path": "process.bpmn", "revision": 1,
    "name": "isi", "element": "isi", "key": "lain",
}  # fmt: skip
OBJECTS |= {
    names: _fixed(({name: STUDIO[name] for name in names}, NOBODY))
    for names in (
        ("draft",), ("draft", "path"), ("draft", "revision"), ("draft", "name"), ("draft", "trial"),
        ("draft", "key", "path", "trial"), ("draft", "element", "trial"), ("draft", "run"), ("draft", "path", "run"),
        ("path",), ("publication",),
    )
}  # fmt: skip
"""The demo has no draft: whoever may ask finds nothing."""


def probes(world: World) -> Iterator[Probe]:
    adapter = world.app.url_map.bind("localhost")
    for rule in world.app.url_map.iter_rules():
        given = rule.defaults or {}  # the form of a download is in its address already
        for values, found_by, refused in OBJECTS[tuple(sorted(rule.arguments - set(given)))](world, rule.endpoint):
            url = adapter.build(rule.endpoint, {**values, **given})
            for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
                yield Probe(rule.endpoint, method, url, frozenset(found_by), frozenset(refused))


def probes_of(world: World, who: str, every: list[Probe], *, method: str) -> Iterator[Probe]:
    """What this person asks. Where the route itself is closed to them, one object is like any other."""
    closed = set()
    for probe in every:
        rule = world.app.view_functions[probe.endpoint].access_rule
        is_open = rule.anonymous or (who != VISITOR and (not rule.roles or set(rule.roles) & ROLES.get(who, NOBODY)))
        if probe.method == method and probe.endpoint not in closed:
            if not is_open:
                closed.add(probe.endpoint)
            yield probe


def differing(world: World, who: str, probe: Probe) -> list[str]:
    """What the answer is, if it is not what it should be."""
    rule = world.app.view_functions[probe.endpoint].access_rule
    answer = world.ask(who, probe.method, probe.url)
    expected = probe.expected(rule, who)
    if answer.status_code not in expected:
        return [f"{who}: {probe.method} {probe.url} ({probe.endpoint}) is {answer.status_code}, not {expected}"]
    if expected == {303} and not answer.location.startswith("/masuk"):
        return [f"{who}: {probe.method} {probe.url} leads to {answer.location}"]
    return []


def found_there(world: World, who: str, probe: Probe) -> bool:
    rule = world.app.view_functions[probe.endpoint].access_rule
    return probe.expected(rule, who) == FOUND


def asked(world: World, method: str) -> list[tuple[str, Probe]]:
    every = list(probes(world))
    return [(who, probe) for who in world.browsers for probe in probes_of(world, who, every, method=method)]


def wrong_answers(world: World, requests: list[tuple[str, Probe]]) -> list[str]:
    return [line for who, probe in requests for line in differing(world, who, probe)]


def test_every_route_for_everybody_with_their_own_and_anothers_objects(world):
    before = world.fingerprint()

    looks = asked(world, "GET")
    assert len(looks) > 800
    assert wrong_answers(world, looks) == []
    assert world.fingerprint() == before, "a GET has changed something"

    posts = asked(world, "POST")
    refused = [(who, probe) for who, probe in posts if not found_there(world, who, probe)]
    assert len(refused) > 500
    assert wrong_answers(world, refused) == []
    assert world.fingerprint() == before, "a refused POST has changed something"

    # Empty forms: claimed, given back, kept, or told what is missing. The acts themselves are tried elsewhere.
    own = [(w, p) for w, p in posts if found_there(world, w, p) and p.endpoint not in NEEDS_MORE]
    assert wrong_answers(world, own) == []
