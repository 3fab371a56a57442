"""The platforms as data (platforms.toml), and which of a person's accesses open each."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from engine.people import HeldRole
from engine.texts import Text


@dataclass(frozen=True)
class Platform:
    """A platform behind the one door. Any active access with one of `roles` opens it."""

    key: str
    title: Text
    purpose: Text
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Door:
    """A platform as one person finds it: the accesses that open it, or the ones that did once."""

    platform: Platform
    opened_by: tuple[HeldRole, ...]
    closed: tuple[HeldRole, ...]

    @property
    def is_open(self) -> bool:
        return bool(self.opened_by)


@cache
def platforms() -> tuple[Platform, ...]:
    """In the order of the file."""
    body = tomllib.loads((Path(__file__).parent / "platforms.toml").read_text(encoding="utf-8"))
    return tuple(
        Platform(p["key"], Text(**p["title"]), Text(**p["purpose"]), tuple(p["roles"])) for p in body["platform"]
    )


def door(platform: Platform, held: list[HeldRole]) -> Door:
    """How this platform stands to a person with these accesses."""
    fitting = [access for access in held if access.role in platform.roles]
    return Door(
        platform,
        opened_by=tuple(access for access in fitting if access.is_open),
        closed=tuple(access for access in fitting if not access.is_open),
    )
