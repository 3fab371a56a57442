"""A trial as what it is kept as: one scenario file of one scenario, to which every step adds a line.

The file is the truth. It is read by the reader of all scenario files; nothing here knows what a step means.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import yaml

from engine.scenarios import read_scenarios
from engine.scenarios.model import Scenario, When
from engine.scenarios.words import ALIASES
from engine.studio.trials.writing import write_yaml

FILE = "uji-coba.yaml"
STEP_WORDS = ("when", "at_once", "then")
Tree = dict[str, Any]


@dataclass(frozen=True)
class Story:
    """The file as records, lists and texts. Never changed: each change is a new story."""

    tree: Tree

    @classmethod
    def begin(cls, title: str, start: str, people: Mapping[str, Tree], companions: tuple[str, ...] = ()) -> "Story":
        """Somebody somewhere at some time, and nothing has happened yet."""
        head: Tree = {"bersama": list(companions)} if companions else {}
        given = {"pada": start, "orang": {name: dict(about) for name, about in people.items()}}
        return cls({**head, "given": given, "skenario": [{"judul": title, "langkah": []}]})

    @classmethod
    def read(cls, text: str) -> "Story":
        """A story that was written by `text`."""
        return cls(yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506 -- the loader that makes nothing but texts

    @classmethod
    def of_scenario(cls, file: str, body: bytes, number: int, *, steps: bool = True) -> "Story":
        """The scenario of that number (from 0) of a file, alone; without `steps`, only what it begins with.

        ScenarioFileError where the file cannot be read.
        """
        read_scenarios(file, body)
        tree = yaml.load(body.decode("utf-8-sig"), Loader=yaml.BaseLoader)  # noqa: S506 -- as above
        listed = word_in(tree, "scenarios")
        if listed is None:
            alone = {name: tree.pop(name) for name in _words(tree, "title", "steps")}
            item, head = alone, tree
        else:
            item, head = tree[listed][number], {name: value for name, value in tree.items() if name != listed}
        item = deepcopy(item)
        if not steps:
            item[word_in(item, "steps") or "langkah"] = []
        return cls(deepcopy({**head, "skenario": [item]}))

    @property
    def text(self) -> str:
        return write_yaml(self.tree)

    @property
    def title(self) -> str:
        item = self._item()
        return str(item.get(word_in(item, "title") or "", ""))

    @property
    def steps(self) -> list[Tree]:
        """The story's own steps, as they were written; not those that it was given."""
        item = self._item()
        found: list[Tree] = item[word_in(item, "steps") or "langkah"]
        return found if isinstance(found, list) else []

    @property
    def acts(self) -> int:
        """How many of its steps do something."""
        return sum(is_act(step) for step in self.steps)

    def scenario(self) -> Scenario:
        """The story as it is played. ScenarioFileError with every fault."""
        if self.steps:
            return read_scenarios(FILE, self.text.encode())[0]
        # A file without steps is a mistake, a trial without steps has only not begun.
        begun = self.with_steps({"when": {"setelah": "1 menit"}}).scenario()
        return replace(begun, steps=begun.steps[:-1])

    def with_steps(self, *steps: Tree) -> "Story":
        """With these steps after all others."""
        return self._with([*self.steps, *steps])

    def without_last(self) -> "Story":
        """Before the last thing that was done; what was expected after it goes with it."""
        steps = list(self.steps)
        while steps and not is_act(steps[-1]):
            steps.pop()
        return self._with(steps[:-1])

    def up_to(self, count: int) -> "Story":
        """Only its first `count` steps."""
        return self._with(self.steps[:count])

    def with_person(self, name: str, about: Tree) -> "Story":
        """With somebody more from the beginning."""
        tree = deepcopy(self.tree)
        given = tree.setdefault(word_in(tree, "given") or "given", {})
        people = word_in(given, "people") or "orang"
        given[people] = {**(given.get(people) or {}), name: about}
        return Story(tree)

    def called(self, title: str) -> "Story":
        tree = deepcopy(self.tree)
        item = tree["skenario"][0]
        item[word_in(item, "title") or "judul"] = title
        return Story(tree)

    def _with(self, steps: list[Tree]) -> "Story":
        tree = deepcopy(self.tree)
        item = tree["skenario"][0]
        item[word_in(item, "steps") or "langkah"] = deepcopy(steps)
        return Story(tree)

    def _item(self) -> Tree:
        item: Tree = self.tree["skenario"][0]
        return item


def word_in(tree: Tree, word: str) -> str | None:
    """The name under which `tree` says this, in either language."""
    return next((alias for alias in ALIASES[word] if alias in tree), None) if isinstance(tree, dict) else None


def is_act(step: Tree) -> bool:
    """Does it do something, rather than only expect?"""
    return word_in(step, "when") is not None or word_in(step, "at_once") is not None


def size_of(step: Tree) -> int:
    """How many steps of a scenario it becomes when it is read."""
    return sum(word_in(step, word) is not None for word in STEP_WORDS)


def people_of(scenario: Scenario) -> list[str]:
    return [person.name for person in scenario.people]


def acts_of(scenario: Scenario) -> list[When]:
    return [step for step in scenario.steps if isinstance(step, When)]


def _words(tree: Tree, *words: str) -> list[str]:
    return [name for word in words if (name := word_in(tree, word)) is not None]
