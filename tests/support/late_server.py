"""`alur serve` on a clock that is ahead of the machine's: `python -m tests.support.late_server SECONDS --port …`."""

import sys
from datetime import datetime, timedelta
from functools import cached_property

import web.cli
from engine.clock import Clock, SystemClock


class LateClock:
    """Goes as the machine's does, from another instant."""

    def __init__(self, ahead: timedelta) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead


class LateLine(web.cli.CommandLine):
    """The command line of that installation."""

    ahead = timedelta()

    @cached_property
    def clock(self) -> Clock:
        return LateClock(self.ahead)


if __name__ == "__main__":
    LateLine.ahead = timedelta(seconds=float(sys.argv.pop(1)))
    web.cli.CommandLine = LateLine
    sys.argv.insert(1, "serve")
    web.cli.main()
