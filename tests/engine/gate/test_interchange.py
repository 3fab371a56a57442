"""Diagrams of other tools at the gate: what does not run is refused with every reason at once, and nothing breaks."""

import time

import pytest

from engine.definitions import check_package, package_of
from engine.registry import Registry
from engine.studio.beginning import from_upload
from engine.studio.drawing import draw
from tests.support.interchange import contents, interchange_files, read

FILES = interchange_files()


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_an_upload_is_taken_and_told_every_reason_at_once(file):
    begun = from_upload(file.name, file.read_bytes(), "asing", "Asing", "")
    started = time.perf_counter()

    found = check_package(package_of("asing", begun.files), Registry())

    assert time.perf_counter() - started < 5
    errors = [f for f in found if f.is_error]
    assert len({f.code for f in errors}) > 2
    assert "engine_refused" not in {f.code for f in found}
    for finding in found:
        for locale in ("id", "en"):
            assert finding.reason.in_locale(locale)
            assert finding.cure.in_locale(locale)
        assert finding.element or finding.file


def test_everything_that_the_engine_does_not_run_is_named_where_it_stands():
    (file,) = [f for f in FILES if f.stem == "B.2.0-adapted"]

    found = check_package(package_of("asing", from_upload(file.name, file.read_bytes(), "asing", "", "").files), None)

    about = {}
    for finding in found:
        if finding.is_error:
            about.setdefault(finding.element, set()).add(finding.code)
    # a task without a kind, link events, a data store, the signal at an end, and what starts by itself
    for element in ("n_d84e5", "n_f2704", "n_4f5e6", "dsr1", "n_5cc02", "n_4e71b"):
        assert element in about, element


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_it_can_be_drawn_anew_without_losing_anything(file):
    body = read(file)

    drawn = draw(body)

    lost = contents(body) - contents(drawn)
    assert [what for what in lost if "/DI}" not in str(what[1]) and "/DD/" not in str(what)] == []
