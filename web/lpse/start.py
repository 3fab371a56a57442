"""Where a coordinator begins: the LPSE is registered by the first task of its case."""

from collections.abc import Sequence

from flask import redirect, render_template, url_for
from sqlalchemy import select
from sqlmodel import col
from werkzeug.wrappers import Response

from engine.actors import Actor
from engine.unit_of_work import UnitOfWork
from models import Instance, Lpse, UserTask
from web.context import require_actor, services
from web.lpse.area import COORDINATOR, blueprint
from web.security import allow, role

PROCESS = "lpse_standards"
REGISTER = "register"


def begin_page(own: Sequence[Lpse]) -> str:
    """No board to show yet, or several to choose from."""
    actor = require_actor()
    return render_template(
        "lpse/index.html", own=own, may_begin=any(grant.role == COORDINATOR for grant in actor.grants)
    )


@blueprint.post("/mulai")
@allow(role(COORDINATOR))
def begin() -> Response:
    """Start the case of the LPSE, or go on with the one that was started and not registered yet."""
    actor = require_actor()
    with services().database.read() as unit:
        task_id = _unregistered(unit, actor)
    if task_id is None:
        instance_id = services().runner.start(PROCESS, actor)
        with services().database.read() as unit:
            task_id = _open_task(unit, instance_id)
    services().runner.claim(task_id, actor)
    return redirect(url_for("inbox.task", task_id=task_id), 303)


def _unregistered(unit: UnitOfWork, actor: Actor) -> str | None:
    query = (
        select(col(UserTask.id))
        .join(Instance, col(Instance.id) == col(UserTask.instance_id))
        .where(
            col(Instance.definition_key) == PROCESS,
            col(Instance.starter_id) == actor.user_id,
            col(UserTask.element_id) == REGISTER,
            col(UserTask.state) == "open",
        )
    )
    return unit.connection.execute(query).scalar()


def _open_task(unit: UnitOfWork, instance_id: str) -> str:
    query = select(col(UserTask.id)).where(col(UserTask.instance_id) == instance_id, col(UserTask.state) == "open")
    return str(unit.connection.execute(query).scalar_one())
