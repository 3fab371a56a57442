"""Trials and scenarios on their pages: played as anybody, taken back, written down, refused with reasons."""

from dataclasses import replace

import pytest

from tests.web.procedures import KEY, deploy_permit, permit
from web.studio.trials.steps import step_of

ASKED = {"purpose": "Rapat", "people": "4"}


@pytest.fixture(scope="module")
def theatres():
    """Stages are made once: a trial plays on a copy of its own."""
    return []


@pytest.fixture
def app(app, theatres):
    parts = app.extensions["alur"]
    theatres.append(parts.theatre)
    app.extensions["alur"] = replace(parts, theatre=theatres[0])
    return app


@pytest.fixture
def draft(app, clock, indah):
    permits = deploy_permit(app, clock.now())
    return indah.post(f"/studio/proses/{KEY}/draf", {"judul": "Lebih cepat", "versi": permits}).location


@pytest.fixture
def trial(indah, draft):
    """A trial that began on Monday 1 June 2026, in Central Indonesian time."""
    made = indah.post(f"{draft}/uji-coba", {"judul": "Coba", "pada": "2026-06-01T09:00"})
    assert made.status == 303
    return made.location


class Player:
    """Plays a trial by its page's forms, always from the page as it is now."""

    def __init__(self, client, trial):
        self.client, self.trial = client, trial
        self.page = client.get(trial)

    def revision(self):
        return self.page.all("input", name="revisi")[0].get("value")

    def act(self, where="langkah", **fields):
        answer = self.client.post(f"{self.trial}/{where}", {"revisi": self.revision(), **fields})
        self.page = self.client.follow(answer) if answer.status == 303 else answer
        return self.page

    def fill(self, who, element, **fields):
        answer = self.client.post(f"{self.trial}/tugas/{element}?siapa={who}&kasus=Pemohon", fields)
        self.page = self.client.follow(answer) if answer.status == 303 else answer
        return self.page


@pytest.fixture
def player(indah, trial):
    return Player(indah, trial)


def test_a_trial_has_one_person_for_every_role_and_begins_when_it_was_asked_to(player):
    assert "Senin, 1 Juni 2026 pukul 09.00 WITA" in player.page.text
    assert "Orang dalam cerita (2)" in player.page.text
    assert "Petugas izin" in player.page.text
    assert "Belum ada yang terjadi." in player.page.text


def test_a_case_is_played_to_its_end_and_every_step_is_told(player):
    assert "Kerjakan sebagai Pemohon" in player.act(do="start", siapa="Pemohon").text
    form = player.client.get(f"{player.trial}/tugas/apply?siapa=Pemohon&kasus=Pemohon")
    assert form.all("input", id="f-purpose")
    assert "Kerjakan sebagai Petugas izin" in player.fill("Pemohon", "apply", **ASKED).text
    assert "Baru saja:" in player.page.text
    player.fill("Petugas izin", "decide", decision="no", reason="Terlalu ramai")
    assert "Petugas izin menyelesaikan" in player.page.text
    assert "Keputusan: Tolak" in player.page.text
    assert "Tidak ada tugas yang terbuka." in player.page.text


def test_a_faulty_answer_is_told_as_to_an_officer_and_may_be_kept_as_expected(player):
    player.act(do="start", siapa="Pemohon")
    refused = player.fill("Pemohon", "apply", purpose="", people="0")
    assert refused.status == 422
    assert "2 isian perlu diperbaiki" in refused.text
    kept = player.fill("Pemohon", "apply", purpose="", people="0", ditolak="1")
    assert "Diharapkan: penolakan" in kept.text
    assert "sesuai" in kept.text
    assert "Kerjakan sebagai Pemohon" in kept.text


def test_examples_fill_what_is_empty_and_leave_what_was_typed(player):
    player.act(do="start", siapa="Pemohon")
    shown = player.fill("Pemohon", "apply", purpose="Rapat", people="", contoh="1")
    assert shown.status == 200
    assert shown.one("input", id="f-purpose").get("value") == "Rapat"
    assert shown.one("input", id="f-people").get("value") == "1"


def test_a_question_asked_anew_is_the_officers_question(player):
    player.act(do="start", siapa="Pemohon")
    player.fill("Pemohon", "apply", **ASKED)
    address = f"{player.trial}/tugas/decide/formulir?siapa=Petugas izin&kasus=Pemohon"
    sent = {"decision": "no", "csrf_token": player.client.token()}
    answer = player.client.client.post(address, data=sent, headers={"Origin": "http://localhost"})
    assert 'id="f-reason"' in answer.get_data(as_text=True)


