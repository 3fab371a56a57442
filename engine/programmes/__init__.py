"""Programmes: a flow open to the public for a time, with its parameters and its versions.

A case belongs to the programme it was started in and keeps the version and the parameters of that day, so that two
periods of a flow run side by side without knowing of each other.
"""

from engine.programmes.changing import (
    CLOSED,
    change_parameters,
    close,
    close_due,
    extend,
    open_programme,
    parameter_values,
    use_version,
    use_versions,
    waiting_cases,
)
from engine.programmes.errors import (
    NoProgrammeError,
    NotInProgrammeError,
    OtherFlowError,
    ProgrammeClosedError,
    ProgrammeFaultError,
    ProgrammeNotYetOpenError,
    ProgrammeRequiredError,
)
from engine.programmes.joining import calendar_owner, is_open, joined, of_case, open_programmes, title_of, version_of

__all__ = [
    "CLOSED",
    "NoProgrammeError",
    "NotInProgrammeError",
    "OtherFlowError",
    "ProgrammeClosedError",
    "ProgrammeFaultError",
    "ProgrammeNotYetOpenError",
    "ProgrammeRequiredError",
    "calendar_owner",
    "change_parameters",
    "close",
    "close_due",
    "extend",
    "is_open",
    "joined",
    "of_case",
    "open_programme",
    "open_programmes",
    "parameter_values",
    "title_of",
    "use_version",
    "use_versions",
    "version_of",
    "waiting_cases",
]
