"""A trial written down as a scenario: after every act, what was then seen is what must be seen from now on."""

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from engine.people import HeldRole
from engine.scenarios.expectations import held_by, is_able, name_of, open_tasks, unexpected_mails
from engine.scenarios.outcome import StepError
from engine.scenarios.run import play
from engine.scenarios.stages import Stage
from engine.scenarios.words import show_instant
from engine.scenarios.world import World
from engine.studio.trials.story import Story, is_act, size_of, word_in
from models import Deadline, Instance

WANTED = ("tasks", "stage", "outcome", "mails", "deadlines", "memberships")
"""What may be written down, in the order in which it is written."""
USUAL = ("tasks", "stage", "outcome", "mails")
NONE = "tidak ada"


def recorded(stage: Stage, story: Story, wanted: frozenset[str]) -> Story:
    """The story with a `then` after each act that has none yet. It stops where the story cannot go on."""
    scenario = story.scenario()
    world = stage.world(scenario)
    playing = play(world, scenario.steps)
    steps: list[dict[str, Any]] = []
    asks_mails = max((n for n, step in enumerate(story.steps) if _asks_mails(step)), default=0)
    own = sum(size_of(step) for step in story.steps)
    try:
        _take(playing, len(scenario.steps) - own)
        before = _roles(world)
        for number, step in enumerate(story.steps):
            _take(playing, size_of(step))
            steps.append(step)
            following = story.steps[number + 1] if number + 1 < len(story.steps) else {}
            if not is_act(step) or word_in(step, "then") or (word_in(following, "then") and not is_act(following)):
                continue
            # A mail is told once: what the story itself expects later is left to it.
            asked = wanted if number >= asks_mails else wanted - {"mails"}
            seen = {word: value for word, value in _seen(world, before, asked) if word in asked}
            before = _roles(world)
            if seen:
                steps.append({"then": {_WORDS[word]: value for word, value in seen.items()}})
    except StepError:
        pass  # the story says itself where it stops; what came before it is worth keeping
    return story.up_to(0).with_steps(*steps)


_WORDS = {"tasks": "tugas", "stage": "status", "outcome": "selesai", "mails": "surat", "deadlines": "tenggat",
          "memberships": "keanggotaan"}  # fmt: skip


def _take(playing: Iterator[Any], count: int) -> None:
    for _ in range(count):
        next(playing, None)


def _asks_mails(step: dict[str, Any]) -> bool:
    return word_in(step.get(word_in(step, "then") or "") or {}, "mails") is not None


def _seen(world: World, before: dict[str, list[HeldRole]], asked: frozenset[str]) -> Iterator[tuple[str, Any]]:
    if world.case is not None:
        instance = world.instance(world.case)
        yield "tasks", _tasks(world) or NONE
        if instance.stage:
            yield "stage", instance.stage
        if instance.status in ("completed", "cancelled"):
            end = world.version_of(instance.id).specs.elements.get(instance.outcome or "")
            yield "outcome", (end.name if end is not None and end.name else "ya")
        deadlines = _deadlines(world)
        if deadlines:
            yield "deadlines", deadlines
    if "mails" in asked:
        yield "mails", _mails(world)
    changed = _changed(world, before)
    if changed:
        yield "memberships", changed


def _tasks(world: World) -> dict[str, Any]:
    """Each open task by its name, with those who may do it."""
    found: dict[str, Any] = {}
    tasks = open_tasks(world)
    for name in dict.fromkeys(task.name or task.element_id for task in tasks):
        alike = [task for task in tasks if name in (task.name, task.element_id)]
        able = sorted(person for person in world.people if any(is_able(world, person, task) for task in alike))
        found[name] = able[0] if len(able) == 1 else able or NONE
    return found


def _mails(world: World) -> Any:
    """Those that were not accounted for yet; from now on they are."""
    new = unexpected_mails(world)
    world.expected_mails |= {mail.id for mail in new}
    numbers: list[str] = world.rows(select(col(Instance.number)))
    told = [{"kepada": name_of(world, m.recipient), "perihal": _lasting(m.subject, numbers)} for m in new]
    return told[0] if len(told) == 1 else told or NONE


def _lasting(subject: str, numbers: list[str]) -> str:
    """What of it is said the next time too: a case has another number whenever it is played."""
    parts = re.split("|".join(map(re.escape, numbers)), subject) if numbers else [subject]
    return max((part.strip(" :,–-()") for part in parts), key=len)


def _deadlines(world: World) -> dict[str, str]:
    rows: list[Deadline] = world.rows(
        select(Deadline)
        .where(col(Deadline.instance_id) == world.case, col(Deadline.state) == "pending")
        .order_by(col(Deadline.due_at))
    )
    found: dict[str, str] = {}
    for row in rows:
        if not row.due_at.microsecond:  # a scenario writes whole seconds
            found.setdefault(world.element_name(row.element_id) or row.element_id, show_instant(row.due_at, world.zone))
    return found


def _roles(world: World) -> dict[str, list[HeldRole]]:
    return {name: [role for role in held_by(world, name, 0) if role.is_open] for name in world.people}


def _changed(world: World, before: dict[str, list[HeldRole]]) -> dict[str, Any]:
    """The roles of those who hold others than before the act."""
    found: dict[str, Any] = {}
    for name, held in _roles(world).items():
        if [_membership(world, role) for role in held] != [_membership(world, role) for role in before.get(name, [])]:
            told = [_membership(world, role) for role in held]
            found[name] = told[0] if len(told) == 1 else told or NONE
    return found


def _membership(world: World, held: HeldRole) -> dict[str, str]:
    titles = {key: title.id for version in reversed(world.versions) for key, title in version.manifest.roles.items()}
    told = {"peran": titles.get(held.role, held.role)}
    if held.instansi:
        told["instansi"] = held.instansi
    if held.valid_until:
        told["sampai"] = held.valid_until.isoformat()
    return told
