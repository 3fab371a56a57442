"""What the pages of letters and mails have in common: the files to choose from, the case whose values are shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import AlurError, NotFoundError
from engine.studio.drafts import DraftFile, DraftView, save_file
from engine.studio.proofs import SAMPLE, Known
from engine.unit_of_work import UnitOfWork
from web.cases import queries
from web.cases.queries import Filters
from web.cases.views import find
from web.context import require_actor, services
from web.i18n import locale_code
from web.studio.frame import render_draft
from web.studio.papers.words import page_words

CASES = 20


@dataclass(frozen=True)
class Folder:
    """One kind of paper: where its files stand, and the page that edits one."""

    path: str
    suffix: str
    endpoint: str

    def file(self, view: DraftView, name: str) -> DraftFile:
        found = view.files.get(f"{self.path}{name}{self.suffix}")
        if found is None:
            raise NotFoundError
        return found

    def names(self, view: DraftView) -> list[str]:
        return sorted(
            path.removeprefix(self.path).removesuffix(self.suffix)
            for path in view.files
            if path.startswith(self.path) and path.endswith(self.suffix)
        )

    def save(self, view: DraftView, name: str) -> Response:
        """Saved by the button, where scripts do not run."""
        seen = request.form.get("revision", type=int)
        body = request.form.get("body", "").replace("\r\n", "\n").encode()
        self._save(view, name, body, seen)
        return redirect(url_for(self.endpoint, draft=view.id, name=name), 303)

    def _save(self, view: DraftView, name: str, body: bytes, seen: int | None) -> None:
        path, by = f"{self.path}{name}{self.suffix}", require_actor().user_id or ""
        try:
            with services().database.write() as unit:
                save_file(unit, view.id, path, body, seen=seen, by=by, now=services().clock.now())
        except AlurError as error:
            flash(error.message(locale_code()), "bad")


def paper_page(
    template: str, folder: Folder, view: DraftView, name: str, proof: Callable[[str], dict[str, Any]]
) -> str:
    """The text of a file and its proof side by side; `proof` is asked with the number of the case chosen, or ""."""
    file, number = folder.file(view, name), request.args.get("kasus", "")
    with services().database.read() as unit:
        cases = recent_cases(unit, view)
    address = url_for(f"{folder.endpoint.partition('.')[0]}.proof", draft=view.id, name=name)
    return render_draft(
        template,
        view,
        name=name,
        file=file,
        text=file.body.decode("utf-8", errors="replace"),
        names=folder.names(view),
        cases=cases,
        number=number,
        proof=proof(number),
        papers={"proof": address, "words": page_words()},
    )


def recent_cases(unit: UnitOfWork, view: DraftView) -> list[Any]:
    """The newest cases of the process whose values a proof may show."""
    found = queries.page(unit.connection, require_actor(), Filters(process=view.key), size=CASES)
    return list(found.rows)


def chosen_case(unit: UnitOfWork, number: str) -> Any | None:
    """The case named in the address or the request, if this person may see it."""
    return find(unit, number) if number else None


def known_by(number: str, read: Any) -> Known:
    """What a proof is filled with: `read(unit, case)` of the case chosen, else the sample."""
    with services().database.read() as unit:
        case = chosen_case(unit, number)
        return SAMPLE if case is None else read(unit, case)


def origin_text(known: Known, number: str) -> str:
    """What stands in the proof, in a sentence."""
    return {
        "sample": _("Diisi dengan data contoh."),
        "letter": _("Diisi dengan data yang dulu dipakai untuk surat ini dalam kasus %(number)s.", number=number),
        "case": _("Diisi dengan data kasus %(number)s; yang belum ada di kasus itu memakai contoh.", number=number),
    }[known.origin]
