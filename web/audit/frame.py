"""What every page of the audit has around it: the tabs that this person may open."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext as _

from web.context import require_actor
from web.security import Rule


@dataclass(frozen=True)
class Tab:
    """One part of the audit; `current` while one is inside it."""

    text: str
    url: str
    current: bool


def tabs() -> list[Tab]:
    """The parts that there are, as far as this person may open them."""
    here = (request.blueprint or "").partition(".")[0]
    return [
        Tab(text, url_for(endpoint), endpoint.partition(".")[0] == here)
        for endpoint, text in _parts()
        if may_open("audit.export" if endpoint == "audit.index" else endpoint)  # which leads others on
    ]


def may_open(endpoint: str) -> bool:
    """Is there such a page, and does its rule admit this person?"""
    view = current_app.view_functions.get(endpoint)
    rule = getattr(view, "access_rule", None)
    return isinstance(rule, Rule) and rule.admits(require_actor())


def _parts() -> list[tuple[str, str]]:
    return [
        ("audit.index", _("Cari kasus")),
        ("audit_proofs.index", _("Pembuktian")),
        ("audit_anchors.index", _("Jangkar")),
        ("audit_bundles.index", _("Bundel")),
        ("audit_looking.index", _("Analisis")),
        ("audit_seen.index", _("Siapa melihat apa")),
        ("audit_subjects.index", _("Laporan subjek")),
        ("audit_retention.index", _("Retensi")),
    ]
