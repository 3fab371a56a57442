"""Judging one `then`: each expectation looks at the real tables and says what differs, if anything."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.authorisation import may_take
from engine.errors import ForbiddenError
from engine.people import HeldRole, memberships_of
from engine.scenarios.expected import (
    DASH,
    NONE,
    by_name,
    entries_of,
    equals,
    items_of,
    listed,
    shown,
    text_of,
    texts_of,
    words_of,
)
from engine.scenarios.model import Expectation
from engine.scenarios.outcome import Mismatch, StepError
from engine.scenarios.standing import state
from engine.scenarios.words import NO, NOTHING, YES, read_instant, show_instant
from engine.scenarios.world import World
from engine.scenarios.yamltree import Scalar, Tree
from engine.texts import Text
from models import Deadline, OutgoingMail, UserTask

Check = Callable[[World, Expectation], Iterator[Mismatch]]

TASKS = Text("tugas yang terbuka", "open tasks")
WHO = Text("yang boleh mengerjakan “{name}”", "who may do “{name}”")
STAGE = Text("status", "stage")
OUTCOME = Text("akhir kasus", "outcome")
MAIL = Text("surat", "mail")
MEMBERSHIP = Text("keanggotaan {name}", "memberships of {name}")
DEADLINE = Text("tenggat “{name}”", "deadline of “{name}”")
DATA = Text("data “{name}”", "data “{name}”")
EVERYWHERE = Text("semua instansi", "all agencies")
FOR_GOOD = Text("seterusnya", "for good")
NOT_ENDED = Text("belum selesai", "not ended")


def judge(world: World, expectation: Expectation) -> list[Mismatch]:
    """Everything about this expectation that is otherwise."""
    return list(CHECKS[expectation.kind](world, expectation))


# --- tasks, stage, outcome -------------------------------------------------------------------------------------------


def _tasks(world: World, expectation: Expectation) -> Iterator[Mismatch]:
    """All open tasks of the case by name; with names of people beside them, exactly who may do each."""
    found = open_tasks(world)
    wanted = by_name(expectation.value)
    expected = sorted(tree_name for tree_name, _ in wanted)
    names = {t.element_id if t.element_id in expected else t.name for t in found}
    if sorted(names) != sorted(set(expected)):
        yield Mismatch(expectation.line, TASKS, listed(expected), listed(sorted(names)))
        return
    for name, people in wanted:
        if people is not None:
            yield from _who(world, name, people, [t for t in found if name in (t.name, t.element_id)])


def _who(world: World, name: str, people: Tree, tasks: list[UserTask]) -> Iterator[Mismatch]:
    """Several tasks may be called alike: one for each member of a team."""
    expected = sorted(texts_of(people))
    able = sorted(person for person in world.people if any(is_able(world, person, task) for task in tasks))
    if able != expected:
        yield Mismatch(people.line, WHO.filled(name=name), listed(expected), listed(able))


def is_able(world: World, person: str, task: UserTask) -> bool:
    """Assigned tasks are the assignee's alone here: that others could be handed it is another story."""
    actor = world.actor(person)
    if task.assignee_id is not None:
        return task.assignee_id == actor.user_id
    try:
        may_take(task, actor)
    except ForbiddenError:
        return False
    return True


def _stage(world: World, expectation: Expectation) -> Iterator[Mismatch]:
    expected, actual = text_of(expectation.value), world.instance(_case(world)).stage
    if expected != actual:
        yield Mismatch(expectation.line, STAGE, Text(expected), Text(actual or DASH))


def _outcome(world: World, expectation: Expectation) -> Iterator[Mismatch]:
    """`ya`, `tidak`, or the name or id of the end event that was reached."""
    instance, expected = world.instance(_case(world)), text_of(expectation.value)
    ended = instance.status in ("completed", "cancelled")
    end = world.version_of(instance.id).specs.elements.get(instance.outcome or "")
    actual = Text((end.name or end.id) if end is not None else instance.status) if ended else NOT_ENDED
    if expected.lower() in NO:
        as_expected = not ended
    else:
        as_expected = ended and (expected.lower() in YES or expected in (actual.id, instance.outcome, instance.status))
    if not as_expected:
        yield Mismatch(expectation.line, OUTCOME, Text(expected), actual)


# --- mails, memberships, deadlines, data -----------------------------------------------------------------------------


def _mails(world: World, expectation: Expectation) -> Iterator[Mismatch]:
    """Each mail written here must have been sent since it was last asked; `tidak ada`: no mail was."""
    new = unexpected_mails(world)
    if isinstance(expectation.value, Scalar) and expectation.value.text.lower() in NOTHING:
        if new:
            yield Mismatch(expectation.line, MAIL, NONE, listed([m.subject for m in new]))
        return
    for tree in items_of(expectation.value):
        wanted = words_of(tree, ("to", "subject", "contains"))
        match = next((m for m in new if _matches(world, m, wanted)), None)
        if match is None:
            shown = listed([f"{name_of(world, m.recipient)}: {m.subject}" for m in new])
            yield Mismatch(tree.line, MAIL, listed(wanted.values()), shown)
        else:
            new.remove(match)
    world.expected_mails |= {m.id for m in unexpected_mails(world)}


