"""Administration: accounts, accesses and incidents, each change with its reason and its record."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.clock import VirtualClock
from engine.errors import AlurError
from engine.incidents import open_incident
from engine.jobs.queue import JobOrder, enqueue
from engine.people import create_user, memberships_of
from models import AccountEvent, Incident, Job, OutgoingMail
from tests.web.procedures import OFFICER, deploy_permit


class ServerAwayError(AlurError):
    """The mail server does not answer."""

    indonesian = "Server surel tidak menjawab."
    code = "server_away"


@pytest.fixture
def admin(browser, person):
    return browser(person("Dewi Anggraini", roles=["admin"]))


def rows(page):
    return ["".join(a.itertext()) for th in page.all("th", scope="row") for a in th]


def reread(database, table, key):
    with database.read() as unit:
        return unit.session.get(table, key)


# --- people ----------------------------------------------------------------------------------------------------------


def test_people_are_found_by_any_part_of_name_or_mail(admin, person):
    person("Siti Rahmawati")
    person("Budi Santoso")
    assert rows(admin.get("/pengelolaan/orang?cari=rahma")) == ["Siti Rahmawati"]
    assert rows(admin.get("/pengelolaan/orang?cari=SANTOSO+budi")) == ["Budi Santoso"]
    assert rows(admin.get("/pengelolaan/orang?cari=%25")) == [], "a percent sign is a sign, not a wildcard"
    assert "Tidak ada yang cocok" in admin.get("/pengelolaan/orang?cari=tidakada").text


def test_the_list_is_read_page_by_page_without_a_gap(admin, database, clock):
    with database.write() as unit:
        for number in range(55):
            create_user(unit, email=f"o{number}@contoh.go.id", name=f"Orang {number % 7}", now=clock.now())
    seen, page = [], admin.get("/pengelolaan/orang?cari=orang")
    while True:
        seen += [a.get("href") for th in page.all("th", scope="row") for a in th]
        following = page.all("a", rel="next")
        if not following:
            break
        page = admin.get(following[0].get("href"))
    assert len(seen) == len(set(seen)) == 55


def test_an_administrator_makes_an_account_and_its_owner_chooses_the_password(admin, browser, database):
    made = admin.post(
        "/pengelolaan/orang/baru",
        {"name": "Rina Wulandari", "email": "Rina@Contoh.go.id", "phone": "0812 3456 7890", "zone": "Asia/Makassar"},
    )
    page = admin.follow(made)
    assert page.heading == "Rina Wulandari"
    assert "Menunggu aktivasi" in page.text
    assert "Akun dibuat" in page.text
    with database.read() as unit:
        (mail,) = unit.session.execute(select(OutgoingMail)).scalars()
    link = next(word for word in mail.text.split() if "/aktivasi/" in word).removeprefix("http://localhost")
    new = {"password": "payung merah di hujan", "password_again": "payung merah di hujan"}
    assert browser().post(link, new).status == 303


def test_an_address_in_use_is_refused_at_its_field(admin, person):
    known = person("Siti")
    page = admin.post("/pengelolaan/orang/baru", {"name": "Siti Dua", "email": known.email, "zone": "Asia/Jakarta"})
    assert page.status == 422
    assert page.one("input", id="email").get("aria-invalid") == "true"
    assert "sudah ada" in page.text


def test_a_link_sent_again_is_recorded(admin, person, database):
    siti = person("Siti")
    page = admin.follow(admin.post(f"/pengelolaan/orang/{siti.id}/tautan"))
    assert "Tautan lama tidak berlaku lagi" in page.text
    assert "Tautan dikirim ulang" in page.text
    assert "Dewi Anggraini" in page.one("ol", class_="history").xpath("string()")


def test_an_account_is_disabled_with_a_reason_and_enabled_again(admin, browser, person):
    siti = person("Siti")
    theirs = browser(siti)
    assert theirs.get("/akun").status == 200
    url = f"/pengelolaan/orang/{siti.id}/keadaan"
    assert "keluar dari semua perangkat" in admin.get(url).text
    assert admin.post(url, {"reason": ""}).status == 422
    page = admin.follow(admin.post(url, {"reason": "Mutasi ke instansi lain"}))
    assert "Dinonaktifkan" in page.text
    assert "Mutasi ke instansi lain" in page.text
    assert theirs.get("/akun").status == 303
    admin.post(url, {"reason": "Kembali bertugas", "from": "disabled"})
    assert browser(siti).get("/akun").status == 200


def test_a_second_click_does_not_open_a_closed_account_again(admin, browser, person):
    siti = person("Siti")
    url = f"/pengelolaan/orang/{siti.id}/keadaan"
    sent = {"reason": "Mutasi ke instansi lain", "from": admin.get(url).one("input", name="from").get("value")}
    admin.post(url, sent)
    admin.post(url, sent)
    assert browser(siti).get("/akun").status == 303


def test_nobody_closes_the_own_account(browser, person):
    dewi = person("Dewi", roles=["admin"])
    assert browser(dewi).get(f"/pengelolaan/orang/{dewi.id}/keadaan").status == 403
    assert browser(dewi).post(f"/pengelolaan/orang/{dewi.id}/keadaan", {"reason": "coba saja"}).status == 403


# --- accesses --------------------------------------------------------------------------------------------------------


@pytest.fixture
def permit(app, database, clock):
    """A published process, whose officer works for all instansi."""
    deploy_permit(app, clock.now())


def grant(admin, user, **fields):
    today = "2026-06-01"
    given = {
        "role": OFFICER,
        "instansi": "",
        "valid_from": today,
        "valid_until": "",
        "reason": "SK 800/12/2026",
    } | fields
    return admin.post(f"/pengelolaan/orang/{user.id}/akses/baru", given)


def test_a_granted_access_opens_the_pages_of_its_role_from_its_first_day(admin, browser, person, database, clock):
    siti = person("Siti")
    answer = grant(admin, siti, role="admin", valid_from="2026-06-02", valid_until="2026-06-03")
    page = admin.follow(answer)
    assert "Belum berlaku" in page.text
    assert "SK 800/12/2026" in page.text
    assert browser(siti).get("/pengelolaan/orang").status == 403
    clock.move_to(clock.now() + timedelta(days=1))
    assert browser(siti).get("/pengelolaan/orang").status == 200
    clock.move_to(clock.now() + timedelta(days=2))
    assert browser(siti).get("/pengelolaan/orang").status == 403


def test_the_roles_of_published_processes_can_be_granted(admin, person, permit):
    siti = person("Siti")
    assert "Petugas izin" in admin.get(f"/pengelolaan/orang/{siti.id}/akses/baru").text
    assert "Petugas izin" in admin.follow(grant(admin, siti)).text


def test_all_faults_of_a_grant_at_once(admin, person, database, clock):
    siti = person("Siti")
    page = grant(admin, siti, role="", valid_until="2026-05-01", reason="")
    assert page.status == 422
    targets = [a.get("href") for a in page.all("div", role="alert")[0].iter("{http://www.w3.org/1999/xhtml}a")]
    assert targets == ["#role", "#valid_until", "#reason"]
    with database.read() as unit:
        assert memberships_of(unit, siti.id, clock.now()) == []


def test_a_made_up_role_or_place_is_refused(admin, person):
    siti = person("Siti")
    assert grant(admin, siti, role="raja").status == 422
    assert grant(admin, siti, role="admin", instansi="tidak-ada").status == 422


def test_an_access_is_ended_at_once_with_its_reason(admin, browser, person, database, clock):
    siti = person("Siti", roles=["auditor"])
    with database.read() as unit:
        (held,) = memberships_of(unit, siti.id, clock.now())
    url = f"/pengelolaan/orang/{siti.id}/akses/{held.id}/akhiri"
    assert admin.post(url, {"reason": " "}).status == 422
    page = admin.follow(admin.post(url, {"reason": "Mutasi ke dinas lain"}))
    assert "Nonaktif" in page.text
    assert "Mutasi ke dinas lain" in page.text
    assert admin.get(url).status == 404, "what is over cannot be ended"
    with database.read() as unit:
        kinds = unit.session.execute(select(AccountEvent.kind).where(AccountEvent.user_id == siti.id)).scalars().all()
    assert kinds == ["membership:ended"]


def test_an_access_of_one_person_is_not_reached_through_another(admin, person, database, clock):
    siti, budi = person("Siti", roles=["auditor"]), person("Budi")
    with database.read() as unit:
        (held,) = memberships_of(unit, siti.id, clock.now())
    assert admin.get(f"/pengelolaan/orang/{budi.id}/akses/{held.id}/akhiri").status == 404


def test_nobody_ends_the_own_administration(browser, person, database, clock):
    dewi = person("Dewi", roles=["admin"])
    with database.read() as unit:
        (held,) = memberships_of(unit, dewi.id, clock.now())
    url = f"/pengelolaan/orang/{dewi.id}/akses/{held.id}/akhiri"
    assert browser(dewi).post(url, {"reason": "coba saja"}).status == 403


# --- incidents -------------------------------------------------------------------------------------------------------


@pytest.fixture
def incident(database, clock: VirtualClock):
    """A mail that could not be sent."""
    with database.write() as unit:
        enqueue(unit, [JobOrder("mail", "mail", "trial", {"mail": "none"})], clock.now())
        job = unit.session.execute(select(Job)).scalar_one()
        job.state, job.attempts = "failed", 10
        return open_incident(unit, ServerAwayError(), now=clock.now(), job_id=job.id)


def test_an_incident_is_shown_with_its_cause(admin, incident):
    page = admin.get("/pengelolaan/insiden")
    assert rows(page) == [incident.reference]
    shown = admin.get(f"/pengelolaan/insiden/{incident.id}")
    assert "server_away" in shown.text
    assert "10 percobaan" in shown.text


def test_an_incident_is_tried_again(admin, incident, database):
    admin.post(f"/pengelolaan/insiden/{incident.id}/ulangi")
    assert reread(database, Incident, incident.id).state == "resolved"
    assert reread(database, Job, incident.job_id).state == "ready"
    assert rows(admin.get("/pengelolaan/insiden")) == []
    assert "Dicoba lagi" in admin.get(f"/pengelolaan/insiden/{incident.id}").text


def test_an_incident_is_skipped_only_with_a_reason_and_says_who(admin, incident, database):
    assert admin.post(f"/pengelolaan/insiden/{incident.id}/lewati", {"reason": ""}).status == 422
    assert reread(database, Incident, incident.id).state == "open"
    admin.post(f"/pengelolaan/insiden/{incident.id}/lewati", {"reason": "Penerima sudah pindah"})
    shown = admin.get(f"/pengelolaan/insiden/{incident.id}")
    assert "Penerima sudah pindah" in shown.text
    assert "Dewi Anggraini" in shown.text
    assert reread(database, Job, incident.job_id).state == "skipped"
    assert admin.post(f"/pengelolaan/insiden/{incident.id}/lewati", {"reason": "sekali lagi"}).status == 409


def test_health_shows_what_needs_care(admin, incident):
    page = admin.get("/pengelolaan/kesehatan")
    assert "1 insiden menunggu petugas" in page.text
    assert "Berlaku: 2026" in page.text
