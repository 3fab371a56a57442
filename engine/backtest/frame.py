"""What an act of a back-test stands in, and what a case is when it begins: all from the record."""

from dataclasses import dataclass
from datetime import datetime

from calendars import WorkingCalendar
from calendars.zones import DEFAULT_ZONE
from engine.acts.facts import Facts
from engine.acts.services import Services
from engine.backtest.candidate import Candidate
from engine.backtest.past import Past, Stimulus
from engine.calendar import load_calendar
from engine.definitions import LoadedVersion
from engine.manifest import BY_INSTANSI
from engine.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class PastFrame:
    """An act as a back-test performs it: zone and calendar version are the record's, unless the change is in them."""

    unit: UnitOfWork
    version: LoadedVersion
    then: LoadedVersion
    number: int
    now: datetime
    zone: str
    calendar_version: int
    services: Services

    def zone_for(self, facts: Facts) -> str:
        named = self.version.manifest.zone
        if facts.programme is not None or named == self.then.manifest.zone:
            return self.zone
        return (self.zone if facts.instansi_id else DEFAULT_ZONE) if named == BY_INSTANSI else named

    def calendar_for(self, facts: Facts) -> WorkingCalendar:
        return load_calendar(self.unit, facts.calendar_of, facts.zone, self.calendar_version)

    def services_for(self, facts: Facts) -> Services:  # noqa: ARG002 -- nothing is called
        return self.services


def facts_of(past: Past, candidate: Candidate, first: Stimulus) -> Facts:
    begun = first.command.inputs["case"]
    return Facts(
        instance_id=past.case.id,
        number=begun["number"],
        definition_key=candidate.version.key,
        version_id=candidate.version.id,
        started_at=first.at,
        starter_id=first.actor_id,
        zone=first.zone,
        instansi_id=begun["instansi"],
        business_key=begun["key"],
        programme=begun["programme"],
        parameters=begun["parameters"],
    )