def test_time_goes_to_the_next_deadline_for_a_span_or_to_an_instant_and_never_back(player):
    player.act(do="start", siapa="Pemohon")
    player.fill("Pemohon", "apply", **ASKED)
    instant = player.page.all("input", name="instant")[0].get("value")
    assert "Kamis, 4 Juni 2026" in player.act(do="next", instant=instant).text
    assert "Jumat, 5 Juni 2026" in player.act(do="after", lama="1 hari").text
    assert "Senin, 8 Juni 2026 pukul 10.00 WITA" in player.act(do="at", waktu="2026-06-08T10:00").text
    for wrong, why in (
        ({"do": "at", "waktu": "2026-06-01T10:00"}, "waktu tidak dapat mundur"),
        ({"do": "at", "waktu": "besok"}, "tidak terbaca"),
        ({"do": "after", "lama": "sebentar"}, "3 hari"),
        ({"do": "after", "lama": "200 minggu"}, "tiga tahun"),
        ({"do": "next", "instant": "x"}, "tidak ada tenggat"),
        ({"do": "terbang"}, "tidak jelas"),
        ({"do": "start", "siapa": "Siapa"}, "pilih siapa"),
    ):
        refused = player.act(**wrong)
        assert refused.status == 422
        assert why in refused.text


def test_the_last_step_is_undone_as_if_it_had_not_been(player):
    player.act(do="start", siapa="Pemohon")
    player.fill("Pemohon", "apply", **ASKED)
    assert "Langkah terakhir dibatalkan." in player.act("batalkan").text
    assert "Kerjakan sebagai Pemohon" in player.page.text
    assert "Belum ada yang terjadi." in player.act("batalkan").text


def test_a_trial_goes_on_where_it_stood_after_a_restart(app, player):
    player.act(do="start", siapa="Pemohon")
    player.fill("Pemohon", "apply", **ASKED)
    app.extensions["alur"].theatre._worlds.clear()
    assert "Kerjakan sebagai Petugas izin" in player.client.get(player.trial).text


def test_of_two_owners_in_one_trial_the_second_is_told_and_sees_how_it_stands(browser, person, player):
    other = Player(browser(person("Bayu Pratama", roles=["owner"])), player.trial)
    player.act(do="start", siapa="Pemohon")
    late = other.act(do="start", siapa="Pemohon")
    assert late.status == 409
    assert "Orang lain melangkah dalam uji coba ini lebih dulu." in late.text
    assert "Kerjakan sebagai Pemohon" in late.text


def test_messages_people_and_withdrawals_are_steps_like_others(player):
    player.act(do="start", siapa="Pemohon")
    assert "Tidak ada kasus yang menunggu" in player.act(do="message", pesan="kabar", kasus="Pemohon").text
    assert "Orang dalam cerita (3)" in player.act("orang", nama="Dewi", peran="Petugas izin").text
    assert "beri nama" in player.act("orang", nama="Dewi").text
    player.page = player.client.get(player.trial)
    assert "tulis alasannya" in player.act(do="cancel", siapa="Pemohon", kasus="Pemohon", alasan="").text
    done = player.act(do="cancel", siapa="Pemohon", kasus="Pemohon", alasan="Batal")
    assert "Pemohon menarik permohonan: Batal" in done.text
    assert "Dibatalkan" in done.text


def test_a_recorded_trial_is_a_scenario_of_the_draft_that_passes(indah, draft, player):
    player.act(do="start", siapa="Pemohon")
    player.fill("Pemohon", "apply", **ASKED)
    player.fill("Petugas izin", "decide", decision="yes")
    for wrong, why in (("ke/mana", "nama berkas"), ("", "nama berkas")):
        assert why in player.act("rekam", berkas=wrong, judul="X", harapan="tasks").text
        player.page = indah.get(player.trial)
    shown = player.act("rekam", berkas="01_diterima", judul="Diterima", harapan="tasks")
    text = shown.one("textarea", id="teks").text
    assert "- judul: Diterima" in text
    assert "then: {tugas: {Putuskan permohonan: Petugas izin}}" in text
    ran = indah.follow(indah.post(f"{draft}/skenario/jalan"))
    assert "1 dari 1 skenario berhasil" in ran.text
    assert "Belum dilewati satu skenario pun" in ran.text
    again = Player(indah, player.trial)
    assert "sudah ada" in again.act("rekam", berkas="01_diterima").text


def test_a_trial_may_begin_as_a_scenario_does_with_its_steps(indah, draft):
    text = (
        "given:\n  pada: 2026-06-01 09:00 WIB\n  orang: {Sari: }\n"
        "skenario:\n  - judul: Mulai\n    langkah:\n      - when: {siapa: Sari, mulai: ya}\n"
        "      - then: {selesai: ya}\n"
    )
    indah.post(f"{draft}/skenario/berkas", {"nama": "satu", "teks": text})
    page = indah.get(f"{draft}/uji-coba")
    value = page.all("option")[-1].get("value")
    made = indah.follow(indah.post(f"{draft}/uji-coba", {"judul": "Lagi", "skenario": value, "langkah": "ya"}))
    assert "Sari memulai kasus baru" in made.text
    assert "lain dari harapan" in made.text
    gone = indah.follow(indah.post(f"{draft}/uji-coba", {"judul": "Lagi", "skenario": "scenarios/tiada.yaml#0"}))
    assert "skenario itu tidak ada lagi" in gone.text
    alone = indah.follow(indah.post(f"{draft}/uji-coba", {"pada": "2026-06-01T09:00", "bersama": "tiada"}))
    assert "Proses “tiada” tidak berlaku di sini" in alone.text


