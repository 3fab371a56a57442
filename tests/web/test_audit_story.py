"""The story of a case for auditors: as data for the player, as a text, and beside another case; always masked."""

import pytest

from tests.web.procedures import OFFICER, acting, apply_for, by_number, deploy_permit, task_of


@pytest.fixture
def database(sqlite_database):
    """What pages say of a story; that it is told the same on both databases is tried with the engine."""
    return sqlite_database


@pytest.fixture
def people(app, person, clock):
    deploy_permit(app, clock.now())
    return {
        "ani": person("Ani Wijaya"),
        "siti": person("Siti Rahma", roles=[OFFICER]),
        "auditor": person("Hendra Gunawan", roles=["auditor"]),
        "external": person("Sri Rahayu", roles=["auditor_luar"]),
    }


@pytest.fixture
def decided(app, people):
    def decide(decision: str) -> str:
        number = apply_for(app, people["ani"])
        task = task_of(app, by_number(app, number).id, "decide")
        runner, siti = app.extensions["alur"].runner, acting(app, people["siti"])
        runner.claim(task.id, siti)
        runner.complete(task.id, siti, {"decision": decision, "reason": "Belum lengkap"})
        return number

    return decide


def story_of(browser, reader, number):
    page = browser(reader)
    return page.client.get(f"/audit/kasus/{number}/cerita.json", buffered=True).json


def data_of(browser, reader, number):
    page, first, acts = browser(reader), 1, {}
    while first is not None:
        found = page.client.get(f"/audit/kasus/{number}/data.json?dari={first}", buffered=True).json
        acts |= found["acts"]
        first = found["next"]
    assert found["complete"]
    return acts


def test_every_event_is_told_with_who_and_where_its_tokens_went(browser, people, decided):
    story = story_of(browser, people["auditor"], decided("no"))

    assert [event["n"] for event in story["events"]] == list(range(1, len(story["events"]) + 1))
    done = next(e for e in story["events"] if e["kind"] == "task:completed" and e["element"] == "decide")
    assert (story["people"][done["who"]], done["group"]) == ("Siti Rahma", "person")
    passed = story["events"][done["n"]]
    assert (passed["off"], passed["on"]) == (["decide"], ["granted"])
    (version,) = story["versions"]
    assert version["elements"]["decide"]["diagram"] == version["diagrams"][0]["path"]
    assert browser(people["auditor"]).get(version["diagrams"][0]["url"]).status == 200


def test_who_looks_from_outside_reads_offices_and_no_reasons(browser, people, decided):
    number = decided("no")

    story, acts = story_of(browser, people["external"], number), data_of(browser, people["external"], number)

    told = str(story) + str(acts)
    assert "Ani Wijaya" not in told
    assert "Siti Rahma" not in told
    assert "Belum lengkap" not in told


def test_data_are_told_act_by_act_in_the_words_of_the_form(browser, people, decided):
    acts = data_of(browser, people["auditor"], decided("no"))

    changes = [change for act in acts.values() for change in act.get("changes", [])]
    assert {"path": "decision", "before": None}.items() <= next(c for c in changes if c["path"] == "decision").items()


def test_the_text_tells_the_same_and_can_be_narrowed(browser, people, decided):
    number, reader = decided("no"), browser(people["auditor"])

    whole = reader.get(f"/audit/kasus/{number}/cerita")
    narrow = reader.get(f"/audit/kasus/{number}/cerita?jenis=person")

    assert "Siti Rahma" in whole.text
    assert "Data yang berubah" in whole.text
    assert len(whole.all("li")) > len(narrow.all("li"))
    assert all("Akibat" not in "".join(p.itertext()) for p in narrow.all("p", class_="story-when"))


def test_two_cases_lie_beside_each_other_on_the_page_and_in_a_file(browser, people, decided):
    left, right, reader = decided("yes"), decided("no"), browser(people["auditor"])

    page = reader.get(f"/audit/banding?kiri={left}&kanan={right}")
    file = reader.client.get(f"/audit/banding.csv?kiri={left}&kanan={right}", buffered=True)

    states = {e.get("data-element"): e.get("data-state") for e in page.all("li") if e.get("data-element")}
    assert (states["decide"], states["issued"], states["refused"]) == ("done", "removed", "added")
    assert left in file.text.splitlines()[0]
    assert reader.get(f"/audit/banding?kiri={left}&kanan=TIDAK-ADA").status == 422
    assert reader.get("/audit/banding").status == 200


@pytest.mark.parametrize("path", ["cerita", "cerita.json", "data.json"])
def test_only_auditors_read_stories(browser, people, decided, path):
    number = decided("yes")

    assert browser(people["siti"]).get(f"/audit/kasus/{number}/{path}").status == 403
    assert browser(people["auditor"]).get(f"/audit/kasus/2606-AAAA-AAAA/{path}").status == 404
