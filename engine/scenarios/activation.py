"""Somebody who registered presses the link in the activation mail: the account is active, and its case hears of it."""

import re

from sqlalchemy import select
from sqlmodel import col

from engine.actors import Actor
from engine.people import use_link
from engine.scenarios.outcome import StepError
from engine.scenarios.world import World
from engine.texts import Text
from models import OutgoingMail

MESSAGE = "account_activated"
_LINK = re.compile(r"/aktivasi/([\w-]+)")


def activate(world: World, who: str, line: int) -> str | None:
    """What the activation page does, but for the password, which is no scenario's subject; the case that waited."""
    mails: list[OutgoingMail] = world.rows(
        select(OutgoingMail)
        .where(col(OutgoingMail.recipient) == world.addresses[who])
        .order_by(col(OutgoingMail.created_at).desc())
    )
    token = next((found[1] for mail in mails if (found := _LINK.search(mail.text))), None)
    if token is None:
        raise StepError(line, Text(f"{who} belum menerima tautan aktivasi", f"{who} has got no activation link"))
    now = world.clock.now()
    with world.database.write() as unit:
        user = use_link(unit, token, "activate", now)
        user.state, user.activated_at = "active", now
        actor = Actor(user.id, user.name)
    return world.runner.correlate(MESSAGE, actor, {}, correlation=actor.user_id)
