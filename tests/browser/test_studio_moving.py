"""Moving running cases in a real browser, while somebody is in the middle of a task."""

import shutil
from datetime import timedelta

import pytest

from engine.definitions import deploy, package_of
from engine.people import add_membership, create_user
from tests.support.live import Site
from tests.web.procedures import KEY, OFFICER, apply_for, by_number, deploy_permit, permit, task_of
from tests.web.studio.test_moving import renamed

PASSWORD = "kuda-laut-menari-72"


@pytest.fixture
def site(sqlite_database, clock, tmp_path):
    """A procedure with one case at its decision, and a second version that calls the decision otherwise."""
    with Site(tmp_path, sqlite_database, clock) as running:
        yield running
    shutil.rmtree(tmp_path / "data", ignore_errors=True)


def person(site: Site, name: str, *roles: str):
    now = site.clock.now()
    with site.database.write() as unit:
        user = create_user(unit, email=f"{name}@contoh.go.id", name=name.title(), password=PASSWORD, now=now)
        for role in roles:
            add_membership(unit, user_id=user.id, role=role, instansi_id=None, now=now,
                           valid_from=now.date() - timedelta(days=1),
                           valid_until=now.date() + timedelta(days=365))  # fmt: skip
    return user


def test_cases_move_while_somebody_is_in_the_middle_of_a_task(site, open_tab):
    deploy_permit(site.app, site.clock.now())
    number = apply_for(site.app, person(site, "ani"))
    person(site, "budi", OFFICER), person(site, "indah", "owner")
    with site.database.write() as unit:
        deploy(unit, package_of(KEY, renamed(permit())), site.parts.registry, "tests", "baru", site.clock.now())
    task = task_of(site.app, by_number(site.app, number).id, "decide")
    officer, owner = open_tab(site, "budi@contoh.go.id"), open_tab(site, "indah@contoh.go.id")
    officer.go(f"/tugas/{task.id}")
    officer.press("Ambil tugas ini")
    officer.page.get_by_label("Tolak").check()
    officer.page.get_by_label("Alasan").fill("Lokasi penuh")

    owner.go(f"/studio/proses/{KEY}")
    owner.follow("Pindahkan kasus")
    owner.check(name="pindah")
    owner.press("Periksa semua kasus")
    assert "0 dari 1 kasus diperiksa" in owner.text
    site.tick()
    owner.page.get_by_text("1 perlu pilihan Anda").wait_for()  # the page asked by itself
    owner.check(name="pindah-periksa")
    owner.press("Periksa lagi dengan pengganti ini")
    site.tick()
    owner.page.get_by_text("1 kasus pindah sendiri").wait_for()
    owner.page.get_by_label("Mengapa kasus-kasus ini dipindahkan").fill("Permen 4/2026")
    owner.press("Pindahkan 1 kasus")
    site.tick()
    owner.page.get_by_text("1 kasus dipindahkan; tidak ada yang tertinggal").wait_for()
    owner.check(name="pindah-selesai")

    officer.press("Putuskan")
    assert "Putuskan izin: selesai" in officer.text
    assert by_number(site.app, number).outcome == "refused"
