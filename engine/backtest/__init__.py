"""Back-testing: what a changed procedure would have made of the cases that were recorded on the one before.

Nothing is written to a case and no handler is called: people's answers, handlers' answers, messages and the clock come
from the record, as in a replay; but the acts are performed on other files, and the first difference is told.
"""

from engine.backtest.candidate import Candidate, candidate_of
from engine.backtest.follow import back_test
from engine.backtest.past import Past, read_pasts
from engine.backtest.verdict import CaseResult, Difference

__all__ = ["Candidate", "CaseResult", "Difference", "Past", "back_test", "candidate_of", "read_pasts"]
