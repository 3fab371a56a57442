"""A season of inpassing by simulation: thousands of participants through the whole flow on the virtual clock."""

from handlers.demo.season.run import SeasonReport, run_season

__all__ = ["SeasonReport", "run_season"]
