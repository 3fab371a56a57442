"""The settings of a process as a form: without a script, without losing a comment or another person's change."""

import pytest

from engine.studio.settings import read_settings
from tests.web.procedures import KEY, deploy_permit
from tests.web.studio.test_library import draft, put, text_of

__all__ = ["draft"]


def fields_of(page):
    """What a browser would send from the form as it stands."""
    [form] = [f for f in page.all("form") if f.get("action", "").endswith("/pengaturan")]
    html = "{http://www.w3.org/1999/xhtml}"
    found = {}
    for field in form.iter(f"{html}input", f"{html}select", f"{html}textarea"):
        name = field.get("name")
        if not name or (field.get("type") in ("radio", "checkbox") and field.get("checked") is None):
            continue
        if field.tag == f"{html}select":
            options = list(field.iter(f"{html}option"))
            value = next((o for o in options if o.get("selected") is not None), options[0]).get("value")
        elif field.tag == f"{html}textarea":
            value = field.text or ""
        else:
            value = field.get("value", "")
        found.setdefault(name, []).append(value)
    return found


def test_sending_the_form_as_it_stands_changes_nothing(indah, draft):
    before = text_of(indah, draft, "process.toml")
    page = indah.get(f"{draft}/pengaturan")

    indah.follow(indah.post(f"{draft}/pengaturan", fields_of(page)))

    assert text_of(indah, draft, "process.toml") == before


def test_a_changed_number_of_days_is_one_changed_line(indah, draft):
    page = indah.get(f"{draft}/pengaturan")
    before = text_of(indah, draft, "process.toml")
    fields = fields_of(page) | {"param_0_value": ["5"]}

    page = indah.follow(indah.post(f"{draft}/pengaturan", fields))

    assert "Pengaturan tersimpan" in page.text
    assert text_of(indah, draft, "process.toml") == before.replace(b"value = 3", b"value = 5")


def test_lanes_roles_parameters_and_four_eyes(indah, draft):
    fields = fields_of(indah.get(f"{draft}/pengaturan"))
    lane = next(
        n for n, v in fields.items() if n.endswith("_who") and n.startswith("lane") and v[0].startswith("role:")
    )
    fields |= {
        lane: ["role:petugas_baru"],
        lane.replace("_who", "_exclude"): ["starter"],
        "role_new_key": ["petugas_baru"],
        "role_new_id": ["Petugas baru"],
        "param_new_name": ["ambang"],
        "param_new_kind": ["number"],
        "param_new_value": ["2,5"],
        "retention_final": ["permanent"],
        "retention_active_years": ["2"],
        "retention_inactive_years": ["3"],
    }
    indah.follow(indah.post(f"{draft}/pengaturan", fields))

    settings = read_settings(text_of(indah, draft, "process.toml"))
    name = fields[lane.replace("_who", "_name")][0]
    assert settings["lanes"][name]["role"] == "petugas_baru"
    assert settings["lanes"][name]["exclude"] == ["starter"]
    assert settings["roles"]["petugas_baru"] == {"id": "Petugas baru", "en": ""}
    assert settings["parameters"]["ambang"]["value"] == 2.5
    assert settings["retention"] == {"active_years": 2, "inactive_years": 3, "final": "permanent"}


def test_faults_are_shown_and_nothing_is_written(indah, draft):
    before = text_of(indah, draft, "process.toml")
    fields = fields_of(indah.get(f"{draft}/pengaturan")) | {
        "param_0_value": ["lima"],
        "role_new_key": ["Tidak Sah"],
        "retention_final": ["permanent"],
        "retention_active_years": ["-1"],
    }
    page = indah.post(f"{draft}/pengaturan", fields)

    assert page.status == 422
    assert "perlu diperbaiki" in page.text
    assert text_of(indah, draft, "process.toml") == before


def test_two_owners_at_the_settings_lose_nothing(indah, bayu, draft):
    mine, theirs = fields_of(indah.get(f"{draft}/pengaturan")), fields_of(bayu.get(f"{draft}/pengaturan"))
    bayu.follow(bayu.post(f"{draft}/pengaturan", theirs | {"owner": ["Bagian Baru"]}))

    page = indah.post(f"{draft}/pengaturan", mine | {"param_0_value": ["7"]})
    assert page.status == 409
    assert "Bayu Pratama menyimpan pengaturan ini pukul 09.00" in page.text
    assert b"Bagian Baru" in text_of(indah, draft, "process.toml")

    indah.follow(indah.post(f"{draft}/pengaturan", fields_of(page)))
    settings = read_settings(text_of(indah, draft, "process.toml"))
    assert settings["owner"] == "Bagian Baru"
    assert next(iter(settings["parameters"].values()))["value"] == 7


def test_a_file_that_cannot_be_read_is_edited_as_text(indah, draft):
    put(indah, draft, "process.toml", b"key = ", 1)
    page = indah.get(f"{draft}/pengaturan")

    assert "tidak dapat dibaca" in page.text
    assert f"{draft}/teks/process.toml" in page.links()
    assert indah.get(f"{draft}/teks/process.toml").one("textarea").text.strip() == "key ="


@pytest.mark.parametrize("locale", ["id", "en"])
def test_every_page_in_both_languages(browser, person, app, clock, locale):
    deploy_permit(app, clock.now())
    owner = browser(person("Indah Permata", roles=["owner"], locale=locale))
    draft = owner.post(f"/studio/proses/{KEY}/draf", {"judul": "x"}).location
    for url in ("/studio", "/studio/baru", f"/studio/proses/{KEY}", draft, f"{draft}/pengaturan", f"{draft}/riwayat"):
        page = owner.get(url)
        assert (page.status, page.tree.get("lang")) == (200, locale), url
