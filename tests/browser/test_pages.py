"""Every page that a person can reach by links, as each kind of person: whole, accessible, readable on any screen.

ALUR_PICTURES=1 pytest tests/browser/test_pages.py   # leaves pictures of all in tests/browser/screenshots, to look at
"""

from collections import deque
from urllib.parse import urlsplit

import pytest
from werkzeug.exceptions import HTTPException

from engine.people import find_by_email
from tests.support.tabs import DESK, PHONE, SMALL, Tab
from web.i18n import LOCALE_COOKIE

PEOPLE = {
    "visitor": None,
    "applicant": "tono@contoh.go.id",
    "holder": "joko@contoh.go.id",
    "verifier": "vai@contoh.go.id",
    "spd": "spd@contoh.go.id",
    "owner": "owner@contoh.go.id",
    "auditor": "auditor@contoh.go.id",
    "admin": "admin@contoh.go.id",
}
NO_PAGES = (
    "static", "cases.document", "cases.diagram", "processes.diagram", "programmes.guide_file", "lpse.evidence_file",
    "audit_anchors.file", "audit_anchors.token", "audit_anchors.proof_file", "audit_bundles.download",
    "audit_bundles.verifier", "audit_proofs.certificate", "audit_story.story", "audit_story.data",
    "audit_subjects.paper",
)  # fmt: skip
FILES = (".csv", ".xlsx", ".zip", "/unduh")
"""How the address of a download ends."""
ALIKE = (
    "home.index",
    "auth.account",
    "auth.forgot",
    "mailbox.index",
    "mailbox.show",
    "calendars.month",
    "calendars.compute",
    "processes.index",
    "processes.show",
)
"""Everybody finds the same there: opened by all, looked at closely as the applicant."""
VIEWS = {"inbox.index": 4, "inbox.task": 3, "applicant.show": 2, "mailbox.show": 2}
"""How many different addresses of a view are opened; of the others, one."""
NARROW = ("visitor", "applicant", "verifier")
"""Whose pages are looked at on the narrowest screens, too."""
DARK = ("visitor", "applicant", "verifier", "admin")
"""Whose pages are looked at in the dark, and as closely on a phone as on a desk. All others have the same parts."""
DARK_RULES = ["color-contrast", "link-in-text-block"]


def walk(tab: Tab, look) -> dict[str, int]:
    """Open pages by their links, the front page first, and `look` at each; how many there were of each view."""
    adapter = tab.site.app.url_map.bind("127.0.0.1")
    waiting, seen, opened = deque(["/"]), {"/"}, {}
    while waiting:
        address = waiting.popleft()
        endpoint = view_of(adapter, address)
        if endpoint is None or opened.get(endpoint, 0) >= VIEWS.get(endpoint, 1):
            continue
        opened[endpoint] = opened.get(endpoint, 0) + 1
        tab.go(address)
        drawn(tab)
        look(endpoint, opened[endpoint])
        links = tab.page.eval_on_selector_all("a[href]", "(all) => all.map((a) => a.href)")
        for link in links:
            parts = urlsplit(link)
            target = parts.path + (f"?{parts.query}" if parts.query else "")
            if link.startswith(tab.site.url + "/") and target not in seen:
                seen.add(target)
                waiting.append(target)
    return opened


def view_of(adapter, address: str) -> str | None:
    """The view behind an address, if it answers with a page."""
    if urlsplit(address).path.endswith(FILES):
        return None
    try:
        endpoint, _ = adapter.match(urlsplit(address).path, method="GET")
    except HTTPException:
        return None
    return None if endpoint in NO_PAGES else endpoint


def drawn(tab: Tab) -> None:
    """Wait until the diagrams are there, where the page has some."""
    for diagram in tab.page.locator("[data-diagram]:visible").all():
        diagram.and_(tab.page.locator("[data-ready]")).wait_for()


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_is_accessible_by_light_and_by_dark_on_every_screen(site, open_tab, who):
    tab = open_tab(site, PEOPLE[who])
    faults = []

    def look(view: str, number: int) -> None:
        tab.dark(False)
        if view in ALIKE and who not in ("visitor", "applicant"):
            return
        if view.startswith("audit") and who != "auditor":
            return
        sizes = (DESK, PHONE, SMALL) if who in NARROW else (DESK, PHONE)
        faults.extend(tab.faults(sizes=sizes, closely=sizes if who in DARK else (DESK,), name=f"{who}-{view}-{number}"))
        if who not in DARK:
            return
        tab.dark()
        faults.extend(tab.faults(sizes=(DESK,), rules=DARK_RULES, name=f"{who}-{view}-{number}-dark"))

    opened = walk(tab, look)

    assert not faults, "\n".join(faults)
    assert len(opened) >= (5 if who == "visitor" else 8), opened


@pytest.mark.parametrize("who", ["visitor", "verifier"])
def test_every_page_reads_as_well_in_english(site, open_tab, who):
    email = PEOPLE[who]
    if email is not None:
        with site.database.write() as unit:
            find_by_email(unit, email).locale = "en"
    tab = open_tab(site, email, locale="en")

    tab.context.add_cookies([{"name": LOCALE_COOKIE, "value": "en", "url": site.url}])
    faults = []

    def look(view: str, number: int) -> None:
        assert tab.page.locator("html").get_attribute("lang") == "en"
        if view in ALIKE and who == "verifier":
            return
        faults.extend(tab.faults(sizes=(PHONE, SMALL), rules=["document-title"], name=f"{who}-{view}-{number}-en"))

    walk(tab, look)

    assert not faults, "\n".join(faults)
