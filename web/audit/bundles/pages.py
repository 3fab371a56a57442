"""The pages of a bundle: each case with its player, and a list of all. They open from a disk, without a network.

They are written outside of any request, so by an application of their own: whoever packs cases has none at hand.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask, render_template
from flask_babel import force_locale

from engine.bundles import Sheaf
from engine.privacy import Masking
from engine.story import tell
from engine.unit_of_work import UnitOfWork
from models import Instance
from web.audit.replay.words import SCRIPTS, STYLES, player_words
from web.audit.story.data import data_json
from web.audit.story.present import story_json
from web.context import services
from web.static_files import FOLDER

VIEWER = "vendor/bpmn-js/bpmn-navigated-viewer.production.min.js"
OWN_SCRIPT = "js/audit/bundle.js"
OWN_STYLE = "css/audit-bundle.css"
ALONE = ".alone.html"
"""A case's page as it is at the top of a bundle of one. Hidden: it is not packed under this name."""
_SPRITE = re.compile(r'<use href="[^"#]*#')
_USED = re.compile(r'<use href="#([a-z0-9-]+)"')
_SYMBOL = re.compile(r'<symbol id="([a-z0-9-]+)".*?</symbol>', re.DOTALL)


class BundlePages:
    """`make_app` gives an application that serves nobody; it is made when the first page is written."""

    def __init__(self, make_app: Callable[[], Flask], locale: str = "id") -> None:
        self._make_app, self.locale = make_app, locale

    @cached_property
    def _app(self) -> Flask:
        return self._make_app()

    def in_locale(self, locale: str) -> "BundlePages":
        return BundlePages(lambda: self._app, locale)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        with self._app.test_request_context(), force_locale(self.locale):
            yield

    def of_case(self, unit: UnitOfWork, sheaf: Sheaf, instance_id: str, masking: Masking) -> None:
        """`index.html` of a case, and the same for the top of a bundle that holds no other."""
        with self._speaking():
            case = unit.session.get_one(Instance, instance_id)
            folder = f"cases/{case.number}"
            story = tell(unit, services().definitions, instance_id)
            told = _kept(story_json(story, masking))
            given = {
                "story": told,
                "data": data_json(unit, case, masking, whole=True),
                "diagrams": _diagrams(told, sheaf),
            }
            for path, root in ((f"{folder}/index.html", "../../"), (f"{folder}/{ALONE}", "")):
                page = render_template(
                    "audit/bundles/case.html",
                    root=root,
                    title=told["case"].get("title") or told["case"]["number"],
                    case=told["case"],
                    given=given,
                    words=player_words(),
                    masked=masking.masks,
                    styles=_names((*STYLES, OWN_STYLE)),
                    scripts=_names((VIEWER, *SCRIPTS, OWN_SCRIPT)),
                )
                sheaf.put(path, _drawn(page))

    def of_bundle(self, sheaf: Sheaf, cases: Sequence[Mapping[str, Any]], level: str) -> None:
        """The first page, and what all pages share."""
        for name in (VIEWER, *STYLES, *SCRIPTS, OWN_STYLE, OWN_SCRIPT):
            sheaf.put(f"assets/{Path(name).name}", (FOLDER / name).read_bytes())
        with self._speaking():
            if len(cases) == 1:
                alone = sheaf.folder / "cases" / cases[0]["number"] / ALONE
                sheaf.put("index.html", alone.read_bytes())
                return
            page = render_template(
                "audit/bundles/list.html",
                root="",
                cases=cases,
                level=level,
                styles=_names((*STYLES, OWN_STYLE)),
                scripts=(),
            )
            sheaf.put("index.html", _drawn(page))


def _names(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(Path(name).name for name in names)


def _kept(story: dict[str, Any]) -> dict[str, Any]:
    """The story without addresses: they lead back into Alur, where the reader of a bundle may have no way in."""
    diagrams = [diagram for version in story["versions"] for diagram in version["diagrams"]]
    others = [case for event in story["events"] for case in event.get("cases", ())]
    for told in (story["case"], *diagrams, *story["documents"], *others):
        told.pop("url", None)
    return story


def _diagrams(story: Mapping[str, Any], sheaf: Sheaf) -> dict[str, str]:
    """Each drawing by the place of its version in the story and its path."""
    return {
        f"{number}/{diagram['path']}": (sheaf.folder / "versions" / version["id"] / diagram["path"]).read_text("utf-8")
        for number, version in enumerate(story["versions"])
        for diagram in version["diagrams"]
    }


def _drawn(page: str) -> bytes:
    """Icons of a sprite beside the page are not drawn from a disk: those that are used come into the page."""
    page = _SPRITE.sub('<use href="#', page)
    used = set(_USED.findall(page))
    sprite = (FOLDER / "vendor/icons.svg").read_text("utf-8")
    symbols = "".join(found[0] for found in _SYMBOL.finditer(sprite) if found[1] in used)
    return page.replace("<!-- icons -->", f'<svg class="bundle-icons" aria-hidden="true">{symbols}</svg>', 1).encode()
