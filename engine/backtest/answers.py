"""Handlers answer a back-test as they answered then. None is called."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.acts.services import Answer, answer_to
from engine.backtest.candidate import Candidate
from engine.backtest.past import Past
from engine.backtest.verdict import CaseResult
from engine.registry import RecordedRefusalError
from engine.spiff import ServiceCall


@dataclass
class PastAnswers:
    """The recorded answers of one case; `answers` and `unanswered` are those of the act at hand."""

    past: Past
    candidate: Candidate
    result: CaseResult
    answers: list[Answer] = field(default_factory=list)
    unanswered: list[ServiceCall] = field(default_factory=list)
    """Calls that the record has no answer to: the case waits there."""
    _used: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def next_act(self) -> None:
        self.answers, self.unanswered = [], []

    def __call__(self, call: ServiceCall) -> Mapping[str, Any] | None:
        asked = answer_to(call)
        then = self._recorded(asked)
        if then is None:
            return self._without(call, asked)
        if then.inputs_digest != asked.inputs_digest:
            self.result.remark("asked", call.element_id)
        self.answers.append(answer_to(call, outputs=then.outputs, error=then.error))
        if then.error is not None:
            raise RecordedRefusalError(then.error, then.outputs or {})
        return then.outputs

    def _recorded(self, asked: Answer) -> Answer | None:
        """The same call; else one of the element with the same inputs; else its next."""
        known, used = self.past.answers.get(asked.element_id, []), self._used[asked.element_id]
        left = [n for n, a in enumerate(known) if n not in used and self._name(a.name) == self._name(asked.name)]
        if not left:
            return None
        same = (n for n in left if known[n].token_id == asked.token_id)
        alike = (n for n in left if known[n].inputs_digest == asked.inputs_digest)
        chosen = next(same, next(alike, left[0]))
        used.add(chosen)
        return known[chosen]

    def _without(self, call: ServiceCall, asked: Answer) -> Mapping[str, Any] | None:
        """A handler that gives nothing back needs no record; nor does what stands beside the way, like a reminder."""
        handler = self.candidate.registry.get(call.name) if call.name in self.candidate.registry else None
        aside = call.element_id in self.candidate.side_ways
        if handler is None or (handler.outputs and not aside):
            self.unanswered.append(call)
            return None
        outputs = dict.fromkeys(output.name for output in handler.outputs)
        self.result.remark("assumed", call.element_id)
        self.answers.append(answer_to(call, outputs=outputs, error=asked.error))
        return outputs

    def _name(self, name: str) -> str:
        """A handler that was renamed keeps its old name as an alias."""
        return self.candidate.registry.get(name).name if name in self.candidate.registry else name
