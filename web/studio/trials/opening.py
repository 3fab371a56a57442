"""Opens a trial: its steps played on the draft as it is now, and the services of its own world for what pages show."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from engine.definitions import Package
from engine.documents import CheckedDocument
from engine.scenarios.world import World
from engine.studio.drafts import DraftView
from engine.studio.trials import store
from engine.studio.trials.scenarios import companions_of
from engine.studio.trials.story import Story
from engine.studio.trials.theatre import Rehearsal
from engine.texts import Text
from engine.unit_of_work import UnitOfWork
from models import Trial
from web.context import Services, playing, services
from web.studio.frame import open_draft


@dataclass(frozen=True)
class Opened:
    """A trial and the draft it plays; `missing`: processes beside it that are not in use here."""

    view: DraftView
    trial: Trial
    story: Story
    package: Package
    companions: dict[str, Package]
    missing: list[Text]

    @contextmanager
    def rehearsal(self, story: Story | None = None) -> Iterator[Rehearsal]:
        """The world, locked for the block. RefusedPackageError while the gate finds errors in the draft."""
        theatre = services().theatre
        with theatre.rehearsal(self.trial.id, story or self.story, self.package, self.companions) as found:
            yield found


def open_trial(draft: str, trial: str) -> Opened:
    """404 where there is no such draft, or no such trial of it."""
    view = open_draft(draft)
    with services().database.read() as unit:
        row = store.read(unit, draft, trial)
        story = Story.read(row.story)
        names = [companion.name for companion in story.scenario().companions]
        companions, missing = companions_of(unit, services().definitions, names)
    return Opened(view, row, story, view.package(), companions, missing)


@contextmanager
def inside(world: World) -> Iterator[Services]:
    """What pages ask of `services()` comes from this world."""
    parts = replace(
        services(),
        database=world.database,
        clock=world.clock,
        registry=world.registry,
        definitions=world.definitions,
        runner=world.runner,
        documents=_Uploads(world),
    )
    with playing(parts):
        yield parts


@dataclass(frozen=True)
class _Kept:
    id: str


class _Uploads:
    """Takes a file that was found sound by its name alone: nothing of a trial is kept in the installation."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._names = {user_id: name for name, user_id in world.people.items()}

    def keep(
        self,
        unit: UnitOfWork,
        checked: CheckedDocument,
        *,
        actor_id: str,
        task_id: str,
        field: str,
        now: datetime,  # noqa: ARG002 -- the world has a clock of its own
    ) -> _Kept:
        return _Kept(self._world.attach(unit, task_id, self._names[actor_id], field, checked.filename))
