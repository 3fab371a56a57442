"""Who acts: a person with the roles held today, or the system itself."""

from dataclasses import dataclass

from engine.errors import AlurError


@dataclass(frozen=True)
class Grant:
    """A role held today, in one instansi or (None) in all."""

    role: str
    instansi_id: str | None = None


@dataclass(frozen=True)
class Actor:
    """`user_id` is None for the system. `grants` are those valid at the instant of the act."""

    user_id: str | None
    name: str
    grants: tuple[Grant, ...] = ()

    @property
    def is_system(self) -> bool:
        return self.user_id is None

    def holds(self, role: str, instansi_id: str | None = None) -> bool:
        """Does the actor hold `role` for `instansi_id`? A grant without instansi counts everywhere."""
        return any(g.role == role and (g.instansi_id is None or g.instansi_id == instansi_id) for g in self.grants)


SYSTEM = Actor(user_id=None, name="Sistem")


class NotAPersonError(AlurError):
    """Only a person can do this."""

    indonesian = "Hanya orang yang dapat melakukan ini."
    code = "not_a_person"