def _matches(world: World, mail: OutgoingMail, wanted: dict[str, str]) -> bool:
    return (
        wanted.get("to", mail.recipient) in (mail.recipient, name_of(world, mail.recipient))
        and wanted.get("subject", "").casefold() in mail.subject.casefold()
        and wanted.get("contains", "").casefold() in mail.text.casefold()
    )


def unexpected_mails(world: World) -> list[OutgoingMail]:
    sent: list[OutgoingMail] = world.rows(select(OutgoingMail).order_by(col(OutgoingMail.created_at)))
    return [m for m in sent if m.id not in world.expected_mails]


def name_of(world: World, recipient: str) -> str:
    return next((name for name in world.people if world.addresses[name] == recipient), recipient)


def _memberships(world: World, expectation: Expectation) -> Iterator[Mismatch]:
    """The roles a person holds today and that this story granted; `tidak ada`: none."""
    for key, tree in entries_of(expectation.value):
        held = [m for m in held_by(world, key.text, key.line) if m.is_open]
        if isinstance(tree, Scalar) and tree.text.lower() in NOTHING:
            if held:
                yield Mismatch(key.line, MEMBERSHIP.filled(name=key.text), NONE, _roles(held))
            continue
        for item in items_of(tree):
            wanted = words_of(item, ("role", "instansi", "until"))
            if not any(_is_held(world, m, wanted, item.line) for m in held):
                yield Mismatch(item.line, MEMBERSHIP.filled(name=key.text), listed(wanted.values()), _roles(held))


def held_by(world: World, name: str, line: int) -> list[HeldRole]:
    if name not in world.people:
        raise StepError(line, Text(f"tidak ada orang bernama “{name}”", f"nobody is called “{name}”"))
    with world.database.read() as unit:
        return memberships_of(unit, world.people[name], world.clock.now())


def _is_held(world: World, held: HeldRole, wanted: dict[str, str], line: int) -> bool:
    until = held.valid_until.isoformat() if held.valid_until else ""
    return (
        held.role == world.role_key(wanted.get("role", held.role), line)
        and wanted.get("instansi", held.instansi) == held.instansi
        and wanted.get("until", until) == until
    )


def _roles(held: list[HeldRole]) -> Text:
    if not held:
        return NONE
    words = Text("{role} di {where} sampai {until}", "{role} in {where} until {until}")
    return Text(
        *(
            "; ".join(
                words.in_locale(locale).format(
                    role=m.role,
                    where=m.instansi or EVERYWHERE.in_locale(locale),
                    until=m.valid_until or FOR_GOOD.in_locale(locale),
                )
                for m in held
            )
            for locale in ("id", "en")
        )
    )


def _deadlines(world: World, expectation: Expectation) -> Iterator[Mismatch]:
    """When something is due: a task by its name, a timer by the name of its event; `tidak ada`: nothing is."""
    rows: list[Deadline] = world.rows(
        select(Deadline).where(col(Deadline.instance_id) == _case(world), col(Deadline.state) == "pending")
    )
    pending = [(d.element_id, world.element_name(d.element_id), d.due_at) for d in rows]
    for key, tree in entries_of(expectation.value):
        due = [at for element, name, at in pending if key.text in (element, name)]
        actual = listed(sorted(show_instant(at, world.zone) for at in due))
        expected = text_of(tree)
        instant = read_instant(expected)
        if instant is None and expected.lower() not in NOTHING:
            raise StepError(tree.line, Text(f"“{expected}” bukan waktu", f"“{expected}” is no instant"))
        if (instant is None and due) or (instant is not None and instant not in due):
            yield Mismatch(key.line, DEADLINE.filled(name=key.text), Text(expected), actual)


def _data(world: World, expectation: Expectation) -> Iterator[Mismatch]:
    """Values of the case by name; `instansi.name` reaches into a record."""
    data = world.data(_case(world), next((t.id for t in open_tasks(world)), None))
    for key, tree in entries_of(expectation.value):
        value: Any = data
        for part in key.text.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        if not equals(value, text_of(tree)):
            yield Mismatch(key.line, DATA.filled(name=key.text), Text(text_of(tree)), shown(value, world.zone))


def open_tasks(world: World) -> list[UserTask]:
    return world.rows(select(UserTask).where(col(UserTask.instance_id) == _case(world), col(UserTask.state) == "open"))


def _case(world: World) -> str:
    return world.chosen_case(None, 0)


CHECKS: dict[str, Check] = {
    "tasks": _tasks,
    "stage": _stage,
    "outcome": _outcome,
    "mails": _mails,
    "memberships": _memberships,
    "deadlines": _deadlines,
    "data": _data,
    "state": state,
}
