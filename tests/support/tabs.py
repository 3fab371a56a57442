"""A tab of a real browser that notices what a person would not: faults in the console, in the policy, in the page.

tab = open_tab(site, siti)
tab.go("/permohonan")
tab.check()                                 # accessible, one heading, no sideways scrolling on any screen
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from tests.support.live import Site

FOLDER = Path(__file__).resolve().parents[1] / "browser"
SCREENSHOTS = FOLDER / "screenshots"
AXE = FOLDER / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
DESK, PHONE, SMALL = (1280, 900), (390, 844), (320, 640)
EXPECTED_WORDS = (
    "Failed to load resource",  # a refused request is noticed by its status
    "htmx:afterRequest",  # htmx says so when a newer answer overtakes the question that is on its way
    "htmx:sendAbort",
)

RUN_AXE = """async (only) => {
  const found = await axe.run(document, {runOnly: only, resultTypes: ["violations"], elementRef: false});
  return found.violations.map((v) => v.id + ": " + v.help + "\\n" + v.nodes.slice(0, 5).map(
    (n) => "    " + n.html.slice(0, 200) + "\\n      " + (n.any.concat(n.all, n.none)[0] || {}).message).join("\\n"));
}"""
WIDEST = """() => {
  const seen = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= seen) { return []; }
  return Array.from(document.body.querySelectorAll("*")).filter((e) => e.getBoundingClientRect().right > seen + 1)
    .slice(-5).map((e) => e.outerHTML.slice(0, 160));
}"""


class Tab:
    """A page with its own cookies. What goes wrong unseen is gathered in `problems`; the fixture asserts on them."""

    def __init__(self, site: Site, context: BrowserContext, *, looks: bool = True) -> None:
        self.site = site
        self.context = context
        self.looks = looks
        self.page: Page = context.new_page()
        self.problems: list[str] = []
        self._expected: set[int] = set()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    # going about -----------------------------------------------------------------------------------------------------

    def go(self, path: str) -> Response | None:
        """Open an address of the site, as typed or from a bookmark."""
        return self.page.goto(self.site.url + path if path.startswith("/") else path)

    def follow(self, name: str, **more: Any) -> None:
        """Click a link by its words."""
        self.page.get_by_role("link", name=name, **more).first.click()
        self.page.wait_for_load_state()

    def press(self, name: str, **more: Any) -> None:
        """Click a button by its words."""
        self.page.get_by_role("button", name=name, **more).first.click()
        self.page.wait_for_load_state()

    @contextmanager
    def answers(self, *statuses: int) -> Iterator[None]:
        """Inside, the server may answer with these: a refusal that the test is about."""
        self._expected |= set(statuses)
        yield
        self._expected -= set(statuses)

    @contextmanager
    def asks_anew(self) -> Iterator[None]:
        """Inside, an answer is given on which other questions depend: the page asks the server for its form anew."""
        self.settle()
        with self.page.expect_response(lambda r: r.url.endswith("/formulir") and r.status == 200):
            yield
        self.settle()

    def settle(self) -> None:
        """Until no question is on its way and every answer stands in the page."""
        self.page.wait_for_function("() => !document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")

    # looking ---------------------------------------------------------------------------------------------------------

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        """What stands in the page, white space pressed together."""
        return " ".join(self.page.locator("main").inner_text().split())

    @property
    def focused(self) -> dict[str, str]:
        """The element with the focus: tag, id, name, its words."""
        return self.page.evaluate(
            """() => { const e = document.activeElement; return {tag: e.tagName.toLowerCase(), id: e.id,
            name: e.getAttribute("name") || "", text: (e.innerText || "").trim().slice(0, 200)}; }"""
        )

    def at(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def dark(self, on: bool = True) -> None:
        scheme = "dark" if on else "light"
        self.page.emulate_media(color_scheme=scheme)
        # The page hears of it a moment later.
        self.page.wait_for_function("(s) => (document.documentElement.dataset.bsTheme || s) === s", arg=scheme)

    def axe(self, rules: list[str] | None = None) -> list[str]:
        """Violations of WCAG 2.0, 2.1 and 2.2, A and AA; or of these rules alone."""
        if not self.page.evaluate("() => Boolean(window.axe)"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        only = {"type": "tag", "values": TAGS} if rules is None else {"type": "rule", "values": rules}
        return self.page.evaluate(RUN_AXE, only)

    def check(
        self,
        *,
        sizes: tuple[tuple[int, int], ...] = (DESK, PHONE, SMALL),
        rules: list[str] | None = None,
        name: str = "",
    ) -> None:
        """Nothing wrong with this page on any of these screens, unless this tab does not look. `name`: for pictures."""
        if not self.looks:
            return
        found = self.faults(sizes=sizes, rules=rules, name=name)
        assert not found, "\n".join(found)

    def faults(
        self,
        *,
        sizes: tuple[tuple[int, int], ...],
        closely: tuple[tuple[int, int], ...] | None = None,
        rules: list[str] | None = None,
        name: str = "",
    ) -> list[str]:
        """What is wrong with this page on these screens; sideways scrolling alone where nobody looks `closely`."""
        where = self.page.url.removeprefix(self.site.url)
        headings = self.page.locator("h1").count()
        found = [] if headings == 1 else [f"{headings} h1"]
        for size in sizes:
            self.at(size)
            found += [f"{size[0]} px: sideways scrolling: {e}" for e in self.page.evaluate(WIDEST)]
            if size in (closely or sizes) and size != SMALL:
                found += [f"{size[0]} px: {fault}" for fault in self.axe(rules)]
            if name:
                self.picture(f"{name}-{size[0]}")
        self.at(sizes[0])
        return [f"{where} {fault}" for fault in found]

    def picture(self, name: str) -> None:
        """For people to look at, when they ask for it; ignored by git."""
        if not os.environ.get("ALUR_PICTURES"):
            return
        SCREENSHOTS.mkdir(exist_ok=True)
        path = SCREENSHOTS / f"{re.sub(r'[^a-z0-9.-]+', '_', name.lower())}.png"
        # Hiding carets would leave style attributes behind, which htmx copies and the policy refuses.
        self.page.screenshot(path=path, full_page=True, caret="initial")

    # noticing --------------------------------------------------------------------------------------------------------

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED_WORDS):
            self.problems.append(f"{self.page.url}: {message.type} in the console: {message.text}")

    def _failed(self, request: Request) -> None:
        # Leaving a page, or downloading what an address gives, ends a request early: nothing is wrong then.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"request failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.problems.append(f"{response.status} from {response.request.method} {response.url}")