def test_a_failing_scenario_is_told_with_its_line_and_what_came_instead(indah, draft):
    text = (
        "given: {pada: 2026-06-01 09:00 WIB, orang: {Sari: }}\nskenario:\n- judul: Salah\n  langkah:\n"
        "  - when: {siapa: Sari, mulai: ya}\n  - then: {tugas: Periksa}\n"
    )
    indah.post(f"{draft}/skenario/berkas", {"nama": "satu", "teks": text})
    page = indah.follow(indah.post(f"{draft}/skenario/jalan"))
    assert "1 gagal" in page.text
    assert "baris 6 - then: {tugas: Periksa}" in page.text
    assert "Seharusnya Periksa Ternyata Isi permohonan" in page.text
    assert "→" in page.text  # a flow that nothing takes, in words


def test_faults_of_a_scenario_file_are_told_by_line_and_nothing_typed_is_lost(indah, draft):
    new = indah.get(f"{draft}/skenario/baru")
    assert "given:" in new.one("textarea", id="teks").text
    wrong = {"nama": "dua", "teks": "given:\n  pada: besok\nskenario: []\n"}
    checked = indah.post(f"{draft}/skenario/berkas", {**wrong, "periksa": "1"})
    assert "baris 2: “besok” bukan waktu." in checked.text
    assert checked.one("textarea", id="teks").text.strip() == wrong["teks"].strip()
    saved = indah.follow(indah.post(f"{draft}/skenario/berkas", wrong))
    assert "baris 2" in saved.text
    assert "baris 2" in indah.get(f"{draft}/skenario").text
    assert indah.post(f"{draft}/skenario/berkas", {**wrong, "nama": "../x"}).status == 422
    late = indah.post(f"{draft}/skenario/berkas", {**wrong, "revisi": "1", "teks": "skenario: []"})
    assert late.status == 409
    assert "skenario: []" in late.one("textarea", id="teks").text
    gone = indah.follow(indah.post(f"{draft}/skenario/berkas/dua/hapus"))
    assert "Belum ada skenario." in gone.text
    assert indah.get(f"{draft}/skenario/berkas/dua").status == 404


def test_a_draft_that_the_gate_refuses_is_not_played_and_says_why(indah, draft, player):
    player.act(do="start", siapa="Pemohon")
    body = permit()["process.bpmn"].replace(b'sourceRef="start"', b'sourceRef="nowhere"')
    sent = indah.client.put(
        f"{draft}/berkas/process.bpmn", data=body,
        headers={"Origin": "http://localhost", "X-CSRF-Token": indah.token(), "If-Match": '"1"'},
    )  # fmt: skip
    assert sent.status_code == 200
    blocked = indah.get(player.trial)
    assert "Draf ini belum dapat dimainkan." in blocked.text
    assert "process.bpmn" in blocked.text
    assert indah.get(f"{draft}/skenario").status == 200
    assert indah.follow(indah.post(f"{player.trial}/hapus")).status == 200
    assert indah.get(player.trial).status == 404


def test_whoever_oversees_may_look_but_not_play(browser, person, draft, player):
    player.act(do="start", siapa="Pemohon")
    auditor = browser(person("Agus", roles=["auditor"]))
    page = auditor.get(player.trial)
    assert page.status == 200
    buttons = [b for b in page.all("button", type="submit") if "Maju" in "".join(b.itertext())]
    assert all(button.get("disabled") is not None for button in buttons)
    assert "Kerjakan sebagai" not in page.text
    assert auditor.post(f"{player.trial}/langkah", {"do": "start"}).status == 403
    assert "Uji coba baru" not in auditor.get(f"{draft}/uji-coba").text
    assert auditor.get(f"{draft}/skenario").status == 200
    assert browser(person("Budi", roles=["vai"])).get(player.trial).status == 403


def test_what_a_handler_is_to_answer_is_written_as_a_scenario_says_it():
    said = {"do": "handler", "penangan": "cek", "hasil.dikenal": "ya", "hasil.jumlah": "", "hasil.daftar": "[a, b]"}
    assert step_of({**said, "cara": "menjawab"}, None) == {
        "when": {"penangan": "cek", "menjawab": {"dikenal": "ya", "daftar": ["a", "b"]}}
    }
    assert step_of({**said, "cara": "gagal", "kode": "TIADA"}, None)["when"]["gagal"] == "TIADA"
    assert step_of({**said, "cara": "sungguhan"}, None)["when"]["sungguhan"] == "ya"
