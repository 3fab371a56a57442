"""Moving the running cases of a process to another version: a dry run over all of them, choices, then one act each."""

from engine.moving.runs import cancel, choose, counts, open_run, read_run, start
from engine.moving.work import work_off

__all__ = ["cancel", "choose", "counts", "open_run", "read_run", "start", "work_off"]
