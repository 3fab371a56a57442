"""The page of a comparison: the list in words, the drawings with their marks, versions and drafts, for who may read."""

import pytest
from lxml import etree

from tests.web.procedures import KEY


@pytest.fixture
def changed(app, clock, indah, permits):
    """A draft with five days to decide, and without the refusal."""
    draft = indah.post(f"/studio/proses/{KEY}/draf", {"judul": "Lima hari kerja", "versi": permits}).location
    body = indah.client.get(f"{draft}/berkas/process.bpmn")
    xml = body.data.replace(b'name="Putuskan permohonan"', b'name="Putuskan"')
    xml = xml.replace(b'at="16:00"', b'at="15:00"').replace(b"at=&quot;16:00&quot;", b"at=&quot;15:00&quot;")
    sent = indah.client.put(
        f"{draft}/berkas/process.bpmn", data=xml,
        headers={"Origin": "http://localhost", "X-CSRF-Token": indah.token(), "If-Match": body.headers["ETag"]},
    )  # fmt: skip
    assert sent.status_code == 200
    return draft.rpartition("/")[2]


def test_a_draft_is_compared_with_the_version_it_began_as(indah, permits, changed):
    page = indah.get(f"/studio/bandingkan?dari={permits}&ke={changed}")

    assert page.heading == "Bandingkan"
    assert "Langkah “Putuskan permohonan” kini bernama “Putuskan”" in page.text
    assert "2 perbedaan" in page.text
    assert (
        page.one("a", **{"aria-current": "page", "href": f"/studio/bandingkan?dari={permits}&ke={changed}"}) is not None
    )
    mark = page.one("li", **{"data-element": "decide"})
    assert mark.get("data-state") == "renamed"
    xml = indah.client.get(page.one("figure", **{"data-diagram": ""}).get("data-xml"))
    assert etree.fromstring(xml.data).tag.endswith("definitions")


def test_beside_each_other_each_side_is_drawn_as_it_is(indah, permits, changed):
    page = indah.get(f"/studio/bandingkan?dari={permits}&ke={changed}&tampilan=berdampingan")

    old, new = [figure.get("data-xml") for figure in page.all("figure", **{"data-diagram": ""})]
    assert b"Putuskan permohonan" in indah.client.get(old).data
    assert b"Putuskan permohonan" not in indah.client.get(new).data


def test_versions_are_compared_on_a_page_of_their_own(indah, permits):
    page = indah.get(f"/studio/bandingkan?dari={permits}&ke={permits}")

    assert "Tidak ada perbedaan." in page.text
    assert page.one("h1").text == "Bandingkan"


def test_it_is_read_in_english(browser, person, permits, changed):
    owner = browser(person("Jane", roles=["owner"], locale="en"))

    page = owner.get(f"/studio/bandingkan?dari={permits}&ke={changed}")

    assert "Step “Putuskan permohonan” is now called “Putuskan”" in page.text
    assert "2 differences" in page.text


def test_who_may_look(browser, person, permits, changed):
    address = f"/studio/bandingkan?dari={permits}&ke={changed}"
    assert browser(person("Hendra", roles=["auditor"])).get(address).status == 200
    assert browser(person("Sari")).get(address).status == 403
    owner = browser(person("Owner", roles=["owner"]))
    assert owner.get(f"/studio/bandingkan?dari={permits}&ke={'0' * 32}").status == 404
    assert owner.get("/studio/bandingkan").location == "/studio"
    assert owner.client.get(f"/studio/bandingkan/diagram/nothing.bpmn?dari={permits}&ke={changed}").status_code == 404
